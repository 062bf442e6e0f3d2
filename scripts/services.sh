#!/usr/bin/env bash
#
# services.sh: PostgreSQL and Redis of one's own, in one folder, on unix
# sockets: the databases primary, backup and dwh, a server each, and redis.
#
#	services.sh start DIR [SERVICE...]	make what is missing, start, wait
#	services.sh stop DIR [SERVICE...]
#	services.sh status DIR [SERVICE...]	status 3 if one is down
#	services.sh env DIR [SERVICE...]	eval "$(...)" to reach them
#
# All of it may be said again at any time.  No server listens on the network,
# and only this user can connect.  Root's servers run as the user postgres,
# which must be able to enter DIR.  SPOT_FSYNC=off trades safety for speed:
# for servers that live as long as a test.
set -euo pipefail

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
declare -A ports=([primary]=5432 [backup]=5433 [dwh]=5434)
declare -A schemas=([primary]=primary.sql [backup]=primary.sql [dwh]=dwh.sql)
patience_seconds=${SPOT_PATIENCE:-60}

usage() {
	sed -n '3,/^set/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
}

die() {
	echo "services.sh: $2" >&2
	exit "$1"
}

# Run a command as the user of the servers, with none of our open files: a
# server that held one would keep the reader of that pipe waiting.
as_server() (
	cd /
	for fd in /proc/self/fd/*; do
		fd=${fd##*/}
		((fd <= 2)) || eval "exec $fd>&-"
	done
	if ((EUID == 0)); then
		exec setpriv --reuid=postgres --regid=postgres --init-groups -- "$@"
	fi
	exec "$@"
)

find_programs() {
	bin=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
	if [[ ! -x $bin/initdb ]]; then
		bin=$(command -v initdb) || die 2 "no initdb: install PostgreSQL"
		bin=${bin%/*}
	fi
	command -v redis-server >/dev/null || die 2 "no redis-server: install Redis"
}

# Root's folder is open for passing; the servers' own folders in it are not.
make_folder() {
	mkdir -p "$dir" && chmod "$1" "$dir" || exit 2
	as_server test -x "$dir" || die 2 "$dir: the user postgres, who runs the \
servers of root, cannot enter it: choose another, such as /var/lib/spot"
}

# A folder that belongs to the servers alone.
make_private() {
	mkdir -p "$1"
	chmod 700 "$1"
	if ((EUID == 0)); then
		chown postgres:postgres "$1"
	fi
}

# The folder of the sockets.  The address of a socket has 107 bytes at most,
# and some characters have a meaning in it: if need be the folder is in /tmp.
make_run() {
	if ((${#dir} > 85)) || [[ ! $dir =~ ^[A-Za-z0-9/._+=-]+$ ]]; then
		if [[ ! -d $dir/run ]]; then
			ln -sfn "$(mktemp -d /tmp/spot-run.XXXXXX)" "$dir/run"
		fi
	fi
	run=$(readlink -m "$dir/run")
	make_private "$run"
}

# How the databases are reached: each alone, and "collect", which is the
# primary or, while that is away, the backup.
write_services() {
	local name
	for name in "${!ports[@]}"; do
		printf '[%s]\nhost=%s\nport=%s\ndbname=spot\nuser=postgres\n\n' \
			"$name" "$run" "${ports[$name]}"
	done >"$dir/pg_service.conf.tmp"
	cat >>"$dir/pg_service.conf.tmp" <<-END
		[collect]
		host=$run,$run
		port=${ports[primary]},${ports[backup]}
		dbname=spot
		user=postgres
		target_session_attrs=read-write
	END
	mv "$dir/pg_service.conf.tmp" "$dir/pg_service.conf"
}

# The process of a service, if it runs.  The number in its file may by now be
# somebody else's: the server is who works in its folder.
process_of() {
	local pid file=$dir/$1/postmaster.pid
	[[ $1 != redis ]] || file=$dir/redis/redis.pid
	pid=$(head -n 1 "$file" 2>/dev/null) || return 1
	[[ $pid =~ ^[0-9]+$ && -e /proc/$pid ]] || return 1
	as_server test "/proc/$pid/cwd" -ef "$dir/$1" || return 1
	echo "$pid"
}

answers() {
	if [[ $1 == redis ]]; then
		[[ $(redis-cli -s "$run/redis.sock" ping 2>&1) == PONG ]]
	else
		"$bin/pg_isready" -q -h "$run" -p "${ports[$1]}" -U postgres -d postgres
	fi
}

# A new cluster; it has another name until it is complete.
make_cluster() {
	local name=$1 new=$dir/$1.new sync=()
	[[ ${SPOT_FSYNC:-on} != off ]] || sync=(--no-sync)
	rm -rf "$new"
	make_private "$new"
	as_server "$bin/initdb" -D "$new" -U postgres -A trust -E UTF8 -k \
		--locale=C.UTF-8 --lc-collate=C --no-instructions "${sync[@]}" >/dev/null
	as_server tee -a "$new/postgresql.conf" >/dev/null <<-END

		# spot
		listen_addresses = ''
		port = ${ports[$name]}
		unix_socket_permissions = 0700
		timezone = 'UTC'
		max_wal_size = '4GB'
		log_checkpoints = off
		logging_collector = on
		log_filename = '$name-%a.log'
		log_rotation_age = '1d'
		log_truncate_on_rotation = on
	END
	mv -T "$new" "$dir/$name"
}

# The files that say which process is the server, left by one that was killed.
# PostgreSQL would believe them if another process had its number by now; that
# processes of the old server are still at work, it sees from their memory.
forget_killed() {
	rm -f "$dir/$1/postmaster.pid" "$run/.s.PGSQL.${ports[$1]}.lock"
}

# Tried again, because the processes of a server that was killed may take a
# moment to go.
start_postgres() {
	local name=$1 deadline=$((SECONDS + patience_seconds))
	local options="-k $run"
	[[ ${SPOT_FSYNC:-on} != off ]] || options+=" -F -c full_page_writes=off"
	if [[ ! -e $dir/$name/PG_VERSION ]]; then
		make_cluster "$name"
	fi
	forget_killed "$name"
	until as_server "$bin/pg_ctl" start -s -w -D "$dir/$name" -o "$options" \
		-l "$dir/$name/start.log" >"$dir/$name.out" 2>&1; do
		if ((SECONDS >= deadline)); then
			cat "$dir/$name.out" "$dir/$name/start.log" >&2
			die 3 "$name: it does not start"
		fi
		sleep 0.1
	done
	rm "$dir/$name.out"
}

start_redis() {
	local durability=(--appendonly yes)
	[[ ${SPOT_FSYNC:-on} != off ]] || durability+=(--appendfsync no)
	make_private "$dir/redis"
	rm -f "$dir/redis/redis.pid" # one of another user's would stay
	as_server redis-server --port 0 --daemonize yes --dir "$dir/redis" \
		--unixsocket "$run/redis.sock" \
		--unixsocketperm 700 --pidfile "$dir/redis/redis.pid" \
		--logfile "$dir/redis/redis.log" "${durability[@]}" >/dev/null
}

wait_for() {
	local name=$1 deadline=$((SECONDS + patience_seconds))
	until answers "$name"; do
		((SECONDS < deadline)) ||
			die 3 "$name: it does not answer; see the log in $dir/$name"
		sleep 0.02
	done
}

# The database of a server and its schema, which may be applied again.
apply_schema() {
	local name=$1 file=$here/../sql/${schemas[$1]}
	export PGSERVICEFILE=$dir/pg_service.conf
	export PGOPTIONS='-c client_min_messages=warning'
	psql -XqAt -v ON_ERROR_STOP=1 -d "service=$name dbname=postgres" <<-'END'
		SELECT 'CREATE DATABASE spot' WHERE NOT EXISTS
			(SELECT FROM pg_database WHERE datname = 'spot') \gexec
	END
	psql -XqAt -v ON_ERROR_STOP=1 -d "service=$name" -f "$file" >/dev/null
}

# A process that was killed may seem to run for a moment more: it is seen to
# answer, or to go.
start_one() {
	local name=$1
	while process_of "$name" >/dev/null && ! answers "$name"; do
		((SECONDS < patience_seconds)) || break
		sleep 0.02
	done
	if ! process_of "$name" >/dev/null; then
		if [[ $name == redis ]]; then
			start_redis
		else
			start_postgres "$name"
		fi
	fi
	wait_for "$name"
	if [[ $name != redis ]]; then
		apply_schema "$name"
	fi
}

# The services side by side.
start() {
	local name pids=() status=0
	if ((EUID == 0)); then
		make_folder 711
	else
		make_folder 700
	fi
	exec 9>"$dir/lock"
	flock 9
	make_run
	write_services
	for name in "$@"; do
		start_one "$name" &
		pids+=($!)
	done
	for name in "${pids[@]}"; do
		wait "$name" || status=$?
	done
	return "$status"
}

# PostgreSQL's SIGINT ends the connections, and then the server.
stop() {
	local name pid deadline=$((SECONDS + patience_seconds))
	for name in "$@"; do
		pid=$(process_of "$name") || continue
		if [[ $name == redis ]]; then
			kill -TERM "$pid"
		else
			kill -INT "$pid"
		fi
	done
	for name in "$@"; do
		while process_of "$name" >/dev/null; do
			((SECONDS < deadline)) || die 3 "$name: it does not stop"
			sleep 0.02
		done
	done
}

status() {
	local name pid status=0
	for name in "$@"; do
		if pid=$(process_of "$name") && answers "$name"; then
			echo "$name: up, process $pid"
		else
			echo "$name: down"
			status=3
		fi
	done
	return "$status"
}

print_env() {
	[[ -e $dir/pg_service.conf ]] || die 2 "$dir: nothing was started here"
	if [[ $* != redis ]]; then
		printf 'export PGSERVICEFILE=%q\n' "$dir/pg_service.conf"
	fi
	if [[ " $* " == *' redis '* ]]; then
		printf 'export REDIS_URL=%q\n' "unix://$run/redis.sock"
	fi
}

main() {
	local command=${1:-} name
	if [[ $command == -h || $command == --help ]]; then
		usage
		return
	fi
	if [[ ! $command =~ ^(start|stop|status|env)$ || -z ${2:-} ]]; then
		usage >&2
		exit 2
	fi
	dir=$(readlink -m "$2")
	run=$(readlink -m "$dir/run")
	shift 2
	for name in "$@"; do
		[[ $name == redis || -n ${ports[$name]:-} ]] || die 2 \
			"$name: no service; there are primary, backup, dwh and redis"
	done
	if (($# == 0)); then
		set -- primary backup dwh redis
	fi
	find_programs
	case $command in
	env) print_env "$@" ;;
	*) "$command" "$@" ;;
	esac
}

main "$@"

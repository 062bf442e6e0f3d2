#!/usr/bin/env bats
#
# services: PostgreSQL and Redis of one's own, see scripts/services.sh.

# Each test has a folder of its own.
# shellcheck disable=SC2030,SC2031

load helper

setup() {
	services=$PWD/scripts/services.sh
	export SPOT_FSYNC=off
	dir=$(mktemp -d /tmp/spot-test.XXXXXX)
}

teardown() {
	"$services" stop "$dir"
	rm -rf "$dir"
}

# The process of a service, as status prints it.
process() {
	"$services" status "$dir" "$1" | sed -n 's/.*process //p'
}

ask() {
	psql -XAt -d "service=$1" -c "$2"
}

wait_until_gone() {
	while kill -0 "$1" 2>/dev/null; do
		sleep 0.05
	done
}

@test "all services: start, env, stop, start again with the data kept" {
	"$services" start "$dir"
	run -0 "$services" status "$dir"
	assert_line --regexp '^primary: up, process [0-9]+$'
	eval "$("$services" env "$dir")"
	for name in primary backup dwh; do
		ask "$name" "CREATE TABLE mine AS SELECT '$name' AS name"
	done
	run -0 redis-cli -s "${REDIS_URL#unix://}" set key value
	run -0 "$services" stop "$dir"
	run -3 "$services" status "$dir"
	assert_line 'redis: down'

	"$services" start "$dir"
	for name in primary backup dwh; do
		run -0 ask "$name" 'SELECT name FROM mine'
		assert_output "$name"
	done
}

@test "one service alone; the others join it; nothing is started twice" {
	"$services" start "$dir" primary
	run -3 "$services" status "$dir"
	assert_line 'backup: down'
	first=$(process primary)
	"$services" start "$dir" primary redis
	assert_equal "$(process primary)" "$first"
	[ "$(process redis)" != "" ]
	"$services" stop "$dir" primary
	run -0 "$services" status "$dir" redis
	run -0 "$services" stop "$dir" primary
}

@test "four starts at once make one server" {
	"$services" start "$dir" primary &
	"$services" start "$dir" primary &
	"$services" start "$dir" primary &
	"$services" start "$dir" primary &
	wait
	eval "$("$services" env "$dir")"
	run -0 ask primary 'SELECT 1'
	run -0 grep -c 'starting PostgreSQL' "$dir"/primary/log/primary-*.log
	assert_output 1
}

@test "servers that were killed start again, and keep what was committed" {
	"$services" start "$dir" primary redis
	eval "$("$services" env "$dir")"
	ask primary 'CREATE TABLE mine AS SELECT generate_series(1, 1000)'
	for name in primary redis; do
		pid=$(process "$name")
		kill -KILL "$pid"
		wait_until_gone "$pid"
	done
	run -3 "$services" status "$dir" primary redis
	"$services" start "$dir" primary redis
	run -0 ask primary 'SELECT count(*) FROM mine'
	assert_output 1000
}

@test "a number in a file is not a server: stop leaves strangers alone" {
	sleep 100 &
	stranger=$!
	"$services" start "$dir" primary redis
	"$services" stop "$dir"
	for file in primary/postmaster.pid redis/redis.pid; do
		echo "$stranger" >"$dir/$file"
		chmod 644 "$dir/$file"
	done
	run -3 "$services" status "$dir" primary redis
	run -0 "$services" stop "$dir"
	kill -0 "$stranger"
	"$services" start "$dir" primary redis
	run -0 "$services" status "$dir" primary redis
	kill -0 "$stranger"
	kill "$stranger"
}

@test "a folder with a long name, spaces and signs" {
	mother=$dir
	dir="$dir/$(printf 'a, b@%.0s' {1..20})"
	mkdir "$dir"
	chmod 755 "$mother"
	"$services" start "$dir"
	eval "$("$services" env "$dir")"
	run -0 ask dwh 'SHOW listen_addresses'
	assert_output ""
	run -0 redis-cli -s "${REDIS_URL#unix://}" ping
	assert_output PONG
	"$services" stop "$dir"
	rm -r "$(readlink "$dir/run")"
	"$services" start "$dir" redis
	"$services" stop "$dir"
	rm -r "$(readlink "$dir/run")"
	dir=$mother
}

@test "collect is the primary, or the backup while that is away" {
	"$services" start "$dir" primary backup
	eval "$("$services" env "$dir")"
	run -0 ask collect 'SHOW port'
	assert_output 5432
	"$services" stop "$dir" primary
	run -0 ask collect 'SHOW port'
	assert_output 5433
}

@test "nobody else can connect, nothing listens on the network" {
	((EUID == 0)) || skip "needs another user: only root can be one"
	"$services" start "$dir" primary redis
	chmod 755 "$dir"
	eval "$("$services" env "$dir")"
	other=(setpriv --reuid=nobody --regid=nogroup --clear-groups)
	run -2 "${other[@]}" psql -X service=primary -c 'SELECT 1'
	run ! "${other[@]}" redis-cli -s "${REDIS_URL#unix://}" ping
	run -0 ask primary 'SHOW listen_addresses'
	assert_output ""
	run -0 redis-cli -s "${REDIS_URL#unix://}" config get port
	assert_line 0
}

@test "a user who is not root has servers too" {
	((EUID == 0)) || skip "the other tests show it"
	chown nobody "$dir"
	other=(setpriv --reuid=nobody --regid=nogroup --clear-groups)
	"${other[@]}" test -x "$services" ||
		skip "the sources are where no other user may go"
	run -0 "${other[@]}" "$services" start "$dir"
	run -0 "${other[@]}" "$services" status "$dir"
	run -0 stat -c '%U %a' "$dir/primary" "$dir/run" "$dir"
	assert_output "$(printf 'nobody 700\nnobody 700\nnobody 700')"
	run -0 "${other[@]}" "$services" stop "$dir"
}

@test "a folder that the servers cannot enter is refused, with advice" {
	((EUID == 0)) || skip "root alone has servers of another user"
	mkdir "$dir/mine"
	run -2 "$services" start "$dir/mine"
	assert_output --partial "choose another, such as /var/lib/spot"
}

@test "a server that cannot start says why: status 3" {
	"$services" start "$dir" backup
	"$services" stop "$dir"
	echo 'no_such_setting = 1' >>"$dir/backup/postgresql.conf"
	SPOT_PATIENCE=1 run -3 "$services" start "$dir" backup
	assert_output --partial 'no_such_setting'
	assert_line 'services.sh: backup: it does not start'
}

@test "wrong command lines are status 2, --help tells" {
	run -0 "$services" --help
	assert_output --partial 'services.sh start DIR'
	run -2 "$services"
	run -2 "$services" begin "$dir"
	run -2 "$services" start
	run -2 "$services" start "$dir" oracle
	assert_output 'services.sh: oracle: no service; there are primary, backup, dwh and redis'
	run -2 "$services" env "$dir"
}

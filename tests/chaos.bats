#!/usr/bin/env bats
#
# chaos: whatever is killed, at whatever moment, a re-run leaves the database
# as if nothing had been.
#
# KILLS says how many processes are killed (20), SEED which and when.

# shellcheck disable=SC2030,SC2031

load helper
load sim
load pipeline

setup_file() {
	make_sample
}

# What goes into the backup while the primary is away, pipeline.bats shows.
setup() {
	start_pipeline primary backup redis
	cat >>home/pipeline.conf <<-'END'
		choose_target() { target=primary; }
		back_up() { :; }
	END
}

teardown() {
	stop_pipeline
}

# Fail if something is marked that is not in the database.
nothing_marked_too_early() {
	ask primary "SELECT id || ' ' || snapshot_id FROM playlist
		WHERE items IS NOT NULL" | sort >committed
	redis hgetall spot:snapshots | paste -d ' ' - - | cut -d ' ' -f 1,3 |
		sort >marked
	run -0 comm -23 marked committed
	assert_output ""
}

# The process that is to be killed, if it runs: of the group of a pipeline, or
# of the services.
victim() {
	local group=$1 name=$2
	case $name in
	postgres | redis)
		"${root:?}/scripts/services.sh" status "${services:?}" \
			"${name/postgres/primary}" | sed -n 's/.*process //p'
		;;
	backend)
		ask primary "SELECT pid FROM pg_stat_activity
			WHERE application_name = 'pg-load'"
		;;
	dedup) pgrep -g "$group" -fx redis-dedup ;;
	mark) pgrep -g "$group" -fx 'redis-dedup --mark' ;;
	*) pgrep -g "$group" -x "$name" ;;
	esac | head -n 1
}

victims=(spot-search dedup spot-tracks spot-features tee pg-load mark
	pipeline.sh backend postgres redis)

# Run a pipeline and kill one process of it after so many milliseconds; false
# if there was none.  Servers are started again, as a supervisor would.
kill_one() {
	local name=$1 delay=$2 group pid killed=1
	setsid "$root/scripts/pipeline.sh" -q covid >>log 2>&1 3>&- &
	group=$!
	sleep "$(printf '0.%03d' "$delay")"
	pid=$(victim "$group" "$name") || true
	if [[ -n $pid ]] && kill -KILL "$pid" 2>/dev/null; then
		killed=0
		case $name in
		postgres | redis) "$root/scripts/services.sh" start "$services" "${name/postgres/primary}" ;;
		esac
	fi
	wait "$group" 2>/dev/null || true
	while pgrep -g "$group" >/dev/null; do
		sleep 0.01
	done
	return "$killed"
}

@test "a process is killed at any moment: a re-run loses nothing, doubles nothing" {
	local kills=${KILLS:-20} seed=${SEED:-$RANDOM} n=0 tries=0 left=0 longest name delay
	echo "# SEED=$seed KILLS=$kills" >&3
	RANDOM=$seed
	pipeline -q covid
	contents primary >expected
	[ "$(wc -l <expected)" -gt 200 ]
	forget
	longest=$EPOCHREALTIME
	pipeline -q covid
	longest=$(((${EPOCHREALTIME/./} - ${longest/./}) / 1500))
	while ((n < kills)); do
		forget
		name=${victims[RANDOM % ${#victims[@]}]}
		delay=$((RANDOM % longest))
		((++tries < 10 * kills))
		if kill_one "$name" "$delay"; then
			n=$((n + 1))
		fi
		echo "$n: $name after $delay ms"
		until ask primary 'SELECT 1' >/dev/null 2>&1; do
			sleep 0.02
		done
		nothing_marked_too_early
		left=$((left + 12 - $(wc -l <committed)))
		pipeline -q covid
		contents primary >found
		diff expected found
		nothing_marked_too_early
		cmp committed marked
	done
	echo "# $n killed in $tries runs; $left lists were left to the re-runs" >&3
}

@test "four pipelines at once into one primary and one Redis" {
	pipeline -q covid
	contents primary >expected
	forget
	for n in 1 2 3 4; do
		mkdir "$n"
		(cd "$n" && pipeline -q covid) &
	done
	wait -n && wait -n && wait -n && wait -n
	contents primary | cmp - expected
	nothing_marked_too_early
}

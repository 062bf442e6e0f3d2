#!/usr/bin/env bats
#
# chaos: whatever is killed, at whatever moment, a re-run leaves the database
# as if nothing had been (DESIGN: guarantees).
#
# KILLS says how many processes are killed (20), SEED which and when.

# shellcheck disable=SC2030,SC2031

load helper
load sim

setup_file() {
	local generate=${root:?}/$BUILD/tests/generate
	[[ -x $generate ]] || generate=$root/build/tests/generate
	cd "$BATS_FILE_TMPDIR" || return
	"$generate" -p 12 -i 20 playlists >playlists.ndjson
	"$generate" -p 12 -i 20 features >features.ndjson
	cat >pipeline.conf <<-'END'
		search() { spot-search -R 0 -q covid; }
		tracks() { spot-tracks -R 0 -J 2; }
		features() { spot-features -R 0 -P reccobeats; }
		choose_target() { target=primary; }
		back_up() { :; }
		analyse() { :; }
		report() { :; }
	END
}

setup() {
	command -v pg-load >/dev/null || skip "there is no pg-load"
	cd "$BATS_TEST_TMPDIR" || return
	export SPOT_HOME=$PWD/home XDG_STATE_HOME=$PWD/xdg
	mkdir home
	cp "$BATS_FILE_TMPDIR/pipeline.conf" home
	start_services primary backup redis
	start_sim -l 3 -P "$BATS_FILE_TMPDIR/playlists.ndjson" \
		-F "$BATS_FILE_TMPDIR/features.ndjson"
	ask primary 'SELECT FROM playlist'
}

teardown() {
	command -v pg-load >/dev/null || return 0
	stop_sim
	stop_services
}

pipeline() {
	if ! "$root/scripts/pipeline.sh" -q covid 3>&- 2>said; then
		cat said
		return 1
	fi
}

ask() {
	psql -XAtq -v ON_ERROR_STOP=1 -d "service=$1" -c "$2"
}

redis() {
	redis-cli -s "${REDIS_URL#unix://}" "$@"
}

# All that a database holds, but for the time of the run.
contents() {
	ask "$1" "SELECT to_jsonb(p) - '{fetched_at,changed}'::text[]
		FROM playlist AS p ORDER BY id"
	ask "$1" "SELECT to_jsonb(t) - '{fetched_at,changed}'::text[]
		FROM track AS t ORDER BY id"
	ask "$1" 'SELECT i FROM item AS i ORDER BY playlist_id, position'
	ask "$1" 'SELECT s FROM skipped AS s ORDER BY playlist_id, position'
}

# Begin again with nothing.
forget() {
	ask primary 'TRUNCATE playlist, track, item, skipped, waiting'
	redis flushall >/dev/null
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
		"$root/scripts/services.sh" status "${services:?}" \
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
	pipeline
	contents primary >expected
	[ "$(wc -l <expected)" -gt 200 ]
	forget
	longest=$EPOCHREALTIME
	pipeline
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
		pipeline
		contents primary >found
		diff expected found
		nothing_marked_too_early
		cmp committed marked
	done
	echo "# $n killed in $tries runs; $left lists were left to the re-runs" >&3
}

@test "four pipelines at once into one primary and one Redis" {
	pipeline
	contents primary >expected
	forget
	for n in 1 2 3 4; do
		mkdir "$n"
		(cd "$n" && pipeline) &
	done
	wait -n && wait -n && wait -n && wait -n
	contents primary | cmp - expected
	nothing_marked_too_early
}

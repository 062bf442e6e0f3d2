#!/usr/bin/env bats
#
# update: the pipeline again and again, on one host at a time.

# shellcheck disable=SC2030,SC2031

load helper

setup_file() {
	start_services redis
	# The databases are not asked here, but they are given.
	cp "${services:?}/pg_service.conf" "$BATS_FILE_TMPDIR"
	export PGSERVICEFILE=$BATS_FILE_TMPDIR/pg_service.conf
}

teardown_file() {
	stop_services
}

# A pipeline of one stage, which the test defines.
setup() {
	update=${root:?}/scripts/update.sh
	key=lock$BATS_TEST_NUMBER
	cd "$BATS_TEST_TMPDIR" || return
	export SPOT_HOME=$PWD/home
	mkdir home
	cat >home/pipeline.conf <<-END
		run_all() { source $PWD/stage; }
	END
}

redis() {
	redis-cli -s "${REDIS_URL#unix://}" "$@"
}

once() {
	"$update" --once --key "$key" -- -q covid 3>&-
}

# Wait until a file is there.
wait_for() {
	local i
	for ((i = 0; i < 200; i++)); do
		[[ ! -e $1 ]] || return 0
		sleep 0.05
	done
	return 1
}

@test "a run: log, health, and the lock is given back" {
	echo 'echo at work >&2; return 0' >stage
	run -0 once
	assert_line 'at work'
	run -0 cat home/log/*.log
	assert_line 'at work'
	run -0 jq -e '.status == 0 and .succeeded >= .started' home/health
	run -0 redis exists "$key"
	assert_output 0
	run -0 "$update" --healthy
}

@test "statuses are passed on and told; what fails is not healthy for long" {
	for how in 1 3 4 2; do
		echo "return $how" >stage
		run "-$how" once
		run -0 jq .status home/health
		assert_output "$how"
	done
	run -0 "$update" --healthy
	echo '{"status":3,"started":9,"finished":9,"succeeded":1600000000}' >home/health
	run -3 "$update" --healthy
	assert_output --partial 'no run has succeeded'
}

@test "another host is at it: nothing is run, and its lock stays" {
	echo 'touch ran' >stage
	redis set "$key" another
	run -0 once
	assert_output --partial 'another host is at it'
	[ ! -e ran ]
	run -0 redis get "$key"
	assert_output another
	run -0 "$update" --healthy
}

@test "of five at once one runs" {
	echo "echo >>$PWD/ran; sleep 1" >stage
	once &
	once &
	once &
	once &
	once &
	wait
	run -0 wc -l <ran
	assert_output 1
}

@test "the lock was taken by another meanwhile: it is not deleted" {
	echo "redis-cli -s ${REDIS_URL#unix://} set $key another" >stage
	run -0 once
	run -0 redis get "$key"
	assert_output another
}

@test "the lock expires, should its host vanish" {
	echo "redis-cli -s ${REDIS_URL#unix://} ttl $key >$PWD/ttl" >stage
	run -0 once
	[ "$(<ttl)" -gt 60 ]
	[ "$(<ttl)" -le 120 ]
}

@test "TERM ends the run and gives the lock back" {
	echo "echo \$BASHPID >$PWD/pid; sleep 100" >stage
	"$update" --key "$key" -- -q covid 3>&- &
	updater=$!
	wait_for pid
	kill -TERM "$updater"
	status=0
	wait "$updater" || status=$?
	[ "$status" -gt 1 ]
	run ! kill -0 "$(<pid)"
	run -0 redis exists "$key"
	assert_output 0
}

@test "the loop: a run in each period, with jitter; it goes on after a failure" {
	echo "echo >>$PWD/ran; [[ \$(wc -l <$PWD/ran) != 3 ]] || touch $PWD/third
		return 3" >stage
	"$update" --key "$key" --period 1 --jitter 0 -- -q covid 3>&- &
	updater=$!
	wait_for third
	kill -TERM "$updater"
	wait "$updater" || true
	grep 'next run at' home/log/*.log || true
}

@test "Redis is away: status 3" {
	echo 'touch ran' >stage
	REDIS_URL=unix://$PWD/none run -3 once
	assert_output --partial 'redis: '
	[ ! -e ran ]
}

@test "wrong command lines are status 2, --help tells" {
	run -0 "$update" --help
	assert_line --index 0 --partial 'usage: update.sh'
	[ "$("$update" --help | wc -L)" -le 80 ]
	run -2 "$update" --no-such-option
	run -2 "$update" --period never
}

#!/usr/bin/env bats
#
# pipeline: the whole run, see scripts/pipeline.sh.

# shellcheck disable=SC2030,SC2031

load helper

setup() {
	pipeline=${root:?}/scripts/pipeline.sh
	cd "$BATS_TEST_TMPDIR" || return
	export SPOT_HOME=$PWD/home
	mkdir home
}

# What the statuses of a pipeline of these stages mean together.
judge() {
	bash -c 'source "$1"; shift; judge "$@"' bash "$pipeline" "$@"
}

@test "help, and command lines that are wrong" {
	run -0 "$pipeline" --help
	assert_line --index 0 --partial 'usage: pipeline.sh -q TERM'
	[ "$("$pipeline" --help | wc -L)" -le 80 ]
	run -2 "$pipeline"
	assert_output --partial '-q TERM'
	run -2 "$pipeline" --no-such-option
	run -2 "$pipeline" -q covid more
	run -2 "$pipeline" --replay missing
	assert_output 'pipeline.sh: missing: there is no such lake'
}

@test "statuses: the last stage that failed is the cause" {
	run -0 judge a b c 0 0 0
	assert_output ""
	run -1 judge a b c 0 1 0
	assert_output --regexp 'pipeline: b: some lines were refused$'
	run -3 judge a b c 3 3 0
	run -4 judge a b c 3 4 0
	run -3 judge a b c 4 1 3
	run -4 judge a b c 4 1 1
	run -2 judge a b c 3 3 2
	run -3 judge a b c 0 137 0
	assert_output --regexp 'b: ended with status 137$'
	run -2 judge a b c 141 127 0
}

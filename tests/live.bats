#!/usr/bin/env bats
#
# live: what comes over HTTP is what a recorded dump gives, byte for byte.
#
# The numbers are those of the behaviours that a client of the Web API needs.

load helper
load sim

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

teardown() {
	stop_sim
}

# The playlists of a dump, without their items.
bare() {
	jq -c 'del(.tracks, .items) | .type = "playlist"' "$@"
}

# Without what a run over HTTP must add.
timeless() {
	sed -E 's/,"fetched_at":"[^"]*"//'
}

# What the offline pipeline makes of a dump and its features.
offline() {
	spot-tracks --offline "$1" | spot-features -P "file:$2" |
		sed 's/"features_source":"file"/"features_source":"spotify"/'
}

# The same, over HTTP, with so many requests in flight.
online() {
	spot-tracks -R 0 -J "$2" "$1" 2>>err |
		spot-features -R 0 -J "$2" -P spotify 2>>err | timeless
}

# The real playlists of a set; a dump that begins late is moved to the front.
take_data() {
	needs_data
	jq -c 'del(.tracks.offset)' "$data/$1.playlists.ndjson" >playlists
	cp "$data/$1.features.ndjson" features
}

is_the_same() {
	local jobs
	take_data "$1"
	start_sim -P playlists -F features
	offline playlists features >expected
	bare playlists >input
	for jobs in 1 8 64; do
		online input "$jobs" >out
		cmp expected out
	done
}

@test "covid_seed is the same over HTTP at 1, 8 and 64 jobs" {
	is_the_same covid_seed
}

@test "wicdiv is the same over HTTP at 1, 8 and 64 jobs" {
	is_the_same wicdiv
}

@test "Italy's charts are the same over HTTP at 1, 8 and 64 jobs" {
	is_the_same charts_it_2020q1q2
}

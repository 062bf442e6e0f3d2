#!/usr/bin/env bats
#
# live: what comes over HTTP is what a recorded dump gives, byte for byte.

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
		sed "s/\"features_source\":\"file\"/\"features_source\":\"$3\"/"
}

# The same, over HTTP, with so many requests in flight.
online() {
	spot-tracks -R 0 -J "$2" "$1" 2>>err |
		spot-features -R 0 -J "$2" -P "$3" 2>>err | timeless
}

# The real playlists of a set; a dump that begins late is moved to the front.
take_data() {
	needs_data
	zcat -f "$data/$1".playlists.ndjson* | jq -c 'del(.tracks.offset)' >playlists
	zcat -f "$data/$1".features.ndjson* >features
	bare playlists >input
}

# The server's answers, at any number of jobs, are what is expected.
is_the_same() {
	local jobs
	for jobs in 1 8 64; do
		online input "$jobs" "$1" >out
		cmp expected out
	done
}

# An app with extended quota: all fields, and the features of Spotify.
is_the_same_extended() {
	take_data "$1"
	start_sim -P playlists -F features "${@:2}"
	offline playlists features spotify >expected
	is_the_same spotify
}

# An app of 2026 gets the playlists of the user who has logged in, without some
# of the fields, and features of ReccoBeats, which knows no time signatures.
is_the_same_2026() {
	take_data "$1"
	start_sim -D dev2026 -P playlists -F features "${@:2}"
	log_in
	jq -c 'del(.tracks.items[].track | objects |
		.available_markets, .popularity)' playlists >withdrawn
	sed -E 's/,"time_signature":[0-9]+//' features >reccobeats
	offline withdrawn reccobeats reccobeats >expected
	is_the_same reccobeats
}

@test "covid_seed is the same over HTTP at 1, 8 and 64 jobs" {
	is_the_same_extended covid_seed
}

@test "covid_seed is the same to an app of 2026" {
	is_the_same_2026 covid_seed
}

@test "wicdiv is the same over HTTP, in chunks" {
	is_the_same_extended wicdiv --chunked
}

@test "wicdiv is the same to an app of 2026, in chunks" {
	is_the_same_2026 wicdiv --chunked
}

@test "the charts of five countries are the same over HTTP" {
	is_the_same_extended charts_eu5_2019-2020
}

@test "the charts of five countries are the same to an app of 2026" {
	is_the_same_2026 charts_eu5_2019-2020
}

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

# A playlist of so many items, by repetition of those of a short one.
long_playlist() {
	"$(tool generate)" -p 1 -i 100 playlists | jq -c --argjson n "$1" '
		.id = ("0000000000000000long\($n)"[-22:]) |
		.tracks.items as $items | .tracks.total = $n |
		.tracks.items = [range($n) | $items[. % ($items | length)]]'
}

# The peak memory of a program, in kB.
peak() {
	/usr/bin/time -f %M -o peak "$@" >out 2>>err
	tail -n 1 peak
}

@test "memory is the same for 10,000 items as for 1,000, and for 1,000 playlists as for 100" {
	needs_plain_build
	for n in 1000 10000; do
		long_playlist "$n" >"long.$n"
		bare "long.$n" >"bare.$n"
	done
	jq -nc 'range(1000) | {id: ("0000000000000000000000\(.)" | .[-22:]),
		name: "Covid \(.)", snapshot_id: "s",
		tracks: {total: 1, items: [{track: null}]}}' >many
	cat long.* many >playlists
	"$(tool generate)" -p 1 -i 100 features >known
	start_sim -P playlists -F known
	for n in 1000 10000; do
		tracks[n]=$(peak spot-tracks -R 0 -J 8 "bare.$n")
		assert_equal "$(grep -c '"item"\|"skip"' out)" "$n"
		mv out items
		features[n]=$(peak spot-features -R 0 -J 8 -P spotify items)
	done
	for n in 100 1000; do
		search[n]=$(peak spot-search -R 0 -J 8 -l "$n" covid)
		assert_equal "$(wc -l <out)" "$n"
		mv out found
		several[n]=$(peak spot-tracks -R 0 -J 8 found)
	done
	echo "tracks ${tracks[*]} features ${features[*]} search ${search[*]} several ${several[*]}"
	assert [ "${tracks[10000]}" -lt $((tracks[1000] + 2000)) ]
	assert [ "${several[1000]}" -lt $((several[100] + 2000)) ]
	assert [ "${search[1000]}" -lt $((search[100] + 2000)) ]
	# It holds lines until a batch of ids is full, but not very many.
	assert [ "${features[10000]}" -lt $((features[1000] + 16000)) ]
}

@test "2,000 connections at once" {
	local -a pids=()
	"$(tool generate)" -p 1024 -i 1 playlists >short
	bare short >input
	start_sim -l 1000 -P short
	for i in 1 2 3 4; do
		spot-tracks -R 0 -J 512 input >"out.$i" 2>"err.$i" &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do wait "$pid"; done
	for i in 1 2 3 4; do
		grep '1024 of 1024 playlists written.* 1024 requests, 0 retries' "err.$i"
		timeless <"out.$i" | cmp - <(spot-tracks --offline short)
	done
}

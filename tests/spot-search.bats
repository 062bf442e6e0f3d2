#!/usr/bin/env bats
#
# spot-search: all pages of a search, once each, and the login of a user.

load helper
load sim

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	# Playlists that a search for covid finds, more than the ceiling.
	jq -nc 'range(1100) | {id: ("0000000000000000000000\(.)" | .[-22:]),
		name: "Covid \(.)", snapshot_id: "s\(.)",
		tracks: {total: ., items: []}}' >many
	jq -nc 'range(3) | {id: ("quarantena000000000000" + "\(.)" | .[-22:]),
		name: "Covid e quarantena \(.)", description: null,
		tracks: {total: 1, items: [{track: null}]}}' >few
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	files=$BATS_FILE_TMPDIR
	many=$files/many few=$files/few
}

teardown() {
	stop_sim
}

requests() {
	grep -c -- "$1" sim.log || true
}

search() {
	spot-search -R 0 "$@" 2>err
}

@test "19: all pages to the ceiling, in order, at any number of jobs" {
	start_sim -P "$many"
	head -n 1000 "$many" | jq -r .id >expected
	for jobs in 1 8 64; do
		: >sim.log
		search -J "$jobs" -q covid | jq -r .id >out
		cmp expected out
		assert_equal "$(requests /v1/search)" 20
		assert_equal "$(requests $'\t40[04]\t')" 0
	done
}

@test "14, 19: the same in the dialect of 2026, by ten" {
	start_sim -D dev2026 -P "$many"
	search -J 8 -q covid | jq -r .id >out
	cmp <(head -n 1000 "$many" | jq -r .id) out
	assert_equal "$(requests /v1/search)" 101
}

@test "19: holes are passed over, totals may move, next may be null" {
	start_sim --holes 7 --unstable -P "$many"
	search -J 8 -q covid | jq -r .id >out
	cmp <(head -n 1000 "$many" | awk 'NR % 7' | jq -r .id) out
}

@test "19: items that are null are an empty page" {
	start_sim -P "$few" --fault null-items
	run -0 search -q covid
	assert_output ""
}

@test "20: a playlist that several terms find is written once" {
	start_sim -P "$few"
	search -q covid -q quarantena >out
	assert_equal "$(wc -l <out)" 3
	assert_equal "$(jq -r .query out | sort -u)" covid
	grep '6 playlists found, 3 of them again' err
}

@test "21: the number of items is tracks.total or items.total" {
	for dialect in extended dev2026; do
		start_sim -D "$dialect" -P "$few"
		assert_equal "$(search -q covid | jq .tracks_total | sort -u)" 1
		stop_sim
	done
}

@test "terms are options, operands or lines; --limit bounds each" {
	start_sim -P "$many"
	search -l 7 -q covid >a
	search -l 7 covid >b
	echo covid | search -l 7 >c
	assert_equal "$(wc -l <a)" 7
	cut -d , -f 1-5 a >a.cut
	cmp a.cut <(cut -d , -f 1-5 b)
	cmp a.cut <(cut -d , -f 1-5 c)
	assert_equal "$(requests 'limit=7&offset=0')" 3
}

@test "a market is asked for, and is the country of the records" {
	start_sim -P "$few"
	assert_equal "$(search -m IT -q quarantena | jq -r .country | sort -u)" IT
	assert_equal "$(requests 'market=IT')" 1
}

@test "--dry-run asks nothing" {
	run -0 spot-search -n -m IT -m FR a b c
	assert_output "6 searches: at most 120 requests (extended quota), 600 (2026 apps)"
}

@test "wrong terms, markets and limits are status 2" {
	run -2 spot-search -q ''
	run -2 spot-search -m it
	run -2 spot-search -l 1001
	SPOTIFY_API_URL=http://example.org run -2 spot-search covid
	assert_output --partial 'neither https:// nor this machine'
	SPOTIFY_CLIENT_ID='' SPOTIFY_CLIENT_SECRET='' XDG_STATE_HOME=$PWD \
		run -2 spot-search covid
	assert_output --partial 'no credentials'
}

@test "32: a signal ends the search in good order, and it says where" {
	start_sim -l 100 -P "$many"
	for signal in INT TERM; do
		: >out
		spot-search -R 0 -q covid >out 2>err &
		pid=$!
		while [[ ! -s out ]]; do sleep 0.02; done
		kill "-$signal" "$pid"
		status=0
		wait "$pid" || status=$?
		assert_equal "$status" 3
		grep 'interrupted: what is in flight is finished' err
		grep "search covid: offset $(wc -l <out): stopped here" err
		diff <(jq -r .id out) <(head -n "$(wc -l <out)" "$many" | jq -r .id)
	done
}

@test "output that cannot be written is status 3" {
	start_sim -P "$few"
	status=0
	spot-search -q covid >/dev/full 2>err || status=$?
	assert_equal "$status" 3
	grep 'No space left' err
}

@test "4: the secret may be in a file" {
	start_sim -P "$few"
	echo "$SPOTIFY_CLIENT_SECRET" >secret
	unset SPOTIFY_CLIENT_SECRET
	SPOTIFY_CLIENT_SECRET_FILE=secret search -q covid >out
	assert_equal "$(wc -l <out)" 3
}

@test "3: login by PKCE; the token is private, and used instead of the app's" {
	start_sim -D dev2026 -P "$few"
	log_in
	grep 'Thank you' page
	assert_equal "$(stat -c %a state/spot/refresh_token)" 600
	# Its owner may now read the items.
	unset SPOTIFY_CLIENT_SECRET
	jq -c 'del(.tracks) | .type = "playlist"' "$few" |
		spot-tracks -R 0 2>err >out
	assert_equal "$(jq -r 'select(.reason).reason' out | sort -u)" null_track
	run grep -rE 'sim-access|sim-code' login.err err page sim.log
	refute_output --partial sim-access
}

@test "3: a refresh token that is replaced is kept, several programs at once" {
	start_sim -r -D dev2026 -P "$few"
	log_in
	for i in 1 2 3 4; do
		spot-search -R 0 -q covid >"out.$i" 2>>err &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do wait "$pid"; done
	assert_equal "$(cat out.* | wc -l)" 12
	assert_equal "$(<state/spot/refresh_token)" sim-refresh-5
}

@test "3: invalid_grant: the login is forgotten, the user told, nothing retried" {
	start_sim -D dev2026 -P "$few"
	mkdir -p state/spot
	echo sim-refresh-99 >state/spot/refresh_token
	run -2 spot-search -q covid
	assert_output --partial 'spot-search --login'
	[ ! -s state/spot/refresh_token ]
	assert_equal "$(requests /api/token)" 1
}

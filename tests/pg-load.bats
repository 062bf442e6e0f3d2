#!/usr/bin/env bats
#
# pg-load: the stream into the collection, see sql/primary.sql.

# shellcheck disable=SC2154 # root, services, and what run gives

load helper

setup_file() {
	export BATS_NO_PARALLELIZE_WITHIN_FILE=true # one stops the server
	start_services primary
}

teardown_file() {
	stop_services
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

ask() {
	psql -XAt -d service=primary -c "$1"
}

# A whole list: playlist ID, snapshot, fetched_at, and the tracks of its items.
list() {
	local id=$1 snapshot=$2 fetched=$3
	shift 3
	jq -nc --arg id "$id" --arg s "$snapshot" --arg f "$fetched" '
		$ARGS.positional as $tracks |
		{type: "playlist", id: $id, snapshot_id: $s, name: "n", fetched_at: $f},
		($tracks | to_entries[] | {type: "item", playlist_id: $id,
		snapshot_id: $s, position: .key, added_at: "2020-03-16T08:30:00Z",
		track_id: .value, fetched_at: $f}),
		{type: "done", playlist_id: $id, snapshot_id: $s,
		items: ($tracks | length), skipped: 0}' --args "$@"
}

tracks_of() {
	ask "SELECT string_agg(track_id, ' ' ORDER BY position) FROM item
		WHERE playlist_id = '$1'"
}

@test "33: done is printed for what is committed; again changes nothing" {
	list again s1 2020-04-01T00:00:00Z a b c >in
	run -0 --separate-stderr pg-load -d service=primary in
	assert_output '{"type":"done","playlist_id":"again","snapshot_id":"s1","items":3,"skipped":0}'
	before=$(ask "SELECT p.xmin, p.changed, i.xmin FROM playlist p JOIN item i
		ON p.id = i.playlist_id WHERE p.id = 'again'")
	run -0 --separate-stderr pg-load -d service=primary in
	assert_equal "$(ask "SELECT p.xmin, p.changed, i.xmin FROM playlist p
		JOIN item i ON p.id = i.playlist_id WHERE p.id = 'again'")" "$before"
}

@test "a new snapshot replaces the items, an older one does not" {
	list new s1 2020-04-01T00:00:00Z a b c | pg-load -d service=primary
	list new s2 2020-04-02T00:00:00Z c d | pg-load -d service=primary
	assert_equal "$(tracks_of new)" "c d"
	run -0 pg-load -d service=primary <<<"$(list new s1 2020-04-01T00:00:00Z a b c)"
	assert_line --partial '"playlist_id":"new","snapshot_id":"s1"'
	assert_equal "$(tracks_of new)" "c d"
}

@test "an interrupted list leaves the one before; what is missing is named" {
	list part s1 2020-04-01T00:00:00Z a b c | pg-load -d service=primary
	list part s2 2020-04-02T00:00:00Z d e f | head -n 3 >in
	run -1 pg-load -d service=primary in
	assert_output 'pg-load: playlist part: not loaded: its done is missing'
	assert_equal "$(tracks_of part)" "a b c"
	list part s2 2020-04-02T00:00:00Z d e f | sed 2d >in
	run -1 pg-load -d service=primary in
	assert_output 'pg-load: playlist part: not loaded: 2 of 3 entries are there'
	assert_equal "$(ask 'SELECT count(*) FROM waiting')" 0
}

@test "27, 35: a track twice in a list, and a list twice in a batch" {
	{
		list twice s1 2020-04-01T00:00:00Z a b a
		list twice s2 2020-04-02T00:00:00Z b a b a
	} | pg-load -d service=primary
	assert_equal "$(tracks_of twice)" "b a b a"
}

@test "records in any order" {
	list any s1 2020-04-01T00:00:00Z a b c | tac >in
	run -0 pg-load -d service=primary in
	assert_equal "$(tracks_of any)" "a b c"
}

@test "records in several batches" {
	{
		list slow s1 2020-04-01T00:00:00Z a b c | while read -r line; do
			echo "$line"
			sleep 0.1
		done
	} | pg-load -d service=primary >out
	run -0 wc -l <out
	assert_output 1
	assert_equal "$(tracks_of slow)" "a b c"
}

@test "a row that the database refuses is named, the rest is loaded" {
	list bad s1 2020-04-01T00:00:00Z a b c >in
	list good s1 2020-04-01T00:00:00Z a b c >>in
	sed -i '3s/"position":1/"position":"x"/' in
	run -1 --separate-stderr pg-load -d service=primary in
	assert_output --partial '"playlist_id":"good"'
	refute_output --partial '"playlist_id":"bad"'
	assert_equal "${stderr_lines[0]}" \
		'pg-load: in: line 3: item: invalid input syntax for type integer: "x"'
	assert_equal "$(tracks_of good)" "a b c"
}

@test "36: injection in every text, U+0000, and what JSON escapes" {
	evil=$(printf "'; DROP TABLE item; -- \" \\\\ \\\\. {} %%s \$1 \t\n\r é😷")
	jq -nc --arg e "$evil" '
		{type: "playlist", id: $e, snapshot_id: $e, name: $e, description: $e,
		owner: $e, query: $e},
		{type: "item", playlist_id: $e, snapshot_id: $e, position: 0,
		track_id: $e, isrc: $e, features_source: $e, features_reason: $e,
		name: ($e + "\u0000"), artists: [$e, "NULL", null], album: $e,
		release_date: $e, available_markets: $e},
		{type: "skip", playlist_id: $e, snapshot_id: $e, position: 1,
		reason: $e},
		{type: "done", playlist_id: $e, snapshot_id: $e, items: 1, skipped: 1}
		' >in
	run -0 pg-load -d service=primary in
	for column in p.id p.snapshot_id p.name p.description p.owner p.query \
		t.id t.isrc t.features_source t.features_reason 't.artists[1]' t.album \
		t.release_date t.available_markets s.reason; do
		[ "$(psql -XAt -v evil="$evil" -d service=primary <<<"
			SELECT $column = :'evil' FROM playlist p
			JOIN item i ON p.id = i.playlist_id
			JOIN track t ON t.id = i.track_id
			JOIN skipped s ON p.id = s.playlist_id WHERE p.id = :'evil'")" = t ]
	done
	run -0 ask "SELECT right(name, 1) = U&'\\FFFD', artists[2:3] = '{\"NULL\",NULL}'
		FROM track WHERE name LIKE '%DROP TABLE%'"
	assert_output 't|t'
}

# A list of one item, with what it tells of the track.
version_of() {
	jq -nc --arg id "$1" --argjson more "$2" '
		{type: "playlist", id: $id},
		{type: "item", playlist_id: $id, position: 0, track_id: "v"} + $more,
		{type: "done", playlist_id: $id, items: 1, skipped: 0}'
}

@test "versions of a track: the same is known of it in any order and any batches" {
	version_of v1 '{"name":"old","fetched_at":"2020-04-01T00:00:00Z","isrc":"I"}' >in1
	version_of v2 '{"name":"new","fetched_at":"2020-04-02T00:00:00Z"}' >in2
	version_of v3 '{"energy":0.5,"features_source":"file","fetched_at":"2020-04-01T00:00:00Z"}' >in3
	version_of v4 '{"name":"newest","features_source":"none","fetched_at":"2020-04-03T00:00:00Z"}' >in4
	for order in 1234 4321 2413 3142; do
		for batches in one four; do
			ask 'TRUNCATE playlist, track, item, skipped' >told
			for ((i = 0; i < 4; i++)); do
				cat "in${order:i:1}"
			done |
				if [[ $batches == one ]]; then
					pg-load -d service=primary
				else
					split -l 3 --filter 'pg-load -d service=primary'
				fi >told
			run -0 ask "SELECT name, isrc, energy, features_source,
				fetched_at AT TIME ZONE 'UTC' FROM track"
			assert_output 'newest|I|0.5|file|2020-04-03 00:00:00'
		done
	done
}

@test "four at once: the same database, no deadlock" {
	for n in 1 2 3 4 5 6 7 8; do
		list "many$n" s1 2020-04-01T00:00:00Z $(seq -f "t%g" $((n % 3)) 300)
	done >in
	pids=()
	for n in 1 2 3 4; do
		pg-load -d service=primary in >"out$n" &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do wait "$pid"; done
	for n in 1 2 3 4; do cmp out1 "out$n"; done
	run -0 ask "SELECT count(*) FROM item WHERE playlist_id LIKE 'many%'"
	assert_output "$(grep -c '"item"' in)"
}

@test "the server restarts in the middle: the run goes on" {
	mkfifo fifo
	pg-load -d service=primary fifo >out 2>err &
	pid=$!
	exec 8>fifo
	list restart1 s1 2020-04-01T00:00:00Z a b >&8
	until [ -s out ]; do sleep 0.05; done
	list restart2 s1 2020-04-01T00:00:00Z a b | head -n 2 >&8
	until [ "$(ask 'SELECT count(*) FROM waiting')" = 2 ]; do sleep 0.05; done
	"$root/scripts/services.sh" stop "$services" primary
	list restart2 s1 2020-04-01T00:00:00Z a b | tail -n 2 >&8
	"$root/scripts/services.sh" start "$services" primary
	exec 8>&-
	wait "$pid"
	run -0 cat out
	assert_line --partial restart2
	assert_equal "$(tracks_of restart2)" "a b"
}

@test "a new type needs a stage table, and no program" {
	ask 'CREATE TABLE stage."a ""hostile"" name" (_line bigint, "x; y" text, n int)'
	echo '{"type":"a \"hostile\" name","x; y":"1","n":5.0}' >in
	run -0 pg-load -d service=primary in
	assert_output ''
	echo '{"type":"unknown","n":1}' >in
	run -0 pg-load -d service=primary in
	assert_output '{"type":"unknown","n":1}'
	ask 'DROP TABLE stage."a ""hostile"" name"'
}

@test "the stage is dropped in the middle: the error is clear, nothing is lost" {
	mkfifo fifo
	pg-load -d service=primary fifo >out 2>err &
	pid=$!
	exec 8>fifo
	list dropped1 s1 2020-04-01T00:00:00Z a b >&8
	until [ -s out ]; do sleep 0.05; done
	ask 'DROP TABLE stage.item'
	list dropped2 s1 2020-04-01T00:00:00Z a b >&8
	exec 8>&-
	code=0
	wait "$pid" || code=$?
	assert_equal "$code" 2
	assert_equal "$(cat err)" \
		'pg-load: postgres: type "stage.item" does not exist'
	run -0 cat out
	assert_output --partial dropped1
	refute_output --partial dropped2
	assert_equal "$(tracks_of dropped1)" "a b"
	psql -Xq -d service=primary -f "$root/sql/primary.sql"
	list dropped2 s1 2020-04-01T00:00:00Z a b | pg-load -d service=primary
	assert_equal "$(tracks_of dropped2)" "a b"
}

# So many megabytes of records of one type, each of about 200 bytes.
tracks() {
	awk -v n="$(($1 * 5000))" 'BEGIN { for (; n > 0; n--)
		printf "{\"type\":\"track\",\"id\":\"%022d\",\"name\":\"%0130d\"}\n", n, n }'
}

# STREAM_MB=1000 makes it a gigabyte.
@test "a long stream of one type, with no done: memory stays flat" {
	needs_plain_build
	ask 'TRUNCATE playlist, track, item, skipped' >told
	tracks 5 | /usr/bin/time -qf %M -o few pg-load -d service=primary
	tracks "${STREAM_MB:-25}" |
		/usr/bin/time -qf %M -o many pg-load -d service=primary
	run -0 ask 'SELECT count(*) FROM track'
	assert_output "$((${STREAM_MB:-25} * 5000))"
	assert [ "$(cat many)" -le 32768 ]
	assert [ "$(cat many)" -le "$(($(cat few) + 16384))" ]
}

@test "what is wrong with the connection tells the status" {
	run -2 pg-load -d 'service=primary password=secret'
	refute_output --partial secret
	run -2 pg-load -d 'service=primary user=nobody'
	run -2 pg-load -d 'service=primary dbname=postgres'
	assert_output --partial 'no schema stage'
	run -3 pg-load -d host=/nowhere
}

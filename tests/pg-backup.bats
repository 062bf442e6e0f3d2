#!/usr/bin/env bats
#
# pg-backup: a database as the stream, and back again.

# shellcheck disable=SC2154 # data is the helper's, stderr_lines what run gives

load helper

setup_file() {
	export BATS_NO_PARALLELIZE_WITHIN_FILE=true # the databases are shared
	start_services primary backup
}

teardown_file() {
	stop_services
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	for name in primary backup; do
		ask "$name" 'TRUNCATE playlist, track, item, skipped, waiting'
	done
}

ask() {
	psql -XAtq -d "service=$1" -c "$2"
}

# What is in the tables, but for when it came there.
checksums() {
	ask "$1" "SELECT md5(string_agg(to_jsonb(t) - 'changed' || '', E'\n'
		ORDER BY id)) FROM playlist AS t" &&
		ask "$1" "SELECT md5(string_agg(to_jsonb(t) - 'changed' || '', E'\n'
		ORDER BY id)) FROM track AS t" &&
		ask "$1" "SELECT md5(string_agg(to_jsonb(t) || '', E'\n'
		ORDER BY playlist_id, position)) FROM item AS t" &&
		ask "$1" "SELECT md5(string_agg(to_jsonb(t) || '', E'\n'
		ORDER BY playlist_id, position)) FROM skipped AS t"
}

copies() {
	pg-backup -d service=primary >first
	pg-load -d service=backup first >told
	diff <(checksums primary) <(checksums backup)
	ask primary 'TRUNCATE playlist, track, item, skipped'
	pg-backup -td service=backup | pg-load -d service=primary >told
	pg-backup -d service=primary >second
	cmp first second
}

everything() {
	cat <<-'END'
		{"type":"playlist","id":"p1","snapshot_id":"s","name":"a \"b\" \\ c\n\t\u0001\u000b/","description":"","owner":"o","public":true,"collaborative":false,"tracks_total":4,"country":"IT","query":"q","fetched_at":"2020-04-01T10:20:30Z"}
		{"type":"item","playlist_id":"p1","snapshot_id":"s","position":0,"added_at":"2020-03-16T08:30:00.5Z","track_id":"t1","country":"IT","isrc":"ITXXX","danceability":0.1,"energy":1e-07,"key":-1,"loudness":-7.123,"mode":1,"speechiness":0.3,"acousticness":0.123456789012,"instrumentalness":0,"liveness":1,"valence":0.5,"tempo":120.003,"time_signature":4,"features_source":"file","duration_ms":1000,"explicit":false,"popularity":7,"name":"\"\\","artists":["a","b, \"c\" \\","NULL","","{}"],"album":"é😷","release_date":"1999-12","available_markets":"","fetched_at":"2020-04-01T10:20:30Z"}
		{"type":"skip","playlist_id":"p1","snapshot_id":"s","position":1,"reason":"local"}
		{"type":"item","playlist_id":"p1","snapshot_id":"s","position":2,"track_id":"t2","country":"IT","features_source":"none","features_reason":"unknown","artists":[]}
		{"type":"skip","playlist_id":"p1","snapshot_id":"s","position":3,"reason":"contents_withheld","count":2}
		{"type":"done","playlist_id":"p1","snapshot_id":"s","items":2,"skipped":3}
		{"type":"playlist","id":"p2"}
	END
}

@test "a stream with everything comes out byte for byte, and is copied" {
	everything >in
	pg-load -d service=primary in >told
	pg-backup -d service=primary >out
	diff in out
	copies
}

@test "charts_eu5: loaded, backed up, restored, dumped: the same bytes; etl too" {
	needs_data
	spot-tracks "$data"/charts_eu5*.playlists.ndjson.gz |
		spot-features -P "file:$(echo "$data"/charts_eu5*.features.ndjson.gz)" >in
	pg-load -d service=primary in >told
	run -0 grep -c . told
	assert_output 415
	copies
	cmp <(etl in) <(etl first)
}

@test "--since: what changed, and tracks alone; the copy is the same" {
	everything >in
	pg-load -d service=primary in >told
	pg-backup -d service=primary -s '' >all
	mark=$(tail -n 1 all | jq -r .mark)
	run -0 pg-backup -d service=primary -s "$mark"
	assert_equal "${#lines[@]}" 1
	run -0 pg-load -d service=backup all
	assert_equal "$(jq -r .mark <<<"${lines[-1]}")" "$mark"
	{
		echo '{"type":"playlist","id":"p3","snapshot_id":"1"}'
		echo '{"type":"item","playlist_id":"p3","snapshot_id":"1","position":0,"track_id":"t2","features_source":"file","energy":0.5}'
		echo '{"type":"done","playlist_id":"p3","snapshot_id":"1","items":1,"skipped":0}'
	} | pg-load -d service=primary >told
	pg-backup -d service=primary -s "$mark" >changes
	run -0 jq -r '.id // .playlist_id // .type' changes
	assert_output $'t2\np3\np3\np3\nmark'
	pg-load -d service=backup changes >told
	diff <(checksums primary) <(checksums backup)
}

@test "--tracks: each track once, items bare, and the copy is the same" {
	everything >in
	pg-load -d service=primary in >told
	pg-backup -td service=primary -s '' >all
	mark=$(tail -n 1 all | jq -r .mark)
	run -0 jq -r 'select(.type == "track").id' all
	assert_output $'t1\nt2'
	run -0 jq -c 'select(.position == 2 and .type == "item") | keys' all
	assert_output '["country","playlist_id","position","snapshot_id","track_id","type"]'
	pg-load -d service=backup all >told
	diff <(checksums primary) <(checksums backup)
	# A list that changed brings its tracks, though they did not.
	ask primary "UPDATE playlist SET changed = pg_current_xact_id()"
	pg-backup -td service=primary -s "$mark" >changes
	diff <(grep -v '"mark"' all) <(grep -v '"mark"' changes)
	ask backup 'TRUNCATE playlist, track, item, skipped'
	pg-load -d service=backup changes >told
	diff <(checksums primary) <(checksums backup)
}

@test "what tells nothing new changes nothing" {
	everything >in
	pg-load -d service=primary in >told
	mark=$(pg-backup -d service=primary -s '' | jq -r 'select(.mark).mark')
	jq -c 'if .type == "item"
		then del(.name, .energy, .features_source) else . end' in >poorer
	pg-load -d service=primary in poorer >told
	pg-load -d service=primary poorer >told
	run -0 pg-backup -d service=primary -s "$mark"
	assert_equal "${#lines[@]}" 1
}

@test "a mark of another server, or none at all, is refused" {
	run -2 pg-backup -d service=primary -s 1/1:1:
	assert_output --partial 'not of this server'
	run -2 pg-backup -d service=primary -s nonsense
}

@test "one moment, while the database is written to" {
	everything >in
	pg-load -d service=primary in >told
	for _ in 1 2 3 4 5 6 7 8 9; do
		ask primary "BEGIN; LOCK playlist IN EXCLUSIVE MODE;
			DELETE FROM playlist; COMMIT" &
		pg-load -d service=primary in >told
		pg-backup -d service=primary >out
		wait "$!"
		items=$(grep -c '"type":"item"' out) || true
		dones=$(grep -c '"type":"done"' out) || true
		[[ $items == $((dones * 2)) ]]
	done
}

@test "a table that somebody locks: status 3, not a wait for ever" {
	coproc psql -XAtq -d service=primary
	echo 'BEGIN; LOCK item; SELECT 1;' >&"${COPROC[1]}"
	read -rt 10 _ <&"${COPROC[0]}"
	run -3 timeout 30 pg-backup -d service=primary
	assert_output 'pg-backup: postgres: canceling statement due to lock timeout'
	echo '\q' >&"${COPROC[1]}"
	wait "$COPROC_PID" || true
	run -0 pg-backup -d service=primary
}

@test "a new type needs a view, and no program, whatever its name" {
	ask primary "CREATE VIEW dump.\"a \"\"hostile\"\" '; name\" AS
		SELECT 0 AS _order, 'x' AS \"y; \"\"z\", ARRAY[true] AS \"true\""
	run -0 pg-backup -d service=primary
	assert_output '{"type":"a \"hostile\" '"'"'; name","y; \"z":"x","true":["t"]}'
	ask primary "DROP VIEW dump.\"a \"\"hostile\"\" '; name\""
}

@test "several hosts: the next takes over, from the start or in the middle" {
	everything >in
	head -n 6 in >first
	ask primary 'ALTER DATABASE spot SET default_transaction_read_only = on'
	pg-load -d service=collect first >told
	ask 'primary dbname=postgres' 'ALTER DATABASE spot
		RESET default_transaction_read_only'
	assert_equal "$(ask primary 'SELECT count(*) FROM item')" 0
	assert_equal "$(ask backup 'SELECT count(*) FROM item')" 2
	mkfifo fifo
	pg-load -d service=collect fifo >out &
	pid=$!
	exec 8>fifo
	cat first >&8
	until [ -s out ]; do sleep 0.05; done
	"$root/scripts/services.sh" stop "$services" primary
	sed 's/"p1"/"p9"/g' first >&8
	exec 8>&-
	wait "$pid"
	"$root/scripts/services.sh" start "$services" primary
	run -0 cat out
	assert_equal "${#lines[@]}" 2
	assert_equal "$(ask primary 'SELECT count(*) FROM item')" 2
	assert_equal "$(ask backup "SELECT count(*) FROM item
		WHERE playlist_id = 'p9'")" 2
}

@test "readers need no more than to read" {
	ask primary "CREATE ROLE reader LOGIN IN ROLE spot_analyst;
		CREATE ROLE writer LOGIN IN ROLE spot_loader"
	everything >in
	pg-load -d 'service=primary user=writer' in >told
	pg-backup -d 'service=primary user=reader' -s '' >out
	run -0 wc -l <out
	assert_output 8
	run ! ask 'primary user=reader' 'DELETE FROM item'
	assert_output --partial 'permission denied'
	run ! ask 'primary user=writer' 'DROP TABLE item'
	assert_output --partial 'must be owner'
}

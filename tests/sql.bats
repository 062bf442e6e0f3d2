#!/usr/bin/env bats
#
# sql: the schemas of the collection and the warehouse.

# shellcheck disable=SC2154 # root is the helper's

load helper

setup_file() {
	export BATS_NO_PARALLELIZE_WITHIN_FILE=true # the databases are shared
	start_services primary dwh
}

teardown_file() {
	stop_services
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

ask() {
	psql -XAtq -F ' ' -d "service=$1" -c "$2"
}

@test "both can be applied again, with what is there kept" {
	for name in primary dwh; do
		run -0 --separate-stderr psql -XAtq -d "service=$name" \
			-f "$root/sql/$name.sql"
		assert_equal "$output$stderr" ""
		assert_equal "$(ask "$name" 'SELECT version FROM schema_version')" 1
	done
}

@test "every table, view and column of a table has a comment" {
	for name in primary dwh; do
		run -0 ask "$name" "SELECT c.oid::regclass, a.attname FROM pg_class AS c
			LEFT JOIN pg_attribute AS a ON a.attrelid = c.oid AND attnum > 0
			AND NOT attisdropped AND c.relkind = 'r'
			WHERE c.relnamespace::regnamespace::text IN
			('public', 'stage', 'waiting', 'dump') AND c.relkind IN ('r', 'v')
			AND (obj_description(c.oid) IS NULL OR a.attnum IS NOT NULL
			AND col_description(c.oid, a.attnum) IS NULL)"
		assert_output ''
	done
}

@test "lockdown and country are the rows of lockdowns.csv" {
	run -0 ask dwh "SELECT count(*) FROM country"
	assert_output "$(($(wc -l <"$root/sql/lockdowns.csv") - 1))"
	psql -XAtq -d service=dwh -c "COPY (SELECT c.country, c.name, lockdown_start,
		lockdown_end, rule, source FROM country c JOIN lockdown l
		ON c.country = l.country ORDER BY 1) TO STDOUT (FORMAT csv)" >have
	diff have <(tail -n +2 "$root/sql/lockdowns.csv" |
		grep -E ',[0-9]{4}-..-..,[0-9]{4}-..-..,' | LC_ALL=C sort)
}

# A run of etl over playlists of so many items in Italy, whose valence is V.
run_of() {
	local valence=$1 day n=0 length
	shift
	for length in "$@"; do
		day=2020-$(printf '%02d-01' $((n % 6 + 1)))
		for ((i = 0; i < length; i++)); do
			printf '{"type":"item","playlist_id":"p%d","position":%d,"added_at":"%sT00:00:00Z","track_id":"t","country":"IT","valence":%s,"energy":0.75}\n' \
				"$n" "$i" "$day" "$valence"
		done
		n=$((n + 1))
	done | etl
}

@test "the views of the dashboard" {
	run_of 0.25 10 11 25 26 50 51 100 101 250 251 >in
	run -0 pg-load -d service=dwh in
	assert_line --partial '"type":"run"'
	run -0 ask dwh 'SELECT * FROM playlist_length ORDER BY from_items'
	assert_output $'0 10 1\n11 25 2\n26 50 2\n51 100 2\n101 250 2\n251  1'
	run -0 ask dwh 'SELECT * FROM playlist_month ORDER BY month'
	assert_output $'2020-01 2\n2020-02 2\n2020-03 2\n2020-04 2\n2020-05 1\n2020-06 1'
	run -0 ask dwh "SELECT month, playlists, mean::real, sd::real
		FROM feature_month WHERE feature = 'valence' ORDER BY month LIMIT 2"
	assert_output $'2020-01 2 0.25 0\n2020-02 2 0.25 0'
	run -0 ask dwh "SELECT country, name, phase, n, mean::real, sd::real
		FROM mood_phase WHERE feature = 'energy' ORDER BY phase"
	assert_output $'IT Italy after 51 0.75 0\nIT Italy before 497 0.75 0\nIT Italy during 327 0.75 0'
	run -0 ask dwh "SELECT period, phase, n, valence_mean, angry
		FROM mood_period ORDER BY start"
	assert_line '2020-W14 during 277 0.25 1'
	assert_line '2020-W09 before 275 0.25 1'
}

# The warehouse holds a run; unknown values are absent where etl writes null.
holds() {
	diff <(pg-backup -d service=dwh | jq -c .) \
		<(jq -c 'with_entries(select(.value != null))' "$1")
}

@test "hostile texts in every field of the warehouse come out as they went in" {
	evil=$(printf "'; DROP TABLE daily; -- \" \\\\ \\\\. {} %%s \$1 \t\n\r é😷")
	jq -nc --arg e "$evil" '
		{type: "playlist_stat", playlist_id: $e, items: 1, with_features: 0,
		month: $e},
		{type: "daily", by: $e, country: $e, day: "2020-03-16", n: 1},
		{type: "mood", by: $e, country: $e, period: $e, start: "2020-03-16",
		n: 1},
		{type: "effect", by: $e, country: $e, feature: "valence"},
		{type: "run", by: $e, period: $e, records: 4, playlists: 1, items: 1,
		with_features: 0}' >in
	run -0 --separate-stderr pg-load -d service=dwh in
	assert_equal "$stderr" ""
	holds in
}

@test "a reader sees one whole run or the one before" {
	run_of 0.5 3 4 >one
	run_of 0.75 5 >two
	pg-load -d service=dwh one >told
	run -1 pg-load -d service=dwh <<<"$(head -n -1 two)"
	assert_output --partial 'run: not loaded: '
	run -1 pg-load -d service=dwh <<<"$(sed 1d two)"
	assert_output --partial 'records are there'
	holds one
	pg-load -d service=dwh two >told
	holds two
	pg-load -d service=dwh two >told
	holds two
	assert_equal "$(ask dwh 'SELECT count(*) FROM waiting.daily')" 0
}

# A collection of 2,000 playlists, 20,000 tracks and 100,000 items.
fill() {
	ask primary "TRUNCATE playlist, track, item, skipped;
		INSERT INTO playlist (id, items, skipped)
		SELECT 'p' || n, 50, 0 FROM generate_series(1, 2000) AS n;
		INSERT INTO track (id) SELECT 't' || n FROM generate_series(1, 20000) AS n;
		INSERT INTO item (playlist_id, position, track_id)
		SELECT 'p' || p, i, 't' || (p * 50 + i) % 20000 + 1
		FROM generate_series(1, 2000) AS p, generate_series(0, 49) AS i;
		ANALYZE"
}

# How the view of a type is read after a mark; none is all.
plan_of() {
	ask primary "SET jit = off; SELECT set_config('spot.since', '$2', false);
		EXPLAIN SELECT * FROM dump.$1"
}

@test "items need their playlist, whoever puts them; their track is made" {
	ask primary "INSERT INTO playlist (id) VALUES ('here');
		INSERT INTO track (id) VALUES ('here')"
	put() {
		ask "primary options=-crole=$1" "SELECT put_items(
			ARRAY[ROW('here', 0, 'here', NULL),
			ROW('$2', 1, nullif('$3', ''), NULL)]::item[])"
	}
	for role in postgres spot_loader; do
		run ! put "$role" gone here
		assert_output --partial 'a playlist that is not there'
		run ! put "$role" here ''
		assert_output --partial 'violates'
	done
	for row in 'gone here' 'here gone'; do
		run ! ask primary "INSERT INTO item VALUES ('${row/ /\', 0, \'}')"
		assert_output --partial 'violates foreign key constraint'
	done
	assert_equal "$(ask primary 'SELECT count(*) FROM item')" 0
	run ! put spot_analyst here here
	assert_output --partial 'permission denied'
	run -0 put spot_loader here new
	assert_output here
	assert_equal "$(ask primary 'SELECT count(*) FROM track')" 2
}

@test "indexes are used where it matters" {
	fill
	run -0 plan_of item ''
	assert_line --partial 'using track_pkey on track'
	assert_line --regexp 'item_pkey'
	refute_line --partial 'Seq Scan on item'
	run -0 plan_of track ''
	assert_line --partial 'Hash Anti Join'
	refute_line --partial SubPlan
	mark=$(ask primary "SELECT dump.mark('')")
	ask primary "UPDATE playlist SET changed = pg_current_xact_id()
		WHERE id = 'p7'"
	run -0 plan_of item "$mark"
	assert_line --partial 'using playlist_changed on playlist'
	assert_line --regexp 'item_pkey'
	refute_line --partial 'Seq Scan'
	run -0 plan_of track "$mark"
	assert_line --partial 'using track_changed on track'
	run -0 pg-backup -d service=primary -s "$mark"
	assert_equal "${#lines[@]}" 53
}

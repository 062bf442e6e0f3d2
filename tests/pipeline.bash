# shellcheck shell=bash
#
# pipeline: a dozen of playlists behind the replay server, services, and a
# pipeline without analysis, for the tests of the whole.

# Once a file.
make_sample() {
	local generate=${root:?}/$BUILD/tests/generate
	[[ -x $generate ]] || generate=$root/build/tests/generate
	"$generate" -p 12 -i 20 playlists >"$BATS_FILE_TMPDIR/playlists.ndjson"
	"$generate" -p 12 -i 20 features >"$BATS_FILE_TMPDIR/features.ndjson"
}

# Once a test: the services that are named (all), and the test's folder as the
# home.
start_pipeline() {
	cd "$BATS_TEST_TMPDIR" || return
	export SPOT_HOME=$PWD/home
	mkdir home
	cat >home/pipeline.conf <<-'END'
		search() { spot-search -R 0 -q covid; }
		tracks() { spot-tracks -R 0 -J 2; }
		features() { spot-features -R 0 -P reccobeats; }
		load() { pg-load -w 1 -d "service=$target"; }
		analyse() { :; }
		report() { :; }
	END
	start_services "$@"
	start_sim -l 3 -P "$BATS_FILE_TMPDIR/playlists.ndjson" \
		-F "$BATS_FILE_TMPDIR/features.ndjson"
}

stop_pipeline() {
	stop_sim
	stop_services
}

# Run it; what it says goes to the file said.
pipeline() {
	if ! "$root/scripts/pipeline.sh" "$@" 3>&- 2>said; then
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

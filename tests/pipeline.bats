#!/usr/bin/env bats
#
# pipeline: the whole run, see scripts/pipeline.sh.

# shellcheck disable=SC2030,SC2031

load helper
load sim
load pipeline

setup_file() {
	make_sample
}

setup() {
	pipeline=${root:?}/scripts/pipeline.sh
	cd "$BATS_TEST_TMPDIR" || return
	export SPOT_HOME=$PWD/home
}

teardown() {
	[[ -z ${services:-} ]] || stop_pipeline
}

# What the statuses of a pipeline of these stages mean together.
judge() {
	bash -c 'source "$1"; shift; judge "$@"' bash "$pipeline" "$@"
}

analyse_nowhere() {
	bash -c 'source "$1"; target=nowhere; analyse' bash "$pipeline"
}

@test "help, and command lines that are wrong" {
	run -0 "$pipeline" --help
	assert_line --index 0 --partial 'usage: pipeline.sh -q TERM'
	[ "$("$pipeline" --help | wc -L)" -le 80 ]
	run -2 "$pipeline"
	assert_output --partial '-q TERM'
	run -2 "$pipeline" --no-such-option
	run -2 "$pipeline" -q covid more
	run -2 "$pipeline" -q covid --config missing
	assert_output 'pipeline.sh: missing: cannot be read'
	run -3 "$pipeline" -q covid --directory /proc/missing
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

@test "statuses: any that a stage of one's own has, but for ours, is a failure" {
	# shellcheck disable=SC2016
	run -3 bash -c 'source "$1"; worst=0; step show bash -c "exit 124" || exit "$worst"' \
		bash "$pipeline"
}

@test "a database that is away before the analysis is status 3, to be tried again" {
	run -3 analyse_nowhere
}

@test "a run: collected, marked, backed up, and recorded; again, nothing is new" {
	start_pipeline primary backup redis
	pipeline -q covid
	grep 'kept: 12 playlists, 242 items' said
	contents primary >expected
	[ "$(wc -l <expected)" -gt 200 ]
	contents backup | cmp - expected
	run -0 redis hlen spot:snapshots
	assert_output 12
	run -0 bash -c "zstd -dcq home/lake/*.ndjson.zst | grep -c '\"type\":\"done\"'"
	assert_output 12
	pipeline -q covid
	grep 'nothing has changed' said
	contents primary | cmp - expected
	run -0 bash -c 'ls home/lake | wc -l'
	assert_output 1
}

@test "an empty primary is restored from the backup, or from the lake" {
	start_pipeline primary backup redis
	pipeline -q covid
	contents primary >expected
	forget
	stop_sim
	pipeline --from-backup
	contents primary | cmp - expected
	run -0 redis hlen spot:snapshots
	assert_output 12
	forget
	pipeline --replay home/lake
	contents primary | cmp - expected
	run -0 redis hlen spot:snapshots
	assert_output 12
}

@test "the primary is away: the backup collects, the primary catches up" {
	start_pipeline primary backup redis
	"$root/scripts/services.sh" stop "$services" primary
	pipeline -q covid
	grep 'the primary is away' said
	contents backup >expected
	[ "$(wc -l <expected)" -gt 200 ]
	"$root/scripts/services.sh" start "$services" primary
	pipeline -q covid
	grep 'catch up with the backup' said
	contents primary | cmp - expected
	pipeline -q covid
	run ! grep 'catch up' said
}

@test "the primary goes away in the middle: the rest goes into the backup" {
	start_pipeline primary backup redis
	cp home/pipeline.conf conf
	cat >>home/pipeline.conf <<-'END'
		lake() {
			sed -u '/"type":"done"/q'
			until [[ $(ask primary 'SELECT count(*) FROM item') != 0 ]]; do
				sleep 0.1
			done
			"$root/scripts/services.sh" stop "$services" primary >&2
			cat
		}
	END
	export root
	export -f ask
	pipeline -q covid
	grep 'collect the rest' said
	cp conf home/pipeline.conf
	"$root/scripts/services.sh" start "$services" primary
	pipeline -q covid
	contents primary >found
	contents backup | cmp - found
	run -0 grep -c '"snapshot_id"' found
	assert_output 12
}

@test "copies are of what has changed, and whole into another database" {
	start_pipeline primary backup redis
	pipeline -q covid
	contents primary >expected
	ask primary "UPDATE playlist SET name = 'new name',
		changed = pg_current_xact_id() WHERE id = (SELECT min(id) FROM playlist)"
	ask backup 'CREATE TABLE seen AS SELECT id FROM playlist LIMIT 0;
		CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS
		$$ BEGIN INSERT INTO seen VALUES (new.id); RETURN new; END $$;
		CREATE TRIGGER see BEFORE INSERT OR UPDATE ON playlist
		FOR EACH ROW EXECUTE FUNCTION see()'
	pipeline -q covid
	run -0 ask backup 'SELECT count(DISTINCT id) FROM seen'
	assert_output 1
	"$root/scripts/services.sh" stop "$services" backup
	rm -rf "$services/backup"
	"$root/scripts/services.sh" start "$services" backup
	pipeline -q covid
	contents primary >expected
	contents backup | cmp - expected
}

@test "a quota: status 4, what there is is kept, and the next run goes on" {
	start_pipeline primary backup redis
	cp home/pipeline.conf conf
	echo 'tracks() { spot-tracks -R 0 -M 5; }' >>home/pipeline.conf
	run -4 "$pipeline" -q covid
	assert_output --partial 'stopped by a quota'
	run -0 ask backup 'SELECT count(*) FROM playlist WHERE items IS NOT NULL'
	assert [ "$output" -gt 0 ]
	assert [ "$output" -lt 12 ]
	cp conf home/pipeline.conf
	pipeline -q covid
	run -0 ask backup 'SELECT count(*) FROM playlist WHERE items IS NOT NULL'
	assert_output 12
}

@test "the API is away: status 3, and what to do" {
	start_pipeline primary backup redis
	stop_sim
	echo 'search() { spot-search -R 0 -T 1 -q covid; }' >>home/pipeline.conf
	run -3 "$pipeline" -q covid
	assert_output --partial '--from-backup'
}

@test "the whole of it, on services of its own: kept, counted, a report" {
	start_pipeline
	sed -i '/analyse\|report/d' home/pipeline.conf
	unset PGSERVICEFILE REDIS_URL
	ln -s "$services" home/services
	pipeline -q covid
	grep 'services of our own' said
	[ -s home/report/index.html ]
	eval "$("$root/scripts/services.sh" env "$services")"
	run -0 ask dwh 'SELECT count(*) > 0 FROM mood'
	assert_output t
	pipeline -q covid
	grep 'nothing has changed' said
}

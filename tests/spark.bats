#!/usr/bin/env bats
#
# etl_spark.py: the bytes of one etl, by a Spark of this machine's own.

load helper
load pipeline

address=127.9.4.2 # of loopback, to be in nobody's way

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	make_sample
	"$root/$BUILD/tests/generate" -l 2000 items >items.ndjson
	make_eu5
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	items=$BATS_FILE_TMPDIR/items.ndjson
	venv=$root/build/spark/venv
	if [[ ! -x $venv/bin/spark-submit ]] || ! command -v java >/dev/null; then
		skip "Spark is not here: scripts/bootstrap.sh --spark"
	fi
	[[ $BUILD == build ]] || skip "of the plain build only"
	PATH=$venv/bin:$PATH
	export SPARK_LOCAL_IP=127.0.0.1 JAVA_TOOL_OPTIONS=-XX:TieredStopAtLevel=1
	started=()
}

teardown() {
	local pid
	for pid in "${started[@]}"; do
		end "$pid"
	done
	[[ -z ${services:-} ]] || stop_services
}

# A process and those that it has started.
end() {
	local child
	for child in $(pgrep -P "$1"); do
		end "$child"
	done
	kill -9 "$1" 2>/dev/null || true
}

submit() {
	spark-submit --conf spark.ui.enabled=false "${options[@]}" \
		"$root/scripts/etl_spark.py" "$@"
}

# Standard input is what the job has written into a folder.
equals() {
	cmp - <(cat "$1"/part-* "$1"/run.ndjson)
}

# start ROLE ARGUMENT...: a master or a worker, its log in ROLE.log.
start() {
	local role=$1
	spark-class "org.apache.spark.deploy.${role%%[0-9]*}" --host 127.0.0.1 \
		--port 0 --webui-port 0 "${@:2}" >"$role.log" 2>&1 3>&- &
	started+=($!)
}

# Wait until a file says what is meant.
await() {
	local i
	for ((i = 0; i < 1200; i++)); do
		! grep -qs "$2" "$1" || return 0
		sleep 0.1
	done
	cat "$1"
	return 1
}

@test "plain, gzip and zstd, in any parts, give the bytes of etl" {
	head -n 900 "$items" >a.ndjson
	sed -n 901,1300p "$items" | gzip >b.ndjson.gz
	mkdir more
	sed -n '1301,$p' "$items" | zstd -q >more/c.ndjson.zst
	options=(--master 'local[2]' --conf spark.sql.files.maxPartitionBytes=10000
		--conf spark.sql.adaptive.enabled=false)
	submit --by market --period month -o out a.ndjson b.ndjson.gz more
	[ "$(find out -name 'part-*' | wc -l)" -ge 4 ]
	etl --by market --period month "$items" | equals out
}

@test "a refused line is named and counted; bytes are left as they are" {
	printf '%s\n' 'country,lockdown_start,lockdown_end' IT,2020-03-01,2020-03-02 >l.csv
	# A carriage return ends no line, a byte that is no UTF-8 is refused, a
	# playlist may have a name that JSON has to escape; no newline at the end.
	{
		cat "$items"
		printf '{"type":"item","playlist_id":"q\\"\\\\\xc3\xa9","position":0,"country":"IT","added_at":"2020-03-01T00:00:00Z","valence":0.5}\n'
		printf 'no JSON\n\n{"type":"item","playlist_id":"\xff","position":0}\n'
		printf '{"type":"item",\r"playlist_id":"r","position":0,"added_at":null,"energy":0.5}\r\n'
		printf '{"type":"item","playlist_id":"s","position":0,"added_at":"2020-03-01T00:00:00Z","energy":0.5}'
	} >lake.ndjson
	options=(--master 'local[2]')
	run -1 submit -l l.csv -o out lake.ndjson
	(etl -l l.csv lake.ndjson || (($? == 1))) | equals out
	run grep -o 'lake.ndjson+[0-9]*: etl: line .*\|etl_spark: .*' <<<"$output"
	assert_line --regexp '^lake.ndjson\+[0-9]+: etl: line [0-9]+: lexical error'
	assert_line --regexp '^lake.ndjson\+[0-9]+: etl: line [0-9]+: not UTF-8'
	assert_line 'etl_spark: 1 items without a date: only in playlist_stat'
	assert_line 'etl_spark: 1 items have no country: only in playlist_stat; see --by'
	assert_line 'etl_spark: 2 lines were refused'
}

@test "a worker that is killed changes nothing but the time" {
	needs_data
	# The etl of the executors waits, before it merges the first part, until
	# one of two workers is dead, and with it what it had added up.
	mkdir files
	cat >files/etl <<-END
		#!/bin/bash
		if [[ \$* == --merge ]]; then
			touch '$PWD/merging'
			until [[ -e '$PWD/killed' ]]; do sleep 0.1; done
		fi
		exec '$root/$BUILD/bin/etl' "\$@"
	END
	start master.Master
	await master.Master.log 'Starting Spark master at'
	master=$(sed -n 's/.*Starting Spark master at //p' master.Master.log)
	start worker.Worker1 --cores 1 --memory 1g --work-dir "$PWD/1" "$master"
	start worker.Worker2 --cores 1 --memory 1g --work-dir "$PWD/2" "$master"
	options=(--master "$master" --files files/etl --executor-memory 512m
		--conf spark.sql.files.maxPartitionBytes=2000000)
	submit -o out "$BATS_FILE_TMPDIR/eu5.ndjson" >submit.log 2>&1 3>&- &
	job=$!
	started+=("$job")
	for ((i = 0; i < 3000; i++)); do
		[[ ! -e merging ]] || break
		kill -0 "$job" || { cat submit.log && false; }
		sleep 0.1
	done
	end "${started[1]}"
	touch killed
	wait "$job" || { cat submit.log && false; }
	grep -q 'Lost executor' submit.log
	etl "$BATS_FILE_TMPDIR/eu5.ndjson" | equals out
}

@test "an etl that fails, fails the job" {
	options=(--master 'local[2]')
	run -2 submit --by moon -o out "$items"
	assert_output --partial "etl: --by"
	run -3 submit --etl nowhere -o out "$items"
	assert_output --partial "nowhere"
	cat >dies <<-END
		#!/bin/bash
		[[ \$* != *--partial* ]] || exit 3
		exec '$root/$BUILD/bin/etl' "\$@"
	END
	chmod +x dies
	run -3 submit --etl "$PWD/dies" -o out "$items"
	assert_output --partial "dies ended with status 3"
}

@test "spot-pipeline --engine spark: the warehouse is as etl leaves it" {
	start_services primary dwh redis
	mkdir lake home
	spot-tracks "$BATS_FILE_TMPDIR/playlists.ndjson" | spot-features \
		-P "file:$BATS_FILE_TMPDIR/features.ndjson" >lake/a.ndjson
	printf '%s() { :; }\n' back_up report >home/pipeline.conf
	for engine in spark etl; do
		"$root/scripts/pipeline.sh" -d home -r lake -e "$engine" 3>&-
		pg-backup -d service=dwh >"$engine"
	done
	grep -q '"type":"effect"' etl
	diff spark etl
}

@test "a primary, by JDBC, gives what its dump gives" {
	start_services primary
	port=$(psql -XAtd service=primary -c 'SHOW port')
	psql -Xqd service=primary -c "ALTER SYSTEM SET listen_addresses = '$address'"
	"$root/scripts/services.sh" stop "$services"
	"$root/scripts/services.sh" start "$services" primary
	spot-tracks "$BATS_FILE_TMPDIR/playlists.ndjson" | spot-features \
		-P "file:$BATS_FILE_TMPDIR/features.ndjson" |
		pg-load -d service=primary >/dev/null
	options=(--master 'local[2]' --jars /usr/share/java/postgresql.jar)
	submit -o out -d "jdbc:postgresql://$address:$port/spot?user=postgres"
	pg-backup -d service=primary | etl | equals out
}

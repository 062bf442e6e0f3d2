#!/usr/bin/env bash
#
# postgres.sh: pg-load and pg-backup against psql's \copy of the same rows,
# pg_dump | pg_restore, pgcopydb and Singer's target-postgres.  Prints a section
# of Markdown.
#
# N says how many items, RUNS how many runs each number is the median of, LARGE
# how many items are loaded and dumped once.
set -euo pipefail

. tests/bench/lib.bash

n=${N:-200000}
runs=${RUNS:-3}
large=${LARGE:-10000000}
few=10000 # items for what is slow
venv=$root/$build/bench/singer

sql() {
	psql -XAtq -v ON_ERROR_STOP=1 -d "service=$1" -c "$2"
}

forget() {
	sql "$1" 'TRUNCATE playlist, track, item, skipped, waiting'
}

# So many items in lists, each with its playlist and its done.
stream_of() {
	generate -l "$1" items | awk '
	function finish() {
		if (id != "")
			printf "{\"type\":\"done\",\"playlist_id\":\"%s\"," \
			    "\"snapshot_id\":\"%s\",\"items\":%d,\"skipped\":0}\n",
			    id, snapshot, items
	}
	{
		split($0, part, "\"")
		if (part[8] != id) {
			finish()
			id = part[8]; snapshot = part[12]; items = 0
			printf "{\"type\":\"playlist\",\"id\":\"%s\"," \
			    "\"snapshot_id\":\"%s\"," \
			    "\"fetched_at\":\"2021-01-01T00:00:00Z\"}\n", id, snapshot
		}
		items++
		print
	}
	END { finish() }'
}

# The same rows as COPY's text, in files of whole lists as large as the batches
# of pg-load, and the script that loads them.
prepare_rows() {
	local type columns chunk
	for type in playlist item 'done'; do
		columns=$(sql primary "SELECT string_agg(quote_ident(attname), ', '
			ORDER BY attnum) FROM pg_attribute WHERE attnum > 0 AND NOT
			attisdropped AND attrelid = 'stage.$type'::regclass")
		columns=${columns/_line/row_number() OVER () AS _line}
		sql primary "COPY (SELECT _playlist, $columns FROM dump.$type)
			TO STDOUT" >"rows.$type"
	done
	awk -F '\t' '{ if ($1 != id && rows > 15000) { chunk++; rows = 0 }
		id = $1; rows++; of[$1] = chunk + 0
		sub(/^[^\t]*\t/, ""); print >("item." chunk + 0) }
		END { for (id in of) print id "\t" of[id] }' rows.item >chunks
	for type in playlist 'done'; do
		awk -F '\t' -v type="$type" 'NR == FNR { of[$1] = $2; next }
			{ id = $1; sub(/^[^\t]*\t/, ""); print >(type "." of[id]) }' \
			chunks "rows.$type"
	done
	echo "SELECT open_batch('bench');"
	for ((chunk = 0; ; chunk++)); do
		[[ -e item.$chunk ]] || break
		echo 'BEGIN;'
		for type in playlist item 'done'; do
			echo "\\copy pg_temp.$type from $type.$chunk"
		done
		echo 'SELECT count(*) FROM load_batch(); COMMIT;'
	done
}

# The seconds that a command takes, and its peak of memory in MB.
cost() {
	/usr/bin/time -o time -f '%e %M' "$@" >/dev/null
	awk '{ printf "%s %.0f\n", $1, $2 / 1024 }' time
}

load_psql() {
	psql -Xq -v ON_ERROR_STOP=1 -d service=primary -f script
}

dump_psql() {
	psql -XAtq -d service=primary \
		-c '\copy (SELECT * FROM dump.item) to stdout'
}

copy() {
	pg-backup -td service=primary | pg-load -d service=backup
}

copy_pg_dump() {
	pg_dump -Fc -Z0 -t playlist -t track -t item -t skipped \
		-d service=primary | pg_restore -d 'service=backup dbname=copy'
}

copy_pgcopydb() {
	pgcopydb clone --source 'service=primary' \
		--target 'service=backup dbname=copy' --dir "$PWD/pgcopydb" --restart \
		--no-owner --no-acl --table-jobs 2 --index-jobs 2
}

# Begin the other copies with an empty database.
forget_copy() {
	sql backup 'DROP DATABASE IF EXISTS copy'
	sql backup 'CREATE DATABASE copy'
}

# Did a peer do its work?
has_copied() {
	[[ $(psql -XAtd 'service=backup dbname=copy' \
		-c "SELECT count(*) FROM $1") == "$2" ]]
}

# One playlist of a hundred: 1,000 of 10 million items.
change() {
	sql primary "UPDATE playlist SET name = 'x',
		changed = pg_current_xact_id() WHERE id IN
		(SELECT id FROM playlist ORDER BY id
		LIMIT (SELECT count(*) / 100 FROM playlist))"
}

# Singer's messages of some items, and where they go.
prepare_singer() {
	if [[ ! -x $venv/bin/target-postgres ]]; then
		python3 -m venv "$venv"
		"$venv/bin/pip" -q install meltanolabs-target-postgres==0.8.1
	fi
	grep -Fm "$few" '"type":"item"' stream |
		jq -nc '[inputs] | .[0] as $one | {type: "SCHEMA", stream: "item",
			key_properties: ["playlist_id", "position"], schema: {type: "object",
			properties: ($one | del(.type) | map_values(type |
			{array: {type: "array", items: {type: "string"}}}[.] //
			{type: [., "null"]}))}}, (.[] | {type: "RECORD", stream: "item",
			record: del(.type)})' >singer
	jq -nc --arg run "$(sed -n 's/^host=//p' "$PGSERVICEFILE" | head -n 1)" \
		'{sqlalchemy_url: "postgresql+psycopg://postgres@/copy?host=\($run)&port=5433"}' \
		>config.json
}

load_singer() {
	"$venv/bin/target-postgres" --config config.json <singer 2>singer.log
}

measure() {
	local i mark
	for ((i = 0; i < runs; i++)); do
		forget primary
		echo "load_psql $(cost bash -c load_psql)"
		forget primary
		echo "load $(cost pg-load -d service=primary stream)"
		echo "again $(cost pg-load -d service=primary stream)"
		echo "dump_psql $(cost bash -c dump_psql)"
		echo "dump $(cost pg-backup -d service=primary)"
		mark=$(pg-backup -d service=primary -s '' | tail -n 1 | jq -r .mark)
		change
		echo "changes $(cost pg-backup -d service=primary -s "$mark")"
		forget_copy
		echo "copy_pg_dump $(cost bash -c copy_pg_dump)"
		forget_copy
		echo "copy_pgcopydb $(cost bash -c copy_pgcopydb 2>pgcopydb.log)"
		has_copied item "$n"
		forget_copy
		echo "singer $(cost bash -c load_singer)"
		has_copied melty.item "$few"
		forget backup
		echo "copy $(cost bash -c copy)"
	done
}

# What memory stays flat at, and what a small change costs, takes a large one.
measure_large() {
	local mark
	forget primary
	forget backup
	echo "large_load $(stream_of "$large" | cost pg-load -d service=primary)"
	sql primary 'VACUUM ANALYZE'
	echo "large_dump $(cost pg-backup -d service=primary)"
	mark=$(sql primary "SELECT dump.mark('')")
	change
	echo "large_changes $(cost pg-backup -d service=primary -s "$mark")"
	forget_copy
	echo "large_pg_dump $(cost bash -c copy_pg_dump)"
	forget_copy
	echo "large_copy $(cost bash -c copy)"
}

report() {
	sort -k 1,1 -k 2,2n numbers | awk -v n="$n" -v few="$few" -v large="$large" '
	{ t[$1, ++c[$1]] = $2; if ($3 > m[$1]) m[$1] = $3 }
	function mid(x) { return t[x, int((c[x] + 1) / 2)] }
	function row(what, x, peer, bar) {
		printf "| %s | %.2f | %.2f | %.2f | %s | %s |\n", what, mid(x),
		    mid(peer), mid(peer) / mid(x), bar, m[x]
	}
	END {
		printf "## postgres\n\n%d items; seconds, medians of %d runs\n\n", n,
		    c["load"]
		print "| | ours | peer | ratio of speeds | bar | peak MB |"
		print "|---|---|---|---|---|---|"
		row("pg-load : psql \\copy of ready text, load_batch()", "load",
		    "load_psql", "0.7")
		row("pg-load again, nothing changes : the first time", "again", "load",
		    "")
		row("pg-backup : psql \\copy to stdout, items only", "dump",
		    "dump_psql", "0.6")
		row("a hundredth of the playlists, changed : all", "changes", "dump",
		    "")
		row("full copy : pg_dump, pg_restore", "copy", "copy_pg_dump", "0.5")
		row("full copy : pgcopydb, 2 jobs", "copy", "copy_pgcopydb", "")
		printf "| pg-load, %d : Singer'"'"'s target-postgres, %d items | %.2f |" \
		    " %.2f | %.1f | 20 | |\n", n, few, mid("load"), mid("singer"),
		    mid("singer") / few / (mid("load") / n)
		printf "\n%d items, once\n\n", large
		print "| | ours | peer | ratio of speeds | bar | peak MB |"
		print "|---|---|---|---|---|---|"
		printf "| pg-load | %.1f | | | | %d |\n", mid("large_load"),
		    m["large_load"]
		row("a hundredth of the playlists, changed : all", "large_changes",
		    "large_dump", "50")
		row("full copy : pg_dump, pg_restore", "large_copy", "large_pg_dump",
		    "0.5")
	}'
}

main() {
	export SPOT_FSYNC=off
	start_services primary backup
	stream_of "$n" >stream
	pg-load -d service=primary stream >/dev/null
	prepare_rows >script
	prepare_singer
	export -f load_psql dump_psql copy copy_pg_dump copy_pgcopydb load_singer
	export venv
	measure >numbers
	measure_large >>numbers
	report
}

main "$@"

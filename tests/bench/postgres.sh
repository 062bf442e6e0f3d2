#!/usr/bin/env bash
#
# postgres.sh: pg-load and pg-backup against psql's \copy of the same rows, and
# against pg_dump | pg_restore.  Prints a section of Markdown.
#
# N says how many items, RUNS how many runs each number is the median of.
set -euo pipefail

n=${N:-200000}
runs=${RUNS:-3}
build=${BUILD:-build}
root=$PWD
PATH=$PWD/$build/bin:$PATH

sql() {
	psql -XAtq -v ON_ERROR_STOP=1 -d "service=$1" -c "$2"
}

forget() {
	sql "$1" 'TRUNCATE playlist, track, item, skipped, waiting'
}

# Lists of items, each with its playlist and its done.
prepare_stream() {
	"$root/$build/tests/generate" -l "$n" items | awk '
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
	END { finish() }' >stream
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
seconds() {
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
	pg-backup -d service=primary | pg-load -d service=backup
}

copy_pg_dump() {
	pg_dump -Fc -Z0 -t playlist -t track -t item -t skipped \
		-d service=primary | pg_restore -d 'service=backup dbname=copy'
}

change() {
	sql primary "UPDATE playlist SET name = 'x',
		changed = pg_current_xact_id() WHERE id IN
		(SELECT id FROM playlist ORDER BY id LIMIT ${1})"
}

measure() {
	local i mark
	for ((i = 0; i < runs; i++)); do
		forget primary
		echo "load_psql $(seconds bash -c load_psql)"
		forget primary
		echo "load $(seconds pg-load -d service=primary stream)"
		echo "again $(seconds pg-load -d service=primary stream)"
		echo "dump_psql $(seconds bash -c dump_psql)"
		echo "dump $(seconds pg-backup -d service=primary)"
		mark=$(pg-backup -d service=primary -s '' | tail -n 1 | jq -r .mark)
		change 10
		echo "changes $(seconds pg-backup -d service=primary -s "$mark")"
		sql backup 'DROP DATABASE IF EXISTS copy'
		sql backup 'CREATE DATABASE copy'
		echo "copy_pg_dump $(seconds bash -c copy_pg_dump)"
		forget backup
		echo "copy $(seconds bash -c copy)"
	done
}

report() {
	sort -k 1,1 -k 2,2n numbers | awk -v n="$n" '
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
		row("10 changed playlists : all", "changes", "dump", "")
		row("full copy : pg_dump, pg_restore", "copy", "copy_pg_dump", "0.5")
	}'
}

main() {
	local work
	work=$(mktemp -d /tmp/spot-bench.XXXXXX)
	# shellcheck disable=SC2064
	trap "'$root/scripts/services.sh' stop '$work'; rm -rf '$work'" EXIT
	export SPOT_FSYNC=off
	"$root/scripts/services.sh" start "$work" primary backup
	eval "$("$root/scripts/services.sh" env "$work")"
	mkdir "$work/data"
	cd "$work/data"
	prepare_stream
	pg-load -d service=primary stream >/dev/null
	prepare_rows >script
	export -f load_psql dump_psql copy copy_pg_dump
	measure >numbers
	report
}

main "$@"

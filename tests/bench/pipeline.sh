#!/usr/bin/env bash
#
# pipeline.sh: the offline pipeline against its slowest stage, and against
# DuckDB from the same dump.  Prints a section of Markdown.
#
# RUNS says how many runs each number is the median of.
set -euo pipefail

cd "$(dirname "$0")/../.."
# shellcheck source=tests/bench/lib.bash
. tests/bench/lib.bash

runs=${RUNS:-7}
charts=../shared/data/charts_eu5_2019-2020

prepare() {
	if [[ -e $charts.playlists.ndjson.gz ]]; then
		what='The weekly charts of five countries in 2019 and 2020'
		zcat "$charts.playlists.ndjson.gz" >"$work/dump"
		zcat "$charts.features.ndjson.gz" >"$work/features"
	else
		what='Generated playlists'
		generate -p 415 -i 200 playlists >"$work/dump"
		generate -p 415 -i 200 features >"$work/features"
	fi
	tracks >"$work/items"
	features >"$work/featured"
}

tracks() {
	spot-tracks --offline "$work/dump"
}

features() {
	spot-features -P "file:$work/features" "${1:-$work/items}"
}

by_etl() {
	etl --by country "${1:-$work/featured}"
}

pipeline() {
	tracks | features /dev/stdin | by_etl /dev/stdin
}

by_duckdb() {
	"$venv/bin/python" tests/bench/pipeline.py "$work/dump" \
		"$work/features" "$work" "$1"
}

measure() {
	local i
	for ((i = 0; i < runs; i++)); do
		take tracks tracks
		take features features
		take etl by_etl
		take pipeline pipeline
		take duckdb by_duckdb 2
		take start "$venv/bin/python" -c 'import duckdb'
	done
}

row() {
	echo "| $2 | $(median "$1") | $(ratio pipeline "$1") | $(processor "$1") |"
}

# shellcheck disable=SC2016
section() {
	cat <<-END
		## pipeline

		$what, $(wc -l <"$work/dump") playlists of $(wc -l <"$work/items") records, $(($(stat -c %s "$work/dump") / 1000000)) MB; medians of $runs runs.

		| | seconds | pipeline to it | processor seconds |
		|---|---|---|---|
	END
	row pipeline '`spot-tracks | spot-features | etl`'
	row tracks '`spot-tracks` alone'
	row features '`spot-features` alone'
	row etl '`etl` alone'
	row duckdb 'DuckDB, 2 threads: mean and deviation by country and week, and by playlist'
	row start 'of which Python and DuckDB take to start'
	cat <<-END

		DuckDB does less: it is not asked for daily sums, intervals, shares of the quadrants and effects, which \`etl\` writes too.
	END
}

main() {
	work=$(mktemp -d)
	trap 'rm -rf "$work"' EXIT
	need_duckdb
	prepare
	measure
	section
}

main "$@"

#!/usr/bin/env bash
#
# features.sh: the table of audio features in spot-features against DuckDB's and
# Python's.  Prints a section of Markdown.
#
# N says how many tracks; the file of them takes 3 GB for 10 million, in TMPDIR.
set -euo pipefail

cd "$(dirname "$0")/../.."
# shellcheck source=tests/bench/lib.bash
. tests/bench/lib.bash

n=${N:-10000000}
few=$((n / 10)) # the tracks that Python is given, and the items

prepare() {
	generate -l "$n" tracks >"$work/table"
	head -n "$few" "$work/table" >"$work/some"
	sed -nE '1~10 s/.*"id":"([^"]*)".*/{"type":"item","track_id":"\1"}/p' \
		"$work/table" | shuf >"$work/items"
}

# The seconds until the first item is written, and until all are, and the peak.
by_spot() {
	local start=$EPOCHREALTIME
	/usr/bin/time -o "$work/peak" -f %M \
		spot-features -P "file:$work/table" "$work/items" | {
		read -r _
		awk -v start="$start" -v first="$EPOCHREALTIME" \
			-v last="$(cat >/dev/null && echo "$EPOCHREALTIME")" \
			'BEGIN { printf "%.3f %.3f ", first - start, last - first }'
	}
	awk '{ printf "%.0f\n", $1 / 1024 }' "$work/peak"
}

# A row: what, its tracks, the seconds to load them, those of the items, MB.
row() {
	awk -v what="$1" -v tracks="$2" -v load="$3" -v items="$4" -v mb="$5" \
		-v few="$few" 'BEGIN {
		printf "| %s | %.1f | %d | %d | %.1f | %d |\n", what, tracks / 1e6,
			mb, mb * 1024 * 1024 / tracks, load, few / items / 1000
	}'
}

# shellcheck disable=SC2016
section() {
	local load items mb
	cat <<-END
		## features

		The audio features of many tracks, from NDJSON, and $few items in no order that are given theirs.

		| | million tracks | peak MB | bytes a track | load, s | thousand items/s |
		|---|---|---|---|---|---|
	END
	read -r load items mb < <(by_spot)
	row '`spot-features -P file:`' "$n" "$load" "$items" "$mb"
	read -r load items mb < <("$venv/bin/python" tests/bench/features.py \
		duckdb "$work/table" "$work/items" "$work/out")
	row 'DuckDB, a table in memory and a join' "$n" "$load" "$items" "$mb"
	read -r load items mb < <("$venv/bin/python" tests/bench/features.py \
		dict "$work/some" "$work/items" "$work/out")
	row 'Python, a dict of tuples' "$few" "$load" "$items" "$mb"
}

main() {
	work=$(mktemp -d)
	trap 'rm -rf "$work"' EXIT
	need_duckdb
	prepare
	section
}

main "$@"

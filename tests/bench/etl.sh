#!/usr/bin/env bash
#
# etl.sh: etl against DuckDB, Miller, jq and a bare C scan.  Prints a section of
# Markdown.
#
# FULL and FEW say how many items with about 180 markets, and with 1 to 5; RUNS
# how many runs each number is the median of.
set -euo pipefail

cd "$(dirname "$0")/../.."
# shellcheck source=tests/bench/lib.bash
. tests/bench/lib.bash

full=${FULL:-200000}
few=${FEW:-2000000}
runs=${RUNS:-3}
slow=2000 # the items that jq and Miller are given

by_etl() {
	etl --by market -j "$2" "$1"
}

by_scan() {
	taskset -c 0 "$build/tests/bench/scan" "$1"
}

by_duckdb() {
	if (($2 == 1)); then
		taskset -c 0 "$venv/bin/python" tests/bench/etl.py "$1" 1
	else
		"$venv/bin/python" tests/bench/etl.py "$1" "$2"
	fi
}

# Only two of the features.
by_jq() {
	jq -r '.added_at[:10] as $day | .valence as $v | .energy as $e |
		.available_markets | split(",")[] | "\(.) \($day) \($v) \($e)"' "$1" |
		awk '{ k = $1 " " $2; n[k]++; v[k] += $3; e[k] += $4 }
			END { for (k in n) print k, v[k] / n[k], e[k] / n[k] }'
}

# shellcheck disable=SC1010,SC2016
by_miller() {
	mlr --ijsonl --ojson cut -f added_at,valence,energy,available_markets \
		then nest --explode --values --across-records -f available_markets \
		--nested-fs , then put '$day = substr($added_at, 0, 9)' \
		then stats1 -a count,mean -f valence,energy \
		-g available_markets,day "$1"
}

# Everything once; the runs take turns, so that all have the same machine.
measure_all() {
	take etl1 by_etl "$1" 1
	take duckdb1 by_duckdb "$1" 1
	take scan by_scan "$1"
	take etl2 by_etl "$1" 2
	take duckdb2 by_duckdb "$1" 2
	take miller by_miller "$2"
	take jq by_jq "$2"
}

# A row: what, the name of its times, how many items, and that of etl's, which
# had $items.
row() {
	awk -v what="$1" -v n="$3" -v items="$items" -v wall="$(median "$2")" \
		-v cpu="$(processor "$2")" -v etl_wall="$(median "$4")" \
		-v etl_cpu="$(processor "$4")" 'BEGIN {
		printf "| %s | %d | %.1f | %.2f | %.1f |\n", what, n / wall / 1000,
			(items / etl_wall) / (n / wall), cpu * 1e6 / n,
			(cpu / n) / (etl_cpu / items)
	}'
}

# The peak memory of etl in MB, by so many threads.
peak() {
	/usr/bin/time -f %M etl --by market -j "$2" "$1" 2>&1 >/dev/null |
		awk 'END { printf "%d", $1 / 1024 }'
}

# shellcheck disable=SC2016
shape() {
	local name=$1 file=$work/$1 i
	items=$2
	"$build/tests/generate" -l "$items" -S "$name" items >"$file"
	head -n "$slow" "$file" >"$work/some"
	rm -f "$work/taken"
	for ((i = 0; i < runs; i++)); do
		measure_all "$file" "$work/some"
	done
	cat <<-END

		$name: $items items, $(($(stat -c %s "$file") / items)) bytes each; peak memory $(peak "$file" 1) MB, $(peak "$file" 2) MB at \`-j 2\`.

		| $name | thousand items/s | etl to it, on as many cores | CPU µs an item | etl to it |
		|---|---|---|---|---|
	END
	row '`etl`' etl1 "$items" etl1
	row '`etl -j 2`' etl2 "$items" etl2
	row 'DuckDB, 1 core' duckdb1 "$items" etl1
	row 'DuckDB, 2 cores' duckdb2 "$items" etl2
	row 'C by hand, 1 core' scan "$items" etl1
	row "Miller, two features, $slow items" miller "$slow" etl1
	row "jq and awk, two features, $slow items" jq "$slow" etl1
	printf '\n`-j 2` is %s times as fast.\n' "$(ratio etl2 etl1)"
	rm "$file"
}

main() {
	work=$(mktemp -d)
	trap 'rm -rf "$work"' EXIT
	need_duckdb
	cat <<-END
		## etl

		All that \`etl --by market\` writes, of all eleven features, against n, mean and variance of them by
		market and week; medians of $runs runs that took turns. C by hand is tests/bench/scan.c, which
		checks nothing and adds up doubles.
	END
	shape full "$full"
	shape few "$few"
}

main "$@"

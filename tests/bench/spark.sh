#!/usr/bin/env bash
#
# spark.sh: etl_spark.py against the same in Spark SQL, and what a million items
# cost with it and without.  Prints a section of Markdown.
#
# MILLIONS says how large the lakes are; RUNS how many runs each number is the
# median of.  The largest lake takes 14 GB, in TMPDIR.
set -euo pipefail

cd "$(dirname "$0")/../.."
# shellcheck source=tests/bench/lib.bash
. tests/bench/lib.bash

read -ra millions <<<"${MILLIONS:-1 2 5 10 20}"
runs=${RUNS:-3}
compared=5 # million items
cores=2
venv=build/spark/venv

submit() {
	rm -rf "$work/out"
	spark-submit --master "local[$cores]" --conf spark.ui.enabled=false "$@"
}

by_etl_spark() { # country, isrc or market; files
	submit scripts/etl_spark.py --by "$1" -o "$work/out" "${@:2}"
}

by_sql() {
	submit tests/bench/spark.py "$work/out" "$@"
}

by_parallel() {
	parallel -j "$cores" --pipepart --block -1 "${@/#/-a}" \
		etl --partial | etl --merge
}

# A file of a million items for each million.
make_lake() {
	local i
	mkdir "$work/lake"
	for ((i = 0; i < $1; i++)); do
		"$build/tests/generate" -l 1000000 -s "$i" items \
			>"$work/lake/$(printf %03d "$i").ndjson"
	done
}

compare() {
	local files=("${lake[@]:0:compared}") ours sql
	ours=$(median_of by_etl_spark market "${files[@]}")
	sql=$(median_of by_sql "${files[@]}")
	cat <<-END

		All that \`etl --by market\` writes, against n, mean and variance of the eleven features by market and week
		in Spark SQL (from_json, explode, group by), $compared million items, start of Spark included:

		| | seconds | \`etl_spark.py\` to it |
		|---|---|---|
	END
	awk -v a="$ours" -v b="$sql" 'BEGIN {
		printf "| `etl_spark.py` | %.1f | 1 |\n| Spark SQL | %.1f | %.1f |\n",
			a, b, b / a
	}'
}

# What a million items cost beyond the smallest lake: the start of Spark, its code
# compiled as it runs, and the days, which are as many in every lake, left out.
curve() {
	local first n t
	cat <<-END

		| million items | seconds | a million more |
		|---|---|---|
	END
	for n in "${millions[@]}"; do
		t=$(median_of by_etl_spark country "${lake[@]:0:n}")
		first=${first:-$t}
		awk -v n="$n" -v t="$t" -v first="$first" -v smallest="${millions[0]}" '
		BEGIN {
			more = n == smallest ? "" : sprintf("%.2f", (t - first) / (n - smallest))
			printf "| %d | %.1f | %s |\n", n, t, more
		}'
	done
}

# The largest lake without Spark; the bytes must be those with it.
without() {
	local n=${#lake[@]} one two pieces
	one=$(median_of etl "${lake[@]}")
	two=$(median_of etl -j "$cores" "${lake[@]}")
	pieces=$(median_of by_parallel "${lake[@]}")
	etl -j "$cores" "${lake[@]}" |
		cmp - <(cat "$work"/out/part-* "$work/out/run.ndjson")
	cat <<-END

		The same $n million items, and the same bytes, without Spark:

		| | seconds | a million items |
		|---|---|---|
	END
	awk -v n="$n" -v one="$one" -v two="$two" -v pieces="$pieces" \
		-v cores="$cores" 'BEGIN {
			printf "| `etl` | %.1f | %.2f |\n", one, one / n
			printf "| `etl -j %d` | %.1f | %.2f |\n", cores, two, two / n
			printf "| `parallel -j %d ... etl --partial`, `etl --merge` | %.1f | %.2f |\n",
				cores, pieces, pieces / n
		}'
}

main() {
	PATH=$PWD/$venv/bin:$PATH
	if [[ ! -x $venv/bin/spark-submit ]] || ! command -v java >/dev/null; then
		echo 'spark.sh: Spark is not here: scripts/bootstrap.sh --spark' >&2
		exit 77
	fi
	work=$(mktemp -d)
	trap 'rm -rf "$work"' EXIT
	make_lake "${millions[-1]}"
	lake=("$work"/lake/*)
	cat <<-END
		## spark

		Spark $(spark-submit --version 2>&1 | sed -n 's/.* version \([0-9.]*\)$/\1/p') on $cores cores of this machine; items with 1 to 5 markets, $(($(stat -c %s "${lake[0]}") / 1000000)) bytes each; medians of $runs runs.
	END
	compare
	curve
	without
}

main "$@"

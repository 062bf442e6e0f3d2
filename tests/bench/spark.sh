#!/usr/bin/env bash
#
# spark.sh: etl_spark.py against the same in Spark SQL, and what a million items
# cost with it and without.  Prints a section of Markdown.
#
# MILLIONS says how large the lakes are, COMPARED how much of them Spark SQL gets
# to do, RUNS how many runs each number is the median of.  The largest lake takes
# 14 GB, in TMPDIR; what Spark keeps beside it 4 GB.
set -euo pipefail

cd "$(dirname "$0")/../.."
# shellcheck source=tests/bench/lib.bash
. tests/bench/lib.bash

read -ra millions <<<"${MILLIONS:-1 2 5 10 20}"
runs=${RUNS:-3}
compared=${COMPARED:-10} # million items
cores=2
venv=build/spark/venv

say() {
	echo "spark.sh: $((SECONDS / 60)) min: $*" >&2
}

# What runs below a process ends, lest it go on writing.
end_below() {
	local child
	for child in $(pgrep -P "$1"); do
		end_below "$child"
		kill "$child" 2>/dev/null || true
	done
}

clean_up() {
	end_below $$
	until rm -rf "$work" 2>/dev/null; do sleep 0.2; done
}

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

# A file of a million items for each million; on the disk, so that nothing is
# measured while it is being written.
make_lake() {
	local i
	say "a lake of $1 million items"
	mkdir "$work/lake"
	for ((i = 0; i < $1; i++)); do
		generate -l 1000000 -s "$i" items \
			>"$work/lake/$(printf %03d "$i").ndjson"
	done
	sync "$work"/lake/*
}

row() { # noted name, command, million items
	awk -v command="$2" -v n="$3" -v t="$(median "$1")" \
		'BEGIN { printf "| `%s` | %.1f | %.2f |\n", command, t, t / n }'
}

compare() {
	local files=("${lake[@]:0:compared}") i
	for ((i = 1; i <= runs; i++)); do
		say "comparison $i of $runs"
		take ours by_etl_spark market "${files[@]}"
		take sql by_sql "${files[@]}"
	done
	cat <<-END

		All that \`etl --by market\` writes, against n, mean and variance of the eleven features by market and week
		in Spark SQL (from_json, explode, group by), $compared million items, start of Spark included;
		\`etl_spark.py\` is $(ratio ours sql) times as fast:

		| | seconds | a million items |
		|---|---|---|
	END
	row ours etl_spark.py "$compared"
	row sql spark.py "$compared"
}

# What a million items cost beyond the smallest lake: the start of Spark, its code
# compiled as it runs, and the days, which are as many in every lake, left out.
curve() {
	local i n first=${millions[0]}
	for ((i = 1; i <= runs; i++)); do
		for n in "${millions[@]}"; do
			say "curve $i of $runs, $n million items"
			take "spark$n" by_etl_spark country "${lake[@]:0:n}"
		done
	done
	cat <<-END

		| million items | seconds | a million more |
		|---|---|---|
	END
	for n in "${millions[@]}"; do
		awk -v n="$n" -v t="$(median "spark$n")" -v first="$first" \
			-v start="$(median "spark$first")" 'BEGIN {
				more = n == first ? "" : sprintf("%.2f", (t - start) / (n - first))
				printf "| %d | %.1f | %s |\n", n, t, more
			}'
	done
}

# The largest lake without Spark; the bytes must be those with it.
without() {
	local n=${#lake[@]} i
	say 'without Spark'
	etl -j "$cores" "${lake[@]}" |
		cmp - <(cat "$work"/out/part-* "$work/out/run.ndjson")
	for ((i = 0; i < runs; i++)); do
		take one etl "${lake[@]}"
		take cores etl -j "$cores" "${lake[@]}"
		take pieces by_parallel "${lake[@]}"
	done
	cat <<-END

		The same $n million items, and the same bytes, without Spark:

		| | seconds | a million items |
		|---|---|---|
	END
	row one etl "$n"
	row cores "etl -j $cores" "$n"
	row pieces "parallel -j $cores ... etl --partial\`, \`etl --merge" "$n"
}

main() {
	PATH=$root/$venv/bin:$PATH
	if [[ ! -x $venv/bin/spark-submit ]] || ! command -v java >/dev/null; then
		echo 'spark.sh: Spark is not here: scripts/bootstrap.sh --spark' >&2
		exit 77
	fi
	work=$(mktemp -d)
	trap clean_up EXIT
	export SPARK_LOCAL_DIRS=$work SPARK_LOCAL_IP=127.0.0.1
	make_lake "${millions[-1]}"
	lake=("$work"/lake/*)
	cat <<-END
		## spark

		Spark $(spark-submit --version 2>&1 | sed -n 's/.* version \([0-9.]*\)$/\1/p') on $cores cores of this machine; items with 1 to 5 markets, $(($(stat -c %s "${lake[0]}") / 1000000)) bytes each; medians of $runs runs, in turns.
	END
	compare
	curve
	without
}

main "$@"

#!/usr/bin/env bash
#
# etl.sh: etl against DuckDB, Miller and jq.  Prints a section of Markdown.
#
# FULL and FEW say how many items with about 180 markets, and with 1 to 5; RUNS
# how many runs each number is the median of.
set -euo pipefail

full=${FULL:-100000}
few=${FEW:-1000000}
runs=${RUNS:-3}
slow=2000 # the items that jq and Miller are given
build=${BUILD:-build}
venv=$build/bench/venv

by_etl() {
	etl --by market -j "$2" "$1"
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

# The median of the seconds that a command takes.
seconds() {
	local TIMEFORMAT=%R i
	for ((i = 0; i < runs; i++)); do
		{ time "$@" >/dev/null 2>&1; } 2>&1
	done | sort -n | sed -n "$((runs / 2 + 1))p"
}

# A row: what, the seconds, how many items, and the seconds of etl for $items.
row() {
	awk -v what="$1" -v t="$2" -v n="$3" -v etl="$4" -v items="$items" 'BEGIN {
		printf "| %s | %d | %.1f |\n", what, n / t / 1000,
			(items / etl) / (n / t)
	}'
}

# shellcheck disable=SC2016
shape() {
	local name=$1 one two peak
	items=$2
	"$build/tests/generate" -l "$items" -S "$name" items >"$work/$name"
	head -n "$slow" "$work/$name" >"$work/some"
	one=$(seconds by_etl "$work/$name" 1)
	two=$(seconds by_etl "$work/$name" 2)
	peak=$(/usr/bin/time -f %M etl --by market -j 2 "$work/$name" \
		2>&1 >/dev/null | tail -n 1)
	cat <<-END

		$name: $items items, $(($(stat -c %s "$work/$name") / items)) bytes each; peak memory $((peak / 1024)) MB at \`-j 2\`.

		| $name | thousand items/s | etl to it, on as many cores |
		|---|---|---|
	END
	row '`etl`' "$one" "$items" "$one"
	row '`etl -j 2`' "$two" "$items" "$two"
	row 'DuckDB, 1 core' "$(seconds by_duckdb "$work/$name" 1)" "$items" "$one"
	row 'DuckDB, 2 cores' "$(seconds by_duckdb "$work/$name" 2)" "$items" "$two"
	row "Miller, two features, $slow items" \
		"$(seconds by_miller "$work/some")" "$slow" "$one"
	row "jq and awk, two features, $slow items" \
		"$(seconds by_jq "$work/some")" "$slow" "$one"
	awk -v a="$one" -v b="$two" \
		'BEGIN { printf "\n`-j 2` is %.2f times as fast.\n", a / b }'
}

main() {
	cd "$(dirname "$0")/../.."
	PATH=$PWD/$build/bin:$PATH
	work=$(mktemp -d)
	trap 'rm -rf "$work"' EXIT
	if [[ ! -x $venv/bin/python ]]; then
		python3 -m venv "$venv"
	fi
	"$venv/bin/pip" --quiet install duckdb==1.4.2 >&2
	cat <<-END
		## etl

		All that \`etl --by market\` writes, of all eleven features, against n, mean and variance of them by
		market and week; medians of $runs runs.
	END
	shape full "$full"
	shape few "$few"
}

main "$@"

#!/usr/bin/env bash
#
# filters.sh: records that pass through the filters against cat, and how long
# each program takes to start.  Prints a section of Markdown.
#
# N says how many items, RUNS how many runs each number is the median of.
set -euo pipefail

cd "$(dirname "$0")/../.."
# shellcheck source=tests/bench/lib.bash
. tests/bench/lib.bash

n=${N:-500000}
runs=${RUNS:-7}

prepare() {
	generate -l "$n" items >with
	sed -E 's/,"danceability".*"features_source":"spotify"//' with >without
	generate -l $((n / 5 + 1000)) tracks >table
	: >nothing
	awk -F '[:,]' '{
		features = $2
		for (i = 4; i <= 24; i += 2)
			features = features "," $i
		gsub(/"/, "", $28)
		printf "HSET spot:features %s %s\r\n", $28, features
	}' table | redis-cli -s "${REDIS_URL#unix://}" --pipe >&2
}

# A file through a command, by pipes.
through() {
	# shellcheck disable=SC2002
	cat "$1" | "${@:2}" | cat
}

measure() {
	local i
	for ((i = 0; i < runs; i++)); do
		take cat through with cat
		take grep through with grep -c .
		take features through with spot-features -P file:nothing
		take dedup through with redis-dedup
		take tracks through with spot-tracks --offline
		take cat_without through without cat
		take file through without spot-features -P file:table
		take redis through without spot-features -P redis
		take load spot-features -P file:table nothing
	done
}

bytes() {
	echo $(($(stat -c %s "$1") / n))
}

row() {
	echo "| $2 | $(rate "$1" "$n") | $(ratio "$1" "$3") | $(processor "$1") |"
}

# How long a command takes.
start_row() {
	local ms
	ms=$(hyperfine -N --warmup 10 --runs 200 --style none --export-json times \
		"$*" >/dev/null 2>&1 &&
		jq '.results[0].median * 1000 * 100 | round / 100' times)
	echo "| \`$*\` | $ms |"
}

# shellcheck disable=SC2016
section() {
	cat <<-END
		## filters

		$n items through pipes, \`cat items | filter | cat\`, medians of $runs runs.

		| | thousand items/s | to \`cat\` | processor seconds, \`cat\`s too |
		|---|---|---|---|
	END
	row cat "\`cat\`, items with features, $(bytes with) bytes each" cat
	row features '`spot-features`: they have features, and pass' cat
	row dedup '`redis-dedup`: they are no playlists, and pass' cat
	row tracks '`spot-tracks`: they are no playlists, and pass' cat
	row grep '`grep -c .`' cat
	row cat_without "\`cat\`, items without, $(bytes without) bytes each" \
		cat_without
	row file '`spot-features`: features from a file, read first' cat_without
	row redis '`spot-features`: features from Redis' cat_without
	cat <<-END

		To read that file of $(wc -l <table) tracks takes $(median load) s of it, $(processor load) s of a processor.

		| from the start to the end, with nothing to do | ms |
		|---|---|
	END
	start_row spot-search --dry-run -q covid
	start_row redis-dedup nothing
	start_row spot-tracks --offline nothing
	start_row spot-features -P file:nothing nothing
	start_row etl nothing
	for program in plot pg-load pg-backup; do
		start_row "$program" --version
	done
}

main() {
	start_services redis
	prepare
	measure
	section
}

main "$@"

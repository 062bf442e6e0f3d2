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
	sed 's/.*"track_id":"\([^"]*\)".*/\1/' without | awk '!seen[$0]++' >ids
	generate -l $((n / 5 + 1000)) tracks >table
	: >nothing
	awk -F '[:,]' '{
		features = $2
		for (i = 4; i <= 24; i += 2)
			features = features "," $i
		gsub(/"/, "", $28)
		printf "HSET spot:features %s %s\r\n", $28, features
	}' table | redis-cli -s "$socket" --pipe >&2
}

# A file through a command, by pipes.
through() {
	# shellcheck disable=SC2002
	cat "$1" | "${@:2}" | cat
}

# The seconds that a bare client takes to ask for the tracks of the items.
bare() {
	"$root/$build/tests/bench/hmget" "$socket" spot:features 1000 <ids |
		cut -d ' ' -f 2
}

# The seconds of a processor that Redis itself has used.
server() {
	redis-cli -s "$socket" info cpu | tr -d '\r' |
		awk -F : '/^used_cpu_(user|sys):/ { s += $2 } END { print s }'
}

through_redis() {
	local before
	before=$(server)
	take redis through without spot-features -P redis
	echo "server 0 $before $(server)" |
		awk '{ printf "%s %d %.3f 0\n", $1, $2, $4 - $3 }' >>"$work/taken"
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
		through_redis
		echo "bare $(bare)" >>"$work/taken"
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
	echo "| a bare hiredis client, HMGET of their $(wc -l <ids) tracks by 1000" \
		"| $(rate bare "$n") | $(ratio bare cat_without) | |"
	cat <<-END

		Redis itself takes $(processor server) s of a processor more.
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
	socket=${REDIS_URL#unix://}
	prepare
	measure
	section
}

main "$@"

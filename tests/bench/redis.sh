#!/usr/bin/env bash
#
# redis.sh: redis-dedup against a bare hiredis client, redis-cli --pipe and
# redis-benchmark.  Prints a section of Markdown.
#
# N says how many playlists, RUNS how many runs each number is the median of.
set -euo pipefail

cd "$(dirname "$0")/../.."
# shellcheck source=tests/bench/lib.bash
. tests/bench/lib.bash

n=${N:-1000000}
runs=${RUNS:-5}
key=bench

prepare() {
	awk -v n="$n" 'BEGIN {
		srand(38)
		letters = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		for (i = 0; i < n; i++) {
			id = ""
			for (j = 0; j < 22; j++)
				id = id substr(letters, int(rand() * 62) + 1, 1)
			print id
		}
	}' >ids
	awk '{ printf "{\"type\":\"playlist\",\"id\":\"%s\",\"snapshot_id\":\"MT%s\"," \
		"\"name\":\"Corona %d\",\"description\":\"songs for the quarantine\"," \
		"\"owner\":\"listener%d\",\"tracks_total\":%d,\"country\":\"IT\"," \
		"\"query\":\"covid\",\"fetched_at\":\"2026-11-24T22:00:00Z\"}\n",
		$1, $1, NR, NR, NR % 300 }' ids >playlists
	awk '{ printf "{\"type\":\"done\",\"playlist_id\":\"%s\"," \
		"\"snapshot_id\":\"MT%s\",\"items\":9,\"skipped\":0}\n", $1, $1 }' \
		ids >dones
	awk -v key="$key" '{ printf "*4\r\n$4\r\nHSET\r\n$%d\r\n%s\r\n$22\r\n%s\r\n" \
		"$35\r\n1764000000 MT%s\r\n", length(key), key, $1, $1 }' ids >protocol
}

redis() {
	redis-cli -s "$socket" "$@"
}

forget() {
	redis del "$key" >/dev/null
}

mark() {
	redis-dedup --mark -k "$key" dones
}

known_or_new() {
	redis-dedup -k "$key" playlists
}

pipe() {
	redis-cli -s "$socket" --pipe <protocol
}

benchmark() {
	redis-benchmark -s "$socket" -c 1 -P 1000 -n "$n" -r "$n" -q "$@"
}

bare() {
	"$root/$build/tests/bench/hmget" "$socket" "$key" "$1" <"$2" |
		cut -d ' ' -f 2
}

measure() {
	local i
	for ((i = 0; i < runs; i++)); do
		forget
		take pipe pipe
		forget
		take new known_or_new
		take mark mark
		take known known_or_new
		echo "bare $(bare 1000 ids)" >>"$work/taken"
		# As if all ids had been asked for.
		echo "single $(bare 1 some | awk -v n="$n" '{ print $1 * n / 20000 }')" \
			>>"$work/taken"
		take benchmark benchmark HSET other __rand_int__ 1
	done
}

row() {
	echo "| $2 | $(rate "$1" "$n") | ${3:+$(ratio "$3" "$1")} |"
}

# shellcheck disable=SC2016
section() {
	cat <<-END
		## redis

		$n playlists, Redis on a unix socket, thousand playlists a second; medians of $runs runs.

		| | thousand/s | redis-dedup to it |
		|---|---|---|
	END
	row known '`redis-dedup`, known'
	row bare 'bare hiredis client, HMGET by 1000' known
	row single 'the same, one at a time' known
	row new '`redis-dedup`, new'
	row mark '`redis-dedup --mark`'
	row pipe '`redis-cli --pipe`, the same HSET ready-made' mark
	row benchmark '`redis-benchmark -P 1000`, HSET' mark
	cat <<-END

		Memory of \`redis-dedup\`: $(($(/usr/bin/time -f %M redis-dedup -k "$key" playlists 2>&1 >/dev/null | tail -n 1) / 1024)) MB.
	END
}

main() {
	start_services redis
	socket=${REDIS_URL#unix://}
	prepare
	head -n 20000 ids >some
	measure
	section
}

main "$@"

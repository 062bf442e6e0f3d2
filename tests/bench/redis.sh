#!/usr/bin/env bash
#
# redis.sh: redis-dedup against a bare hiredis client, redis-cli --pipe,
# redis-benchmark and cat.  Prints a section of Markdown.
#
# N says how many playlists, RUNS how many runs each number is the median of.
set -euo pipefail

n=${N:-1000000}
runs=${RUNS:-5}
build=${BUILD:-build}
key=bench
PATH=$PWD/$build/bin:$PATH

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
	"$root/$build/tests/generate" -l "$n" items >stream
}

redis() {
	redis-cli -s "$socket" "$@"
}

# The seconds that a command takes.
seconds() {
	local TIMEFORMAT=%R
	{ time "$@" >/dev/null 2>&1; } 2>&1
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

route() {
	# shellcheck disable=SC2002
	cat stream | "$@" | cat
}

measure() {
	local i
	for ((i = 0; i < runs; i++)); do
		forget
		echo "pipe $(seconds pipe)"
		forget
		echo "new $(seconds known_or_new)"
		echo "mark $(seconds mark)"
		echo "known $(seconds known_or_new)"
		echo "bare $(bare 1000 ids)"
		echo "single $(bare 1 some)"
		echo "benchmark $(seconds benchmark HSET other __rand_int__ 1)"
		echo "cat $(seconds route cat)"
		echo "route $(seconds route redis-dedup -k "$key")"
	done
}

# The median of the times of a name, and a rate of n in thousands.
median() {
	awk -v name="$1" '$1 == name { print $2 }' taken | sort -n |
		sed -n "$((runs / 2 + 1))p"
}

rate() {
	awk -v n="$2" -v t="$(median "$1")" 'BEGIN { printf "%d", n / t / 1000 }'
}

ratio() {
	awk -v a="$(rate "$1" "$n")" -v b="$(rate "$2" "$3")" \
		'BEGIN { printf "%.2f", a / b }'
}

section() {
	cat <<-END
		## redis

		$n playlists, Redis on a unix socket, thousand playlists a second; medians of $runs runs.

		| | thousand/s | redis-dedup to it |
		|---|---|---|
		| \`redis-dedup\`, known | $(rate known "$n") | |
		| bare hiredis client, HMGET by 1000 | $(rate bare "$n") | $(ratio known bare "$n") |
		| the same, one at a time | $(rate single 20000) | $(ratio known single 20000) |
		| \`redis-dedup\`, new | $(rate new "$n") | |
		| \`redis-dedup --mark\` | $(rate mark "$n") | |
		| \`redis-cli --pipe\`, the same HSET ready-made | $(rate pipe "$n") | $(ratio mark pipe "$n") |
		| \`redis-benchmark -P 1000\`, HSET | $(rate benchmark "$n") | $(ratio mark benchmark "$n") |
		| \`redis-dedup\`, items that pass | $(rate route "$n") | |
		| \`cat\` | $(rate cat "$n") | $(ratio route cat "$n") |

		Memory of \`redis-dedup\`: $(($(/usr/bin/time -f %M redis-dedup -k "$key" playlists 2>&1 >/dev/null | tail -n 1) / 1024)) MB.
	END
}

main() {
	root=$PWD
	services=$(mktemp -d /tmp/spot-bench.XXXXXX)
	folder=$(mktemp -d)
	trap '"$root/scripts/services.sh" stop "$services"; rm -rf "$services" "$folder"' EXIT
	SPOT_FSYNC=off scripts/services.sh start "$services" redis
	eval "$(scripts/services.sh env "$services")"
	socket=${REDIS_URL#unix://}
	cd "$folder"
	prepare
	head -n 20000 ids >some
	measure >taken
	section
}

main "$@"

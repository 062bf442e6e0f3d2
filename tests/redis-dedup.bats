#!/usr/bin/env bats
#
# redis-dedup: only the playlists that are new or have changed.

load helper

setup_file() {
	start_services redis
}

teardown_file() {
	stop_services
}

# Each test has a key of its own.
setup() {
	key=$BATS_TEST_NUMBER
	cd "$BATS_TEST_TMPDIR" || return
}

redis() {
	redis-cli -s "${REDIS_URL#unix://}" "$@"
}

dedup() {
	redis-dedup -k "$key" "$@"
}

playlist() {
	echo "{\"type\":\"playlist\",\"id\":\"$1\",\"snapshot_id\":\"$2\"}"
}

done_record() {
	echo "{\"type\":\"done\",\"playlist_id\":\"$1\",\"snapshot_id\":\"$2\",\"items\":1,\"skipped\":0}"
}

@test "26, 33: a playlist is left out once its done has been marked" {
	playlist a 1 >list
	dedup list >out
	cmp list out
	dedup list >out
	cmp list out
	done_record a 1 >marks
	dedup --mark marks >out
	cmp marks out
	dedup list >out
	[ ! -s out ]
}

@test "a playlist that has changed passes, and its new snapshot can be marked" {
	done_record a 1 | dedup --mark
	playlist a 2 >list
	dedup list >out
	cmp list out
	done_record a 2 | dedup --mark
	dedup list >out
	[ ! -s out ]
	playlist a 1 >list
	dedup list >out
	cmp list out
	run -0 redis hlen "$key"
	assert_output 1
}

@test "the hash holds the time, in seconds, and the snapshot" {
	before=$(date +%s)
	done_record a MTgsYmZjZTU4 | dedup --mark
	read -r when snapshot <<<"$(redis hget "$key" a)"
	assert_equal "$snapshot" MTgsYmZjZTU4
	((before <= when && when <= $(date +%s)))
}

@test "only the playlists that are known are left out, the rest keeps its order" {
	for id in b d f; do
		done_record "$id" 1
	done | dedup --mark
	for id in a b c d e f; do
		playlist "$id" 1
		echo "{\"type\":\"note\",\"behind\":\"$id\"}"
	done >list
	grep -vE 'playlist.*"[bdf]"' list >expected
	dedup list >out
	cmp expected out
}

@test "without --mark nothing is written; with it only what is done" {
	{
		playlist a 1
		done_record b 1
	} >list
	dedup list >out
	cmp list out
	run -0 redis exists "$key"
	assert_output 0
	dedup --mark list >out
	cmp list out
	run -0 redis hkeys "$key"
	assert_output b
}

@test "records without an id or a snapshot pass, and are not marked" {
	cat >list <<-'END'
		{"type":"playlist","snapshot_id":"1"}
		{"type":"playlist","id":"a"}
		{"type":"playlist","id":"a","snapshot_id":null}
		{"type":"playlist","id":"","snapshot_id":"1"}
		{"type":"playlist","id":"a","snapshot_id":""}
		{"type":"playlist","id":1,"snapshot_id":["1"]}
		{"type":"done","playlist_id":"a"}
		{"type":"done","playlist_id":"a","snapshot_id":null}
		{"type":"done","snapshot_id":"1"}
		{"type":"done","id":"a","snapshot_id":"1"}
	END
	dedup list >out
	cmp list out
	dedup --mark list >out
	cmp list out
	run -0 redis exists "$key"
	assert_output 0
}

@test "windows: thousands of playlists among other records" {
	jq -nc 'range(7000) | if . % 7 < 5 then
		{type: "playlist", id: "p\(.)", snapshot_id: "s\(. % 3)"}
		else {type: "note", n: .} end' >list
	jq -c 'select(.type == "playlist") | {type: "done", playlist_id: .id,
		snapshot_id: "s0", items: 1, skipped: 0}' list | dedup --mark >marks
	run -0 wc -l <marks
	assert_output 5000
	grep -v '"s0"' list >expected
	run -0 bash -c "redis-dedup -k $key list 2>&1 >/dev/null"
	assert_output "redis-dedup: 5000 playlists, 1667 of them known"
	dedup list >out
	cmp expected out
}

@test "a playlist longer than a window's memory" {
	done_record a 1 | dedup --mark
	for id in a b; do
		printf '{"type":"playlist","id":"%s","snapshot_id":"1","name":"' "$id"
		head -c 3M /dev/zero | tr '\0' x
		echo '"}'
		playlist c 1
	done >list
	sed 1d list >expected
	dedup list >out
	cmp expected out
}

@test "escapes are read: the same id written in two ways is the same" {
	done_record '\u0061\"\u0000\ud83d\ude37' '1 \u00e9' | dedup --mark
	run -0 redis --no-raw hkeys "$key"
	assert_output --partial '"a\"\x00\xf0\x9f\x98\xb7"'
	playlist 'a\"\u0000😷' '1 é' | dedup >out
	[ ! -s out ]
	playlist 'a\"\u0000😷' '1 e' >list
	dedup list >out
	cmp list out
}

@test "26: --max-age: what was marked too long ago passes" {
	now=$(date +%s)
	redis hset "$key" new "$((now - 5000)) 1" old "$((now - 8000)) 1"
	{
		playlist new 1
		playlist old 1
	} >list
	dedup list >out
	[ ! -s out ]
	for age in 2h 120m 7200s; do
		dedup --max-age "$age" list >out
		playlist old 1 | cmp - out
	done
	dedup -a 1 list >out
	[ ! -s out ]
	dedup -a 1h list >out
	cmp list out
	for wrong in 0 -1d 5w 3dd d '' 99999999999999999999d; do
		run -2 dedup --max-age "$wrong" list
		assert_line --index 0 "redis-dedup: --max-age: '$wrong' is none of 1s to 100000d"
	done
	run -2 dedup --mark --max-age 1d list
}

@test "values that are none of ours are not known" {
	i=0
	while IFS= read -r value; do
		i=$((i + 1))
		printf '%s' "$value" | redis -x hset "$key" "$i"
		playlist "$i" 1
	done >list <<-'END'
		1
		 1
		1 
		x 1
		1764022000
		1764022000 10
		1764022000 01
		1764022000  1
		1764022000 1 
		-1764022000 1
		99999999999999999999999999999999999 2
	END
	grep playlist list >asked
	dedup asked >out
	cmp asked out
}

@test "keys keep pipelines apart" {
	done_record a 1 | redis-dedup -k "$key.one" --mark
	playlist a 1 >list
	redis-dedup --key "$key.two" list >out
	cmp list out
	redis-dedup --key "$key.one" list >out
	[ ! -s out ]
}

@test "four pipelines share one hash" {
	for n in 1 2 3 4; do
		jq -nc --arg n "$n" 'range(2000) | {type: "done",
			playlist_id: "\($n).\(.)", snapshot_id: "s"}' >"marks$n"
		dedup --mark "marks$n" >"out$n" 3>&- &
	done
	wait
	for n in 1 2 3 4; do
		cmp "marks$n" "out$n"
	done
	run -0 redis hlen "$key"
	assert_output 8000
}

@test "a playlist is answered at once when the input pauses" {
	done_record b 1 | dedup --mark
	coproc redis-dedup -k "$key" 3>&-
	pid=$COPROC_PID
	for id in a b c; do
		playlist "$id" 1 >&"${COPROC[1]}"
		if [[ $id != b ]]; then
			read -rt 10 answer <&"${COPROC[0]}"
			assert_equal "$answer" "$(playlist "$id" 1)"
		fi
	done
	eval "exec ${COPROC[1]}>&-"
	wait "$pid"
}

@test "Redis is away: status 3 at once, and what to look at" {
	for url in unix://$PWD/none redis://127.0.0.1:1; do
		run -3 env "REDIS_URL=$url" redis-dedup </dev/null
		assert_output --regexp '^redis-dedup: redis: .*: .*; is it running, and REDIS_URL right\?$'
	done
	run -2 env REDIS_URL=http://x redis-dedup </dev/null
}

@test "Redis goes away in the middle: status 3, what waits is not passed" {
	own=$(mktemp -d /tmp/spot-test.XXXXXX)
	"$BATS_TEST_DIRNAME/../scripts/services.sh" start "$own" redis
	eval "$("$BATS_TEST_DIRNAME/../scripts/services.sh" env "$own")"
	mkfifo in
	dedup <in >out 2>err 3>&- &
	pid=$!
	exec 9>in
	playlist a 1 >&9
	until [[ -s out ]]; do
		sleep 0.05
	done
	"$BATS_TEST_DIRNAME/../scripts/services.sh" stop "$own"
	rm -rf "$own"
	playlist b 1 >&9
	exec 9>&-
	status=0
	wait "$pid" || status=$?
	assert_equal "$status" 3
	playlist a 1 | cmp - out
	grep '^redis-dedup: redis: ' err
}

@test "a key of another type: status 3; a wrong password: status 2" {
	redis set "$key" text
	playlist a 1 >list
	run -3 dedup list
	assert_output --partial 'redis: WRONGTYPE'
	done_record a 1 >list
	run -3 dedup --mark list
	redis acl setuser someone on '>right' '~*' '+@all'
	url=${REDIS_URL#unix://}
	REDIS_URL=unix://someone:wrong@$url run -2 dedup list
	assert_output --partial 'redis: WRONGPASS'
	refute_output --partial wrong@
	REDIS_URL=unix://someone:right@$url run -0 redis-dedup list
	redis acl setuser nobody on '>x' '+ping'
	REDIS_URL=unix://nobody:x@$url run -2 dedup --mark list
	assert_output --partial 'redis: NOPERM'
}

@test "memory does not grow with the stream" {
	needs_plain_build
	jq -nc 'range(100000) | {type: "playlist", id: "p\(.)", snapshot_id: "s",
		description: ("x" * 500)}' >list
	run -0 --separate-stderr bash -c "/usr/bin/time -f %M -o peak \
		redis-dedup -k $key list | cmp - list"
	assert [ "$(<peak)" -lt 16000 ]
}

#!/usr/bin/env bats
#
# faults: what a client of the Web API must survive.
#
# The server is told to fail; either the output is what it would have been, or
# the status says what happened, and nothing is lost or written twice.
#
# The numbers are those of tests/web-api.md.

load helper
load sim

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	local generate
	generate=$(tool generate)
	# shellcheck disable=SC2094
	for what in playlists features; do
		"$generate" -p 12 -i 150 "$what" >"$what"
	done
	spot-tracks --offline playlists >tracks
	spot-features -P file:features tracks |
		sed 's/"features_source":"file"/"features_source":"spotify"/' >items
	jq -c 'del(.tracks) | .type = "playlist"' playlists >bare
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	files=$BATS_FILE_TMPDIR
}

teardown() {
	stop_sim
}

sim() {
	start_sim -P "$files/playlists" -F "$files/features" "$@"
}

timeless() {
	sed -E 's/,"fetched_at":"[^"]*"//'
}

# Fetch all playlists: out, err and status.
tracks() {
	status=0
	spot-tracks -R 0 -J 8 -T 1 "$@" <"$files/bare" >raw 2>err || status=$?
	timeless <raw >out
	cat err
}

# Join all features: out, err and status.
features() {
	status=0
	spot-features -R 0 -J 8 -T 1 -P spotify "$@" <"$files/tracks" >out 2>err ||
		status=$?
	cat err
}

# How many requests the log has with this in their line.
requests() {
	grep -c -- "$1" sim.log || true
}

# Every done has as many items and skips in front of it as it says.
done_is_true() {
	jq -es 'group_by(.playlist_id // .id)[] |
		(map(select(.type == "item")) | length) as $items |
		(map(select(.type == "done")) | length) as $done |
		$done <= 1 and (map(select(.type == "done" and .items != $items)) == []) and
		($done == 0 or .[-1].type == "done") and
		((map(select(.type == "item").position) | unique | length) == $items)' raw |
		sort -u >answers
	[[ $(<answers) == true ]]
}

survives() {
	sim "$@"
	tracks
	assert_equal "$status" 0
	cmp "$files/tracks" out
	features
	assert_equal "$status" 0
	cmp "$files/items" out
	assert_equal "$(requests early)" 0
}

@test "1: a token is fetched once, and once again on 401, for all in flight" {
	survives --fault 401@4
	# Two programs; one of them was refused once.
	assert_equal "$(requests /api/token)" 3
}

@test "1: a token that is refused again and again is fatal" {
	sim --fault 401@4-
	tracks
	assert_equal "$status" 2
	grep 'token expired' err
	assert [ "$(requests /v1/)" -lt 40 ]
	done_is_true
}

@test "2: a wrong client is fatal at once, and the message is Spotify's" {
	sim
	SPOTIFY_CLIENT_SECRET=wrong tracks
	assert_equal "$status" 2
	grep invalid_client err
	assert_equal "$(requests /api/token)" 1
	assert_equal "$(requests /v1/)" 0
}

@test "2: a token service that fails is asked again" {
	survives --fault '502-html~/api/token@1' --fault '500~/api/token@3'
}

@test "5, 6: Retry-After is obeyed, and all wait" {
	survives --fault 429=1@5
	assert_equal "$(requests $'\t429\t')" 1
}

@test "5: a long Retry-After stops the run at once: status 4" {
	sim --fault 429=19056@5
	tracks
	assert_equal "$status" 4
	grep 'rate limited: try again after 20' err
	done_is_true
}

@test "8: a quota stops the run, the next one and the sister programs" {
	sim --fault 429-quota=5@5
	tracks
	assert_equal "$status" 4
	grep 'quota exceeded: try again after 20' err
	done_is_true
	: >sim.log
	tracks -w 0
	assert_equal "$status" 4
	grep 'still cooling down' err
	features -w 0
	assert_equal "$status" 4
	run -4 spot-search -w 0 -q covid
	assert_equal "$(requests /v1/)" 0
}

@test "7: waits in a row are bounded by --max-wait" {
	sim --fault 429=1@5-
	tracks -w 3
	assert_equal "$status" 4
	assert_equal "$(requests early)" 0
	done_is_true
}

@test "9: 429 without Retry-After means 30 seconds, whatever the body" {
	sim --fault 429-bare@3
	tracks -w 10
	assert_equal "$status" 4
	left=$(($(<state/spot/cooldown.spotify) - $(date +%s)))
	assert [ "$left" -ge 25 ]
	assert [ "$left" -le 32 ]
}

@test "10: --max-requests is obeyed; so is --rate" {
	sim
	tracks --max-requests 7
	assert_equal "$status" 4
	assert_equal "$(requests /v1/)" 7
	done_is_true
	: >sim.log
	spot-tracks -R 20 -J 8 -M 10 <"$files/bare" >/dev/null 2>&1 || true
	awk '/\/v1\// { if (!n++) first = $1; last = $1 }
		END { exit n != 10 || last - first < 0.4 }' sim.log
}

@test "10: if nothing else is said, ten requests a second" {
	sim
	spot-tracks -M 6 <"$files/bare" >/dev/null 2>&1 || true
	awk '/\/v1\// { if (!n++) first = $1; last = $1 }
		END { exit n != 6 || last - first < 0.4 }' sim.log
}

@test "10: --dry-run asks nothing, and knows the number of requests" {
	sim
	spot-search -R 0 -q synthetic >found 2>err
	: >sim.log
	run -0 spot-tracks --dry-run found
	assert_equal "$(requests .)" 0
	spot-tracks -R 0 found >out 2>err
	assert_output --regexp "^12 playlists of [0-9]+ items: $(requests /v1/) requests "
}

@test "11, 12: 5xx, text, HTML, empty, cut and broken answers are tried again" {
	for fault in 500 502 502-html 502-empty 503 empty html null truncated \
		length reset; do
		echo "--- $fault"
		rm -f sim.log
		survives --fault "$fault@7%"
		stop_sim
		assert [ "$(requests "$fault"$'\t')" -ge 1 ]
	done
}

@test "12: a stall and a slow drip are given up, and tried again" {
	survives --fault stall@4 --fault drip=20@6
}

@test "12: a page that fails twice is asked for in halves" {
	sim --fault '502~offset=100&limit=100'
	tracks
	assert_equal "$status" 0
	cmp "$files/tracks" out
	assert [ "$(requests 'limit=50&')" -ge 1 ]
}

@test "12: everything at once, at 5 % in all: the same bytes" {
	local -a faults=()
	for fault in 500 502 502-html 502-empty 503 empty html null truncated \
		length reset; do
		faults+=(--fault "$fault@0.5%")
	done
	# These make all wait, so they are few.
	faults+=(--fault 401@7 --fault '429=1@9' --fault '503-wait=1@15'
		--fault 'drip=20000@20')
	survives "${faults[@]}" --seed 3
	for fault in 401 429 503-wait drip; do
		assert [ "$(requests $'\t'"$fault"$'\t')" -ge 1 ]
	done
}

@test "13: a 5xx that stays is told as it is: status 3" {
	sim --fault '503~/v1/playlists@3-'
	tracks
	assert_equal "$status" 3
	grep 'status 503' err
	run grep -i 'rate limited' err
	assert_failure
	done_is_true
}

@test "14: Invalid limit steps down to 10, and stays there" {
	start_sim -D dev2026 -P "$files/playlists"
	spot-search -R 0 -q synthetic >out 2>err
	assert_equal "$(jq -r .id out)" "$(jq -r .id "$files/playlists")"
	assert_equal "$(requests $'\t400\t')" 1
	assert_equal "$(requests 'limit=10')" 2
}

@test "15: 403 of one playlist is a skip, the others are there" {
	for fault in 403 403-owner 403-scope; do
		sim --fault "$fault~/v1/playlists@2"
		tracks -J 1
		assert_equal "$status" 0
		assert_equal "$(jq -r 'select(.reason == "forbidden").count' out | wc -l)" 1
		done_is_true
		stop_sim
	done
}

@test "15: a plain text 403 about the app is fatal, and told" {
	for fault in 403-premium 403-user; do
		rm -f sim.log
		sim --fault "$fault@3-"
		tracks -J 1
		assert_equal "$status" 2
		grep -E 'Active premium|not be registered' err
		assert_equal "$(requests /v1/)" 3
		stop_sim
	done
}

@test "15, 31: features that are restricted: one warning, then the next provider" {
	start_sim -D dev2026 -P "$files/playlists" -F "$files/features"
	features -P spotify,reccobeats
	assert_equal "$status" 0
	assert_equal "$(grep -c 'not for this app' err)" 1
	assert_equal "$(requests $'\t403\t')" 1
	jq -c 'select(.type == "item").features_source' out | sort -u >sources
	assert_equal "$(grep -c reccobeats sources)" 1
	# No token goes to a stranger.
	run grep -E 'reccobeats.*Bearer' sim.log
	assert_failure
}

@test "16: a playlist that is gone is a skip" {
	sim
	{
		head -n 1 "$files/bare"
		echo '{"type":"playlist","id":"37i9dQZF1DXcBWIGoYBM5M"}'
	} >input
	spot-tracks -R 0 input >out
	assert_equal "$(jq -r 'select(.playlist_id[:3] == "37i" and
		.type == "skip").reason' out)" gone
}

# A server behind TLS, for two connections, with a certificate that nobody has
# signed; what clients offer it is in tls.
start_tls() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-keyout key -out certificate -subj /CN=127.0.0.1 2>/dev/null
	# shellcheck disable=SC2034 # nothing is said to it
	coproc TLS {
		exec timeout 60 openssl s_server -accept 127.0.0.1:0 -naccept 2 \
			-alpn h2,http/1.1 -key key -cert certificate >tls 2>&1 3>&-
	}
	tls_pid=${TLS_PID:?}
	while ! grep -q ACCEPT tls; do sleep 0.05; done
	tls_port=$(sed -n 's/^ACCEPT .*://p' tls)
}

@test "17: HTTP/2 is offered, unless --http1 is said; a wrong certificate is refused" {
	start_tls
	for option in -v --http1; do
		status=0
		RECCOBEATS_URL=https://127.0.0.1:$tls_port spot-features "$option" \
			-P reccobeats "$files/tracks" >out 2>err || status=$?
		assert_equal "$status" 3
		grep -i certificate err
		run grep '"danceability"' out
		assert_failure
	done
	wait "$tls_pid" || true # then all that it says is written
	assert_equal "$(grep -o 'advertised.*' tls)" \
		"advertised by the client: h2, http/1.1
advertised by the client: http/1.1"
}

@test "17: answers come packed" {
	sim
	tracks
	cmp "$files/tracks" out
	assert_equal "$(requests '/v1/.*-$')" 0
}

@test "18: no next page at a stranger's is asked for" {
	start_sim -P "$files/playlists"
	stranger=$url stranger_pid=$sim_pid
	sim --next "$stranger/stolen"
	tracks
	spot-search -R 0 -q synthetic >found 2>err
	kill "$stranger_pid"
	cmp "$files/tracks" out
	assert_equal "$(wc -l <found)" 12
	assert_equal "$(requests stolen)" 0
}

@test "18: no redirect is followed" {
	start_sim -P "$files/playlists"
	stranger=$url stranger_pid=$sim_pid
	sim --fault "redirect=$stranger/v1/stolen@2-"
	status=0
	spot-tracks -R 0 <"$files/bare" >raw 2>err || status=$?
	kill "$stranger_pid"
	assert_equal "$status" 3
	grep 'a redirect, which is not followed' err
	assert_equal "$(requests stolen)" 0
	done_is_true
}

@test "22: a 2026 app is given no items of others: withheld, not empty" {
	start_sim -D dev2026 -P "$files/playlists"
	tracks
	assert_equal "$status" 0
	assert_equal "$(jq -r .reason out | grep -c contents_withheld)" 12
	assert_equal "$(jq -c 'select(.type == "item")' out | wc -l)" 0
}

@test "25: no market is asked for, which would take available_markets away" {
	sim
	tracks
	grep -m 1 '"available_markets":"' out
	assert_equal "$(requests 'market=')" 0
}

@test "27: a track that is added twice is two items" {
	jq -c 'select(.tracks.items | length > 1) |
		.tracks.items |= (map(select(.track.id? and .is_local != true)) |
			[.[0], (.[0] | .added_at = "2020-04-02T00:00:00Z")]) |
		.tracks.total = 2' "$files/playlists" | head -n 1 >twice
	start_sim -P twice -F "$files/features"
	jq -c 'del(.tracks) | .type = "playlist"' twice | spot-tracks -R 0 2>err |
		spot-features -R 0 -P spotify 2>>err >out
	assert_equal "$(jq -c 'select(.type == "item") | [.position, .valence != null]' \
		out | xargs)" "[0,true] [1,true]"
	assert_equal "$(jq -r 'select(.type == "item").added_at' out | sort -u | wc -l)" 2
	assert_equal "$(requests audio-features)" 1
	run grep 'audio-features.*,' sim.log
	assert_failure
}

# Every id of the tracks was asked for once, in as few requests as there can be.
asked_once() {
	grep audio-features sim.log | sed 's/.*ids=//; s/\t.*//' >batches
	tr , '\n' <batches | sort >asked
	jq -r 'select(.type == "item").track_id' "$files/tracks" | sort -u >ids
	diff ids asked
	assert_equal "$(wc -l <batches)" $((($(wc -l <ids) + $1 - 1) / $1))
}

@test "28: each id is asked for once, in full batches, and none that is no id" {
	sim
	{
		echo '{"type":"item","playlist_id":"p","position":0,"track_id":"no id"}'
		echo '{"type":"item","playlist_id":"p","position":1,"track_id":""}'
		cat "$files/tracks"
	} >in
	for provider in spotify:100 reccobeats:40; do
		: >sim.log
		spot-features -R 0 -P "${provider%:*}" in >out 2>err
		asked_once "${provider#*:}"
	done
}

@test "29: features are joined by id, in any order; what is unknown has a reason" {
	awk 'NR % 3' "$files/features" >some
	start_sim -P "$files/playlists" -F some
	spot-features -P file:some "$files/tracks" >expected
	for provider in spotify reccobeats; do
		features -P "$provider"
		assert_equal "$status" 0
		if [[ $provider == spotify ]]; then
			sed 's/"features_source":"file"/"features_source":"spotify"/'
		else
			sed 's/"features_source":"file"/"features_source":"reccobeats"/
				s/,"time_signature":[0-9]*//'
		fi <expected | cmp - out
	done
	grep -c '"features_source":"none","features_reason":"unknown"' out
}

@test "30: a key of -1, and neither time signature nor duration, are fine" {
	head -n 1 "$files/features" | jq -c '.key = -1 |
		del(.time_signature, .duration_ms)' >some
	start_sim -F some
	jq -c '{type: "item", playlist_id: "p", position: 0, track_id: .id}' some >in
	for provider in spotify reccobeats; do
		run -0 --separate-stderr spot-features -P "$provider" in
		assert_output --regexp '"key":-1,.*"features_source":"'"$provider"'"}$'
		refute_output --partial time_signature
	done
}

@test "32: SIGINT and SIGTERM finish what is in flight, and say where it stopped" {
	start_sim -l 100 -P "$files/playlists"
	for signal in INT TERM; do
		: >raw
		spot-tracks -R 0 <"$files/bare" >raw 2>err &
		pid=$!
		while ! grep -q '"item"' raw; do sleep 0.05; done
		kill "-$signal" "$pid"
		status=0
		wait "$pid" || status=$?
		assert_equal "$status" 3
		grep 'interrupted' err
		grep 'stopped here' err
		assert_equal "$(tail -c 1 raw | od -An -c | tr -d ' ')" '\n'
		done_is_true
	done
}

@test "32: spot-features writes what it has at a signal, and says how much" {
	start_sim -l 500 -F "$files/features"
	spot-features -R 0 -P spotify <"$files/tracks" >out 2>err &
	pid=$!
	while [[ ! -s out ]]; do sleep 0.05; done
	kill -INT "$pid"
	status=0
	wait "$pid" || status=$?
	assert_equal "$status" 3
	grep 'interrupted: what is in flight is finished' err
	written=$(wc -l <out)
	assert [ "$written" -lt "$(wc -l <"$files/items")" ]
	head -n "$written" "$files/items" | cmp - out
	grep -E "^spot-features: [0-9]+ lines read, $written written; " err
}

@test "33: after kill -9 a run of what has no done completes the rest" {
	start_sim -l 30 -P "$files/playlists"
	spot-tracks -R 0 -J 2 <"$files/bare" >raw 2>err &
	pid=$!
	while ! grep -qs '"done"' raw; do sleep 0.05; done
	kill -KILL "$pid"
	wait "$pid" || true
	# The last line may be cut.
	jq -R 'fromjson? | select(.type == "done").playlist_id' raw | tr -d '"' >finished
	grep -vFf finished "$files/bare" >rest
	{
		jq -Rc 'fromjson? | select(.type == "done")' raw
		spot-tracks -R 0 -J 2 rest 2>>err | jq -c 'select(.type == "done")'
	} | sort >all
	grep '"done"' "$files/tracks" | sort >expected
	cmp expected all
}

@test "34: the summary counts what was read, written, skipped and asked" {
	sim
	tracks
	grep -E '^spot-tracks: 12 lines read; 12 of 12 playlists written, [0-9]+ items.*[0-9]+ null_track.* [0-9]+ requests, 0 retries, 0 s waited$' err
	assert_equal "$(grep -oE '[0-9]+ requests' err)" "$(requests /v1/) requests"
	features
	n=$(wc -l <"$files/tracks")
	grep -E "^spot-features: $n lines read, $n written; [0-9]+ tracks asked for; [0-9]+ requests, 0 retries, 0 s waited$" err
}

@test "34: --strict: status 1 if anything was skipped, the same bytes" {
	sim
	tracks --strict
	assert_equal "$status" 1
	cmp "$files/tracks" out
	grep -m 1 '"skip"' out
	echo '{"type":"playlist","id":"37i9dQZF1DXcBWIGoYBM5M"}' >gone
	run -1 --separate-stderr spot-tracks --strict gone
	assert_line --partial '"reason":"gone"'
	jq -c '.tracks.items |= map(select(.track.id? and .track.type == "track" and
		.is_local != true)) | .tracks.total = (.tracks.items | length)' \
		"$files/playlists" >whole
	run -0 spot-tracks --strict whole
	refute_output --partial '"skip"'
}

# Keep what anybody may see of a process and of its children.
look_at() {
	local pid children
	read -ra children <"/proc/$1/task/$1/children" || true
	for pid in "$1" "${children[@]}"; do
		cat "/proc/$pid/cmdline" "/proc/$pid/environ"
	done | tr '\0' '\n' >>seen
	grep 'Max core file size *1 ' "/proc/$1/limits"
	nchildren=$((nchildren + ${#children[@]}))
}

@test "4: no secret is in arguments, children, messages, URLs, state or cores" {
	skip_in_valgrind 'keeps an environment that no program can wipe'
	sim -l 300 --fault 401@3
	# More than a pipe holds, so that gzip lives as long as its reader.
	for what in bare tracks; do
		yes "$files/$what" | head -n 1000 | xargs cat | head -c 9M |
			head -n -1 | gzip -1 >"$what.gz"
	done
	nchildren=0
	for command in 'spot-search synthetic a b c' 'spot-tracks bare.gz' \
		'spot-features -P spotify,reccobeats tracks.gz'; do
		: >err
		# shellcheck disable=SC2086 # words
		$command -v -R 0 -M 5 >>raw 2>err &
		pid=$!
		while ! grep -qs GET err; do sleep 0.02; done
		look_at "$pid"
		wait "$pid" || true
		cat err >>said
	done
	assert_equal "$nchildren" 2
	SPOTIFY_CLIENT_SECRET=sim-secret-2 run -2 spot-search -v a
	echo "$output" >>said
	grep -a '^SPOTIFY_CLIENT_ID' seen
	# The last one is id and secret in base64.
	run grep -aErs 'sim-secret|sim-access|sim-refresh|c2ltOnNpbS1zZWNyZXQ' seen \
		said raw sim.log state
	assert_output ""
}

@test "every behaviour of web-api.md has a test by its number" {
	grep -hoE '^@test "[0-9, ]+:' "$root"/tests/*.bats | grep -oE '[0-9]+' |
		sort -nu >tested
	sed -n 's/^\([0-9]*\)\. .*/\1/p' "$root/tests/web-api.md" >behaviours
	diff behaviours tested
}

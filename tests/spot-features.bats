#!/usr/bin/env bats
#
# spot-features: features from files and from Redis.  The services that speak
# HTTP are in live.bats and faults.bats.

load helper

a=0000000000000000000001
b=000000000000000000000B
c=zzzzzzzzzzzzzzzzzzzzzz

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	# A socket's path is short, and Redis may run as another user.
	dir=$(mktemp -d /tmp/spot-test.XXXXXX)
}

teardown() {
	"$root/scripts/services.sh" stop "$dir" redis
	rm -rf "$dir"
}

# An item of a track, with members that stand behind its id.
item() {
	echo "{\"type\":\"item\",\"playlist_id\":\"p\",\"position\":0,\"added_at\":null,\"track_id\":\"$1\"${2:-}}"
}

# The features that a file gives for a track: what is spliced in.
features() {
	item "$2" | spot-features -P "file:$1" | sed 's/.*"track_id":"[^"]*"//'
}

@test "features are spliced in behind isrc, digit by digit" {
	cat >table <<-END
		{"danceability":0.50,"energy":1e-05,"key":-1,"loudness":-7.000,"mode":1,"speechiness":0.0,"acousticness":1E-7,"instrumentalness":-0,"liveness":12345678901234567890.5,"valence":0.1,"tempo":1e+2,"type":"audio_features","id":"$a","time_signature":4}
		{"id":"$b","valence":0.25,"energy":null,"tempo":"90"}
	END
	item $a ',"country":"IT","isrc":"I","name":"N" , "x":[ {} ]' >in
	item $b '} ' | sed 's/}$//' >>in
	run -0 spot-features -P file:table in
	assert_output - <<END
{"type":"item","playlist_id":"p","position":0,"added_at":null,"track_id":"$a","country":"IT","isrc":"I","danceability":0.50,"energy":1e-05,"key":-1,"loudness":-7.000,"mode":1,"speechiness":0.0,"acousticness":1E-7,"instrumentalness":-0,"liveness":12345678901234567890.5,"valence":0.1,"tempo":1e+2,"time_signature":4,"features_source":"file","name":"N" , "x":[ {} ]}
{"type":"item","playlist_id":"p","position":0,"added_at":null,"track_id":"$b","valence":0.25,"features_source":"file"} 
END
}

@test "an item whose track is not known is kept, with the reason" {
	echo "{\"id\":\"$a\",\"valence\":0.5}" >table
	{
		item $b ',"name":"N"'
		item no-id-of-spotify
		item ''
	} >in
	run -0 spot-features -P file:table in
	assert_output - <<END
{"type":"item","playlist_id":"p","position":0,"added_at":null,"track_id":"$b","features_source":"none","features_reason":"unknown","name":"N"}
{"type":"item","playlist_id":"p","position":0,"added_at":null,"track_id":"no-id-of-spotify","features_source":"none","features_reason":"unknown"}
{"type":"item","playlist_id":"p","position":0,"added_at":null,"track_id":"","features_source":"none","features_reason":"unknown"}
END
}

@test "features that are there stay; an item without is tried again" {
	echo "{\"id\":\"$a\",\"valence\":0.5}" >table
	{
		item $a ',"valence":0.9,"features_source":"spotify"'
		item $a ',"valence":0.9'
		item $a ',"tempo":0,"features_source":"none"'
		item $a ',"features_source":"redis"'
	} >has
	spot-features -P file:table has | cmp - has
	local again='"track_id":"'$a'","valence":0.5,"features_source":"file"'
	while read -r line; do
		line=${line//ID/$a}
		run -0 spot-features -P file:table <<<"${line%%=>*}"
		assert_output "${line##*=>}"
		# What comes out has no key twice, and passes.
		run -0 spot-features -P file:table <<<"$output"
		assert_output "${line##*=>}"
	done <<-END
		{"type":"item","track_id":"ID","features_source":"none","features_reason":"unknown","x":1}=>{"type":"item",$again,"x":1}
		{"type":"item","track_id":"ID","x":1,"features_reason":"unknown","features_source":"none"}=>{"type":"item",$again,"x":1}
		{"features_source":"none","features_reason":"unknown","valence":null,"type":"item","track_id":"ID"}=>{"type":"item",$again}
		{"type":"item","features_source":null,"track_id":"ID","valence":null,"x":1}=>{"type":"item",$again,"x":1}
		{ "tempo" : null , "type" : "item" , "mode" : null , "track_id":"ID" , "x" : 1 }=>{ "type" : "item"  , $again , "x" : 1 }
		{"type":"item","track_id":"ID","valence":null}=>{"type":"item",$again}
		{"type":"item","\u0074rack_id":"\u0030${a:1}","\u0076alence":null}=>{"type":"item","\u0074rack_id":"\u0030${a:1}","valence":0.5,"features_source":"file"}
	END
}

@test "an item without track_id is refused" {
	echo "{\"id\":\"$a\",\"valence\":0.5}" >table
	for line in '{"type":"item"}' '{"type":"item","track_id":null}' \
		'{"type":"item","track_id":7}'; do
		run -1 --separate-stderr spot-features -P file:table <<<"$line"
		assert_output ""
		assert_equal "$stderr" "spot-features: line 1: an item without track_id"
	done
}

@test "CSV: the columns of Exportify and of the dumps people publish" {
	while read -r header; do
		read -r row
		printf '%s\n%s\n' "$header" "${row//ID/$a}" >table
		echo "--- $header"
		run -0 features table $a
		assert_output ',"danceability":0.5,"energy":0.25,"tempo":120.0,"features_source":"file"}'
	done <<'END'
id,danceability,energy,tempo
ID,0.5,0.25,120.0
track_id,name,danceability,energy,tempo
ID,N,0.5,0.25,120.0
"id","name","danceability","energy","tempo"
"ID","N","0.5","0.25","120.0"
id,name,popularity,artists,id_artists,release_date,danceability,energy,tempo
ID,"a, ""b"" c",6,"['Uli, x']","['no']",1922-02-22,0.5,0.25,120.0
,track_id,artists,album_name,danceability,energy,tempo,track_genre
0,ID,Gen Hoshino,Comedy,0.5,0.25,120.0,acoustic
id,track_id,danceability,energy,tempo
17,ID,0.5,0.25,120.0
track,artist,uri,danceability,energy,tempo,decade
N,A,spotify:track:ID,0.5,0.25,120.0,60s
Track URI,Track Name,Album URI,Danceability,Energy,Tempo
spotify:track:ID,"N, n",spotify:album:ID,0.5,0.25,120.0
#,Spotify Track Id,DANCEABILITY,energy,Tempo
1,https://open.spotify.com/track/ID,0.5,0.25,120.0
danceability,energy,tempo,type,id,uri,track_href
0.5,0.25,120.0,audio_features,ID,spotify:track:ID,https://api.spotify.com/v1/tracks/ID
END
	printf 'Track URI,Time Signature\r\nspotify:track:%s,4\r\n' $a >table
	run -0 features table $a
	assert_output ',"time_signature":4,"features_source":"file"}'
}

@test "CSV: cells without a number are unknown" {
	{
		echo id,valence,energy,tempo,mode,key
		echo "$a,,NA,NaN,null,0"
		echo "$b,,,,,"
	} >table
	run -0 features table $a
	assert_output ',"key":0,"features_source":"file"}'
	run -0 features table $b
	assert_output --partial '"features_reason":"unknown"'
}

@test "a mark of byte order, CRLF, and a last line without its end" {
	printf '\xef\xbb\xbfid,valence\r\n%s,0.5\r\n\r\n%s,0.25' $a $b >table.csv
	printf '\xef\xbb\xbf{"id":"%s","valence":0.5}\r\nnull\r\n\n{"id":"%s","valence":0.25}' \
		$a $b >table.ndjson
	for table in table.csv table.ndjson; do
		run -0 features $table $a
		assert_output ',"valence":0.5,"features_source":"file"}'
		run -0 features $table $b
		assert_output ',"valence":0.25,"features_source":"file"}'
	done
}

@test "the last of two rows counts, the first of two files" {
	printf 'id,valence,tempo\n%s,0.5,100\n%s,0.25,\n' $a $a >one
	printf 'id,valence\n%s,0.75\n%s,0.125\n' $a $b >two
	run -0 features one $a
	assert_output ',"valence":0.25,"features_source":"file"}'
	run -0 features one,file:two $a
	assert_output ',"valence":0.25,"features_source":"file"}'
	run -0 features one,file:two $b
	assert_output ',"valence":0.125,"features_source":"file"}'
}

@test "tables may be compressed" {
	printf 'id,valence\n%s,0.5\n' $a >table
	gzip -k table
	zstd -q table
	for file in table.gz table.zst; do
		run -0 features $file $a
		assert_output ',"valence":0.5,"features_source":"file"}'
	done
	table_of 1000 | gzip | head -c 9999 >cut.gz
	run -3 --separate-stderr spot-features -P file:cut.gz </dev/null
	assert_equal "${stderr_lines[-1]}" "spot-features: cut.gz: cannot be decompressed: damaged or cut short"
	run -3 --separate-stderr spot-features -P file:none </dev/null
	assert_equal "$stderr" "spot-features: none: No such file or directory"
}

@test "a bad line of a table is named, and the others are used" {
	while IFS= read -r bad; do
		{
			echo "{\"id\":\"$a\",\"valence\":0.5}"
			printf '%b\n' "${bad//ID/$b}"
			echo "{\"id\":\"$c\",\"valence\":0.25}"
		} >table
		echo "--- $bad"
		item $b >in
		item $c >>in
		run -1 --separate-stderr spot-features -P file:table in
		[[ $stderr == "spot-features: table: line 2: "* ]]
		assert_line --index 0 --partial '"features_reason":"unknown"'
		assert_line --index 1 --partial '"valence":0.25'
	done <<'END'
?
[]
{"id":"ID"}
{"id":"ID","valence":"0.5"}
{"id":"ID1","valence":0.5}
{"id":"%","valence":0.5}
{"id":7,"valence":0.5}
{"valence":0.5}
{"id":"ID","valence":0.5,"valence":0.25}
{"id":"ID","valence":.5}
{"id":"ID","valence":0.5
{"id":"ID","valence":0.5}}
{"id":"ID","valence":0.5,"x":"\xff"}
{"id":"ID","valence":0.5,"x":"\x00"}
{"audio_features":[{"id":"ID","valence":0.5}]}
END
	{
		printf '{"id":"%s","valence":0.' $b
		head -c 400 /dev/zero | tr '\0' 1
		echo '}'
	} >long
	cat table >>long
	item $b >in
	run -1 --separate-stderr spot-features -P file:long in
	assert_output --partial '"features_reason":"unknown"'
}

@test "a bad row of a table is named, and the others are used" {
	while IFS= read -r bad; do
		printf '%b\n' id,valence,name "${bad//ID/$b}" "$c,0.25,N" >table
		echo "--- $bad"
		item $b >in
		item $c >>in
		run -1 --separate-stderr spot-features -P file:table in
		[[ $stderr == "spot-features: table: line 2: "* ]]
		assert_line --index 0 --partial '"features_reason":"unknown"'
		assert_line --index 1 --partial '"valence":0.25'
	done <<'END'
ID
ID,0.5
ID,0.5,N,x
ID,.5,N
ID,5.,N
ID,0x10,N
ID,1e,N
ID,--1,N
ID,0.5 ,N
ID,01,N
ID,inf,N
ID1,0.5,N
,0.5,N
spotify:track:,0.5,N
"ID,0.5,N
ID"",0.5,N
"ID"x,0.5,N
ID,\x00,N
END
}

@test "a file of neither form is status 2" {
	while read -r header; do
		echo "$header" >table
		run -2 --separate-stderr spot-features -P file:table </dev/null
		assert_equal "$stderr" "spot-features: table: neither audio-features objects nor a CSV file with a track's id and audio features"
	done <<'END'
valence,energy
id,name
"id,valence
[1]
hello
END
	: >table
	run -0 features table $a
	assert_output --partial '"features_reason":"unknown"'
}

@test "what it is given must be providers" {
	run -2 --separate-stderr spot-features -P shazam </dev/null
	[[ $stderr == *"'shazam' is none of redis, spotify, reccobeats, file:PATH"* ]]
	run -2 --separate-stderr spot-features -P '' </dev/null
	[[ $stderr == *"no provider"* ]]
	run -2 --separate-stderr env -u REDIS_URL -u SPOTIFY_CLIENT_ID \
		HOME=/nonexistent XDG_STATE_HOME=/nonexistent spot-features </dev/null
	[[ $stderr == *"no provider"* ]]
}

@test "real sets: joined as jq joins them" {
	needs_data
	for set in wicdiv charts_it_2020q1q2; do
		jq -c 'del(.duration_ms, .uri, .track_href, .analysis_url, .type)' \
			"$data/$set.features.ndjson" >features
		spot-tracks "$data/$set.playlists.ndjson" >items
		jq -ncS --slurpfile known features '
			($known | INDEX(.id) | map_values(del(.id))) as $known |
			inputs | if .type != "item" then .
			elif $known[.track_id] then
				. + $known[.track_id] + {features_source: "file"}
			else . + {features_source: "none", features_reason: "unknown"}
			end' items >expected
		spot-features -P "file:$data/$set.features.ndjson" items |
			jq -cS . | cmp expected -
		# The same from CSV.
		jq -rs '(.[0] | keys_unsorted) as $keys |
			($keys, (.[] | [.[$keys[]]])) | @csv' features >features.csv
		spot-features -P file:features.csv items | jq -cS . | cmp expected -
	done
}

# A table of n tracks with features as long as real ones.
table_of() {
	awk -v n="$1" 'BEGIN {
		srand(1)
		print "id,danceability,energy,key,loudness,mode,speechiness," \
			"acousticness,instrumentalness,liveness,valence,tempo,time_signature"
		for (i = 0; i < n; i++)
			printf "%022d,%.3f,%.3f,%d,%.3f,%d,%.4f,%.5f,%.6f,%.3f,%.3f,%.3f,4\n",
				i, rand(), rand(), rand() * 12, -60 * rand(), rand() * 2,
				rand(), rand(), rand(), rand(), rand(), 50 + rand() * 150
	}'
}

# The most memory that it takes with a table, in kB.
peak_with() {
	local peak
	coproc spot-features -P "file:$1"
	echo '{"type":"note"}' >&"${COPROC[1]}"
	read -r _ <&"${COPROC[0]}" # the table has been read
	peak=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$COPROC_PID/status")
	eval "exec ${COPROC[1]}>&-"
	wait "$COPROC_PID"
	echo "$peak"
}

@test "10 million tracks would take less than 1 GB" {
	needs_plain_build
	local none some
	table_of 1 >small
	# So many have just made the index grow: it is never emptier than now.
	table_of 400000 >large
	none=$(peak_with small)
	some=$(peak_with large)
	echo "# $(((some - none) * 1024 / 400000)) bytes a track" >&3
	(((some - none) * 25 + none < 1000 * 1000))
}

start_redis() {
	"$root/scripts/services.sh" start "$dir" redis
	eval "$("$root/scripts/services.sh" env "$dir")"
}

redis() {
	redis-cli -s "${REDIS_URL#unix://}" "$@"
}

@test "29: redis: what was asked in earlier runs" {
	start_redis
	redis hset spot:features $a 0.5,1E-7,,-0.00,,,,,,0.25,120.0,4 \
		$b "none $(($(date +%s) - 29 * 24 * 3600))"
	for id in $a $b $c $a; do
		item "$id"
	done >in
	run -0 spot-features -P redis in
	assert_output - <<END
$(item $a ',"danceability":0.5,"energy":1E-7,"loudness":-0.00,"valence":0.25,"tempo":120.0,"time_signature":4,"features_source":"redis"')
$(item $b ',"features_source":"none","features_reason":"unknown"')
$(item $c ',"features_source":"none","features_reason":"unknown"')
$(item $a ',"danceability":0.5,"energy":1E-7,"loudness":-0.00,"valence":0.25,"tempo":120.0,"time_signature":4,"features_source":"redis"')
END
	# Nobody who could know was asked: nothing new is remembered.
	assert_equal "$(redis hlen spot:features)" 2
	# A file is not kept there, and knows what Redis has forgotten.
	printf 'id,valence\n%s,0.75\n%s,0.75\n%s,0.75\n' $a $b $c >table
	run -0 spot-features -P redis,file:table in
	assert_line --index 0 --partial '"valence":0.25'
	assert_line --index 1 --partial '"valence":0.75,"features_source":"file"'
	assert_line --index 2 --partial '"valence":0.75,"features_source":"file"'
	assert_equal "$(redis hlen spot:features)" 2
	run -0 spot-features -P file:table,redis in
	assert_line --index 0 --partial '"valence":0.75,"features_source":"file"'
}

@test "redis: strange values are as good as none" {
	start_redis
	for value in '' 0.5 '0.5,,,,,,,,,,,' '0.5,,,,,,,,,,,,' 'x,,,,,,,,,,,' \
		'none' 'none x' ',,,,,,,,,,,'; do
		redis hset spot:features $a "$value"
		item $a >in
		run -0 spot-features -P redis in
		if [[ $value == '0.5,,,,,,,,,,,' ]]; then
			assert_output --partial '"danceability":0.5,"features_source":"redis"'
		else
			assert_output --partial '"features_reason":"unknown"'
		fi
	done
	redis del spot:features
	redis set spot:features x
	run -3 --separate-stderr spot-features -P redis in
	[[ $stderr == *"redis: WRONGTYPE"* ]]
}

@test "redis: 20,000 items in their order, in few commands" {
	start_redis
	for ((i = 0; i < 5000; i += 2)); do
		printf 'hset spot:features %022d 0,0,0,0,0,0,0,0,0,0,%d,4\n' $i $i
	done | redis >/dev/null
	jq -nc 'range(20000) | (if . % 9 == 0 then {type: "note", n: .} else
		{type: "item", position: ., track_id:
		("\(. % 5000)" | "0" * (22 - length) + .)} end)' >in
	redis-cli -s "${REDIS_URL#unix://}" monitor >seen &
	pid=$!
	while [[ ! -s seen ]]; do sleep 0.05; done
	spot-features -P redis in >out
	redis ping last >/dev/null
	while ! grep -q '"last"' seen; do sleep 0.05; done
	kill "$pid"
	# Each id is asked for once, many of them by a command.
	grep -o '"0[0-9]*"' seen | sort >asked
	seq -f '"%022.0f"' 0 4999 | cmp - asked
	assert [ "$(grep -c '"HMGET"' seen)" -le 10 ]
	jq -c 'if .type == "note" then . else (.track_id | tonumber) as $n |
		if $n % 2 == 0 then .tempo = $n | .features_source = "redis"
		else . + {features_source: "none", features_reason: "unknown"} end
		end' in >expected
	jq -c 'del(.danceability, .energy, .key, .loudness, .mode, .speechiness,
		.acousticness, .instrumentalness, .liveness, .valence,
		.time_signature)' out | jq -cS . | cmp - <(jq -cS . expected)
}

@test "redis: answers at once when the input pauses" {
	start_redis
	redis hset spot:features $a 0.5,,,,,,,,,,,
	coproc spot-features -P redis
	pid=$COPROC_PID
	for _ in 1 2; do
		item $a >&"${COPROC[1]}"
		read -rt 10 answer <&"${COPROC[0]}"
		[[ $answer == *'"danceability":0.5,"features_source":"redis"}' ]]
	done
	eval "exec ${COPROC[1]}>&-"
	wait "$pid"
}

@test "redis: away at the start or in between is status 3, nothing invented" {
	item $a >in
	run -3 --separate-stderr env "REDIS_URL=unix://$dir/none" \
		spot-features -P redis in
	assert_output ""
	[[ $stderr == *"redis: $dir/none: No such file or directory"* ]]
	run -2 --separate-stderr env REDIS_URL=http://x spot-features -P redis in
	start_redis
	coproc spot-features -P redis
	pid=$COPROC_PID
	item $a >&"${COPROC[1]}"
	read -rt 10 answer <&"${COPROC[0]}"
	"$root/scripts/services.sh" stop "$dir" redis
	item $b >&"${COPROC[1]}"
	status=0
	wait "$pid" || status=$?
	assert_equal "$status" 3
}

#!/usr/bin/env bats
#
# spot-tracks: playlists that carry their items.  Those that are asked for are
# in live.bats and faults.bats.

load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

# The records of the playlist lines on standard input.
tracks() {
	spot-tracks --offline "$@"
}

# A playlist "p" of the entries given, as JSON, one by one.
playlist() {
	local entries
	entries=$(printf ',%s' "$@")
	echo "{\"id\":\"p\",\"tracks\":{\"items\":[${entries:1}]}}"
}

# What an entry becomes: its item or its skip.
entry() {
	playlist "$1" | tracks | grep -vE '^\{"type":"(playlist|done)"'
}

@test "an item has the keys of spot(5), in their order, digit by digit" {
	tr -d '\n\t' >dump <<'END'
{"name":"P \u00e9","id":"p","snapshot_id":"s=","country":"IT",
		"description":"","public":null,"collaborative":false,
		"owner":{"display_name":"O","id":"o"},"query":"covid",
		"fetched_at":"2026-01-02T03:04:05Z","x":{"id":"no"},
		"tracks":{"href":"h","total":1,"offset":0,"items":[{
		"added_at":"2020-03-16T08:30:00Z","added_by":{"id":"no"},
		"is_local":false,"track":{"popularity":7,"explicit":true,
		"album":{"id":"no","name":"A\"\\","release_date":"2020-03",
		"artists":[{"name":"no"}],"available_markets":["no"]},
		"artists":[{"name":"B","id":"no"},{"name":"C\/D"}],
		"available_markets":["AD","IT"],"duration_ms":1.5E5,
		"external_ids":{"ean":"no","isrc":"ITB001600001"},
		"type":"track","id":"t","name":"\ud83d\ude37 𝄞"}}]}}
END
	run -0 --separate-stderr tracks dump
	assert_equal "$stderr" ""
	assert_output - <<'END'
{"type":"playlist","id":"p","snapshot_id":"s=","name":"P \u00e9","description":"","owner":"o","collaborative":false,"tracks_total":1,"country":"IT","query":"covid","fetched_at":"2026-01-02T03:04:05Z"}
{"type":"item","playlist_id":"p","snapshot_id":"s=","position":0,"added_at":"2020-03-16T08:30:00Z","track_id":"t","country":"IT","isrc":"ITB001600001","duration_ms":1.5E5,"explicit":true,"popularity":7,"name":"\ud83d\ude37 𝄞","artists":["B","C\/D"],"album":"A\"\\","release_date":"2020-03","available_markets":"AD,IT","fetched_at":"2026-01-02T03:04:05Z"}
{"type":"done","playlist_id":"p","snapshot_id":"s=","items":1,"skipped":0}
END
}

@test "tracks or items, track or item, or both: the same items" {
	local item='{"type":"track","id":"t","name":"N"}'
	for list in '"tracks":LIST' '"items":LIST' '"tracks":LIST,"items":LIST' \
		'"tracks":{"href":"h","total":2},"items":LIST' \
		'"tracks":null,"items":LIST' '"items":LIST,"tracks":LIST'; do
		for entry in '{"track":T}' '{"item":T}' '{"track":T,"item":T}' \
			'{"item":T,"track":T}' '{"track":null,"item":T}'; do
			entry=${entry//T/$item}
			list=${list//LIST/"{\"total\":2,\"items\":[$entry,$entry]}"}
			echo "{\"id\":\"p\",$list}" | tracks | sort -u >"out"
			diff - out <<-'END'
				{"type":"done","playlist_id":"p","items":2,"skipped":0}
				{"type":"item","playlist_id":"p","position":0,"added_at":null,"track_id":"t","name":"N"}
				{"type":"item","playlist_id":"p","position":1,"added_at":null,"track_id":"t","name":"N"}
				{"type":"playlist","id":"p","tracks_total":2}
			END
		done
	done
}

@test "23: every reason for a skip" {
	while read -r reason entry; do
		run -0 entry "$entry"
		assert_output "{\"type\":\"skip\",\"playlist_id\":\"p\",\"position\":0,\"reason\":\"$reason\"}"
	done <<'END'
null_track null
null_track {}
null_track {"track":null}
null_track {"track":null,"item":null,"is_local":true}
null_track {"added_at":"2020-03-16T08:30:00Z","track":[]}
local {"is_local":true,"track":{"id":"t","type":"track"}}
local {"track":{"id":null,"type":"track","is_local":true}}
local {"track":{"id":"t"},"is_local":true}
episode {"track":{"id":"e","type":"episode"}}
episode {"track":{"id":"e","type":"EPISODE"}}
unknown_type {"track":{"id":"e","type":"chapter"}}
unknown_type {"track":{"id":"e","type":7}}
no_id {"track":{"type":"track"}}
no_id {"track":{"id":null}}
no_id {"track":{"id":""}}
no_id {"track":{"id":7}}
no_id {"track":{"album":{"id":"a"},"artists":[{"id":"a"}]}}
END
}

@test "22: what is announced but not there is withheld, and counted" {
	run -0 tracks <<'END'
{"id":"p","tracks":{"total":5,"items":[{"track":{"id":"t"}},null]}}
{"id":"q","tracks":{"total":5,"items":null}}
{"id":"r","items":{"href":"h","total":5}}
{"type":"playlist","id":"s","tracks_total":5}
{"id":"t","name":"T"}
{"id":"u","tracks":{"total":0,"items":[]}}
{"id":"v","tracks":{"total":null,"items":[null]}}
{"id":"w","tracks":{"total":9,"offset":2,"items":[null]}}
END
	assert_output - <<'END'
{"type":"playlist","id":"p","tracks_total":5}
{"type":"item","playlist_id":"p","position":0,"added_at":null,"track_id":"t"}
{"type":"skip","playlist_id":"p","position":1,"reason":"null_track"}
{"type":"skip","playlist_id":"p","position":2,"reason":"contents_withheld","count":3}
{"type":"done","playlist_id":"p","items":1,"skipped":4}
{"type":"playlist","id":"q","tracks_total":5}
{"type":"skip","playlist_id":"q","position":0,"reason":"contents_withheld","count":5}
{"type":"done","playlist_id":"q","items":0,"skipped":5}
{"type":"playlist","id":"r","tracks_total":5}
{"type":"skip","playlist_id":"r","position":0,"reason":"contents_withheld","count":5}
{"type":"done","playlist_id":"r","items":0,"skipped":5}
{"type":"playlist","id":"s","tracks_total":5}
{"type":"skip","playlist_id":"s","position":0,"reason":"contents_withheld","count":5}
{"type":"done","playlist_id":"s","items":0,"skipped":5}
{"type":"playlist","id":"t","name":"T"}
{"type":"skip","playlist_id":"t","position":0,"reason":"contents_withheld","count":1}
{"type":"done","playlist_id":"t","items":0,"skipped":1}
{"type":"playlist","id":"u","tracks_total":0}
{"type":"done","playlist_id":"u","items":0,"skipped":0}
{"type":"playlist","id":"v"}
{"type":"skip","playlist_id":"v","position":0,"reason":"null_track"}
{"type":"done","playlist_id":"v","items":0,"skipped":1}
{"type":"playlist","id":"w","tracks_total":9}
{"type":"skip","playlist_id":"w","position":2,"reason":"null_track"}
{"type":"skip","playlist_id":"w","position":0,"reason":"contents_withheld","count":8}
{"type":"done","playlist_id":"w","items":0,"skipped":9}
END
}

@test "24: undated items say null" {
	for date in null '"1970-01-01T00:00:00Z"' '""' 0 '[]'; do
		run -0 entry "{\"added_at\":$date,\"track\":{\"id\":\"t\"}}"
		assert_output '{"type":"item","playlist_id":"p","position":0,"added_at":null,"track_id":"t"}'
	done
}

@test "25: available_markets has three states" {
	run -0 entry '{"track":{"id":"t"}}'
	refute_output --partial available_markets
	run -0 entry '{"track":{"id":"t","available_markets":null}}'
	refute_output --partial available_markets
	run -0 entry '{"track":{"id":"t","available_markets":[]}}'
	assert_output --partial '"track_id":"t","available_markets":""}'
	run -0 entry '{"track":{"id":"t","available_markets":["XK","AD"]}}'
	assert_output --partial '"track_id":"t","available_markets":"XK,AD"}'
}

@test "a market that is no code refuses its playlist" {
	for market in '""' '"A,B"' '"A\""' '"\u0041D"' 7 null '[]' '{}'; do
		playlist '{"track":{"id":"t","available_markets":["AD"]}}' \
			"{\"track\":{\"id\":\"t\",\"available_markets\":[$market]}}" >dump
		run -1 --separate-stderr tracks <dump
		assert_output ""
		assert_equal "$stderr" \
			"spot-tracks: line 1: item 1: available_markets: no country code"
	done
}

@test "a value of another kind than the API's is unknown" {
	run -0 entry "$(
		tr -d '\n\t' <<-'END'
			{"track":{"id":"t","type":null,"name":["N"],"popularity":"7",
			"explicit":"yes","duration_ms":{"ms":1},"artists":[{"name":{}},
			{"name":null},{"name":"B"},"C"],"album":"A","external_ids":[],
			"available_markets":"AD"}}
		END
	)"
	assert_output '{"type":"item","playlist_id":"p","position":0,"added_at":null,"track_id":"t","artists":["B"]}'
	run -0 tracks <<-'END'
		{"id":"p","snapshot_id":1,"name":{},"public":"no","country":[],"tracks":{"total":"9","items":[]}}
		{"id":"p","tracks":{"total":-1,"items":[]}}
		{"id":"p","tracks":{"total":1e3,"items":[]}}
		{"id":"p","tracks":{"total":99999999999999999999,"items":[]}}
	END
	assert_line --index 0 '{"type":"playlist","id":"p"}'
	run -0 grep -c '"items":0,"skipped":0' <<<"$output"
	assert_output 4
}

@test "a key that stands twice refuses the line" {
	for line in '{"id":"p","id":"q","tracks":{"items":[]}}' \
		'{"id":null,"id":"q","tracks":{"items":[]}}' \
		'{"id":"p","tracks":{"items":[]},"tracks":{"items":[null]}}' \
		'{"id":"p","tracks":{"items":[],"items":[null]}}' \
		"$(playlist '{"track":{"id":"t","id":"u"}}')" \
		"$(playlist '{"added_at":null,"added_at":"2020-01-01T00:00:00Z"}')" \
		"$(playlist '{"track":{"id":"t","available_markets":[],"available_markets":["AD"]}}')"; do
		run -1 --separate-stderr tracks <<<"$line"
		assert_output ""
		[[ $stderr == "spot-tracks: line 1: "*" stands twice" ]]
	done
}

@test "what stands behind the items goes down to them too" {
	playlist '{"track":{"id":"t"}}' null >before
	sed 's/}$/,"country":"IT","snapshot_id":"s","fetched_at":"f"}/' before >behind
	sed 's/^{/{"country":"IT","snapshot_id":"s","fetched_at":"f",/' before >front
	tracks behind >out
	diff <(tracks front) out
	run -0 sed -n 2p out
	assert_output '{"type":"item","playlist_id":"p","snapshot_id":"s","position":0,"added_at":null,"track_id":"t","country":"IT","fetched_at":"f"}'
	# The next playlist knows nothing of it.
	cat behind before | tracks | tail -n 4 >out
	diff <(tracks before) out
}

@test "a page has its playlist from href, and says nothing of the rest" {
	local href='"href":"https:\/\/api.spotify.com/v1/playlists/37i9/tracks?limit=2"'
	local items='"items":[{"track":{"id":"t"}},null]'
	run -0 tracks <<<"{$href,$items,\"offset\":0,\"total\":2}"
	assert_output - <<'END'
{"type":"playlist","id":"37i9","tracks_total":2}
{"type":"item","playlist_id":"37i9","position":0,"added_at":null,"track_id":"t"}
{"type":"skip","playlist_id":"37i9","position":1,"reason":"null_track"}
{"type":"done","playlist_id":"37i9","items":1,"skipped":1}
END
	for page in '"offset":0,"total":3' '"offset":1,"total":3'; do
		for line in "{$href,$items,$page}" "{$page,$items,$href}"; do
			run -0 tracks <<<"$line"
			assert_output - <<END
{"type":"item","playlist_id":"37i9","position":${page:9:1},"added_at":null,"track_id":"t"}
{"type":"skip","playlist_id":"37i9","position":$((${page:9:1} + 1)),"reason":"null_track"}
END
		done
	done
	# Saved tracks are of no playlist.
	run -0 tracks <<<'{"href":"https://api.spotify.com/v1/me/tracks","items":[{"track":{"id":"t"}}],"total":1}'
	assert_output '{"type":"item","position":0,"added_at":null,"track_id":"t"}'
}

@test "what is no playlist is refused" {
	while read -r line; do
		run -1 --separate-stderr tracks <<<"$line"
		assert_output ""
		assert_equal "$stderr" "spot-tracks: line 1: no playlist: it has no id"
	done <<'END'
{}
{"id":""}
{"id":7,"tracks":{"items":[{"track":{"id":"t"}}]}}
{"tracks":{"items":[{"id":"t"}]}}
{"playlists":{"items":[{"type":"playlist","id":"p"}]}}
{"error":{"status":404,"message":"Not found."}}
END
	run -1 --separate-stderr tracks <<<'{"items":[null,{"type":"playlist","id":"p"}]}'
	assert_output ""
	assert_equal "$stderr" "spot-tracks: line 1: a page of playlists: make lines of them, as jq -c '.items[]' does"
}

@test "records of other types pass byte for byte" {
	cat >in <<'END'
{ "type" : "item" , "playlist_id" : "p" , "x" : [ { } ] }
{"id":"p","tracks":{"items":[{"track":{"id":"t"}}]},"type":"album"}
{"type":"skip","reason":"\u00e9"}
{"type":null,"id":"p"}
{"type":7}
{"type":"item","track_id":"t","artists":["a","b"],"tempo":1e2,"x":null}
{"type":"item","total":1,"total":2}
END
	tracks in >out
	cmp in out
	# The same key twice is refused, as it is in a playlist.
	run -1 --separate-stderr tracks <<<'{"type":"item","id":"a","id":"b"}'
	assert_output ""
	assert_equal "$stderr" "spot-tracks: line 1: id stands twice"
}

@test "pretty-printed JSON is refused line by line" {
	playlist '{"track":{"id":"t"}}' | jq . >pretty
	run -1 --separate-stderr tracks pretty
	assert_output ""
	assert_equal "${#stderr_lines[@]}" "$(wc -l <pretty)"
	jq -c . pretty | tracks >out
	diff <(playlist '{"track":{"id":"t"}}' | tracks) out
}

@test "a playlist of 100,000 items is one line" {
	jq -nc '{id: "p", tracks: {total: 100000, items:
		[range(100000) | {track: {id: "\(.)"}}]}}' >dump
	tracks dump >out
	run -0 tail -n 1 out
	assert_output '{"type":"done","playlist_id":"p","items":100000,"skipped":0}'
	run -0 sed -n 100001p out
	assert_output '{"type":"item","playlist_id":"p","position":99999,"added_at":null,"track_id":"99999"}'
}

# What jq makes of playlists and of pages of items: the records that
# spot-tracks should write but for the playlist's own, keys sorted.
# shellcheck disable=SC2016
oracle='
def known: with_entries(select(.value != null));
(.id // (.href | capture("/playlists/(?<id>[A-Za-z0-9]+)").id)? // null) as $id |
(if (.items | type) == "array" then . else ([.tracks, .items] |
	map(select((. | type) == "object" and (.items | type) == "array"))[0])
	end) as $list |
. as $p | $list.items | to_entries[] | .key as $position | .value |
([.track?, .item?] | map(select(type == "object"))[0]) as $t |
{playlist_id: $id, snapshot_id: $p.snapshot_id,
	position: ($position + ($list.offset // 0))} +
if $t == null then {type: "skip", reason: "null_track"}
elif .is_local or $t.is_local then {type: "skip", reason: "local"}
elif ($t.type // "" | ascii_downcase) == "episode" then {type: "skip", reason: "episode"}
elif ($t.id // "") == "" then {type: "skip", reason: "no_id"}
else {type: "item", track_id: $t.id, country: $p.country,
	isrc: $t.external_ids.isrc?, duration_ms: $t.duration_ms,
	explicit: $t.explicit, popularity: $t.popularity, name: $t.name,
	artists: (($t.artists | arrays | map(.name)) // null), album: $t.album.name,
	release_date: $t.album.release_date,
	available_markets: ($t.available_markets | if . then join(",") else . end)}
end + {added_at: .added_at} | known'

# All entries of a file are what jq says, and done and total agree.
agrees() {
	jq -c . "$1" | tracks >out
	jq -cS "$oracle" "$1" >expected
	[ -s expected ]
	jq -cS 'select(.type == "item" or
		(.type == "skip" and .reason != "contents_withheld")) |
		if .type == "skip" then del(.added_at) else . end |
		with_entries(select(.value != null))' out >entries
	jq -cS 'if .type == "skip" then del(.added_at) else . end' expected |
		diff - entries
	jq -c 'if (.items | type) == "array" then
			select((.href | test("/playlists/")) and
				.offset == 0 and .total == (.items | length)) | .total
		else [.tracks, .items | objects][0] |
			.total // (.items | length) end' "$1" >totals
	jq -c 'select(.type == "done") | .items + .skipped' out | diff totals -
}

@test "every fixture of playlists or items: each entry is as jq says" {
	needs_data
	local n=0
	for file in "$data"/api-fixtures/*/*.json; do
		jq -e '(.items, .tracks.items?, .items.items?) | arrays |
			any(has("track") or has("item"))?' "$file" >/dev/null || continue
		echo "--- $file"
		agrees "$file"
		n=$((n + 1))
	done
	assert_equal "$n" 15
}

@test "every fixture that holds playlists: each is told or withheld" {
	needs_data
	local n=0
	for file in "$data"/api-fixtures/*/*.json; do
		jq -c '.. | objects | select(.type? == "playlist" and .id)' \
			"$file" >playlists
		[ -s playlists ] || continue
		echo "--- $file"
		tracks playlists >out
		jq -c '[.id, (.tracks // .items // {total: 1} | .total // 1)]' \
			playlists >expected
		jq -c 'select(.type == "done") | [.playlist_id, .items + .skipped]' \
			out | diff expected -
		n=$((n + 1))
	done
	assert_equal "$n" 11
}

@test "an entry recorded alone" {
	needs_data
	jq -c '{id: "p", tracks: {items: [.]}}' \
		"$data/api-fixtures/transcribed/playlist_item_null_track.json" |
		tracks >out
	grep -F '"position":0,"reason":"null_track"' out
}

@test "the recorded playlists: every field of every item is as jq says" {
	needs_data
	for set in covid_seed wicdiv charts_it_2020q1q2; do
		echo "--- $set"
		agrees "$data/$set.playlists.ndjson"
	done
}

@test "the recorded charts: 415 playlists, 83,000 items" {
	needs_data
	spot-tracks "$data/charts_eu5_2019-2020.playlists.ndjson.gz" >out
	run -0 jq -rs 'map(.type) | group_by(.) | map("\(.[0]) \(length)")[]' out
	assert_output "done 415
item 83000
playlist 415"
	run -0 jq -s 'map(.items + .skipped) | add' out
	assert_output 83000
}

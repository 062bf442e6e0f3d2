#!/usr/bin/env bats
#
# tests/data/generate: the sample is what it says it is.

load helper

setup_file() {
	export generate=$BUILD/tests/generate
	$generate playlists >"$BATS_FILE_TMPDIR/playlists"
	$generate features >"$BATS_FILE_TMPDIR/features"
}

setup() {
	playlists=$BATS_FILE_TMPDIR/playlists
	features=$BATS_FILE_TMPDIR/features
}

# country, date, valence and energy of every dated item with features.
dated_items() {
	spot-tracks "$playlists" | spot-features -P "file:$features" | jq -r '
		select(.type == "item" and .valence != null) |
		select(.added_at != null and .added_at > "1971") |
		[.country, .added_at[:10], .valence, .energy] | @tsv'
}

@test "the same seed gives the same bytes, another seed others" {
	for mode in playlists features truth items tracks; do
		cmp <($generate -s 7 -p 40 -l 900 $mode) \
			<($generate -s 7 -p 40 -l 900 $mode)
	done
	for mode in playlists features items tracks; do
		run -1 cmp -s <($generate -s 7 -p 9 -l 9 $mode) \
			<($generate -s 8 -p 9 -l 9 $mode)
	done
}

@test "the bytes are the same on every machine" {
	md5sum -c <<-END
		1b7215f678581869972ea111fc48c5a3  $playlists
		d2a565955c494ad385df3612528db0b5  $features
	END
}

@test "as many playlists and items as asked for, all of them JSON" {
	[ "$(wc -l <"$playlists")" -eq 390 ]
	[ "$(jq -s length "$playlists")" -eq 390 ]
	[ "$($generate -p 130 -i 200 playlists | jq '.tracks.items[] | 1' | wc -l)" -gt 23000 ]
	[ "$($generate -p 130 -i 200 playlists | jq '.tracks.items[] | 1' | wc -l)" -lt 29000 ]
	run -0 jq -es 'all(.[]; .tracks.total == (.tracks.items | length))' "$playlists"
	[ -z "$($generate -p 0 playlists)" ]
	[ -z "$($generate -l 0 items)" ]
}

@test "tracks are those of five times as many items" {
	local items=$BATS_TEST_TMPDIR/items tracks=$BATS_TEST_TMPDIR/tracks
	$generate -l 5000 items >"$items"
	$generate -l 1000 tracks >"$tracks"
	sed -E 's/,"danceability".*"features_source":"spotify"//' "$items" |
		spot-features -P "file:$tracks" |
		sed 's/"features_source":"file"/"features_source":"spotify"/' |
		cmp - "$items"
}

@test "every playlist says that it is synthetic" {
	run -0 jq -es 'all(.[]; (.name | test("\\(synthetic\\)")) and
		(.description | test("\\(synthetic\\)")))' "$playlists"
}

@test "12 countries and none, 2019 and 2020" {
	[ "$(jq -r .country "$playlists" | sort -u | wc -l)" -eq 13 ]
	jq -r '.tracks.items[].added_at // empty' "$playlists" | sort >"$BATS_TEST_TMPDIR/dates"
	[ "$(cut -c 1-4 "$BATS_TEST_TMPDIR/dates" | sort -u | paste -sd ' ')" = "1970 2019 2020" ]
}

@test "ids look like the service's, and are one a thing" {
	run -0 jq -es '[.[].id] | all(test("^[0-9A-Za-z]{22}$")) and (unique | length) == 390' "$playlists"
	run -0 jq -es '[.[].id] | all(test("^[0-9A-Za-z]{22}$")) and (unique | length) == length' "$features"
}

@test "there are items of every awkward kind, and few of them" {
	jq -r '.tracks.items[] |
		if .added_at == null then "no date" else empty end,
		if .added_at == "1970-01-01T00:00:00Z" then "1970" else empty end,
		if .track == null then "no track"
		elif .is_local and .track.id == null then "local"
		elif .track.type == "episode" then "episode"
		elif .track.id == null then "no id"
		elif .track | has("available_markets") | not then "no markets"
		elif .track.available_markets == [] then "nowhere"
		else "plain" end' "$playlists" | sort | uniq -c >"$BATS_TEST_TMPDIR/kinds"
	cat "$BATS_TEST_TMPDIR/kinds"
	awk '$2 != "plain" { kinds++; if ($1 < 10 || $1 > 2000) bad++ }
		END { exit !(kinds == 8 && !bad) }' "$BATS_TEST_TMPDIR/kinds"
	# the same track twice in a playlist
	run -0 jq -es 'any(.[]; [.tracks.items[].track.id? // empty] |
		length > (unique | length))' "$playlists"
}

@test "the features are the API's, and a few tracks have none" {
	run -0 jq -es 'all(.[]; .type == "audio_features" and
		.valence >= 0 and .valence <= 1 and .energy >= 0 and .energy <= 1 and
		.key >= -1 and .key <= 11 and .loudness < 0 and .tempo > 0)' "$features"
	grep -qE ':[1-9](\.[0-9]{1,2})?e-0[5-9],' "$features"
	run -1 grep -E '"valence":0\.[0-9]{4}' "$features"
	jq -r '.tracks.items[].track | select(.type == "track" and .id != null) | .id' \
		"$playlists" | sort -u >"$BATS_TEST_TMPDIR/ids"
	jq -r .id "$features" | sort >"$BATS_TEST_TMPDIR/known"
	[ -z "$(comm -13 "$BATS_TEST_TMPDIR/ids" "$BATS_TEST_TMPDIR/known")" ]
	local missing all
	missing=$(comm -23 "$BATS_TEST_TMPDIR/ids" "$BATS_TEST_TMPDIR/known" | wc -l)
	all=$(wc -l <"$BATS_TEST_TMPDIR/ids")
	[ "$missing" -gt 0 ]
	[ "$missing" -lt $((all / 25)) ]
}

@test "the lockdowns of the sample are those of sql/lockdowns.csv" {
	diff <($generate truth | tail -n +2 | cut -d , -f 1,4,5 | uniq) \
		<(grep -E "^($($generate truth | tail -n +2 | cut -d , -f 1 | sort -u | paste -sd '|'))," \
			sql/lockdowns.csv | cut -d , -f 1,3,4)
}

@test "the planted shifts are in the data" {
	dated_items >"$BATS_TEST_TMPDIR/items"
	# A difference-in-differences is known to some 0.02 here, so 0.04 is
	# two of these; the shifts differ by up to 0.17.
	awk -F '[,\t]' '
		NR == FNR {
			if (FNR > 1) {
				shift_[$1, $2] = $3
				start[$1] = $4
				end[$1] = $5
			}
			next
		}
		$1 in start {
			day = "2020" substr($2, 5)
			period = day < start[$1] ? "before" : day <= end[$1] ? "during" : "after"
			cell = $1 SUBSEP substr($2, 1, 4) SUBSEP period
			n[cell]++
			sum[cell, "valence"] += $3
			sum[cell, "energy"] += $4
		}
		function mean(country, year, period, feature,    cell) {
			cell = country SUBSEP year SUBSEP period
			return sum[cell, feature] / n[cell]
		}
		function change(country, year, feature) {
			return mean(country, year, "during", feature) - \
			    mean(country, year, "before", feature)
		}
		END {
			for (key in shift_) {
				split(key, k, SUBSEP)
				did = change(k[1], 2020, k[2]) - change(k[1], 2019, k[2])
				error = did - shift_[key]
				printf "%s %s planted %g found %.3f\n", k[1], k[2], shift_[key], did
				if (error < -0.04 || error > 0.04)
					bad++
				cells++
			}
			exit bad > 0 || cells != 24
		}' <($generate truth) "$BATS_TEST_TMPDIR/items"
}

@test "item records have the keys of spot(5), in its order" {
	local keys="type playlist_id snapshot_id position added_at track_id \
country isrc danceability energy key loudness mode speechiness acousticness \
instrumentalness liveness valence tempo time_signature features_source \
duration_ms explicit popularity name artists album release_date \
available_markets fetched_at"
	for shape in full few; do
		$generate -l 3000 -S $shape items >"$BATS_TEST_TMPDIR/items"
		[ "$(wc -l <"$BATS_TEST_TMPDIR/items")" -eq 3000 ]
		[ "$(jq -r 'keys_unsorted | join(" ")' "$BATS_TEST_TMPDIR/items" | sort -u)" = "$keys" ]
	done
}

@test "item records have many or few markets, some lists very popular" {
	for shape in 175:184:full 1:5:few; do
		IFS=: read -r low high name <<<"$shape"
		$generate -l 50000 -S "$name" items | jq -r .available_markets |
			awk -F , -v low="$low" -v high="$high" '
				NF < low || NF > high { bad++ }
				{ n[$0]++ }
				END {
					for (list in n) {
						lists++
						if (n[list] > most)
							most = n[list]
					}
					print lists, most, bad + 0
					exit bad || lists < 800 || most < 1000
				}'
	done
}

@test "the items of a playlist stand together, numbered from 0" {
	$generate -l 5000 items | jq -r '[.playlist_id, .position] | @tsv' | awk '
		$1 != id { if ($2 != 0 || seen[$1]++) bad++; id = $1; next_ = 0 }
		$2 != next_++ { bad++ }
		END { exit bad > 0 }'
}

@test "statuses: 2 for a wrong command line, 3 for a full disk" {
	run -0 --separate-stderr "$generate" --help
	[[ $output == usage:* && -z $stderr ]]
	for wrong in "" guitars "items items" "-p -1 playlists" "-l 1x items" \
		"-S some items" "-i 0 playlists" "--nothing items"; do
		# shellcheck disable=SC2086
		run -2 --separate-stderr $generate $wrong
		[[ -z $output && -n $stderr ]]
	done
	run -3 bash -c "$generate playlists >/dev/full"
	run -3 bash -c "$generate items >/dev/full"
}

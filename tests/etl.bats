#!/usr/bin/env bats
#
# etl: sums, moods and effects; against independent computations, and the same
# bytes whatever the order and the split.

load helper

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	make -sC "$root" BUILD="$BUILD" "$BUILD/tests/generate"
	"$root/$BUILD/tests/generate" playlists >playlists.ndjson
	"$root/$BUILD/tests/generate" features >features.ndjson
	spot-tracks playlists.ndjson |
		spot-features -P file:features.ndjson >sample.ndjson
	make_eu5
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	sample=$BATS_FILE_TMPDIR/sample.ndjson
	eu5=$BATS_FILE_TMPDIR/eu5.ndjson
}

# An item of playlist p: its other fields, as JSON members.
item() {
	echo "{\"type\":\"item\",\"playlist_id\":\"p\",$1}"
}

# What jq picks from the records of a type.
pick() {
	jq -r "select(.type == \"$1\") | $2" "${@:3}"
}

# The records of one type as a table, tabs between, a header first.
table() {
	jq -rn --arg type "$1" '[inputs | select(.type == $type)] |
		(.[0] | keys_unsorted) as $keys | ($keys | @tsv),
		(.[] | [.[$keys[]] | if . == null then "null" else . end] | @tsv)'
}

# Independent computations

# Every row of an oracle is the playlist_stat of etl, to 1e-9.
equals_oracle() {
	local oracle=$data/reference/oracle_$1.csv
	needs_data
	etl | pick playlist_stat '[.playlist_id, .month, .items, .with_features,
		(.danceability_mean, .danceability_sd, .energy_mean, .energy_sd,
		.valence_mean, .valence_sd, .acousticness_mean, .acousticness_sd,
		.tempo_mean, .tempo_sd)] | @csv' | tr -d '"' >stats
	cut -d , -f 1,5- "$oracle" | tail -n +2 >wanted
	[ "$(wc -l <wanted)" -gt 0 ]
	[ "$(wc -l <wanted)" -eq "$(wc -l <stats)" ]
	run awk -F , '
	NR == FNR { want[$1] = $0; next }
	{
		if (!($1 in want))
			print "unknown: " $0
		n = split(want[$1], w)
		for (i = 2; i <= n; i++)
			if (i <= 4 ? $i != w[i] : ($i - w[i]) ^ 2 > 1e-18)
				print $1 ": " $i ", not " w[i]
	}' wanted stats
	assert_output ""
}

@test "playlist_stat equals every row of the oracle of wicdiv" {
	needs_data
	spot-tracks "$data/wicdiv.playlists.ndjson" |
		spot-features -P "file:$data/wicdiv.features.ndjson" |
		equals_oracle wicdiv
}

@test "playlist_stat equals every row of the oracle of charts_it_2020q1q2" {
	needs_data
	spot-tracks "$data/charts_it_2020q1q2.playlists.ndjson" |
		spot-features -P "file:$data/charts_it_2020q1q2.features.ndjson" |
		equals_oracle charts_it_2020q1q2
}

@test "playlist_stat equals every row of the oracle of charts_eu5_2019-2020" {
	needs_data
	equals_oracle charts_eu5_2019-2020 <"$eu5"
}

# R computes mood by the periods given, and effect, from the items of a file.
agrees_with_r() {
	local items=$1 period
	shift
	jq -rn '["danceability", "energy", "key", "loudness", "mode", "speechiness",
		"acousticness", "instrumentalness", "liveness", "valence", "tempo"] as $f |
		(["country", "day"] + $f | @tsv), (inputs | select(.type == "item" and
		.country != null and .added_at != null and .added_at > "1971" and
		any(.[$f[]]; . != null)) | [.country, .added_at[:10],
		(.[$f[]] | if . == null then "null" else . end)] | @tsv)' \
		"$items" >items.tsv
	for period in "$@"; do
		etl --period "$period" "$items" 2>/dev/null |
			jq -c --arg kind "$period" 'select(.type == "mood") + {kind: $kind}'
	done | table mood >mood.tsv
	etl "$items" 2>/dev/null | table effect >effect.tsv
	Rscript --vanilla "$root/tests/etl.R" items.tsv "$root/sql/lockdowns.csv" \
		mood.tsv effect.tsv
}

@test "mood and effect agree with R to 1e-9 on real charts" {
	skip_in_valgrind 'computes with 64 bits, long double has 80'
	needs_data
	agrees_with_r "$eu5" day week month
}

@test "mood and effect agree with R to 1e-9 on the sample" {
	skip_in_valgrind 'computes with 64 bits, long double has 80'
	agrees_with_r "$sample" week
}

@test "the effects planted in the sample are found again" {
	"$root/$BUILD/tests/generate" truth | tail -n +2 >truth.csv
	etl "$sample" 2>/dev/null | pick effect '[.country, .feature, .lockdown_start,
		.lockdown_end, .diff, .did, .did_lo, .did_hi, .q] | @csv' |
		tr -d '"' >found
	# 19 of 20 intervals of 95 % hold the truth; and no sign is wrong.
	run awk -F , '
	NR == FNR { shift_of[$1 "," $2 "," $4 "," $5] = $3; n++; next }
	($1 "," $2 "," $3 "," $4) in shift_of {
		truth = shift_of[$1 "," $2 "," $3 "," $4]
		seen++
		covered += $7 <= truth && truth <= $8
		if (truth != 0 && $6 * truth <= 0)
			print $1 " " $2 ": " $6 ", not " truth
		planted += truth != 0
		significant += truth != 0 && $9 < 0.05
	}
	END {
		if (seen != n || n < 20)
			print seen " of " n " found"
		if (covered < n * 0.9)
			print covered " of " n " intervals hold the truth"
		if (significant < planted * 0.8)
			print significant " of " planted " are significant"
	}' truth.csv found
	assert_output ""
}

# The same bytes

# Lines in another order: by a seed, or playlist by playlist.
shuffled() {
	shuf --random-source=<(yes "$1") "$2"
}

shuffled_playlists() {
	awk '
	BEGIN { srand(7) }
	{
		id = $0
		sub(/.*"playlist_id":"/, "", id)
		sub(/".*/, "", id)
		if (!(id in place))
			place[id] = rand()
		printf "%.9f\t%s\n", place[id], $0
	}' "$1" | sort -s -k 1,1 | cut -f 2-
}

# All ways to the result of one stream give its bytes.
is_the_same() {
	local items=$1 n
	shift
	etl "$@" "$items" >expected 2>/dev/null
	same() { cmp expected - 2>&1; }
	[ "$(grep -c '"type":"mood"' expected)" -gt 10 ]
	shuffled_playlists "$items" >playlists
	shuffled 1 "$items" >lines
	run -1 cmp -s "$items" lines
	etl "$@" playlists 2>/dev/null | same
	etl "$@" lines 2>/dev/null | same
	for n in 2 8; do
		etl "$@" -j "$n" lines 2>/dev/null | same
	done

	split -n l/7 lines part.
	for n in part.*; do
		etl "$@" --partial "$n" 2>/dev/null >"sums.$n"
	done
	[ "$(find . -name 'sums.*' | wc -l)" -eq 7 ]
	etl --merge sums.* | same
	cat sums.* >sums
	shuffled 2 sums | etl --merge | same
	# A tree: two of three and one of what is left, merged again.
	etl --merge --partial sums.part.a[abc] >tree.1
	etl --merge --partial sums.part.a[de] >tree.2
	etl --merge --partial tree.1 tree.2 >tree.3
	etl --merge sums.part.a[fg] tree.3 | same
	# What merging writes is what one worker would have written.
	etl "$@" --partial "$items" 2>/dev/null >whole
	etl --merge --partial sums.* | cmp whole -
	etl "$@" --partial -j 2 lines 2>/dev/null | cmp whole -
}

@test "the sample in any order and any split is the same bytes" {
	is_the_same "$sample"
}

@test "the sample by isrc in any order and any split is the same bytes" {
	is_the_same "$sample" --by isrc
}

@test "items of many markets in any order and any split are the same bytes" {
	"$root/$BUILD/tests/generate" -S full -l 5000 items >full.ndjson
	is_the_same full.ndjson --by market
}

@test "real charts in any order and any split are the same bytes" {
	needs_data
	is_the_same "$eu5"
}

@test "markets count as if each item were read once for each market" {
	"$root/$BUILD/tests/generate" -S full -l 300 items >full.ndjson
	"$root/$BUILD/tests/generate" -s 9 -l 3000 items >>full.ndjson
	jq -c '(.available_markets | split(",") | unique[]) as $market |
		{type, playlist_id, added_at, country: $market} +
		with_entries(select(.value | type == "number"))' full.ndjson >spread
	etl --by country spread | grep '"type":"\(daily\|mood\|effect\)"' |
		sed 's/"by":"country"/"by":"market"/' >expected
	[ "$(grep -c '"type":"daily"' expected)" -gt 10000 ]
	etl --by market full.ndjson | grep '"type":"\(daily\|mood\|effect\)"' |
		cmp expected -
}

@test "the period and the lockdowns may be told when merging" {
	echo country,lockdown_start,lockdown_end >lockdowns
	echo IT,2020-02-01,2020-03-01 >>lockdowns
	etl -t month -l lockdowns "$sample" 2>/dev/null >expected
	etl --partial "$sample" 2>/dev/null |
		etl --merge -t month -l lockdowns | cmp expected -
}

# What counts

@test "sums, means and deviations of a few items" {
	for f in 0.1:0.7 0.2:0.3 0.6:0.9; do
		item "\"country\":\"IT\",\"added_at\":\"2020-03-16T08:30:00Z\",
			\"energy\":${f%:*},\"valence\":${f#*:},\"tempo\":100" |
			tr -d '\n\t'
		echo
	done | etl >out
	run pick daily '[.by, .country, .day, .n, .happy, .angry, .sad, .calm,
		.energy_n, .energy_sum, .energy_sumsq, .valence_sumsq, .key_n,
		.key_sum] | @csv' out
	assert_output '"country","IT","2020-03-16",3,1,0,1,1,3,"0.9","0.41","1.39",0,"0"'
	run pick playlist_stat '[.items, .with_features, .month, .energy_mean,
		.energy_sd, .tempo_sd, .key_mean] | @csv' out
	assert_output '3,3,"2020-03",0.3,0.216024689947,0,'
	run pick mood '[.period, .start, .n, .energy_mean, .energy_sd, .tempo_lo,
		.key_n, .key_mean, .happy, .angry] | @csv' out
	assert_output '"2020-W12","2020-03-16",3,0.3,0.264575131106,100,0,,0.333333333333,0'
	run pick run '[.by, .period, .records, .playlists, .items, .with_features] |
		@csv' out
	assert_output '"country","week",14,1,3,3'
	assert_equal "$(wc -l <out)" 15
}

@test "more items of one day and one list than a cell counts are all there" {
	many() {
		awk -v n="$1" -v markets="$2" 'BEGIN {
			lists = split(markets, list, " ")
			for (i = 0; i < n; i++)
				printf "{\"type\":\"item\",\"playlist_id\":\"p%d\"," \
				    "\"added_at\":\"2020-03-16T08:30:00Z\",\"valence\":0.5," \
				    "\"energy\":0.25,\"available_markets\":\"%s\"}\n",
				    i % 7, list[i % lists + 1]
		}'
	}
	counts() {
		jq -r 'select(.type == "daily") |
			[.country, .n, .valence_n, .valence_sum] | @tsv'
	}
	local jobs
	for jobs in 1 2; do
		run -0 counts < <(many 140000 IT | etl --by market -j "$jobs")
		assert_output $'IT\t140000\t140000\t70000'
		run -0 counts < <(many 210000 'IT FR,IT DE,FR,IT' |
			etl --by market -j "$jobs")
		assert_line $'DE\t70000\t70000\t35000'
		assert_line $'FR\t140000\t140000\t70000'
		assert_line $'IT\t210000\t210000\t105000'
	done
}

@test "a quadrant's border is high" {
	local point
	for point in 0.5:0.5 0.4999999999:0.5 0.49:0.49 0.5:0.49; do
		item "\"country\":\"IT\",\"added_at\":\"2020-03-16\",\"valence\":${point%:*},\"energy\":${point#*:}"
	done | etl >out
	run pick daily '[.happy, .angry, .sad, .calm] | @csv' out
	assert_output 1,1,1,1
}

@test "24: an item without features, day or country counts where it can" {
	{
		item '"added_at":"2020-03-16","country":"IT"'
		item '"added_at":"2020-03-16","country":"IT","energy":null'
		item '"added_at":null,"country":"IT","energy":0.5'
		item '"added_at":"1970-01-01T00:00:00Z","country":"IT","energy":0.5'
		item '"country":"IT","energy":0.5'
		item '"added_at":"2020-03-16","energy":0.5'
		item '"added_at":"2020-03-16","country":null,"energy":0.5'
		item '"added_at":"2020-03-16","country":"IT","energy":0.5'
	} >items
	run -0 --separate-stderr etl items
	echo "$output" >out
	assert_equal "${stderr_lines[0]}" \
		"etl: 3 items without a date: only in playlist_stat"
	assert_equal "${stderr_lines[1]}" \
		"etl: 2 items have no country: only in playlist_stat; see --by"
	run pick playlist_stat '[.items, .with_features, .month] | @csv' out
	assert_output '8,6,"2020-03"'
	run pick daily '[.n, .energy_n, .valence_n] | @csv' out
	assert_output 1,1,0
}

@test "the month is the one of most items, the earliest of those that tie" {
	local month
	for month in 2020-05 2020-03 2020-04 2020-03 2020-05; do
		item "\"added_at\":\"$month-02\""
	done >items
	run pick playlist_stat .month <(etl items)
	assert_output 2020-03
	tac items >reverse
	run pick playlist_stat .month <(etl reverse)
	assert_output 2020-03
	item '"added_at":"2020-05-31T23:59:59Z"' >>items
	run pick playlist_stat .month <(etl items)
	assert_output 2020-05
	run pick playlist_stat .month <(item '"added_at":null' | etl)
	assert_output null
}

@test "--by country, isrc and market" {
	local by
	item '"added_at":"2020-03-16","energy":0.5,"country":"IT","isrc":"qzJJC6396428","available_markets":"DE,FR"' >items
	for by in country isrc market; do
		etl --by "$by" items | pick daily '[.by, .country] | join(" ")'
		etl -b "$by" items | pick effect '[.by, .country] | join(" ")' | uniq
	done >out
	run cat out
	assert_output "country IT
country IT
isrc US
market DE
market FR
market DE
market FR"
	run -2 etl --by place
	run -2 etl --by ""
}

@test "--by isrc: what is no ISRC tells no country" {
	local isrc
	for isrc in '"ITB2719003"' '"1TB271900322"' '""' null; do
		item "\"added_at\":\"2020-03-16\",\"energy\":0.5,\"isrc\":$isrc"
	done >items
	run -0 --separate-stderr etl --by isrc items
	assert_equal "$stderr" \
		"etl: 4 items have no isrc: only in playlist_stat; see --by"
}

@test "--period day, week, month" {
	local day
	for day in 2019-12-29 2019-12-30 2020-02-29 2020-12-31 2021-01-03 2021-01-04; do
		item "\"added_at\":\"$day\",\"energy\":0.5,\"country\":\"IT\""
	done >items
	run pick mood '[.period, .start, .n] | join(" ")' <(etl items)
	assert_output "2019-W52 2019-12-23 1
2020-W01 2019-12-30 1
2020-W09 2020-02-24 1
2020-W53 2020-12-28 2
2021-W01 2021-01-04 1"
	run pick mood '[.period, .start, .n] | join(" ")' <(etl -t month items)
	assert_output "2019-12 2019-12-01 2
2020-02 2020-02-01 1
2020-12 2020-12-01 1
2021-01 2021-01-01 2"
	run pick mood '[.period, .start, .n] | join(" ")' <(etl --period day items)
	assert_line --index 2 "2020-02-29 2020-02-29 1"
	assert_equal "${#lines[@]}" 6
	run -2 etl --period year
}

@test "the day is that of UTC" {
	local time
	for time in 2020-03-16T23:59:59Z 2020-03-17T01:30:00+02:00 \
		2020-03-15T22:30:00-01:30 2020-03-16T08:00:00.125Z; do
		item "\"added_at\":\"$time\",\"energy\":0.5,\"country\":\"IT\""
	done | etl >out
	run pick daily '[.day, .n] | join(" ")' out
	assert_output "2020-03-16 4"
}

# Lockdowns

@test "before, during and after, to the day" {
	local day
	printf '\xef\xbb\xbf%s\r\n%s\r\n' \
		lockdown_end,note,country,lockdown_start \
		'2020-04-30,"a, b",IT,"2020-03-10"' >lockdowns
	for day in 2019-12-31 2020-01-01 2020-03-09 2020-03-10 2020-04-30 2020-05-01 \
		2020-06-29 2020-06-30; do
		item "\"added_at\":\"$day\",\"energy\":0.5,\"country\":\"IT\""
		item "\"added_at\":\"$day\",\"energy\":0.5,\"country\":\"FR\""
	done >items
	etl --lockdowns lockdowns items >out
	run pick effect 'select(.feature == "energy") | [.country, .lockdown_start,
		.lockdown_end, .before_n, .during_n, .after_n, .diff, .t] | @csv' out
	assert_output '"IT","2020-03-10","2020-04-30",2,2,2,0,'
}

@test "the difference is compared with that of the same dates a year earlier" {
	echo country,lockdown_start,lockdown_end >lockdowns
	echo IT,2021-03-10,2021-03-31 >>lockdowns
	# 29 February 2020 has no counterpart in 2021.
	for row in 2020-01-01:1 2020-02-29:9 2020-03-09:2 2020-03-10:3 2020-03-31:5 \
		2021-01-01:10 2021-03-09:20 2021-03-10:30 2021-03-31:50; do
		item "\"added_at\":\"${row%:*}\",\"tempo\":${row#*:},\"country\":\"IT\""
	done | etl -l lockdowns >out
	run pick effect 'select(.feature == "tempo") | [.before_mean, .during_mean,
		.after_mean, .diff, .did] | @csv' out
	assert_output 15,40,,25,22.5
}

# A table of lockdowns that is no good is named with the line: status 2.
refuses_lockdowns() {
	run -2 etl --lockdowns lockdowns </dev/null
	assert_output --partial "etl: lockdowns: $1"
}

@test "a bad table of lockdowns is status 2, and says where" {
	local header=country,lockdown_start,lockdown_end row
	printf '%s\n' country,lockdown_start IT,2020-03-10 >lockdowns
	refuses_lockdowns "line 1: no column lockdown_end"
	: >lockdowns
	refuses_lockdowns "line 0: no header"
	for row in IT,2020-03-10 IT,2020-03-10,2020-02-30 IT,2020-03-10,2020-03-09 \
		it,2020-03-10,2020-05-04 ITA,2020-03-10,2020-05-04 ",," "IT,,"; do
		printf '%s\n' "$header" FR,2020-03-17,2020-05-11 "$row" >lockdowns
		refuses_lockdowns "line 3: "
	done
	printf '%s\n' "$header" IT,2020-03-10,2020-05-04 IT,2020-03-10,2020-05-04 \
		>lockdowns
	refuses_lockdowns "line 3: "
	{
		printf '%s\n' "$header"
		head -c 17M /dev/zero | tr '\0' x
		printf '\n%s\n' IT,2020-03-10,2020-05-04
	} >lockdowns
	refuses_lockdowns "line 2: "
	run -3 etl --lockdowns missing </dev/null
}

# Hostile lines

# Each line is refused with a reason that says a word, and nothing of it counts.
@test "items that are no good are named, and nothing of them counts" {
	local ok='"added_at":"2020-03-16","country":"IT","energy":0.5' fields word
	item "$ok" | etl >expected
	while read -r word fields; do
		{
			item "$fields"
			item "$ok"
		} >items
		run -1 --separate-stderr etl items
		assert_equal "${#stderr_lines[@]}" 1
		assert_regex "$stderr" "^etl: items: line 1: .*$word"
		diff expected <(echo "$output")
	done <<-'END'
		energy "added_at":"2020-03-16","country":"IT","energy":1e999
		energy "added_at":"2020-03-16","country":"IT","energy":-1e999
		energy "added_at":"2020-03-16","country":"IT","energy":10000
		energy "energy":-10000
		tempo "tempo":"120"
		valence "valence":true
		valence "valence":[0.5]
		valence "valence":{}
		energy "energy":0.5,"energy":0.5
		added_at "added_at":"2020-02-30","energy":0.5
		added_at "added_at":"2020-03-16T25:00:00Z","energy":0.5
		added_at "added_at":"16 March 2020"
		added_at "added_at":""
		added_at "added_at":1584347400
		added_at "added_at":"0020-03-16"
		added_at "added_at":"9999-12-31"
		country "added_at":"2020-03-16","country":"Italy","energy":0.5
		country "added_at":"2020-03-16","country":"it","energy":0.5
		country "added_at":"2020-03-16","country":["IT"],"energy":0.5
	END
	for fields in '{"type":"item","energy":0.5}' \
		'{"type":"item","playlist_id":null}' '{"type":"item","playlist_id":7}'; do
		run -1 etl <<<"$fields"
		assert_line --index 0 "etl: line 1: an item without playlist_id"
	done
}

@test "lists of markets that are no good are named" {
	local list
	item '"added_at":"2020-03-16","available_markets":"IT","energy":0.5' |
		etl --by market >expected
	for list in "AD," ",AD" "AD,,AE" "AD,A" ADE "AD AE" "AD,ad" "AD,A1" "AD\\u002cAE,X"; do
		{
			item "\"added_at\":\"2020-03-16\",\"available_markets\":\"$list\",\"energy\":0.5"
			item '"added_at":"2020-03-16","available_markets":"IT","energy":0.5'
		} >items
		run -1 --separate-stderr etl --by market items
		assert_regex "$stderr" "^etl: items: line 1: available_markets"
		diff expected <(echo "$output")
	done
	run -1 etl --by market <<<"$(item '"added_at":"2020-03-16","available_markets":["IT"],"energy":0.5')"
}

@test "numbers are read as JSON writes them, and are exact" {
	local n
	for n in 0.1 1e-1 1E-1 0.10 100e-3 0.00001e4 -0 -0.0 0e999 1e-999 \
		1E-7 -2.5e+1 9999.9999999999 0.00000000005 0.00000000004999999999999999 \
		-0.00000000005 0.123456789012345678901234567890; do
		item "\"id\":0,\"added_at\":\"2020-03-16\",\"country\":\"IT\",\"tempo\":$n" |
			etl | pick daily '.tempo_sum + " " + .tempo_sumsq'
	done >out
	run cat out
	assert_output "0.1 0.01
0.1 0.01
0.1 0.01
0.1 0.01
0.1 0.01
0.1 0.01
0 0
0 0
0 0
0 0
0.0000001 0.00000000000001
-25 625
9999.9999999999 99999999.99999800000000000001
0.0000000001 0.00000000000000000001
0 0
-0.0000000001 0.00000000000000000001
0.123456789 0.015241578750190521"
}

@test "a playlist_id may be any string" {
	local id
	for id in 'a\"b' 'a\\b' '\u00e9' 'é' '' 'a\u0000b' '\n' '😷'; do
		echo "{\"type\":\"item\",\"playlist_id\":\"$id\",\"energy\":0.5}"
	done >items
	etl items 2>/dev/null >out
	diff <(jq '.playlist_id' items | sort -u) \
		<(pick playlist_stat '.playlist_id | tojson' out | sort)
	run pick playlist_stat 'select(.playlist_id == "é") | .items' out
	assert_output 2
}

# Parts

@test "parts that are no good are named, and nothing of them counts" {
	local edit word
	item '"added_at":"2020-03-16","country":"IT","energy":0.5,"valence":0.25' |
		etl --partial >parts
	while read -r word edit; do
		jq -c "$edit" parts | cat parts - >edited
		run -1 --separate-stderr etl --merge edited
		assert_regex "$stderr" "^etl: edited: line ([34]): .*$word"
		sed "${BASH_REMATCH[1]}d" edited | etl --merge |
			diff - <(echo "$output")
	done <<-'END'
		energy_sum del(.energy_sum)
		energy_sum .energy_sum = 0.5
		energy_sum .energy_sum = "1e5"
		energy .energy_sum = "10000"
		energy_sum .energy_sum = "9999999999999999999999999999999999999999999"
		energy .energy_sumsq = "-0.25"
		energy .energy_sumsq = "0.24"
		energy .energy_sumsq = "100000001"
		energy .energy_n = 2
		energy_n .energy_n = -1
		energy_n .energy_n = 0.5
		energy_n .energy_n = "1"
		n .n = 18446744073709551616
		happy .happy = 1
		day .day = "2020-02-30"
		day .day = "0020-02-03"
		country .country = "it"
		by .by = "isrc"
		by .by = "place"
		items .items = 0
		items .items = null
		months .months = "2020-03"
		months .months = "2020-03:"
		months .months = "2020-13:1"
		months .months = "2020-03:2"
		months .months = "2020-03:1,"
		months .months = "2020-03:1;2020-04:1"
		months .months = "0020-03:1"
		playlist_id .playlist_id = null
	END
}

@test "parts told by different things are not merged" {
	item '"added_at":"2020-03-16","country":"IT","isrc":"ITB271900322","energy":0.5' >items
	etl --partial items >country
	etl --partial --by isrc items >isrc.parts
	run -1 --separate-stderr etl --merge country isrc.parts
	assert_regex "$stderr" "^etl: isrc.parts: line 2: by "
}

@test "sums of more than 64 bits are exact, of more than 128 end the run" {
	item '"added_at":"2020-03-16","country":"IT","tempo":9999.9999999999' |
		etl --partial >part
	# 2^33 such items; twice as many have too large a sum of squares.
	jq -c '.n = 8589934592 | .tempo_n = .n | if .items then .items = .n else . end |
		.tempo_sum = "85899345919999.1410065408" |
		.tempo_sumsq = "858993459199982820.13081600008589934592"' \
		part | sed 's/03:1"/03:8589934592"/' >many
	etl --merge --partial many | cmp many -
	etl --merge --partial part many >more.parts
	run pick daily '.tempo_sum + " " + .tempo_sumsq' more.parts
	assert_output "85899345929999.1410065407 858993459299982820.13081400008589934593"
	run pick mood '[.n, .tempo_mean, .tempo_sd] | @csv' <(etl --merge more.parts)
	assert_output 8589934593,9999.9999999999,0
	run -3 etl --merge many many
	assert_output --partial "etl: a sum is too large for 128 bits"
}

# Threads

@test "bad lines are named with their numbers, whatever the threads" {
	local jobs
	"$root/$BUILD/tests/generate" -l 4000 items >good
	sed -e '7s/.*/?/' -e '2500s/.*/{"type":"item"}/' -e '3999G' good >bad
	echo '[' >>bad
	for jobs in 1 2 8; do
		run -1 --separate-stderr etl -j "$jobs" good bad
		for line in 7 2500 4002; do
			assert_regex "$stderr" "etl: bad: line $line: "
		done
		assert_equal "${#stderr_lines[@]}" 3
		assert_equal "$(pick run '.items' <(echo "$output"))" 7998
	done
	run -2 etl -j 0
	run -2 etl -j 257
	run -2 etl --jobs two
}

@test "lines longer than a thread's share, and none at all" {
	local jobs long
	long=$(head -c 3M /dev/zero | tr '\0' x)
	{
		item '"energy":0.5'
		item "\"name\":\"$long\",\"energy\":0.5"
		item '"energy":0.5'
	} >items
	for jobs in 1 3; do
		run pick run '.items' <(etl -j "$jobs" items 2>/dev/null)
		assert_output 3
		run pick run '.items' <(etl -j "$jobs" /dev/null)
		assert_output 0
	done
}

@test "memory does not grow with the items" {
	needs_plain_build
	local size
	for size in 20000 200000; do
		"$root/$BUILD/tests/generate" -S full -l "$size" items |
			/usr/bin/time -f %M -o "peak.$size" etl --by market >/dev/null
	done
	echo "# $(cat peak.20000) kB, $(cat peak.200000) kB" >&3
	[ "$(cat peak.200000)" -lt $(($(cat peak.20000) * 3 / 2)) ]
}

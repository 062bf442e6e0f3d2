#!/usr/bin/env bats
#
# plot: pictures of what etl found.

# shellcheck disable=SC2154,SC2016 # run sets stderr_lines; no $ is ours

load helper

charts='series plane effect heatmap months lengths'

# Items of three countries over 40 weeks, and what etl finds in them.
setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	jq -nc 'range(280) as $day | ("IT", "FR", "US") as $country |
		range(4) |
		{type: "item", playlist_id: "\($country)\($day / 30 | floor)",
		added_at: (1569888000 + $day * 86400 | todate),
		track_id: "0", country: $country,
		energy: (0.5 + ($day + . | sin) / 10),
		valence: (0.5 + ($day * . | cos) / 9), tempo: 120}' >items.ndjson
	etl items.ndjson >stream.ndjson
}

setup() {
	stream=$BATS_FILE_TMPDIR/stream.ndjson
	cd "$BATS_TEST_TMPDIR" || return
}

png_width() {
	head -c 20 "$1" | tail -c 4 | od -An -tu1 |
		awk '{ print ($1 * 256 + $2) * 65536 + $3 * 256 + $4 }'
}

# Is a file a whole picture of a format?
check_picture() {
	case $1 in
	svg)
		rsvg-convert "$2" >drawn.png
		[ "$(png_width drawn.png)" -eq 800 ]
		run ! grep -iE '[^a-z](nan|inf)[^a-z]' "$2"
		;;
	png)
		[ "$(png_width "$2")" -eq 1600 ]
		tail -c 8 "$2" | grep -q IEND
		;;
	pdf)
		run -0 pdfinfo "$2"
		assert_line --regexp '^Pages: +1$'
		;;
	esac
}

# Draw, without a word.
draw() {
	run -0 --separate-stderr plot -S "$@"
	assert_equal "$stderr" ""
	plot "$@" >picture 2>err
	cat err
	[ ! -s err ]
}

@test "every chart in every format is a whole picture" {
	for chart in $charts; do
		for format in svg png pdf; do
			echo "--- $chart $format"
			draw -c "$chart" -T "$format" "$stream"
			check_picture "$format" picture
		done
	done
}

@test "--dark: the same picture in other colours, none of them black or white" {
	for chart in $charts; do
		echo "--- $chart"
		draw -D -c "$chart" "$stream"
		check_picture svg picture
		run ! grep -E 'fill *= *.(black|rgb\( *0, *0, *0\))' picture
		plot -S -c "$chart" "$stream" >light
		plot -S -D -c "$chart" "$stream" >dark
		run -1 diff light dark
		run ! grep -vE "^[<>] ([a-z]+ = '#......'|set terminal .*)\$" \
			<(grep '^[<>]' <<<"$output")
	done
}

# The creation date is all that differs in two pdf files.
undated() {
	grep -av '^ */CreationDate' "$1"
}

@test "--script, given to gnuplot, is the same picture" {
	for chart in $charts; do
		for format in svg png pdf; do
			echo "--- $chart $format"
			plot -c "$chart" -T "$format" "$stream" >picture
			plot -c "$chart" -T "$format" --script "$stream" >program
			gnuplot --default-settings program >again
			cmp <(undated picture) <(undated again)
		done
	done
}

# The lines of a block of data in the program, without comments and gaps.
block() {
	sed -n "/^\$$1 << E\$/,/^E\$/p" program | grep -v '^[$#E]' | grep .
}

# Two tables of numbers and words are the same, but for the last digits.
same() {
	paste -d' ' "$1" "$2" | awk '
	{
		if (NF == 0 || NF % 2)
			exit bad = 1
		for (i = 1; i <= NF / 2; i++) {
			a = $i
			b = $(i + NF / 2)
			d = a - b
			if (a + 0 != a ? a != b : d * d > 1e-24)
				exit bad = 1
		}
	}
	END { exit bad || NR == 0 }'
}

# Compare a block with the records that a jq program makes lines of.
block_is() {
	block "$1" >drawn
	jq -r "$2 | map(tostring) | join(\" \")" "$stream" >told
	head -n 3 drawn told
	same drawn told
}

@test "series: the numbers are the records'" {
	plot -n 1 --script "$stream" >program
	block_is IT_valence 'select(.type == "mood" and .country == "IT") |
		[.start, .n, .valence_mean, .valence_lo, .valence_hi, 0]'
	block_is FR_energy 'select(.type == "mood" and .country == "FR") |
		[.start, .n, .energy_mean, .energy_lo, .energy_hi, 0]'
}

@test "series: the lockdown is a rectangle from its first day to its last" {
	plot -C IT --script "$stream" >program
	run -0 grep -c "from day('2020-03-10'), graph 0 to day('2020-05-05'), graph 1" program
	assert_output 1
}

@test "plane: the numbers are the records'" {
	plot -c plane --script "$stream" >program
	block IT >drawn
	for phase in before during after; do
		jq -rs --arg p $phase 'map(select(.type == "effect" and
			.country == "IT")) | INDEX(.feature) | "\($p) \(
			.valence[$p + "_n"]) \(.valence[$p + "_mean"]) \(
			.energy[$p + "_mean"])" + if $p == "during" then
			" \([.valence, .energy | .before_mean + .diff_lo,
			.before_mean + .diff_hi] | join(" "))" else "" end' "$stream"
	done >told
	same drawn told
}

# Which quadrants are named if all means lie around this valence and energy.
plane_around() {
	jq -c --argjson v "$1" --argjson e "$2" 'select(.type == "effect") |
		(if .feature == "valence" then $v else $e end) as $at |
		.before_mean = $at - 0.02 | .during_mean = $at |
		.after_mean = $at + 0.02' "$stream" >moved
	plot -c plane -C IT --script moved | grep -oE "'(happy|angry|sad|calm)'" |
		sort | tr -d "'\n"
}

@test "plane: the quadrants in view are named" {
	[ "$(plane_around 0.5 0.5)" = angrycalmhappysad ]
	[ "$(plane_around 0.8 0.5)" = calmhappy ]
	[ "$(plane_around 0.8 0.8)" = happy ]
	[ "$(plane_around 0.2 0.2)" = sad ]
	plot -c plane -C IT --script moved >program
	run -1 grep '^set arrow' program
}

@test "effect: the numbers are the records', the greatest difference first" {
	plot -c effect --script "$stream" >program
	for feature in valence energy; do
		block $feature | sort -k 2 | cut -d' ' -f2- >drawn
		jq -r --arg f $feature 'select(.type == "effect" and
			.feature == $f and .country != "US") | "\(.country) \(.q) \(
			.diff) \(.diff_lo) \(.diff_hi) \(.did // "NaN") \(
			.did_lo // "NaN") \(.did_hi // "NaN")"' "$stream" |
			sort >told
		same drawn told
	done
	run -0 block valence
	first=$(jq -rs 'map(select(.type == "effect" and .feature == "valence"
		and .country != "US")) | max_by(.diff).country' "$stream")
	assert_line --index 0 --partial "2 $first "
}

@test "heatmap: the numbers are the records'" {
	plot -c heatmap -f tempo -C US --script "$stream" >program
	block tempo >drawn
	jq -rs 'map(select(.type == "mood" and .country == "US" and .n >= 10)) |
		((map(.n * .tempo_mean) | add) / (map(.n) | add)) as $own | .[] |
		"1 US \(.start) \((.start + "T00:00:00Z" | fromdate) + 7 * 86400 |
		todate[:10]) \(.n) \(.tempo_mean) \(.tempo_mean - $own)"' \
		"$stream" >told
	same drawn told
}

@test "months: mean and deviation are averages over the month's playlists" {
	plot -c months --script "$stream" >program
	block valence >drawn
	jq -rs 'map(select(.type == "playlist_stat")) | group_by(.month)[] |
		"\(.[0].month)-01 \(length) \(map(.valence_mean) | add / length
		) \(map(.valence_sd) | add / length)"' "$stream" >told
	same drawn told
	block playlists >drawn
	cut -d' ' -f1,2 told >counts
	same drawn counts
}

@test "lengths: six classes, whose edges belong to the lower one" {
	for items in 1 10 11 25 26 50 51 100 101 250 251 9000 9000; do
		echo "{\"type\":\"playlist_stat\",\"playlist_id\":\"p\",\"items\":$items}"
	done >stats
	plot -c lengths --script stats >program
	run -0 block lengths
	for class in 1 2 3 4 5; do
		assert_line --partial "$class 2 15.38"
	done
	assert_line --partial "6 3 23.07"
}

@test "-C and -f choose" {
	draw -c series -C US -f tempo "$stream"
	run -0 rsvg-convert picture -o picture.png
	plot -C US -f tempo --script "$stream" >program
	run -0 grep -oE '^\$[A-Z]{2}_[a-z]+ <<' program
	assert_output '$US_tempo <<'
	grep -F '{/:Bold United States}' program
	grep -F 'beats per minute' program
}

@test "the default are the European countries" {
	plot --script "$stream" >program
	run -0 grep -oE '^\$[A-Z]{2}_valence <<' program
	assert_output '$FR_valence <<
$IT_valence <<'
}

@test "a picture is the same in every locale, without a word" {
	plot -c plane "$stream" >picture
	for locale in POSIX C.UTF-8; do
		run -0 --separate-stderr env -u LANG LC_ALL=$locale \
			plot -c plane "$stream"
		assert_equal "$stderr" ""
		assert_equal "$output" "$(<picture)"
	done
}

@test "wrong choices are status 2" {
	for wrong in "-C XX" "-C it" "-C IT,,FR" "-f mood" "-f valence,valence" \
		"-c pie" "-T gif" "-n 0" "-c plane -f tempo"; do
		# shellcheck disable=SC2086
		run -2 --separate-stderr plot $wrong "$stream"
		assert_output ""
		assert_equal "${stderr_lines[-1]}" "Try 'plot --help'."
	done
	run -2 plot -t $'two\nlines' "$stream"
	run -2 plot -s $'no UTF-8: \xff' "$stream"
}

@test "without anything to draw there is no picture, status 2" {
	run -2 --separate-stderr plot /dev/null
	assert_output ""
	assert_equal "$stderr" "plot: nothing to draw: no mood records from etl of a European country with 100 items; see --countries"
	for chart in $charts; do
		run -2 --separate-stderr plot -c "$chart" /dev/null
		assert_output ""
	done
	run -2 --separate-stderr plot -C DE "$stream"
	assert_output ""
	assert_equal "${stderr_lines[0]}" "plot: DE: no mood records"
}

@test "one country, one week, one month, gaps and unknown values are drawn" {
	jq -c 'select(.type != "mood" or .period == "2020-W10")' "$stream" >one
	jq -c 'select(.type != "mood" or (.period | test("[13579]$")))
		| if .period == "2020-W11" then .valence_lo = null |
		.valence_hi = null | .energy_mean = null else . end' \
		"$stream" >gaps
	for input in one gaps; do
		for chart in $charts; do
			echo "--- $input $chart"
			draw -c "$chart" -C IT "$input"
			check_picture svg picture
		done
	done
}

# 31 countries, made of one.
@test "31 countries are drawn" {
	cut -d, -f1 "$root/sql/lockdowns.csv" | sed 1d | head -n 31 >codes
	jq -c --rawfile codes codes 'select(.country == "IT") |
		.country = ($codes | split("\n")[:-1][])' "$stream" >many
	for chart in series plane effect heatmap; do
		echo "--- $chart"
		draw -c "$chart" many
		check_picture svg picture
		plot -c "$chart" --script many >program
		grep -F 'Bosnia and Herzegovina' program
	done
}

hostile='a '\''"{/:Bold b}" `touch ran` @ran $(touch ran) \n <b>&amp; ^_~ %s #'

@test "a title and a source are text, whatever they are" {
	for chart in $charts; do
		draw -c "$chart" -t "$hostile" -s "$hostile'; system 'touch ran'" \
			"$stream"
		check_picture svg picture
		[ "$(grep -cF 'touch ran' picture)" -ge 2 ]
		grep -F '<text>a '\''"{/:Bold b}" `touch ran` @ran' picture
	done
	[ ! -e ran ]
}

@test "what is no country, feature, day or number is refused, never drawn" {
	for change in '.country = "I'\''"' '.country = "`i"' '.country = "it"' \
		'.period = "2020-W1;"' '.start = "2020-03-16\nplot x"' \
		'.n = "1"' '.n = -1' '.n = 1.5' '.valence_mean = 1e999' \
		'.valence_mean = "`touch ran`"' '.valence_lo = 1e9' \
		'.by = null' '.by = "`touch ran`"' '.period = "2020-03"'; do
		echo "--- $change"
		{
			cat "$stream"
			jq -c "select(.type == \"mood\" and .country == \"IT\") |
				$change" "$stream" | tail -n 1
		} >input
		run -1 --separate-stderr plot --script input
		assert_equal "$output" "$(plot --script "$stream")"
		assert_equal "${#stderr_lines[@]}" 1
		assert_regex "$stderr" '^plot: input: line [0-9]+: '
	done
	jq -c 'select(.feature == "valence") | .feature = "`touch ran`"' \
		"$stream" >input
	run -1 plot --script "$stream" input
	[ ! -e ran ]
}

@test "of records that come twice the last counts" {
	jq -c 'select(.type == "mood") | .valence_mean = .valence_lo' \
		"$stream" >later
	for input in "$stream" later; do
		plot --script <(cat "$stream" later) "$input" >program
		block IT_valence >twice
		plot --script "$input" >program
		block IT_valence >"block.${input##*/}"
		cmp "block.${input##*/}" twice
	done
	run ! cmp -s block.stream.ndjson block.later
}

@test "without gnuplot, or when it fails, status 3 and no picture" {
	skip_in_valgrind 'tells late that a program did not start'
	run -3 --separate-stderr env PATH="$root/$BUILD/bin" plot "$stream"
	assert_output ""
	assert_equal "$stderr" "plot: gnuplot: No such file or directory"
	mkdir bin
	for failure in 'echo half; exit 5' 'kill -9 $$' 'exit 0'; do
		printf '#!/bin/sh\n%s\n' "$failure" >bin/gnuplot
		chmod +x bin/gnuplot
		run -3 --separate-stderr env PATH="$PWD/bin:$PATH" plot "$stream"
		assert_output ""
		assert_regex "$stderr" '^plot: gnuplot: '
	done
}

@test "nobody's gnuplot settings change the picture" {
	plot "$stream" >expected
	echo 'set terminal dumb; set title "mine"' >.gnuplot
	HOME=$PWD GNUTERM=dumb LC_ALL=C plot "$stream" >picture
	cmp expected picture
}

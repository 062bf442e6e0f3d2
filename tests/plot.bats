#!/usr/bin/env bats
#
# plot: pictures of what etl found.

# shellcheck disable=SC2154 # stderr_lines is set by run

load helper

# Items of three countries over 40 weeks, and what etl finds in them.
setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	jq -nc 'range(280) as $day | ("IT", "FR", "DE") as $country |
		range(if $country == "DE" then 1 else 4 end) |
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

# Is a file a whole picture of a format?  Its width is known, if all is well.
check_picture() {
	case $1 in
	svg)
		[ "$(rsvg-convert "$2" | pngwidth)" == 800 ]
		;;
	png) [ "$(pngwidth <"$2")" == 1600 ] ;;
	pdf)
		run -0 pdfinfo "$2"
		assert_line --regexp '^Pages: +1$'
		;;
	esac
}

pngwidth() {
	head -c 24 | tail -c 8 | xxd -p | head -c 8 | sed 's/^/0x/' | xargs printf '%d\n'
}

@test "every chart in every format is a whole picture" {
	for format in svg png; do
		plot -c series -C IT,FR,DE -T $format "$stream" >picture
		check_picture $format picture
	done
}

@test "without a country that has data there is no picture, status 2" {
	run -2 --separate-stderr plot /dev/null
	assert_output ""
	assert_equal "${stderr_lines[0]}" "plot: nothing to draw: no mood records of a European country, 100 items at least; see --countries"
	run -2 --separate-stderr plot -C US "$stream"
	assert_output ""
	assert_equal "${stderr_lines[0]}" "plot: US: no mood records"
}

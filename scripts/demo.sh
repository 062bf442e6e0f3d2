#!/usr/bin/env bash
#
# demo.sh: recorded playlists to pictures and a page, with no server and no
# network.
#
#	make demo					a synthetic sample
#	make demo DUMP=playlists.ndjson FEATURES=features.ndjson
#
# DUMP holds playlists as Spotify's API gives them, with their items; FEATURES
# audio-features objects or a CSV.  Either may be compressed.  All that is made
# goes to build/demo, or to DEMO.
set -euo pipefail

demo=${DEMO:-build/demo}
bin=${BUILD:-build}
charts='series'
PATH=$PWD/$bin/bin:$PATH

# Tell what is run, and run it.
show() {
	echo "\$ $1"
	eval "$1"
}

# The input and what it is, as every picture and page says.
sample() {
	if [[ -n ${DUMP:-}${FEATURES:-} ]]; then
		if [[ ! -r ${DUMP:-} || ! -r ${FEATURES:-} ]]; then
			echo "demo.sh: DUMP and FEATURES must both name a file" >&2
			exit 2
		fi
		dump=$DUMP features=$FEATURES
		source="${DUMP##*/} and ${FEATURES##*/}"
		return
	fi
	dump=$demo/playlists.ndjson features=$demo/features.ndjson
	source="synthetic sample, not measured"
	show "$bin/tests/generate playlists >$dump"
	show "$bin/tests/generate features >$features"
}

analyse() {
	show "spot-tracks --offline $dump | spot-features -P file:$features >$demo/items.ndjson"
	show "etl $demo/items.ndjson >$demo/run.ndjson"
}

# A chart that finds nothing to draw in the data is left out.
draw() {
	local chart format status
	for chart in $charts; do
		for format in svg png; do
			status=0
			show "plot -c $chart -T $format -s '$source' $demo/run.ndjson >$demo/$chart.$format" ||
				status=$?
			((status == 0)) || rm "$demo/$chart.$format"
			((status == 0 || status == 2)) || exit "$status"
		done
	done
}

page() {
	local chart
	cat <<-END
		<!DOCTYPE html>
		<meta charset="utf-8">
		<meta name="viewport" content="width=device-width">
		<title>The mood of playlists through the lockdowns</title>
		<style>body { max-width: 60em; margin: auto; font-family: sans-serif }
		img { width: 100% }</style>
		<h1>The mood of playlists through the lockdowns</h1>
		<p>Source: $source.</p>
	END
	for chart in $charts; do
		[[ ! -e $demo/$chart.svg ]] || echo "<img src=\"$chart.svg\" alt=\"$chart\">"
	done
}

main() {
	mkdir -p "$demo"
	sample
	analyse
	draw
	page >"$demo/index.html"
	echo
	echo "picture: $demo/series.png"
	echo "page:    $demo/index.html"
}

main "$@"

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
	source="a synthetic sample, not measured"
	show "$bin/tests/generate -p 3900 -i 20 playlists >$dump"
	show "$bin/tests/generate -p 3900 -i 20 features >$features"
}

analyse() {
	show "spot-tracks --offline $dump | spot-features -P file:$features >$demo/items.ndjson"
	show "etl $demo/items.ndjson >$demo/run.ndjson"
}

# The picture of the README too, then the pages with every chart.
draw() {
	show "plot -c series -s '$source' $demo/run.ndjson >$demo/mood.svg"
	show "plot -c series -s '$source' -T png $demo/run.ndjson >$demo/mood.png"
	show "scripts/report.sh -f $demo/run.ndjson -n '$source' -o $demo/report >/dev/null"
}

main() {
	mkdir -p "$demo"
	sample
	analyse
	draw
	echo
	echo "picture: $demo/mood.svg, $demo/mood.png"
	echo "page:    $demo/report/index.html"
}

main "$@"

#!/usr/bin/env bash
#
# report.sh: a static site that shows how the mood moved, from the warehouse or
# from what etl wrote.
#
# A reader sees the site whole, the old one or the new one: it is built beside
# and a symbolic link turned to it.  See --help.
set -euo pipefail

here=$(dirname "$(readlink -f "$0")")
# The programs of the path, or else those beside.
PATH=$PATH:$here/../bin:$here/../../../bin:$here/../build/bin
share=$here/report
database=${SPOT_WAREHOUSE:-service=dwh}
from='' output=build/report note=${SPOT_NOTE:-}
jobs=${JOBS:-$(nproc)}

usage() {
	cat <<'HELP'
usage: report.sh [-d CONNINFO | -f STREAM] [-n NOTE] [-o DIR]

Build the site DIR/index.html from the warehouse, or from a stream of etl.

  -d, --database CONNINFO  the warehouse; default $SPOT_WAREHOUSE, or service=dwh
  -f, --from STREAM        what etl wrote, a file, - for standard input
  -h, --help               show this help
  -n, --note NOTE          say this on top of every page and in every picture, as
                           the source; default $SPOT_NOTE
  -o, --output DIR         default build/report; becomes a symbolic link
HELP
}

die() {
	echo "report.sh: $1" >&2
	exit "$2"
}

options() {
	while (($# > 0)); do
		case $1 in
		-h | --help) usage && exit ;;
		-d | --database | -f | --from | -n | --note | -o | --output)
			(($# > 1)) || die "$1 wants an argument" 2
			;;&
		-d | --database) database=$2 ;;
		-f | --from) from=$2 ;;
		-n | --note) note=$2 ;;
		-o | --output) output=${2%/} ;;
		*) die "$1: what is it? See --help." 2 ;;
		esac
		shift 2
	done
	[[ -n $output ]] || die "no output" 2
	[[ -z $from || $from == - || -r $from ]] || die "$from: cannot be read" 3
	[[ -L $output || ! -e $output ]] || die "$output: is there, and not a site of mine" 2
}

# The stream: one consistent snapshot.
stream() {
	case $from in
	'') pg-backup -d "$database" ;;
	-) cat ;;
	*) cat -- "$from" ;;
	esac
}

# The records of a type as a CSV, its columns those of the first one.
csv() {
	{ grep "^{\"type\":\"$1\"" data/spot.ndjson || true; } | jq -rn '
		first(inputs) as $first | ($first | keys_unsorted - ["type"]) as $keys
		| ($keys, ($first, inputs | [.[$keys[]]])) | @csv' >"data/$1.csv"
}

# A picture on light ground and on dark, and its program, unless the data does
# not suffice for it: plot then ends with 2.  With 1 it has drawn what it could.
picture() {
	local name=$1
	shift
	draw "$name.svg" "$@"
	draw "$name-dark.svg" "$@" --dark
	draw "$name.gp" "$@" --script
}

draw() {
	local file=pictures/$1 status=0
	shift
	if [[ -n $note ]]; then
		set -- "$@" --source "${note%.}"
	fi
	plot "$@" data/drawn.ndjson >"$file" 2>>log || status=$?
	((status < 2)) || rm "$file"
	((status < 3)) || {
		cat log >&2
		exit 255
	}
}

pictures() {
	local chart country
	{
		for chart in series plane effect heatmap months lengths; do
			echo "$chart -c $chart"
		done
		jq -r '[.moods[].country] | unique[]' digest.json | while read -r country; do
			echo "series-$country -c series -C $country"
		done
	} | xargs -P"$jobs" -L1 bash -c 'picture "$@"' picture
}

# The size of each picture, {name: [width, height]}.
sizes() {
	local file
	find pictures -name '*.svg' | while read -r file; do
		sed -nE '/<svg/,/>/s/.*viewBox="0 0 ([0-9.]+) ([0-9.]+)".*/\1 \2/p' "$file" |
			sed "s|^|$(basename "$file" .svg) |;q"
	done | jq -Rn '[inputs | split(" ") | {key: .[0], value: .[1:]}] | from_entries' >sizes.json
}

# page TEMPLATE: fill it by the program of the same name.
page() {
	jq -r -L "$share" --arg note "$note" --arg updated "$(date -u +%FT%TZ)" \
		--rawfile page "$share/$1.html" --argjson pictures "$(<sizes.json)" \
		-f "$share/$1.jq" digest.json
}

build() {
	mkdir data pictures country
	stream >data/spot.ndjson
	grep -v '^{"type":"daily"' data/spot.ndjson >data/drawn.ndjson || true
	jq -n -f "$share/digest.jq" data/drawn.ndjson >digest.json ||
		die "${from:-$database}: not what etl writes" 2
	csv effect
	csv mood
	csv playlist_stat
	pictures
	sizes
	page overview >index.html
	page country | awk '/^\036/ { file = "country/" substr($0, 2) ".html"; next } { print >file }'
	cp "$share"/{style.css,table.js} .
	rm -f digest.json sizes.json log data/drawn.ndjson
}

# Turn the link to the new site, and take the old one away.
publish() {
	local old=''
	if [[ -L $output ]]; then
		old=$(readlink "$output")
		[[ $old == ".$(basename "$output")."* ]] || die "$output: is not a link of mine" 2
	fi
	ln -s "$(basename "$new")" "$new.link"
	mv -T "$new.link" "$output"
	if [[ -n $old ]]; then
		rm -rf -- "$(dirname "$output")/${old:?}"
	fi
}

# What fails leaves nothing behind, and a retry may help; unless it ended with 2.
leave() {
	local status=$?
	((status != 0)) || return 0
	[[ -z $new ]] || rm -rf "$new" "$new.link"
	exit "$((status == 2 ? 2 : 3))"
}

main() {
	new=
	options "$@"
	trap leave EXIT
	mkdir -p "$(dirname "$output")"
	new=$(mktemp -d "$(dirname "$output")/.$(basename "$output").XXXXXX")
	chmod 755 "$new"
	if [[ $from == [!-/]* ]]; then
		from=$PWD/$from
	fi
	export -f picture draw
	export note
	(
		cd "$new"
		build
	)
	publish
	echo "$output/index.html"
}

main "$@"

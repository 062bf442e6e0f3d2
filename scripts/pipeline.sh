#!/usr/bin/env bash
#
# pipeline.sh: collect playlists, back them up, analyse them, and draw.  Each
# stage is a function that a caller may override.  See spot-pipeline(1).
set -euo pipefail

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
PATH=$here/../bin:$here/../../../bin:$here/../build/bin:$PATH

queries=() markets=()
source_of_run=api
lake_replayed='' config='' by='' engine=etl
declare -A engines=([etl]=etl [spark]=$here/spark.sh)

usage() {
	cat <<-'END'
		usage: pipeline.sh -q TERM [-q TERM]... [-m MARKET]... [OPTION]...
		       pipeline.sh --from-backup [OPTION]...
		       pipeline.sh --replay LAKE [OPTION]...

		Collect the playlists that a search finds, those that are new or have
		changed; back up, analyse and draw what there is.

		  -b, --by BY          how tracks are given a country, see etl: country if
		                       any playlist has one, else isrc
		  -c, --config FILE    set terms, override stages (DIR/pipeline.conf)
		  -d, --directory DIR  lake, report, state, and the services if none are
		                       given ($SPOT_HOME, or where a user's data belong)
		  -e, --engine ENGINE  what analyses: etl, the default, or spark
		  -f, --from-backup    read the backup instead of the API
		  -h, --help           show this help
		  -m, --market CODE    search as in this country; may be repeated
		  -q, --query TERM     what to search for; may be repeated
		  -r, --replay LAKE    read a file or folder that was recorded, instead

		The databases are PGSERVICEFILE's primary, backup and dwh, Redis is
		REDIS_URL; without them, servers of one's own are started in DIR.
	END
}

log() {
	printf '%(%FT%TZ)T pipeline: %s\n' -1 "$*" >&2
}

die() {
	echo "${0##*/}: $2" >&2
	exit "$1"
}

# The stages of collecting, each a filter

search() {
	spot-search "${queries[@]/#/--query=}" "${markets[@]/#/--market=}"
}

dedup() {
	redis-dedup
}

tracks() {
	spot-tracks
}

features() {
	spot-features
}

# Pass the stream, and keep it.  It is compressed when the run is over: of a
# run that is killed, what has been passed is there.
lake() {
	local file=$home/lake/$stamp.ndjson
	exec 8>"$file"
	flock 8
	tee /dev/fd/8
}

load() {
	pg-load -d "service=$target"
}

mark() {
	redis-dedup --mark
}

# What else is done, in this order

# Copy what has changed in one database since the last time into another.
copy() {
	local file=$home/state/$1-$2.mark to='' since='' id next='' statuses status=0
	id=$(identity "$2") || return 3
	[[ ! -e $file ]] || read -r to since <"$file" || true
	[[ $to == "$id" ]] || since=
	pg-backup -td "service=$1" --since "$since" | pg-load -d "service=$2" |
		next=$(sed -n 's/^{"type":"mark","mark":"\([^"]*\)"}$/\1/p')
	statuses=("${PIPESTATUS[@]}")
	if ((statuses[0] == 2)) && [[ -n $since ]]; then
		log "$1 is another server than the last time: all of it is copied"
		rm "$file"
		copy "$@"
		return
	fi
	judge "pg-backup $1" "pg-load $2" "${statuses[@]:0:2}" || status=$?
	if ((status <= 1)) && [[ -n $next ]]; then
		echo "$id $next" >"$file.tmp"
		mv "$file.tmp" "$file"
	fi
	return "$status"
}

# Which database it is: a mark is good only for the one that was copied to.
identity() {
	psql -XAtqd "service=$1" -c "SELECT s.system_identifier || '.' || d.oid
		FROM pg_control_system() AS s, pg_database AS d
		WHERE d.datname = current_database()"
}

back_up() {
	copy primary backup
}

analyse() {
	local how=$by
	[[ -n $how ]] || how=$(choose_by) || return 3
	pg-backup -d "service=$target" | "${engines[$engine]}" --by "$how" |
		pg-load -d service=dwh >/dev/null
	judge "pg-backup $target" etl 'pg-load dwh' "${PIPESTATUS[@]}"
}

# The country of a track is that of its playlist; or, where no playlist has one
# because none was searched for by market, where it was registered.
choose_by() {
	psql -XAtqd "service=$target" -c "SELECT CASE WHEN EXISTS
		(SELECT FROM playlist WHERE country IS NOT NULL)
		THEN 'country' ELSE 'isrc' END"
}

report() {
	"$here/report.sh" -d service=dwh -o "$home/report"
}

# The rest is not to be overridden.

# judge NAME... STATUS...: what the statuses of a pipeline mean together.  A
# stage that dies takes those in front of it along, by a broken pipe: so the
# last one that failed is the cause.  A signal, such as 137, is a failure.
judge() {
	local n=$(($# / 2)) i status result=0
	for ((i = 1; i <= n; i++)); do
		status=${*:n+i:1}
		case $status in
		0) continue ;;
		1)
			log "${*:i:1}: some lines were refused"
			((result > 0)) || result=1
			continue
			;;
		126 | 127) result=2 ;;
		2 | 4) result=$status ;;
		*) result=3 ;;
		esac
		log "${*:i:1}: ended with status $status"
	done
	return "$result"
}

# The end of collecting: how much was kept.
tally() {
	kept=$(awk -F '"items":' '
		$1 ~ /"type":"done"/ { playlists++; items += $2 + 0 }
		END { printf "%d playlists, %d items", playlists, items }')
}

collect() {
	local statuses
	case $source_of_run in
	api)
		search | dedup | tracks | features | lake | load | mark | tally
		statuses=("${PIPESTATUS[@]}")
		judge search dedup tracks features lake load mark tally \
			"${statuses[@]}"
		;;
	lake)
		read_lake | load | mark | tally
		statuses=("${PIPESTATUS[@]}")
		judge lake load mark tally "${statuses[@]}"
		;;
	backup)
		pg-backup -td service=backup | load | mark | tally
		statuses=("${PIPESTATUS[@]}")
		judge 'pg-backup backup' load mark tally "${statuses[@]}"
		;;
	esac
}

# The recorded streams in the order of their names, which is that of time.
read_lake() {
	local file
	while IFS= read -r file; do
		case $file in
		*.zst) zstd -dcq "$file" ;;
		*.gz) gzip -dc "$file" ;;
		*) cat "$file" ;;
		esac
	done < <(find "$lake_replayed" -type f -name '*.ndjson*' | sort)
}

# Compress the recorded streams of runs that are over; one that was killed may
# have left half a line.  Another run may have done it before the lock was ours.
compress_lake() {
	local file
	for file in "$home"/lake/*.ndjson; do
		[[ -e $file ]] || continue
		exec 8>>"$file"
		if flock -n 8 && [[ $file -ef /dev/fd/8 ]]; then
			if [[ -n $(tail -c 1 "$file") ]]; then
				truncate -s "-$(tail -n 1 "$file" | wc -c)" "$file"
			fi
			[[ ! -s $file ]] || zstd -q -f "$file"
			rm "$file"
		fi
		exec 8>&-
	done
}

has_service() {
	grep -qs "^\[$1\]" "${PGSERVICEFILE:-$HOME/.pg_service.conf}"
}

answers() {
	PGCONNECT_TIMEOUT=10 psql -XAtqc 'SELECT 1' -d "service=$1" >/dev/null 2>&1
}

# The services that are given, or else our own.
find_services() {
	local own=()
	has_service primary || own=(primary backup dwh)
	[[ -n ${REDIS_URL:-}${REDIS_URL_FILE:-} ]] || own+=(redis)
	if ((${#own[@]} > 0)); then
		log "services of our own in $home/services: ${own[*]}"
		"$here/services.sh" start "$home/services" "${own[@]}"
		eval "$("$here/services.sh" env "$home/services" "${own[@]}")"
	fi
}

# step WORD COMMAND...: a part of the run.  What a retry cannot mend ends it;
# else the status is kept, and the next part does what it can.  A status that no
# program of ours has is a failure, such as that of a stage that is overridden.
step() {
	local name=$1 result=0
	shift
	log "$name"
	"$@" || result=$?
	((result <= 4)) || result=3
	if ((result == 2)); then
		die 2 "$name: to be put right first, see above"
	fi
	((result <= worst)) || worst=$result
	return "$((result > 1))"
}

# While the primary is away a run goes into the backup.  A file says so, until
# the primary has what it missed; then the backup wants what the primary had
# committed before it went.
choose_target() {
	target=primary
	if ! answers primary; then
		log 'the primary is away: the backup does its work until it is back'
		target=backup
		touch "$home/state/behind"
	elif [[ -e $home/state/behind ]]; then
		step 'catch up with the backup' copy backup primary &&
			touch "$home/state/unfinished" && rm "$home/state/behind"
	fi
}

# Should the primary go away meanwhile, the rest goes into the backup: what the
# primary has committed is known, and not collected again.
collect_all() {
	step collect collect && return
	if ((worst == 3)) && [[ $target == primary ]] && ! answers primary; then
		worst=0
		choose_target
		step 'collect the rest' collect
	fi
	((worst != 3))
}

show() {
	if step analyse analyse; then
		step report report || true
	fi
}

# Is there anything new since the last run that was completed?
is_news() {
	[[ -e $home/state/unfinished || $source_of_run != api ||
		$kept != '0 playlists'* ]]
}

conclude() {
	case $worst in
	0 | 1) log 'done' ;;
	3)
		log 'a service failed: run the same again in a few minutes, nothing is lost'
		[[ $source_of_run != api ]] ||
			log 'while the API is away, --from-backup does without it'
		;;
	4)
		log 'stopped by a quota: run the same again after the time printed above;' \
			'it goes on where it stopped'
		;;
	esac
	return "$worst"
}

run_all() {
	local unfinished=$home/state/unfinished
	worst=0 kept='0 playlists'
	compress_lake
	if ! choose_target || ! collect_all; then
		touch "$unfinished"
		conclude
		return
	fi
	log "kept: $kept"
	compress_lake
	if is_news; then
		touch "$unfinished"
	fi
	# Without news too: a backup that is new, or was away, wants the rest.
	if [[ $target == primary ]]; then
		step 'back up' back_up || true
	fi
	if [[ -e $unfinished ]]; then
		show
		((worst == 3)) || rm -f "$unfinished"
	else
		log 'nothing has changed'
	fi
	conclude
}

parse() {
	local options
	options=$(getopt -n pipeline.sh -o b:c:d:e:fhm:q:r: \
		-l by:,config:,directory:,engine:,from-backup,help,market:,query:,replay: \
		-- "$@") || {
		usage >&2
		exit 2
	}
	eval "set -- $options"
	while [[ $1 != -- ]]; do
		case $1 in
		-b | --by) by=$2 ;;
		-c | --config) config=$2 ;;
		-d | --directory) home=$2 ;;
		-e | --engine) engine=$2 ;;
		-f | --from-backup) source_of_run=backup ;;
		-h | --help) usage && exit ;;
		-m | --market) markets+=("$2") ;;
		-q | --query) queries+=("$2") ;;
		-r | --replay) source_of_run=lake lake_replayed=$2 ;;
		esac
		case $1 in
		-f | --from-backup) shift ;;
		*) shift 2 ;;
		esac
	done
	[[ $# == 1 ]] || die 2 "$2: what is it? See --help."
}

# The configuration is shell code; the command line has the last word.
configure() {
	local of_line=("${queries[@]}")
	[[ -z $config || -r $config ]] || die 2 "$config: cannot be read"
	config=${config:-$home/pipeline.conf}
	if [[ -e $config ]]; then
		# shellcheck source=/dev/null
		source "$config"
	fi
	((${#of_line[@]} == 0)) || queries=("${of_line[@]}")
	if [[ $source_of_run == api ]] && ((${#queries[@]} == 0)); then
		die 2 'what to search for? Say -q TERM, or see --help.'
	fi
	[[ -v engines[$engine] ]] || die 2 "$engine: no engine; there are ${!engines[*]}"
	[[ -z $lake_replayed || -e $lake_replayed ]] ||
		die 2 "$lake_replayed: there is no such lake"
}

default_home() {
	home=${SPOT_HOME:-${XDG_DATA_HOME:-$HOME/.local/share}/spot}
	((EUID != 0)) || home=${SPOT_HOME:-/var/lib/spot}
}

main() {
	shopt -s lastpipe
	default_home
	parse "$@"
	configure
	mkdir -p "$home" && mkdir -p "$home/lake" "$home/state" || exit 3
	stamp=$(date -u +%Y-%m-%dT%H%M%SZ)-$$
	find_services
	run_all
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
	main "$@"
fi

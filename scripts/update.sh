#!/usr/bin/env bash
#
# update.sh: run the pipeline every hour, on one host at a time.  See
# spot-update(1).
set -euo pipefail

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
# shellcheck source=scripts/pipeline.sh
source "$here/pipeline.sh"

lock=spot:update
lock_seconds=120
jitter_seconds=300
period_seconds=3600
keep_days=30
once='' ask_health=''

usage() {
	cat <<-'END'
		usage: update.sh [-1] [-j SECONDS] [-k KEY] [-p SECONDS] [-- ARGUMENT...]
		       update.sh --healthy [-p SECONDS]

		Run pipeline.sh with these ARGUMENTS every hour, each time only what is new
		or has changed.  Of several hosts that share a Redis one runs at a time.
		In $SPOT_HOME are a log for each day, and health, how the last run went.

		  -1, --once            run once, now
		  -h, --help            show this help
		  -H, --healthy         did a run succeed in the last three periods?
		  -j, --jitter SECONDS  begin up to so much later, by chance (300)
		  -k, --key KEY         the lock in Redis (spot:update)
		  -p, --period SECONDS  how often (3600)
	END
}

parse_update() {
	local options
	options=$(getopt -n update.sh -o 1hHj:k:p: \
		-l once,help,healthy,jitter:,key:,period: -- "$@") || {
		usage >&2
		exit 2
	}
	eval "set -- $options"
	while [[ $1 != -- ]]; do
		case $1 in
		-1 | --once) once=yes ;;
		-h | --help) usage && exit ;;
		-H | --healthy) ask_health=yes ;;
		-j | --jitter) jitter_seconds=$2 ;;
		-k | --key) lock=$2 ;;
		-p | --period) period_seconds=$2 ;;
		esac
		case $1 in
		-[jkp] | --jitter | --key | --period) shift 2 ;;
		*) shift ;;
		esac
	done
	shift
	[[ $jitter_seconds =~ ^[0-9]+$ && $period_seconds =~ ^[1-9][0-9]*$ ]] ||
		die 2 'seconds are a number'
	arguments=("$@")
	if [[ -n $ask_health ]]; then
		healthy
		exit
	fi
}

last_success() {
	local time
	time=$(sed -n 's/.*"succeeded":\([0-9]*\).*/\1/p' "$home/health" 2>/dev/null) ||
		true
	echo "${time:-0}"
}

healthy() {
	(($(last_success) > EPOCHSECONDS - 3 * period_seconds)) ||
		die 3 "no run has succeeded for long: see $home/log"
}

# Commands to the Redis of REDIS_URL; the password is not on the command line.
redis() {
	local url=${REDIS_URL:-} login='' rest database
	[[ -n $url ]] || url=$(head -n 1 "$REDIS_URL_FILE")
	rest=${url#*://}
	if [[ $rest == *@* ]]; then
		login=${rest%@*} rest=${rest##*@}
	fi
	local -a to=()
	if [[ $url == unix://* ]]; then
		to=(-s "$rest")
	else
		database=${rest#*/}
		[[ $database != "$rest" ]] || database=
		rest=${rest%%/*}
		to=(-h "${rest%%:*}" -n "${database:-0}")
		[[ $rest != *:* ]] || to+=(-p "${rest##*:}")
	fi
	if [[ -n $login ]]; then
		export REDISCLI_AUTH=${login#*:}
		[[ -z ${login%%:*} ]] || to+=(--user "${login%%:*}")
	fi
	redis-cli "${to[@]}" "$@"
}

# The lock: its value is a token that only this run knows, and it expires should
# this host vanish.

# Say something of the lock, a command and its arguments, if it is still ours.
with_lock() {
	local command=$1
	shift
	redis eval "if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end
		return redis.call('$command', KEYS[1], unpack(ARGV, 2))" \
		1 "$lock" "$token" "$@"
}

# Hold the lock while a run goes on.  Should another host have it, because this
# one slept, the run stops: nothing is lost by that.
hold_lock() {
	local nap=
	trap 'kill "$nap"; exit' TERM
	while :; do
		sleep "$((lock_seconds / 3))" &
		nap=$!
		wait "$nap"
		if [[ $(with_lock expire "$lock_seconds" 2>&1) == 0 ]]; then
			log 'another host has taken the lock: this run stops'
			kill -TERM -- "-$1"
			return
		fi
	done
}

# Replace the file of what was last; succeeded is when a run last went well, or
# was left to another host.
write_health() {
	local status=$1 started=$2 succeeded
	succeeded=$(last_success)
	((status > 1)) || succeeded=$EPOCHSECONDS
	printf '{"status":%d,"started":%d,"finished":%d,"succeeded":%d}\n' \
		"$status" "$started" "$EPOCHSECONDS" "$succeeded" >"$home/health.tmp"
	mv "$home/health.tmp" "$home/health"
}

# End what is running, when we are to end.
interrupt() {
	log 'interrupted'
	[[ -z $running ]] || kill -TERM -- "-$running" 2>/dev/null || true
	stopping=yes
}

# The pipeline, in a process group of its own, under the lock.
guarded_run() {
	local holder status=0
	setsid "$here/pipeline.sh" --directory "$home" "${arguments[@]}" &
	running=$!
	hold_lock "$running" &
	holder=$!
	# A trap ends the first wait early; the second one gets the status.
	wait "$running" || status=$?
	while kill -0 "$running" 2>/dev/null; do
		status=0
		wait "$running" || status=$?
	done
	running=
	kill "$holder" 2>/dev/null || true
	with_lock del >/dev/null || true
	return "$status"
}

run_once() {
	local started=$EPOCHSECONDS status=0 said
	token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
	said=$(redis set "$lock" "$token" NX EX "$lock_seconds" 2>&1) || true
	case $said in
	OK) guarded_run || status=$? ;;
	'') log 'another host is at it' ;;
	*)
		log "redis: $said"
		status=3
		;;
	esac
	write_health "$status" "$started"
	log "status $status"
	return "$status"
}

# Each day has a log; the old ones go.
logged() {
	find "$home/log" -name '*.log' -mtime "+$keep_days" -delete
	run_once > >(tee -a "$home/log/$(date -u +%F).log" >&2) 2>&1
}

wait_for_next() {
	local next=$(((EPOCHSECONDS / period_seconds + 1) * period_seconds))
	next=$((next + RANDOM % (jitter_seconds + 1)))
	log "next run at $(date -u -d "@$next" +%FT%TZ)"
	sleep "$((next - EPOCHSECONDS))" &
	running=
	wait "$!" || true
	kill "$!" 2>/dev/null || true
}

main_update() {
	local status
	default_home
	parse_update "$@"
	mkdir -p "$home" && mkdir -p "$home/log" "$home/state" || exit 3
	find_services
	stopping='' running=''
	trap interrupt TERM INT
	while :; do
		status=0
		logged || status=$?
		[[ -z $once && -z $stopping ]] || exit "$status"
		((status != 2)) || exit 2
		wait_for_next
		[[ -z $stopping ]] || exit 0
	done
}

main_update "$@"

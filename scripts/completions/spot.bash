# shellcheck shell=bash
#
# spot.bash: completion for all programs of spot.
#
# The options are those of --help.  The words that an option takes are those
# that the program itself names when it is given none of them; a second, unknown
# option makes sure that it goes no further than its command line.

_spot_words() {
	local said
	said=$("$1" "$2" '?' --no-such-option 2>&1 </dev/null)
	sed -n 's/.* is none of //p' <<<"$said" | tr -d ,
}

_spot() {
	local program=$1 word=$2 before=$3 words
	COMPREPLY=()
	if [[ $before == -* ]]; then
		words=$(_spot_words "$program" "$before")
		if [[ -n $words ]]; then
			mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
			return
		fi
	fi
	if [[ $word == -* ]]; then
		words=$("$program" --help | grep -oE '^ +(-[a-zA-Z0-9], )?--[a-z0-9-]+' |
			grep -oE -- '--[a-z0-9-]+')
		mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
	fi
}

complete -o default -F _spot etl pg-backup pg-load plot redis-dedup spot-features \
	spot-search spot-tracks

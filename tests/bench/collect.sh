#!/usr/bin/env bash
#
# collect.sh: spot-tracks against spotipy and curl --parallel, which ask the
# same replay server for the same playlists.  Prints a section of Markdown.
#
# A client that has to wait for a processor is measured as slow: on a machine
# with other work, "chrt -f 1 tests/bench/run collect".
set -euo pipefail

cd "$(dirname "$0")/../.."
work=$(mktemp -d)
rounds=60 # requests of each job, so that the first and the last hardly count
venv=build/bench/venv
sim_pid=
trap 'stop_sim; rm -rf "$work"' EXIT

start_sim() {
	: >"$work/log"
	latency=$1
	coproc SIM { exec build/tests/spot-sim -L "$work/log" -P "$work/playlists" \
		--latency "$latency"; }
	sim_pid=${SIM_PID:?}
	read -rt 60 url <&"${SIM[0]}"
	export SPOTIFY_ACCOUNTS_URL=$url SPOTIFY_API_URL=$url/v1
	export SPOTIFY_CLIENT_ID=sim SPOTIFY_CLIENT_SECRET=sim-secret
	export XDG_STATE_HOME=$work/state
}

stop_sim() {
	if [[ -n $sim_pid ]]; then
		kill "$sim_pid" 2>/dev/null || true
		wait "$sim_pid" 2>/dev/null || true
		sim_pid=
	fi
}

# Requests a second of what runs, by the server's log: from when the first came
# until the last was answered.
rate() {
	: >"$work/log"
	"$@" >/dev/null 2>&1
	awk -F '\t' -v ms="$latency" '
		/\/v1\/playlists/ { if (!n++) first = $1; last = $1 }
		END { printf "%.0f\n", n / (last + ms / 1000 - first) }' "$work/log"
}

# The median of three.
median() {
	local _
	for _ in 1 2 3; do rate "$@"; done | sort -n | sed -n 2p
}

by_spot() {
	head -n $(($1 * rounds)) "$work/bare" | build/bin/spot-tracks -R 0 -J "$1"
}

# The same requests, as spot-tracks has made them.
by_curl() {
	curl -s -g --compressed --parallel --parallel-max "$1" \
		-H "Authorization: Bearer $token" \
		-K <(head -n $(($1 * rounds * 2)) "$work/urls")
}

by_spotipy() {
	"$venv/bin/python" - "$url" <(head -n "$rounds" "$work/bare") <<-'END'
		import json, sys, spotipy
		from spotipy.oauth2 import SpotifyClientCredentials as Credentials
		Credentials.OAUTH_TOKEN_URL = sys.argv[1] + "/api/token"
		api = spotipy.Spotify(auth_manager=Credentials(
		    "sim", "sim-secret",
		    cache_handler=spotipy.MemoryCacheHandler()))
		api.prefix = sys.argv[1] + "/v1/"
		for line in open(sys.argv[2]):
		    page = api.playlist(json.loads(line)["id"])["tracks"]
		    while page["next"]:
		        page = api.next(page)
	END
}

prepare() {
	if ! "$venv/bin/python" -c 'import spotipy' 2>/dev/null; then
		python3 -m venv "$venv"
		"$venv/bin/pip" -q install spotipy
	fi
	build/tests/generate -p $((128 * rounds)) -i 4 playlists >"$work/playlists"
	jq -c '{type: "playlist", id}' "$work/playlists" >"$work/bare"
}

# A table of one latency.
measure() {
	local jobs spot curl spotipy
	start_sim "$1"
	token=$(curl -s -u sim:sim-secret -d grant_type=client_credentials \
		"$url/api/token" | jq -r .access_token)
	: >"$work/log"
	by_spot 128 >/dev/null 2>&1
	awk -F '\t' -v url="$url" '/playlists/ {
		print "url = \"" url $3 "\"\noutput = \"/dev/null\"" }' \
		"$work/log" >"$work/urls"
	spotipy=$(median by_spotipy)
	for jobs in 8 32 128; do
		spot=$(median by_spot "$jobs")
		curl=$(median by_curl "$jobs")
		awk -v ms="$1" -v jobs="$jobs" -v spot="$spot" -v curl="$curl" \
			-v spotipy="$spotipy" 'BEGIN {
			printf "| %d ms | %d | %d | %d | %d | %.2f | %.1f | %s |\n",
			    ms, jobs, spot, curl, spotipy, spot / curl,
			    spot / spotipy,
			    ms ? sprintf("%.2f", spot * ms / 1000 / jobs) : "-" }'
	done
	stop_sim
}

main() {
	prepare
	cat <<-END
		## collect

		Requests a second for $rounds small playlists a job, medians of three;
		spotipy, as its users write it, asks one after the other.

		| latency | jobs | spot-tracks | curl --parallel | spotipy | ÷ curl | ÷ spotipy | ÷ jobs/latency |
		|---|---|---|---|---|---|---|---|
	END
	measure 50
	measure 0
}

main "$@"

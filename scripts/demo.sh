#!/usr/bin/env bash
#
# demo.sh: the whole job, to pictures and a page.
#
#	make demo
#
# has a synthetic sample, which the replay server gives as Spotify would. It is
# searched, kept in Redis and PostgreSQL, backed up, analysed and shown, by
# scripts/pipeline.sh, on servers of its own, which it stops.
#
#	make demo DUMP=playlists.ndjson FEATURES=features.ndjson
#
# needs no server: DUMP holds playlists as Spotify's API gives them, with their
# items, FEATURES audio-features objects or a CSV.  Either may be compressed.
#
# All that is made goes to build/demo, or to DEMO.
set -euo pipefail

demo=${DEMO:-build/demo}
bin=${BUILD:-build}
markets=(DE ES FR GB IT SE)
PATH=$PWD/$bin/bin:$PATH

# Tell what is run, and run it.
show() {
	echo "\$ $1"
	eval "$1"
}

# The picture of the README, of what etl wrote.
draw() {
	show "plot -c series -s '$source' $demo/run.ndjson >$demo/mood.svg"
	show "plot -c series -s '$source' -T png $demo/run.ndjson >$demo/mood.png"
}

# From recorded playlists and features, stage by stage.
run_offline() {
	if [[ ! -r ${DUMP:-} || ! -r ${FEATURES:-} ]]; then
		echo "demo.sh: DUMP and FEATURES must both name a file" >&2
		exit 2
	fi
	source="${DUMP##*/} and ${FEATURES##*/}"
	show "spot-tracks --offline $DUMP | spot-features -P file:$FEATURES >$demo/items.ndjson"
	show "etl $demo/items.ndjson >$demo/run.ndjson"
	draw
	show "scripts/report.sh -f $demo/run.ndjson -n '$source' -o $demo/report >/dev/null"
}

# A sample, and a server that answers with it in the place of Spotify's.
start_replay() {
	show "$bin/tests/generate -p 6500 -i 20 playlists >$demo/playlists.ndjson"
	show "$bin/tests/generate -p 6500 -i 20 features >$demo/features.ndjson"
	echo "\$ $bin/tests/spot-sim -P $demo/playlists.ndjson -F $demo/features.ndjson & # for Spotify"
	coproc REPLAY { exec "$bin/tests/spot-sim" -P "$demo/playlists.ndjson" -F "$demo/features.ndjson"; }
	replay=${REPLAY_PID:?}
	read -r url <&"${REPLAY[0]}"
	unset SPOTIFY_CLIENT_ID_FILE SPOTIFY_CLIENT_SECRET_FILE REDIS_URL_FILE
	export SPOTIFY_ACCOUNTS_URL=$url SPOTIFY_API_URL=$url/v1
	export RECCOBEATS_URL=$url/reccobeats/v1
	export SPOTIFY_CLIENT_ID=sim SPOTIFY_CLIENT_SECRET=sim-secret
	export XDG_STATE_HOME=$work/state
}

# The servers of root, who runs them as another user, cannot live just anywhere.
start_services() {
	export SPOT_FSYNC=off
	show "scripts/services.sh start $work"
	eval "$(scripts/services.sh env "$work")"
}

stop() {
	[[ -z ${replay:-} ]] || kill "$replay" 2>/dev/null || true
	scripts/services.sh stop "$work"
	rm -rf "$work"
}

# Nobody has to be spared here, so the pace is what the machine can do.
configure() {
	cat >"$demo/pipeline.conf" <<-END
		search() {
			spot-search -R 0 "\${queries[@]/#/--query=}" "\${markets[@]/#/--market=}"
		}
		tracks() { spot-tracks -R 0; }
		features() { spot-features -R 0; }
		report() {
			"\$here/report.sh" -d service=dwh -n '$source' -o '$demo/report' >/dev/null
		}
	END
}

# The whole of it: the pipeline, a question to the warehouse, and pictures.
run_all() {
	source="a synthetic sample, not measured"
	work=$(mktemp -d /tmp/spot-demo.XXXXXX)
	trap stop EXIT
	start_replay
	start_services
	configure
	rm -rf "${demo:?}/home"
	show "scripts/pipeline.sh -c $demo/pipeline.conf -d $demo/home -q covid -q mix ${markets[*]/#/-m }"
	show "psql -XP footer=off -d service=dwh -c \"
	SELECT name, phase, n, round(mean, 3) AS valence FROM mood_phase
	WHERE feature = 'valence' AND country IN ('ES', 'IT', 'SE') ORDER BY name, phase\""
	show "pg-backup -d service=dwh >$demo/run.ndjson"
	draw
}

main() {
	mkdir -p "$demo"
	demo=$(realpath --relative-base="$PWD" "$demo")
	if [[ -n ${DUMP:-}${FEATURES:-} ]]; then
		run_offline
	else
		run_all
	fi
	echo
	echo "picture: $demo/mood.svg, $demo/mood.png"
	echo "page:    $demo/report/index.html"
}

main "$@"

# shellcheck shell=bash
#
# sim: the replay server, for the tests of what asks Spotify or ReccoBeats.

# The path of a tool of the tests: of the plain build, where there is no other.
tool() {
	local path=${root:?}/$BUILD/tests/$1
	[[ -x $path ]] || path=$root/build/tests/$1
	echo "$path"
}

# Start a server with these arguments: the programs ask it, url is where it is.
# Its log is sim.log in the test's folder.
start_sim() {
	local sim
	sim=$(tool spot-sim)
	coproc SIM { exec "$sim" --log "$BATS_TEST_TMPDIR/sim.log" "$@" 3>&-; }
	sim_pid=${SIM_PID:?}
	read -rt 60 url <&"${SIM[0]}"
	export SPOTIFY_ACCOUNTS_URL=$url SPOTIFY_API_URL=$url/v1
	export RECCOBEATS_URL=$url/reccobeats/v1
	export SPOTIFY_CLIENT_ID=sim SPOTIFY_CLIENT_SECRET=sim-secret
	export XDG_STATE_HOME=$BATS_TEST_TMPDIR/state
}

stop_sim() {
	if [[ -n ${sim_pid:-} ]]; then
		kill "$sim_pid" 2>/dev/null || true
		wait "$sim_pid" 2>/dev/null || true
		sim_pid=
	fi
}

# Log a user in; the browser is curl, what it shows is in page.
log_in() {
	local address
	coproc LOGIN { exec spot-search --login 2>login.err; }
	login_pid=${LOGIN_PID:?}
	read -rt 10 address <&"${LOGIN[0]}"
	curl -sSL "$address" >page
	wait "$login_pid"
}

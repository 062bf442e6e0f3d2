# shellcheck shell=bash
#
# lib.bash: what the sections share.  A section reads it from the root of the
# repository, and sets work, a folder of its own, and runs.  It takes the times
# of what it compares in turns, and quotes medians.

# shellcheck disable=SC2154

build=${BUILD:-build}
root=$PWD
venv=$root/$build/bench/venv
PATH=$root/$build/bin:$root/$build/tests:$PATH

failed() {
	{
		echo "$(basename "$0"): $* failed"
		tail -n 20 "$work/log"
	} >&2
	exit 1
}

# The seconds that a command takes.
seconds() {
	local TIMEFORMAT=%R
	{ time "$@" >/dev/null 2>"$work/log" || failed "$@"; } 2>&1
}

# Note under a name what a command takes: seconds by the clock, and processors'.
take() {
	local TIMEFORMAT='%R %U %S' t
	t=$({ time "${@:2}" >/dev/null 2>"$work/log" || failed "${@:2}"; } 2>&1)
	echo "$1 $t" >>"$work/taken"
}

# The one in the middle of standard input's numbers.
middle() {
	sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

# The median of the seconds of as many runs of a command.
median_of() {
	local i t
	for ((i = 0; i < runs; i++)); do
		t=$(seconds "$@")
		echo "$t"
	done | middle
}

# The median of what was noted under a name.
median() {
	awk -v name="$1" '$1 == name { print $2 }' "$work/taken" | middle
}

# The same of the processors' seconds, which a busy machine changes less.
processor() {
	awk -v name="$1" '$1 == name { print $3 + $4 }' "$work/taken" | middle
}

# Of so many things done in the median of a name, thousands a second.
rate() {
	awk -v t="$(median "$1")" -v n="$2" 'BEGIN { printf "%d", n / t / 1000 }'
}

# How many times as fast the first name is as the second, for as many things.
ratio() {
	awk -v a="$(median "$1")" -v b="$(median "$2")" \
		'BEGIN { printf "%.2f", b / a }'
}

# What users of Python need, in an environment of its own.
need_python() {
	if [[ ! -x $venv/bin/python ]]; then
		python3 -m venv "$venv"
	fi
	"$venv/bin/pip" --quiet install "$@" >&2
}

need_duckdb() {
	need_python duckdb==1.4.2
}

# Services of its own, in work, and an empty folder there to be in.
start_services() {
	work=$(mktemp -d /tmp/spot-bench.XXXXXX)
	trap '"$root/scripts/services.sh" stop "$work"; rm -rf "$work"' EXIT
	SPOT_FSYNC=off "$root/scripts/services.sh" start "$work" "$@"
	eval "$("$root/scripts/services.sh" env "$work")"
	mkdir "$work/data"
	cd "$work/data" || exit
}

#!/usr/bin/env bash
#
# etl_spark.sh [OPTION...]: etl_spark.py as a filter: the stream on standard
# input, the records on standard output.  Both go through a folder of TMPDIR, which
# the machines of Spark have to see.  See etl_spark(1).
set -euo pipefail

here=$(dirname "$(readlink -f "$0")")
venv=$here/../build/spark/venv
PATH=$here/../bin:$here/../../../bin:$here/../build/bin:$PATH
[[ ! -x $venv/bin/spark-submit ]] || PATH=$venv/bin:$PATH

main() {
	local status=0
	work=$(mktemp -d)
	trap 'rm -rf "$work"' EXIT
	chmod 755 "$work"
	cat >"$work/stream.ndjson"
	spark-submit "$here/etl_spark.py" "$@" -o "$work/run" \
		"$work/stream.ndjson" >&2 || status=$?
	((status <= 1)) || return "$status"
	[[ -e $work/run/run.ndjson ]] || return 3
	cat "$work"/run/part-* "$work/run/run.ndjson" || return 3
	return "$status"
}

main "$@"

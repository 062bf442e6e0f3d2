#!/usr/bin/env bash
#
# spark.sh [OPTION...]: etl_spark.py as a filter: the stream on standard input,
# the records on standard output.  See spot-spark(1).
set -euo pipefail

here=$(dirname "$(readlink -f "$0")")
venv=$here/../build/spark/venv
PATH=$here/../bin:$here/../../../bin:$here/../build/bin:$PATH
[[ ! -x $venv/bin/spark-submit ]] || PATH=$venv/bin:$PATH

usage() {
	cat <<-'END'
		usage: spark.sh [-b BY] [-e ETL] [-l FILE] [-t PERIOD] <stream >records

		What etl does, by the machines of Spark: spark-submit's configuration says
		which.  The stream goes through a folder of TMPDIR, which they have to see.

		  -b, --by BY           see etl
		  -e, --etl PROGRAM     etl, where the machines have it
		  -h, --help            show this help
		  -l, --lockdowns FILE  see etl
		  -t, --period PERIOD   see etl
	END
}

main() {
	local status=0
	if [[ ${1:-} =~ ^(-h|--help)$ ]]; then
		usage
		return
	fi
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

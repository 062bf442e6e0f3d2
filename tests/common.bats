#!/usr/bin/env bats
#
# common: the manners of every program, whatever it does.
#
# Each test goes through all programs, or through those of a kind; one that is
# new is held to them too, by a line in this table.

load helper

# Each program, its kind, and the arguments that it cannot do without.  A filter
# reads the stream and passes on the records that it does not know; an end reads
# the stream and leaves them out; a source reads no stream.
table() {
	cat <<-END
		etl            end
		pg-backup      source  -d service=primary
		pg-load        filter  -d service=primary
		plot           end     -C IT,FR
		redis-dedup    filter  -k common
		spot-features  filter  -P file:$BATS_FILE_TMPDIR/features.ndjson
		spot-search    source  -n covid
		spot-tracks    filter  --offline
	END
}

kind() {
	table | awk -v program="$1" '$1 == program { print $2 }'
}

arguments() {
	table | awk -v program="$1" '$1 == program { $1 = $2 = ""; print }'
}

# One stream with all types of records, for all programs.
setup_file() {
	start_services primary backup redis
	cd "$BATS_FILE_TMPDIR" || return
	for day in 09 10 11 12; do
		for country in IT FR; do
			jq -nc --arg day "$day" --arg country "$country" '{
				type: "playlist", id: ($country + $day), snapshot_id: "s",
				country: $country, tracks: {total: 5, items: ([range(3) |
				{added_at: "2020-03-\($day)T08:00:00Z", track: {
				type: "track", id: "000000000000000000000\(.)",
				name: "t\(.)"}}] + [{track: null}])}}'
		done
	done >dump.ndjson
	jq -nc 'range(3) | {id: "000000000000000000000\(.)", danceability: (. / 8),
		energy: 0.25, key: ., loudness: -7.5, mode: 1, speechiness: 0.1,
		acousticness: 0.2, instrumentalness: 0, liveness: 0.3,
		valence: (. / 4), tempo: 120.5}' >features.ndjson
	spot-tracks dump.ndjson | spot-features -P file:features.ndjson >items.ndjson
	# a source needs something to tell
	pg-load -d service=primary items.ndjson >/dev/null
	{
		cat items.ndjson
		etl items.ndjson
		echo '{"type":"note","text":"an unknown record \u00e9","n":[1,{"a":null}]}'
	} >stream.ndjson
}

teardown_file() {
	stop_services
}

setup() {
	stream=$BATS_FILE_TMPDIR/stream.ndjson
	programs=$(ls "$root/$BUILD/bin")
	cd "$BATS_TEST_TMPDIR" || return
}

# Call a check with the name of each program; with that of each reader of the
# stream; with that of each filter.
each() {
	local program
	for program in $programs; do
		echo "--- $program"
		"$@" "$program"
	done
}

each_reader() {
	programs=$(for program in $programs; do
		[[ $(kind "$program") == source ]] || echo "$program"
	done) each "$@"
}

each_filter() {
	programs=$(for program in $programs; do
		[[ $(kind "$program") != filter ]] || echo "$program"
	done) each "$@"
}

# Run a program with the arguments it needs, from a file: out, err and status.
feed() {
	local program=$1 input=$2
	status=0
	# shellcheck disable=SC2046
	"$program" $(arguments "$program") <"$input" >out 2>err || status=$?
}

# The stream with the line of a file after its line 2, fed to a program: the
# line is named, it alone is missing, and that is status 1.
refuses() {
	local line=$1 program=$2
	feed "$program" "$stream"
	mv out expected
	{
		head -n 2 "$stream"
		cat "$line"
		tail -n +3 "$stream"
	} >input
	feed "$program" input
	cat err
	assert_equal "$status" 1
	run -0 grep -c "^$program: line 3: ." err
	assert_output 1
	cmp expected out
}

# The same with a line that is unusual, and no more.
accepts() {
	local line=$1 program=$2
	feed "$program" "$stream"
	if [[ $(kind "$program") == filter ]]; then
		{
			cat out
			cat "$line"
		} >expected
	else
		mv out expected
	fi
	cat "$stream" "$line" >input
	feed "$program" input
	cat err
	assert_equal "$status" 0
	cmp expected out
}

known() {
	[[ $(kind "$1") =~ ^(filter|end|source)$ ]]
}

@test "the table knows every program" {
	each known
}

help_teaches() {
	run -0 --separate-stderr "$1" --help
	assert_equal "$stderr" ""
	assert_line --index 0 --partial "usage: $1"
	run -0 "$1" -h
	[ "$("$1" --help | wc -L)" -le 80 ]
}

@test "--help goes to stdout, fits in 80 columns, and is status 0" {
	each help_teaches
}

tells_version() {
	run -0 --separate-stderr "$1" --version
	assert_output --regexp "^$1 \(spot\) [0-9.]+$"
	assert_equal "$stderr" ""
}

@test "--version" {
	each tells_version
}

knows_no_such_option() {
	run -2 --separate-stderr "$1" --no-such-option
	assert_output ""
	assert_equal "${stderr_lines[-1]}" "Try '$1 --help'."
	run -2 "$1" -0
}

@test "an unknown option is status 2 and a hint" {
	each knows_no_such_option
}

# The options of --help or of a page: -x and --xxx, one a line.
options_of_help() {
	"$1" --help | grep -oE '^ +(-[a-zA-Z0-9], )?--[a-z0-9-]+' |
		grep -oE -- '-(-[a-z0-9-]+|[a-zA-Z0-9])' | sort -u
}

options_of_page() {
	mandoc -T ascii "$root/cmd/$1/$1.1" | col -bx |
		grep -oE '^ +(-[a-zA-Z0-9], )?--[a-z0-9-]+' |
		grep -oE -- '-(-[a-z0-9-]+|[a-zA-Z0-9])' | sort -u
}

# Those that getopt_long(3) knows: it names them, if one asks it wrongly.
options_of_program() {
	local letter said
	for letter in {a..z} {A..Z} {0..9}; do
		said=$("$1" "-$letter" --no-such-option --no-such-option 2>&1 \
			</dev/null) || true
		[[ $said == *"invalid option -- '$letter'"* ]] || printf -- '-%s\n' "$letter"
	done
	for letter in {a..z}; do
		said=$("$1" "--$letter=" --no-such-option 2>&1 </dev/null) || true
		case $said in
		*unrecognized\ option\ \'--"$letter"*) ;;
		*ambiguous* | *allow\ an\ argument*)
			grep -oE -- "'--[a-z0-9-]{2,}'" <<<"$said" |
				grep -v no-such-option | tr -d "'"
			;;
		*)
			"$1" "--$letter" 2>&1 </dev/null |
				grep -oE -- "'--[a-z0-9-]+'" | tr -d "'"
			;;
		esac
	done
}

options_agree() {
	options_of_help "$1" >help
	options_of_program "$1" | sort -u >program
	options_of_page "$1" >page
	diff help program
	diff help page
}

@test "--help, the page and getopt know the same options" {
	skip_in_valgrind 'would start each program for each letter, a second each'
	each options_agree
}

completes_options() {
	# shellcheck disable=SC2016
	run -0 bash -c 'source "$1"; COMP_WORDS=("$2" --); COMP_CWORD=1
		_spot "$2" -- "$2"; printf "%s\n" "${COMPREPLY[@]}" | sort' \
		bash "$root/scripts/completions/spot.bash" "$1"
	assert_output "$(options_of_help "$1" | grep -- --)"
}

@test "bash completes every long option" {
	each completes_options
}

cannot_write() {
	local status=0
	# shellcheck disable=SC2046
	"$1" $(arguments "$1") <"$stream" 2>err >/dev/full || status=$?
	assert_equal "$status" 3
	grep "^$1: .*No space left" err
}

@test "32: a full device is status 3" {
	each cannot_write
}

cannot_tell() {
	local status=0
	rm -f fifo
	mkfifo fifo
	# shellcheck disable=SC2094
	exec 8<>fifo 9>fifo 8<&-
	# shellcheck disable=SC2046
	"$1" $(arguments "$1") <"$stream" 2>err >&9 || status=$?
	exec 9>&-
	assert_equal "$status" 3
	grep "^$1: .*Broken pipe" err
}

@test "32: a reader that has gone is status 3" {
	each cannot_tell
}

# There is no picture of nothing: see plot.bats.
takes_nothing() {
	[[ $1 != plot ]] || return 0
	feed "$1" /dev/null
	cat err
	assert_equal "$status" 0
	[ ! -s err ]
}

@test "empty input is no error" {
	each_reader takes_nothing
}

needs_no_last_newline() {
	feed "$1" "$stream"
	mv out expected
	head -c -1 "$stream" >input
	feed "$1" input
	assert_equal "$status" 0
	cmp expected out
}

@test "the last line needs no newline, blank lines are passed over" {
	each_reader needs_no_last_newline
	sed G "$stream" >spaced
	stream=spaced each_reader needs_no_last_newline
}

@test "a bad line is named and skipped, the rest is intact" {
	echo 'no record' >bad
	each_reader refuses bad
}

@test "a line of more than 16 MiB is named and skipped" {
	{
		printf '{"type":"note","text":"'
		head -c 17M /dev/zero | tr '\0' x
		echo '"}'
	} >bad
	each_reader refuses bad
}

# A note of so many bytes, its newline not counted.
note() {
	printf '{"type":"note","text":"'
	head -c $(($1 - 25)) /dev/zero | tr '\0' x
	echo '"}'
}

@test "a line of 16 MiB is read" {
	note $((16 * 1024 * 1024)) >long
	each_reader accepts long
}

nest() {
	printf '{"type":"note","n":'
	printf "%$1s" '' | tr ' ' '['
	printf "%$1s" '' | tr ' ' ']'
	echo '}'
}

@test "nesting of 60 levels is read, of 100,000 refused" {
	nest 60 >deep
	each_reader accepts deep
	nest 100000 >deep
	each_reader refuses deep
	nest 100000 | head -c 90000 >deep
	echo >>deep
	each_reader refuses deep
}

# Each of these is a line to be refused, in the notation of echo -e.
refused='
{"type":"note","text":"a\x00b"}
{"type":"note"\x00}
\x00
{"type":"note",\x0b"n":1}
{"type":"note"}\x0c
{"type":"note","text":"\xff"}
{"type":"note","text":"cut \xc3"}
{"type":"note","text":"overlong \xc0\xaf"}
{"type":"note","text":"overlong \xe0\x80\xaf"}
{"type":"note","text":"overlong \xf0\x80\x80\xaf"}
{"type":"note","text":"surrogate \xed\xa0\x80"}
{"type":"note","text":"beyond \xf4\x90\x80\x80"}
{"type":"note","k\xff":1}
\xef\xbb\xbf{"type":"note"}
{"type":"note","type":"item"}
{"type":"note","n":1e}
{"type":"note","n":01}
{"type":"note","n":+1}
{"type":"note","n":.5}
{"type":"note","n":1.}
{"type":"note","n":0x10}
{"type":"note","n":NaN}
{"type":"note","n":-Infinity}
{"type":"note","n":-}
{"type":"note","text":"tab \t raw"}
{"type":"note","text":"\\x"}
{"type":"note","text":"\\u12"}
{"type":"note","text":"open
{"type":"note","text":"cut"
{"type":"note","text":
{"type":"note",
{"type":"note",}
{"type":"note" "n":1}
{"type":"note","n":[1,]}
{"type":"note","n":[1 2]}
{"type":"note","n":[}
{"type":"note"]
{type:"note"}
{"type":"note"}{"type":"note"}
{"type":"note"} 1
{"type":"note"} x
{"type":"note"}}
["type","note"]
"note"
null
1
}
[
'

# And these are records, if unusual ones.
accepted='
{"type":"note","n":1e999}
{"type":"note","n":-0}
{"type":"note","n":-0.0}
{"type":"note","n":1E-7}
{"type":"note","n":123456789012345678901234567890.123456789012345678901234567890}
{"type":"note","text":"\\u0000 \\ud800 \\\x22 \\\\ \\/"}
{"type":"note","text":"\xf0\x9f\x98\xb7 \xe2\x80\xa8 \x7f"}
{"type":"note","a":1,"a":2}
{"type":"note"}\r
  { "type" : "note" }  
{"n":{},"m":[[]],"type":"note"}
{"\\u0074ype2":1,"type":"note"}
'

@test "hostile lines are named and skipped, the rest is intact" {
	while IFS= read -r bytes; do
		echo "=== $bytes"
		printf '%b\n' "$bytes" >bad
		each_reader refuses bad
	done <<<"${refused:1:-1}"
}

@test "unusual records pass byte for byte" {
	while IFS= read -r bytes; do
		echo "=== $bytes"
		printf '%b\n' "$bytes" >odd
		each_reader accepts odd
	done <<<"${accepted:1:-1}"
}

reads_operands() {
	feed "$1" "$stream"
	mv out expected
	rm -f s.*
	cp "$stream" s.plain
	gzip -kc "$stream" >s.gz
	zstd -qc "$stream" >s.zst
	for file in s.*; do
		# shellcheck disable=SC2046
		"$1" $(arguments "$1") "$file" >out
		cmp expected out
	done
	cp "$stream" s.two
	cat "$stream" s.two >twice
	feed "$1" twice
	# shellcheck disable=SC2046
	"$1" $(arguments "$1") s.gz s.two >both
	cmp out both
}

@test "operands are read, compressed or not" {
	each_reader reads_operands
}

wants_readable_files() {
	local status file
	mkdir -p folder
	gzip -c "$stream" | head -c 200 >cut.gz
	zstd -qc "$stream" | head -c 200 >cut.zst
	for file in missing folder cut.gz cut.zst; do
		status=0
		# shellcheck disable=SC2046
		"$1" $(arguments "$1") $file >out 2>err || status=$?
		assert_equal "$file $status" "$file 3"
		grep -E "^$1: $file: " err
	done
}

@test "a file that is missing, a folder, or damaged is named: status 3" {
	each_reader wants_readable_files
}

names_file_of_bad_line() {
	local status=0
	# shellcheck disable=SC2046
	"$1" $(arguments "$1") "$stream" bad.ndjson >out 2>err || status=$?
	assert_equal "$status" 1
	grep -F "$1: bad.ndjson: line 2: " err
}

@test "a bad line of an operand is named with its file" {
	printf '{"type":"note"}\n?\n' >bad.ndjson
	each_reader names_file_of_bad_line
}

answers_at_once() {
	local pid n
	# shellcheck disable=SC2046
	coproc "$1" $(arguments "$1")
	pid=$COPROC_PID
	for n in 1 2; do
		echo "{\"type\":\"note\",\"n\":$n}" >&"${COPROC[1]}"
		read -rt 10 answer <&"${COPROC[0]}"
		assert_equal "$answer" "{\"type\":\"note\",\"n\":$n}"
	done
	eval "exec ${COPROC[1]}>&-"
	wait "$pid"
}

@test "a filter answers at once when its input pauses" {
	each_filter answers_at_once
}

draws_a_meter() {
	feed "$1" "$stream"
	mv out expected
	# shellcheck disable=SC2046
	"$1" $(arguments "$1") --progress <"$stream" >out 2>err
	cmp expected out
	grep "^$1: [0-9]* lines, .* MB, " err
}

@test "--progress writes to stderr, and changes nothing else" {
	each_reader draws_a_meter
}

# The commands of a page's EXAMPLES: its lines that begin with a prompt.
examples() {
	mandoc -T ascii -O width=500 "$root/cmd/$1/$1.1" | col -bx |
		sed -n '/^EXAMPLES/,/^SEE ALSO/s/^ *\$ //p'
}

examples_run() {
	local command
	examples "$1" >commands
	[ -s commands ]
	mkdir -p "examples-$1"
	cp "$BATS_FILE_TMPDIR"/*.ndjson "examples-$1"
	gzip -k "examples-$1"/*.ndjson
	while IFS= read -r command; do
		echo "\$ $command"
		(cd "examples-$1" && bash -o pipefail -c "$command")
	done <commands
}

@test "the examples of the pages run" {
	each examples_run
}

starts_quickly() {
	local best
	hyperfine -N --warmup 5 --runs 50 --export-json times "$1 --version" \
		>/dev/null 2>&1
	best=$(jq '.results[0].min * 1e4 | round / 10' times)
	echo "# $1 starts in $best ms" >&3
	jq -e '.results[0].min < 0.003' times
}

@test "a program starts within 3 ms" {
	needs_plain_build
	each starts_quickly
}

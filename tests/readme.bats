#!/usr/bin/env bats
#
# readme: its commands work, and it says what is there.

load helper

# The commands of the README's blocks of a kind: sh (they run anywhere) or
# console (they need an account, or change the machine).
commands() {
	sed -n "/^\`\`\`$1\$/,/^\`\`\`\$/p" "$root/README.md" | grep -v '^```'
}

setup() {
	programs=$(ls "$root/$BUILD/bin")
	cd "$BATS_TEST_TMPDIR" || return
}

@test "the commands that explain the stages run, in their order" {
	ln -s "$root/$BUILD" build
	ln -s "$root/scripts" scripts
	commands sh >script
	[ "$(wc -l <script)" -ge 10 ]
	while IFS= read -r command; do
		echo "\$ $command"
		bash -o pipefail -c "$command" </dev/null
	done <script
	grep -q '<svg' mood.svg
	[ -s report/index.html ]
}

@test "what it says that a dry run costs nothing is true" {
	commands console | grep -e --dry-run >script
	run -0 bash script
	assert_output --partial requests
}

@test "every option that it names is one of the program's" {
	for program in $programs; do
		grep -oE "$program [^|]*" "$root/README.md" |
			grep -oE -- ' --[a-z-]+' | while read -r option; do
			echo "$program $option"
			"$program" --help | grep -qwe "$option"
		done
	done
}

@test "every program and every make target that it names is there" {
	# shellcheck disable=SC2016
	while read -r program; do
		[ -x "$root/$BUILD/bin/$program" ]
	done < <(sed -nE 's/^\| `([a-z-]+)` .*/\1/p' "$root/README.md")
	for target in $(grep -oE '^    make [a-z]+' "$root/README.md" |
		awk '{ print $2 }') install lint sanitize valgrind fuzz coverage bench; do
		make -C "$root" --no-print-directory help | grep -qw "^$target"
	done
	for program in $programs; do
		grep -qF "| \`$program\` |" "$root/README.md"
	done
}

@test "every file that it links to is there" {
	grep -oE '\]\([a-z][^:)]*\)' "$root/README.md" | tr -d '])(' |
		while read -r file; do
			[ -e "$root/$file" ]
		done
}

@test "make demo leaves the picture and the page that it names" {
	needs_plain_build
	run -0 make -C "$root" --no-print-directory demo DEMO="$PWD/demo"
	assert_line --regexp 'pipeline: kept: [0-9]{4} playlists'
	assert_line --regexp 'pipeline: report$'
	assert_line --regexp 'Italy +\| during '
	services=$(sed -n 's/.*services.sh start //p' <<<"$output")
	[[ $services == /* && ! -e $services ]]
	page=$(sed -n 's/^page: *//p' <<<"$output")
	picture=$(sed -n 's/^picture: *//p' <<<"$output" | tr ',' '\n' | head -n 1)
	grep -qi synthetic "$page"
	grep -qi 'synthetic' "$picture"
	xmllint --noout "$picture" 2>/dev/null || rsvg-convert "$picture" >/dev/null
}

@test "make demo takes playlists and features of one's own" {
	needs_plain_build
	"$root/$BUILD/tests/generate" -p 260 playlists | gzip >mine.ndjson.gz
	"$root/$BUILD/tests/generate" -p 260 features | zstd -q >mine.zst
	run -0 make -C "$root" --no-print-directory demo DEMO="$PWD/demo" \
		DUMP="$PWD/mine.ndjson.gz" FEATURES="$PWD/mine.zst"
	run -0 grep -c 'mine.ndjson.gz and mine.zst' demo/mood.svg
	run -2 make -C "$root" --no-print-directory demo DEMO="$PWD/demo" \
		DUMP="$PWD/nothing" FEATURES="$PWD/mine.zst"
	assert_output --partial "must both name a file"
}

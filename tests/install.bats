#!/usr/bin/env bats
#
# install: what make install leaves is whole, and works where it lies.

load helper

setup_file() {
	cd "$root" || return
	make -s BUILD="$BUILD" PREFIX=/opt/spot DESTDIR="$BATS_FILE_TMPDIR" install
}

setup() {
	prefix=$BATS_FILE_TMPDIR/opt/spot
	programs=$(ls "$root/$BUILD/bin")
	PATH=$prefix/bin:${PATH#"$root/$BUILD/bin:"}
	cd "$BATS_TEST_TMPDIR" || return
}

@test "every program is there, and runs from there" {
	for program in $programs; do
		assert_equal "$(command -v "$program")" "$prefix/bin/$program"
		run -0 "$program" --version
	done
}

@test "man finds the page of every program and script, and of the records" {
	for page in spot.5 spot.7 $(basename -a "$root"/{cmd/*,scripts}/*.1); do
		run -0 env MANPATH="$prefix/share/man" man -w "${page##*.}" "${page%.*}"
		assert_output "$prefix/share/man/man${page##*.}/$page"
	done
}

@test "bash completes every program, zsh knows them too" {
	for program in $programs; do
		# shellcheck disable=SC2016
		run -0 bash -c 'source "$1" && complete -p "$2"' bash \
			"$prefix/share/bash-completion/completions/$program" "$program"
		head -n 1 "$prefix/share/zsh/site-functions/_spot" | grep -w -- "$program"
	done
}

@test "the schemas are there, and the scripts run from there" {
	diff -r "$root/sql" "$prefix/share/spot/sql"
	for script in "$prefix"/share/spot/scripts/*.sh; do
		script=spot-$(basename "$script" .sh)
		assert_equal "$(command -v "$script")" "$prefix/bin/$script"
		run -0 --separate-stderr "$script" --help
		assert_output --partial "${script#spot-}.sh"
	done
	"$root/$BUILD/tests/generate" -p 130 playlists | spot-tracks --offline |
		spot-features -P file:<("$root/$BUILD/tests/generate" features) |
		etl >run.ndjson
	run -0 spot-report -f run.ndjson -o site
	grep -q '<title>' site/index.html
}

@test "systemd finds the units, and they what they run" {
	run -0 sed -n 's/^ExecStart=\([^ ]*\).*/\1/p' \
		"$prefix/lib/systemd/system/spot.service"
	assert_output /opt/spot/bin/spot-update
	[ -x "$BATS_FILE_TMPDIR$output" ]
	[ -e "$prefix/lib/systemd/system/spot.timer" ]
}

@test "nothing else is there, and nothing half written" {
	run -0 find "$BATS_FILE_TMPDIR" -name '.*'
	assert_output ""
	run -0 ls "$prefix" "$prefix/share"
	assert_output "$prefix:
bin
lib
share

$prefix/share:
bash-completion
man
spot
zsh"
}

@test "to install again over it changes nothing" {
	(cd "$prefix" && find . -type f -exec md5sum {} + | sort) >before
	(cd "$root" && make -s BUILD="$BUILD" PREFIX=/opt/spot \
		DESTDIR="$BATS_FILE_TMPDIR" install)
	(cd "$prefix" && find . -type f -exec md5sum {} + | sort) >after
	diff before after
}

#!/usr/bin/env bash
#
# lint.sh: every checker over every file of its kind.  Fails if one of them has
# something to say.  make lint builds first: clang-tidy reads made headers too.
set -euo pipefail

jobs=${JOBS:-$(nproc)}
includes="-Icommon -Ibuild -I/usr/include/postgresql -Itests/unit"

c_files() {
	find cmd common tests -name "$1" -print0 | sort -z
}

scripts() {
	find .ci scripts tests -type f ! -path '*/corpus/*' ! -name '*.[ch]' \
		-exec grep -lZEm1 '^#!.*(bash|bats)$|shell=bash' {} +
}

layout() {
	c_files '*.[ch]' | xargs -0 clang-format --dry-run -Werror &&
		scripts | xargs -0 shfmt -d
}

# A test of a program's own module sees the program's headers.
tidy_file() {
	local own='' said
	if [[ $1 =~ ^tests/(unit|fuzz)/([^/]+)/ ]]; then
		own=-Icmd/${BASH_REMATCH[2]}
	fi
	# shellcheck disable=SC2086
	said=$(clang-tidy --quiet "$1" -- -std=c17 -D_GNU_SOURCE \
		-DSPOT_VERSION='""' $includes $own 2>&1 |
		grep -Ev '^[0-9]+ warnings? generated' || true)
	if [[ -n $said ]]; then
		echo "$said"
		return 1
	fi
}

tidy() {
	export -f tidy_file
	export includes
	# shellcheck disable=SC2016
	c_files '*.c' | xargs -0 -P"$jobs" -n1 bash -c 'tidy_file "$1"' tidy
}

check_c() {
	c_files '*.c' | xargs -0 cppcheck --quiet --error-exitcode=1 -j"$jobs" \
		--inline-suppr --std=c11 --enable=warning,performance,portability \
		--suppress=missingIncludeSystem -D_GNU_SOURCE -Icommon
}

# In bats files, run and the helper set variables, and tests are subshells.
check_scripts() {
	scripts | grep -zv '\.bats$' | xargs -0 shellcheck -x &&
		scripts | grep -z '\.bats$' |
		xargs -0 shellcheck -x -e SC2030,SC2031,SC2154
}

sql() {
	build/lint/bin/sqlfluff lint --disable-progress-bar --processes "$jobs" \
		sql/*.sql
}

pages() {
	mandoc -T lint -W warning cmd/*.[57] cmd/*/*.1 scripts/*.1
}

# Nd is a macro of mdoc; the table of the world has titles of many languages.
spelling() {
	codespell --ignore-words-list=nd --skip='*/corpus/*,*.csv,*/world.c,*/names.c' Makefile README.md .ci scripts sql \
		cmd common tests
}

main() {
	local check status=0
	for check in layout tidy check_c check_scripts sql pages spelling; do
		if ! "$check"; then
			echo "lint: $check failed" >&2
			status=1
		fi
	done
	return "$status"
}

main "$@"

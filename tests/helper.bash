# helper: what every test file begins with ("load helper").
#
# Tests run in the project's root, with the programs of $BUILD in PATH.

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert

cd "$BATS_TEST_DIRNAME/.." || exit
root=$PWD
BUILD=${BUILD:-build}
PATH=$root/$BUILD/bin:$PATH
data=$root/../shared/data

# Skip the test where the real data is not.
needs_data() {
	[[ -d $data ]] || skip "the real data (../shared/data) is not here"
}

# The real charts of five countries with features, as eu5.ndjson; nothing where
# the data is not.
make_eu5() {
	[[ -d $data ]] || return 0
	spot-tracks "$data/charts_eu5_2019-2020.playlists.ndjson.gz" |
		spot-features -P "file:$data/charts_eu5_2019-2020.features.ndjson.gz" \
			>eu5.ndjson
}

# Skip where a sanitizer or valgrind spoils what is to be measured.
needs_plain_build() {
	[[ $BUILD == build ]] || skip "measured on the plain build only"
}

# Skip under valgrind, for a reason.
skip_in_valgrind() {
	[[ $BUILD != */valgrind ]] || skip "valgrind $1"
}

# Start services of the test's own, see scripts/services.sh, and put them in
# the environment; to be called in setup_file or in a test.  Their folder is
# none of bats', which root's servers could not enter.
start_services() {
	export SPOT_FSYNC=off
	services=$(mktemp -d /tmp/spot-test.XXXXXX)
	export services
	"$root/scripts/services.sh" start "$services" "$@"
	eval "$("$root/scripts/services.sh" env "$services")"
}

stop_services() {
	"$root/scripts/services.sh" stop "$services"
	rm -rf "$services"
}

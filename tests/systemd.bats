#!/usr/bin/env bats
#
# What machines run it by: the units, and the stack.

load helper

@test "systemd finds nothing wrong with the units" {
	command -v systemd-analyze >/dev/null || skip "systemd is not here"
	local units=$BATS_TEST_TMPDIR/units
	mkdir "$units"
	cp scripts/systemd/spot.* "$units"
	sed -i "s|^ExecStart=[^ ]*|ExecStart=$PWD/scripts/update.sh|" "$units/spot.service"
	run -0 systemd-analyze verify --man=no "$units/spot.service" "$units/spot.timer"
	refute_output --partial "$units"
}

# updater STATUS: what the stack's updater does for a while, after a run that
# ended with that status.
updater() {
	mkdir -p secrets home
	echo secret | tee secrets/{updater,redis}_password >/dev/null
	echo "{\"status\":$1,\"started\":1,\"finished\":2,\"succeeded\":0}" >home/health
	run -124 env TMPDIR="$PWD" SECRETS=secrets SPOT_HOME="$PWD/home" \
		PGSERVICEFILE="$PWD/services" PGPASSFILE="$PWD/passwords" \
		REDIS_URL_FILE="$PWD/url" PATH="$root/scripts:$PATH" \
		timeout 5 "$root/scripts/image/updater"
}

@test "after a run that a retry cannot mend the stack's updater rests" {
	cd "$BATS_TEST_TMPDIR"
	updater 2
	assert_output --partial rest
	[ ! -e home/log ]
	updater 3
	refute_output --partial rest
	[ -e home/log ]
	grep -q '^host=postgres,postgres_backup$' services
}

#!/usr/bin/env bats
#
# The units for machines without Swarm.

load helper

@test "systemd finds nothing wrong with the units" {
	command -v systemd-analyze >/dev/null || skip "systemd is not here"
	local units=$BATS_TEST_TMPDIR/units
	mkdir "$units"
	cp scripts/systemd/spot.* "$units"
	sed -i "s|^ExecStart=/usr/local/share/spot|ExecStart=$PWD|" "$units/spot.service"
	run -0 systemd-analyze verify --man=no "$units/spot.service" "$units/spot.timer"
	refute_output --partial "$units"
}

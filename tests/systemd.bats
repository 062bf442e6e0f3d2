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

@test "the stack's schemas are those of sql: their names tell their content" {
	for schema in primary dwh; do
		name=spot_${schema}_$(sha256sum "sql/$schema.sql" | head -c 8)
		grep -F "file: sql/$schema.sql, name: $name}" stack.yml ||
			fail "stack.yml: the config $schema is to be named $name now"
	done
}

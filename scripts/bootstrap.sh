#!/usr/bin/env bash
#
# bootstrap.sh [GROUP...]: install the Debian packages that are missing.
#
# The groups are build, run, test, lint, browser and demo; without one all of them.
# --bench adds the peers to be measured against; --spark is Spark, for
# scripts/etl_spark.py; --engine is Docker for tests/stack; --stack is Docker, and
# makes the images, the swarm and the secrets of stack.yml: see
# scripts/image/build.  Nothing is done, and the network left alone, when nothing
# is missing.  Without root's rights it says what to run.
set -euo pipefail

declare -A packages=(
	[build]="build-essential libcurl4-openssl-dev libhiredis-dev libpq-dev
		libyajl-dev"
	[run]="ca-certificates fonts-dejavu-core gnuplot-nox gzip jq postgresql redis-server zstd"
	[test]="bats bats-assert bats-file bats-support bsdextrautils clang
		clang-format clang-tidy codespell cppcheck curl gcovr hyperfine
		libclang-rt-14-dev librsvg2-bin man-db mandoc miller parallel
		poppler-utils procps r-base-core shellcheck shfmt strace time valgrind
		xxd zlib1g-dev zsh"
	[lint]="python3-venv"
	[demo]="zlib1g-dev"
	[--engine]="debootstrap docker.io iptables"
	[--stack]="docker.io iptables"
	[browser]="chromium nodejs npm"
	[--bench]="pgcopydb python3-venv"
	[--spark]="default-jre-headless libpostgresql-jdbc-java python3-venv"
)
policy=/usr/sbin/policy-rc.d
cluster=/etc/postgresql-common/createcluster.d/spot.conf

# Those of the packages that are not installed, one a line.
missing() {
	comm -23 <(printf '%s\n' "$@" | sort -u) \
		<(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null |
			sed -n 's/^installed //p' | sort -u)
}

# Node and Docker may well have come from elsewhere.
without_others() {
	local package
	while read -r package; do
		case $package in
		nodejs) command -v node >/dev/null || echo nodejs ;;
		npm) command -v npm >/dev/null || echo npm ;;
		docker.io) command -v dockerd >/dev/null || echo docker.io ;;
		*) echo "$package" ;;
		esac
	done
}

# Spark, from PyPI; whole, or not there.
spark() {
	[[ ! -e $1/venv/bin/spark-submit ]] || return 0
	python3 -m venv "$1/venv"
	"$1/venv/bin/pip" --quiet install pandas==2.2.3 pyarrow==18.1.0 \
		'pyspark[sql]==3.5.6'
}

# What no package of Debian has.
beyond() {
	local group here
	here=$(dirname "$(readlink -f "$0")")
	for group in "$@"; do
		case $group in
		browser)
			[[ -e $here/../build/browser/node_modules/axe-core ]] ||
				npm install --loglevel=error --no-save --no-audit --no-fund \
					--prefix "$here/../build/browser" \
					playwright-core@1.57.0 axe-core@4.14.1
			;;
		lint)
			[[ -e $here/../build/lint/bin/sqlfluff ]] || {
				python3 -m venv "$here/../build/lint"
				"$here/../build/lint/bin/pip" install --quiet sqlfluff==3.5.0
			}
			;;
		--spark) spark "$here/../build/spark" ;;
		--stack) "$here/image/build" ;;
		esac
	done
}

# The pipeline runs servers of its own: those of the packages are not started,
# and PostgreSQL makes no cluster.
keep_servers_off() {
	trap let_servers_be EXIT
	mkdir -p "${cluster%/*}"
	echo 'create_main_cluster = false' >"$cluster"
	if [[ ! -e $policy ]]; then
		printf '#!/bin/sh\n# spot: no server is started\nexit 101\n' >"$policy"
		chmod 755 "$policy"
	fi
}

let_servers_be() {
	rm -f "$cluster"
	if grep -qs '^# spot: ' "$policy"; then
		rm -f "$policy"
	fi
}

install() {
	local had_redis
	had_redis=$(missing redis-server)
	keep_servers_off
	export DEBIAN_FRONTEND=noninteractive
	apt-get -qq -o DPkg::Lock::Timeout=300 update
	apt-get -qq -o DPkg::Lock::Timeout=300 install --no-install-recommends \
		"$@" >/dev/null
	if [[ -n $had_redis && -z $(missing redis-server) ]]; then
		update-rc.d redis-server disable
	fi
}

main() {
	local -a wanted=() lacking
	local group
	if ! command -v dpkg-query >/dev/null; then
		echo "bootstrap.sh: no Debian: please see to the packages yourself" >&2
		return
	fi
	if (($# == 0)); then
		set -- build run test lint browser demo
	fi
	for group in "$@"; do
		if [[ -z ${packages[$group]:-} ]]; then
			echo "bootstrap.sh: no group $group; there are ${!packages[*]}" >&2
			exit 2
		fi
		mapfile -t lacking < <(xargs -n1 <<<"${packages[$group]}")
		wanted+=("${lacking[@]}")
	done
	mapfile -t lacking < <(missing "${wanted[@]}" | without_others)
	if ((${#lacking[@]} == 0)); then
		beyond "$@"
		return
	fi
	if ((EUID != 0)); then
		echo "missing: ${lacking[*]}" >&2
		echo "run: sudo $0 $*" >&2
		exit 2
	fi
	echo "installing ${lacking[*]}"
	install "${lacking[@]}"
	beyond "$@"
}

main "$@"

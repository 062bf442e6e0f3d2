# shellcheck shell=bash disable=SC2154
#
# engine: Docker's engines and images for the test of the stack, all in $folder,
# and an account of the checks.

# check WHAT COMMAND...: one test.
check() {
	local what=$1 start=$SECONDS
	shift
	echo "== $what: $*" >>"$folder/log"
	if "$@" >>"$folder/log" 2>&1; then
		passed=$((passed + 1))
		echo "ok $what in $((SECONDS - start)) s"
	else
		failed=$((failed + 1))
		echo "not ok $what"
		tail -n 5 "$folder/log" | sed 's/^/# /'
	fi
}

# within SECONDS COMMAND...: it succeeds in that time.
within() {
	local deadline=$((SECONDS + $1))
	shift
	until "$@"; do
		((SECONDS < deadline)) || return 1
		sleep 1
	done
}

# A link to a second node, in a network and a world of its own: spot-b.
link_nodes() {
	ip netns add spot-b &&
		ip link add spot-a type veth peer name spot-b netns spot-b &&
		ip address add "$ADDRESS/24" dev spot-a &&
		ip link set spot-a up &&
		ip -n spot-b address add "${ADDRESS%.*}.2/24" dev spot-b &&
		ip -n spot-b link set spot-b up &&
		ip -n spot-b link set lo up &&
		ip -n spot-b route add default via "$ADDRESS"
}

# engine NAME: in the background; its process is in $engines.
engine() {
	mkdir -p "$folder/$1"
	"${@:2}" dockerd --data-root "$folder/$1/data" --exec-root "$folder/$1/exec" \
		--pidfile "$folder/$1/pid" -H "unix://$folder/$1/socket" \
		>"$folder/$1/log" 2>&1 &
	engines+=("$!")
	within 60 docker -H "unix://$folder/$1/socket" info
}

# Images are kept from the last time, and nothing else.
start_engine() {
	unlink_nodes
	rm -rf "$folder/b" "$SPOT_SECRETS_DIR"
	link_nodes && engine a || return 1
	docker swarm leave --force
	docker container prune -f
	docker volume ls -q | xargs -r docker volume rm
	docker network rm docker_gwbridge || true
}

# What Docker keeps outside its folders must not be the first one's.
start_second() {
	# shellcheck disable=SC2016
	engine b nsenter --net=/run/netns/spot-b unshare --mount --uts bash -c '
		hostname b
		mkdir -p /run/docker
		mount -t tmpfs tmpfs /run/docker
		exec "$@"' bash
}

unlink_nodes() {
	ip link delete spot-a
	ip netns delete spot-b
} >/dev/null 2>&1 || true

stop_engines() {
	[[ -z ${KEEP:-} ]] || return 0
	docker stack rm spot || true
	within 60 gone || true
	if ((${#engines[@]} > 0)); then
		kill "${engines[@]}"
		wait "${engines[@]}" || true
	fi
	unlink_nodes
	rm -rf "$folder/b"
} >/dev/null 2>&1

# A Debian with the certificates of this machine.
make_base() {
	local base=$folder/base
	if docker image inspect debian:bookworm-slim >/dev/null 2>&1; then
		return
	fi
	rm -rf "$base"
	debootstrap --variant=minbase bookworm "$base" &&
		cp -R /usr/local/share/ca-certificates "$base/usr/local/share/" &&
		rm -rf "$base"/var/{cache/apt,lib/apt/lists}/* &&
		tar -C "$base" -c . | docker import - debian:bookworm-slim &&
		rm -rf "$base"
}

# The replay server and its samples, one with some and one with all playlists.
make_sim() {
	local context=$folder/sim
	mkdir -p "$context"
	cp build/tests/spot-sim "$context"
	build/tests/generate -p 130 playlists >"$context/some"
	build/tests/generate playlists >"$context/all"
	build/tests/generate features >"$context/features"
	docker build -q -t spot-sim -f - "$context" <<-'E'
		FROM spot-updater
		USER root
		COPY . /sim
		USER spot
		HEALTHCHECK NONE
		ENTRYPOINT ["/sim/spot-sim", "-p", "9999", "-F", "/sim/features", "-P"]
	E
}

#!/usr/bin/env bats
#
# The dashboard: what report.sh builds, in headless Chromium too.

load helper

setup_file() {
	bats_require_minimum_version 1.5.0
	export BUILD=${BUILD:-build}
	PATH=$PWD/$BUILD/bin:$PATH
	cd "$BATS_TEST_DIRNAME/.." || exit
	make -s BUILD="$BUILD" "$BUILD/tests/generate"
	export stream=$BATS_FILE_TMPDIR/stream site=$BATS_FILE_TMPDIR/site
	"$BUILD/tests/generate" features >"$BATS_FILE_TMPDIR/features"
	"$BUILD/tests/generate" playlists | "$BUILD/bin/spot-tracks" --offline |
		"$BUILD/bin/spot-features" -P "file:$BATS_FILE_TMPDIR/features" |
		"$BUILD/bin/etl" >"$stream" 2>/dev/null
	PATH=$PWD/$BUILD/bin:$PATH scripts/report.sh -f "$stream" -o "$site" \
		-n 'A <synthetic> sample & no more' >/dev/null
}

# What the page says of a key figure.
text() {
	sed 's/<[^>]*>/ /g; s/&lt;/</g' "$1" | tr -s ' \n' ' '
}

@test "the page has an answer, what it rests on, and the time of its making" {
	run -0 text "$site/index.html"
	assert_output --partial 'How did the mood move?'
	assert_output --partial '95 % interval'
	assert_output --partial '390 playlists'
	assert_output --regexp 'Last update 20[0-9]{2}-[0-9]{2}-[0-9]{2} '
}

@test "every country has a page, with its numbers" {
	local country before
	while read -r country; do
		[[ -s $site/country/$country.html ]]
	done < <(jq -r 'select(.type == "mood").country' "$stream" | sort -u)
	before=$(jq -r 'select(.type == "effect" and .country == "IT" and
		.feature == "valence").before_mean * 1000 | round | "0." + tostring' "$stream")
	run -0 text "$site/country/IT.html"
	assert_output --partial "$before"
}

@test "the pooled effect is that of DerSimonian and Laird, as R computes it" {
	local expected
	cat >"$BATS_TEST_TMPDIR/pool.R" <<-'R'
		x <- read.table(file("stdin")); d <- x[[1]]; k <- length(d)
		v <- ((x[[3]] - x[[2]]) / 2 / qnorm(.975))^2; w <- 1 / v
		q <- sum(w * (d - weighted.mean(d, w))^2)
		w <- 1 / (v + max(0, (q - k + 1) / (sum(w) - sum(w^2) / sum(w))))
		m <- weighted.mean(d, w)
		h <- sqrt(max(1, sum(w * (d - m)^2) / (k - 1)) / sum(w)) * qt(.975, k - 1)
		cat(sprintf("%+.3f, 95 %% interval %+.3f to %+.3f", m, m - h, m + h))
	R
	expected=$(jq -r 'select(.type == "effect" and .feature == "valence") |
		[.did, .did_lo, .did_hi] | @tsv' "$stream" | Rscript "$BATS_TEST_TMPDIR/pool.R")
	run -0 text "$site/index.html"
	assert_output --partial "${expected//-/−}"
}

@test "what comes from outside is escaped" {
	run -0 cat "$site/index.html"
	assert_output --partial 'A &lt;synthetic&gt; sample &amp; no more'
	refute_output --partial '<synthetic>'
	grep -F 'Source: A &lt;synthetic> sample &amp; no more. ' "$site/pictures/series-dark.svg"
	local hostile=$BATS_TEST_TMPDIR/hostile
	sed 's/"country":"IT"/"country":"..\/x<script>"/' "$stream" >"$hostile"
	run -0 scripts/report.sh -f "$hostile" -o "$BATS_TEST_TMPDIR/site"
	run -1 grep -rl 'x<script>' "$BATS_TEST_TMPDIR/site/" --include='*.html'
	[[ ! -e $BATS_TEST_TMPDIR/site/country/IT.html ]]
}

@test "the downloads hold the stream: every record, and the tables as CSV" {
	cmp "$stream" "$site/data/spot.ndjson"
	run -0 jq -rn '[inputs | select(.type == "effect")] | length + 1' "$stream"
	assert_output "$(wc -l <"$site/data/effect.csv")"
	run -0 head -n1 "$site/data/effect.csv"
	assert_output --partial '"by","country","feature"'
}

@test "a run replaces the site whole; one that fails leaves the old one" {
	local mine=$BATS_TEST_TMPDIR/mine old
	mkdir "$BATS_TEST_TMPDIR/bin"
	printf '#!/bin/sh\nexit 1\n' >"$BATS_TEST_TMPDIR/bin/awk"
	chmod 755 "$BATS_TEST_TMPDIR/bin/awk"
	scripts/report.sh -f "$stream" -o "$mine"
	old=$(readlink "$mine")
	run -3 scripts/report.sh -f "$BATS_TEST_TMPDIR/absent" -o "$mine"
	assert_output "report.sh: $BATS_TEST_TMPDIR/absent: cannot be read"
	run -3 env PATH="$BATS_TEST_TMPDIR/bin:$PATH" scripts/report.sh -f "$stream" -o "$mine"
	[[ $(readlink "$mine") == "$old" && -s $mine/index.html ]]
	scripts/report.sh -f - -o "$mine" <"$stream"
	[[ $(readlink "$mine") != "$old" && -s $mine/index.html ]]
	[[ $(find "$BATS_TEST_TMPDIR" -maxdepth 1 -name '.mine.*' | wc -l) == 1 ]]
}

@test "a folder that is no site of its own is left alone" {
	mkdir "$BATS_TEST_TMPDIR/folder"
	run -2 scripts/report.sh -f "$stream" -o "$BATS_TEST_TMPDIR/folder"
	assert_output --partial 'not a site of mine'
	run -2 scripts/report.sh -f sql/lockdowns.csv -o "$BATS_TEST_TMPDIR/csv"
	assert_output --partial 'not what etl writes'
	run -2 scripts/report.sh --nonsense
	assert_output --partial --nonsense
	run -0 scripts/report.sh --help
	assert_output --partial '--from'
}

@test "a stream with nothing in it gives a page that says so" {
	echo '{"type":"run","by":"country","period":"week","records":0,"playlists":0,"items":0,"with_features":0}' |
		scripts/report.sh -f - -o "$BATS_TEST_TMPDIR/none"
	run -0 text "$BATS_TEST_TMPDIR/none/index.html"
	assert_output --partial 'No country has enough songs'
}

@test "the page with all it loads at first is under 300 KB compressed" {
	local bytes
	for scheme in '' -dark; do
		bytes=$(cat "$site"/{index.html,style.css,table.js} \
			"$site"/pictures/{series,plane,effect,heatmap,months,lengths}"$scheme.svg" |
			gzip | wc -c)
		((bytes < 300000)) || fail "$bytes bytes"
	done
}

@test "in Chromium: links, controls, axe, both schemes, phone and wide screen" {
	local port server
	port=$(shuf -i 20000-29999 -n1)
	python3 -m http.server --bind 127.0.0.1 --directory "$site" "$port" \
		>/dev/null 2>&1 3>&- &
	server=$!
	until (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
		kill -0 "$server" || fail 'no server'
		sleep 0.1
	done
	mkdir -p "$BUILD/dashboard"
	run node tests/dashboard/check.mjs "http://127.0.0.1:$port/" "$BUILD/dashboard"
	kill "$server"
	assert_success
}

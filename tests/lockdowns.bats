#!/usr/bin/env bats
#
# sql/lockdowns.csv, and sql/lockdowns.sh that derives it.

bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_DIRNAME/.." || return
	csv=sql/lockdowns.csv
	measures=../shared/data/lockdown
}

# Write the daily stringency of a country: days FROM COUNT LEVEL, repeated.
days() {
	local country=$1 from=$2
	shift 2
	while [ $# -gt 0 ]; do
		for ((i = 0; i < $1; i++)); do
			echo "$country,$from,$2"
			from=$(date -u -d "$from + 1 day" +%F)
		done
		shift 2
	done
}

@test "every European country has one row" {
	[ "$(head -n 1 "$csv")" = country,name,lockdown_start,lockdown_end,rule,source ]
	[ "$(tail -n +2 "$csv" | wc -l)" -ge 44 ]
	[ -z "$(cut -d , -f 1 "$csv" | sort | uniq -d)" ]
	run -1 grep -vE '^([A-Z]{2},[A-Z][A-Za-z ]+|country,name),' "$csv"
}

@test "every window is of 2020, in ISO dates, and ends after it starts" {
	local n=0 start end
	while IFS=, read -r _ _ start end _; do
		[ "$(date -u -d "$start" +%F)" = "$start" ]
		[ "$(date -u -d "$end" +%F)" = "$end" ]
		[[ $start > 2020-02-29 && $start < $end && $end < 2020-07-01 ]]
		n=$((n + 1))
	done < <(tail -n +2 "$csv")
	[ "$n" -ge 44 ]
}

@test "every row says by which rule and source" {
	run -1 grep -vE ',(rule,source|stringency,"OxCGRT[^"]+"|stay_home_order(_partial)?,"ECDC[^"]+")$' "$csv"
}

@test "windows that are well known are these" {
	for row in IT,Italy,2020-03-10,2020-05-04,stay_home_order \
		FR,France,2020-03-17,2020-05-11,stay_home_order \
		"GB,United Kingdom,2020-03-23,2020-05-12,stringency" \
		DE,Germany,2020-03-22,2020-05-05,stringency; do
		grep -q "^$row," "$csv"
	done
}

@test "the file is what the script derives from the published measures" {
	[ -d "$measures" ] || skip "no ../shared/data/lockdown here"
	diff -u "$csv" <(sql/lockdowns.sh "$measures")
}

@test "an order goes before a partial one, that before the stringency" {
	local dir=$BATS_TEST_TMPDIR
	cat >"$dir/countries_europe.csv" <<-END
		country,iso3,name
		AA,AAA,Full
		BB,BBB,Partial
		CC,CCC,None
		DD,DDD,Late
	END
	cat >"$dir/ecdc_lockdowns.csv" <<-END
		country,name,measure,date_start,date_end
		AA,Full,StayHomeOrderPartial,2020-03-10,2020-03-19
		AA,Full,StayHomeOrder,2020-11-01,2020-12-01
		AA,Full,StayHomeOrder,2020-03-20,2020-04-30
		BB,Partial,StayHomeOrderPartial,2020-03-21,2020-05-01
		CC,None,RegionalStayHomeOrder,2020-03-22,2020-05-02
		DD,Late,StayHomeOrder,2020-10-01,2020-12-01
	END
	{
		echo country,date,stringency
		for country in AA BB DD; do
			days $country 2020-03-01 40 50 30 0
		done
		# A stricter February, a mild March, and four weeks at
		# 60 with an easing to 93 % of it and a peak of five days.
		days CC 2020-02-01 29 90 31 10 7 60 5 99 16 60 5 55.8 20 55.79
	} >"$dir/stringency_europe.csv"

	diff -u - <(sql/lockdowns.sh "$dir" | cut -d , -f 1-5) <<-END
		country,name,lockdown_start,lockdown_end,rule
		AA,Full,2020-03-20,2020-04-30,stay_home_order
		BB,Partial,2020-03-21,2020-05-01,stay_home_order_partial
		CC,None,2020-04-01,2020-05-03,stringency
		DD,Late,2020-03-01,2020-04-09,stringency
	END
}

@test "without its directory the script says how it is used" {
	run -2 sql/lockdowns.sh
	[[ $output == usage:* ]]
}

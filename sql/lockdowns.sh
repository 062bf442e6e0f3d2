#!/usr/bin/env bash
#
# lockdowns.sh: derive lockdowns.csv, the first lockdown of every European
# country, from the published measures.
#
#	sql/lockdowns.sh DIRECTORY >sql/lockdowns.csv
#
# DIRECTORY holds countries_europe.csv (the countries and their names),
# ecdc_lockdowns.csv (the measures ECDC recorded, with their dates) and
# stringency_europe.csv (the daily stringency index of OxCGRT).
#
# One row a country: its first wave, between March and June 2020.  Both days
# belong to the window: lockdown_end is the last day of the lockdown.  ECDC
# counts so, because a measure that replaces another begins on the day after
# its end (France 2020-05-11 and 05-12, Spain 04-23 and 04-24, Luxembourg
# 04-19 and 04-20).
#
# The column rule tells how the window was found, the first that applies:
#
# stay_home_order
#	ECDC's first national StayHomeOrder that begins before July 2020.
# stay_home_order_partial
#	The same, of a StayHomeOrderPartial.
# stringency
#	No order is on record (or, as with GB, CH and others outside the EU, the
#	country is not in ECDC's list).  The level of the country's own
#	first wave is the stringency that it reached on at least 28 days of
#	March to June 2020; its window is the longest unbroken run of days at
#	93 % of that level or above.
#
# The 28 days keep a short peak (Slovakia's curfew over Easter) from being
# taken for the wave.  The 93 % are chosen because over the 15 countries that
# had an order they come nearest to its dates: the median error is 0 days at
# the start and 1 day at the end.  The rule gives Germany 22 March to 5 May,
# Great Britain 23 March to 12 May, Switzerland 17 March to 10 May, the
# Netherlands 23 March to 10 May.  It is relative, so that a country has a
# window even where nobody was locked in: Sweden's and Belarus' are the
# strictest part of a mild spring, and are to be read so.
set -euo pipefail

# country,start,end,rule of the national orders, the full ones first
orders() {
	local measure rule
	while read -r measure rule; do
		sort -t , -k 4,4 "$1/ecdc_lockdowns.csv" | awk -F , -v OFS=, \
			-v measure="$measure" -v rule="$rule" '
			$3 == measure && $4 < "2020-07-01" {
				print $1, $4, $5, rule
			}'
	done <<-END
		StayHomeOrder stay_home_order
		StayHomeOrderPartial stay_home_order_partial
	END
}

# country,start,end,rule of the strictest weeks of every country.  The index
# is compared in whole hundredths, so that no rounding decides about a day.
strictest_weeks() {
	sort "$1/stringency_europe.csv" | awk -F , -v OFS=, '
		# The highest index that was reached on 28 days or more.
		function level(    i, j, days, best) {
			for (i = 1; i <= n; i++) {
				days = 0
				for (j = 1; j <= n; j++)
					days += stringency[j] >= stringency[i]
				if (days >= 28 && stringency[i] > best)
					best = stringency[i]
			}
			return best
		}
		# Print the longest run of days near that level.
		function settle(    i, run, longest, lowest, first, last) {
			lowest = 93 * level()
			for (i = 1; i <= n; i++) {
				run = 100 * stringency[i] >= lowest ? run + 1 : 0
				if (run > longest) {
					longest = run
					first = date[i - run + 1]
					last = date[i]
				}
			}
			print country, first, last, "stringency"
		}
		$2 < "2020-03-01" || $2 > "2020-06-30" || $3 == "" { next }
		$1 != country {
			if (n > 0)
				settle()
			country = $1
			n = 0
		}
		{ date[++n] = $2; stringency[n] = int($3 * 100 + 0.5) }
		END { if (n > 0) settle() }'
}

# One row a country: its name, its first window on stdin, and the source.
rows() {
	echo country,name,lockdown_start,lockdown_end,rule,source
	awk -F , -v OFS=, '
		BEGIN {
			ecdc = "ECDC, country response measures to COVID-19, 2021"
			oxcgrt = "OxCGRT, Hale et al. 2021, " \
			    "doi:10.1038/s41562-021-01079-8"
		}
		NR == FNR {
			if (!($1 in window))
				window[$1] = $2 OFS $3 OFS $4
			next
		}
		FNR > 1 {
			source = window[$1] ~ /stringency$/ ? oxcgrt : ecdc
			print $1, $3, window[$1], "\"" source "\""
		}' - "$1/countries_europe.csv"
}

main() {
	if [[ $# -ne 1 ]]; then
		echo 'usage: lockdowns.sh directory >lockdowns.csv' >&2
		exit 2
	fi
	export LC_ALL=C
	{
		orders "$1"
		strictest_weeks "$1"
	} | rows "$1"
}

main "$@"

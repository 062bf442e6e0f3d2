# europe: what the countries say together.
include "lib";

# The upper 2.5 % point of Student's t: Cornish and Fisher's expansion, right to
# 0.002 from three degrees of freedom on; the first two are from the table.
def student:
	1.959963985 as $z
	| if . == 1 then 12.706 elif . == 2 then 4.303 else
		$z + (pow($z; 3) + $z) / (4 * .)
		+ (5 * pow($z; 5) + 16 * pow($z; 3) + 3 * $z) / (96 * square)
		+ (3 * pow($z; 7) + 19 * pow($z; 5) + 17 * pow($z; 3) - 15 * $z)
			/ (384 * pow(.; 3))
	end;

# One estimate of several countries' [{value, se}]: DerSimonian and Laird's
# random effects with the interval of Hartung, Knapp, Sidik and Jonkman, never
# narrower than the plain one.  null without two countries.
def pooled:
	map(select(.value != null and .se > 0) | .weight = 1 / (.se | square))
	| length as $n
	| if $n < 2 then null else
		sum(.weight) as $sum
		| (sum(.weight * .value) / $sum) as $common
		| sum(.weight * (.value - $common | square)) as $q
		| ($sum - sum(.weight | square) / $sum) as $scale
		| ([($q - $n + 1) / $scale, 0] | max) as $between
		| map(.weight = 1 / ((.se | square) + $between))
		| sum(.weight) as $sum
		| (sum(.weight * .value) / $sum) as $value
		| ([sum(.weight * (.value - $value | square)) / ($n - 1), 1] | max) as $spread
		| (($spread / $sum | sqrt) * ($n - 1 | student)) as $half
		| {value: $value, lo: ($value - $half), hi: ($value + $half), n: $n}
	end;

def normal: 1.959963985; # the upper 2.5 % point

# The standard error of a change; that of the change against 2019.
def change_error:
	if .diff_lo == null then null
	elif (.t // 0) != 0 then .diff / .t
	else (.diff_hi - .diff_lo) / 2 / normal end;
def against_error:
	if .did_lo == null then null else (.did_hi - .did_lo) / 2 / normal end;

def effects_of($feature):
	[.effects[] | select(.feature == $feature and .diff != null)];

def is_clear: .q != null and .q < 0.05;
def count(f): map(select(f)) | length;

# What a lockdown changed: over all countries, or of the only one there is.
# {countries, g, up, clear_up, clear_down, change, against}, the last two
# {value, lo, hi} or null.
def overall($feature):
	effects_of($feature)
	| {countries: length,
	   g: (map(.g // empty) | median),
	   up: count(.diff > 0),
	   clear_up: count(.diff > 0 and is_clear),
	   clear_down: count(.diff < 0 and is_clear)}
	+ if length == 1 then
		(.[0] | {change: {value: .diff, lo: .diff_lo, hi: .diff_hi},
			against: {value: .did, lo: .did_lo, hi: .did_hi}})
	else
		{change: (map({value: .diff, se: change_error}) | pooled),
		 against: (map({value: .did, se: against_error}) | pooled)}
	end;

# Means of several periods or countries, each {mean, lo, hi, weight}, as one.
def joined:
	sum(.weight) as $sum
	| (sum(.weight * .mean) / $sum) as $mean
	| ((sum(.weight * (.hi - .lo) / 2 | square) | sqrt) / $sum) as $half
	| {mean: $mean, lo: ($mean - $half), hi: ($mean + $half)};

# The mean of the countries' means a month, a vote each, and its interval; only
# where four fifths of the countries have data: like is compared with like.
def series($feature):
	[.moods[] | {country, month: .start[:7], weight: .n,
			mean: ."\($feature)_mean", lo: ."\($feature)_lo", hi: ."\($feature)_hi"}
		| select(.lo != null)]
	| group_by([.month, .country]) | map(joined + {month: .[0].month, weight: 1})
	| group_by(.month)
	| (map(length) | max // 0) as $most
	| map(select(length * 5 >= $most * 4) | joined + {start: "\(.[0].month)-01"});

# The middle of the lockdowns' first days, and that of their last ones.
def lockdown:
	[.effects[] | select(.lockdown_start != null)]
	| if length == 0 then null else
		{start: (map(.lockdown_start) | sort | .[length / 2 | floor]),
		 end: (map(.lockdown_end) | sort | .[length / 2 | floor])}
	end;

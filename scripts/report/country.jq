# country: every country's page, from the digest and the template $page, each
# after a line of ASCII's record separator and its code.
include "lib";
include "europe";
include "figures";
include "chart";

def country_series($feature):
	map({start, mean: ."\($feature)_mean", lo: ."\($feature)_lo", hi: ."\($feature)_hi"})
	| sort_by(.start);

def effect_of($feature):
	first(.[] | select(.feature == $feature and .diff != null))
	// {} | {g, change: {value: .diff, lo: .diff_lo, hi: .diff_hi},
		against: {value: .did, lo: .did_lo, hi: .did_hi},
		before_n, during_n, clear: is_clear};

def country_answer($name):
	effect_of("valence") as $valence | effect_of("energy") as $energy
	| if $valence.change.value == null or $energy.change.value == null then
		"There are too few songs from before and from during a lockdown to say."
	else
		answer("In \($name)’s lockdown"; $valence; $energy)
	end;

def country_card($feature; $effects; $window):
	($effects | effect_of($feature)) as $effect
	| ($effects | [effect_of("valence", "energy") | .change, .against] | reach) as $reach
	| card($feature; $effect; $reach; (country_series($feature) | chart($feature; $window));
		if $effect.change.value == null then "" else
			"\($effect.before_n | grouped) songs before, \($effect.during_n | grouped) during; "
			+ if $effect.clear then "the change is clear (q&nbsp;&lt;&nbsp;0.05)."
			else "chance may do as much (q&nbsp;≥&nbsp;0.05)." end
		end);

def effect_rows:
	. as $effects
	| [features[] | . as $about | $effects[] | select(.feature == $about.name)
		| "<tr><th scope=\"row\">\($about.name) <small>\($about.says)</small></th>"
		+ effect_cells + "</tr>"] | add;

# Shares of the quadrants, each period weighing as many songs as it has.
def quadrants($name; chosen):
	map(select(.happy != null and chosen))
	| sum(.n) as $n
	| if ($n // 0) == 0 then "" else
		"<tr><th scope=\"row\">\($name)</th>"
		+ ([("happy", "angry", "sad", "calm") as $quadrant
			| (sum(.[$quadrant] * .n) / $n)
			| cell(.; "<meter value=\"\(.)\" aria-label=\"\($quadrant)\"></meter> \(percent)")]
			| add) + "</tr>"
	end;

def quadrant_table($window):
	if $window == null then "" else
		quadrants("Before"; .start >= "2020-01-01" and .start < $window.start)
		+ quadrants("During"; .start >= $window.start and .start <= $window.end)
		| . as $rows
		| table("Quadrants of the mood";
			["Songs", ["happy", "valence and energy over 0.5"],
			 ["angry", "low valence, high energy"],
			 ["sad", "both low"], ["calm", "high valence, low energy"]]; $rows)
	end;

def mood_table:
	[sort_by(.start)[]
		| "<tr><th scope=\"row\">\(.period)</th>" + cell(.start) + cell(.n; (.n | grouped))
		+ with_interval(.valence_mean; .valence_lo; .valence_hi; number(3))
		+ with_interval(.energy_mean; .energy_lo; .energy_hi; number(3))
		+ ([.happy, .angry, .sad, .calm | cell(.; percent)] | add) + "</tr>"]
	| table("Mood a period";
		["Period", "From", "Songs", "Valence", "Energy", "Happy", "Angry", "Sad", "Calm"]; add);

def neighbour($code; $word; $relation):
	if $code == null then "<span></span>" else
		"<a rel=\"\($relation)\" href=\"\($code).html\">\($word)</a>" end;

. as $digest
| (.moods | map(.country) | unique | sort_by(country_name)) as $codes
| range($codes | length) as $i
| $codes[$i] as $code
| ($code | country_name) as $name
| [$digest.moods[] | select(.country == $code)] as $moods
| [$digest.effects[] | select(.country == $code)] as $effects
| ($effects[0] | if .lockdown_start == null then null
	else {start: .lockdown_start, end: .lockdown_end} end) as $window
| (common_parts + {
	code: $code,
	name: $name,
	answer: ($effects | country_answer($name)),
	lockdown: (if $window == null then "No lockdown is known"
		else "Lockdown from \($window.start) to \($window.end)" end),
	songs: (($moods | sum(.n)) // 0 | counted("song"; "songs")),
	cards: ([("valence", "energy") as $feature
		| $moods | country_card($feature; $effects; $window)] | add),
	"series": picture("series-\($code)"; "Valence and energy in \($name) over time, with the lockdown shaded. The numbers are in the table below."; "../"),
	effect_table: ($effects | if length == 0 then "" else
		effect_rows | table("Effect of the lockdown"; ["Feature"] + effect_columns; .) end),
	quadrant_table: ($moods | quadrant_table($window)),
	mood_table: ($moods | mood_table),
	before: neighbour((if $i > 0 then $codes[$i - 1] else null end); "← \($codes[$i - 1] | country_name)"; "prev"),
	after: neighbour($codes[$i + 1]; "\($codes[$i + 1] // "" | country_name) →"; "next")
}) as $parts
| "\u001e\($code)\n" + ($page | fill($parts))

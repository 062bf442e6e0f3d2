# figures: the parts that the overview and a country's page share.
include "lib";

# Cohen's words for the size of a standardised difference.
def size_word:
	if . == null then "" else
		fabs | if . < 0.1 then "barely" elif . < 0.35 then "slightly"
		elif . < 0.65 then "clearly" else "strongly" end
	end;

# {value, lo, hi, g} in words.
def moved($feature):
	{valence: ["happier", "sadder"], energy: ["more intense", "calmer"]}[$feature] as [$up, $down]
	| if .lo == null then "of \($feature) too little is known to say"
	elif .lo > 0 or .hi < 0 then
		"songs became <strong>\(.g | size_word) \(if .value > 0 then $up else $down end)</strong>"
		+ " (\($feature) \(.value | signed(3)), 95 % interval \(interval(3)))"
	else
		"\($feature) shows <strong>no clear change</strong>"
		+ " (\(.value | signed(3)), 95 % interval \(interval(3)))"
	end;

# The answer, from {change, against, g} of both features: against the same days
# of 2019 where that is known.
def answer($where; $valence; $energy):
	([$valence, $energy] | all(.against.lo != null)) as $against
	| [$valence, $energy]
	| map((if $against then .against else .change end) + {g}) as [$v, $e]
	| "\($where), \($v | moved("valence")), and \($e | moved("energy")); "
	+ if $against then "measured against the same days of 2019."
	else "measured against the weeks from 1 January to its eve." end;

# Estimates as marks with whiskers about a line at zero, the first one above;
# $reach is how far the picture goes to either side.
def whiskers($reach):
	map(select(.lo != null)) as $all
	| def place: . / $reach * 95 | . * 10 | round / 10;
	"<svg class=\"whiskers\" viewBox=\"-100 0 200 \($all | length * 14)\" aria-hidden=\"true\" focusable=\"false\">"
	+ "<path class=\"zero\" d=\"M0 0V\($all | length * 14)\"/>"
	+ ([range($all | length) as $i | $all[$i]
		| "<g class=\"\(.class)\"><path d=\"M\(.lo | place) \($i * 14 + 7)H\(.hi | place)\"/>"
		+ "<circle cx=\"\(.value | place)\" cy=\"\($i * 14 + 7)\" r=\"5\"/></g>"] | add // "")
	+ "</svg>";

# The farthest end of the intervals of [{lo, hi}].
def reach:
	[.[] | .lo, .hi | select(. != null) | fabs] | max // 1;

def estimate($title; $reach):
	"<div><dt>\($title)</dt><dd>" + (if .lo == null then "–" else
		"<b>\(.value | signed(3))</b> " + ([.] | whiskers($reach))
		+ " <small>\(interval(3))</small>" end) + "</dd></div>";

# A card: a feature's two key figures over its chart, and a line that counts.
# That figure stands first which the answer is made of.
def card($feature; $effect; $reach; $chart; $counts):
	(features[] | select(.name == $feature)) as $about
	| "<article class=\"card \($feature)\">"
	+ "<h2>\($feature[:1] | ascii_upcase)\($feature[1:]) <small>\($about.says)</small></h2><dl>"
	+ ([($effect.against | estimate("Against the same days of 2019"; $reach)),
		($effect.change | estimate("Lockdown less the weeks before"; $reach))]
		| if $effect.against.lo == null then reverse else . end | add)
	+ "</dl>\($chart)<p>\($counts)</p></article>";

def cell($text): "<td>\($text)</td>";
def cell($value; $text): "<td data-value=\"\($value // "")\">\($text)</td>";

def columns($heads):
	$heads | map(if type == "string" then "<th scope=\"col\">\(.)</th>"
		else "<th scope=\"col\"><abbr title=\"\(.[1])\">\(.[0])</abbr></th>" end) | add;

# The columns of effect, after those that say whose it is.
def effect_columns: [
	["Before", "mean from 1 January 2020 to the eve of the lockdown"],
	["During", "mean in the lockdown"],
	["After", "mean in the 60 days that follow"],
	["Change", "during less before, with its 95 % interval"],
	["g", "Hedges’ g: the change in standard deviations"],
	["q", "p after Benjamini and Hochberg, over all tests of the run"],
	["Against 2019", "the change less that of the same days of 2019, with its 95 % interval"]];

def with_interval($value; $lo; $hi; text):
	cell($value; ($value | text) + if $lo == null then "" else
		" <small>\($lo | text) to \($hi | text)</small>" end);

def effect_cells:
	digits_of(.feature) as $digits
	| ([.before_mean, .during_mean, .after_mean] | map(cell(.; number($digits))) | add)
	+ with_interval(.diff; .diff_lo; .diff_hi; signed($digits))
	+ cell(.g; (.g | signed(2)))
	+ cell(.q; (.q | probability))
	+ with_interval(.did; .did_lo; .did_hi; signed($digits));

def table($caption; $heads; $rows):
	"<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"\($caption)\">"
	+ "<table><caption>\($caption)</caption><thead><tr>\(columns($heads))</tr></thead>"
	+ "<tbody>\($rows // "")</tbody></table></div>";

# One of plot's pictures, and its program; $pictures holds the size of each that
# there was enough data for.
def picture($name; $alt; $up):
	$pictures[$name] as $size
	| "\($up)pictures/\($name)" as $file
	| if $size == null then "<p class=\"absent\">There is too little data for this picture.</p>"
	else
		"<figure class=\"picture\"><a class=\"pan\" href=\"\($file).svg\"><picture>"
		+ "<source media=\"(prefers-color-scheme: dark)\" srcset=\"\($file)-dark.svg\">"
		+ "<img src=\"\($file).svg\" width=\"\($size[0])\" height=\"\($size[1])\" loading=\"lazy\" alt=\"\($alt)\"></picture></a>"
		+ "<figcaption><a href=\"\($file).svg\">SVG</a> <a href=\"\($file).gp\">gnuplot</a>"
		+ "</figcaption></figure>"
	end;

def common_parts:
	{note: (if $note == "" then "" else @html "<p class=\"note\">\($note)</p>" end),
	 updated: $updated,
	 updated_text: "\($updated[:10]) \($updated[11:16]) UTC"};

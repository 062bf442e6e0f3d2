# overview: index.html, from the digest and the template $page.
include "lib";
include "europe";
include "figures";
include "chart";
import "europe" as $europe;

# A mean over countries that went both ways hides more than it tells.
def differing($valence; $energy):
	[$valence, $energy] | map(select(.clear_up > 0 and .clear_down > 0))
	| if length == 0 then "" else
		" But <strong>the countries went different ways</strong>: "
		+ ([["valence", $valence], ["energy", $energy]]
			| map("\(.[0]) clearly up in \(.[1].clear_up), down in \(.[1].clear_down)") | join("; "))
		+ " of \($valence.countries)."
	end;

def overview_answer:
	overall("valence") as $valence | overall("energy") as $energy
	| if $valence.countries == 0 or $energy.countries == 0 then
		"No country has enough songs from before and from during its lockdown to say."
	else
		answer("In Europe’s first lockdown"; $valence; $energy) + differing($valence; $energy)
	end;

def counts:
	"Up in \(.up | counted("country"; "countries")), down in \(.countries - .up). "
	+ "Clear (q&nbsp;&lt;&nbsp;0.05) in \(.clear_up + .clear_down): "
	+ "\(.clear_up) up, \(.clear_down) down.";

def feature_card($feature):
	overall($feature) as $effect | lockdown as $lockdown
	| ([overall("valence", "energy") | .change, .against] | reach) as $reach
	| card($feature; $effect; $reach; (series($feature) | chart($feature; $lockdown)); ($effect | counts));

# A tile is filled where the change is clear, hollow where chance may do as much.
def layer($code; $feature):
	if . == null then "<span class=\"layer \($feature)\"><b>\($code)</b></span>" else
		((.g // 0 | fabs) | if . < 0.1 then 1 elif . < 0.25 then 2 else 3 end) as $step
		| "<span class=\"layer \($feature) \(if .diff > 0 then "up" else "down" end)\($step)"
		+ "\(if is_clear then "" else " unclear" end)\"><b>\($code)</b>"
		+ "<span class=\"hidden\"> \($feature) </span>\(.diff | signed(2) | sub("0\\."; "."))"
		+ "<span class=\"hidden\">, \(if is_clear then "clear" else "within chance" end)</span></span>"
	end;

def tile($effects; $known):
	. as $tile
	| "<li class=\"column\(.column) row\(.row)\">"
	+ if $known then
		"<a href=\"country/\(.code).html\"><span class=\"hidden\">\(.name) </span>"
		+ ([("valence", "energy") as $feature
			| $effects[$feature] | layer($tile.code; $feature)] | add) + "</a>"
	else "<span>\(.code)<span class=\"hidden\"> \(.name), no data</span></span>" end
	+ "</li>";

def by_country: group_by(.country) | map({key: .[0].country, value: .}) | from_entries;

def map_of_effects:
	(.effects | by_country | map_values(map({key: .feature, value: .}) | from_entries)) as $effects
	| (.moods | by_country) as $moods
	| [$europe::europe[] | tile($effects[.code] // {}; $moods[.code] != null)] | add;

# The countries by their change, greatest first, each with its interval and,
# below it, that of the change against 2019.
def ranking($feature):
	([effects_of("valence", "energy")[] | {lo: .diff_lo, hi: .diff_hi}, {lo: .did_lo, hi: .did_hi}]
		| reach) as $reach
	| [effects_of($feature) | sort_by(-.diff)[]
		| "<li><a href=\"country/\(.country).html\">\(.country | country_name)</a> "
		+ ([{class: (if is_clear then "clear" else "unclear" end), value: .diff, lo: .diff_lo, hi: .diff_hi},
			{class: "against", value: .did, lo: .did_lo, hi: .did_hi}] | whiskers($reach))
		+ " <span>\(.diff | signed(3))</span></li>"]
	| "<ol class=\"ranking layer \($feature)\">\(add // "")</ol>";

def effect_table($feature):
	[effects_of($feature) | sort_by(.country | country_name)[]
		| "<tr><th scope=\"row\"><a href=\"country/\(.country).html\">\(.country | country_name)</a></th>"
		+ cell(.during_n; (.during_n | grouped)) + effect_cells
		+ cell("\(.lockdown_start) to \(.lockdown_end)") + "</tr>"]
	| table("Effect of the lockdown on \($feature)";
		["Country", ["Songs", "playlist items in the lockdown"]] + effect_columns + ["Lockdown"];
		add);

def month_table:
	[.months | to_entries | sort_by(.key)[] | .key as $month | .value
		| "<tr><th scope=\"row\">\($month)</th>" + cell(.playlists; (.playlists | grouped))
		+ cell(.items; (.items | grouped))
		+ ([(.valence, .energy, .danceability)
			| if .n == null then cell("–"), cell("–") else
				cell(.mean / .n; (.mean / .n | number(3))), cell(.sd / .n; (.sd / .n | number(3)))
			end] | add) + "</tr>"]
	| table("Playlists by the month in which most of their songs were added";
		["Month", "Playlists", "Songs",
		 ("valence", "energy", "danceability" | ["\(.) mean", "mean of the playlists’ means"],
			["sd", "mean of the playlists’ population standard deviations"])];
		add);

def country_links:
	[.moods | map(.country) | unique | sort_by(country_name)[]
		| "<li><a href=\"country/\(.).html\">\(country_name)</a></li>"] | add;

def scope:
	(.moods | map(.country) | unique | length) as $countries
	| "\(.run.playlists // 0 | counted("playlist"; "playlists")), "
	+ "\(.run.items // 0 | counted("song"; "songs")) in them, "
	+ "\(.run.with_features // 0 | grouped) with audio features, "
	+ "\($countries | counted("country"; "countries"))"
	+ ([.moods[].start] | if length == 0 then "" else ", \(min) to \(max)" end);

. as $digest
| (common_parts + {
	answer: overview_answer,
	scope: scope,
	by: (.run.by // "country"),
	cards: (feature_card("valence") + feature_card("energy")),
	tiles: map_of_effects,
	rankings: (ranking("valence") + ranking("energy")),
	countries: country_links,
	"series": picture("series"; "Valence and energy over time, a panel a country, with the lockdown shaded. The numbers are on each country’s page."; ""),
	plane: picture("plane"; "Each country’s way from before over during to after its lockdown in the plane of valence and energy. The numbers are in the tables below."; ""),
	effect: picture("effect"; "The change of valence and energy a country, with its 95 % interval. The numbers are in the tables below."; ""),
	heatmap: picture("heatmap"; "Country by period, coloured by valence. The numbers are on each country’s page."; ""),
	months: picture("months"; "Means and standard deviations of the playlists’ features a month, and the number of playlists a month. The numbers are in the table below."; ""),
	lengths: picture("lengths"; "How many playlists have how many songs."; ""),
	valence_table: effect_table("valence"),
	energy_table: effect_table("energy"),
	month_table: month_table
}) as $parts
| $page | fill($parts)

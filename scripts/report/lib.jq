# lib: what the pages share: names, numbers, the holes of a template.
import "europe" as $europe; # the countries, and where the map has them

# The features that are numbers, mood's own two first.
def features: [
	{name: "valence", digits: 3, says: "0 sad or angry, 1 happy"},
	{name: "energy", digits: 3, says: "0 calm, 1 intense"},
	{name: "danceability", digits: 3, says: "0 to 1"},
	{name: "acousticness", digits: 3, says: "0 electric, 1 acoustic"},
	{name: "instrumentalness", digits: 3, says: "0 sung, 1 without voice"},
	{name: "liveness", digits: 3, says: "0 studio, 1 audience"},
	{name: "speechiness", digits: 3, says: "0 sung, 1 spoken"},
	{name: "loudness", digits: 2, says: "decibels, −60 to 0"},
	{name: "tempo", digits: 1, says: "beats a minute"},
	{name: "mode", digits: 3, says: "0 minor, 1 major"},
	{name: "key", digits: 2, says: "0 C to 11 B"}];

def digits_of($feature):
	first(features[] | select(.name == $feature) | .digits);

def country_name:
	. as $code | first($europe::europe[] | select(.code == $code) | .name) // $code;

# Numbers for people: a true minus sign, commas, a dash for null.
def magnitude($digits):
	fabs * pow(10; $digits) | round | tostring
	| "0" * ([$digits + 1 - length, 0] | max) + .
	| if $digits == 0 then . else .[:-$digits] + "." + .[-$digits:] end;

def number($digits; $plus):
	if . == null then "–" else
		magnitude($digits) as $text
		| (if $text | test("[1-9]") | not then ""
		   elif . < 0 then "−" else $plus end) + $text
	end;

def number($digits): number($digits; "");
def signed($digits): number($digits; "+");
def probability: if . != null and . < 0.001 then "&lt; 0.001" else number(3) end;
def percent: if . == null then "–" else "\(. * 100 | number(0)) %" end;

def grouped:
	tostring | [range(length; 0; -3) as $right | .[([$right - 3, 0] | max):$right]]
	| reverse | join(",");

def counted($one; $many):
	"\(grouped) \(if . == 1 then $one else $many end)";

def interval($digits):
	"\(.lo | signed($digits)) to \(.hi | signed($digits))";

def median:
	sort | if length == 0 then null
	elif length % 2 == 1 then .[length / 2 | floor]
	else (.[length / 2 - 1] + .[length / 2]) / 2 end;

def sum(f): map(f) | add;
def square: . * .;

# A template with each {{name}} replaced by the part of that name.
def fill($parts):
	split("{{") | .[0] + (.[1:] | map(split("}}")
		| . as [$name] | if $parts | has($name) | not then error("no part \(.[0])") else . end
		| ($parts[.[0]] // "") + (.[1:] | join("}}")))
		| join(""));

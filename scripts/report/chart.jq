# chart: a line with its interval and the lockdown shaded, as inline SVG that
# stretches to its frame; the labels stand around it, so they never stretch.
include "lib";

def day: "\(.)T00:00:00Z" | fromdate / 86400;

# Points in the picture's units, 1000 by 300, y downwards.
def place($frame):
	"\((.day - $frame.left) / ($frame.right - $frame.left) * 1000 | . * 10 | round / 10),\(
		($frame.top - .value) / ($frame.top - $frame.bottom) * 300 | . * 10 | round / 10)";

# "Dec 2018", of a day.
def month_name: "\(.)T00:00:00Z" | fromdate | strftime("%b %Y");

def frame:
	{left: (map(.day) | min), right: (map(.day) | max),
	 top: (map(.hi) | max), bottom: (map(.lo) | min)}
	| if .right == .left then .right += 1 else . end
	| if .top == .bottom then .top += 0.001 else . end;

def ribbon($frame):
	[(.[] | {day, value: .hi}), (reverse | .[] | {day, value: .lo}) | place($frame)]
	| join(" ");

def band($frame; $window):
	if $window == null then "" else
		([$window.start, $window.end] | map(day | [., $frame.left] | max
			| [., $frame.right] | min)
		| map({day: ., value: $frame.top} | place($frame) | split(",") | .[0] | tonumber)) as [$x, $right]
		| "<rect class=\"lockdown\" x=\"\($x)\" y=\"0\" width=\"\($right - $x | . * 10 | round / 10)\" height=\"300\"/>"
	end;

# From [{start, mean, lo, hi}] of a feature.  What it shows is said in words
# beside it, so it is hidden from a screen reader.
def chart($feature; $window):
	digits_of($feature) as $digits
	| map(select(.mean != null) | {day: (.start | day), start, value: .mean,
		lo: (.lo // .mean), hi: (.hi // .mean)})
	| if length < 2 then "" else
		frame as $frame
		| "<figure class=\"chart \($feature)\"><div class=\"plate\">"
		+ "<svg viewBox=\"0 0 1000 300\" preserveAspectRatio=\"none\" aria-hidden=\"true\" focusable=\"false\">"
		+ band($frame; $window)
		+ "<polygon class=\"ribbon\" points=\"\(ribbon($frame))\"/>"
		+ "<polyline class=\"line\" points=\"\(map(place($frame)) | join(" "))\"/></svg>"
		+ "<span class=\"top\">\($frame.top | number($digits))</span>"
		+ "<span class=\"bottom\">\($frame.bottom | number($digits))</span></div>"
		+ "<figcaption><span>\(.[0].start | month_name)</span>"
		+ (if $window == null then "" else "<span class=\"key\">lockdown</span>" end)
		+ "<span>\(.[-1].start | month_name)</span></figcaption></figure>"
	end;

# digest: what the pages need of a stream that etl wrote, as one object.  Only
# countries with a code of two letters are taken: they become names of files.

def note($into; $record): .[$into] += [$record];

def length_class:
	if . <= 10 then "1 to 10" elif . <= 25 then "11 to 25"
	elif . <= 50 then "26 to 50" elif . <= 100 then "51 to 100"
	elif . <= 250 then "101 to 250" else "251 and more" end;

def add_playlist($playlist):
	.lengths[$playlist.items | length_class] += 1
	| if $playlist.month == null then . else
		.months[$playlist.month] |= (
			.playlists += 1 | .items += $playlist.items
			| reduce ("valence", "energy", "danceability") as $feature (.;
				$playlist["\($feature)_mean"] as $mean
				| if $mean == null then . else
					.[$feature] |= (.n += 1 | .mean += $mean
						| .sd += $playlist["\($feature)_sd"])
				end))
	end;

def slim:
	{country, period, start, n, happy, angry, sad, calm,
	 valence_mean, valence_lo, valence_hi, energy_mean, energy_lo, energy_hi};

reduce inputs as $record ({run: {}, lengths: {}, months: {}, effects: [], moods: []};
	$record.type as $type
	| if $type == "playlist_stat" then add_playlist($record)
	elif $type == "run" then .run = $record
	elif ($record.country // "" | test("^[A-Z]{2}$") | not) then .
	elif $type == "effect" then .effects += [$record]
	elif $type == "mood" then .moods += [$record | slim]
	else . end)

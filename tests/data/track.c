#include "track.h"
#include "draw.h"

enum { WORDS = 16 };

/* What is drawn: each from its own stream, or they would be correlated. */
enum stream {
	TITLE = 100,
	NAME,
	RELEASE,
	DURATION,
	FEATURES,
	TIME_SIGNATURE,
	COUNTRIES
};

static const char *const openings[WORDS] = {"Blue", "Midnight", "Été",
    "La última", "Cuore", "Schöne", "Kleine", "Zimowa", "Última", "The Long",
    "Sueño", "Nós", "Paper", "Il Mare e", "Über", "Grå"};
static const char *const endings[WORDS] = {"Window", "Balcony", "d'été",
    "canción", "di carta", "Straße", "wereld", "piosenka", "Canção",
    "Afternoon", "\\\"Live\\\"", "(feat. Zoë)", "AC\\/DC", "Perché no",
    "Träume", "Morgon"};
static const char *const givens[WORDS] = {"Marta", "Zoë", "Łukasz", "José",
    "Anaïs", "Björn", "Saoirse", "Giulia", "Jürgen", "Inês", "DJ", "MC",
    "Little", "Los", "The", "Chloé"};
static const char *const families[WORDS] = {"Rossi", "Müller", "García",
    "Lefèvre", "Nowak", "van Dijk", "Ó Briain", "Åkesson", "Gonçalves",
    "& the Lamps", "Peeters", "Huber", "Smith", "Óptimos", "Quartet", "12\\\""};

/* The countries where the service was to be had. */
static const char markets[MARKETS_MAX * 3 + 1] =
    "AD AE AG AL AM AO AR AT AU AZ BA BB BD BE BF BG BH BI BJ BN BO BR BS BT "
    "BW BY BZ CA CD CG CH CI CL CM CO CR CV CW CY CZ DE DJ DK DM DO DZ EC EE "
    "EG ES ET FI FJ FM FR GA GB GD GE GH GM GN GQ GR GT GW GY HK HN HR HT HU "
    "ID IE IL IN IQ IS IT JM JO JP KE KG KH KI KM KN KR KW KZ LA LB LC LI LK "
    "LR LS LT LU LV LY MA MC MD ME MG MH MK ML MN MO MR MT MU MV MW MX MY MZ "
    "NA NE NG NI NL NO NP NR NZ OM PA PE PG PH PK PL PR PS PT PW PY QA RO RS "
    "RU RW SA SB SC SE SG SI SK SL SM SN SR ST SV SZ TD TG TH TJ TL TN TO TR "
    "TT TV TW TZ UA UG US UY UZ VC VE VN VU WS XK ZA ";

/* Print one of each list, in quotes. */
static void
two_words(FILE *out, uint64_t hash, const char *const first[WORDS],
    const char *const second[WORDS])
{
	unsigned i = draw_below(&hash, WORDS);

	fprintf(out, "\"%s %s\"", first[i], second[draw_below(&hash, WORDS)]);
}

void
track_title(FILE *out, uint64_t hash)
{
	two_words(out, hash + TITLE, openings, endings);
}

void
track_artist(FILE *out, uint64_t hash)
{
	two_words(out, hash + NAME, givens, families);
}

void
track_release(FILE *out, uint64_t hash)
{
	char date[TIME_SIZE];
	unsigned days;

	hash += RELEASE;
	days = draw_below(&hash, 40 * 365);
	time_text(date, date_time("2018-12-31") - (time_t)days * DAY_SECONDS);
	fprintf(out, "\"%.10s\"", date);
}

unsigned
track_duration_ms(uint64_t hash)
{
	hash += DURATION;
	return 90000 + draw_skewed(&hash, 270000);
}

/* Print ,"name":number, of three digits, the first in any of the decades. */
static void
print_small(FILE *out, const char *name, uint64_t *state, unsigned places,
    unsigned decades)
{
	unsigned digits = 100 + draw_below(state, 900);

	fprintf(out, ",\"%s\":", name);
	print_number(out, digits, places + draw_below(state, decades));
}

/* 0 to 698, the middle the oftener. */
static unsigned
two_dice(uint64_t *state)
{
	unsigned first = draw_below(state, 350);

	return first + draw_below(state, 350);
}

void
track_features(FILE *out, uint64_t hash, struct shift shift)
{
	unsigned valence, energy, quiet;
	int key;

	hash += FEATURES;
	/* far enough from 0 and 1 for any shift, so that none is cut off */
	valence = 150 + two_dice(&hash);
	energy = 200 + two_dice(&hash);
	/* the more energy the louder */
	quiet = 16000 - 14 * energy + draw_below(&hash, 3000);
	key = (int)draw_below(&hash, 12);
	valence = (unsigned)((int)valence + shift.valence);
	energy = (unsigned)((int)energy + shift.energy);
	fputs("\"danceability\":", out);
	print_number(out, 250 + draw_below(&hash, 700), 3);
	fputs(",\"energy\":", out);
	print_number(out, energy, 3);
	if (draw_below(&hash, 200) == 0)
		key = -1; /* not detected */
	fprintf(out, ",\"key\":%d,\"loudness\":-", key);
	print_number(out, quiet, 3);
	fprintf(out, ",\"mode\":%d", draw_below(&hash, 10) < 6);
	print_small(out, "speechiness", &hash, 4, 1);
	print_small(out, "acousticness", &hash, 3, 4);
	if (draw_below(&hash, 100) < 45)
		fputs(",\"instrumentalness\":0", out);
	else
		print_small(out, "instrumentalness", &hash, 3, 6);
	print_small(out, "liveness", &hash, 3, 2);
	fputs(",\"valence\":", out);
	print_number(out, valence, 3);
	fputs(",\"tempo\":", out);
	print_number(out, 65000 + draw_below(&hash, 120000), 3);
}

unsigned
track_time_signature(uint64_t hash)
{
	unsigned chance;

	hash += TIME_SIGNATURE;
	chance = draw_below(&hash, 20);
	return chance == 0 ? 3 : chance == 1 ? 5 : 4;
}

void
track_markets(FILE *out, uint64_t hash, unsigned n, const char *separator)
{
	unsigned wanted = n;

	hash += COUNTRIES;
	/* selection sampling: Knuth, algorithm S */
	for (unsigned i = 0; wanted > 0; i++) {
		if (draw_below(&hash, MARKETS_MAX - i) >= wanted)
			continue;
		if (wanted < n)
			fputs(separator, out);
		fwrite(markets + (size_t)3 * i, 1, 2, out);
		wanted--;
	}
}

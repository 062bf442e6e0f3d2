/*
 * effects: the windows of each country, and the records of what changed.
 */
#include <stdlib.h>
#include <string.h>

#include "effect.h"
#include "effects.h"

/* A country that had a lockdown. */
struct subject {
	int country;
	struct lockdown lockdown;
	struct sums now[WINDOWS], earlier[WINDOWS];
};

/* Add the days of a country to the windows that they are in. */
static void
add_windows(struct subject *s, const struct days *days)
{
	enum window window;
	struct sums sums;

	for (int32_t day = 0; days_next(days, s->country, &day, &sums); day++) {
		window = windows_of(&s->lockdown, day, false);
		if (window != WINDOWS)
			sums_add(&s->now[window], &sums);
		window = windows_of(&s->lockdown, day, true);
		if (window != WINDOWS)
			sums_add(&s->earlier[window], &sums);
	}
}

static void
put_effect(struct record *record, enum by by, const struct subject *s, int f,
    const struct effect *e)
{
	static const char *const counts[] = {"before_n", "during_n", "after_n"};
	static const char *const means[] = {
	    "before_mean", "during_mean", "after_mean"};
	const struct record_key head = record_country("effect", by, s->country);

	record_begin(record, &head);
	record_word(record, "feature", audio_keys[f]);
	record_date(record, "lockdown_start", s->lockdown.start);
	record_date(record, "lockdown_end", s->lockdown.end);
	for (int w = 0; w < WINDOWS; w++) {
		record_count(record, counts[w], s->now[w].count[f]);
		record_real(record, means[w], sums_mean(&s->now[w], f));
	}
	record_real(record, "diff", e->diff);
	record_real(record, "diff_lo", e->lo);
	record_real(record, "diff_hi", e->hi);
	record_number(record, "t", e->t);
	record_number(record, "df", e->df);
	record_number(record, "p", e->p);
	record_number(record, "q", e->q);
	record_number(record, "g", e->g);
	record_real(record, "did", e->did);
	record_real(record, "did_lo", e->did_lo);
	record_real(record, "did_hi", e->did_hi);
	record_end(record);
}

void
effects_put(struct record *record, const struct tally *tally,
    const struct lockdown lockdowns[COUNTRIES])
{
	const struct countries *set = days_countries(tally->days);
	struct subject *subjects = xcalloc(COUNTRIES, sizeof(*subjects));
	struct effect *effects =
	    xcalloc((size_t)COUNTRIES * FEATURES, sizeof(*effects));
	struct subject *s = subjects;
	size_t tests = 0;

	for (int c = countries_next(set, 0); c != -1;
	     c = countries_next(set, c + 1)) {
		if (!lockdowns[c].known)
			continue;
		s->country = c;
		s->lockdown = lockdowns[c];
		add_windows(s, tally->days);
		for (int f = 0; f < FEATURES; f++)
			effects[tests++] = effect_of(f, s->now, s->earlier);
		s++;
	}
	effect_adjust(effects, tests);
	for (size_t i = 0; i < tests; i++)
		put_effect(record, tally->by, &subjects[i / FEATURES],
		    (int)(i % FEATURES), &effects[i]);
	free(effects);
	free(subjects);
}

/*
 * tally.h: everything that is added up from the stream, by one thread.
 */
#ifndef TALLY_H
#define TALLY_H

#include <stdbool.h>
#include <stdint.h>

#include "days.h"
#include "groups.h"
#include "json.h"
#include "lines.h"
#include "playlists.h"

/* What tells an item's country. */
enum by { BY_COUNTRY, BY_ISRC, BY_MARKET };

extern const char *const tally_by[]; /* their names, then NULL */

struct tally {
	enum by by;
	struct json *json;
	struct groups *groups;
	struct days *days; /* shared by the threads */
	struct playlists playlists;
	struct str last_date; /* the date parsed last, in last_text */
	char last_text[32];
	int32_t last_day;
	uint64_t undated;     /* items with features but without added_at */
	uint64_t countryless; /* dated ones with features but no country */
};

/*
 * A tally, of one of so many threads, that adds what it can to days, which the
 * caller frees.
 */
void tally_open(
    struct tally *tally, enum by by, struct days *days, size_t threads);
void tally_free(struct tally *tally);

/*
 * Add the item that a line of in is; what is wrong with it is told to in, and
 * then nothing of it is added.  Other records are left out.
 */
void tally_item(struct tally *tally, struct lines *in, struct str line);

/* No more will be added: make the sums of days complete. */
void tally_finish(struct tally *tally);

/* Move everything from b, which is finished, into a; both have the same days.
 */
void tally_merge(struct tally *a, struct tally *b);

#endif

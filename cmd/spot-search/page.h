/*
 * page.h: a page of search results as playlist records.
 */
#ifndef PAGE_H
#define PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "buf.h"

struct page;

struct page *page_open(void);
void page_free(struct page *page);

/* What all records of a page have in common; as raw JSON, or empty. */
struct page_origin {
	struct str country, query, fetched_at;
};

/* Told of each playlist found: its id, and its record, a line. */
typedef void page_found(void *context, struct str id, struct str record);

/*
 * Read the answer to a search.  entries is how many there were, null ones too,
 * which Spotify puts for playlists of its own; total what the answer says there
 * are in all.  False if it is malformed.
 */
bool page_read(struct page *page, struct str body,
    const struct page_origin *origin, page_found *found, void *context);

size_t page_entries(const struct page *page);
size_t page_total(const struct page *page);

#endif

/*
 * names.h: what the countries are called.
 */
#ifndef NAMES_H
#define NAMES_H

#include <stdbool.h>

#include "buf.h"

struct name {
	char code[3]; /* ISO 3166-1 alpha-2 */
	bool european;
	const char *text;
};

/* The entry of a code; NULL if no country has it. */
const struct name *names_find(struct str code);

#endif

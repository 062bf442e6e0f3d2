/*
 * cost.h: what a run would cost.
 */
#ifndef COST_H
#define COST_H

#include "lines.h"

/*
 * Print how many requests the playlists of in would take, for an app of each
 * kind; one request where the number of items is not known.
 */
void cost_print(struct lines *in);

#endif

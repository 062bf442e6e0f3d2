/*
 * effects.h: the effect records of all countries that had a lockdown.
 */
#ifndef EFFECTS_H
#define EFFECTS_H

#include "record.h"
#include "windows.h"

/* Put the effect of its lockdown on each country and feature. */
void effects_put(struct record *record, const struct tally *tally,
    const struct lockdown lockdowns[COUNTRIES]);

#endif

/*
 * draw: random draws that are the same on every machine, in whole numbers
 * only, and the small texts that are made of them.
 */
#ifndef DRAW_H
#define DRAW_H

#include <stdint.h>
#include <stdio.h>
#include <time.h>

enum {
	DAY_SECONDS = 86400,
	ID_SIZE = 22 + 1,   /* a Spotify id */
	ISRC_SIZE = 12 + 1, /* the code of a recording */
	TIME_SIZE = 20 + 1, /* 2020-03-10T00:00:00Z */
};

/* What a hash is of: things of different kinds never share one. */
enum kind { PLAYLIST, TRACK, SONG, ALBUM, ARTIST, MARKETS };

/* The hash of the thing that is number index of its kind. */
uint64_t draw_hash(uint64_t seed, enum kind kind, uint64_t index);

/* The next 64 random bits; any state will do to start with, a hash say. */
uint64_t draw_next(uint64_t *state);

/* A number from 0 to n - 1. */
unsigned draw_below(uint64_t *state, unsigned n);

/* The same, small numbers the oftener: a few of n things are popular. */
unsigned draw_skewed(uint64_t *state, unsigned n);

/* 22 characters of base 62. */
void draw_id(char id[static ID_SIZE], uint64_t hash);

/* Country, registrant, year and number, as ISO 3901 has them. */
void draw_isrc(char isrc[static ISRC_SIZE], uint64_t hash);

/* Print number / 10^places as the API does: 0.5, 0, 0.0396, 1.45e-06. */
void print_number(FILE *out, unsigned number, unsigned places);

/* The first second of a day such as 2020-03-10. */
time_t date_time(const char *date);

/* RFC 3339 in UTC; its first ten characters are the date. */
void time_text(char text[static TIME_SIZE], time_t when);

#endif

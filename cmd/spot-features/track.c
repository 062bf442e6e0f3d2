/*
 * track: pack the ids of tracks.
 */
#include <string.h>

#include "track.h"

enum { NO_CHAR = 64 /* no letter or digit */ };

/*
 * Ten characters go into each of the words, and half a byte of the last two; in
 * an entry that is 17 bytes.
 */
bool
track_pack(struct str id, struct track_id *packed)
{
	unsigned char six[32]; /* a whole number of vectors */
	unsigned char c, lower, upper, bad = 0;
	unsigned rest;

	if (id.len != TRACK_CHARS)
		return false;
	memset(six, '0', sizeof(six));
	memcpy(six, id.ptr, TRACK_CHARS);
	for (size_t i = 0; i < sizeof(six); i++) {
		c = (unsigned char)(six[i] - '0');
		lower = (unsigned char)(six[i] - 'a');
		upper = (unsigned char)(six[i] - 'A');
		c = c < 10 ? c : NO_CHAR;
		c = lower < 26 ? (unsigned char)(lower + 10) : c;
		c = upper < 26 ? (unsigned char)(upper + 36) : c;
		six[i] = c;
		bad |= c;
	}
	packed->first = packed->second = 0;
	for (size_t i = 0; i < 10; i++) {
		packed->first = packed->first << 6 | six[i];
		packed->second = packed->second << 6 | six[10 + i];
	}
	rest = (unsigned)six[20] << 6 | six[21];
	packed->first = packed->first << 4 | rest >> 8;
	packed->second = packed->second << 4 | (rest >> 4 & 15);
	packed->last = rest & 15;
	memcpy(packed->text, id.ptr, TRACK_CHARS);
	return bad < NO_CHAR;
}

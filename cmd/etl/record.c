/*
 * record: JSON records into a buffer, and that to standard output.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "date.h"
#include "json.h"
#include "output.h"
#include "record.h"

static char *
end_of(struct record *r)
{
	return r->out.ptr + r->out.len;
}

static void
end_at(struct record *r, const char *p)
{
	r->out.len = (size_t)(p - r->out.ptr);
}

/* Put a text where there is room for it. */
static void
put(struct record *r, const char *text)
{
	end_at(r, stpcpy(end_of(r), text));
}

static void
put_name(struct record *r, const char *key)
{
	put(r, ",\"");
	put(r, key);
	put(r, "\":");
}

/* Copy all of the key's array, which is faster than just its length. */
static char *
put_key(struct record *r, const struct record_key *key)
{
	memcpy(end_of(r), key->text, sizeof(key->text));
	return end_of(r) + key->len;
}

struct record_key
record_key(const char *name)
{
	struct record_key key;

	key.len =
	    (size_t)snprintf(key.text, sizeof(key.text), ",\"%s\":", name);
	return key;
}

void
record_keys(struct record_key keys[FEATURES], const char *suffix)
{
	char name[sizeof(keys->text)];

	for (int f = 0; f < FEATURES; f++) {
		(void)snprintf(
		    name, sizeof(name), "%s_%s", audio_keys[f], suffix);
		keys[f] = record_key(name);
	}
}

struct record_key
record_head(const char *type)
{
	struct record_key head;

	head.len = (size_t)snprintf(
	    head.text, sizeof(head.text), "{\"type\":\"%s\"", type);
	return head;
}

struct record_key
record_country(const char *type, enum by by, int country)
{
	struct record_key head;
	char code[3];

	countries_code(country, code);
	head.len = (size_t)snprintf(head.text, sizeof(head.text),
	    "{\"type\":\"%s\",\"by\":\"%s\",\"country\":\"%s\"", type,
	    tally_by[by], code);
	return head;
}

void
record_begin(struct record *r, const struct record_key *head)
{
	buf_reserve(&r->out, RECORD_MAX);
	end_at(r, put_key(r, head));
}

void
record_end(struct record *r)
{
	put(r, "}\n");
	r->written++;
}

void
record_count(struct record *r, const char *key, uint64_t n)
{
	put_name(r, key);
	end_at(r, fixed_write_whole(end_of(r), n));
}

void
record_text(struct record *r, const char *key, struct str text)
{
	put_name(r, key);
	json_quote(&r->out, text);
	/* A text may be long: make sure again of the room for the rest. */
	buf_reserve(&r->out, RECORD_MAX);
}

void
record_word(struct record *r, const char *key, const char *word)
{
	put_name(r, key);
	put(r, "\"");
	put(r, word);
	put(r, "\"");
}

void
record_date(struct record *r, const char *key, int32_t day)
{
	char text[DATE_TEXT];

	date_format(day, text);
	record_word(r, key, text);
}

void
record_number(struct record *r, const char *key, long double x)
{
	put_name(r, key);
	if (isnan(x))
		put(r, "null");
	else
		buf_printf(&r->out, "%.15Lg", x);
}

void
record_real(struct record *r, const char *key, long double x)
{
	put_name(r, key);
	end_at(r, fixed_write_real(end_of(r), x));
}

void
record_key_count(struct record *r, const struct record_key *key, uint64_t n)
{
	end_at(r, fixed_write_whole(put_key(r, key), n));
}

void
record_key_real(struct record *r, const struct record_key *key, long double x)
{
	end_at(r, fixed_write_real(put_key(r, key), x));
}

void
record_key_sum(
    struct record *r, const struct record_key *key, int128 value, int digits)
{
	char *p = put_key(r, key);

	*p++ = '"';
	p = fixed_write(p, value, digits);
	*p++ = '"';
	end_at(r, p);
}

void
record_close(struct record *r)
{
	output_write(buf_str(&r->out));
	buf_free(&r->out);
}

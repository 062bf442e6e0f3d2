/*
 * json: the fast reader tells of every line what yajl tells, refusals too.
 *
 * The first time a line is read the keys are not yet expected, the second time
 * they are: both ways through the fast reader are tried, and then the reader
 * that is left with all other lines.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "decimal.h"
#include "json.h"
#include "lines.h"
#include "yajl.h"

static const char *const names[] = {
    "type", "added_at", "valence", "artists", "a", "ab"};
enum { NAMES = sizeof(names) / sizeof(names[0]) };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Is there half a surrogate pair, of which yajl makes something else? */
static bool
has_half(struct str raw)
{
	const char *p = raw.ptr, *end = p + raw.len;

	while ((p = memchr(p, '\\', (size_t)(end - p))) != NULL) {
		if (p[1] == 'u' && strncasecmp(p + 2, "d", 1) == 0 &&
		    strchr("89abAB", p[3]) != NULL && p[6] == '\\' &&
		    p[7] == 'u' && strncasecmp(p + 8, "d", 1) == 0 &&
		    strchr("cdefCDEF", p[9]) != NULL)
			p += 12;
		else if (p[1] == 'u' && strncasecmp(p + 2, "d", 1) == 0 &&
		         p[3] >= '8')
			return true;
		else
			p += 2;
	}
	return false;
}

static bool
same_text(struct json *json, const struct json_field *field,
    const struct yajl_member *member)
{
	struct str text = json_text(json, field);

	return has_half(field->raw) ? utf8_valid(text)
	                            : str_equal(text, buf_str(&member->text));
}

/* Is a field what yajl told of the member of that name? */
static bool
same(struct json *json, struct str line, const struct json_field *field,
    const struct yajl_member *member)
{
	const char *raw = field->raw.ptr;
	int64_t mantissa = 0;
	int exponent = 0;

	if (member->times == 0)
		return field->kind == JSON_ABSENT;
	if (field->kind != member->kind || *field->key != '"' ||
	    field->key < line.ptr || field->key >= raw ||
	    raw + field->raw.len != line.ptr + member->end)
		return false;
	if (field->kind == JSON_STRING)
		return *raw == '"' &&
		       field->escaped ==
		           (memchr(raw, '\\', field->raw.len) != NULL) &&
		       (field->escaped || raw == line.ptr + member->start) &&
		       same_text(json, field, member);
	if (raw != line.ptr + member->start || field->escaped)
		return false;
	if (field->kind == JSON_NUMBER)
		decimal_read(raw, &mantissa, &exponent);
	return field->mantissa == mantissa && field->exponent == exponent;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct yajl_object object = {.names = names, .n = NAMES};
	static struct json *json;
	static struct buf copy;
	struct json_field fields[NAMES];
	const uint8_t *newline = memchr(data, '\n', size);
	struct str line;
	bool taken;

	if (json == NULL)
		json = json_open(names, NAMES);
	/* The slack is all that may be read behind the line. */
	line.len = newline != NULL ? (size_t)(newline - data) : size;
	buf_free(&copy);
	copy.ptr = xcalloc(1, line.len + LINES_SLACK);
	memcpy(copy.ptr, data, line.len);
	copy.ptr[line.len] = '\n';
	line.ptr = copy.ptr;
	taken = yajl_object_read(&object, line);
	for (int way = 0; way < 3; way++) {
		if ((way < 2 ? json_fields(json, line, fields)
		             : json_fields_yajl(json, line, fields)) != taken)
			abort();
		for (size_t i = 0; taken && i < NAMES; i++)
			if (!same(json, line, &fields[i], &object.members[i]))
				abort();
		if (!taken && *json_error(json) == '\0')
			abort();
	}
	return 0;
}

/*
 * item: from the fields of a record to words.
 */
#include "item.h"

static int
read_wide(const struct json_field fields[FEATURES], struct item *item)
{
	const struct json_field *field = fields;
	int64_t value;

	*item = (struct item){.wide = true};
	for (int f = 0; f < FEATURES; f++, field++) {
		if (field->kind <= JSON_NULL)
			continue;
		if (field->kind != JSON_NUMBER ||
		    !fixed_scale(field->mantissa, field->exponent, &value))
			return f;
		item->words[f] = (int32_t)(uint32_t)value;
		item->high[f] = (int32_t)(value >> 32);
		item->known |= (uint16_t)(1U << f);
	}
	return -1;
}

int
item_read(const struct json_field fields[FEATURES], struct item *item)
{
	const struct json_field *field = fields;
	unsigned power;
	int64_t word;

	for (int f = 0; f < FEATURES; f++, field++) {
		power = (unsigned)(field->exponent + item_digits[f]);
		word = field->mantissa;
		if (field->kind != JSON_NUMBER || power > 8 ||
		    word < -ITEM_MAX || word > ITEM_MAX)
			return read_wide(fields, item);
		word *= fixed_powers[power];
		if (word < -ITEM_MAX || word > ITEM_MAX)
			return read_wide(fields, item);
		item->words[f] = (int32_t)word;
	}
	item->known = (1U << FEATURES) - 1;
	item->wide = false;
	return -1;
}

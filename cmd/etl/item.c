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
	const int64_t half = (int64_t)1 << (31 - ITEM_EXPONENT_BITS);
	const int64_t limit = FIXED_MAX * FIXED_UNIT;
	const struct json_field *field = fields;
	int64_t word, value;
	unsigned power, known = 0;

	for (int f = 0; f < FEATURES; f++, field++) {
		item->words[f] = 0;
		if (field->kind == JSON_NUMBER) {
			power = (unsigned)(field->exponent + FIXED_DIGITS);
			word = field->mantissa;
			if (power >= ITEM_EXPONENTS || word < -half ||
			    word >= half)
				return read_wide(fields, item);
			value = word * fixed_powers[power];
			if (value <= -limit || value >= limit)
				return f;
			word = word * ITEM_EXPONENTS + power;
			item->words[f] = (int32_t)word;
			known |= 1U << f;
		} else if (field->kind > JSON_NULL)
			return f;
	}
	item->known = (uint16_t)known;
	item->wide = false;
	return -1;
}

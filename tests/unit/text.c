/*
 * text: escapes, and the halves of surrogate pairs.
 */
#include "text.h"
#include "tap.h"

static bool
decodes(struct str string, struct str want)
{
	struct buf out = {0};
	bool same;

	text_decode(&out, string);
	same = str_equal(buf_str(&out), want);
	buf_free(&out);
	return same;
}

int
main(void)
{
	tap_ok(decodes(STR(""), STR("")) && decodes(STR("plain"), STR("plain")),
	    "nothing to decode");
	tap_ok(
	    decodes(STR("\\\"\\\\\\/\\b\\f\\n\\r\\t"), STR("\"\\/\b\f\n\r\t")),
	    "each letter");
	tap_ok(decodes(STR("a\\u0041b\\u00e9c\\u20ACd\\uffff"),
	           STR("aAb\xc3\xa9"
	               "c\xe2\x82\xac"
	               "d\xef\xbf\xbf")),
	    "codes of one, two and three bytes");
	tap_ok(decodes(STR("\\u0000\\u007f\\u0080\\u07ff\\u0800"),
	           STR("\0\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80")),
	    "the first and the last of each length");
	tap_ok(decodes(STR("\\ud800\\udc00\\uD83D\\uDE37\\udbff\\udfff"),
	           STR("\xf0\x90\x80\x80\xf0\x9f\x98\xb7\xf4\x8f\xbf\xbf")),
	    "pairs");
	tap_ok(decodes(STR("a\\ud800b\\udc00c\\ud800"), STR("a\xef\xbf\xbd"
	                                                    "b\xef\xbf\xbd"
	                                                    "c\xef\xbf\xbd")),
	    "halves");
	tap_ok(decodes(STR("\\udc00\\ud800\\ud83d\\ude37\\ud800\\u0041\\n"),
	           STR("\xef\xbf\xbd\xef\xbf\xbd\xf0\x9f\x98\xb7\xef\xbf\xbd"
	               "A\n")),
	    "a half before a pair, and before another character");
	return tap_done();
}

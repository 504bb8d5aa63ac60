// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * Generated cases of single bytes: every byte in every place, every escape,
 * every prefix, every order of the parts, and pseudo-random damage.
 */
#include "cases_private.h"

#define HEAD "drv-v1;api=vfio-pci;type=t-1;sw=1.0.0"

/* What a byte may be; written out, so as not to share code with the engine. */
#define DIGITS "0123456789"
#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define PLAIN DIGITS LOWER UPPER "!\"#$&'()*+-./:<>?@[\\]^_`{|}~"
#define NAME_FIRST LOWER
#define NAME_REST LOWER DIGITS "_"
#define DRIVER DIGITS LOWER UPPER "_.-"

static bool among(const char *set, unsigned int byte)
{
	return byte && strchr(set, (char)byte);
}

static const char *const valid_lines[] = {
	HEAD ";end",
	HEAD ";f.a=x;end",
	HEAD ";f.end=end;r.end=end;vendor=end;end",
	HEAD ";r.fps;r.x;end",
	HEAD ";r.fps=;r.x=;end",
	HEAD ";r.a=%3Bend%0A;vendor=%3Bend;end",
	"i915-v1;api=vfio-pci;type=i915-GVTg_V5_8;sw=1.12.3;f.aes=on;f.pci_ids=8086:5917,8086:591d;r.aggregator=2;r.fps=60;vendor=x%2Cy%3D%20;end",
};

/* ---- every prefix ---- */

static int run_prefixes(const struct vp_case *c)
{
	unsigned int i;
	size_t len, full;

	for (i = 0; i < ARRAY_SIZE(valid_lines); i++) {
		full = vp_put(W_IN, 0, valid_lines[i]);
		if (vp_is_line(W_IN, full))
			return 1;
		for (len = 0; len < full; len++)
			if (vp_no_line(W_IN, len))
				return 1;
		/* what sysfs makes of a cut write: a newline, too */
		for (len = full; len--;) {
			W_IN[len] = '\n';
			if (vp_no_line(W_IN, len + 1))
				return 1;
		}
	}
	return 0;
}

static int run_suffixes(const struct vp_case *c)
{
	unsigned int i;
	size_t at, full;

	for (i = 0; i < ARRAY_SIZE(valid_lines); i++) {
		full = strlen(valid_lines[i]);
		/* "rv-v1;.." is a line, of another driver */
		for (at = strcspn(valid_lines[i], "-"); at < full; at++)
			if (vp_no_line(valid_lines[i] + at, full - at))
				return 1;
	}
	return 0;
}

/* ---- every byte in every place ---- */

/*
 * A line is @in, three characters, and @dst.  In place of each of them goes
 * every byte: it is a line if the byte is among @key (the first character)
 * or @want (the others), and for a list also with a comma in the middle.
 */
static int run_bytes(const struct vp_case *c)
{
	unsigned int place, byte;
	bool ok;

	for (place = 0; place < 3; place++) {
		size_t at = vp_put(W_IN, 0, c->in);
		size_t end = vp_put(W_IN, vp_put(W_IN, at, "abc"), c->dst);

		for (byte = 0; byte < 256; byte++) {
			ok = among(place ? c->want : c->key, byte) ||
			     (byte == ',' && place == 1 && c->opt);
			W_IN[at + place] = (char)byte;
			if (ok ? vp_is_line(W_IN, end) : vp_no_line(W_IN, end))
				return 1;
		}
	}
	return 0;
}

/* The same of a version, where each place is a number or a dot. */
static int run_version_bytes(const struct vp_case *c)
{
	static const char head[] = "d-v1;api=a;type=t;sw=";
	unsigned int place, byte;
	bool ok;

	for (place = 0; place < 5; place++) {
		size_t at = vp_put(W_IN, 0, head);
		size_t end = vp_put(W_IN, at, "7.8.9;end");

		for (byte = 0; byte < 256; byte++) {
			ok = place & 1 ? byte == '.' : among(DIGITS, byte);
			W_IN[at + place] = (char)byte;
			if (ok ? vp_is_line(W_IN, end) : vp_no_line(W_IN, end))
				return 1;
		}
	}
	return 0;
}

/* The letters and marks that make a line; '*' where others may stand, too. */
static int run_fixed_bytes(const struct vp_case *c)
{
	static const char line[] =
		"d-v1;api=a;type=t;sw=1.0.0;f.a=x;r.b=y;vendor=z;end";
	static const char mask[] =
		"*--------*------*----*****-*-*-*-*-***--------*----";
	size_t at, len = vp_put(W_IN, 0, line);
	unsigned int byte;

	for (at = 0; at < len; at++) {
		for (byte = 0; byte < 256 && mask[at] == '-'; byte++) {
			W_IN[at] = (char)byte;
			if (W_IN[at] != line[at] && vp_no_line(W_IN, len))
				return 1;
		}
		W_IN[at] = line[at];
	}
	return vp_same_int("length of the mask", sizeof(mask), sizeof(line)) ||
	       vp_is_line(W_IN, len);
}

/* ---- escapes ---- */

/* "%ab" with every a and b, in @in and @dst. */
static int run_escapes(const struct vp_case *c)
{
	static const char hex[] = DIGITS "ABCDEF";
	size_t at = vp_put(W_IN, 0, c->in);
	size_t end = vp_put(W_IN, vp_put(W_IN, at, "%ab"), c->dst);
	unsigned int a, b;

	for (a = 0; a < 256; a++) {
		for (b = 0; b < 256; b++) {
			unsigned int byte = 0;

			W_IN[at + 1] = (char)a;
			W_IN[at + 2] = (char)b;
			if (among(hex, a) && among(hex, b))
				byte = (strchr(hex, a) - hex) * 16 +
				       (strchr(hex, b) - hex);
			if (byte && !among(PLAIN, byte) ?
				    vp_is_line(W_IN, end) :
				    vp_no_line(W_IN, end))
				return 1;
		}
	}
	return 0;
}

/* Each byte of a value through the API, the line, and back. */
static int run_value_bytes(const struct vp_case *c)
{
	unsigned int byte;
	int len;

	for (byte = 1; byte < 256; byte++) {
		const char value[] = { 'a', (char)byte, 'b', '\0' };

		vp_init(W_SRC);
		vp_identify(W_SRC, "drv", "vfio-pci", "t-1");
		vp_version(W_SRC, "1.0.0");
		vp_resource(W_SRC, "r", value);
		vp_vendor(W_SRC, value);
		if (vp_same_int("vp_seal()", vp_seal(W_SRC, true), 0))
			return 1;
		len = vp_format(W_SRC, W_IN, VP_TEXT_SIZE);
		if (len < 0 || vp_is_line(W_IN, len) ||
		    strcmp(vp_str(W_TMP, W_TMP->resource[0].value), value) ||
		    strcmp(vp_str(W_TMP, W_TMP->vendor), value))
			return vp_fail("byte %u was not kept", byte);
		for (; len--;)
			if (!among(PLAIN ",=;%", (unsigned char)W_IN[len]))
				return vp_fail("byte %u is raw", byte);
	}
	return 0;
}

/* ---- the API ---- */

static int add_name(const char *text)
{
	return vp_add(W_SRC, text, "x");
}

static int add_value(const char *text)
{
	return vp_add(W_SRC, "field", text);
}

static int add_resource(const char *text)
{
	return vp_resource(W_SRC, text, NULL);
}

static int add_type(const char *text)
{
	return vp_accept_type(W_SRC, text);
}

static int add_driver(const char *text)
{
	vp_init(W_SRC);
	return vp_identify(W_SRC, text, "vfio-pci", "t-1");
}

static int add_api(const char *text)
{
	vp_init(W_SRC);
	return vp_identify(W_SRC, "drv", text, "t-1");
}

static const struct {
	int (*add)(const char *text);
	const char *first;
	const char *rest;
} vp_adds[] = {
	{ add_name, NAME_FIRST, NAME_REST },
	{ add_resource, NAME_FIRST, NAME_REST },
	{ add_value, PLAIN, PLAIN },
	{ add_type, PLAIN, PLAIN },
	{ add_driver, DRIVER, DRIVER },
	{ add_api, PLAIN, PLAIN },
};

/* Each byte in each place of what the API takes; the words stay printable. */
static int run_api_bytes(const struct vp_case *c)
{
	unsigned int i, place, byte;
	const char *s;

	for (i = 0; i < ARRAY_SIZE(vp_adds) * 3 * 255; i++) {
		char text[4] = "abc";
		bool ok;

		byte = i % 255 + 1;
		place = i / 255 % 3;
		text[place] = (char)byte;
		ok = among(place ? vp_adds[i / 765].rest :
				   vp_adds[i / 765].first, byte);
		vp_init(W_SRC);
		if (vp_same_int("errno", vp_adds[i / 765].add(text),
				ok ? 0 : -EINVAL))
			return 1;
		vp_explain(W_SRC, W_OUT, VP_TEXT_SIZE);
		for (s = W_OUT; *s; s++)
			if (!among(PLAIN " ,=;%", (unsigned char)*s))
				return vp_fail("explained with byte %u", byte);
	}
	return 0;
}

/* ---- the order of the parts ---- */

/* Of all orders of five parts only one is a line. */
static int run_orders(const struct vp_case *c)
{
	static const char *const parts[] = { ";f.a=x", ";f.b=x", ";r.a=x",
					     ";vendor=x", ";end" };
	unsigned int code, used, i, digit, inverted;
	size_t at;

	for (code = 0; code < 5 * 5 * 5 * 5 * 5; code++) {
		at = vp_put(W_IN, 0, HEAD);
		used = 0;
		inverted = 0;
		for (i = 0, digit = code; i < 5; i++, digit /= 5) {
			at = vp_put(W_IN, at, parts[digit % 5]);
			inverted |= (used >> (digit % 5)) != 0;
			used |= 1U << (digit % 5);
		}
		if (inverted ? vp_no_line(W_IN, at) : vp_is_line(W_IN, at))
			return 1;
	}
	return 0;
}

/* ---- damage ---- */

/* One change of a line in W_IN; its new length. */
static size_t damage(size_t len, __u32 *state)
{
	static const char special[] = "%;,=.\n\0-_ 09afAFvrf";
	size_t at = vp_random(state, len), i;
	char byte = vp_random(state, 4) ?
			    special[vp_random(state, sizeof(special))] :
			    (char)vp_random(state, 256);

	switch (vp_random(state, 4)) {
	case 0:
		W_IN[at] = byte;
		return len;
	case 1: /* one more */
		for (i = len; i > at; i--)
			W_IN[i] = W_IN[i - 1];
		W_IN[at] = byte;
		return len + 1;
	case 2: /* one less */
		for (i = at; i + 1 < len; i++)
			W_IN[i] = W_IN[i + 1];
		return len - 1;
	default: /* a part again */
		for (i = 0; i < 8 && at + i < len; i++)
			W_IN[len + i] = W_IN[at + i];
		return len + i;
	}
}

/* Whatever is taken for a line is what would have been written. */
static int run_damage(const struct vp_case *c)
{
	__u32 state = 20261120;
	unsigned int i, n, taken = 0;
	bool is_line;
	size_t len;

	for (i = 0; i < 20000; i++) {
		len = vp_put(W_IN, 0, valid_lines[i % ARRAY_SIZE(valid_lines)]);
		for (n = vp_random(&state, 3) + 1; n--;)
			len = damage(len, &state);
		is_line = !vp_parse(W_SRC, W_IN, len);
		taken += is_line;
		if (is_line ? vp_is_line(W_IN, len) : vp_no_line(W_IN, len))
			return 1;
	}
	return taken > 500 ? 0 : vp_fail("only %u were lines", taken);
}

/* ---- memory ---- */

/* The same line into memory of any content. */
static int run_uncleared(const struct vp_case *c)
{
	static const unsigned char fills[] = { 0x00, 0xa5, 0xff, 0x01, 0x80 };
	unsigned int i, n;

	for (n = 0; n < ARRAY_SIZE(valid_lines); n++) {
		size_t len = strlen(valid_lines[n]);

		for (i = 0; i < ARRAY_SIZE(fills); i++) {
			memset(W_TMP, fills[i], sizeof(*W_TMP));
			if (vp_is_line(valid_lines[n], len))
				return 1;
			/* after a failure, and once more over itself */
			if (vp_no_line(valid_lines[n], len - 1) ||
			    vp_is_line(valid_lines[n], len))
				return 1;
		}
	}
	return 0;
}

/* An object of its own: the sanitizers know where it ends. */
static char tight[256];

/* The first @len bytes of @text, with nothing behind them. */
static const char *tightly(const char *text, size_t len)
{
	return memcpy(tight + sizeof(tight) - len, text, len);
}

/*
 * Every prefix of several texts where the next byte is not ours.  It is the
 * sanitizers (ASan, KASAN) that turn this one red.
 */
static int run_tight(const struct vp_case *c)
{
	static const char *const lists[] = { "compatible_software_version",
					     "compatible_ids",
					     "dynamic_resources",
					     "software_version", "device_api" };
	static const char text[] = "1.22, 3.4\t%2,a_b,\n";
	unsigned int i;
	__u32 series;
	size_t len;

	for (i = 0; i < ARRAY_SIZE(valid_lines); i++)
		for (len = 0; len < strlen(valid_lines[i]); len++)
			if (vp_no_line(tightly(valid_lines[i], len), len))
				return 1;
	for (len = 0; len < sizeof(text); len++) {
		for (i = 0; i < ARRAY_SIZE(lists); i++) {
			vp_init(W_SRC);
			vp_load(W_SRC, lists[i], tightly(text, len), len);
		}
		vp_parse_series(tightly(text, len), len, &series);
	}
	return 0;
}

#define BYTES(title, before, after, first, rest)                      \
	{ .name = "bytes: " title, .run = run_bytes, .in = (before), \
	  .dst = (after), .key = (first), .want = (rest) }
#define ESCAPES(title, before, after)                                   \
	{ .name = "escapes: " title, .run = run_escapes, .in = (before), \
	  .dst = (after) }

static const struct vp_case vp_bytes_cases[] = {
	{ .name = "prefixes: none is a line", .run = run_prefixes },
	{ .name = "prefixes: no rest is a line", .run = run_suffixes },
	BYTES("driver", "", "-v1;api=a;type=t;sw=1.0.0;end", DRIVER, DRIVER),
	BYTES("api", "d-v1;api=", ";type=t;sw=1.0.0;end", PLAIN, PLAIN),
	BYTES("type", "d-v1;api=a;type=", ";sw=1.0.0;end", PLAIN, PLAIN),
	BYTES("field name", HEAD ";f.", "=x;end", NAME_FIRST, NAME_REST),
	{ .name = "bytes: field value", .run = run_bytes,
	  .in = HEAD ";f.a=", .dst = ";end", .key = PLAIN, .want = PLAIN,
	  .opt = 1 },
	BYTES("second field value", HEAD ";f.a=!,~", ";end", PLAIN, PLAIN),
	BYTES("resource name of an instance", HEAD ";r.", "=x;end", NAME_FIRST,
	      NAME_REST),
	BYTES("resource value", HEAD ";r.a=", ";end", PLAIN, PLAIN),
	BYTES("vendor text", HEAD ";vendor=", ";end", PLAIN, PLAIN),
	{ .name = "bytes: version", .run = run_version_bytes },
	{ .name = "bytes: what is between", .run = run_fixed_bytes },
	{ .name = "bytes: values are kept", .run = run_value_bytes },
	{ .name = "bytes: the API", .run = run_api_bytes },
	ESCAPES("resource value", HEAD ";r.a=", ";end"),
	ESCAPES("before text", HEAD ";r.a=", "x;end"),
	ESCAPES("vendor text", HEAD ";vendor=", ";end"),
	{ .name = "order: of five parts", .run = run_orders },
	{ .name = "damage: 20000 lines", .run = run_damage },
	{ .name = "memory: need not be cleared", .run = run_uncleared },
	{ .name = "memory: nothing behind a text is read", .run = run_tight },
};

const struct vp_table vp_bytes_table = {
	vp_bytes_cases,
	ARRAY_SIZE(vp_bytes_cases),
};

// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * Generated cases of limits: each exactly reached, and exceeded by one; and
 * output into buffers of every size.
 */
#include "cases_private.h"

#define HEAD "drv-v1;api=vfio-pci;type=t-1;sw=1.0.0"

static void begin(struct vp_profile *p)
{
	vp_init(p);
	vp_identify(p, "drv", "vfio-pci", "t-1");
	vp_version(p, "1.0.0");
}

/* "v00042" in @buf: sorts as its number does. */
static const char *numbered(char buf[8], char first, unsigned int i)
{
	unsigned int n;

	buf[0] = first;
	for (n = 5; n; n--) {
		buf[n] = '0' + i % 10;
		i /= 10;
	}
	buf[6] = '\0';
	return buf;
}

/* ---- limits of the API ---- */

static int add_field(unsigned int i)
{
	char name[8];

	return vp_add(W_SRC, numbered(name, 'f', i), "x");
}

static int add_resource(unsigned int i)
{
	char name[8];

	return vp_resource(W_SRC, numbered(name, 'r', i), NULL);
}

static int add_member(unsigned int i)
{
	char value[8];

	/* three each to 256 of the accepted 16 fields would exceed a line */
	return vp_add(W_SRC, "a", numbered(value, 'v', i) + 3);
}

static int add_type(unsigned int i)
{
	char type[8];

	return vp_accept_type(W_SRC, numbered(type, 'v', i));
}

static int add_series(char kind, unsigned int i)
{
	size_t at = vp_put_num(W_IN, 0, kind == 'a' ? 1 : 0);

	at = vp_put(W_IN, at, ".");
	vp_put_num(W_IN, at, i);
	return kind == 'a' ? vp_accept(W_SRC, W_IN) : vp_emit(W_SRC, W_IN);
}

static int add_accept(unsigned int i)
{
	return add_series('a', i);
}

static int add_emit(unsigned int i)
{
	return add_series('e', i);
}

/* How many may be added, and what is said of one more. */
static const struct {
	const char *name;
	int (*add)(unsigned int i);
	unsigned int most;
	const char *words;
} vp_counts[] = {
	{ "fields", add_field, VP_FIELDS_MAX,
	  "compatible_f00016: 'f00016' is one more than a profile holds" },
	{ "resources", add_resource, VP_RESOURCES_MAX,
	  "dynamic_resources: 'r00016' is one more than a profile holds" },
	{ "values", add_member, VP_MEMBERS_MAX,
	  "compatible_a: '768' is one more than a profile holds" },
	{ "types", add_type, VP_TYPES_MAX,
	  "compatible_type: 'v00064' is one more than a profile holds" },
	{ "accepted series", add_accept, VP_SERIES_MAX,
	  "compatible_software_version: '1.64' is one more than a profile holds" },
	{ "emitted series", add_emit, VP_SERIES_MAX,
	  "emitted_software_version: '0.64' is one more than a profile holds" },
};

static int run_counts(const struct vp_case *c)
{
	unsigned int n, i;

	for (n = 0; n < ARRAY_SIZE(vp_counts); n++) {
		begin(W_SRC);
		for (i = 0; i < vp_counts[n].most; i++)
			if (vp_same_int(vp_counts[n].name, vp_counts[n].add(i),
					0))
				return 1;
		if (vp_same_int(vp_counts[n].name, vp_counts[n].add(i), -E2BIG) ||
		    vp_explained(W_SRC, vp_counts[n].words))
			return 1;
		/* backwards: each goes in front of all others */
		begin(W_SRC);
		for (i = vp_counts[n].most; i; i--)
			if (vp_same_int(vp_counts[n].name, vp_counts[n].add(i),
					0))
				return 1;
		if (vp_same_int(vp_counts[n].name, vp_counts[n].add(0), -E2BIG))
			return 1;
	}
	return 0;
}

/* The designed numbers, so that nobody changes them unnoticed. */
static int run_numbers(const struct vp_case *c)
{
	return vp_same_int("names", VP_NAME_MAX, 31) ||
	       vp_same_int("values", VP_VALUE_MAX, 64) ||
	       vp_same_int("resource values", VP_RESOURCE_MAX, 1023) ||
	       vp_same_int("vendor text", VP_VENDOR_MAX, 255) ||
	       vp_same_int("line", VP_LINE_MAX, 4094) ||
	       vp_same_int("fields", VP_FIELDS_MAX, 16) ||
	       vp_same_int("resources", VP_RESOURCES_MAX, 16) ||
	       vp_same_int("members", VP_MEMBERS_MAX, 768) ||
	       vp_same_int("series", VP_SERIES_MAX, 64) ||
	       vp_same_int("types", VP_TYPES_MAX, 64) ||
	       vp_same_int("a profile fits 16 KiB",
			   sizeof(struct vp_profile) <= 16384, 1);
}

static int put_name(const char *text)
{
	return vp_add(W_SRC, text, "x");
}

static int put_value(const char *text)
{
	return vp_add(W_SRC, "a", text);
}

static int put_values(const char *text)
{
	return vp_add_list(W_SRC, "a", text);
}

static int put_resource_name(const char *text)
{
	return vp_resource(W_SRC, text, "");
}

static int put_resource_value(const char *text)
{
	return vp_resource(W_SRC, "a", text);
}

static int put_driver(const char *text)
{
	vp_init(W_SRC);
	vp_identify(W_SRC, text, "vfio-pci", "t-1");
	return vp_version(W_SRC, "1.0.0");
}

static int put_api(const char *text)
{
	vp_init(W_SRC);
	vp_identify(W_SRC, "drv", text, "t-1");
	return vp_version(W_SRC, "1.0.0");
}

static int put_own_type(const char *text)
{
	vp_init(W_SRC);
	vp_identify(W_SRC, "drv", "vfio-pci", text);
	return vp_version(W_SRC, "1.0.0");
}

static int put_other_type(const char *text)
{
	return vp_accept_type(W_SRC, text);
}

static int put_vendor(const char *text)
{
	return vp_vendor(W_SRC, text);
}

/* How long it may be; @before and @after make a line of it, if it is in one. */
static const struct {
	const char *name;
	int (*put)(const char *text);
	unsigned int most;
	const char *before;
	const char *after;
} vp_lengths[] = {
	{ "field name", put_name, 31, HEAD ";f.", "=x;end" },
	{ "value", put_value, 64, HEAD ";f.a=", ";end" },
	{ "value in a list", put_values, 64, HEAD ";f.a=", ";end" },
	{ "resource name", put_resource_name, 31, HEAD ";r.", "=;end" },
	{ "resource value", put_resource_value, 1023, HEAD ";r.a=", ";end" },
	{ "driver", put_driver, 64, "", "-v1;api=vfio-pci;type=t-1;sw=1.0.0;end" },
	{ "api", put_api, 64, "drv-v1;api=", ";type=t-1;sw=1.0.0;end" },
	{ "type", put_own_type, 64, "drv-v1;api=vfio-pci;type=",
	  ";sw=1.0.0;end" },
	{ "other type", put_other_type, 64, NULL, NULL },
	{ "vendor text", put_vendor, 255, HEAD ";vendor=", ";end" },
};

static int run_lengths(const struct vp_case *c)
{
	unsigned int n, extra;

	for (n = 0; n < ARRAY_SIZE(vp_lengths); n++) {
		for (extra = 0; extra < 3; extra++) {
			const char *before = vp_lengths[n].before;
			int ret, want = extra ? -EINVAL : 0;
			size_t at;

			vp_put_run(W_IN, 0, 'a',
				   vp_lengths[n].most + (extra == 2 ? 4000 : extra));
			begin(W_SRC);
			ret = vp_lengths[n].put(W_IN);
			if (!ret)
				ret = vp_seal(W_SRC, true);
			if (vp_same_int(vp_lengths[n].name, ret, want))
				return 1;
			if (!before || extra == 2)
				continue;
			at = vp_put(W_IN, 0, before);
			at = vp_put_run(W_IN, at, 'a', vp_lengths[n].most + extra);
			at = vp_put(W_IN, at, vp_lengths[n].after);
			if (extra ? vp_no_line(W_IN, at) : vp_is_line(W_IN, at))
				return 1;
			if (extra)
				continue;
			if (vp_format(W_SRC, W_OUT, VP_TEXT_SIZE) != (int)at ||
			    memcmp(W_IN, W_OUT, at))
				return vp_fail("%s: line is %s",
					       vp_lengths[n].name, W_OUT);
		}
	}
	return 0;
}

/* The longest values count as bytes, not as escapes. */
static int run_escaped_lengths(const struct vp_case *c)
{
	unsigned int i, n;
	size_t at;

	for (n = 1022; n <= 1025; n++) {
		at = vp_put(W_IN, 0, HEAD ";r.a=");
		for (i = 0; i < n; i++)
			at = vp_put(W_IN, at, "%FF");
		at = vp_put(W_IN, at, ";end");
		if (n > 1023 ? vp_no_line(W_IN, at) : vp_is_line(W_IN, at))
			return 1;
	}
	for (n = 254; n <= 257; n++) {
		at = vp_put(W_IN, 0, HEAD ";vendor=");
		for (i = 0; i < n; i++)
			at = vp_put(W_IN, at, "%0A");
		at = vp_put(W_IN, at, ";end");
		if (n > 255 ? vp_no_line(W_IN, at) : vp_is_line(W_IN, at))
			return 1;
	}
	return 0;
}

/* ---- limits of the line ---- */

/* Parts "<before><number><after>", @nr of them, then ";end". */
static size_t put_parts(const char *before, const char *after, unsigned int nr)
{
	size_t at = vp_put(W_IN, 0, HEAD);
	char number[8];
	unsigned int i;

	for (i = 0; i < nr; i++) {
		at = vp_put(W_IN, at, before);
		at = vp_put(W_IN, at, numbered(number, 'n', i));
		at = vp_put(W_IN, at, after);
	}
	return vp_put(W_IN, at, ";end");
}

static int run_line_counts(const struct vp_case *c)
{
	size_t at;
	unsigned int i, nr;
	char number[8];

	if (vp_is_line(W_IN, put_parts(";f.", "=x", 16)) ||
	    vp_no_line(W_IN, put_parts(";f.", "=x", 17)) ||
	    vp_no_line(W_IN, put_parts(";f.", "=x", 200)) ||
	    vp_is_line(W_IN, put_parts(";r.", "=", 16)) ||
	    vp_no_line(W_IN, put_parts(";r.", "=", 17)) ||
	    vp_is_line(W_IN, put_parts(";r.", "", 16)) ||
	    vp_no_line(W_IN, put_parts(";r.", "", 17)) ||
	    vp_no_line(W_IN, put_parts(";r.", "", 300)))
		return 1;
	for (nr = 767; nr <= 770; nr++) {
		at = vp_put(W_IN, 0, HEAD ";f.a=");
		for (i = 0; i < nr; i++) {
			at = vp_put(W_IN, at, i ? "," : "");
			at = vp_put(W_IN, at, numbered(number, 'n', i) + 3);
		}
		at = vp_put(W_IN, at, ";end");
		if (nr > 768 ? vp_no_line(W_IN, at) : vp_is_line(W_IN, at))
			return 1;
	}
	return 0;
}

/* A line of exactly @len characters. */
static size_t put_line(size_t len)
{
	size_t at = vp_put(W_IN, 0, HEAD);
	char part[] = ";r.a=";

	for (; len - at > 1000; part[3]++) {
		at = vp_put(W_IN, at, part);
		at = vp_put_run(W_IN, at, 'x', 900);
	}
	at = vp_put(W_IN, at, ";r.z=");
	at = vp_put_run(W_IN, at, 'x', len - at - 4);
	return vp_put(W_IN, at, ";end");
}

static int run_line_length(const struct vp_case *c)
{
	size_t len;

	for (len = 4085; len <= 4105; len++) {
		if (vp_same_int("length of the test's own", put_line(len), len))
			return 1;
		if (len > 4094 ? vp_no_line(W_IN, len) : vp_is_line(W_IN, len))
			return 1;
		W_IN[len] = '\n';
		if (len > 4094 ? vp_no_line(W_IN, len + 1) :
				 vp_is_line(W_IN, len + 1))
			return 1;
	}
	/* 4095 bytes are the most: a line and its newline */
	put_line(4094);
	W_IN[4094] = '\n';
	W_IN[4095] = '\n';
	if (vp_no_line(W_IN, 4096))
		return 1;
	vp_put_run(W_IN, put_line(4094), 'x', 906);
	return vp_no_line(W_IN, 5000);
}

/* What describe() gives is refused when its line would be too long. */
static int run_seal_length(const struct vp_case *c)
{
	char name[] = "a";
	unsigned int extra, i;
	int used;

	for (extra = 0; extra < 2; extra++) {
		begin(W_SRC);
		vp_put_run(W_IN, 0, ' ', 300);
		for (i = 0; i < 4; i++, name[0]++)
			vp_resource(W_SRC, name, W_IN);
		used = vp_format(W_SRC, W_OUT, VP_TEXT_SIZE);
		vp_put_run(W_IN, 0, 'x', 4094 - used - 5 + extra);
		vp_resource(W_SRC, name, W_IN);
		if (vp_same_int("as a source", vp_seal_line(W_SRC, true),
				extra ? -E2BIG : 0) ||
		    vp_same_int("errno", vp_seal(W_SRC, true),
				extra ? -E2BIG : 0))
			return 1;
		used = vp_format(W_SRC, W_OUT, VP_TEXT_SIZE);
		if (vp_same_int("length", used, extra ? -E2BIG : 4094))
			return 1;
	}
	return vp_explained(W_SRC,
			    "migration_version: does not fit in 4094 characters");
}

/* 64 types of 64 characters fit a profile, but not an attribute. */
static int run_seal_types(const struct vp_case *c)
{
	unsigned int i, nr;
	char number[8];

	for (nr = 62; nr <= 63; nr++) {
		vp_init(W_SRC);
		vp_put(W_IN, vp_put_run(W_IN, 0, 't', 58), "v12345");
		vp_identify(W_SRC, "drv", "vfio-pci", W_IN);
		vp_version(W_SRC, "1.0.0");
		for (i = 0; i < nr; i++) {
			vp_put(W_IN, 58, numbered(number, 'v', i));
			vp_accept_type(W_SRC, W_IN);
		}
		if (vp_same_int("errno", vp_seal(W_SRC, false),
				nr > 62 ? -E2BIG : 0))
			return 1;
		if (nr == 62 && vp_attr_text(W_SRC, 3, W_OUT, VP_TEXT_SIZE) != 4094)
			return vp_fail("compatible_type is not of 4094");
	}
	return vp_explained(W_SRC,
			    "compatible_type: does not fit in 4094 characters");
}

/* 64 types with its own; a 65th is its own. */
static int run_seal_own_type(const struct vp_case *c)
{
	unsigned int i, nr;

	for (nr = 63; nr <= 64; nr++) {
		begin(W_SRC);
		for (i = 0; i < nr; i++)
			add_type(i);
		if (vp_same_int("errno", vp_seal(W_SRC, false),
				nr > 63 ? -E2BIG : 0))
			return 1;
	}
	return vp_explained(W_SRC,
			    "compatible_type: 't-1' is one more than a profile holds");
}

/* What vp_seal() adds needs room as well: series, own series, own type. */
static int run_seal_room(const struct vp_case *c)
{
	static const struct {
		unsigned int values;
		const char *version;
		int err;
		const char *words;
	} tries[] = {
		{ 765, "1.0.0", 0, ": is valid" },
		{ 766, "1.0.0", -E2BIG,
		  "compatible_type: 't-1' is one more than a profile holds" },
		{ 767, "1.0.0", -E2BIG,
		  "emitted_software_version: is one more than a profile holds" },
		{ 768, "1.0.0", -E2BIG,
		  "compatible_software_version: is one more than a profile holds" },
		{ 702, "1.63.0", 0, ": is valid" },
		{ 703, "1.63.0", -E2BIG,
		  "compatible_type: 't-1' is one more than a profile holds" },
		{ 704, "1.63.0", -E2BIG,
		  "emitted_software_version: is one more than a profile holds" },
		{ 705, "1.63.0", -E2BIG,
		  "compatible_software_version: is one more than a profile holds" },
		{ 768, "1.63.0", -E2BIG,
		  "compatible_software_version: is one more than a profile holds" },
	};
	unsigned int n, i;

	for (n = 0; n < ARRAY_SIZE(tries); n++) {
		vp_init(W_SRC);
		vp_identify(W_SRC, "drv", "vfio-pci", "t-1");
		vp_version(W_SRC, tries[n].version);
		for (i = 0; i < tries[n].values; i++)
			add_member(i);
		if (vp_same_int("errno", vp_seal(W_SRC, false), tries[n].err) ||
		    vp_explained(W_SRC, tries[n].words))
			return 1;
	}
	return 0;
}

/* @nr values of 64 characters, or as many as there is room for. */
static unsigned int fill_pool(unsigned int nr)
{
	char number[8];
	unsigned int i;

	begin(W_SRC);
	for (i = 0; i < nr; i++) {
		vp_put_run(W_IN, vp_put(W_IN, 0, numbered(number, 'v', i)), 'x',
			   58);
		if (vp_add(W_SRC, "a", W_IN))
			break;
	}
	return i;
}

/* Strings until there is no room: refused, and what was there is whole. */
static int run_pool(const struct vp_case *c)
{
	unsigned int n, room, kept = fill_pool(VP_MEMBERS_MAX);

	if (vp_same_int("a full pool", vp_error(W_SRC), -E2BIG) ||
	    vp_same_int("enough room", kept > 150 && kept < 250, 1))
		return 1;
	fill_pool(kept);
	room = VP_POOL_SIZE - W_SRC->pool_used;
	for (n = 0; n < 4; n++) {
		fill_pool(kept);
		vp_put_run(W_IN, 0, 'w', room - 1);
		if (vp_same_int("room left", room > 1 && room < 65, 1) ||
		    vp_same_int("the last", vp_add(W_SRC, "a", W_IN), 0) ||
		    vp_same_int("used", W_SRC->pool_used, VP_POOL_SIZE) ||
		    vp_same_text("the last",
				 vp_member(W_SRC, VP_FIELDS, kept, W_OUT),
				 W_IN) ||
		    vp_same_int("no room",
				n == 0 ? vp_add(W_SRC, "a", "z") :
				n == 1 ? vp_add(W_SRC, "b", "z") :
				n == 2 ? vp_resource(W_SRC, "r", NULL) :
					 vp_vendor(W_SRC, ""),
				-E2BIG))
			return 1;
	}
	fill_pool(kept);
	vp_put_run(W_IN, 0, 'w', room);
	return vp_same_int("one too long", vp_add(W_SRC, "a", W_IN), -E2BIG) ||
	       vp_same_int("used then", W_SRC->pool_used, VP_POOL_SIZE - room);
}

/* ---- errors stick ---- */

static int run_sticky(const struct vp_case *c)
{
	static const char words[] =
		"compatible_a: 'x%2Cy' is too long, or has a character that is not allowed";
	int rets[16];
	unsigned int i = 0, n;

	begin(W_SRC);
	vp_add(W_SRC, "b", "x");
	rets[i++] = vp_add(W_SRC, "a", "x,y");
	rets[i++] = vp_version(W_SRC, "1.0.0");
	rets[i++] = vp_accept(W_SRC, "1.0");
	rets[i++] = vp_emit(W_SRC, "1.0");
	rets[i++] = vp_accept_type(W_SRC, "t-2");
	rets[i++] = vp_add(W_SRC, "c", "x");
	rets[i++] = vp_add(W_SRC, "b", "x");
	rets[i++] = vp_add_list(W_SRC, "c", "x,y");
	rets[i++] = vp_resource(W_SRC, "r", NULL);
	rets[i++] = vp_vendor(W_SRC, "x");
	rets[i++] = vp_identify(W_SRC, "a", "b", "c");
	rets[i++] = vp_load(W_SRC, "compatible_c", "x", 1);
	rets[i++] = vp_load(W_SRC, "software_version", "1.0.0", 5);
	rets[i++] = vp_seal_line(W_SRC, false);
	rets[i++] = vp_seal(W_SRC, true);
	rets[i++] = vp_error(W_SRC);
	for (n = 0; n < i; n++)
		if (rets[n] != -EINVAL)
			return vp_fail("call %u gave %d", n, rets[n]);
	if (vp_explained(W_SRC, words))
		return 1;
	vp_init(W_SRC);
	return vp_same_int("vp_error() afterwards", vp_error(W_SRC), 0);
}

/* ---- buffers of every size ---- */

/*
 * @len characters were to be written into @size bytes at W_OUT; @whole has
 * them all.  Nothing behind may have changed, and what is there is ended.
 */
static int check_cut(const char *whole, int len, size_t size)
{
	size_t i, full = strlen(whole);

	for (i = size; i < size + 64; i++)
		if ((unsigned char)W_OUT[i] != 0xa5)
			return vp_fail("size %zu: wrote at %zu", size, i);
	if (size && strnlen(W_OUT, size) != (full < size ? full : size - 1))
		return vp_fail("size %zu: not ended", size);
	if (len >= 0 && (size_t)len != full)
		return vp_fail("size %zu: length %d", size, len);
	if (full < size)
		return vp_same_text("text", W_OUT, whole);
	if (size > 3 && memcmp(W_OUT, whole, size - 3))
		return vp_fail("size %zu: %s", size, W_OUT);
	return size > 2 && strcmp(W_OUT + size - 3, "..") ?
		       vp_fail("size %zu: no .. in %s", size, W_OUT) :
		       0;
}

/* The five writers, by number; @i is the part that they write. */
static int write_part(unsigned int writer, unsigned int i, char *buf,
		      size_t size)
{
	switch (writer) {
	case 0:
		return vp_explain(W_SRC, buf, size);
	case 1:
		return vp_reason(W_VERDICT, i, W_SRC, W_DST, W_INST, buf, size);
	case 2:
		return vp_label(W_DST, VP_PROVIDES, i, buf, size);
	case 3:
		return vp_attr_name(W_DST, i, buf, size);
	case 4:
		return vp_attr_text(W_DST, i, buf, size);
	default:
		return vp_format(W_DST, buf, size);
	}
}

/* Every part that a writer has, at every size. */
static int check_sizes(unsigned int writer, unsigned int parts, bool refuses)
{
	unsigned int i;
	size_t size, full;
	bool fits;
	int len;

	for (i = 0; i < parts; i++) {
		len = write_part(writer, i, W_IN, VP_TEXT_SIZE);
		full = strlen(W_IN);
		if (vp_same_int("length", len, full) ||
		    vp_same_int("length that is asked for",
				write_part(writer, i, NULL, 0), len))
			return 1;
		for (size = 1; size < full + 5; size++) {
			memset(W_OUT, 0xa5, full + 80);
			len = write_part(writer, i, W_OUT, size);
			fits = full < size;
			if (refuses && fits == (len == -E2BIG))
				return vp_fail("size %zu for %s: %d", size, W_IN,
					       len);
			if (check_cut(W_IN, len, size))
				return 1;
		}
	}
	return 0;
}

static int run_sizes(const struct vp_case *c)
{
	static const char dst[] =
		"version 1.1.0;accept-type t-2;list a x,y,z;add b u;resource r;resource s;vendor v";
	static const char src[] =
		"d-v1;api=x;type=t-3;sw=1.9.0;f.a=q,x;f.c=z;r.r=%FF;r.t=;end";
	static const char inst[] =
		"d-v1;api=x;type=t-1;sw=1.0.0;r.r=%FE%FD;r.s=;end";

	if (vp_build(W_DST, dst, false) || vp_parse(W_SRC, src, strlen(src)) ||
	    vp_parse(W_INST, inst, strlen(inst)))
		return vp_fail("the test's own are wrong");
	vp_compare(W_SRC, W_DST, W_INST, VP_FAIL, W_VERDICT);
	if (vp_same_int("rows", W_VERDICT->nr, 9) ||
	    check_sizes(1, 9, false) || check_sizes(2, 12, false) ||
	    check_sizes(3, vp_attr_count(W_DST), false) ||
	    check_sizes(4, vp_attr_count(W_DST), true) ||
	    check_sizes(5, 1, true))
		return 1;
	vp_add(W_SRC, "a", "x\x01y,");
	return check_sizes(0, 1, false);
}

#define LONG_WORDS \
	"compatible_abcdefghijklmnopqrstuvwxyz01234: '%FF%FF%FF%FF%FF%FF%FF%FF%FF%FF%FF%FF%FF%FF%FF..' is too long, or has a character that is not allowed"

/* What is refused is shown cut, where it is long. */
static int run_explain_long(const struct vp_case *c)
{
	int len;

	vp_init(W_SRC);
	vp_put_run(W_IN, 0, '\xff', 5000);
	vp_add(W_SRC, W_IN, "x");
	len = vp_explain(W_SRC, W_OUT, VP_TEXT_SIZE);
	if (len < 50 || len > 200 || len != (int)strlen(W_OUT))
		return vp_fail("name: length %d", len);
	vp_init(W_SRC);
	vp_add(W_SRC, "abcdefghijklmnopqrstuvwxyz01234", W_IN);
	return vp_explained(W_SRC, LONG_WORDS);
}

/* A verdict of as many rows as there can be. */
static int run_most_rows(const struct vp_case *c)
{
	size_t at = vp_put(W_IN, 0, "incompatible");
	char name[8];
	unsigned int i;

	begin(W_SRC);
	begin(W_DST);
	for (i = 0; i < 16; i++) {
		vp_add(W_SRC, numbered(name, 's', i), "x");
		at = vp_put(W_IN, at, " field.");
		at = vp_put(W_IN, at, name);
		vp_add(W_DST, numbered(name, 'd', i), "x");
		vp_resource(W_SRC, numbered(name, 'r', i), "");
		vp_resource(W_DST, name, NULL);
	}
	vp_vendor(W_DST, "");
	if (vp_seal(W_SRC, true) || vp_seal(W_DST, false))
		return vp_fail("the test's own are wrong");
	vp_compare(W_SRC, W_DST, W_SRC, VP_PASS, W_VERDICT);
	if (vp_same_int("rows", W_VERDICT->nr, 3 + 32 + 1 + 16 + 1) ||
	    vp_same_int("VP_ROWS_MAX", VP_ROWS_MAX, 3 + 32 + 1 + 16 + 1))
		return 1;
	for (i = 0; i < W_VERDICT->nr; i++)
		if (vp_reason(W_VERDICT, i, W_SRC, W_DST, W_SRC, W_OUT, 200) < 8)
			return vp_fail("row %u has no reason", i);
	return vp_same_text("verdict", vp_summary(W_VERDICT, W_SRC, W_DST),
			    W_IN);
}

#define LIMIT(title, function) { .name = "limits: " title, .run = (function) }

static const struct vp_case vp_limits_cases[] = {
	LIMIT("the numbers of the design", run_numbers),
	LIMIT("counts", run_counts),
	LIMIT("lengths", run_lengths),
	LIMIT("lengths of escaped values", run_escaped_lengths),
	LIMIT("counts in a line", run_line_counts),
	LIMIT("length of a line", run_line_length),
	LIMIT("length of a described line", run_seal_length),
	LIMIT("length of compatible_type", run_seal_types),
	LIMIT("64 types with its own", run_seal_own_type),
	LIMIT("room for what sealing adds", run_seal_room),
	LIMIT("room for strings", run_pool),
	LIMIT("rows of a verdict", run_most_rows),
	LIMIT("the first error sticks", run_sticky),
	LIMIT("buffers of every size", run_sizes),
	LIMIT("explanation of long input", run_explain_long),
};

const struct vp_table vp_limits_table = {
	vp_limits_cases,
	ARRAY_SIZE(vp_limits_cases),
};

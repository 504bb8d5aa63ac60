// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * Streams that are made to be refused, and some that are not.
 */
#include "hostile.h"

#define NR(array) (sizeof(array) / sizeof((array)[0]))

/* What a line says that the device does not take; see good_line(). */
enum spoilt {
	SPOILT_API,
	SPOILT_TYPE,
	SPOILT_SERIES,
	SPOILT_VALUE,
	SPOILT_FIELD,
	SPOILT_RESOURCE,
	SPOILT_CONTENT,
	SPOILT_NO_CONTENT,
	SPOILT_VENDOR,
	SPOILT_NR,
};

static bool has(unsigned int spoilt, enum spoilt what)
{
	return spoilt >> what & 1;
}

static const char *const kind_names[HOSTILE_KINDS] = {
	[HOSTILE_CUT] = "cut",
	[HOSTILE_FLIP] = "bits flipped",
	[HOSTILE_OTHER] = "other configuration",
	[HOSTILE_TEXT] = "line edited",
	[HOSTILE_LENGTH] = "length that lies",
	[HOSTILE_LIMIT] = "at a limit",
	[HOSTILE_JUNK] = "junk",
	[HOSTILE_SPLICE] = "two headers mixed",
	[HOSTILE_OLD] = "old header",
	[HOSTILE_NONE] = "good",
};

const char *hostile_name(enum hostile_kind kind)
{
	return kind_names[kind];
}

/* splitmix64: any seed is as good as another. */
static __u64 random64(struct hostile_stream *h)
{
	__u64 z = h->random += 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

__u32 hostile_random(struct hostile_stream *h, __u32 below)
{
	return (__u32)random64(h) % below;
}

/* Of any size. */
static __u32 any_number(struct hostile_stream *h)
{
	__u32 bits = hostile_random(h, 32);

	return (__u32)random64(h) >> bits;
}

size_t hostile_piece(struct hostile_stream *h, unsigned int how, size_t left)
{
	static const __u8 most[] = { 1, 3, 9, 17, 40, 200 };

	if (how == 0)
		return left;
	if (how == 1)
		return left ? 1 : 0;
	if (!hostile_random(h, 8))
		return 0;
	how = hostile_random(h, most[hostile_random(h, NR(most))]) + 1;
	return how < left ? how : left;
}

/* ---- writing ---- */

static void put_bytes(struct hostile_stream *h, const void *bytes, size_t len)
{
	if (len > HOSTILE_SIZE - h->len)
		len = HOSTILE_SIZE - h->len;
	memcpy(h->data + h->len, bytes, len);
	h->len += len;
}

static void put(struct hostile_stream *h, const char *text)
{
	put_bytes(h, text, strlen(text));
}

static void put_char(struct hostile_stream *h, char c)
{
	put_bytes(h, &c, 1);
}

static void put_run(struct hostile_stream *h, char c, size_t nr)
{
	while (nr--)
		put_char(h, c);
}

static void put_number(struct hostile_stream *h, __u32 n)
{
	__u32 unit = 1;

	while (n / unit > 9)
		unit *= 10;
	for (; unit; unit /= 10)
		put_char(h, '0' + n / unit % 10);
}

static void put_escaped(struct hostile_stream *h, const char *text)
{
	static const char digits[] = "0123456789ABCDEF";

	for (; *text; text++) {
		__u8 c = *text;

		if (hostile_is_plain(c)) {
			put_char(h, c);
			continue;
		}
		put_char(h, '%');
		put_char(h, digits[c >> 4]);
		put_char(h, digits[c & 15]);
	}
}

static void put_junk(struct hostile_stream *h, size_t nr)
{
	while (nr--)
		put_char(h, (char)hostile_random(h, 256));
}

static void set_le32(__u8 *p, __u32 n)
{
	p[0] = n;
	p[1] = n >> 8;
	p[2] = n >> 16;
	p[3] = n >> 24;
}

static void begin(struct hostile_stream *h)
{
	h->len = 0;
	put(h, "VFIOprof");
	put_bytes(h, "\1\0\0\0\0\0\0\0", 8);
}

/* The length of the line that has been put. */
static void fix_length(struct hostile_stream *h)
{
	if (h->len >= HOSTILE_FIXED)
		set_le32(h->data + 12, h->len - HOSTILE_FIXED);
}

static const char *any(struct hostile_stream *h, const char *const *list)
{
	unsigned int nr = 0;

	while (list[nr])
		nr++;
	return list[hostile_random(h, nr)];
}

/* ---- lines ---- */

static void put_head(struct hostile_stream *h, const struct hostile_device *dev,
		     unsigned int spoilt)
{
	static const char *const drivers[] = { "x", "mtty", "A.b-c_9", "-v1",
					       NULL };
	static const char *const apis[] = { "vfio-ccw", "vfio-ap", "VFIO-PCI",
					    "vfio-pc", "vfio-pci2", NULL };
	static const char *const series[] = { "0.0", "2.64", "9.0", "1.65535",
					      "65535.65535", NULL };

	put(h, any(h, drivers));
	put(h, "-v1;api=");
	put(h, has(spoilt, SPOILT_API) ? any(h, apis) : dev->api);
	put(h, ";type=");
	put(h, any(h, dev->types));
	if (has(spoilt, SPOILT_TYPE))
		put(h, "~");
	put(h, ";sw=");
	put(h, any(h, has(spoilt, SPOILT_SERIES) ? series : dev->series));
	put_char(h, '.');
	put_number(h, hostile_random(h, hostile_random(h, 2) ? 65536 : 3));
}

static void put_fields(struct hostile_stream *h,
		       const struct hostile_device *dev, unsigned int spoilt)
{
	unsigned int f, v, nr;

	if (has(spoilt, SPOILT_FIELD))
		put(h, ";f.a=!");
	for (f = 0; dev->fields[f].name; f++) {
		if (!hostile_random(h, 4))
			continue;
		put(h, ";f.");
		put(h, dev->fields[f].name);
		put_char(h, '=');
		for (v = 0, nr = 0; dev->fields[f].values[v]; v++) {
			/* the last one at the latest */
			if (hostile_random(h, 2) &&
			    (nr || dev->fields[f].values[v + 1]))
				continue;
			put(h, nr++ ? "," : "");
			put(h, dev->fields[f].values[v]);
		}
		if (has(spoilt, SPOILT_VALUE))
			put(h, nr ? ",~" : "~");
	}
	if (has(spoilt, SPOILT_VALUE) && !hostile_random(h, 2))
		put(h, ";f.zz=1");
}

static void put_resources(struct hostile_stream *h,
			  const struct hostile_device *dev, unsigned int spoilt)
{
	bool valued = !(has(spoilt, SPOILT_NO_CONTENT));
	unsigned int r;

	if (has(spoilt, SPOILT_RESOURCE))
		put(h, valued ? ";r.a=" : ";r.a");
	for (r = 0; dev->resources[r].name; r++) {
		if (!hostile_random(h, 4))
			continue;
		put(h, ";r.");
		put(h, dev->resources[r].name);
		put(h, valued ? "=" : "");
		if (valued)
			put_escaped(h, dev->resources[r].value);
		if (valued && has(spoilt, SPOILT_CONTENT))
			put(h, hostile_random(h, 2) ? "0" : "%0A");
	}
}

/* A header that is taken but for what is @spoilt. */
static void put_line(struct hostile_stream *h, const struct hostile_device *dev,
		     unsigned int spoilt)
{
	put_head(h, dev, spoilt);
	put_fields(h, dev, spoilt);
	put_resources(h, dev, spoilt);
	if (has(spoilt, SPOILT_VENDOR)) {
		put(h, ";vendor=");
		put_run(h, 'v', hostile_random(h, 3));
	}
	put(h, ";end");
}

static void good_header(struct hostile_stream *h,
			const struct hostile_device *dev)
{
	begin(h);
	put_line(h, dev, 0);
	fix_length(h);
}

/* ---- what is wrong ---- */

static void flip(struct hostile_stream *h, __u32 nr)
{
	unsigned int more = hostile_random(h, 4) ? 0 : hostile_random(h, 4);

	nr %= 8 * h->len;
	h->data[nr / 8] ^= 1 << nr % 8;
	while (more--) {
		nr = hostile_random(h, 8 * h->len);
		h->data[nr / 8] ^= 1 << nr % 8;
	}
}

static void other(struct hostile_stream *h, const struct hostile_device *dev)
{
	unsigned int spoilt = 1U << hostile_random(h, SPOILT_NR);

	while (!hostile_random(h, 2))
		spoilt |= 1U << hostile_random(h, SPOILT_NR);
	begin(h);
	put_line(h, dev, spoilt);
	fix_length(h);
}

/* Puts @text in the place of @cut bytes at @at. */
static void replace(struct hostile_stream *h, size_t at, size_t cut,
		    const void *text, size_t len)
{
	size_t left;

	if (at > h->len)
		at = h->len;
	if (cut > h->len - at)
		cut = h->len - at;
	left = h->len - at - cut;
	if (len > HOSTILE_SIZE - at - left)
		return;
	memmove(h->data + at + len, h->data + at + cut, left);
	memmove(h->data + at, text, len);
	h->len = at + len + left;
}

static void edit(struct hostile_stream *h)
{
	static const char *const words[] = {
		";", "=", ",", "%", "\n", " ", "\x7f", "\x80", "\xff", "A", "0",
		".", "f.", "r.", "end", ";end", "end;", "-v1", "%41", "%2c",
		"%2C", "%", "%0", "%00", "%FF", "f.type=x;", "f.a=;", "f.a=b;",
		"f.zz=1;", "f.zz=1,1;", "r.name;", "r.a=;", "r.zz;", "r.zz=1;",
		"r.migration_version=;", "vendor=;", "vendor=%3B;", "01", "65536",
		";;", NULL,
	};
	size_t at = HOSTILE_FIXED, line = h->len - HOSTILE_FIXED;
	unsigned int tries;
	const char *text;
	__u8 c;

	if (!line)
		return;
	at += hostile_random(h, line);
	/* mostly where a part begins */
	for (tries = 0; tries < 20 && h->data[at - 1] != ';'; tries++)
		at = HOSTILE_FIXED + hostile_random(h, line);
	c = hostile_random(h, 256);
	switch (hostile_random(h, 6)) {
	case 0:
		replace(h, at, hostile_random(h, 12) + 1, "", 0);
		break;
	case 1:
		replace(h, at, hostile_random(h, 2), &c, 1);
		break;
	case 2: /* what is there, once more */
		replace(h, at, 0, h->data + at, h->len - at);
		break;
	case 3:
		h->data[at] ^= 'a' ^ 'A';
		break;
	default:
		text = any(h, words);
		replace(h, at, hostile_random(h, 4) ? 0 : 1, text,
			strlen(text));
	}
}

static void edits(struct hostile_stream *h, const struct hostile_device *dev)
{
	static const char *const ends[] = { "\n", "\r\n", "\n\n", " ", ";", "\x7f",
					    "end", ";end", ";end\n", NULL };

	good_header(h, dev);
	if (!hostile_random(h, 8))
		put(h, any(h, ends));
	else
		edit(h);
	while (!hostile_random(h, 2))
		edit(h);
	if (hostile_random(h, 8))
		fix_length(h);
}

static void wrong_length(struct hostile_stream *h)
{
	static const __u32 lengths[] = { 0, 1, 15, 16, HOSTILE_LINE,
					 HOSTILE_LINE + 1, HOSTILE_LINE + 16,
					 65536, 0x7fffffff, 0x80000000,
					 0xfffffff0, 0xffffffff };
	__u32 length = h->len - HOSTILE_FIXED;

	switch (hostile_random(h, 4)) {
	case 0:
		length = lengths[hostile_random(h, NR(lengths))];
		break;
	case 1:
		length += hostile_random(h, 64) + 1;
		break;
	case 2:
		length -= hostile_random(h, length) + 1;
		break;
	default:
		length = any_number(h);
	}
	set_le32(h->data + 12, length);
}

/* "aa", "ab", ..: two characters, in order. */
static void put_values(struct hostile_stream *h, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		put(h, i ? "," : "");
		put_char(h, 'A' + i / 50);
		put_char(h, 'A' + i % 50);
	}
}

static void put_many(struct hostile_stream *h, const char *what, char first,
		     unsigned int nr, const char *rest)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		put(h, what);
		put_char(h, first);
		put_char(h, 'a' + i);
		put(h, rest);
	}
}

/* The longest line, of parts that are not too long. */
static void put_longest(struct hostile_stream *h, unsigned int off)
{
	size_t most = HOSTILE_FIXED + HOSTILE_LINE - 1 - strlen(";end");
	unsigned int i;

	for (i = 0; i < 3; i++) {
		put_many(h, ";r.", 'a' + i, 1, "=");
		put_run(h, 'r', 1015);
	}
	put(h, ";r.z=");
	put_run(h, 'r', most + off - h->len);
}

/* One part of the line is at its limit, or one beyond, or one below. */
static void limit(struct hostile_stream *h, const struct hostile_device *dev)
{
	unsigned int what = hostile_random(h, 12);
	unsigned int off = hostile_random(h, 3);

	begin(h);
	put_run(h, 'd', what == 0 ? 63 + off : 1);
	put(h, "-v1;api=");
	put(h, what == 1 ? "" : dev->api);
	put_run(h, 'a', what == 1 ? 63 + off : 0);
	put(h, ";type=");
	put(h, what == 2 ? "" : dev->types[0]);
	put_run(h, 't', what == 2 ? 63 + off : 0);
	put(h, ";sw=");
	put(h, dev->series[0]);
	put_char(h, '.');
	put_number(h, what == 3 ? 65534 + off : 0);
	if (what == 4) {
		put(h, ";f.");
		put_run(h, 'n', 30 + off);
		put(h, "=v");
	} else if (what == 5) {
		put(h, ";f.v=");
		put_run(h, 'v', 63 + off);
	} else if (what == 6) {
		put_many(h, ";f.", 'a', 15 + off, "=v");
	} else if (what == 7) {
		put(h, ";f.v=");
		put_values(h, 767 + off);
	} else if (what == 8) {
		put_many(h, ";r.", 'a', 15 + off, "=");
	} else if (what == 9) {
		put(h, ";r.v=");
		put_run(h, 'v', 1022 + off);
	} else if (what == 10) {
		put(h, ";vendor=");
		put_run(h, 'v', 254 + off);
	} else if (what == 11) {
		put_longest(h, off);
	}
	put(h, ";end");
	fix_length(h);
}

static void junk(struct hostile_stream *h, const struct hostile_device *dev)
{
	unsigned int known = hostile_random(h, 4);

	h->len = 0;
	if (known == 1 && dev->old)
		put_bytes(h, dev->old->good, 8);
	else if (known)
		put(h, "VFIOprof");
	if (known > 1)
		put_bytes(h, "\1\0\0\0", 4);
	if (known > 2) {
		put_char(h, (char)hostile_random(h, 256));
		put_char(h, (char)hostile_random(h, 16));
		put_bytes(h, "\0\0", 2);
	}
	put_junk(h, hostile_random(h, hostile_random(h, 8) ? 64 : 5000) + 1);
}

/* Of one header its beginning, and of another one its end. */
static void splice(struct hostile_stream *h, const struct hostile_device *dev)
{
	size_t first, from;

	if (dev->old && !hostile_random(h, 4)) {
		h->len = 0;
		put_bytes(h, dev->old->good,
			  hostile_random(h, dev->old->size + 1));
	} else {
		good_header(h, dev);
		h->len = hostile_random(h, h->len + 1);
	}
	first = h->len;
	put(h, "VFIOprof");
	put_bytes(h, "\1\0\0\0\0\0\0\0", 8);
	put_line(h, dev, 0);
	set_le32(h->data + first + 12, h->len - first - HOSTILE_FIXED);
	if (!hostile_random(h, 2))
		return;
	from = first + hostile_random(h, h->len - first);
	replace(h, first, from - first, "", 0);
}

static void old_header(struct hostile_stream *h,
		       const struct hostile_device *dev, __u32 nr)
{
	const struct hostile_old *old = dev->old;
	size_t at;

	if (!old) {
		edits(h, dev);
		return;
	}
	h->len = 0;
	put_bytes(h, old->good, old->size);
	at = 8 + hostile_random(h, old->size / 4 - 2) * 4;
	switch (hostile_random(h, 4)) {
	case 0:
		flip(h, nr);
		break;
	case 1:
		set_le32(h->data + at, any_number(h));
		break;
	case 2:
		h->data[at] = hostile_random(h, 4);
		break;
	default:
		h->len = nr % old->size;
	}
}

/* ---- all of it ---- */

static void make_header(struct hostile_stream *h,
			const struct hostile_device *dev,
			enum hostile_kind kind, __u32 nr)
{
	switch (kind) {
	case HOSTILE_OTHER:
		other(h, dev);
		break;
	case HOSTILE_TEXT:
		edits(h, dev);
		break;
	case HOSTILE_LIMIT:
		limit(h, dev);
		break;
	case HOSTILE_JUNK:
		junk(h, dev);
		break;
	case HOSTILE_SPLICE:
		splice(h, dev);
		break;
	case HOSTILE_OLD:
		old_header(h, dev, nr);
		break;
	default:
		good_header(h, dev);
		if (kind == HOSTILE_CUT)
			h->len = nr % h->len;
		else if (kind == HOSTILE_FLIP)
			flip(h, nr);
		else if (kind == HOSTILE_LENGTH)
			wrong_length(h);
	}
}

void hostile_make(struct hostile_stream *h, const struct hostile_device *dev,
		  enum hostile_kind kind, __u32 nr, __u32 seed,
		  const void *data, size_t len)
{
	h->random = (__u64)seed << 32 | nr;
	h->random ^= (__u64)kind << 56;
	make_header(h, dev, kind, nr);
	if (kind == HOSTILE_CUT ||
	    (kind == HOSTILE_OLD && dev->old && h->len < dev->old->size))
		return;
	put_bytes(h, data, len);
}

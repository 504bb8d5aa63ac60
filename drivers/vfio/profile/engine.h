/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/*
 * What the files of the engine share: bounded input, bounded output, and the
 * checked ways into a profile.
 *
 * engine_profile.c builds a profile, engine_line.c writes and reads it,
 * engine.c compares two.  The kernel module, the userspace library and the
 * tests compile these three files and no others.  No function in them sleeps,
 * locks, allocates or recurses; callers serialise access to a profile while
 * they change it.  Errors are negative errno values.
 */
#ifndef _VFIO_PROFILE_ENGINE_H
#define _VFIO_PROFILE_ENGINE_H

#include <linux/vfio_profile_engine.h>
#ifdef __KERNEL__
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/string.h>
#else
#include <assert.h>
#include <errno.h>
#include <string.h>
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define engine_export(symbol) static_assert(1, #symbol)
#define EXPORT_SYMBOL_GPL engine_export
#endif
#include <asm/byteorder.h>

/* Attributes that every node has, in the order of vp_attr_name(). */
enum vp_attr {
	ATTR_VERSION,
	ATTR_ACCEPTS,
	ATTR_EMITS,
	ATTR_TYPES,
	ATTR_RESOURCES,
	ATTR_LINE,
	ATTR_FIELDS,
};

extern const char *const vp_fixed_attrs[ATTR_FIELDS];

struct vp_span {
	const char *s;
	size_t len;
};

static inline struct vp_span span_of(const char *s)
{
	return (struct vp_span){ s, strlen(s) };
}

/* Bytewise; @b may hold NUL, which is then more than the end of @a. */
static inline int span_cmp(const char *a, struct vp_span b)
{
	size_t i;

	for (i = 0; i < b.len; i++) {
		unsigned char x = a[i], y = b.s[i];

		if (!x)
			return -1;
		if (x != y)
			return x < y ? -1 : 1;
	}
	return a[i] ? 1 : 0;
}

static inline bool span_is(struct vp_span a, const char *b)
{
	return !span_cmp(b, a);
}

/* Eight bytes, the first one lowest. */
static inline __u64 load8(const char *s)
{
	__le64 x;

	memcpy(&x, s, sizeof(x));
	return __le64_to_cpu(x);
}

/* Bytewise order of two strings, each in a pool. */
static inline int str_order(const char *a, const char *b)
{
	const __u64 ones = 0x0101010101010101ULL;

	for (;; a += 8, b += 8) {
		__u64 x = load8(a), y = load8(b);
		/* the lowest bit set is in the byte of the first NUL */
		__u64 end = (x - ones) & ~x & (ones << 7);

		if ((x ^ y) & (end ^ (end - 1)))
			break;
		if (end)
			return 0;
	}
	while (*a == *b) {
		a++;
		b++;
	}
	return (unsigned char)*a - (unsigned char)*b;
}

/* Cut @prefix off the front of @a; false if it is not there. */
static inline bool span_cut(struct vp_span *a, const char *prefix)
{
	size_t len = strlen(prefix);

	if (a->len < len || memcmp(a->s, prefix, len))
		return false;
	a->s += len;
	a->len -= len;
	return true;
}

/* Cut what comes before the first @stop off the front of @a, and @stop. */
static inline struct vp_span span_until(struct vp_span *a, char stop)
{
	struct vp_span head = { a->s, 0 };

	while (head.len < a->len && head.s[head.len] != stop)
		head.len++;
	a->s += head.len;
	a->len -= head.len;
	if (a->len) {
		a->s++;
		a->len--;
	}
	return head;
}

struct vp_out {
	char *buf;
	size_t size;
	size_t len;
};

static inline void out_char(struct vp_out *o, char c)
{
	if (o->len + 1 < o->size)
		o->buf[o->len] = c;
	o->len++;
}

static inline void out_str(struct vp_out *o, const char *s)
{
	while (*s)
		out_char(o, *s++);
}

static inline void out_num(struct vp_out *o, __u16 n)
{
	__u16 unit = 10000;

	while (unit > 1 && n < unit)
		unit /= 10;
	for (; unit; unit /= 10)
		out_char(o, '0' + n / unit % 10);
}

static inline void out_series(struct vp_out *o, __u32 series)
{
	out_num(o, series >> 16);
	out_char(o, '.');
	out_num(o, series & 0xffff);
}

/* Where a character may stand; NUL nowhere. */
enum vp_char {
	CHAR_PLAIN = 1, /* for itself in a line, and in values */
	CHAR_DRIVER = 2,
	CHAR_NAME = 4,
	CHAR_FIRST = 8, /* of a name */
};

extern const __u8 vp_chars[256];

static inline bool is_char(char c, enum vp_char where)
{
	return vp_chars[(unsigned char)c] & where;
}

static inline bool is_plain(char c)
{
	return is_char(c, CHAR_PLAIN);
}

static inline char hex_digit(unsigned int n)
{
	return "0123456789ABCDEF"[n & 15];
}

static inline void out_escaped(struct vp_out *o, struct vp_span v)
{
	size_t i;

	for (i = 0; i < v.len; i++) {
		if (is_plain(v.s[i])) {
			out_char(o, v.s[i]);
		} else {
			out_char(o, '%');
			out_char(o, hex_digit((unsigned char)v.s[i] >> 4));
			out_char(o, hex_digit((unsigned char)v.s[i]));
		}
	}
}

/* End the string; what did not fit shows as "..". */
static inline int out_end(struct vp_out *o)
{
	size_t i;

	if (!o->size)
		return o->len;
	if (o->len < o->size) {
		o->buf[o->len] = '\0';
		return o->len;
	}
	o->buf[o->size - 1] = '\0';
	for (i = 2; i <= 3 && i <= o->size; i++)
		o->buf[o->size - i] = '.';
	return o->len;
}

/* The same for text that is refused rather than cut. */
static inline int out_whole(struct vp_out *o)
{
	int len = out_end(o);

	if (len > VP_LINE_MAX || (o->size && o->len >= o->size))
		return -E2BIG;
	return len;
}

static inline unsigned int vp_sets(const struct vp_profile *p)
{
	return VP_FIELDS + p->nr_fields;
}

/* What the line shares with the checked ways in. */
int vp_put_version(struct vp_profile *p, struct vp_span v);
bool vp_is_reserved(struct vp_span name, bool resource);
unsigned int vp_member_find(const struct vp_profile *p, unsigned int set,
			    struct vp_span v, __u32 series, bool *found);

/* Parts of a rendered profile. */
void vp_out_set(struct vp_out *o, const struct vp_profile *p, unsigned int set);
void vp_out_version(struct vp_out *o, const struct vp_profile *p);

#endif /* _VFIO_PROFILE_ENGINE_H */

// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * The profile as text: the line of a source, and the attributes of a node.
 */
#include "engine.h"

/* ---- the line ---- */

void vp_out_set(struct vp_out *o, const struct vp_profile *p, unsigned int set)
{
	unsigned int i;

	for (i = 0; i < p->set[set].count; i++) {
		__u32 member = p->member[p->set[set].first + i];

		if (i)
			out_char(o, ',');
		if (set < VP_TYPES)
			out_series(o, member);
		else
			out_str(o, vp_str(p, member));
	}
}

void vp_out_version(struct vp_out *o, const struct vp_profile *p)
{
	out_series(o, vp_own_series(p));
	out_char(o, '.');
	out_num(o, p->version[2]);
}

static void out_line(struct vp_out *o, const struct vp_profile *p)
{
	unsigned int i;

	out_str(o, vp_str(p, p->driver));
	out_str(o, "-v1;api=");
	out_str(o, vp_str(p, p->api));
	out_str(o, ";type=");
	out_str(o, vp_str(p, p->type));
	out_str(o, ";sw=");
	vp_out_version(o, p);
	for (i = VP_FIELDS; i < vp_sets(p); i++) {
		out_str(o, ";f.");
		out_str(o, vp_str(p, p->set[i].name));
		out_char(o, '=');
		vp_out_set(o, p, i);
	}
	for (i = 0; i < p->nr_resources; i++) {
		out_str(o, ";r.");
		out_str(o, vp_str(p, p->resource[i].name));
		if (!p->resource[i].value)
			continue;
		out_char(o, '=');
		out_escaped(o, span_of(vp_str(p, p->resource[i].value)));
	}
	if (p->vendor) {
		out_str(o, ";vendor=");
		out_escaped(o, span_of(vp_str(p, p->vendor)));
	}
	out_str(o, ";end");
}

/**
 * vp_format - write the line of a source
 * @p: a profile that vp_seal() or vp_parse() has accepted
 * @buf: receives the line and NUL, without a newline; NULL if @size is 0
 * @size: size of @buf, or 0 to ask for the length
 *
 * Return: its length, or -E2BIG if it is longer than a line may be or does not
 * fit @buf.
 */
int vp_format(const struct vp_profile *p, char *buf, size_t size)
{
	struct vp_out o = { buf, size, 0 };

	out_line(&o, p);
	return out_whole(&o);
}
EXPORT_SYMBOL_GPL(vp_format);

/*
 * The line is taken apart where it has been copied to, in the pool: each word
 * stays, and the mark behind it becomes its NUL.  NULs follow the line, so that
 * no word and no key goes beyond it.
 */
static_assert(1 + VP_LINE_MAX + 1 <= VP_POOL_SIZE, "a line fits");

/* Go past @key, shorter than VP_POOL_NULS, if it comes next. */
static __always_inline bool skip(char **at, const char *key)
{
	size_t len = strlen(key);

	if (memcmp(*at, key, len))
		return false;
	*at += len;
	return true;
}

/* Length of the word that comes next, or 0 if it is longer than @most. */
static inline size_t word(const char *s, enum vp_char chars, size_t most)
{
	const char *end = s;
	size_t n;

	while (is_char(*end, chars))
		end++;
	n = end - s;
	return n <= most ? n : 0;
}

/* The same of a name; 0 if it is none. */
static size_t name_word(const char *s, bool resource)
{
	size_t n = word(s, CHAR_NAME, VP_NAME_MAX);
	struct vp_span name = { s, n };

	if (!is_char(s[0], CHAR_FIRST) || !n || vp_is_reserved(name, resource))
		return 0;
	return n;
}

/* "value;": its offset, or 0. */
static __u16 parse_value(struct vp_profile *p, char **at)
{
	char *s = *at;
	size_t n = word(s, CHAR_PLAIN, VP_VALUE_MAX);

	if (!n || s[n] != ';')
		return 0;
	s[n] = '\0';
	*at += n + 1;
	return s - p->pool;
}

/* The four parts that every line begins with. */
static bool parse_head(struct vp_profile *p, char **at)
{
	size_t n = word(*at, CHAR_DRIVER, VP_VALUE_MAX + 3);
	char *end = *at + n;

	if (n < 4 || memcmp(end - 3, "-v1;", 4))
		return false;
	end[-3] = '\0';
	p->driver = *at - p->pool;
	*at = end + 1;
	p->api = skip(at, "api=") ? parse_value(p, at) : 0;
	if (!p->api || !skip(at, "type="))
		return false;
	p->type = parse_value(p, at);
	if (!p->type || !skip(at, "sw="))
		return false;
	n = word(*at, CHAR_PLAIN, VP_VALUE_MAX);
	if (vp_put_version(p, (struct vp_span){ *at, n }))
		return false;
	*at += n;
	return skip(at, ";");
}

/* "name=a,b;": a new last field with its values in order. */
static bool parse_field(struct vp_profile *p, char **at)
{
	struct vp_set *set = &p->set[vp_sets(p)];
	size_t n = name_word(*at, false);
	char *s = *at, *before, mark;

	if (!n || s[n] != '=' || p->nr_fields == VP_FIELDS_MAX)
		return false;
	s[n] = '\0';
	if (p->nr_fields && str_order(p->pool + set[-1].name, s) >= 0)
		return false;
	*set = (struct vp_set){ s - p->pool, p->nr_members, 0 };
	p->nr_fields++;
	do {
		before = s;
		s += n + 1;
		n = word(s, CHAR_PLAIN, VP_VALUE_MAX);
		mark = s[n];
		s[n] = '\0';
		if (!n || p->nr_members == VP_MEMBERS_MAX ||
		    (set->count && str_order(before, s) >= 0))
			return false;
		p->member[p->nr_members++] = s - p->pool;
		set->count++;
	} while (mark == ',');
	*at = s + n + 1;
	return mark == ';';
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/*
 * Decode a percent-encoded value of at most @most bytes and go past its ';'.
 * Its offset, or 0 if it is not in its only spelling.
 */
static __u16 decode(struct vp_profile *p, char **at, size_t most)
{
	char *s = *at, *out = *at;

	for (; *s != ';'; s++, out++) {
		if (out == *at + most)
			return 0;
		*out = *s;
		if (*s == '%') {
			int high = hex_value(s[1]);
			int low = high < 0 ? -1 : hex_value(s[2]);

			*out = (char)(high * 16 + low);
			if (low < 0 || !*out || is_plain(*out))
				return 0;
			s += 2;
		} else if (!is_plain(*s)) {
			return 0;
		}
	}
	*out = '\0';
	out = *at;
	*at = s + 1;
	return out - p->pool;
}

/* "name;" or "name=value;": a new last resource, valued if the others are. */
static bool parse_resource(struct vp_profile *p, char **at)
{
	struct vp_resource *r = &p->resource[p->nr_resources];
	size_t n = name_word(*at, true);
	char *name = *at;
	char mark = name[n];

	if (!n || p->nr_resources == VP_RESOURCES_MAX)
		return false;
	name[n] = '\0';
	*at += n + 1;
	if (p->nr_resources && str_order(p->pool + r[-1].name, name) >= 0)
		return false;
	*r = (struct vp_resource){ name - p->pool, 0 };
	p->nr_resources++;
	if (mark == '=')
		r->value = decode(p, at, VP_RESOURCE_MAX);
	return (r->value || mark == ';') && !r->value == !p->resource[0].value;
}

/**
 * vp_parse - read the line of a source
 * @p: receives the profile; need not be cleared, and is of no use on error
 * @buf: the line; one newline may end it, NUL is not one of its characters
 * @len: its length
 *
 * Only what vp_format() writes is a line, to the byte: a cut line would demand
 * less, so each proper prefix is refused, and so are other spellings.
 *
 * Return: 0, or -EINVAL.
 */
int vp_parse(struct vp_profile *p, const char *buf, size_t len)
{
	char *at = p->pool + 1, *end;

	vp_init(p);
	if (len && buf[len - 1] == '\n')
		len--;
	if (len > VP_LINE_MAX)
		return -EINVAL;
	end = at + len;
	memcpy(at, buf, len);
	memset(end, 0, 1 + VP_POOL_NULS);
	p->pool_used += len + 1;
	if (!parse_head(p, &at))
		return -EINVAL;
	while (skip(&at, "f."))
		if (!parse_field(p, &at))
			return -EINVAL;
	while (skip(&at, "r."))
		if (!parse_resource(p, &at))
			return -EINVAL;
	if (skip(&at, "vendor=")) {
		p->vendor = decode(p, &at, VP_VENDOR_MAX);
		if (!p->vendor)
			return -EINVAL;
	}
	/* nothing follows, not even a ';' */
	return skip(&at, "end") && at == end ? 0 : -EINVAL;
}
EXPORT_SYMBOL_GPL(vp_parse);

/* ---- attributes and members ---- */

/**
 * vp_attr_count - number of attributes of a node
 * @p: a sealed profile
 *
 * Return: how many; each has a number below it.
 */
unsigned int vp_attr_count(const struct vp_profile *p)
{
	return ATTR_FIELDS + p->nr_fields;
}
EXPORT_SYMBOL_GPL(vp_attr_count);

/**
 * vp_attr_name - file name of an attribute
 * @p: a sealed profile
 * @i: its number
 * @buf: receives the name; VP_ATTR_NAME_SIZE holds each
 * @size: size of @buf
 *
 * Return: length of the name.
 */
int vp_attr_name(const struct vp_profile *p, unsigned int i, char *buf,
		 size_t size)
{
	struct vp_out o = { buf, size, 0 };

	if (i < ATTR_FIELDS) {
		out_str(&o, vp_fixed_attrs[i]);
	} else {
		i = i - ATTR_FIELDS + VP_FIELDS;
		out_str(&o, "compatible_");
		out_str(&o, vp_str(p, p->set[i].name));
	}
	return out_end(&o);
}
EXPORT_SYMBOL_GPL(vp_attr_name);

/**
 * vp_attr_text - content of an attribute
 * @p: a sealed profile
 * @i: its number
 * @buf: receives the content and NUL, without a newline; NULL if @size is 0
 * @size: size of @buf, or 0 to ask for the length
 *
 * Return: its length, or -E2BIG if it is longer than an attribute may be or
 * does not fit @buf.
 */
int vp_attr_text(const struct vp_profile *p, unsigned int i, char *buf,
		 size_t size)
{
	struct vp_out o = { buf, size, 0 };
	unsigned int r;

	switch (i) {
	case ATTR_VERSION:
		vp_out_version(&o, p);
		break;
	case ATTR_RESOURCES:
		for (r = 0; r < p->nr_resources; r++) {
			if (r)
				out_char(&o, ',');
			out_str(&o, vp_str(p, p->resource[r].name));
		}
		break;
	case ATTR_LINE:
		out_line(&o, p);
		break;
	default:
		vp_out_set(&o, p,
			   i < ATTR_FIELDS ? i - ATTR_ACCEPTS :
					     i - ATTR_FIELDS + VP_FIELDS);
	}
	return out_whole(&o);
}
EXPORT_SYMBOL_GPL(vp_attr_text);

/* ---- members ---- */

/**
 * vp_find_field - where the set of a field is
 * @p: the profile
 * @name: name of the field, as describe() gives it
 *
 * Return: its index in the sets, or -1.
 */
int vp_find_field(const struct vp_profile *p, const char *name)
{
	int i, end = vp_sets(p);

	for (i = VP_FIELDS; i < end; i++)
		if (span_is(span_of(name), vp_str(p, p->set[i].name)))
			return i;
	return -1;
}
EXPORT_SYMBOL_GPL(vp_find_field);

/**
 * vp_find_resource - where a dynamic resource is
 * @p: the profile
 * @name: its name
 *
 * Return: its index, or -1.
 */
int vp_find_resource(const struct vp_profile *p, const char *name)
{
	int i;

	for (i = 0; i < p->nr_resources; i++)
		if (span_is(span_of(name), vp_str(p, p->resource[i].name)))
			return i;
	return -1;
}
EXPORT_SYMBOL_GPL(vp_find_resource);

/**
 * vp_member - one member of a set, as text
 * @p: the profile
 * @set: index of the set, see enum vp_list
 * @i: index in it, below its count
 * @buf: used for a series
 *
 * Return: the text, in @buf or in @p.
 */
const char *vp_member(const struct vp_profile *p, unsigned int set,
		      unsigned int i, char buf[VP_SERIES_SIZE])
{
	__u32 member = p->member[p->set[set].first + i];
	struct vp_out o = { buf, VP_SERIES_SIZE, 0 };

	if (set >= VP_TYPES)
		return vp_str(p, member);
	out_series(&o, member);
	out_end(&o);
	return buf;
}
EXPORT_SYMBOL_GPL(vp_member);

/**
 * vp_has_series - whether a set of series holds one
 * @p: the profile
 * @list: VP_ACCEPTS or VP_EMITS
 * @series: the series
 *
 * Return: true if it does.
 */
bool vp_has_series(const struct vp_profile *p, enum vp_list list, __u32 series)
{
	bool found;

	vp_member_find(p, list, span_of(""), series, &found);
	return found;
}
EXPORT_SYMBOL_GPL(vp_has_series);

/**
 * vp_missing - whether a member of the source is not in the destination's set
 * @src: profile of the source
 * @s: index of its set, VP_TYPES or a field
 * @dst: profile of the destination
 * @d: index of its set, or -1 if it has none
 * @i: index of the member in the source's set
 *
 * Return: true if it is missing.
 */
bool vp_missing(const struct vp_profile *src, unsigned int s,
		const struct vp_profile *dst, int d, unsigned int i)
{
	__u32 member = src->member[src->set[s].first + i];
	bool found = false;

	if (d >= 0)
		vp_member_find(dst, d, span_of(vp_str(src, member)), 0, &found);
	return !found;
}
EXPORT_SYMBOL_GPL(vp_missing);

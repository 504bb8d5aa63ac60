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

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Decode a percent-encoded value in its only spelling; 0 if it is not. */
static __u16 pool_decode(struct vp_profile *p, struct vp_span v, size_t most)
{
	__u16 offset = p->pool_used;
	size_t i, n = 0;

	for (i = 0; i < v.len; i++, n++) {
		char c = v.s[i];

		if (n == most || offset + n + 1 >= VP_POOL_SIZE)
			return 0;
		if (c == '%') {
			int high = i + 1 < v.len ? hex_value(v.s[i + 1]) : -1;
			int low = i + 2 < v.len ? hex_value(v.s[i + 2]) : -1;

			if (high < 0 || low < 0)
				return 0;
			c = (char)(high * 16 + low);
			if (!c || is_plain(c))
				return 0;
			i += 2;
		} else if (!is_plain(c)) {
			return 0;
		}
		p->pool[offset + n] = c;
	}
	if (offset + n >= VP_POOL_SIZE)
		return 0;
	p->pool[offset + n] = '\0';
	p->pool_used += n + 1;
	return offset;
}

/* "name=a,b": a new last field with its values in order. */
static bool parse_field(struct vp_profile *p, struct vp_span v)
{
	struct vp_span name = span_until(&v, '=');
	int before = p->nr_fields;
	int set = vp_put_field(p, name);

	if (set != VP_FIELDS + before || !v.len)
		return false;
	do {
		struct vp_span value = span_until(&v, ',');
		unsigned int last = p->nr_members;

		/* in order: it comes after all that were there */
		if (vp_put_member(p, set, value) ||
		    vp_str(p, p->member[last]) + value.len + 1 !=
			    p->pool + p->pool_used)
			return false;
		/* a ',' announces one more */
		if (!v.len && v.s != value.s + value.len)
			return false;
	} while (v.len);
	return true;
}

/* "name" or "name=value": a new last resource, valued if the others are. */
static bool parse_resource(struct vp_profile *p, struct vp_span v)
{
	struct vp_span name = v;
	bool valued;
	int i;

	for (name.len = 0; name.len < v.len && v.s[name.len] != '=';)
		name.len++;
	valued = name.len < v.len;
	v.s += name.len + valued;
	v.len -= name.len + valued;

	i = vp_put_resource(p, name);
	if (i < 0 || i + 1 != p->nr_resources)
		return false;
	if (valued)
		p->resource[i].value = pool_decode(p, v, VP_RESOURCE_MAX);
	return valued == !!p->resource[i].value &&
	       valued == !!p->resource[0].value;
}

/* The four parts that every line begins with. */
static bool parse_head(struct vp_profile *p, struct vp_span *line)
{
	struct vp_span driver = span_until(line, ';');
	struct vp_span api = span_until(line, ';');
	struct vp_span type = span_until(line, ';');
	struct vp_span sw = span_until(line, ';');

	if (driver.len < 3 || memcmp(driver.s + driver.len - 3, "-v1", 3))
		return false;
	driver.len -= 3;
	if (!span_cut(&api, "api=") || !span_cut(&type, "type=") ||
	    !span_cut(&sw, "sw="))
		return false;
	return !vp_keep_once(p, &p->driver, "", driver, vp_is_driver(driver)) &&
	       !vp_keep_once(p, &p->api, "", api, vp_is_value(api)) &&
	       !vp_keep_once(p, &p->type, "", type, vp_is_value(type)) &&
	       !vp_put_version(p, sw);
}

/* Fields, then resources, then the vendor's text, then "end". */
static bool parse_tail(struct vp_profile *p, struct vp_span line)
{
	int stage = 0;

	while (line.len) {
		struct vp_span v = span_until(&line, ';');

		if (stage == 0 && span_cut(&v, "f.")) {
			if (!parse_field(p, v))
				return false;
		} else if (stage <= 1 && span_cut(&v, "r.")) {
			stage = 1;
			if (!parse_resource(p, v))
				return false;
		} else if (stage <= 1 && span_cut(&v, "vendor=")) {
			stage = 2;
			p->vendor = pool_decode(p, v, VP_VENDOR_MAX);
			if (!p->vendor)
				return false;
		} else {
			/* nothing follows, not even a ';' */
			return span_is(v, "end") && !line.len &&
			       line.s == v.s + v.len;
		}
	}
	return false;
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
	struct vp_span line = { buf, len };

	vp_init(p);
	if (len && buf[len - 1] == '\n')
		line.len--;
	if (line.len > VP_LINE_MAX)
		return -EINVAL;
	return parse_head(p, &line) && parse_tail(p, line) ? 0 : -EINVAL;
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
 * @name: the field, without "compatible_"
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

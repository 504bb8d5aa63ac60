// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * What is right to do with a stream, said once more and in another way than
 * the engine and the stream helper do: the line is split at each ';', and its
 * parts at '=' and ','.
 */
#include "hostile.h"

#define NR(array) (sizeof(array) / sizeof((array)[0]))

struct span {
	const __u8 *s;
	size_t len;
};

/* What a line has said so far. */
struct reading {
	const struct hostile_device *dev;
	struct span name;
	char group; /* of the last part; they come in the order f, r, v */
	unsigned int fields;
	unsigned int values;
	unsigned int resources;
	bool valued;
	bool fails;
	bool unknown;
	__u32 series;
};

static bool is(struct span a, const char *text)
{
	return a.len == strlen(text) && !memcmp(a.s, text, a.len);
}

static bool is_before(struct span a, struct span b)
{
	int cmp = memcmp(a.s, b.s, a.len < b.len ? a.len : b.len);

	return cmp ? cmp < 0 : a.len < b.len;
}

/* Part of @rest up to @mark, which goes too, or all of it: false. */
static bool split(struct span *rest, char mark, struct span *part)
{
	*part = (struct span){ rest->s, 0 };
	while (part->len < rest->len && part->s[part->len] != (__u8)mark)
		part->len++;
	rest->s += part->len;
	rest->len -= part->len;
	if (!rest->len)
		return false;
	rest->s++;
	rest->len--;
	return true;
}

/* Take @text off the beginning. */
static bool take(struct span *s, const char *text)
{
	size_t len = strlen(text);

	if (s->len < len || memcmp(s->s, text, len))
		return false;
	s->s += len;
	s->len -= len;
	return true;
}

/* ---- words ---- */

bool hostile_is_plain(__u8 c)
{
	return c > ' ' && c <= '~' && c != ',' && c != '=' && c != ';' &&
	       c != '%';
}

static bool is_digit(__u8 c)
{
	return c >= '0' && c <= '9';
}

static bool is_small(__u8 c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_value(struct span v)
{
	size_t i;

	for (i = 0; i < v.len; i++)
		if (!hostile_is_plain(v.s[i]))
			return false;
	return v.len >= 1 && v.len <= 64;
}

static bool is_driver(struct span d)
{
	size_t i;

	for (i = 0; i < d.len; i++) {
		__u8 c = d.s[i];

		if (!is_digit(c) && !is_small(c) && !(c >= 'A' && c <= 'Z') &&
		    c != '_' && c != '.' && c != '-')
			return false;
	}
	return d.len >= 1 && d.len <= 64;
}

static bool is_name(struct span n, bool resource)
{
	static const char *const reserved[] = {
		"type", "software_version", "device_api", "name", "create",
		"description", "devices", "available_instances", "driver",
		"class", "vendor", "device", "remove", "uevent", "power",
		"subsystem",
	};
	size_t i;

	if (n.len < 1 || n.len > 31 || !is_small(n.s[0]))
		return false;
	for (i = 0; i < n.len; i++)
		if (!is_small(n.s[i]) && !is_digit(n.s[i]) && n.s[i] != '_')
			return false;
	for (i = 0; i < NR(reserved); i++)
		if (is(n, reserved[i]))
			return false;
	return !resource || !is(n, "migration_version");
}

static bool read_number(struct span n, __u32 *number)
{
	size_t i;

	*number = 0;
	for (i = 0; i < n.len; i++) {
		if (!is_digit(n.s[i]) || i == 5)
			return false;
		*number = *number * 10 + n.s[i] - '0';
	}
	return n.len && *number < 65536 && (n.s[0] != '0' || n.len == 1);
}

static int hex(__u8 c)
{
	if (is_digit(c))
		return c - '0';
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* A text with escapes where they are needed, and whether it is @want. */
static bool read_text(struct span t, size_t most, const char *want, bool *same)
{
	size_t i, n = 0, len = strlen(want);

	*same = true;
	for (i = 0; i < t.len; i++) {
		int c = t.s[i];

		if (c != '%' && !hostile_is_plain(c))
			return false;
		if (c == '%') {
			if (t.len - i < 3 || hex(t.s[i + 1]) < 0 ||
			    hex(t.s[i + 2]) < 0)
				return false;
			c = hex(t.s[i + 1]) << 4 | hex(t.s[i + 2]);
			if (!c || hostile_is_plain(c))
				return false;
			i += 2;
		}
		if (n >= len || (__u8)want[n] != c)
			*same = false;
		n++;
	}
	if (n != len)
		*same = false;
	return n <= most;
}

static bool is_listed(struct span s, const char *const *list)
{
	for (; *list; list++)
		if (is(s, *list))
			return true;
	return false;
}

/* ---- parts of a line; false: it is none ---- */

static bool read_version(struct reading *r, struct span v)
{
	struct span series = v, number;
	__u32 n[3];

	if (!split(&v, '.', &number) || !read_number(number, &n[0]) ||
	    !split(&v, '.', &number) || !read_number(number, &n[1]) ||
	    !read_number(v, &n[2]))
		return false;
	series.len -= v.len + 1;
	r->series = n[0] << 16 | n[1];
	if (!is_listed(series, r->dev->series))
		r->fails = true;
	return true;
}

static bool read_head(struct reading *r, struct span *line)
{
	struct span driver, api, type, version;

	if (!split(line, ';', &driver) || driver.len < 3 ||
	    memcmp(driver.s + driver.len - 3, "-v1", 3))
		return false;
	driver.len -= 3;
	if (!is_driver(driver) || !split(line, ';', &api) ||
	    !take(&api, "api=") || !is_value(api) ||
	    !split(line, ';', &type) || !take(&type, "type=") ||
	    !is_value(type) || !split(line, ';', &version) ||
	    !take(&version, "sw="))
		return false;
	if (!is(api, r->dev->api) || !is_listed(type, r->dev->types))
		r->fails = true;
	return read_version(r, version);
}

static bool read_field(struct reading *r, struct span part)
{
	static const char *const none[] = { NULL };
	const char *const *values = none;
	struct span value, before = r->name;
	unsigned int i, nr = 0;
	bool more;

	if (!split(&part, '=', &r->name) || !is_name(r->name, false) ||
	    ++r->fields > 16)
		return false;
	for (i = 0; r->dev->fields[i].name; i++)
		if (is(r->name, r->dev->fields[i].name))
			values = r->dev->fields[i].values;
	do {
		more = split(&part, ',', &value);
		if (!is_value(value) || (nr++ && !is_before(before, value)) ||
		    ++r->values > 768)
			return false;
		if (!is_listed(value, values))
			r->fails = true;
		before = value;
	} while (more);
	return true;
}

static bool read_resource(struct reading *r, struct span part)
{
	bool valued = split(&part, '=', &r->name), same = true;
	const char *want = NULL;
	unsigned int i;

	if (!is_name(r->name, true) || ++r->resources > 16 ||
	    (r->resources > 1 && valued != r->valued))
		return false;
	r->valued = valued;
	for (i = 0; r->dev->resources[i].name; i++)
		if (is(r->name, r->dev->resources[i].name))
			want = r->dev->resources[i].value;
	if (valued && !read_text(part, 1023, want ? want : "", &same))
		return false;
	if (!want || !same)
		r->fails = true;
	if (!valued)
		r->unknown = true;
	return true;
}

/* What follows the head: fields, resources, vendor; each group in its order. */
static bool read_part(struct reading *r, struct span part)
{
	struct span before = r->name;
	char group = r->group;
	bool same;

	if (take(&part, "f."))
		r->group = 'f';
	else if (take(&part, "r."))
		r->group = 'r';
	else if (take(&part, "vendor="))
		r->group = 'v';
	else
		return false;
	if (r->group < group)
		return false;
	if (r->group == 'v') {
		r->fails = true; /* and here is no check() */
		return group != 'v' && read_text(part, 255, "", &same);
	}
	if (!(r->group == 'f' ? read_field(r, part) : read_resource(r, part)))
		return false;
	return r->group != group || is_before(before, r->name);
}

static int judge_line(const struct hostile_device *dev, struct span line,
		      __u32 *series)
{
	struct reading r = { .dev = dev };
	struct span part;

	if (line.len < 4 || memcmp(line.s + line.len - 4, ";end", 4))
		return -EINVAL;
	line.len -= 3; /* the ';' ends the last part */
	if (!read_head(&r, &line))
		return -EINVAL;
	while (line.len)
		if (!split(&line, ';', &part) || !read_part(&r, part))
			return -EINVAL;
	*series = r.series;
	if (r.fails)
		return -EMEDIUMTYPE;
	return r.unknown ? -ENODATA : 0;
}

/* ---- the header ---- */

static __u32 get_le32(const __u8 *p)
{
	return p[0] | p[1] << 8 | p[2] << 16 | (__u32)p[3] << 24;
}

struct hostile_answer hostile_judge(const struct hostile_device *dev,
				    const __u8 *data, size_t len)
{
	const struct hostile_old *old = dev->old;
	struct hostile_answer answer = { .error = -EINVAL };
	__u32 length;

	if (len < 8)
		return answer;
	if (old && !memcmp(data, old->good, 8)) {
		if (len >= old->size) {
			answer.at = old->size;
			answer.error = old->judge(data, &answer.series);
		}
		return answer;
	}
	if (memcmp(data, "VFIOprof", 8)) {
		answer.at = 8;
		return answer;
	}
	if (len < HOSTILE_FIXED)
		return answer;
	length = get_le32(data + 12);
	if (get_le32(data + 8) != 1 || !length || length > HOSTILE_LINE) {
		answer.at = HOSTILE_FIXED;
	} else if (len - HOSTILE_FIXED >= length) {
		struct span line = { data + HOSTILE_FIXED, length };

		answer.at = HOSTILE_FIXED + length;
		answer.error = judge_line(dev, line, &answer.series);
	}
	return answer;
}

// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * The profile: what may be in one, and how it gets there.
 *
 * Input may be hostile: each string is bounded and checked before it is kept,
 * and what a struct vp_profile holds has passed the grammar.
 */
#include "engine.h"

static_assert(sizeof(struct vp_profile) <= 16384, "a profile is 16 KiB");

/* ---- what is wrong with a profile ---- */

static const struct {
	int err;
	const char *text;
} vp_whys[] = {
	[VP_OK] = { 0, "is valid" },
	[VP_BAD_NAME] = { -EINVAL, "is not a name ([a-z][a-z0-9_]{0,30})" },
	[VP_BAD_RESERVED] = { -EEXIST, "is reserved for the core" },
	[VP_BAD_VALUE] = { -EINVAL,
			   "is too long, or has a character that is not allowed" },
	[VP_BAD_VERSION] = { -EINVAL,
			     "is not a version (three numbers up to 65535; a series: two)" },
	[VP_REPEATED] = { -EEXIST, "is there already" },
	[VP_EMPTY] = { -ENODATA, "has an empty value, or none" },
	[VP_MISSING] = { -ENODATA, "was not given" },
	[VP_NO_OWN] = { -ERANGE, "lacks the device's own series" },
	[VP_TOO_NEW] = { -ERANGE, "has a series above the device's own" },
	[VP_MUST_LIST] = { -ERANGE,
			   "must be listed if the minor version is above 63" },
	[VP_TOO_MANY] = { -E2BIG, "is one more than a profile holds" },
	[VP_TOO_LONG] = { -E2BIG, "does not fit in 4094 characters" },
	[VP_MIXED] = { -EINVAL,
		       "has a value in a type, or none in an instance" },
};

/* Remember the first thing that is wrong; all later calls return it. */
static int refuse(struct vp_profile *p, enum vp_why why, const char *attr,
		  struct vp_span name, struct vp_span value)
{
	struct vp_out a = { p->bad_attr, sizeof(p->bad_attr), 0 };
	struct vp_out v = { p->bad_value, sizeof(p->bad_value), 0 };

	if (!p->why) {
		p->why = why;
		out_str(&a, attr);
		out_escaped(&a, name);
		out_end(&a);
		out_escaped(&v, value);
		out_end(&v);
	}
	return vp_whys[p->why].err;
}

static int refuse_attr(struct vp_profile *p, enum vp_why why, const char *attr)
{
	return refuse(p, why, attr, span_of(""), span_of(""));
}

/**
 * vp_error - whether anything was wrong while the profile was built
 * @p: the profile
 *
 * Errors stick, so a describe() callback may ignore what the calls in it
 * return; the core asks once, at the end.
 *
 * Return: 0, or the errno of the first thing that was refused.
 */
int vp_error(const struct vp_profile *p)
{
	return vp_whys[p->why].err;
}
EXPORT_SYMBOL_GPL(vp_error);

/**
 * vp_explain - what was refused, in words
 * @p: the profile
 * @buf: receives "attribute: 'value' reason"; printable ASCII
 * @size: size of @buf; longer text is cut and ends in ".."
 *
 * Return: length of the whole text.
 */
int vp_explain(const struct vp_profile *p, char *buf, size_t size)
{
	struct vp_out o = { buf, size, 0 };

	out_str(&o, p->bad_attr);
	out_str(&o, ": ");
	if (p->bad_value[0]) {
		out_char(&o, '\'');
		out_str(&o, p->bad_value);
		out_str(&o, "' ");
	}
	out_str(&o, vp_whys[p->why].text);
	return out_end(&o);
}
EXPORT_SYMBOL_GPL(vp_explain);

/* ---- grammar of names, values and versions ---- */

const char *const vp_fixed_attrs[ATTR_FIELDS] = {
	"software_version",	    "compatible_software_version",
	"emitted_software_version", "compatible_type",
	"dynamic_resources",	    "migration_version",
};

const __u8 vp_chars[256] = {
	['!' ... '$'] = CHAR_PLAIN,
	['&' ... '+'] = CHAR_PLAIN,
	['-' ... '.'] = CHAR_PLAIN | CHAR_DRIVER,
	['/'] = CHAR_PLAIN,
	['0' ... '9'] = CHAR_PLAIN | CHAR_DRIVER | CHAR_NAME,
	[':'] = CHAR_PLAIN,
	['<'] = CHAR_PLAIN,
	['>' ... '@'] = CHAR_PLAIN,
	['A' ... 'Z'] = CHAR_PLAIN | CHAR_DRIVER,
	['[' ... '^'] = CHAR_PLAIN,
	['_'] = CHAR_PLAIN | CHAR_DRIVER | CHAR_NAME,
	['`'] = CHAR_PLAIN,
	['a' ... 'z'] = CHAR_PLAIN | CHAR_DRIVER | CHAR_NAME | CHAR_FIRST,
	['{' ... '~'] = CHAR_PLAIN,
};

/* Names that no field or resource may have, on mdev and on PCI, by letter. */
static const char *const vp_reserved[26][6] = {
	['a' - 'a'] = { "available_instances" },
	['c' - 'a'] = { "class", "create" },
	['d' - 'a'] = { "description", "device", "device_api", "devices",
			"driver" },
	['n' - 'a'] = { "name" },
	['p' - 'a'] = { "power" },
	['r' - 'a'] = { "remove" },
	['s' - 'a'] = { "software_version", "subsystem" },
	['t' - 'a'] = { "type" },
	['u' - 'a'] = { "uevent" },
	['v' - 'a'] = { "vendor" },
};

/* Whether a name may not be that of a field, or of a resource. */
bool vp_is_reserved(struct vp_span name, bool resource)
{
	const char *const *r = vp_reserved[name.s[0] - 'a'];

	for (; *r; r++)
		if (span_is(name, *r))
			return true;
	return resource && span_is(name, vp_fixed_attrs[ATTR_LINE]);
}

static bool is_word(struct vp_span v, enum vp_char chars, size_t most)
{
	size_t i;

	for (i = 0; i < v.len; i++)
		if (!is_char(v.s[i], chars))
			return false;
	return v.len && v.len <= most;
}

static bool is_name(struct vp_span v)
{
	return is_word(v, CHAR_NAME, VP_NAME_MAX) &&
	       is_char(v.s[0], CHAR_FIRST);
}

static bool vp_is_value(struct vp_span v)
{
	return is_word(v, CHAR_PLAIN, VP_VALUE_MAX);
}

static bool vp_is_driver(struct vp_span v)
{
	return is_word(v, CHAR_DRIVER, VP_VALUE_MAX);
}

/* One decimal number of at most 65535, in its only spelling. */
static bool parse_num(struct vp_span v, __u16 *num)
{
	__u32 n = 0;
	size_t i;

	if (!v.len || v.len > 5 || (v.s[0] == '0' && v.len > 1))
		return false;
	for (i = 0; i < v.len; i++) {
		if (v.s[i] < '0' || v.s[i] > '9')
			return false;
		n = n * 10 + (v.s[i] - '0');
	}
	if (n > 0xffff)
		return false;
	*num = n;
	return true;
}

/* Exactly @nr numbers with dots between them. */
static bool parse_dotted(struct vp_span v, __u16 *num, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i + 1 < nr; i++) {
		struct vp_span head = span_until(&v, '.');

		if (!parse_num(head, &num[i]))
			return false;
	}
	return parse_num(v, &num[i]);
}

/**
 * vp_parse_series - read "major.minor"
 * @text: the text, no newline
 * @len: its length
 * @series: receives vp_series(major, minor)
 *
 * Return: 0, or -EINVAL for anything but the canonical spelling.
 */
int vp_parse_series(const char *text, size_t len, __u32 *series)
{
	__u16 num[2];

	if (!parse_dotted((struct vp_span){ text, len }, num, 2))
		return -EINVAL;
	*series = vp_series(num[0], num[1]);
	return 0;
}
EXPORT_SYMBOL_GPL(vp_parse_series);

/* ---- building ---- */

/**
 * vp_init - begin an empty profile
 * @p: the profile; need not be cleared
 */
void vp_init(struct vp_profile *p)
{
	unsigned int i;

	memset(p, 0, offsetof(struct vp_profile, set));
	for (i = 0; i < VP_FIELDS; i++)
		p->set[i] = (struct vp_set){ 0, 0, 0 };
	p->pool_used = 1;
	memset(p->pool, 0, 1 + VP_POOL_NULS);
}
EXPORT_SYMBOL_GPL(vp_init);

/* Keep @v with a NUL; its offset, or 0 when the pool is full. */
static __u16 pool_add(struct vp_profile *p, struct vp_span v)
{
	__u16 offset = p->pool_used;

	if (v.len >= (size_t)VP_POOL_SIZE - offset)
		return 0;
	memcpy(p->pool + offset, v.s, v.len);
	memset(p->pool + offset + v.len, 0, 1 + VP_POOL_NULS);
	p->pool_used += v.len + 1;
	return offset;
}

static int keep(struct vp_profile *p, __u16 *slot, const char *attr,
		struct vp_span v)
{
	*slot = pool_add(p, v);
	return *slot ? 0 : refuse(p, VP_TOO_MANY, attr, span_of(""), v);
}

static int vp_keep_once(struct vp_profile *p, __u16 *slot, const char *attr,
			struct vp_span v, bool ok)
{
	if (p->why)
		return vp_error(p);
	if (!ok)
		return refuse(p, VP_BAD_VALUE, attr, span_of(""), v);
	if (*slot)
		return refuse(p, VP_REPEATED, attr, span_of(""), v);
	return keep(p, slot, attr, v);
}

int vp_put_version(struct vp_profile *p, struct vp_span v)
{
	const char *attr = vp_fixed_attrs[ATTR_VERSION];

	if (p->why)
		return vp_error(p);
	if (p->has_version)
		return refuse(p, VP_REPEATED, attr, span_of(""), v);
	if (!parse_dotted(v, p->version, 3))
		return refuse(p, VP_BAD_VERSION, attr, span_of(""), v);
	p->has_version = true;
	return 0;
}

static int member_cmp(const struct vp_profile *p, unsigned int set,
		      unsigned int i, struct vp_span v, __u32 series)
{
	__u32 member = p->member[p->set[set].first + i];

	if (set >= VP_TYPES)
		return span_cmp(vp_str(p, member), v);
	return member < series ? -1 : member > series;
}

/* Where @v is in the set, or would be. */
unsigned int vp_member_find(const struct vp_profile *p, unsigned int set,
			    struct vp_span v, __u32 series, bool *found)
{
	unsigned int low = 0, high = p->set[set].count;

	*found = false;
	while (low < high) {
		unsigned int mid = (low + high) / 2;
		int cmp = member_cmp(p, set, mid, v, series);

		if (!cmp) {
			*found = true;
			return mid;
		}
		if (cmp < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static void member_insert(struct vp_profile *p, unsigned int set,
			  unsigned int pos, __u32 member)
{
	unsigned int i;

	pos += p->set[set].first;
	for (i = p->nr_members++; i > pos; i--)
		p->member[i] = p->member[i - 1];
	p->member[pos] = member;
	p->set[set].count++;
	for (i = set + 1; i < vp_sets(p); i++)
		p->set[i].first++;
}

/* What a set is called: an attribute, or a prefix and the field's name. */
static const char *set_attr(const struct vp_profile *p, unsigned int set,
			    struct vp_span *field)
{
	*field = span_of("");
	if (set < VP_FIELDS)
		return vp_fixed_attrs[ATTR_ACCEPTS + set];
	*field = span_of(vp_str(p, p->set[set].name));
	return "compatible_";
}

static int vp_put_member(struct vp_profile *p, unsigned int set,
			 struct vp_span v)
{
	static const __u16 most[] = { VP_SERIES_MAX, VP_SERIES_MAX,
				      VP_TYPES_MAX };
	struct vp_span field;
	const char *attr = set_attr(p, set, &field);
	__u32 member = 0;
	unsigned int pos;
	bool found;

	if (!v.len)
		return refuse(p, VP_EMPTY, attr, field, v);
	if (set < VP_TYPES && vp_parse_series(v.s, v.len, &member))
		return refuse(p, VP_BAD_VERSION, attr, field, v);
	if (set >= VP_TYPES && !vp_is_value(v))
		return refuse(p, VP_BAD_VALUE, attr, field, v);
	pos = vp_member_find(p, set, v, member, &found);
	if (found)
		return refuse(p, VP_REPEATED, attr, field, v);
	if (p->nr_members == VP_MEMBERS_MAX ||
	    (set < VP_FIELDS && p->set[set].count == most[set]))
		return refuse(p, VP_TOO_MANY, attr, field, v);
	if (set >= VP_TYPES) {
		member = pool_add(p, v);
		if (!member)
			return refuse(p, VP_TOO_MANY, attr, field, v);
	}
	member_insert(p, set, pos, member);
	return 0;
}

/* The set of a field, made if it is not there; a negative errno. */
static int vp_put_field(struct vp_profile *p, struct vp_span name)
{
	unsigned int end = vp_sets(p), set, i;
	__u16 kept;

	if (!is_name(name))
		return refuse(p, VP_BAD_NAME, "compatible_", name, name);
	if (vp_is_reserved(name, false))
		return refuse(p, VP_BAD_RESERVED, "compatible_", name, name);
	for (set = VP_FIELDS; set < end; set++) {
		int cmp = span_cmp(vp_str(p, p->set[set].name), name);

		if (!cmp)
			return set;
		if (cmp > 0)
			break;
	}
	kept = p->nr_fields < VP_FIELDS_MAX ? pool_add(p, name) : 0;
	if (!kept)
		return refuse(p, VP_TOO_MANY, "compatible_", name, name);
	for (i = end; i > set; i--)
		p->set[i] = p->set[i - 1];
	p->set[set].name = kept;
	p->set[set].first = p->set[set - 1].first + p->set[set - 1].count;
	p->set[set].count = 0;
	p->nr_fields++;
	return set;
}

/* Index of a new resource; a negative errno. */
static int vp_put_resource(struct vp_profile *p, struct vp_span name)
{
	const char *attr = vp_fixed_attrs[ATTR_RESOURCES];
	unsigned int pos, i;
	__u16 kept;

	if (!is_name(name))
		return refuse(p, name.len ? VP_BAD_NAME : VP_EMPTY, attr,
			      span_of(""), name);
	if (vp_is_reserved(name, true))
		return refuse(p, VP_BAD_RESERVED, attr, span_of(""), name);
	for (pos = 0; pos < p->nr_resources; pos++) {
		int cmp = span_cmp(vp_str(p, p->resource[pos].name), name);

		if (!cmp)
			return refuse(p, VP_REPEATED, attr, span_of(""), name);
		if (cmp > 0)
			break;
	}
	kept = p->nr_resources < VP_RESOURCES_MAX ? pool_add(p, name) : 0;
	if (!kept)
		return refuse(p, VP_TOO_MANY, attr, span_of(""), name);
	for (i = p->nr_resources++; i > pos; i--)
		p->resource[i] = p->resource[i - 1];
	p->resource[pos] = (struct vp_resource){ kept, 0 };
	return pos;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

static struct vp_span trim(struct vp_span v)
{
	while (v.len && is_blank(v.s[0])) {
		v.s++;
		v.len--;
	}
	while (v.len && is_blank(v.s[v.len - 1]))
		v.len--;
	return v;
}

enum { SET_RESOURCES = VP_FIELDS + VP_FIELDS_MAX };

static int put_one(struct vp_profile *p, unsigned int set, struct vp_span v)
{
	return set == SET_RESOURCES ? vp_put_resource(p, v) :
				      vp_put_member(p, set, v);
}

/*
 * Add each value of @list to a set, or as names to the resources.  Commas,
 * blanks and newlines part values; between two commas there has to be one.
 */
static int put_list(struct vp_profile *p, int set, struct vp_span list)
{
	int ret = set;

	list = trim(list);
	while (ret >= 0 && list.len) {
		struct vp_span v = { list.s, 0 };

		while (v.len < list.len && v.s[v.len] != ',' &&
		       !is_blank(v.s[v.len]))
			v.len++;
		ret = put_one(p, set, v);
		list.s += v.len;
		list.len -= v.len;
		list = trim(list);
		if (ret < 0 || !span_cut(&list, ","))
			continue;
		list = trim(list);
		if (!list.len)
			ret = put_one(p, set, list);
	}
	return ret < 0 ? ret : 0;
}

/**
 * vp_version - say the version of the migration stream protocol
 * @p: profile that describe() fills
 * @version: "major.minor.bugfix", decimal, each at most 65535
 *
 * Return: 0, or what vp_error() will say.
 */
int vp_version(struct vp_profile *p, const char *version)
{
	return vp_put_version(p, span_of(version));
}
EXPORT_SYMBOL_GPL(vp_version);

/**
 * vp_accept - say that a series is accepted as incoming
 * @p: profile that describe() fills
 * @series: "major.minor"
 *
 * A driver that lists none accepts each minor of its own major version up to
 * its own, if that is at most 63.  One that lists any lists its own too.  At
 * most 64.
 *
 * Return: 0, or what vp_error() will say.
 */
int vp_accept(struct vp_profile *p, const char *series)
{
	return vp_error(p) ?: vp_put_member(p, VP_ACCEPTS, span_of(series));
}
EXPORT_SYMBOL_GPL(vp_accept);

/**
 * vp_emit - say that an instance can be pinned to a series
 * @p: profile that describe() fills
 * @series: "major.minor", none above the device's own
 *
 * Its own is the only one if a driver lists none; else it is listed too.
 *
 * Return: 0, or what vp_error() will say.
 */
int vp_emit(struct vp_profile *p, const char *series)
{
	return vp_error(p) ?: vp_put_member(p, VP_EMITS, span_of(series));
}
EXPORT_SYMBOL_GPL(vp_emit);

/**
 * vp_accept_type - say that another type's stream is accepted
 * @p: profile that describe() fills
 * @type: full type id, as in compatible_type; its own need not be given
 *
 * This asserts one common numbering of the stream with that type, for all
 * accepted series.  At most 64 with its own.
 *
 * Return: 0, or what vp_error() will say.
 */
int vp_accept_type(struct vp_profile *p, const char *type)
{
	return vp_error(p) ?: vp_put_member(p, VP_TYPES, span_of(type));
}
EXPORT_SYMBOL_GPL(vp_accept_type);

/**
 * vp_add - add a value to a field
 * @p: profile that describe() fills
 * @field: its name alone, at most 31 characters
 * @value: 1..64 printable characters without blank , = ; %
 *
 * For a type: what it accepts as incoming.  For an instance: what its state
 * needs at the destination.  Order does not matter.
 *
 * Return: 0, or what vp_error() will say.
 */
int vp_add(struct vp_profile *p, const char *field, const char *value)
{
	int set = vp_error(p) ?: vp_put_field(p, span_of(field));

	return set < 0 ? set : vp_put_member(p, set, span_of(value));
}
EXPORT_SYMBOL_GPL(vp_add);

/**
 * vp_add_list - add several values to a field
 * @p: profile that describe() fills
 * @field: as in vp_add()
 * @values: values parted by commas, blanks or newlines
 *
 * Return: 0, or what vp_error() will say.
 */
int vp_add_list(struct vp_profile *p, const char *field, const char *values)
{
	int set = vp_error(p) ?: vp_put_field(p, span_of(field));

	return put_list(p, set, span_of(values));
}
EXPORT_SYMBOL_GPL(vp_add_list);

/**
 * vp_resource - name an instance attribute that a manager copies
 * @p: profile that describe() fills
 * @name: name of a read-write attribute at the instance's device node
 * @value: what that attribute reads at present, less the newline; NULL for a
 *	type.  At most 1023 bytes, and all of them must fit the line
 *
 * Return: 0, or what vp_error() will say.
 */
int vp_resource(struct vp_profile *p, const char *name, const char *value)
{
	const char *attr = vp_fixed_attrs[ATTR_RESOURCES];
	int i = vp_error(p) ?: vp_put_resource(p, span_of(name));

	if (i < 0 || !value)
		return i < 0 ? i : 0;
	if (strlen(value) > VP_RESOURCE_MAX)
		return refuse(p, VP_BAD_VALUE, attr, span_of(""),
			      span_of(name));
	return keep(p, &p->resource[i].value, attr, span_of(value));
}
EXPORT_SYMBOL_GPL(vp_resource);

/**
 * vp_vendor - give the text that the destination driver's check() reads
 * @p: profile that describe() fills
 * @text: 0..255 bytes; for what sets cannot express
 *
 * For a driver with check() alone, which has an empty text if it gives none.
 *
 * Return: 0, or what vp_error() will say.
 */
int vp_vendor(struct vp_profile *p, const char *text)
{
	return vp_keep_once(p, &p->vendor, "vendor", span_of(text),
			    strlen(text) <= VP_VENDOR_MAX);
}
EXPORT_SYMBOL_GPL(vp_vendor);

/**
 * vp_identify - say whose profile it is; the core does, not describe()
 * @p: the profile
 * @driver: name of the driver, ``[A-Za-z0-9_.-]{1,64}``
 * @api: device API, such as "vfio-pci"
 * @type: full type id
 *
 * Return: 0, or what vp_error() will say.
 */
int vp_identify(struct vp_profile *p, const char *driver, const char *api,
		const char *type)
{
	vp_keep_once(p, &p->driver, "driver", span_of(driver),
		     vp_is_driver(span_of(driver)));
	vp_keep_once(p, &p->api, "device_api", span_of(api),
		     vp_is_value(span_of(api)));
	return vp_keep_once(p, &p->type, "type", span_of(type),
			    vp_is_value(span_of(type)));
}
EXPORT_SYMBOL_GPL(vp_identify);

/**
 * vp_load - take in one attribute as a node shows it
 * @p: the profile
 * @attr: file name
 * @text: its content; one newline may end it
 * @len: length of @text
 *
 * What vp_attr_text() renders, less migration_version; and device_api, and
 * migration_type (the type of a PCI function).
 *
 * Return: 0, what vp_error() will say, or -ENOENT if @attr is not one of the
 * interface's, which changes nothing.
 */
int vp_load(struct vp_profile *p, const char *attr, const char *text,
	    size_t len)
{
	struct vp_span name = span_of(attr), v = { text, len };
	int set;

	if (p->why)
		return vp_error(p);
	if (span_is(name, "device_api"))
		return vp_keep_once(p, &p->api, attr, trim(v),
				    vp_is_value(trim(v)));
	if (span_is(name, "migration_type"))
		return vp_keep_once(p, &p->type, attr, trim(v),
				    vp_is_value(trim(v)));
	if (span_is(name, vp_fixed_attrs[ATTR_VERSION]))
		return vp_put_version(p, trim(v));
	if (span_is(name, vp_fixed_attrs[ATTR_RESOURCES]))
		return put_list(p, SET_RESOURCES, v);
	for (set = VP_ACCEPTS; set < VP_FIELDS; set++)
		if (span_is(name, vp_fixed_attrs[ATTR_ACCEPTS + set]))
			break;
	if (set == VP_FIELDS && !span_cut(&name, "compatible_"))
		return -ENOENT;
	if (!trim(v).len)
		return refuse(p, VP_EMPTY, "", span_of(attr), trim(v));
	return put_list(p, set < VP_FIELDS ? set : vp_put_field(p, name), v);
}
EXPORT_SYMBOL_GPL(vp_load);

/* The @nr series up to its own, for a set without any. */
static void seal_fill(struct vp_profile *p, unsigned int set, __u32 nr)
{
	const char *attr = vp_fixed_attrs[ATTR_ACCEPTS + set];
	__u32 series = vp_own_series(p) - (nr - 1);

	if (p->set[set].count)
		return;
	if (nr > VP_MINOR_LISTED + 1) {
		refuse_attr(p, VP_MUST_LIST, attr);
		return;
	}
	if (nr + p->nr_members > VP_MEMBERS_MAX) {
		refuse_attr(p, VP_TOO_MANY, attr);
		return;
	}
	while (nr--)
		member_insert(p, set, p->set[set].count, series++);
}

/* What the device accepts and emits holds its own series. */
static int seal_series(struct vp_profile *p)
{
	__u32 own = vp_own_series(p);
	unsigned int set;

	seal_fill(p, VP_ACCEPTS, p->version[1] + 1);
	seal_fill(p, VP_EMITS, 1);
	if (p->why)
		return vp_error(p);
	for (set = VP_ACCEPTS; set <= VP_EMITS; set++)
		if (!vp_has_series(p, set, own))
			return refuse_attr(p, VP_NO_OWN,
					   vp_fixed_attrs[ATTR_ACCEPTS + set]);
	if (p->member[p->set[VP_TYPES].first - 1] > own)
		return refuse_attr(p, VP_TOO_NEW, vp_fixed_attrs[ATTR_EMITS]);
	return 0;
}

/**
 * vp_seal_line - check that a profile is complete as a source
 * @p: the profile
 * @instance: whether its resources have values
 *
 * Return: 0, or what vp_error() will say.
 */
int vp_seal_line(struct vp_profile *p, bool instance)
{
	struct vp_span none = span_of("");
	unsigned int i;

	if (p->why)
		return vp_error(p);
	if (!p->driver || !p->api || !p->type)
		return refuse_attr(p, VP_MISSING, "device_api");
	if (!p->has_version)
		return refuse_attr(p, VP_MISSING, vp_fixed_attrs[ATTR_VERSION]);
	for (i = VP_FIELDS; i < vp_sets(p); i++)
		if (!p->set[i].count)
			return refuse(p, VP_EMPTY, "compatible_",
				      span_of(vp_str(p, p->set[i].name)), none);
	for (i = 0; i < p->nr_resources; i++)
		if (instance != !!p->resource[i].value)
			return refuse(p, VP_MIXED,
				      vp_fixed_attrs[ATTR_RESOURCES], none,
				      span_of(vp_str(p, p->resource[i].name)));
	if (vp_format(p, NULL, 0) < 0)
		return refuse_attr(p, VP_TOO_LONG, vp_fixed_attrs[ATTR_LINE]);
	return 0;
}
EXPORT_SYMBOL_GPL(vp_seal_line);

/**
 * vp_seal - fill in what a driver may leave out, and check the whole
 * @p: the profile, with everything added
 * @instance: whether its resources have values
 *
 * Afterwards the profile can be a source, a destination, and shown in sysfs.
 *
 * Return: 0, or what vp_error() will say.
 */
int vp_seal(struct vp_profile *p, bool instance)
{
	struct vp_span none = span_of("");
	char name[VP_ATTR_NAME_SIZE];
	unsigned int i;
	bool found;

	if (vp_seal_line(p, instance) || seal_series(p))
		return vp_error(p);
	vp_member_find(p, VP_TYPES, span_of(vp_str(p, p->type)), 0, &found);
	if (!found)
		vp_put_member(p, VP_TYPES, span_of(vp_str(p, p->type)));
	for (i = 0; !p->why && i < vp_attr_count(p); i++) {
		vp_attr_name(p, i, name, sizeof(name));
		if (vp_attr_text(p, i, NULL, 0) < 0)
			return refuse(p, VP_TOO_LONG, "", span_of(name), none);
	}
	return vp_error(p);
}
EXPORT_SYMBOL_GPL(vp_seal);

/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/*
 * VFIO device profiles: what a device says of itself for migration, and the
 * one engine that compares two of them.
 *
 * This header and drivers/vfio/profile/engine*.c are compiled by the kernel
 * module, by the userspace library and by the tests.  They are pure C: no
 * allocation, no recursion, no locale, nothing but mem*() and strlen() from
 * outside.
 */
#ifndef _LINUX_VFIO_PROFILE_ENGINE_H
#define _LINUX_VFIO_PROFILE_ENGINE_H

#include <linux/types.h>
#ifndef __KERNEL__
#include <stdbool.h>
#include <stddef.h>
#endif

/* Limits of the interface; they hold on every architecture. */
#define VP_NAME_MAX		31	/* of a field or resource name */
#define VP_VALUE_MAX		64	/* of a field value, API, type, driver */
#define VP_RESOURCE_MAX		1023	/* of a resource value */
#define VP_VENDOR_MAX		255	/* of the vendor text */
#define VP_LINE_MAX		4094	/* of a line or attribute, less '\n' */
#define VP_FIELDS_MAX		16
#define VP_RESOURCES_MAX	16
#define VP_MEMBERS_MAX		768	/* of all sets together */
#define VP_SERIES_MAX		64	/* of one set of series */
#define VP_TYPES_MAX		64	/* of compatible_type */
#define VP_MINOR_LISTED		63	/* above it a driver lists its series */
#define VP_POOL_SIZE		12608	/* bytes of all strings together */
#define VP_POOL_NULS		8	/* behind them: read in eights */

#define VP_ATTR_NAME_SIZE	48	/* holds "compatible_<name>" and NUL */
#define VP_SERIES_SIZE		12	/* holds "65535.65535" and NUL */

/* Series for describe(): the device's own, whatever that is at present. */
#define VP_SERIES_OWN		0xffffffffU

/**
 * enum vp_list - the sets of a profile, in the order they are kept
 * @VP_ACCEPTS: series accepted as incoming (compatible_software_version)
 * @VP_EMITS: series an instance can be pinned to (emitted_software_version)
 * @VP_TYPES: type ids accepted as incoming (compatible_type)
 * @VP_FIELDS: the first of the declared fields (compatible_<field>); they
 *	are sorted by name
 */
enum vp_list {
	VP_ACCEPTS,
	VP_EMITS,
	VP_TYPES,
	VP_FIELDS,
};

/**
 * enum vp_rule - the rules of a verdict, in the order they are reported
 * @VP_RULE_API: device_api is equal
 * @VP_RULE_TYPE: the type is equal, or one that the destination accepts
 * @VP_RULE_VERSION: the destination accepts the source's series
 * @VP_RULE_FIELD: the destination accepts what the source needs of one field
 * @VP_RULE_RESOURCES: dynamic resources; a row for the names, and between
 *	two instances a row for each value
 * @VP_RULE_VENDOR: the destination driver's own check()
 */
enum vp_rule {
	VP_RULE_API,
	VP_RULE_TYPE,
	VP_RULE_VERSION,
	VP_RULE_FIELD,
	VP_RULE_RESOURCES,
	VP_RULE_VENDOR,
};

/**
 * enum vp_result - outcome of a rule or of a whole verdict
 * @VP_PASS: the rule holds; of a verdict: compatible
 * @VP_FAIL: it does not; of a verdict: incompatible
 * @VP_UNKNOWN: this comparison cannot decide it
 * @VP_IGNORED: only the destination has it, so nothing is asked of it
 */
enum vp_result {
	VP_PASS,
	VP_FAIL,
	VP_UNKNOWN,
	VP_IGNORED,
};

/**
 * enum vp_why - why a profile was refused; vp_explain() puts it in words
 * @VP_OK: it was not
 * @VP_BAD_NAME: a name that is not [a-z][a-z0-9_]{0,30}
 * @VP_BAD_RESERVED: a name that collides with an attribute of the core
 * @VP_BAD_VALUE: a value with a character that is not allowed, or too long
 * @VP_BAD_VERSION: not a version, or not a series
 * @VP_REPEATED: a value that was there already
 * @VP_EMPTY: a list without a value
 * @VP_MISSING: something every profile has was not given
 * @VP_NO_OWN: a list of series without the device's own
 * @VP_TOO_NEW: an emitted series above the device's own
 * @VP_MUST_LIST: a minor version too high for a list made by the core
 * @VP_TOO_MANY: more fields, resources or values than a profile holds
 * @VP_TOO_LONG: a rendered attribute that would not fit a page
 * @VP_MIXED: a type with resource values, or an instance without one
 */
enum vp_why {
	VP_OK,
	VP_BAD_NAME,
	VP_BAD_RESERVED,
	VP_BAD_VALUE,
	VP_BAD_VERSION,
	VP_REPEATED,
	VP_EMPTY,
	VP_MISSING,
	VP_NO_OWN,
	VP_TOO_NEW,
	VP_MUST_LIST,
	VP_TOO_MANY,
	VP_TOO_LONG,
	VP_MIXED,
};

/**
 * struct vp_set - a sorted run of @member
 * @name: offset of the field's name in @pool, 0 for a set without one
 * @first: index of the first member
 * @count: number of members
 */
struct vp_set {
	__u16 name;
	__u16 first;
	__u16 count;
};

/**
 * struct vp_resource - an instance attribute that a manager copies
 * @name: offset of the name in the pool
 * @value: offset of the value; 0 in a type's profile
 */
struct vp_resource {
	__u16 name;
	__u16 value;
};

/**
 * struct vp_profile - what a type or an instance says of itself
 * @why: first thing wrong with it; everything after that is ignored
 * @bad_attr: name of the attribute that @why is about
 * @bad_value: the refused value, cut and made printable
 * @version: software_version: major, minor, bugfix
 * @has_version: @version was given
 * @nr_fields: number of declared fields
 * @nr_resources: number of dynamic resources
 * @nr_members: members used, of all sets
 * @pool_used: bytes used in @pool; offset 0 is the empty string
 * @driver: offset of the driver's name
 * @api: offset of the device API
 * @type: offset of the type id
 * @vendor: offset of the vendor text; 0 if the driver has no check()
 * @set: the sets, see enum vp_list
 * @resource: the resources, sorted by name
 * @member: members of all sets: a series, or an offset in @pool
 * @pool: all strings, each with its NUL; VP_POOL_NULS follow what is used
 *
 * One flat block without pointers: it can be copied, and needs no clearing
 * before vp_init(), vp_parse().  Only functions change it; what check() is to
 * read of a source it finds here, with vp_str(), vp_find_field(), vp_member()
 * and vp_find_resource().
 */
struct vp_profile {
	__u8 why;
	bool has_version;
	__u8 nr_fields;
	__u8 nr_resources;
	__u16 version[3];
	__u16 nr_members;
	__u16 pool_used;
	__u16 driver;
	__u16 api;
	__u16 type;
	__u16 vendor;
	char bad_attr[VP_ATTR_NAME_SIZE];
	char bad_value[VP_ATTR_NAME_SIZE];
	struct vp_set set[VP_FIELDS + VP_FIELDS_MAX];
	struct vp_resource resource[VP_RESOURCES_MAX];
	__u32 member[VP_MEMBERS_MAX];
	char pool[VP_POOL_SIZE + VP_POOL_NULS];
};

/* api, type, version, fields of both sides, names and values, vendor */
#define VP_ROWS_MAX	(3 + 2 * VP_FIELDS_MAX + 1 + VP_RESOURCES_MAX + 1)

/**
 * struct vp_row - one rule of a verdict
 * @rule: enum vp_rule
 * @result: enum vp_result
 * @src: index of the field or resource in the source's profile, or -1
 * @dst: the same in the destination's
 */
struct vp_row {
	__u8 rule;
	__u8 result;
	__s8 src;
	__s8 dst;
};

/**
 * struct vp_verdict - outcome of vp_compare()
 * @result: VP_PASS (compatible), VP_FAIL or VP_UNKNOWN
 * @cross_type: the types differ and the destination accepts the source's
 * @nr: number of rows
 * @row: every rule that was evaluated
 */
struct vp_verdict {
	__u8 result;
	bool cross_type;
	__u8 nr;
	struct vp_row row[VP_ROWS_MAX];
};

/**
 * vp_series - "major.minor" as a number that sorts
 * @major: the first number of a version
 * @minor: the second
 *
 * Return: the series.
 */
static inline __u32 vp_series(__u16 major, __u16 minor)
{
	return (__u32)major << 16 | minor;
}

static inline __u32 vp_own_series(const struct vp_profile *p)
{
	return vp_series(p->version[0], p->version[1]);
}

/**
 * vp_str - a string of a profile by its offset
 * @p: the profile
 * @offset: where it is in the pool, as in @p->vendor
 *
 * Return: the string; "" for 0.
 */
static inline const char *vp_str(const struct vp_profile *p, __u16 offset)
{
	return p->pool + offset;
}

/*
 * Building a profile: what a describe() callback uses.  Strings are copied and
 * must not be NULL; errors stick, so that only the core needs to look.  Names
 * are [a-z][a-z0-9_]{0,30}, values 1..64 printable characters without blank
 * , = ; % and versions decimal numbers; the functions' own comments say more.
 */

/* "major.minor.bugfix" of the migration stream; everybody calls this once. */
int vp_version(struct vp_profile *p, const char *version);
/* "major.minor" accepted as incoming; if none: major.0 up to the own series. */
int vp_accept(struct vp_profile *p, const char *series);
/* "major.minor" an instance can be pinned to; if none: the own series. */
int vp_emit(struct vp_profile *p, const char *series);
/* Another type whose stream is accepted too. */
int vp_accept_type(struct vp_profile *p, const char *type);
/* One value, or several parted by commas, of compatible_<field>. */
int vp_add(struct vp_profile *p, const char *field, const char *value);
int vp_add_list(struct vp_profile *p, const char *field, const char *values);
/* An attribute that a manager copies; its value, or NULL for a type. */
int vp_resource(struct vp_profile *p, const char *name, const char *value);
/* What the destination driver's check() reads; 0..255 bytes. */
int vp_vendor(struct vp_profile *p, const char *text);

/* Around it: what the core and the library use. */
void vp_init(struct vp_profile *p);
int vp_identify(struct vp_profile *p, const char *driver, const char *api,
		const char *type);
int vp_load(struct vp_profile *p, const char *attr, const char *text,
	    size_t len);
int vp_seal_line(struct vp_profile *p, bool instance);
int vp_seal(struct vp_profile *p, bool instance);
int vp_error(const struct vp_profile *p);
int vp_explain(const struct vp_profile *p, char *buf, size_t size);

/* The line. */
int vp_parse(struct vp_profile *p, const char *buf, size_t len);
int vp_format(const struct vp_profile *p, char *buf, size_t size);
int vp_parse_series(const char *text, size_t len, __u32 *series);

/* The attributes of a node: 0 .. vp_attr_count() - 1. */
unsigned int vp_attr_count(const struct vp_profile *p);
int vp_attr_name(const struct vp_profile *p, unsigned int i, char *buf,
		 size_t size);
int vp_attr_text(const struct vp_profile *p, unsigned int i, char *buf,
		 size_t size);

/* Members of a set, and where a set is. */
int vp_find_field(const struct vp_profile *p, const char *name);
int vp_find_resource(const struct vp_profile *p, const char *name);
const char *vp_member(const struct vp_profile *p, unsigned int set,
		      unsigned int i, char buf[VP_SERIES_SIZE]);
bool vp_has_series(const struct vp_profile *p, enum vp_list list, __u32 series);
bool vp_missing(const struct vp_profile *src, unsigned int s,
		const struct vp_profile *dst, int d, unsigned int i);

/* The verdict. */
void vp_compare(const struct vp_profile *src, const struct vp_profile *dst,
		const struct vp_profile *inst, enum vp_result check,
		struct vp_verdict *v);
int vp_errno(const struct vp_verdict *v);
const char *vp_row_name(const struct vp_verdict *v, unsigned int i,
			const struct vp_profile *src,
			const struct vp_profile *dst);
int vp_reason(const struct vp_verdict *v, unsigned int i,
	      const struct vp_profile *src, const struct vp_profile *dst,
	      const struct vp_profile *inst, char *buf, size_t size);

/**
 * enum vp_side - a side of a comparison
 * @VP_SOURCE: where the state comes from
 * @VP_DESTINATION: where it is to go
 */
enum vp_side {
	VP_SOURCE,
	VP_DESTINATION,
};

int vp_row_value(const struct vp_verdict *v, unsigned int i, enum vp_side side,
		 const struct vp_profile *src, const struct vp_profile *dst,
		 const struct vp_profile *inst, char *buf, size_t size);
const char *vp_rule_name(enum vp_rule rule);
const char *vp_result_name(enum vp_result result);

/**
 * enum vp_labels - whose labels vp_label() lists
 * @VP_PROVIDES: those of a type as destination
 * @VP_REQUIRES: those that a source asks for, of the same type
 * @VP_REQUIRES_CROSS: those that a source asks for, other types allowed
 */
enum vp_labels {
	VP_PROVIDES,
	VP_REQUIRES,
	VP_REQUIRES_CROSS,
};

int vp_label(const struct vp_profile *p, enum vp_labels whose, unsigned int i,
	     char *buf, size_t size);

#endif /* _LINUX_VFIO_PROFILE_ENGINE_H */

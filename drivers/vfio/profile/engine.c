// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * The rules: will a destination take the state of a source, and why not.
 *
 * Each rule of the interface is in this file and nowhere else.
 */
#include "engine.h"

static_assert(VP_ROWS_MAX <= 255, "vp_verdict.nr is 8 bits");

/* ---- the verdict ---- */

static int str_cmp(const struct vp_profile *a, __u16 x,
		   const struct vp_profile *b, __u16 y)
{
	return str_order(vp_str(a, x), vp_str(b, y));
}

static void add_row(struct vp_verdict *v, enum vp_rule rule,
		    enum vp_result result, int src, int dst)
{
	v->row[v->nr++] = (struct vp_row){ rule, result, src, dst };
	if (result == VP_FAIL || (result == VP_UNKNOWN && v->result == VP_PASS))
		v->result = result;
}

static void compare_type(const struct vp_profile *src,
			 const struct vp_profile *dst, struct vp_verdict *v)
{
	bool listed;

	if (!str_cmp(src, src->type, dst, dst->type)) {
		add_row(v, VP_RULE_TYPE, VP_PASS, -1, -1);
		return;
	}
	vp_member_find(dst, VP_TYPES, span_of(vp_str(src, src->type)), 0,
		       &listed);
	v->cross_type = listed;
	add_row(v, VP_RULE_TYPE, listed ? VP_PASS : VP_FAIL, -1, -1);
}

/* An instance whose series is not its type's own is pinned to it. */
static bool is_pinned(const struct vp_profile *dst,
		      const struct vp_profile *inst)
{
	return inst && vp_own_series(inst) != vp_own_series(dst);
}

static void compare_version(const struct vp_profile *src,
			    const struct vp_profile *dst,
			    const struct vp_profile *inst, struct vp_verdict *v)
{
	bool ok = vp_has_series(dst, VP_ACCEPTS, vp_own_series(src));

	if (is_pinned(dst, inst) && vp_own_series(src) > vp_own_series(inst))
		ok = false;
	add_row(v, VP_RULE_VERSION, ok ? VP_PASS : VP_FAIL, -1, -1);
}

/* Both sets are sorted: one walk over both. */
static bool is_subset(const struct vp_profile *src, struct vp_set s,
		      const struct vp_profile *dst, struct vp_set d)
{
	unsigned int i = 0, j = 0;

	while (i < s.count && j < d.count) {
		int cmp = str_cmp(src, src->member[s.first + i], dst,
				  dst->member[d.first + j]);

		if (cmp < 0)
			return false;
		if (!cmp)
			i++;
		j++;
	}
	return i == s.count;
}

static void compare_fields(const struct vp_profile *src,
			   const struct vp_profile *dst, struct vp_verdict *v)
{
	int s = VP_FIELDS, s_end = VP_FIELDS + src->nr_fields;
	int d = VP_FIELDS, d_end = VP_FIELDS + dst->nr_fields;

	while (s < s_end || d < d_end) {
		int cmp = s == s_end ? 1 :
			  d == d_end ? -1 :
				       str_cmp(src, src->set[s].name, dst,
					       dst->set[d].name);

		if (cmp < 0) {
			add_row(v, VP_RULE_FIELD, VP_FAIL, s++, -1);
		} else if (cmp > 0) {
			add_row(v, VP_RULE_FIELD, VP_IGNORED, -1, d++);
		} else {
			bool ok = is_subset(src, src->set[s], dst, dst->set[d]);

			add_row(v, VP_RULE_FIELD, ok ? VP_PASS : VP_FAIL, s++,
				d++);
		}
	}
}

static int resource_at(const struct vp_profile *src, unsigned int i,
		       const struct vp_profile *dst)
{
	return vp_find_resource(dst, vp_str(src, src->resource[i].name));
}

static void compare_resources(const struct vp_profile *src,
			      const struct vp_profile *dst, bool instance,
			      struct vp_verdict *v)
{
	enum vp_result names = VP_PASS;
	unsigned int i;

	for (i = 0; i < src->nr_resources; i++) {
		if (resource_at(src, i, dst) < 0)
			names = VP_FAIL;
		else if (instance && !src->resource[i].value &&
			 names == VP_PASS)
			names = VP_UNKNOWN;
	}
	add_row(v, VP_RULE_RESOURCES, names, -1, -1);
	for (i = 0; instance && i < src->nr_resources; i++) {
		int d = resource_at(src, i, dst);

		if (d < 0 || !src->resource[i].value)
			continue;
		add_row(v, VP_RULE_RESOURCES,
			str_cmp(src, src->resource[i].value, dst,
				dst->resource[d].value) ?
				VP_FAIL :
				VP_PASS,
			i, d);
	}
}

/**
 * vp_compare - will a destination take the state of a source?
 * @src: the source: what vp_parse() or vp_seal() made
 * @dst: what the destination accepts: a sealed type or PCI function
 * @inst: the destination's own line if it is an instance, for its resource
 *	values and its pin; NULL if the destination is a type
 * @check: what the destination driver's check() said: VP_PASS, VP_FAIL, or
 *	VP_UNKNOWN if it was not asked.  Of no effect if it has none
 * @v: receives every rule with its outcome
 *
 * All rules are evaluated.  Any that fails: incompatible.  Else any unknown:
 * unknown.  Else compatible.  Capacity is no part of it.
 */
void vp_compare(const struct vp_profile *src, const struct vp_profile *dst,
		const struct vp_profile *inst, enum vp_result check,
		struct vp_verdict *v)
{
	v->result = VP_PASS;
	v->cross_type = false;
	v->nr = 0;
	add_row(v, VP_RULE_API,
		str_cmp(src, src->api, dst, dst->api) ? VP_FAIL : VP_PASS, -1,
		-1);
	compare_type(src, dst, v);
	compare_version(src, dst, inst, v);
	compare_fields(src, dst, v);
	compare_resources(src, inst ?: dst, inst, v);
	if (dst->vendor)
		add_row(v, VP_RULE_VENDOR, check, -1, -1);
	else if (src->vendor)
		add_row(v, VP_RULE_VENDOR, VP_FAIL, -1, -1);
}
EXPORT_SYMBOL_GPL(vp_compare);

/**
 * vp_errno - the errno that a write of a line gives for a verdict
 * @v: the verdict
 *
 * Return: 0 if compatible, -EMEDIUMTYPE if not, -ENODATA if unknown.
 */
int vp_errno(const struct vp_verdict *v)
{
	if (v->result == VP_PASS)
		return 0;
	return v->result == VP_FAIL ? -EMEDIUMTYPE : -ENODATA;
}
EXPORT_SYMBOL_GPL(vp_errno);

/**
 * vp_rule_name - what a rule is called, in text and JSON
 * @rule: the rule
 *
 * Return: a constant string.
 */
const char *vp_rule_name(enum vp_rule rule)
{
	static const char *const names[] = {
		"device_api",	     "type",   "software_version", "field",
		"dynamic_resources", "vendor",
	};

	return names[rule];
}
EXPORT_SYMBOL_GPL(vp_rule_name);

/**
 * vp_result_name - what an outcome is called, in text and JSON
 * @result: the outcome of a rule
 *
 * Return: a constant string.
 */
const char *vp_result_name(enum vp_result result)
{
	static const char *const names[] = {
		"pass",
		"fail",
		"unknown",
		"ignored",
	};

	return names[result];
}
EXPORT_SYMBOL_GPL(vp_result_name);

/**
 * vp_row_name - the field or resource that a row is about
 * @v: the verdict
 * @i: number of the row
 * @src: the source that was compared
 * @dst: the destination that was compared
 *
 * Return: its name, or NULL if the rule is not about a single one.
 */
const char *vp_row_name(const struct vp_verdict *v, unsigned int i,
			const struct vp_profile *src,
			const struct vp_profile *dst)
{
	struct vp_row row = v->row[i];

	if (row.rule == VP_RULE_RESOURCES && row.src >= 0)
		return vp_str(src, src->resource[row.src].name);
	if (row.rule != VP_RULE_FIELD)
		return NULL;
	return row.src >= 0 ? vp_str(src, src->set[row.src].name) :
			      vp_str(dst, dst->set[row.dst].name);
}
EXPORT_SYMBOL_GPL(vp_row_name);

static void reason_type(struct vp_out *o, const struct vp_verdict *v,
			enum vp_result result, const struct vp_profile *src,
			const struct vp_profile *dst)
{
	if (result == VP_PASS && !v->cross_type) {
		out_str(o, "both are ");
		out_str(o, vp_str(src, src->type));
		return;
	}
	out_str(o, "the source is ");
	out_str(o, vp_str(src, src->type));
	out_str(o, ", the destination accepts ");
	vp_out_set(o, dst, VP_TYPES);
}

static void reason_version(struct vp_out *o, const struct vp_profile *src,
			   const struct vp_profile *dst,
			   const struct vp_profile *inst)
{
	out_str(o, "the source is ");
	vp_out_version(o, src);
	out_str(o, ", the destination accepts ");
	vp_out_set(o, dst, VP_ACCEPTS);
	if (is_pinned(dst, inst)) {
		out_str(o, " and is pinned to ");
		out_series(o, vp_own_series(inst));
	}
}

static void reason_field(struct vp_out *o, struct vp_row row,
			 const struct vp_profile *src,
			 const struct vp_profile *dst)
{
	const char *comma = "";
	unsigned int i;

	if (row.result == VP_IGNORED) {
		out_str(o, "the source does not ask for it");
	} else if (row.result == VP_PASS) {
		out_str(o, "the destination accepts ");
		vp_out_set(o, src, row.src);
	} else if (row.dst < 0) {
		out_str(o,
			"the destination does not have it, the source needs ");
		vp_out_set(o, src, row.src);
	} else {
		out_str(o, "the destination lacks ");
		for (i = 0; i < src->set[row.src].count; i++) {
			char buf[VP_SERIES_SIZE];

			if (!vp_missing(src, row.src, dst, row.dst, i))
				continue;
			out_str(o, comma);
			out_str(o, vp_member(src, row.src, i, buf));
			comma = ",";
		}
	}
}

static void reason_resources(struct vp_out *o, struct vp_row row,
			     const struct vp_profile *src,
			     const struct vp_profile *dst)
{
	const char *comma = "";
	unsigned int i;

	if (row.src >= 0) {
		out_str(o, "the source has ");
		out_escaped(o,
			    span_of(vp_str(src, src->resource[row.src].value)));
		out_str(o, ", the destination ");
		out_escaped(o,
			    span_of(vp_str(dst, dst->resource[row.dst].value)));
		return;
	}
	if (!src->nr_resources) {
		out_str(o, "the source has none");
		return;
	}
	out_str(o, row.result == VP_FAIL ? "the destination lacks " :
		   row.result == VP_PASS ? "the destination has " :
					   "a type has no values to compare: ");
	for (i = 0; i < src->nr_resources; i++) {
		if (row.result == VP_FAIL && resource_at(src, i, dst) >= 0)
			continue;
		out_str(o, comma);
		out_str(o, vp_str(src, src->resource[i].name));
		comma = ",";
	}
}

static void reason_vendor(struct vp_out *o, enum vp_result result,
			  const struct vp_profile *dst)
{
	if (!dst->vendor)
		out_str(o,
			"the destination's driver cannot check the source's vendor data");
	else if (result == VP_UNKNOWN)
		out_str(o, "the destination's driver was not asked");
	else
		out_str(o, result == VP_PASS ?
				   "the destination's driver agrees" :
				   "the destination's driver refuses");
}

/**
 * vp_reason - one rule of a verdict, in words, with both values
 * @v: the verdict
 * @i: number of the row
 * @src: the source that was compared
 * @dst: the destination that was compared
 * @inst: its instance, as given to vp_compare()
 * @buf: receives printable ASCII; foreign values are percent-encoded
 * @size: size of @buf; longer text is cut and ends in ".."
 *
 * Return: length of the whole text.
 */
int vp_reason(const struct vp_verdict *v, unsigned int i,
	      const struct vp_profile *src, const struct vp_profile *dst,
	      const struct vp_profile *inst, char *buf, size_t size)
{
	struct vp_out o = { buf, size, 0 };
	struct vp_row row = v->row[i];

	switch (row.rule) {
	case VP_RULE_API:
		out_str(&o, "the source is ");
		out_str(&o, vp_str(src, src->api));
		out_str(&o, ", the destination ");
		out_str(&o, vp_str(dst, dst->api));
		break;
	case VP_RULE_TYPE:
		reason_type(&o, v, row.result, src, dst);
		break;
	case VP_RULE_VERSION:
		reason_version(&o, src, dst, inst);
		break;
	case VP_RULE_FIELD:
		reason_field(&o, row, src, dst);
		break;
	case VP_RULE_RESOURCES:
		reason_resources(&o, row, src, inst ?: dst);
		break;
	default:
		reason_vendor(&o, row.result, dst);
	}
	return out_end(&o);
}
EXPORT_SYMBOL_GPL(vp_reason);

/* What @p has of dynamic resource @i, or the names of all of them. */
static void value_resources(struct vp_out *o, const struct vp_profile *p, int i)
{
	unsigned int n;

	if (i >= 0) {
		out_escaped(o, span_of(vp_str(p, p->resource[i].value)));
		return;
	}
	for (n = 0; n < p->nr_resources; n++) {
		if (n)
			out_char(o, ',');
		out_str(o, vp_str(p, p->resource[n].name));
	}
}

/* What a destination accepts at present: nothing above its pin. */
static void value_accepts(struct vp_out *o, const struct vp_profile *dst,
			  const struct vp_profile *inst)
{
	struct vp_set set = dst->set[VP_ACCEPTS];
	unsigned int i;

	for (i = 0; i < set.count; i++) {
		__u32 series = dst->member[set.first + i];

		if (is_pinned(dst, inst) && series > vp_own_series(inst))
			break;
		if (i)
			out_char(o, ',');
		out_series(o, series);
	}
}

/**
 * vp_row_value - what one side of a rule has
 * @v: the verdict
 * @i: number of the row
 * @side: which side
 * @src: the source that was compared
 * @dst: the destination that was compared
 * @inst: its instance, as given to vp_compare()
 * @buf: receives the values, parted by commas: of a source what it has or
 *	needs, of a destination what it has or accepts; nothing if it has none.
 *	Printable ASCII; foreign values are percent-encoded
 * @size: size of @buf; longer text is cut and ends in ".."
 *
 * Return: length of the whole text.
 */
int vp_row_value(const struct vp_verdict *v, unsigned int i, enum vp_side side,
		 const struct vp_profile *src, const struct vp_profile *dst,
		 const struct vp_profile *inst, char *buf, size_t size)
{
	struct vp_out o = { buf, size, 0 };
	struct vp_row row = v->row[i];
	bool source = side == VP_SOURCE;
	const struct vp_profile *p = source ? src : dst;
	int at = source ? row.src : row.dst;

	switch (row.rule) {
	case VP_RULE_API:
		out_str(&o, vp_str(p, p->api));
		break;
	case VP_RULE_TYPE:
		if (source)
			out_str(&o, vp_str(p, p->type));
		else
			vp_out_set(&o, p, VP_TYPES);
		break;
	case VP_RULE_VERSION:
		if (source)
			vp_out_version(&o, p);
		else
			value_accepts(&o, p, inst);
		break;
	case VP_RULE_FIELD:
		if (at >= 0)
			vp_out_set(&o, p, at);
		break;
	case VP_RULE_RESOURCES:
		value_resources(&o, source ? src : inst ?: dst, at);
		break;
	default:
		out_escaped(&o, span_of(vp_str(p, p->vendor)));
	}
	return out_end(&o);
}
EXPORT_SYMBOL_GPL(vp_row_value);

/* ---- scheduler labels ---- */

/* Whether label number *@i is among the next @nr; else count past them. */
static bool label_in(unsigned int *i, unsigned int nr)
{
	if (*i < nr)
		return true;
	*i -= nr;
	return false;
}

static void label_set(struct vp_out *o, const struct vp_profile *p,
		      unsigned int set, unsigned int i)
{
	char buf[VP_SERIES_SIZE];

	out_str(o, vp_member(p, set, i, buf));
}

static void label_field(struct vp_out *o, const struct vp_profile *p,
			unsigned int i)
{
	unsigned int set;

	for (set = VP_FIELDS; set < vp_sets(p); set++) {
		if (!label_in(&i, p->set[set].count + 1))
			continue;
		out_str(o, "field.");
		out_str(o, vp_str(p, p->set[set].name));
		if (i) {
			out_char(o, '=');
			label_set(o, p, set, i - 1);
		}
		return;
	}
}

/**
 * vp_label - one label of a profile, for schedulers that match flat sets
 * @p: a type that provides them, or the line of a source that requires them
 * @whose: which
 * @i: number of the label, from 0
 * @buf: receives it; 128 bytes hold each
 * @size: size of @buf
 *
 * For a type without check() as destination, "the source's labels are among
 * the destination's" is the verdict.  They are exact for one type of one
 * parent only: joined over several they would lie.
 *
 * Return: length of the label, or -ENOENT after the last.
 */
int vp_label(const struct vp_profile *p, enum vp_labels whose, unsigned int i,
	     char *buf, size_t size)
{
	bool provides = whose == VP_PROVIDES;
	struct vp_out o = { buf, size, 0 };
	unsigned int fields = p->nr_members + p->nr_fields - p->set[0].count -
			      p->set[1].count - p->set[2].count;

	if (label_in(&i, 1)) {
		out_str(&o, "api=");
		out_str(&o, vp_str(p, p->api));
	} else if (label_in(&i, whose != VP_REQUIRES_CROSS)) {
		out_str(&o, "type=");
		out_str(&o, vp_str(p, p->type));
	} else if (label_in(&i, provides ? p->set[VP_TYPES].count : 0)) {
		out_str(&o, "accept-type=");
		label_set(&o, p, VP_TYPES, i);
	} else if (label_in(&i, whose == VP_REQUIRES_CROSS)) {
		out_str(&o, "accept-type=");
		out_str(&o, vp_str(p, p->type));
	} else if (label_in(&i, provides ? p->set[VP_ACCEPTS].count : 1)) {
		out_str(&o, "series=");
		if (provides)
			label_set(&o, p, VP_ACCEPTS, i);
		else
			out_series(&o, vp_own_series(p));
	} else if (label_in(&i, fields)) {
		label_field(&o, p, i);
	} else if (label_in(&i, p->nr_resources)) {
		out_str(&o, "resource.");
		out_str(&o, vp_str(p, p->resource[i].name));
	} else if (label_in(&i, !!p->vendor)) {
		out_str(&o, "vendor");
	} else {
		return -ENOENT;
	}
	return out_end(&o);
}
EXPORT_SYMBOL_GPL(vp_label);

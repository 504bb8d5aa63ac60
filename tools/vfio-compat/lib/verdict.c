// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * Reading a verdict: each rule, with the values of both sides.
 */
#include <assert.h>

#include "verdict.h"

/* The engine's outcomes are passed on as they are. */
#define SAME(a, b) static_assert((int)(a) == (int)(b), "must be the same")
SAME(VFIO_COMPAT_PASS, VP_PASS);
SAME(VFIO_COMPAT_FAIL, VP_FAIL);
SAME(VFIO_COMPAT_UNDECIDED, VP_UNKNOWN);
SAME(VFIO_COMPAT_IGNORED, VP_IGNORED);

/**
 * vfio_compat_verdict_result - outcome of a comparison
 * @verdict: the verdict
 *
 * Return: VFIO_COMPAT_PASS, VFIO_COMPAT_FAIL or VFIO_COMPAT_UNDECIDED.
 */
enum vfio_compat_result
vfio_compat_verdict_result(const struct vfio_compat_verdict *verdict)
{
	return (enum vfio_compat_result)verdict->rules.result;
}

/**
 * vfio_compat_verdict_cross_type - whether a verdict is about two types
 * @verdict: the verdict
 *
 * Return: true if the types differ and the destination accepts the source's.
 */
bool vfio_compat_verdict_cross_type(const struct vfio_compat_verdict *verdict)
{
	return verdict->rules.cross_type;
}

/**
 * vfio_compat_verdict_probed - whether the destination's driver has answered
 * @verdict: the verdict
 *
 * Return: true after a vfio_compat_probe() that the driver answered: yes, no,
 * or that this line is not enough to decide.
 */
bool vfio_compat_verdict_probed(const struct vfio_compat_verdict *verdict)
{
	return verdict->probed;
}

/**
 * vfio_compat_verdict_return - whether the state could come back
 * @verdict: the verdict
 *
 * Return: what the rules say with the sides exchanged; VFIO_COMPAT_UNDECIDED
 * if the source says nothing of what it accepts.
 */
enum vfio_compat_result
vfio_compat_verdict_return(const struct vfio_compat_verdict *verdict)
{
	return verdict->back;
}

/**
 * vfio_compat_verdict_pin - a series that both sides know
 * @verdict: the verdict
 *
 * Return: "major.minor" that the source could be pinned to if the series it
 * emits now is refused, the highest; NULL if it is not refused, or if none
 * would do.  The fields may then differ too: compare again.
 */
const char *
vfio_compat_verdict_pin(const struct vfio_compat_verdict *verdict)
{
	return verdict->pin[0] ? verdict->pin : NULL;
}

/**
 * vfio_compat_verdict_count - how many rules were evaluated
 * @verdict: the verdict
 *
 * Return: the number of reasons.
 */
unsigned int
vfio_compat_verdict_count(const struct vfio_compat_verdict *verdict)
{
	return verdict->rules.nr;
}

/**
 * vfio_compat_reason_rule - a rule that was evaluated
 * @verdict: the verdict
 * @i: number of the reason
 *
 * Return: its name, such as "software_version".
 */
const char *vfio_compat_reason_rule(const struct vfio_compat_verdict *verdict,
				    unsigned int i)
{
	return vp_rule_name(verdict->rules.row[i].rule);
}

/**
 * vfio_compat_reason_field - field or resource that a rule is about
 * @verdict: the verdict
 * @i: number of the reason
 *
 * Return: its name; NULL if the rule is not about one.
 */
const char *vfio_compat_reason_field(const struct vfio_compat_verdict *verdict,
				     unsigned int i)
{
	return vp_row_name(&verdict->rules, i, verdict->needs,
			   verdict->offers);
}

/**
 * vfio_compat_reason_result - outcome of one rule
 * @verdict: the verdict
 * @i: number of the reason
 *
 * Return: the outcome.
 */
enum vfio_compat_result
vfio_compat_reason_result(const struct vfio_compat_verdict *verdict,
			  unsigned int i)
{
	return (enum vfio_compat_result)verdict->rules.row[i].result;
}

/**
 * vfio_compat_reason_message - a reason in words
 * @verdict: the verdict
 * @i: number of the reason
 *
 * Return: printable text; it lasts until the next call for this verdict.
 */
const char *vfio_compat_reason_message(struct vfio_compat_verdict *verdict,
				       unsigned int i)
{
	vp_reason(&verdict->rules, i, verdict->needs, verdict->offers,
		  verdict->inst, verdict->text, sizeof(verdict->text));
	return verdict->text;
}

/**
 * vfio_compat_result_name - an outcome in one word
 * @result: the outcome
 *
 * Return: "pass", "fail", "unknown" or "ignored".
 */
const char *vfio_compat_result_name(enum vfio_compat_result result)
{
	return vp_result_name((enum vp_result)result);
}

static const char *nth_member(const struct vp_profile *p, int set,
			      unsigned int n, char *buf)
{
	return set < 0 || n >= p->set[set].count ? NULL :
						   vp_member(p, set, n, buf);
}

/* An instance's resources are in its line. */
static const struct vp_profile *
resources_of(const struct vfio_compat_verdict *v)
{
	return v->inst ? v->inst : v->offers;
}

static const char *nth_resource(const struct vp_profile *p, unsigned int n)
{
	return n < p->nr_resources ? vp_str(p, p->resource[n].name) : NULL;
}

/* What the source has, or needs. */
static const char *of_source(struct vfio_compat_verdict *v, struct vp_row row,
			     unsigned int n)
{
	const struct vp_profile *p = v->needs;
	const char *only = NULL;

	switch (row.rule) {
	case VP_RULE_API:
		only = vp_str(p, p->api);
		break;
	case VP_RULE_TYPE:
		only = vp_str(p, p->type);
		break;
	case VP_RULE_VERSION:
		only = vc_version(p, v->text, sizeof(v->text));
		break;
	case VP_RULE_FIELD:
		return nth_member(p, row.src, n, v->text);
	case VP_RULE_RESOURCES:
		if (row.src < 0)
			return nth_resource(p, n);
		only = vp_str(p, p->resource[row.src].value);
		break;
	default:
		only = p->vendor ? vp_str(p, p->vendor) : NULL;
	}
	return n ? NULL : only;
}

/* What the destination has, or accepts. */
static const char *of_destination(struct vfio_compat_verdict *v,
				  struct vp_row row, unsigned int n)
{
	const struct vp_profile *p = v->offers;

	switch (row.rule) {
	case VP_RULE_API:
		return n ? NULL : vp_str(p, p->api);
	case VP_RULE_TYPE:
		return nth_member(p, VP_TYPES, n, v->text);
	case VP_RULE_VERSION:
		return vc_accepted(p, v->inst, n, v->text);
	case VP_RULE_FIELD:
		return nth_member(p, row.dst, n, v->text);
	case VP_RULE_RESOURCES:
		p = resources_of(v);
		if (row.dst < 0)
			return nth_resource(p, n);
		return n ? NULL : vp_str(p, p->resource[row.dst].value);
	default:
		return NULL;
	}
}

/* Whether the source's @n-th value is what the destination lacks. */
static bool is_missing(struct vfio_compat_verdict *v, struct vp_row row,
		       unsigned int n)
{
	const struct vp_profile *src = v->needs, *dst = v->offers;

	if (row.result != VP_FAIL || row.rule == VP_RULE_VENDOR)
		return false;
	if (row.rule == VP_RULE_FIELD)
		return vp_missing(src, row.src, dst, row.dst, n);
	if (row.rule == VP_RULE_RESOURCES && row.src < 0)
		return vp_find_resource(resources_of(v),
					nth_resource(src, n)) < 0;
	return true;
}

static const char *missing(struct vfio_compat_verdict *v, struct vp_row row,
			   unsigned int n)
{
	const char *value;
	unsigned int i;

	for (i = 0; (value = of_source(v, row, i)); i++)
		if (is_missing(v, row, i) && !n--)
			return value;
	return NULL;
}

/**
 * vfio_compat_reason_value - one value of one side of a rule
 * @verdict: the verdict
 * @i: number of the reason
 * @side: whose values
 * @n: number of the value, from 0
 *
 * Return: the value, which for resources and the vendor's rule may hold any
 * byte but NUL; NULL after the last.
 */
const char *vfio_compat_reason_value(struct vfio_compat_verdict *verdict,
				     unsigned int i,
				     enum vfio_compat_side side,
				     unsigned int n)
{
	struct vp_row row = verdict->rules.row[i];

	switch (side) {
	case VFIO_COMPAT_SOURCE:
		return of_source(verdict, row, n);
	case VFIO_COMPAT_DESTINATION:
		return of_destination(verdict, row, n);
	case VFIO_COMPAT_MISSING:
		return missing(verdict, row, n);
	}
	return NULL;
}

/**
 * vfio_compat_verdict_surplus - how much more a destination offers than asked
 * @verdict: the verdict, of a destination that takes the source
 *
 * The fewer, the better it fits, and the better are others left for sources
 * that need more.
 *
 * Return: the number of field values and dynamic resources that only the
 * destination has.
 */
unsigned int
vfio_compat_verdict_surplus(const struct vfio_compat_verdict *verdict)
{
	const struct vp_profile *src = verdict->needs;
	const struct vp_profile *dst = verdict->offers;
	unsigned int i;
	int more;

	more = dst->nr_resources - src->nr_resources;
	for (i = VP_FIELDS; i < (unsigned int)VP_FIELDS + dst->nr_fields; i++)
		more += dst->set[i].count;
	for (i = VP_FIELDS; i < (unsigned int)VP_FIELDS + src->nr_fields; i++)
		more -= src->set[i].count;
	return more > 0 ? more : 0;
}

// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * Before a claim: whether it can be done at all.  Nothing is changed here.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "claim.h"
#include "verdict.h"

static int check_place(struct vfio_compat_claim *c)
{
	struct vfio_compat_object *dst = c->dst;
	int dir;
	bool live;

	if (dst->node == VFIO_COMPAT_MDEV)
		return vc_fail(c->ctx, VFIO_COMPAT_USAGE, 0, dst->name, NULL,
			       "is an instance: expected PARENT/TYPE; to take this one add --adopt=%s",
			       dst->name);
	if (dst->node == VFIO_COMPAT_LINE || !dst->live)
		return vc_fail(c->ctx, VFIO_COMPAT_USAGE, 0, dst->name, NULL,
			       "is of a document: expected PARENT/TYPE of this machine; claim where the device is");
	if (c->flags & VFIO_COMPAT_CLAIM_DRY_RUN)
		return VFIO_COMPAT_OK;
	dir = vc_open_dir(c->ctx, dst->path);
	if (dir < 0)
		return VFIO_COMPAT_IO;
	live = vc_is_sysfs(dir);
	close(dir);
	if (live)
		return VFIO_COMPAT_OK;
	return vc_fail(c->ctx, VFIO_COMPAT_USAGE, 0, dst->name, dst->path,
		       "is of a recorded tree: expected a type of this machine; leave out --sysfs-root and VFIO_COMPAT_SYSFS_ROOT, or add --dry-run");
}

/* A document may call its instance anything: only a UUID counts. */
const char *vc_source_uuid(const struct vfio_compat_object *src)
{
	const char *uuid = vfio_compat_object_uuid(src);

	return uuid && vc_is_uuid(uuid) && !strpbrk(uuid, "ABCDEF") ?
	       uuid : NULL;
}

static int check_uuid(struct vfio_compat_claim *c)
{
	bool adopt = c->flags & VFIO_COMPAT_CLAIM_ADOPT;

	if (!c->uuid)
		return VFIO_COMPAT_OK;
	if (c->dst->node == VFIO_COMPAT_PCI)
		return vc_fail(c->ctx, VFIO_COMPAT_USAGE, 0, c->uuid, NULL,
			       "a PCI function has no UUID: expected none; leave it out");
	if (!strcmp(c->uuid, "same") && !vc_source_uuid(c->src))
		return vc_fail(c->ctx, VFIO_COMPAT_USAGE, 0, c->src->name, NULL,
			       "has no UUID to be the same as: expected an instance, from show -J; or give the UUID");
	if (adopt && !strcmp(c->uuid, "random"))
		return vc_fail(c->ctx, VFIO_COMPAT_USAGE, 0, NULL, NULL,
			       "what is adopted has a UUID: expected that, or none");
	return VFIO_COMPAT_OK;
}

/* A source that does not say which value a resource needs is no instance. */
static int check_values(struct vfio_compat_claim *c)
{
	const struct vp_profile *p = c->src->needs;
	unsigned int i;

	for (i = 0; i < p->nr_resources; i++)
		if (!p->resource[i].value)
			return vc_fail(c->ctx, VFIO_COMPAT_UNKNOWN, 0,
				       c->src->name, NULL,
				       "does not say what %s has to be: expected an instance, or its line; a type cannot say",
				       vp_str(p, p->resource[i].name));
	return VFIO_COMPAT_OK;
}

/* A line has no name of its own, but that of a file. */
static const char *source_name(struct vfio_compat_claim *c)
{
	return c->src->node == VFIO_COMPAT_LINE ? "the source" : c->src->name;
}

static int refused(struct vfio_compat_claim *c, enum vfio_compat_code code,
		   enum vfio_compat_result result)
{
	struct vfio_compat_verdict *v = c->verdict;
	unsigned int i, count = vfio_compat_verdict_count(v);
	const char *rule = "", *field = NULL, *why = "";

	for (i = 0; i < count; i++)
		if (vfio_compat_reason_result(v, i) == result)
			break;
	if (i < count) {
		rule = vfio_compat_reason_rule(v, i);
		field = vfio_compat_reason_field(v, i);
		why = vfio_compat_reason_message(v, i);
	}
	return vc_fail(c->ctx, code, 0, c->dst->name, NULL,
		       "%s take %s: %s: %s",
		       result == VFIO_COMPAT_FAIL ? "does not" :
		       "may or may not", source_name(c), field ? field : rule, why);
}

static int check_verdict(struct vfio_compat_claim *c)
{
	enum vfio_compat_result result = vfio_compat_verdict_result(c->verdict);

	if (result == VFIO_COMPAT_FAIL)
		return refused(c, VFIO_COMPAT_INCOMPATIBLE, result);
	if (result == VFIO_COMPAT_UNDECIDED)
		return refused(c, VFIO_COMPAT_UNKNOWN, result);
	if (!vfio_compat_verdict_cross_type(c->verdict) ||
	    c->flags & VFIO_COMPAT_CLAIM_CROSS_TYPE)
		return VFIO_COMPAT_OK;
	return vc_fail(c->ctx, VFIO_COMPAT_CROSS_TYPE, 0, c->dst->name, NULL,
		       "takes %s, but is of another type: expected the same; add --cross-type to permit it",
		       source_name(c));
}

/* What the source accepts itself; a bare line says only what it needs. */
static const struct vp_profile *widest(const struct vfio_compat_object *src)
{
	return src->has_offers ? src->offers : src->needs;
}

static bool same_set(const struct vp_profile *a, unsigned int s,
		     const struct vp_profile *b, unsigned int d)
{
	unsigned int i;

	if (a->set[s].count != b->set[d].count)
		return false;
	for (i = 0; i < a->set[s].count; i++) {
		char one[VP_SERIES_SIZE], other[VP_SERIES_SIZE];

		if (strcmp(vp_member(a, s, i, one), vp_member(b, d, i, other)))
			return false;
	}
	return true;
}

static const char *other_field(const struct vp_profile *a,
			       const struct vp_profile *b)
{
	unsigned int i;

	for (i = 0; i < a->nr_fields; i++) {
		const char *name = vp_str(a, a->set[VP_FIELDS + i].name);
		int at = vp_find_field(b, name);

		if (at < 0 || !same_set(a, VP_FIELDS + i, b, at))
			return name;
	}
	return a->nr_fields == b->nr_fields ? NULL : "the fields";
}

static const char *other_resource(const struct vp_profile *a,
				  const struct vp_profile *b)
{
	unsigned int i;

	for (i = 0; i < a->nr_resources; i++)
		if (vp_find_resource(b, vp_str(a, a->resource[i].name)) < 0)
			return "dynamic_resources";
	return a->nr_resources == b->nr_resources ? NULL : "dynamic_resources";
}

/* What differs, or NULL. */
static const char *difference(struct vfio_compat_claim *c)
{
	const struct vp_profile *a = widest(c->src), *b = c->dst->offers;
	const char *name = other_field(a, b);

	if (vfio_compat_verdict_cross_type(c->verdict))
		return "type";
	if (vp_own_series(c->src->needs) != vp_own_series(b))
		return "software_version";
	if (c->src->has_offers && !same_set(a, VP_ACCEPTS, b, VP_ACCEPTS))
		return "compatible_software_version";
	if (c->src->has_offers && !same_set(a, VP_EMITS, b, VP_EMITS))
		return "emitted_software_version";
	if (c->src->has_offers && !same_set(a, VP_TYPES, b, VP_TYPES))
		return "compatible_type";
	return name ? name : other_resource(a, b);
}

static int check_exact(struct vfio_compat_claim *c)
{
	const char *name = c->flags & VFIO_COMPAT_CLAIM_EXACT ?
			   difference(c) : NULL;

	if (!name)
		return VFIO_COMPAT_OK;
	return vc_fail(c->ctx, VFIO_COMPAT_INCOMPATIBLE, 0, c->dst->name, NULL,
		       "takes %s, but is not exactly the same: %s: expected equal sets; leave out --exact",
		       source_name(c), name);
}

static int check_free(struct vfio_compat_claim *c)
{
	if (!(c->flags & VFIO_COMPAT_CLAIM_DRY_RUN) || c->dst->available ||
	    c->flags & VFIO_COMPAT_CLAIM_ADOPT)
		return VFIO_COMPAT_OK;
	return vc_fail(c->ctx, VFIO_COMPAT_CAPACITY, 0, c->dst->name, NULL,
		       "has no instance left: expected a free one; remove one, or choose another parent");
}

static int probe(struct vfio_compat_claim *c)
{
	int ret;

	if (vfio_compat_verdict_result(c->verdict) == VFIO_COMPAT_FAIL)
		return VFIO_COMPAT_OK;
	ret = vfio_compat_probe(c->verdict);
	/* a dry run on a recorded tree has nobody to ask */
	if (ret == VFIO_COMPAT_USAGE && c->flags & VFIO_COMPAT_CLAIM_DRY_RUN)
		ret = VFIO_COMPAT_OK;
	return ret;
}

/**
 * vc_claim_check - whether a claim can be done, by rules and driver
 * @c: the claim; gets its verdict
 *
 * Return: VFIO_COMPAT_OK or why not.
 */
int vc_claim_check(struct vfio_compat_claim *c)
{
	static int (* const checks[])(struct vfio_compat_claim *c) = {
		probe, check_verdict, check_values, check_exact, check_free,
	};
	unsigned int i;
	int ret = check_place(c);

	if (!ret)
		ret = check_uuid(c);
	if (!ret)
		ret = vfio_compat_compare(c->src, c->dst, &c->verdict);
	for (i = 0; !ret && i < ARRAY_SIZE(checks); i++)
		ret = checks[i](c);
	return ret;
}

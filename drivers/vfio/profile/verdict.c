// SPDX-License-Identifier: GPL-2.0-only
/*
 * Questions and answers: the engine's verdict on a source that asks, or whose
 * stream arrives; its errno, its line of log, its events.
 */
#include <linux/bitops.h>
#include <linux/device.h>
#include <linux/export.h>
#include <linux/slab.h>

#include "private.h"

/*
 * Of any number of questions one is asked at a time, mostly, and needs no
 * memory.  Nobody waits for it, so it may be in use while a driver is asked.
 */
static struct vfio_profile_judgement spare;
static unsigned long spare_used;

static struct vfio_profile_judgement *get_judgement(void)
{
	if (!test_and_set_bit_lock(0, &spare_used))
		return &spare;
	return kvmalloc(sizeof(spare), PROFILE_GFP);
}

static void put_judgement(struct vfio_profile_judgement *j)
{
	if (j == &spare)
		clear_bit_unlock(0, &spare_used);
	else
		kvfree(j);
}

/* What a row is about: its rule and, if it has one, its name. */
static const char *row_name(const struct vfio_profile_judgement *j,
			    unsigned int i, const struct vp_profile *dst,
			    const char **name)
{
	*name = vp_row_name(&j->verdict, i, &j->source, dst) ?: "";
	return vp_rule_name(j->verdict.row[i].rule);
}

/* The reason of row @i after those before it; what does not fit is cut. */
static size_t add_reason(struct vfio_profile_judgement *j, unsigned int i,
			 size_t len, const struct vp_profile *dst,
			 const struct vp_profile *inst)
{
	const char *name, *rule = row_name(j, i, dst, &name);
	size_t size = sizeof(j->reason);

	len += scnprintf(j->reason + len, size - len, "%s%s%s%s: ",
			 len ? "; " : "", rule, *name ? " " : "", name);
	return min(len + vp_reason(&j->verdict, i, &j->source, dst, inst,
				   j->reason + len, size - len),
		   size - 1);
}

/* An event for each rule that failed, a line for all; printable ASCII. */
static void tell_failures(const struct vfio_profile_id *id, struct device *dev,
			  struct vfio_profile_judgement *j,
			  const struct vp_profile *dst,
			  const struct vp_profile *inst)
{
	unsigned int i;
	size_t len = 0;

	for (i = 0; i < j->verdict.nr; i++) {
		if (j->verdict.row[i].result != VP_FAIL)
			continue;
		vfio_profile_trace(id, dev, j, i, dst, inst);
		len = add_reason(j, i, len, dst, inst);
	}
	if (len)
		dev_notice_ratelimited(dev ?: id->parent,
				       "%s: not compatible: %s\n", id->name,
				       j->reason);
}

/* What the driver's own check() says; an error if it could not decide. */
static int ask_check(const struct vfio_profile_id *id, struct device *dev,
		     const struct vp_profile *source, enum vp_result *result)
{
	int ret = id->ops->check ? id->ops->check(id->type, dev, source) : 0;

	*result = VP_PASS;
	if (ret == -EMEDIUMTYPE) {
		*result = VP_FAIL;
		return 0;
	}
	if (ret)
		*result = VP_UNKNOWN;
	return vfio_profile_filter(id, dev, "check", ret);
}

static int judge(const struct vfio_profile_id *id,
		 const struct vfio_profile_snapshot *now,
		 struct vfio_profile_instance *inst,
		 struct vfio_profile_judgement *j)
{
	struct device *dev = inst ? inst->dev : NULL;
	struct vp_profile *own = NULL;
	enum vp_result check;
	int ret;

	if (inst) {
		mutex_lock(&inst->lock);
		own = vfio_profile_describe(inst, now, inst->series);
		mutex_unlock(&inst->lock);
		if (IS_ERR(own))
			return PTR_ERR(own);
	}
	ret = ask_check(id, dev, &j->source, &check);
	vp_compare(&j->source, &now->p, own, check, &j->verdict);
	tell_failures(id, dev, j, &now->p, own);
	/* a rule that fails is certain, whatever could not be decided */
	if (!ret || j->verdict.result == VP_FAIL)
		ret = vp_errno(&j->verdict);
	vfio_profile_put_description(own);
	return ret;
}

/**
 * vfio_profile_judge - whether a type or an instance takes a source's state
 * @profile: profile of the type
 * @inst: the instance, its driver bound; NULL for the type
 * @j: holds the source; receives the verdict
 *
 * Context: may sleep; for an instance the caller keeps the driver bound.
 * Return: 0 if compatible; -EMEDIUMTYPE if not; -ENODATA if the source's line
 * cannot decide it; -EOPNOTSUPP if the device cannot take part at present;
 * -ENODEV, -ENOMEM or -EINTR if nothing was decided.
 */
int vfio_profile_judge(struct vfio_profile *profile,
		       struct vfio_profile_instance *inst,
		       struct vfio_profile_judgement *j)
{
	struct vfio_profile_snapshot *now = vfio_profile_now(profile);
	int ret;

	if (!now)
		return -EOPNOTSUPP;
	ret = judge(&profile->id, now, inst, j);
	vfio_profile_put(now);
	return ret;
}

/**
 * vfio_profile_store_line - answer a write to migration_version
 * @profile: profile of the type
 * @inst: the instance that was written to, its driver bound; NULL for the type
 * @buf: what was written; anybody may have made it up
 * @count: its length
 *
 * Context: may sleep; for an instance the caller keeps the driver bound.
 * Return: @count if the source of that line is compatible; -EINVAL if it is
 * not a line; or another error of vfio_profile_judge().
 */
ssize_t vfio_profile_store_line(struct vfio_profile *profile,
				struct vfio_profile_instance *inst,
				const char *buf, size_t count)
{
	struct vfio_profile_judgement *j = get_judgement();
	int ret;

	if (!j)
		return -ENOMEM;
	ret = vp_parse(&j->source, buf, count);
	if (!ret)
		ret = vfio_profile_judge(profile, inst, j);
	put_judgement(j);
	return ret ?: count;
}
EXPORT_SYMBOL_GPL(vfio_profile_store_line);

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The attributes: a read copies what was rendered, a write of a line is
 * parsed, judged by the engine and answered with an errno.
 */
#include <linux/device.h>
#include <linux/export.h>
#include <linux/slab.h>
#include <linux/sysfs.h>

#include "private.h"

#define REASON_SIZE 256

/* What one write needs; too large for the stack. */
struct judgement {
	struct vp_profile source;
	struct vp_verdict verdict;
	char reason[REASON_SIZE];
};

/**
 * vfio_profile_nr_attrs - number of attributes of a type
 * @profile: its profile
 *
 * Return: how many.
 */
unsigned int vfio_profile_nr_attrs(const struct vfio_profile *profile)
{
	return profile->nr_attrs;
}
EXPORT_SYMBOL_GPL(vfio_profile_nr_attrs);

/**
 * vfio_profile_init_attr - name an attribute and give it its mode
 * @profile: the profile, which has to outlive the attribute
 * @i: number of the attribute
 * @attr: the attribute, not yet in sysfs
 */
void vfio_profile_init_attr(const struct vfio_profile *profile, unsigned int i,
			    struct attribute *attr)
{
	sysfs_attr_init(attr);
	attr->name = profile->attr[i].name;
	attr->mode = strcmp(attr->name, "migration_version") ? 0444 : 0644;
}
EXPORT_SYMBOL_GPL(vfio_profile_init_attr);

/**
 * vfio_profile_resource - name of a dynamic resource of a type
 * @profile: its profile
 * @i: number of the resource, from 0
 *
 * Return: the name, or NULL after the last.
 */
const char *vfio_profile_resource(const struct vfio_profile *profile,
				  unsigned int i)
{
	if (i >= profile->p.nr_resources)
		return NULL;
	return vp_str(&profile->p, profile->p.resource[i].name);
}
EXPORT_SYMBOL_GPL(vfio_profile_resource);

/**
 * vfio_profile_show - read an attribute of a type
 * @profile: its profile
 * @i: number of the attribute
 * @buf: a page
 *
 * Return: number of bytes, at most 4095.
 */
ssize_t vfio_profile_show(const struct vfio_profile *profile, unsigned int i,
			  char *buf)
{
	memcpy(buf, profile->text + profile->attr[i].offset,
	       profile->attr[i].len);
	return profile->attr[i].len;
}
EXPORT_SYMBOL_GPL(vfio_profile_show);

/**
 * vfio_profile_show_line - read migration_version of an instance
 * @id: whose it is
 * @type: profile of its type
 * @dev: the instance, its driver bound
 * @buf: a page
 *
 * Context: may sleep; for an mdev the caller holds the device lock.
 * Return: number of bytes, at most 4095, or what vfio_profile_describe() says.
 */
ssize_t vfio_profile_show_line(const struct vfio_profile_id *id,
			       const struct vfio_profile *type,
			       struct device *dev, char *buf)
{
	struct vp_profile *p = vfio_profile_describe(id, type, dev);
	int len;

	if (IS_ERR(p))
		return PTR_ERR(p);
	len = vp_format(p, buf, VP_LINE_MAX + 1);
	vfio_profile_put_description(p);
	if (len < 0)
		return -EOPNOTSUPP;
	buf[len] = '\n';
	return len + 1;
}
EXPORT_SYMBOL_GPL(vfio_profile_show_line);

/* One line for each rule that failed; the text is printable ASCII. */
static void log_failures(struct device *dev, struct judgement *j,
			 const struct vp_profile *dst,
			 const struct vp_profile *inst, const char *name)
{
	unsigned int i;

	for (i = 0; i < j->verdict.nr; i++) {
		const char *field;

		if (j->verdict.row[i].result != VP_FAIL)
			continue;
		field = vp_row_name(&j->verdict, i, &j->source, dst);
		vp_reason(&j->verdict, i, &j->source, dst, inst, j->reason,
			  sizeof(j->reason));
		dev_notice_ratelimited(dev, "%s: not compatible: %s%s%s: %s\n",
				       name,
				       vp_rule_name(j->verdict.row[i].rule),
				       field ? " " : "", field ?: "",
				       j->reason);
	}
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
		 const struct vfio_profile *type, struct device *dev,
		 struct judgement *j)
{
	struct vp_profile *inst = NULL;
	enum vp_result check;
	int ret;

	if (dev) {
		inst = vfio_profile_describe(id, type, dev);
		if (IS_ERR(inst))
			return PTR_ERR(inst);
	}
	ret = ask_check(id, dev, &j->source, &check);
	vp_compare(&j->source, &type->p, inst, check, &j->verdict);
	log_failures(dev ?: id->parent, j, &type->p, inst, id->name);
	/* a rule that fails is certain, whatever could not be decided */
	if (!ret || j->verdict.result == VP_FAIL)
		ret = vp_errno(&j->verdict);
	vfio_profile_put_description(inst);
	return ret;
}

/**
 * vfio_profile_store_line - answer a write to migration_version
 * @id: whose it is
 * @type: profile of the type
 * @dev: the instance that was written to, its driver bound; NULL for the type
 * @buf: what was written; anybody may have made it up
 * @count: its length
 *
 * Context: may sleep; for an mdev instance the caller holds the device lock.
 * Return: @count if the source of that line is compatible; -EINVAL if it is
 * not a line; -EMEDIUMTYPE if it is not compatible; -ENODATA if the line
 * cannot decide it; -EOPNOTSUPP if the device cannot take part at present;
 * -ENOMEM or another error if nothing was decided.
 */
ssize_t vfio_profile_store_line(const struct vfio_profile_id *id,
				const struct vfio_profile *type,
				struct device *dev, const char *buf,
				size_t count)
{
	struct judgement *j = kvmalloc(sizeof(*j), GFP_KERNEL);
	int ret;

	if (!j)
		return -ENOMEM;
	ret = vp_parse(&j->source, buf, count);
	if (!ret)
		ret = judge(id, type, dev, j);
	kvfree(j);
	return ret ?: count;
}
EXPORT_SYMBOL_GPL(vfio_profile_store_line);

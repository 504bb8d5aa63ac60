// SPDX-License-Identifier: GPL-2.0-only
/*
 * Instances: the line and the version of one device, what it is pinned to,
 * and what has to wait until it is closed.
 */
#include <linux/device.h>
#include <linux/export.h>
#include <linux/kernfs.h>
#include <linux/slab.h>
#include <linux/sysfs.h>

#include "private.h"

static const char *const file_names[INSTANCE_FILES] = {
	[INSTANCE_LINE] = "migration_version",
	[INSTANCE_VERSION] = "software_version",
};

/**
 * vfio_profile_instance_create - begin with a device
 * @profile: profile of its type, which outlives it
 * @dev: the device, which outlives the instance
 *
 * Context: may sleep.
 * Return: the instance, to be freed with vfio_profile_instance_free(), or NULL
 * if there is no memory.
 */
struct vfio_profile_instance *
vfio_profile_instance_create(struct vfio_profile *profile, struct device *dev)
{
	struct vfio_profile_instance *inst = kzalloc(sizeof(*inst), GFP_KERNEL);

	if (!inst)
		return NULL;
	inst->profile = profile;
	inst->dev = dev;
	inst->series = VP_SERIES_OWN;
	mutex_init(&inst->lock);
	return inst;
}
EXPORT_SYMBOL_GPL(vfio_profile_instance_create);

/**
 * vfio_profile_instance_free - end of vfio_profile_instance_create()
 * @inst: the instance, or NULL
 *
 * Context: may sleep.  Its attributes are gone, and nobody has it open.
 */
void vfio_profile_instance_free(struct vfio_profile_instance *inst)
{
	unsigned int i;

	if (!inst)
		return;
	for (i = 0; i < INSTANCE_FILES; i++)
		sysfs_put(inst->file[i]);
	mutex_destroy(&inst->lock);
	kfree(inst);
}
EXPORT_SYMBOL_GPL(vfio_profile_instance_free);

/**
 * vfio_profile_instance_watch - from now on changes wake who polls
 * @inst: the instance, its attributes in sysfs
 *
 * To be called once.
 *
 * Context: may sleep.
 */
void vfio_profile_instance_watch(struct vfio_profile_instance *inst)
{
	unsigned int i;

	for (i = 0; i < INSTANCE_FILES; i++)
		/* pairs with vfio_profile_instance_notify() */
		smp_store_release(&inst->file[i],
				  sysfs_get_dirent(inst->dev->kobj.sd,
						   file_names[i]));
}
EXPORT_SYMBOL_GPL(vfio_profile_instance_watch);

/**
 * vfio_profile_instance_notify - wake who polls the line or the version
 * @inst: the instance; its attributes may be going away
 *
 * Context: any.
 */
void vfio_profile_instance_notify(struct vfio_profile_instance *inst)
{
	unsigned int i;

	for (i = 0; i < INSTANCE_FILES; i++) {
		/* pairs with vfio_profile_instance_watch() */
		struct kernfs_node *file = smp_load_acquire(&inst->file[i]);

		if (file)
			sysfs_notify_dirent(file);
	}
}
EXPORT_SYMBOL_GPL(vfio_profile_instance_notify);

/* What the instance says at present. */
static struct vp_profile *describe_now(struct vfio_profile_instance *inst)
{
	struct vfio_profile_snapshot *now = vfio_profile_now(inst->profile);
	struct vp_profile *p;

	if (!now)
		return ERR_PTR(-EOPNOTSUPP);
	mutex_lock(&inst->lock);
	p = vfio_profile_describe(inst, now, inst->series);
	mutex_unlock(&inst->lock);
	vfio_profile_put(now);
	return p;
}

/**
 * vfio_profile_line - the line of an instance
 * @inst: the instance, its driver bound
 * @buf: receives the line, without a newline; VP_LINE_MAX + 1 bytes
 *
 * Context: may sleep; the caller keeps the driver bound.
 * Return: length of the line, or what vfio_profile_describe() says.
 */
int vfio_profile_line(struct vfio_profile_instance *inst, char *buf)
{
	struct vp_profile *p = describe_now(inst);
	int len;

	if (IS_ERR(p))
		return PTR_ERR(p);
	/* it fits: vfio_profile_describe() has sealed it */
	len = vp_format(p, buf, VP_LINE_MAX + 1);
	vfio_profile_put_description(p);
	return len;
}

/**
 * vfio_profile_show_line - read migration_version of an instance
 * @inst: the instance, its driver bound
 * @buf: a page
 *
 * Context: may sleep; the caller keeps the driver bound.
 * Return: number of bytes, at most 4095, or what vfio_profile_describe() says.
 */
ssize_t vfio_profile_show_line(struct vfio_profile_instance *inst, char *buf)
{
	int len = vfio_profile_line(inst, buf);

	if (len < 0)
		return len;
	buf[len] = '\n';
	return len + 1;
}
EXPORT_SYMBOL_GPL(vfio_profile_show_line);

/**
 * vfio_profile_show_version - read software_version of an instance
 * @inst: the instance, its driver bound
 * @buf: a page
 *
 * Context: may sleep; the caller keeps the driver bound.
 * Return: number of bytes, or what vfio_profile_describe() says.
 */
ssize_t vfio_profile_show_version(struct vfio_profile_instance *inst, char *buf)
{
	struct vp_profile *p = describe_now(inst);
	int len;

	if (IS_ERR(p))
		return PTR_ERR(p);
	len = sysfs_emit(buf, "%u.%u.%u\n", p->version[0], p->version[1],
			 p->version[2]);
	vfio_profile_put_description(p);
	return len;
}
EXPORT_SYMBOL_GPL(vfio_profile_show_version);

/**
 * vfio_profile_show_accepts - what a device accepts now, its pin included
 * @inst: the instance
 * @buf: a page
 *
 * Content of compatible_software_version where one node is that of a type and
 * of an instance: of the type's series those that are not above the pin.  It
 * may be a lone newline.
 *
 * Context: may sleep.
 * Return: number of bytes; -EOPNOTSUPP if the driver says nothing valid at
 * present, or no longer offers the series of the pin.
 */
ssize_t vfio_profile_show_accepts(struct vfio_profile_instance *inst, char *buf)
{
	struct vfio_profile_snapshot *now = vfio_profile_now(inst->profile);
	u32 series = READ_ONCE(inst->series);
	const struct vp_set *set;
	char text[VP_SERIES_SIZE];
	ssize_t len = 0;
	unsigned int i;

	if (!now)
		return -EOPNOTSUPP;
	set = &now->p.set[VP_ACCEPTS];
	for (i = 0; i < set->count; i++)
		if (now->p.member[set->first + i] <= series)
			len += sysfs_emit_at(buf, len, "%s%s", i ? "," : "",
					     vp_member(&now->p, VP_ACCEPTS, i,
						       text));
	len += sysfs_emit_at(buf, len, "\n");
	if (series != VP_SERIES_OWN &&
	    !vp_has_series(&now->p, VP_EMITS, series))
		len = -EOPNOTSUPP;
	vfio_profile_put(now);
	return len;
}
EXPORT_SYMBOL_GPL(vfio_profile_show_accepts);

/* The driver has to be able to describe the series before it is told of it. */
static int set_series(struct vfio_profile_instance *inst,
		      const struct vfio_profile_snapshot *now, u32 series)
{
	const struct vfio_profile_id *id = &inst->profile->id;
	struct vp_profile *p;
	int ret;

	if (inst->opened)
		return -EBUSY;
	if (series == inst->series)
		return 0;
	p = vfio_profile_describe(inst, now, series);
	if (IS_ERR(p))
		return PTR_ERR(p);
	vfio_profile_put_description(p);
	ret = id->ops->set_version(id->type, inst->dev, series);
	if (ret != -EBUSY)
		ret = vfio_profile_filter(id, inst->dev, "set_version", ret);
	if (!ret)
		WRITE_ONCE(inst->series, series);
	return ret;
}

/**
 * vfio_profile_store_version - answer a write to software_version
 * @inst: the instance, its driver bound; the driver has set_version()
 * @buf: what was written
 * @count: its length
 *
 * Context: may sleep; the caller keeps the driver bound.  Calls set_version().
 * Return: @count if the instance is pinned now, or no longer; -EINVAL if it is
 * not one of emitted_software_version; -EBUSY while the device is open, or
 * what vfio_profile_describe() says.  After an error nothing has changed.
 */
ssize_t vfio_profile_store_version(struct vfio_profile_instance *inst,
				   const char *buf, size_t count)
{
	size_t len = count && buf[count - 1] == '\n' ? count - 1 : count;
	struct vfio_profile_snapshot *now;
	u32 series;
	int ret;

	if (vp_parse_series(buf, len, &series))
		return -EINVAL;
	now = vfio_profile_now(inst->profile);
	if (!now)
		return -EOPNOTSUPP;
	ret = -EINVAL;
	if (vp_has_series(&now->p, VP_EMITS, series)) {
		if (series == vp_own_series(&now->p))
			series = VP_SERIES_OWN;
		mutex_lock(&inst->lock);
		ret = set_series(inst, now, series);
		mutex_unlock(&inst->lock);
	}
	vfio_profile_put(now);
	if (ret)
		return ret;
	vfio_profile_instance_notify(inst);
	return count;
}
EXPORT_SYMBOL_GPL(vfio_profile_store_version);

/**
 * vfio_profile_opened - a device is opened
 * @inst: the instance, or NULL
 *
 * From now on it keeps its series and its resources.
 *
 * Context: may sleep; waits for set_version() and for stores to resources.
 */
void vfio_profile_opened(struct vfio_profile_instance *inst)
{
	if (!inst)
		return;
	mutex_lock(&inst->lock);
	inst->opened++;
	mutex_unlock(&inst->lock);
}
EXPORT_SYMBOL_GPL(vfio_profile_opened);

/**
 * vfio_profile_closed - end of vfio_profile_opened()
 * @inst: the instance, or NULL
 *
 * Context: may sleep.
 */
void vfio_profile_closed(struct vfio_profile_instance *inst)
{
	if (!inst)
		return;
	mutex_lock(&inst->lock);
	if (inst->opened)
		inst->opened--;
	else
		dev_err(inst->dev, "closed without having been opened\n");
	mutex_unlock(&inst->lock);
}
EXPORT_SYMBOL_GPL(vfio_profile_closed);

/**
 * vfio_profile_store_begin - begin a store to a dynamic resource
 * @inst: the instance, or NULL
 *
 * Context: may sleep.  Returns with the instance's lock held.
 * Return: 0: the device stays closed, and is not described, until
 * vfio_profile_store_end(), which has to follow; or -EBUSY: it is open.
 * Without an instance 0, and nothing is locked.
 */
int vfio_profile_store_begin(struct vfio_profile_instance *inst)
{
	if (!inst)
		return 0;
	mutex_lock(&inst->lock);
	if (!inst->opened)
		return 0;
	mutex_unlock(&inst->lock);
	return -EBUSY;
}
EXPORT_SYMBOL_GPL(vfio_profile_store_begin);

/**
 * vfio_profile_store_end - end of vfio_profile_store_begin()
 * @inst: the instance, or NULL
 *
 * Wakes who polls the line, since the value is in it.
 *
 * Context: may sleep; the task that called vfio_profile_store_begin().
 */
void vfio_profile_store_end(struct vfio_profile_instance *inst)
{
	if (!inst)
		return;
	mutex_unlock(&inst->lock);
	vfio_profile_instance_notify(inst);
}
EXPORT_SYMBOL_GPL(vfio_profile_store_end);

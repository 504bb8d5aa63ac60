// SPDX-License-Identifier: GPL-2.0-only
/*
 * Device profiles of mediated devices: the attributes of a type whose driver
 * has profile_ops, and of its instances.
 *
 * The names of a type's attributes are known only when its driver has been
 * asked, so each such type has a kobj_type of its own, with the attributes as
 * default groups: they appear together with the directory.
 */
#include <linux/device.h>
#include <linux/mdev.h>
#include <linux/slab.h>
#include <linux/sysfs.h>
#include <linux/vfio_profile.h>

#include "mdev_private.h"

/* Groups that a type or an instance has without a profile, and NULL. */
#define GROUPS_MAX 4

/**
 * struct mdev_type_profile - what a participating type adds to the core
 * @profile: what the driver says of it
 * @id: full type id
 * @base: the core's kobj_type
 * @ktype: the same with @groups
 * @groups: @group and the core's own
 * @dev_groups: groups of an instance: the core's own and the profile's
 * @group: the attributes
 * @list: the same as pointers, with NULL
 * @nr_attrs: how many there are
 * @attr: the attributes
 *
 * Made before the type is in sysfs, freed when its kobject is released, and
 * not changed in between, so there is no lock.
 */
struct mdev_type_profile {
	struct vfio_profile *profile;
	char *id;
	const struct kobj_type *base;
	struct kobj_type ktype;
	const struct attribute_group *groups[GROUPS_MAX];
	const struct attribute_group *dev_groups[GROUPS_MAX];
	struct attribute_group group;
	struct attribute **list;
	unsigned int nr_attrs;
	struct attribute attr[];
};

/* ---- the type node ---- */

static bool is_ours(const struct mdev_type_profile *tp,
		    const struct attribute *attr)
{
	return attr >= tp->attr && attr < tp->attr + tp->nr_attrs;
}

/* The core's own attributes go on to the core. */
static ssize_t type_show(struct kobject *kobj, struct attribute *attr,
			 char *buf)
{
	struct mdev_type_profile *tp = to_mdev_type(kobj)->profile;

	if (!is_ours(tp, attr))
		return tp->base->sysfs_ops->show(kobj, attr, buf);
	return vfio_profile_show(tp->profile, attr - tp->attr, buf);
}

/* Of ours, only migration_version can be written to, even after a chmod(). */
static ssize_t type_store(struct kobject *kobj, struct attribute *attr,
			  const char *buf, size_t count)
{
	struct mdev_type_profile *tp = to_mdev_type(kobj)->profile;

	if (!is_ours(tp, attr))
		return tp->base->sysfs_ops->store(kobj, attr, buf, count);
	if (!(attr->mode & 0200))
		return -EIO;
	return vfio_profile_store_line(tp->profile, NULL, buf, count);
}

static const struct sysfs_ops type_sysfs_ops = {
	.show = type_show,
	.store = type_store,
};

/* ---- the device node ---- */

/*
 * describe() of an instance runs under the device lock, so the driver stays
 * bound.  device_del() removes these attributes without that lock, so waiting
 * for it here cannot keep them from going.  An unbind that waits for an open
 * VFIO file holds it as long as that; a signal ends the wait.
 */
static int lock_bound(struct device *dev)
{
	int ret = device_lock_interruptible(dev);

	if (ret || dev->driver)
		return ret;
	device_unlock(dev);
	return -ENODEV;
}

static ssize_t migration_version_show(struct device *dev,
				      struct device_attribute *attr, char *buf)
{
	ssize_t ret = lock_bound(dev);

	if (ret)
		return ret;
	ret = vfio_profile_show_line(to_mdev_device(dev)->profile, buf);
	device_unlock(dev);
	return ret;
}

static ssize_t migration_version_store(struct device *dev,
				       struct device_attribute *attr,
				       const char *buf, size_t count)
{
	struct mdev_device *mdev = to_mdev_device(dev);
	ssize_t ret = lock_bound(dev);

	if (ret)
		return ret;
	ret = vfio_profile_store_line(mdev->type->profile->profile,
				      mdev->profile, buf, count);
	device_unlock(dev);
	return ret;
}
static DEVICE_ATTR_RW(migration_version);

static ssize_t software_version_show(struct device *dev,
				     struct device_attribute *attr, char *buf)
{
	ssize_t ret = lock_bound(dev);

	if (ret)
		return ret;
	ret = vfio_profile_show_version(to_mdev_device(dev)->profile, buf);
	device_unlock(dev);
	return ret;
}

static ssize_t software_version_store(struct device *dev,
				      struct device_attribute *attr,
				      const char *buf, size_t count)
{
	ssize_t ret = lock_bound(dev);

	if (ret)
		return ret;
	ret = vfio_profile_store_version(to_mdev_device(dev)->profile, buf,
					 count);
	device_unlock(dev);
	return ret;
}
static DEVICE_ATTR_RW(software_version);

/* A driver without set_version() has nothing to be pinned to. */
static umode_t mdev_profile_is_visible(struct kobject *kobj,
				       struct attribute *attr, int i)
{
	struct mdev_device *mdev = to_mdev_device(kobj_to_dev(kobj));
	struct mdev_driver *drv = mdev->type->parent->mdev_driver;

	if (attr == &dev_attr_software_version.attr &&
	    !drv->profile_ops->set_version)
		return 0444;
	return attr->mode;
}

static struct attribute *mdev_profile_device_attrs[] = {
	&dev_attr_migration_version.attr,
	&dev_attr_software_version.attr,
	NULL,
};

static const struct attribute_group mdev_profile_device_group = {
	.attrs = mdev_profile_device_attrs,
	.is_visible = mdev_profile_is_visible,
};

static const struct attribute_group *mdev_profile_device_list[] = {
	&mdev_profile_device_group,
	NULL,
};

/* ---- hooks of the core ---- */

static bool add_groups(const struct attribute_group **to,
		       const struct attribute_group **from)
{
	int i = 0;

	while (to[i])
		i++;
	while (*from && i < GROUPS_MAX - 1)
		to[i++] = *from++;
	return !*from;
}

/* An attribute of the driver, and one of @name that cannot be copied. */
static bool is_unusable(const struct attribute_group *group, const char *name)
{
	int i;

	for (i = 0; !group->name && group->attrs && group->attrs[i]; i++)
		if (!strcmp(group->attrs[i]->name, name))
			return (group->attrs[i]->mode & 0600) != 0600;
	return false;
}

static void report_resource(struct device *dev, const char *type,
			    const char *name)
{
	dev_err(dev,
		"%s: dynamic_resources: '%s' is no attribute that can be read and written\n",
		type, name);
}

/* What is known before there is an instance: the driver's own groups. */
static int check_groups(const struct vfio_profile_id *id,
			const struct vfio_profile *profile,
			const struct attribute_group **groups)
{
	const char *name;
	unsigned int i;

	for (; groups && *groups; groups++) {
		for (i = 0; (name = vfio_profile_resource(profile, i)); i++) {
			if (!is_unusable(*groups, name))
				continue;
			report_resource(id->parent, id->name, name);
			return -ENXIO;
		}
	}
	return 0;
}

/* Once the profile is known: room for its attributes, and the attributes. */
static struct mdev_type_profile *
make_attrs(struct vfio_profile *profile, const struct kobj_type *base)
{
	unsigned int i, nr = vfio_profile_nr_attrs(profile);
	struct mdev_type_profile *tp;

	tp = kzalloc(struct_size(tp, attr, nr), GFP_KERNEL);
	if (!tp)
		return NULL;
	tp->list = kcalloc(nr + 1, sizeof(*tp->list), GFP_KERNEL);
	tp->groups[0] = &tp->group;
	if (!tp->list || !add_groups(tp->groups, base->default_groups) ||
	    !add_groups(tp->dev_groups, mdev_device_groups) ||
	    !add_groups(tp->dev_groups, mdev_profile_device_list)) {
		kfree(tp->list);
		kfree(tp);
		return NULL;
	}
	for (i = 0; i < nr; i++) {
		vfio_profile_init_attr(profile, i, &tp->attr[i]);
		tp->list[i] = &tp->attr[i];
	}
	tp->nr_attrs = nr;
	tp->profile = profile;
	tp->group.attrs = tp->list;
	tp->base = base;
	tp->ktype = *base;
	tp->ktype.sysfs_ops = &type_sysfs_ops;
	tp->ktype.default_groups = tp->groups;
	return tp;
}

/* The id as the core will name the directory: sysfs has no '/' in names. */
static char *type_id(struct mdev_type *type)
{
	char *name = kasprintf(GFP_KERNEL, "%s-%s",
			       dev_driver_string(type->parent->dev),
			       type->sysfs_name);

	if (name)
		strreplace(name, '/', '!');
	return name;
}

/**
 * mdev_profile_init_type - ask the driver what a type says of itself
 * @type: the type, its parent set, not yet in sysfs
 * @base: the kobj_type that it would have without a profile
 *
 * Context: may sleep; holds the parent's unreg_sem for write.
 * Return: 0, also if the type does not take part; or why registration fails:
 * see vfio_profile_create(), or -ENXIO for a resource that the driver's own
 * groups show read-only.  Then nothing is left.
 */
int mdev_profile_init_type(struct mdev_type *type, const struct kobj_type *base)
{
	struct mdev_driver *drv = type->parent->mdev_driver;
	struct vfio_profile_id id = {
		.parent = type->parent->dev,
		.driver = drv->driver.name,
		.api = drv->device_api,
		.type = type,
		.ops = drv->profile_ops,
	};
	struct vfio_profile *profile;
	char *name;
	int ret = -ENOMEM;

	type->profile = NULL;
	if (!id.ops)
		return 0;
	name = type_id(type);
	if (!name)
		return ret;
	id.name = name;
	profile = vfio_profile_create(&id);
	if (IS_ERR_OR_NULL(profile)) {
		ret = PTR_ERR_OR_ZERO(profile);
		goto free_name;
	}
	ret = check_groups(&id, profile, drv->driver.dev_groups);
	if (ret)
		goto free_profile;
	ret = -ENOMEM;
	type->profile = make_attrs(profile, base);
	if (!type->profile)
		goto free_profile;
	type->profile->id = name;
	return 0;

free_profile:
	vfio_profile_free(profile);
free_name:
	kfree(name);
	return ret;
}

/**
 * mdev_profile_ktype - the kobj_type that a type is added with
 * @type: the type, after mdev_profile_init_type()
 * @base: what it is without a profile
 *
 * Return: @base, or a copy of it that has the profile's attributes too.
 */
const struct kobj_type *mdev_profile_ktype(struct mdev_type *type,
					   const struct kobj_type *base)
{
	return type->profile ? &type->profile->ktype : base;
}

/**
 * mdev_profile_free_type - end of mdev_profile_init_type()
 * @type: the type, as its kobject is released
 */
void mdev_profile_free_type(struct mdev_type *type)
{
	struct mdev_type_profile *tp = type->profile;

	type->profile = NULL;
	if (!tp)
		return;
	vfio_profile_free(tp->profile);
	kfree(tp->id);
	kfree(tp->list);
	kfree(tp);
}

/**
 * mdev_profile_init_device - begin with an instance
 * @mdev: the instance, its type set, not yet in sysfs
 *
 * Gives it the profile's attributes if its type has a profile.
 *
 * Context: may sleep.
 * Return: 0, or -ENOMEM.
 */
int mdev_profile_init_device(struct mdev_device *mdev)
{
	struct mdev_type_profile *tp = mdev->type->profile;

	if (!tp)
		return 0;
	mdev->profile = vfio_profile_instance_create(tp->profile, &mdev->dev);
	if (!mdev->profile)
		return -ENOMEM;
	mdev->dev.groups = tp->dev_groups;
	return 0;
}

/**
 * mdev_profile_free_device - end of mdev_profile_init_device()
 * @mdev: the instance, as it is released
 */
void mdev_profile_free_device(struct mdev_device *mdev)
{
	vfio_profile_instance_free(mdev->profile);
}

/**
 * mdev_profile_check_device - check a new instance against its type
 * @mdev: the instance, bound, not yet announced as active
 *
 * Each dynamic resource has to be a readable and writable file of the
 * instance, or a manager could not copy it.
 *
 * Context: may sleep; holds the parent's unreg_sem for read.
 * Return: 0, or -ENXIO.
 */
int mdev_profile_check_device(struct mdev_device *mdev)
{
	struct mdev_type_profile *tp = mdev->type->profile;
	const char *name;
	unsigned int i;

	if (!tp)
		return 0;
	for (i = 0; (name = vfio_profile_resource(tp->profile, i)); i++) {
		struct kernfs_node *kn =
			sysfs_get_dirent(mdev->dev.kobj.sd, name);
		bool ok = kn && kernfs_type(kn) == KERNFS_FILE &&
			  (kn->mode & 0600) == 0600;

		sysfs_put(kn);
		if (ok)
			continue;
		report_resource(&mdev->dev, tp->id, name);
		return -ENXIO;
	}
	vfio_profile_instance_watch(mdev->profile);
	return 0;
}

/* ---- what drivers call ---- */

static int notify_instance(struct device *dev, void *type)
{
	struct mdev_device *mdev = to_mdev_device(dev);

	if (dev->bus == &mdev_bus_type && mdev->type == type)
		vfio_profile_instance_notify(mdev->profile);
	return 0;
}

/* Whoever polls an attribute, and whoever listens to the parent's uevents. */
static void notify(struct mdev_type *type)
{
	struct mdev_type_profile *tp = type->profile;
	struct device *parent = type->parent->dev;
	char *envp[3] = {};
	unsigned int i;

	for (i = 0; tp->list[i]; i++)
		sysfs_notify(&type->kobj, NULL, tp->list[i]->name);
	device_for_each_child(parent, type, notify_instance);
	envp[0] = "VFIO_PROFILE=changed";
	envp[1] = kasprintf(GFP_KERNEL, "VFIO_PROFILE_TYPE=%s", tp->id);
	kobject_uevent_env(&parent->kobj, KOBJ_CHANGE, envp);
	kfree(envp[1]);
}

/**
 * mdev_profile_changed - what a driver says of its types is no longer true
 * @parent: the parent whose types are to be asked again
 *
 * For a driver whose answers depend on what can change while it is bound, such
 * as firmware.  Asks describe() of each type again; readers see the new answer
 * or, if it is not valid, -EOPNOTSUPP, never the old promise.  Names of fields
 * and of resources stay what they were at registration, and a type that had no
 * interface then has none now.  Afterwards poll() on the attributes of types
 * and instances wakes, and the parent device sends a uevent for each type with
 * VFIO_PROFILE=changed and VFIO_PROFILE_TYPE=<type id>; without that, which
 * happens only if there is no memory, any of them may have changed.
 *
 * Context: may sleep; calls describe(), so the caller holds no lock that it
 * takes.  May be called from mdev_register_parent()'s return on, and may race
 * with mdev_unregister_parent() and follow it; @parent and its types outlive
 * the call.
 * Return: 0, also if a type cannot take part now (describe() said
 * -EOPNOTSUPP); -ENODEV if the parent is not registered, or is being
 * unregistered; or the first error of vfio_profile_refresh().  That type then
 * gives -EOPNOTSUPP until the next call.
 */
int mdev_profile_changed(struct mdev_parent *parent)
{
	unsigned int i;
	int ret = 0;

	if (!down_read_trylock(&parent->unreg_sem))
		return -ENODEV;
	for (i = 0; i < parent->nr_types; i++) {
		struct mdev_type *type = parent->types[i];
		int err = 0;

		if (!type->kobj.state_in_sysfs) {
			err = -ENODEV;
		} else if (type->profile) {
			err = vfio_profile_refresh(type->profile->profile);
			notify(type);
		}
		ret = ret ?: err;
	}
	up_read(&parent->unreg_sem);
	return ret;
}
EXPORT_SYMBOL_GPL(mdev_profile_changed);

/**
 * mdev_profile_opened - an instance is opened
 * @mdev: the instance
 *
 * For open_device() of a driver with set_version() or dynamic resources.
 *
 * Context: may sleep; waits for describe(), set_version() and stores to
 * resources of the instance, so the caller holds no lock that they take.
 */
void mdev_profile_opened(struct mdev_device *mdev)
{
	vfio_profile_opened(mdev->profile);
}
EXPORT_SYMBOL_GPL(mdev_profile_opened);

/**
 * mdev_profile_closed - end of mdev_profile_opened()
 * @mdev: the instance
 *
 * Context: as mdev_profile_opened().
 */
void mdev_profile_closed(struct mdev_device *mdev)
{
	vfio_profile_closed(mdev->profile);
}
EXPORT_SYMBOL_GPL(mdev_profile_closed);

/**
 * mdev_profile_store_begin - begin a store to a dynamic resource
 * @mdev: the instance
 *
 * Context: may sleep.  Returns with a mutex held, which describe() and
 * set_version() of the instance are called with, too; so the caller holds no
 * lock that they take, and calls neither mdev_profile_opened() nor
 * mdev_profile_closed() before mdev_profile_store_end().
 * Return: 0: the device stays closed, and is not described, until
 * mdev_profile_store_end(), which the same task has to call; or -EBUSY: it is
 * open.  A type without a profile: 0, also while it is open, and no mutex.
 */
int mdev_profile_store_begin(struct mdev_device *mdev)
{
	return vfio_profile_store_begin(mdev->profile);
}
EXPORT_SYMBOL_GPL(mdev_profile_store_begin);

/**
 * mdev_profile_store_end - end of mdev_profile_store_begin()
 * @mdev: the instance
 *
 * Context: may sleep.
 */
void mdev_profile_store_end(struct mdev_device *mdev)
{
	vfio_profile_store_end(mdev->profile);
}
EXPORT_SYMBOL_GPL(mdev_profile_store_end);

/**
 * mdev_profile_header - what the migration stream of an instance begins with
 * @mdev: the instance, open
 * @size: receives the length, at most 4110
 *
 * Its length may differ from call to call with what describe() says.
 *
 * Context: may sleep; calls describe().
 * Return: the header, to be freed with kfree(); or an ERR_PTR: -EOPNOTSUPP if
 * the instance cannot take part at present, or what describe() says.
 */
void *mdev_profile_header(struct mdev_device *mdev, size_t *size)
{
	if (!mdev->profile)
		return ERR_PTR(-EOPNOTSUPP);
	return vfio_profile_make_header(mdev->profile, size);
}
EXPORT_SYMBOL_GPL(mdev_profile_header);

/**
 * mdev_profile_resume - be ready for the migration stream of a source
 * @mdev: the instance, open
 * @old: a header that the driver's streams once began with, or NULL; it is
 *	not copied, and outlives the stream
 *
 * Context: may sleep.
 * Return: the stream, to be freed with vfio_profile_stream_free(), and not
 * written to once the instance is closed; or an ERR_PTR: -ENOMEM, or
 * -EOPNOTSUPP if the type has no profile.
 */
struct vfio_profile_stream *
mdev_profile_resume(struct mdev_device *mdev,
		    const struct vfio_profile_old_header *old)
{
	if (!mdev->profile)
		return ERR_PTR(-EOPNOTSUPP);
	return vfio_profile_stream_begin(mdev->profile, old);
}
EXPORT_SYMBOL_GPL(mdev_profile_resume);

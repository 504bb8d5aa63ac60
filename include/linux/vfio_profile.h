/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Device profiles for VFIO migration: what a vendor driver implements.
 *
 * A driver whose devices migrate fills in struct vfio_profile_ops and points
 * its struct mdev_driver at it.  The core validates what describe() says,
 * shows it in sysfs and answers writes to migration_version by it.
 */
#ifndef _LINUX_VFIO_PROFILE_H
#define _LINUX_VFIO_PROFILE_H

#include <linux/kernel.h>
#include <linux/vfio_profile_engine.h>

/*
 * A driver whose instances can be told how many slices of the card they get::
 *
 *	static int card_describe(struct mdev_type *type, struct device *dev,
 *				 u32 series, struct vp_profile *p)
 *	{
 *		struct card_instance *inst = dev ? dev_get_drvdata(dev) : NULL;
 *		char slices[12];
 *
 *		vp_version(p, "1.1.0");
 *		vp_add(p, "pci_ids", "8086:591d");
 *		if (inst)		// what this one uses
 *			vp_add(p, "encryption", inst->cipher);
 *		else			// what any of them may use
 *			vp_add_list(p, "encryption", "aes,gcm");
 *		if (inst)
 *			snprintf(slices, sizeof(slices), "%u", inst->slices);
 *		vp_resource(p, "aggregator", inst ? slices : NULL);
 *		return 0;
 *	}
 *
 *	static const struct vfio_profile_ops card_profile_ops = {
 *		.describe = card_describe,
 *	};
 *
 *	static struct mdev_driver card_driver = {
 *		...
 *		.profile_ops = mdev_profile_ptr(&card_profile_ops),
 *	};
 *
 * "aggregator" is a read-write attribute in the driver's dev_groups.  Without
 * vp_accept() the type accepts 1.0 and 1.1 as incoming.
 */

struct attribute;
struct device;
struct mdev_type;
struct vfio_profile;

/**
 * struct vfio_profile_ops - what a driver says of its devices
 * @describe: required.  Fill in @profile for a type (@dev is NULL) or for one
 *	instance of it (@dev is its &struct mdev_device.dev, so dev_get_drvdata()
 *	gives what probe() set), with vp_version(), vp_add() and the other
 *	functions of <linux/vfio_profile_engine.h>; what they return may be
 *	ignored, and strings are copied.  @series is the series to describe; a driver that
 *	does not call vp_emit() sees only VP_SERIES_OWN, the device's own, and
 *	may ignore it.  @type is NULL for a device that is not an mdev.
 *	For a type the fields say what is accepted as incoming, for an instance
 *	what its state needs at the destination.  Resources have values for an
 *	instance only, equal to what the attribute of that name reads less the
 *	newline; everybody who can read migration_version reads them there.  An
 *	instance has the resources of its type, and none but its type's fields.
 *	The core fills in driver, device API and type id.  @profile must not be
 *	kept.  Returns 0, or -EOPNOTSUPP: for a type at registration it then
 *	has no interface; for an instance it cannot migrate at present.  Any
 *	other error makes registration fail; for an instance -ENODEV, -ENOMEM
 *	and -EINTR are passed on and others are logged and become -EOPNOTSUPP.
 * @check: optional, for what sets of values cannot express.  Whether a type
 *	(@dev is NULL) or an instance takes the state of @source, which must not
 *	be kept.  It is asked whatever the other rules say, so @source may be of
 *	any API, type and version; its vendor text,
 *	vp_str(source, source->vendor), is up to 255 bytes that anybody may have
 *	written, or absent (source->vendor is 0) if the source's driver has no
 *	check().  describe() gives the own text with vp_vendor(), which a driver
 *	without check() may not call.  Returns 0; -EMEDIUMTYPE if it does not take it; -EOPNOTSUPP,
 *	-ENODEV, -ENOMEM or -EINTR if it could not decide.  Anything else is
 *	logged and becomes -EOPNOTSUPP.
 *
 * Both may sleep.  For a type they are called from mdev_register_parent(),
 * before the type is in sysfs and with the parent's unreg_sem held, and later
 * from sysfs without a lock; for an mdev instance with the device lock held
 * and the driver bound.  So they take neither of these locks nor one that the
 * driver holds while it registers a parent, and they do not add or remove
 * devices.  They may run at any time until mdev_unregister_parent() has
 * returned, also at once for several devices.
 */
struct vfio_profile_ops {
	int (*describe)(struct mdev_type *type, struct device *dev, u32 series,
			struct vp_profile *profile);
	int (*check)(struct mdev_type *type, struct device *dev,
		     const struct vp_profile *source);
};

/**
 * mdev_profile_ptr() - pointer to ops that vanishes with the interface
 * @ops: address of a static struct vfio_profile_ops
 *
 * For the profile_ops member of struct mdev_driver: without
 * CONFIG_VFIO_MDEV_PROFILE the ops and their functions are not compiled in, so
 * a driver needs no select or #ifdef.
 */
#define mdev_profile_ptr(ops) PTR_IF(IS_ENABLED(CONFIG_VFIO_MDEV_PROFILE), ops)

/* What follows is for the buses that show profiles, not for drivers. */

/**
 * struct vfio_profile_id - whose profile it is, and who answers for it
 * @parent: device that messages are about
 * @driver: name of the driver
 * @api: device API
 * @name: full type id
 * @type: the mdev type, or NULL
 * @ops: the driver's callbacks
 *
 * All of it belongs to the caller and outlives the profile.
 */
struct vfio_profile_id {
	struct device *parent;
	const char *driver;
	const char *api;
	const char *name;
	struct mdev_type *type;
	const struct vfio_profile_ops *ops;
};

struct vfio_profile *vfio_profile_create(const struct vfio_profile_id *id);
void vfio_profile_free(struct vfio_profile *profile);

unsigned int vfio_profile_nr_attrs(const struct vfio_profile *profile);
void vfio_profile_init_attr(const struct vfio_profile *profile, unsigned int i,
			    struct attribute *attr);
const char *vfio_profile_resource(const struct vfio_profile *profile,
				  unsigned int i);
ssize_t vfio_profile_show(const struct vfio_profile *profile, unsigned int i,
			  char *buf);
ssize_t vfio_profile_show_line(const struct vfio_profile_id *id,
			       const struct vfio_profile *type,
			       struct device *dev, char *buf);
ssize_t vfio_profile_store_line(const struct vfio_profile_id *id,
				const struct vfio_profile *type,
				struct device *dev, const char *buf,
				size_t count);

#endif /* _LINUX_VFIO_PROFILE_H */

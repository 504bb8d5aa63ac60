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
#include <linux/types.h>
#include <linux/vfio_profile_engine.h>

/**
 * DOC: describe() of a driver with a dynamic resource
 *
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
struct mdev_device;
struct mdev_parent;
struct mdev_type;
struct pci_dev;
struct vfio_profile;
struct vfio_profile_instance;
struct vfio_profile_stream;

/**
 * struct vfio_profile_ops - what a driver says of its devices
 * @describe: required.  Fill in @profile for a type (@dev is NULL) or for one
 *	instance of it (@dev is its &struct mdev_device.dev, so dev_get_drvdata()
 *	gives what probe() set before it registered the VFIO device), with
 *	vp_version(), vp_add() and the other functions of
 *	<linux/vfio_profile_engine.h>; what they return may be ignored, and
 *	strings are copied.  @series is the series to describe: VP_SERIES_OWN,
 *	which is above all others, or one that the type offers with vp_emit(),
 *	before and while the instance is pinned to it.  A driver without
 *	set_version() may ignore it.  @type is NULL for a device that is not an
 *	mdev.
 *	For a type the fields say what is accepted as incoming, for an instance
 *	what its state needs at the destination.  Resources have values for an
 *	instance only, equal to what the attribute of that name reads less the
 *	newline; everybody who can read migration_version reads them there.  An
 *	instance has the resources of its type, and none but its type's fields;
 *	one that describes an older series leaves out what came later.
 *	The core fills in driver, device API and type id.  @profile must not be
 *	kept.  Returns 0, or -EOPNOTSUPP: for a type at registration it then
 *	has no interface; later, and for an instance, it cannot take part at
 *	present.  Any other error makes registration fail; for an instance
 *	-ENODEV, -ENOMEM and -EINTR are passed on and others are logged and
 *	become -EOPNOTSUPP.
 * @set_version: optional, for a driver whose instances can emit an older
 *	series.  From now on the streams of @dev are of @series, which describe()
 *	has just described; VP_SERIES_OWN: of its own again.  Called while the
 *	device is closed and stays so, and neither at reset nor at close.
 *	Returns 0; -EBUSY, -EOPNOTSUPP, -ENODEV, -ENOMEM or -EINTR if it stays
 *	with what it had.  Anything else is logged and becomes -EOPNOTSUPP.
 * @check: optional, for what sets of values cannot express.  Whether a type
 *	(@dev is NULL) or an instance takes the state of @source, which must not
 *	be kept.  It is asked whatever the other rules say, so @source may be of
 *	any API, type and version; its vendor text,
 *	vp_str(source, source->vendor), is up to 255 bytes that anybody may have
 *	written, or absent (source->vendor is 0) if the source's driver has no
 *	check().  describe() gives the own text with vp_vendor(), which a driver
 *	without check() may not call.  Returns 0; -EMEDIUMTYPE if it does not
 *	take it; -EOPNOTSUPP, -ENODEV, -ENOMEM or -EINTR if it could not decide.
 *	Anything else is logged and becomes -EOPNOTSUPP.
 * @accepts: optional, for a driver of PCI functions that do not all accept the
 *	same, since describe() with @dev NULL is not told which function it is
 *	about.  Says in its place what the function @dev accepts as incoming:
 *	all that describe() says of a type, resources without a value included.
 *	Returns what describe() does for a type.  Not called for an mdev.
 *
 * All may sleep.  For a type they are called from mdev_register_parent(),
 * before the type is in sysfs and with the parent's unreg_sem held; from
 * mdev_profile_changed(), with it held as well; and from sysfs without a lock.
 * For an instance its driver is bound: they are called from sysfs with the
 * device lock held, or, while the device is open, with what the driver holds
 * as it calls mdev_profile_header() or writes to a stream; describe() and
 * set_version() also with what mdev_profile_opened(), mdev_profile_closed() and
 * mdev_profile_store_begin() lock, so a store to a resource is not seen half
 * done.  So they take no lock of these, none that the driver holds while it
 * calls those three or registers or unregisters a parent; and they do not add
 * or remove devices.  They may run at any time until mdev_unregister_parent()
 * has returned, also at once for several devices.
 *
 * For a PCI function they are called from vfio_pci_profile_register(), which
 * asks for what is accepted only, from vfio_pci_profile_changed(), and from
 * sysfs, never with the device lock; the rest holds with the functions named
 * vfio_pci_profile_*().  They may run at any time until
 * vfio_pci_profile_unregister() has returned.
 */
struct vfio_profile_ops {
	int (*describe)(struct mdev_type *type, struct device *dev, u32 series,
			struct vp_profile *profile);
	int (*set_version)(struct mdev_type *type, struct device *dev,
			   u32 series);
	int (*check)(struct mdev_type *type, struct device *dev,
		     const struct vp_profile *source);
	int (*accepts)(struct device *dev, struct vp_profile *profile);
};

/**
 * mdev_profile_ptr() - pointer to ops that vanishes with the interface
 * @ops: address of a static struct vfio_profile_ops
 *
 * For the profile_ops member of struct mdev_driver: without
 * CONFIG_VFIO_MDEV_PROFILE the ops and their functions are not compiled in, so
 * a driver needs no select or #ifdef.  One that uses the functions below
 * selects it.
 */
#define mdev_profile_ptr(ops) PTR_IF(IS_ENABLED(CONFIG_VFIO_MDEV_PROFILE), ops)

int mdev_profile_changed(struct mdev_parent *parent);

/**
 * DOC: while a device is open
 *
 * While a device is open its series and its resources stay as they are.  A
 * driver that has set_version() or dynamic resources says when that is, from
 * open_device() and close_device(); its store to a resource looks like this::
 *
 *	ret = mdev_profile_store_begin(mdev);
 *	if (ret)
 *		return ret;		// -EBUSY
 *	inst->slices = slices;
 *	mdev_profile_store_end(mdev);
 *
 * All resources of an instance, percent-encoded, have to fit its line of 4094
 * bytes: a driver whose values are long refuses a store that would not with
 * -E2BIG; the instance could not take part otherwise.  An attribute of a
 * resource never takes the device lock: unbinding waits for it under that.
 */
void mdev_profile_opened(struct mdev_device *mdev);
void mdev_profile_closed(struct mdev_device *mdev);
int mdev_profile_store_begin(struct mdev_device *mdev);
void mdev_profile_store_end(struct mdev_device *mdev);

/**
 * DOC: the migration stream
 *
 * The stream helper puts the source's line ahead of the driver's data, and has
 * it judged at the destination by the engine that answered the manager, before
 * anything of the device is touched.  Saving: the header goes out first, as
 * initial bytes of PRE_COPY if there is that.  Resuming: what is written goes
 * through vfio_profile_stream_write() until that leaves something over, and
 * vfio_profile_stream_done() is asked before the data is loaded.  All of it
 * while the device is open.  What a stream says against the data is said again
 * by each later call, but for -EINTR, after which the same bytes may come again.
 */
#define VFIO_PROFILE_STREAM_MAGIC	"VFIOprof"
#define VFIO_PROFILE_STREAM_VERSION	1

/**
 * struct vfio_profile_header - what a migration stream begins with
 * @magic: VFIO_PROFILE_STREAM_MAGIC, without a NUL
 * @version: VFIO_PROFILE_STREAM_VERSION
 * @length: of the source's line, which follows, without a newline; 1 to 4094
 */
struct vfio_profile_header {
	u8 magic[8];
	__le32 version;
	__le32 length;
};

/**
 * struct vfio_profile_old_header - how streams began before they had a line
 * @magic: their first eight bytes, as they are in memory
 * @size: length of that header, @magic included; at most 4110
 * @convert: make a source of it, as describe() does for an instance of the
 *	series that it stands for; vp_identify() included.  @header has come from
 *	anybody.  Returns 0, or any errno if it is not valid: -EINVAL is given
 */
struct vfio_profile_old_header {
	u64 magic;
	size_t size;
	int (*convert)(const void *header, struct vp_profile *source);
};

void *mdev_profile_header(struct mdev_device *mdev, size_t *size);
struct vfio_profile_stream *
mdev_profile_resume(struct mdev_device *mdev,
		    const struct vfio_profile_old_header *old);
ssize_t vfio_profile_stream_write(struct vfio_profile_stream *s,
				  const char __user *data, size_t len);
ssize_t vfio_profile_stream_feed(struct vfio_profile_stream *s,
				 const void *data, size_t len);
int vfio_profile_stream_done(struct vfio_profile_stream *s);
u32 vfio_profile_stream_series(const struct vfio_profile_stream *s);
void vfio_profile_stream_free(struct vfio_profile_stream *s);

/**
 * DOC: PCI functions
 *
 * A vfio-pci variant driver registers the same ops for a function.  The
 * function's own node in sysfs plays both parts then, that of a type and that
 * of an instance: @type is NULL in each callback, and @dev is &pci_dev.dev, or
 * NULL where describe() is asked what is accepted as incoming.
 */
int vfio_pci_profile_register(struct pci_dev *pdev, const char *type_id,
			      const struct vfio_profile_ops *ops);
void vfio_pci_profile_unregister(struct pci_dev *pdev);
int vfio_pci_profile_changed(struct pci_dev *pdev);
void vfio_pci_profile_opened(struct pci_dev *pdev);
void vfio_pci_profile_closed(struct pci_dev *pdev);
int vfio_pci_profile_store_begin(struct pci_dev *pdev);
void vfio_pci_profile_store_end(struct pci_dev *pdev);
void *vfio_pci_profile_header(struct pci_dev *pdev, size_t *size);
struct vfio_profile_stream *
vfio_pci_profile_resume(struct pci_dev *pdev,
			const struct vfio_profile_old_header *old);

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
int vfio_profile_refresh(struct vfio_profile *profile);

unsigned int vfio_profile_nr_attrs(const struct vfio_profile *profile);
void vfio_profile_init_attr(const struct vfio_profile *profile, unsigned int i,
			    struct attribute *attr);
const char *vfio_profile_resource(const struct vfio_profile *profile,
				  unsigned int i);
ssize_t vfio_profile_show(struct vfio_profile *profile, unsigned int i,
			  char *buf);
ssize_t vfio_profile_store_line(struct vfio_profile *profile,
				struct vfio_profile_instance *inst,
				const char *buf, size_t count);

struct vfio_profile_instance *
vfio_profile_instance_create(struct vfio_profile *profile, struct device *dev);
void vfio_profile_instance_free(struct vfio_profile_instance *inst);
void vfio_profile_instance_watch(struct vfio_profile_instance *inst);
void vfio_profile_instance_notify(struct vfio_profile_instance *inst);
ssize_t vfio_profile_show_line(struct vfio_profile_instance *inst, char *buf);
ssize_t vfio_profile_show_version(struct vfio_profile_instance *inst,
				  char *buf);
ssize_t vfio_profile_show_accepts(struct vfio_profile_instance *inst,
				  char *buf);
ssize_t vfio_profile_store_version(struct vfio_profile_instance *inst,
				   const char *buf, size_t count);
void vfio_profile_opened(struct vfio_profile_instance *inst);
void vfio_profile_closed(struct vfio_profile_instance *inst);
int vfio_profile_store_begin(struct vfio_profile_instance *inst);
void vfio_profile_store_end(struct vfio_profile_instance *inst);

void *vfio_profile_make_header(struct vfio_profile_instance *inst,
			       size_t *size);
struct vfio_profile_stream *
vfio_profile_stream_begin(struct vfio_profile_instance *inst,
			  const struct vfio_profile_old_header *old);

#endif /* _LINUX_VFIO_PROFILE_H */

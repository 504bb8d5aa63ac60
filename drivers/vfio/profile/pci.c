// SPDX-License-Identifier: GPL-2.0-only
/*
 * Device profiles of PCI functions whose vfio-pci variant driver registers
 * ops.  The function's own node in sysfs plays both parts: it shows what the
 * function accepts, as a type does, and what its state needs.
 *
 * The driver's attributes cannot be dev_groups, which come after probe(), and
 * its driver data belongs to vfio-pci-core; so a function is found in a table.
 */
#include <linux/completion.h>
#include <linux/device.h>
#include <linux/export.h>
#include <linux/hashtable.h>
#include <linux/kernfs.h>
#include <linux/lockdep.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/sysfs.h>
#include <linux/vfio_profile.h>

#define DEVICE_API "vfio-pci"

/**
 * struct pci_profile_attr - an attribute of a function
 * @attr: as sysfs knows it
 * @node: whose it is
 * @i: its number in the profile
 */
struct pci_profile_attr {
	struct device_attribute attr;
	struct pci_profile *node;
	unsigned int i;
};

/* Attributes that a type of an mdev has from the core. */
enum { OWN_API, OWN_TYPE, OWN_ATTRS };

/**
 * struct pci_profile - a registered function
 * @hash: in the table of functions, from being complete until it is freed
 * @dev: the function's device
 * @type_id: what migration_type shows
 * @profile: what the function accepts; NULL if the driver said that it has no
 *	interface, then nothing below @gone is there
 * @users: stores to resources and changes under way, and one for being
 *	registered; who puts the last says @idle
 * @idle: nobody uses it, and nobody begins to
 * @gone: it is being unregistered
 * @inst: what its state needs
 * @group: the attributes
 * @list: the same as pointers, with NULL
 * @attr: OWN_ATTRS of the bus, then those of @profile
 */
struct pci_profile {
	struct hlist_node hash;
	struct device *dev;
	const char *type_id;
	struct vfio_profile *profile;
	refcount_t users;
	struct completion idle;
	bool gone;
	struct vfio_profile_instance *inst;
	struct attribute_group group;
	struct attribute **list;
	struct pci_profile_attr *attr;
};

/* Functions that are registered, and @gone of each. */
static DEFINE_SPINLOCK(nodes_lock);
static DEFINE_HASHTABLE(nodes, 6);

/* ---- the table of functions ---- */

static struct pci_profile *lookup(struct device *dev)
{
	struct pci_profile *node;

	lockdep_assert_held(&nodes_lock);
	hash_for_each_possible(nodes, node, hash, (unsigned long)dev)
		if (node->dev == dev)
			return node;
	return NULL;
}

/* For who knows that it is registered, and stays so. */
static struct pci_profile *find(struct pci_dev *pdev)
{
	struct pci_profile *node;

	spin_lock(&nodes_lock);
	node = lookup(&pdev->dev);
	spin_unlock(&nodes_lock);
	return node;
}

/* For others: unregistering waits until put(). */
static struct pci_profile *get(struct pci_dev *pdev)
{
	struct pci_profile *node;

	spin_lock(&nodes_lock);
	node = lookup(&pdev->dev);
	if (node && node->gone)
		node = NULL;
	if (node)
		refcount_inc(&node->users);
	spin_unlock(&nodes_lock);
	return node;
}

static void put(struct pci_profile *node)
{
	if (refcount_dec_and_test(&node->users))
		complete(&node->idle);
}

static int insert(struct pci_profile *node)
{
	int ret = 0;

	spin_lock(&nodes_lock);
	if (lookup(node->dev))
		ret = -EEXIST;
	else
		hash_add(nodes, &node->hash, (unsigned long)node->dev);
	spin_unlock(&nodes_lock);
	return ret;
}

/* ---- attributes ---- */

/*
 * The driver stays bound while these run, since removing them waits for that.
 * It does so under the device lock, so taking that here would hang for ever.
 */
static struct pci_profile_attr *to_attr(struct device_attribute *attr)
{
	return container_of(attr, struct pci_profile_attr, attr);
}

static ssize_t device_api_show(struct device *dev,
			       struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, DEVICE_API "\n");
}

static ssize_t migration_type_show(struct device *dev,
				   struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s\n", to_attr(attr)->node->type_id);
}

static ssize_t profile_show(struct device *dev, struct device_attribute *attr,
			    char *buf)
{
	struct pci_profile_attr *a = to_attr(attr);

	return vfio_profile_show(a->node->profile, a->i, buf);
}

static ssize_t accepts_show(struct device *dev, struct device_attribute *attr,
			    char *buf)
{
	return vfio_profile_show_accepts(to_attr(attr)->node->inst, buf);
}

static ssize_t migration_version_show(struct device *dev,
				      struct device_attribute *attr, char *buf)
{
	return vfio_profile_show_line(to_attr(attr)->node->inst, buf);
}

static ssize_t migration_version_store(struct device *dev,
				       struct device_attribute *attr,
				       const char *buf, size_t count)
{
	struct pci_profile *node = to_attr(attr)->node;

	return vfio_profile_store_line(node->profile, node->inst, buf, count);
}

static ssize_t software_version_show(struct device *dev,
				     struct device_attribute *attr, char *buf)
{
	return vfio_profile_show_version(to_attr(attr)->node->inst, buf);
}

static ssize_t software_version_store(struct device *dev,
				      struct device_attribute *attr,
				      const char *buf, size_t count)
{
	return vfio_profile_store_version(to_attr(attr)->node->inst, buf,
					  count);
}

static void init_own(struct pci_profile_attr *a, const char *name,
		     ssize_t (*show)(struct device *dev,
				     struct device_attribute *attr, char *buf))
{
	sysfs_attr_init(&a->attr.attr);
	a->attr.attr.name = name;
	a->attr.attr.mode = 0444;
	a->attr.show = show;
}

/* An attribute of a type, or what an instance has in its place. */
static void init_attr(struct pci_profile_attr *a,
		      const struct vfio_profile *profile, bool can_pin)
{
	struct device_attribute *attr = &a->attr;

	vfio_profile_init_attr(profile, a->i, &attr->attr);
	attr->show = profile_show;
	if (!strcmp(attr->attr.name, "migration_version")) {
		attr->show = migration_version_show;
		attr->store = migration_version_store;
	} else if (!strcmp(attr->attr.name, "compatible_software_version")) {
		attr->show = accepts_show;
	} else if (!strcmp(attr->attr.name, "software_version")) {
		attr->show = software_version_show;
		attr->store = can_pin ? software_version_store : NULL;
		attr->attr.mode = can_pin ? 0644 : 0444;
	}
}

static int make_attrs(struct pci_profile *node, bool can_pin)
{
	unsigned int i, nr = OWN_ATTRS + vfio_profile_nr_attrs(node->profile);

	node->attr = kcalloc(nr, sizeof(*node->attr), GFP_KERNEL);
	node->list = kcalloc(nr + 1, sizeof(*node->list), GFP_KERNEL);
	if (!node->attr || !node->list)
		return -ENOMEM;
	init_own(&node->attr[OWN_API], "device_api", device_api_show);
	init_own(&node->attr[OWN_TYPE], "migration_type", migration_type_show);
	for (i = 0; i < nr; i++) {
		struct pci_profile_attr *a = &node->attr[i];

		a->node = node;
		a->i = i - OWN_ATTRS;
		if (i >= OWN_ATTRS)
			init_attr(a, node->profile, can_pin);
		node->list[i] = &a->attr.attr;
	}
	node->group.attrs = node->list;
	return 0;
}

/* ---- names ---- */

/* Whether a file is there; 0600 in @mode if it is read and written. */
static bool exists(struct device *dev, const char *name, umode_t *mode)
{
	struct kernfs_node *kn = sysfs_get_dirent(dev->kobj.sd, name);

	if (!kn)
		return false;
	*mode = kernfs_type(kn) == KERNFS_FILE ? kn->mode & 0600 : 0;
	sysfs_put(kn);
	return true;
}

/* A file that is there already: sysfs would warn, the driver is told. */
static int check_attrs(struct pci_profile *node)
{
	umode_t mode;
	unsigned int i;

	for (i = 0; node->list[i]; i++) {
		if (!exists(node->dev, node->list[i]->name, &mode))
			continue;
		dev_err(node->dev, "%s: %s: the function has such a file already\n",
			node->type_id, node->list[i]->name);
		return -EEXIST;
	}
	return 0;
}

static bool is_in(const struct attribute_group *const *groups, const char *name)
{
	int i;

	for (; groups && *groups; groups++) {
		for (i = 0; (*groups)->attrs && (*groups)->attrs[i]; i++)
			if (!strcmp((*groups)->attrs[i]->name, name))
				return true;
		for (i = 0; (*groups)->bin_attrs && (*groups)->bin_attrs[i]; i++)
			if (!strcmp((*groups)->bin_attrs[i]->attr.name, name))
				return true;
	}
	return false;
}

/*
 * A manager writes to resources, so they have to be the driver's own and not
 * what functions have anyway, such as driver_override or resource0.
 */
static bool is_of_pci(struct device *dev, const char *name)
{
	size_t n = strlen("resource");

	if (!strncmp(name, "resource", n) && name[n] >= '0' && name[n] <= '9')
		return true;
	return (dev->bus && is_in(dev->bus->dev_groups, name)) ||
	       (dev->type && is_in(dev->type->groups, name)) ||
	       !strcmp(name, "driver_override");
}

static int check_resources(struct pci_profile *node)
{
	const char *name;
	umode_t mode;
	unsigned int i;

	for (i = 0; (name = vfio_profile_resource(node->profile, i)); i++) {
		if (is_of_pci(node->dev, name)) {
			dev_err(node->dev,
				"%s: dynamic_resources: '%s' is not the driver's\n",
				node->type_id, name);
			return -EEXIST;
		}
		if (!exists(node->dev, name, &mode) || mode != 0600) {
			dev_err(node->dev,
				"%s: dynamic_resources: '%s' is no attribute that can be read and written\n",
				node->type_id, name);
			return -ENXIO;
		}
	}
	return 0;
}

/* ---- what drivers call ---- */

static void free_node(struct pci_profile *node)
{
	vfio_profile_instance_free(node->inst);
	vfio_profile_free(node->profile);
	kfree(node->list);
	kfree(node->attr);
	kfree(node->type_id);
	kfree(node);
}

/* Ask the driver, and make what it says ready to be shown. */
static int init_profile(struct pci_profile *node,
			const struct vfio_profile_ops *ops)
{
	struct vfio_profile_id id = {
		.parent = node->dev,
		.driver = dev_driver_string(node->dev),
		.api = DEVICE_API,
		.name = node->type_id,
		.ops = ops,
	};
	struct vfio_profile *profile = vfio_profile_create(&id);
	int ret;

	if (IS_ERR_OR_NULL(profile))
		return PTR_ERR_OR_ZERO(profile);
	node->profile = profile;
	node->inst = vfio_profile_instance_create(profile, node->dev);
	ret = node->inst ? make_attrs(node, ops->set_version) : -ENOMEM;
	if (!ret)
		ret = check_attrs(node);
	return ret ?: check_resources(node);
}

static struct pci_profile *alloc_node(struct device *dev, const char *type_id)
{
	struct pci_profile *node = kzalloc(sizeof(*node), GFP_KERNEL);

	if (!node)
		return NULL;
	node->dev = dev;
	refcount_set(&node->users, 1);
	init_completion(&node->idle);
	node->type_id = kstrdup(type_id, GFP_KERNEL);
	if (node->type_id)
		return node;
	kfree(node);
	return NULL;
}

/* Of several who want to, one gets it. */
static struct pci_profile *get_to_remove(struct device *dev)
{
	struct pci_profile *node;

	spin_lock(&nodes_lock);
	node = lookup(dev);
	if (node && node->gone)
		node = NULL;
	if (node)
		node->gone = true;
	spin_unlock(&nodes_lock);
	return node;
}

static void remove_node(struct pci_profile *node, bool in_sysfs)
{
	put(node);
	wait_for_completion(&node->idle);
	if (in_sysfs)
		sysfs_remove_group(&node->dev->kobj, &node->group);
	spin_lock(&nodes_lock);
	hash_del(&node->hash);
	spin_unlock(&nodes_lock);
	free_node(node);
}

/**
 * vfio_pci_profile_register - show what a function is compatible with
 * @pdev: the function, being probed; its driver data is set
 * @type_id: the type that it is of, as compatible_type of other devices names
 *	it: 1 to 64 printable ASCII characters without blank , = ; %.  It may be
 *	that of an mdev type with the same stream.  It is copied
 * @ops: what the driver says; not copied
 *
 * For probe(), before vfio_pci_core_register_device().  Each dynamic resource
 * is an attribute of the function already, made with device_add_group(), say,
 * and removed after vfio_pci_profile_unregister().  No such attribute takes
 * the device lock: it is removed under that.
 *
 * Context: may sleep; calls accepts() or describe() with what the caller holds.
 * Return: 0, also if that said -EOPNOTSUPP and the function has no interface;
 * -EINVAL, -EEXIST, -ENODATA, -ERANGE, -E2BIG if what it said is not valid;
 * -EEXIST also if the function is registered or has a file of such a name, or
 * if a resource is one that all functions have; -ENXIO for a resource that is
 * no attribute that can be read and written; -ENOMEM; or accepts()'s and
 * describe()'s own.  After an error nothing is left.
 */
int vfio_pci_profile_register(struct pci_dev *pdev, const char *type_id,
			      const struct vfio_profile_ops *ops)
{
	struct pci_profile *node = alloc_node(&pdev->dev, type_id);
	int ret;

	if (!node)
		return -ENOMEM;
	/* not found by others before it is complete, nor seen in sysfs */
	ret = init_profile(node, ops) ?: insert(node);
	if (ret) {
		free_node(node);
		return ret;
	}
	if (!node->profile)
		return 0;
	ret = sysfs_create_group(&node->dev->kobj, &node->group);
	if (ret)
		remove_node(get_to_remove(&pdev->dev), false);
	else
		vfio_profile_instance_watch(node->inst);
	return ret;
}
EXPORT_SYMBOL_GPL(vfio_pci_profile_register);

/**
 * vfio_pci_profile_unregister - end of vfio_pci_profile_register()
 * @pdev: the function, which nobody has open
 *
 * For remove(), after vfio_pci_core_unregister_device(), and for probe() if
 * that fails later.  Nothing happens if the function is not registered.
 *
 * Context: may sleep; waits for callbacks, for stores to resources and for
 * vfio_pci_profile_changed(), so the caller holds no lock that they take.  The
 * device lock is none of them.
 */
void vfio_pci_profile_unregister(struct pci_dev *pdev)
{
	struct pci_profile *node = get_to_remove(&pdev->dev);

	if (node)
		remove_node(node, node->profile);
}
EXPORT_SYMBOL_GPL(vfio_pci_profile_unregister);

/* Whoever polls an attribute, and whoever listens to the function's uevents. */
static void notify(struct pci_profile *node)
{
	char *envp[3] = {};
	unsigned int i;

	for (i = 0; node->list[i]; i++)
		sysfs_notify(&node->dev->kobj, NULL, node->list[i]->name);
	envp[0] = "VFIO_PROFILE=changed";
	envp[1] = kasprintf(GFP_KERNEL, "VFIO_PROFILE_TYPE=%s", node->type_id);
	kobject_uevent_env(&node->dev->kobj, KOBJ_CHANGE, envp);
	kfree(envp[1]);
}

/**
 * vfio_pci_profile_changed - what a driver says of a function is no longer true
 * @pdev: the function
 *
 * Asks accepts() or describe() again; readers see the new answer or, if it is
 * not valid, -EOPNOTSUPP, never the old promise.  Names of fields and of
 * resources stay what they were at registration.  Afterwards poll() on the
 * attributes wakes, and the function sends a uevent with VFIO_PROFILE=changed
 * and VFIO_PROFILE_TYPE=<type id>; the latter needs memory.
 *
 * Context: may sleep; calls those, so the caller holds no lock that they take.
 * May race with vfio_pci_profile_unregister() and follow it; @pdev outlives
 * the call.
 * Return: 0, also if the function cannot take part now, or has no interface;
 * -ENODEV if it is not registered; or an error of vfio_profile_refresh().  All
 * attributes then give -EOPNOTSUPP until the next call.
 */
int vfio_pci_profile_changed(struct pci_dev *pdev)
{
	struct pci_profile *node = get(pdev);
	int ret = 0;

	if (!node)
		return -ENODEV;
	if (node->profile) {
		ret = vfio_profile_refresh(node->profile);
		notify(node);
	}
	put(node);
	return ret;
}
EXPORT_SYMBOL_GPL(vfio_pci_profile_changed);

/* Of a function without an interface, and of one that is not registered: NULL. */
static struct vfio_profile_instance *instance_of(struct pci_dev *pdev)
{
	struct pci_profile *node = find(pdev);

	return node ? node->inst : NULL;
}

/**
 * vfio_pci_profile_opened - a function is opened
 * @pdev: the function, registered
 *
 * For open_device() of a driver with set_version() or dynamic resources.
 *
 * Context: may sleep; waits for describe(), set_version() and stores to
 * resources of the function, so the caller holds no lock that they take.
 */
void vfio_pci_profile_opened(struct pci_dev *pdev)
{
	vfio_profile_opened(instance_of(pdev));
}
EXPORT_SYMBOL_GPL(vfio_pci_profile_opened);

/**
 * vfio_pci_profile_closed - end of vfio_pci_profile_opened()
 * @pdev: the function, registered
 *
 * Context: as vfio_pci_profile_opened().
 */
void vfio_pci_profile_closed(struct pci_dev *pdev)
{
	vfio_profile_closed(instance_of(pdev));
}
EXPORT_SYMBOL_GPL(vfio_pci_profile_closed);

/**
 * vfio_pci_profile_store_begin - begin a store to a dynamic resource
 * @pdev: the function
 *
 * Context: may sleep.  Returns with a mutex held, which describe() and
 * set_version() of the function are called with, too; so the caller holds no
 * lock that they take, and calls neither vfio_pci_profile_opened() nor
 * vfio_pci_profile_closed() before vfio_pci_profile_store_end().  May race with
 * registering and unregistering.
 * Return: 0: the function stays closed, and is not described, until
 * vfio_pci_profile_store_end(), which the same task has to call; -EBUSY: it is
 * open; -ENODEV: it is not registered.  One without an interface: 0, also
 * while it is open, and no mutex.
 */
int vfio_pci_profile_store_begin(struct pci_dev *pdev)
{
	struct pci_profile *node = get(pdev);
	int ret;

	if (!node)
		return -ENODEV;
	ret = vfio_profile_store_begin(node->inst);
	if (ret)
		put(node);
	return ret;
}
EXPORT_SYMBOL_GPL(vfio_pci_profile_store_begin);

/**
 * vfio_pci_profile_store_end - end of vfio_pci_profile_store_begin()
 * @pdev: the function
 *
 * Context: may sleep.
 */
void vfio_pci_profile_store_end(struct pci_dev *pdev)
{
	struct pci_profile *node = find(pdev);

	if (WARN_ON_ONCE(!node))
		return;
	vfio_profile_store_end(node->inst);
	put(node);
}
EXPORT_SYMBOL_GPL(vfio_pci_profile_store_end);

/**
 * vfio_pci_profile_header - what the migration stream of a function begins with
 * @pdev: the function, open
 * @size: receives the length, at most 4110
 *
 * Its length may differ from call to call with what describe() says.
 *
 * Context: may sleep; calls describe().
 * Return: the header, to be freed with kfree(); or an ERR_PTR: -EOPNOTSUPP if
 * the function has no interface or cannot take part at present, or what
 * describe() says.
 */
void *vfio_pci_profile_header(struct pci_dev *pdev, size_t *size)
{
	struct vfio_profile_instance *inst = instance_of(pdev);

	if (!inst)
		return ERR_PTR(-EOPNOTSUPP);
	return vfio_profile_make_header(inst, size);
}
EXPORT_SYMBOL_GPL(vfio_pci_profile_header);

/**
 * vfio_pci_profile_resume - be ready for the migration stream of a source
 * @pdev: the function, open
 * @old: a header that the driver's streams once began with, or NULL; it is
 *	not copied, and outlives the stream
 *
 * Context: may sleep.
 * Return: the stream, to be freed with vfio_profile_stream_free(), and not
 * written to once the function is closed; or an ERR_PTR: -ENOMEM, or
 * -EOPNOTSUPP if the function has no interface.
 */
struct vfio_profile_stream *
vfio_pci_profile_resume(struct pci_dev *pdev,
			const struct vfio_profile_old_header *old)
{
	struct vfio_profile_instance *inst = instance_of(pdev);

	if (!inst)
		return ERR_PTR(-EOPNOTSUPP);
	return vfio_profile_stream_begin(inst, old);
}
EXPORT_SYMBOL_GPL(vfio_pci_profile_resume);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Device profiles of PCI functions");

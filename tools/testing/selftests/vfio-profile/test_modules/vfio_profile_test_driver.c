// SPDX-License-Identifier: GPL-2.0-only
/*
 * A mediated device driver that says of its types whatever a test wants.
 *
 * In debugfs, folder vfio_profile_test:
 *
 * types: the driver and its types, a directive a line.  A write at offset 0
 *	begins anew.  It can be changed while they are registered; then only
 *	what describe() says changes.
 * register: 1 registers the parent device, 0 unregisters it; a write gives the
 *	errno of it.
 * changed: a write calls mdev_profile_changed() and gives the errno of it.
 * instances: number of instances that exist, bound or not.
 *
 * Directives before the first type are about the driver:
 *
 *	api vfio-ccw		device API; vfio-pci if not given
 *	ops none		no profile_ops
 *	describe none		profile_ops without describe()
 *	check ERRNO		check() returns that; no check() if not given
 *	set_version ERRNO	set_version() returns that; none if not given
 *
 * and those after "type NAME" about that type, as in tests/spec.h, and:
 *
 *	errno ERRNO		describe() returns that
 *	delay MS		describe() takes that long
 *	count N			N types that are alike: NAME-0, NAME-1, ..; it
 *				has to come first
 *
 * "t:" in front of a directive is for the type only, "i:" for instances only;
 * "1.0:" is for that series only, "own:" for the own one only.  An instance
 * has the attributes aggregator, fps and url, which can be read and written,
 * and serial, which cannot; "resource NAME" takes their value.  What migrates
 * are the 64 bytes of its region 0.
 */
#include <linux/ctype.h>
#include <linux/debugfs.h>
#include <linux/delay.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>
#include <linux/vfio_profile.h>

#include "spec.h"
#include "vfio_profile_test.h"

#define NAME "vfio_profile_test"
#define TEXT_MAX SZ_64K
#define TYPES_MAX 128

/* @section: name in the text, without the number of "count" */
struct test_type {
	struct mdev_type type;
	char name[VP_VALUE_MAX + 1];
	char section[VP_VALUE_MAX + 1];
};

/*
 * register_lock serialises registering; text_lock is for what describe()
 * reads; callable_lock keeps the types while they may be told to have changed.
 */
static DEFINE_MUTEX(register_lock);
static DECLARE_RWSEM(text_lock);
static DECLARE_RWSEM(callable_lock);
static char *text;
static size_t text_len;

static struct platform_device *pdev;
static struct dentry *dir;
static struct mdev_parent parent;
static struct test_type *types;
static struct mdev_type **type_list;
static bool registered;
static bool callable;
static atomic_t instances = ATOMIC_INIT(0);
static int check_errno;
static int set_version_errno;

/* ---- the text ---- */

struct directive {
	const char *s;
	size_t len;
};

static bool next_directive(const char **at, struct directive *d)
{
	while (**at == '\n')
		(*at)++;
	d->s = *at;
	d->len = strcspn(*at, "\n");
	*at += d->len;
	return d->len;
}

/* Whether it is "@word ARG", and then only its argument. */
static bool is_directive(struct directive *d, const char *word)
{
	size_t len = strlen(word);

	if (d->len <= len || memcmp(d->s, word, len) || d->s[len] != ' ')
		return false;
	d->s += len + 1;
	d->len -= len + 1;
	return true;
}

static int directive_int(struct directive d)
{
	char num[16] = "";
	int n = 0;

	memcpy(num, d.s, min(d.len, sizeof(num) - 1));
	return kstrtoint(num, 0, &n) ? 0 : n;
}

/* The argument of a directive of the driver; "" if it is not there. */
static struct directive driver_directive(const char *word)
{
	const char *at = text;
	struct directive d;

	while (next_directive(&at, &d)) {
		struct directive name = d;

		if (is_directive(&d, word))
			return d;
		if (is_directive(&name, "type"))
			break;
	}
	return (struct directive){ "", 0 };
}

/* ---- resources of an instance ---- */

struct resource_attr {
	struct device_attribute attr;
	int i;
};

static int attr_index(struct device_attribute *attr)
{
	return container_of(attr, struct resource_attr, attr)->i;
}

static ssize_t value_show(struct device *dev, struct device_attribute *attr,
			  char *buf)
{
	struct test_instance *ti = dev_get_drvdata(dev);
	ssize_t ret;

	mutex_lock(&ti->lock);
	ret = sysfs_emit(buf, "%s\n", ti->value[attr_index(attr)]);
	mutex_unlock(&ti->lock);
	return ret;
}

static ssize_t value_store(struct device *dev, struct device_attribute *attr,
			   const char *buf, size_t count)
{
	struct test_instance *ti = dev_get_drvdata(dev);
	char *value = ti->value[attr_index(attr)];
	size_t len = count;
	int ret;

	if (len && buf[len - 1] == '\n')
		len--;
	if (len > VP_RESOURCE_MAX)
		return -E2BIG;
	if (memchr(buf, '\0', len))
		return -EINVAL;
	ret = mdev_profile_store_begin(to_mdev_device(dev));
	if (ret)
		return ret;
	mutex_lock(&ti->lock);
	memcpy(value, buf, len);
	value[len] = '\0';
	mutex_unlock(&ti->lock);
	mdev_profile_store_end(to_mdev_device(dev));
	return count;
}

static struct resource_attr resource_attrs[] = {
	{ __ATTR(aggregator, 0644, value_show, value_store), RES_AGGREGATOR },
	{ __ATTR(fps, 0644, value_show, value_store), RES_FPS },
	{ __ATTR(url, 0644, value_show, value_store), RES_URL },
};

static ssize_t serial_show(struct device *dev, struct device_attribute *attr,
			   char *buf)
{
	return sysfs_emit(buf, "%s\n", dev_name(dev));
}
static DEVICE_ATTR_RO(serial);

static struct attribute *test_attrs[] = {
	&resource_attrs[RES_AGGREGATOR].attr.attr,
	&resource_attrs[RES_FPS].attr.attr,
	&resource_attrs[RES_URL].attr.attr,
	&dev_attr_serial.attr,
	NULL,
};
ATTRIBUTE_GROUPS(test);

static int describe_resource(struct device *dev, struct vp_profile *profile,
			     struct directive d)
{
	static const char *const names[RES_NR] = { "aggregator", "fps", "url" };
	struct test_instance *ti = dev ? dev_get_drvdata(dev) : NULL;
	char name[64] = "";
	int i, ret;

	memcpy(name, d.s, min(d.len, sizeof(name) - 1));
	if (!ti)
		return vp_resource(profile, name, NULL);
	i = match_string(names, RES_NR, name);
	if (i < 0)
		return vp_resource(profile, name, "");
	mutex_lock(&ti->lock);
	ret = vp_resource(profile, name, ti->value[i]);
	mutex_unlock(&ti->lock);
	return ret;
}

/* ---- profile_ops ---- */

/* Whether a prefix is about what is described. */
static bool is_about(const char *prefix, size_t len, struct device *dev,
		     u32 series)
{
	u32 number;

	if (len == 1)
		return prefix[0] == (dev ? 'i' : 't');
	if (len == 3 && !memcmp(prefix, "own", len))
		return series == VP_SERIES_OWN;
	return !vp_parse_series(prefix, len, &number) && number == series;
}

/* "t", "i", "own" or a series. */
static bool is_prefix(const char *prefix, size_t len)
{
	u32 number;

	return (len == 1 && strchr("ti", prefix[0])) ||
	       (len == 3 && !memcmp(prefix, "own", len)) ||
	       !vp_parse_series(prefix, len, &number);
}

/* One directive; an errno only if describe() is to return it. */
static int describe_one(struct device *dev, u32 series,
			struct vp_profile *profile, struct directive d)
{
	size_t len;

	for (;;) {
		for (len = 0; len < d.len && d.s[len] != ':';)
			len++;
		if (len == d.len || !is_prefix(d.s, len))
			break;
		if (!is_about(d.s, len, dev, series))
			return 0;
		d.s += len + 1;
		d.len -= len + 1;
	}
	if (is_directive(&d, "errno"))
		return directive_int(d);
	if (is_directive(&d, "count"))
		return 0;
	if (is_directive(&d, "delay"))
		msleep(directive_int(d));
	else if (is_directive(&d, "resource"))
		describe_resource(dev, profile, d);
	else if (vp_spec_line(profile, d.s, d.len, dev) && !vp_error(profile))
		return -EDOM;
	return 0;
}

static int test_describe(struct mdev_type *mtype, struct device *dev,
			 u32 series, struct vp_profile *profile)
{
	struct test_type *type = container_of(mtype, struct test_type, type);
	bool mine = false;
	const char *at;
	struct directive d;
	int ret = 0;

	down_read(&text_lock);
	at = text;
	while (!ret && next_directive(&at, &d)) {
		if (is_directive(&d, "type"))
			mine = d.len == strlen(type->section) &&
			       !memcmp(d.s, type->section, d.len);
		else if (mine)
			ret = describe_one(dev, series, profile, d);
	}
	up_read(&text_lock);
	return ret;
}

static int test_check(struct mdev_type *mtype, struct device *dev,
		      const struct vp_profile *source)
{
	return READ_ONCE(check_errno);
}

static int test_set_version(struct mdev_type *mtype, struct device *dev,
			    u32 series)
{
	return READ_ONCE(set_version_errno);
}

/* Which callbacks there are is set as it is registered. */
static struct vfio_profile_ops test_ops;

/* ---- the device ---- */

static long get_info(unsigned long arg)
{
	unsigned long minsz = offsetofend(struct vfio_device_info, num_irqs);
	struct vfio_device_info info = {};

	if (copy_from_user(&info.argsz, (void __user *)arg, sizeof(info.argsz)))
		return -EFAULT;
	if (info.argsz < minsz)
		return -EINVAL;
	info.flags = VFIO_DEVICE_FLAGS_PCI | VFIO_DEVICE_FLAGS_RESET;
	info.num_regions = 1;
	return copy_to_user((void __user *)arg, &info, minsz) ? -EFAULT : 0;
}

static long get_region_info(unsigned long arg)
{
	unsigned long minsz = offsetofend(struct vfio_region_info, offset);
	struct vfio_region_info info;

	if (copy_from_user(&info, (void __user *)arg, minsz))
		return -EFAULT;
	if (info.argsz < minsz || info.index)
		return -EINVAL;
	info.flags = VFIO_REGION_INFO_FLAG_READ | VFIO_REGION_INFO_FLAG_WRITE;
	info.size = TEST_STATE_SIZE;
	info.offset = 0;
	return copy_to_user((void __user *)arg, &info, minsz) ? -EFAULT : 0;
}

static struct test_instance *to_instance(struct vfio_device *vdev)
{
	return container_of(vdev, struct test_instance, vdev);
}

static long test_ioctl(struct vfio_device *vdev, unsigned int cmd,
		       unsigned long arg)
{
	switch (cmd) {
	case VFIO_DEVICE_GET_INFO:
		return get_info(arg);
	case VFIO_DEVICE_GET_REGION_INFO:
		return get_region_info(arg);
	case VFIO_DEVICE_RESET:
		test_migration_reset(to_instance(vdev));
		return 0;
	}
	return -ENOTTY;
}

static ssize_t test_read(struct vfio_device *vdev, char __user *buf,
			 size_t count, loff_t *pos)
{
	struct test_instance *ti = to_instance(vdev);
	u8 state[TEST_STATE_SIZE];

	mutex_lock(&ti->lock);
	memcpy(state, ti->state, sizeof(state));
	mutex_unlock(&ti->lock);
	return simple_read_from_buffer(buf, count, pos, state, sizeof(state));
}

static ssize_t test_write(struct vfio_device *vdev, const char __user *buf,
			  size_t count, loff_t *pos)
{
	struct test_instance *ti = to_instance(vdev);
	ssize_t ret;

	mutex_lock(&ti->lock);
	ret = simple_write_to_buffer(ti->state, sizeof(ti->state), pos, buf,
				     count);
	mutex_unlock(&ti->lock);
	return ret;
}

static int test_open(struct vfio_device *vdev)
{
	mdev_profile_opened(to_mdev_device(vdev->dev));
	return 0;
}

static void test_close(struct vfio_device *vdev)
{
	test_migration_reset(to_instance(vdev));
	mdev_profile_closed(to_mdev_device(vdev->dev));
}

static void test_release(struct vfio_device *vdev)
{
	atomic_dec(&instances);
#ifndef VFIO_MIGRATION_PRE_COPY
	vfio_free_device(vdev);	/* Linux 6.1 leaves it to the driver */
#endif
}

static const struct vfio_device_ops test_dev_ops = {
	.name = NAME,
	.release = test_release,
	.open_device = test_open,
	.close_device = test_close,
	.read = test_read,
	.write = test_write,
	.ioctl = test_ioctl,
	.bind_iommufd = vfio_iommufd_emulated_bind,
	.unbind_iommufd = vfio_iommufd_emulated_unbind,
	.attach_ioas = vfio_iommufd_emulated_attach_ioas,
	.detach_ioas = vfio_iommufd_emulated_detach_ioas,
};

static int test_probe(struct mdev_device *mdev)
{
	struct test_instance *ti;
	int ret;

	ti = vfio_alloc_device(test_instance, vdev, &mdev->dev, &test_dev_ops);
	if (IS_ERR(ti))
		return PTR_ERR(ti);
	atomic_inc(&instances);
	mutex_init(&ti->lock);
	test_migration_init(ti);
	strscpy(ti->value[RES_AGGREGATOR], "1", sizeof(ti->value[0]));
	strscpy(ti->value[RES_FPS], "60", sizeof(ti->value[0]));
	dev_set_drvdata(&mdev->dev, ti);
	ret = vfio_register_emulated_iommu_dev(&ti->vdev);
	if (ret)
		vfio_put_device(&ti->vdev);
	return ret;
}

static void test_remove(struct mdev_device *mdev)
{
	struct test_instance *ti = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&ti->vdev);
	vfio_put_device(&ti->vdev);
}

static unsigned int test_get_available(struct mdev_type *mtype)
{
	return 64 - min(64, atomic_read(&instances));
}

static char api[VP_VALUE_MAX + 2];

static struct mdev_driver test_driver = {
	.device_api = api,
	.driver = {
		.name = NAME,
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
		.dev_groups = test_groups,
	},
	.probe = test_probe,
	.remove = test_remove,
	.get_available = test_get_available,
};

/* ---- registering ---- */

static void set_driver(void)
{
	struct directive d = driver_directive("api");

	strscpy(api, VFIO_DEVICE_API_PCI_STRING, sizeof(api));
	if (d.len) {
		memset(api, 0, sizeof(api));
		memcpy(api, d.s, min(d.len, sizeof(api) - 1));
	}
	memset(&test_ops, 0, sizeof(test_ops));
	if (!driver_directive("describe").len)
		test_ops.describe = test_describe;
	d = driver_directive("check");
	WRITE_ONCE(check_errno, directive_int(d));
	if (d.len)
		test_ops.check = test_check;
	d = driver_directive("set_version");
	WRITE_ONCE(set_version_errno, directive_int(d));
	if (d.len)
		test_ops.set_version = test_set_version;
	test_driver.profile_ops = driver_directive("ops").len ? NULL :
								&test_ops;
}

static void set_type(struct test_type *type, struct directive d, int i)
{
	memcpy(type->section, d.s, d.len);
	if (i < 0)
		memcpy(type->name, d.s, d.len);
	else
		scnprintf(type->name, sizeof(type->name), "%s-%d",
			  type->section, i);
	type->type.sysfs_name = type->name;
}

static unsigned int set_types(void)
{
	const char *at = text;
	struct directive d;
	unsigned int nr = 0;

	while (nr < TYPES_MAX && next_directive(&at, &d)) {
		const char *after = at;
		struct directive more = { "", 0 };
		int count, i = 0;

		if (!is_directive(&d, "type") || d.len > VP_VALUE_MAX)
			continue;
		next_directive(&after, &more);
		count = is_directive(&more, "count") ? directive_int(more) : 0;
		do {
			type_list[nr] = &types[nr].type;
			set_type(&types[nr++], d, count ? i : -1);
		} while (++i < count && nr < TYPES_MAX);
	}
	return nr;
}

static void free_types(void)
{
	kvfree(types);
	kfree(type_list);
	types = NULL;
	type_list = NULL;
}

static int do_register(void)
{
	unsigned int nr;
	int ret;

	if (registered)
		return -EBUSY;
	types = kvcalloc(TYPES_MAX, sizeof(*types), GFP_KERNEL);
	type_list = kcalloc(TYPES_MAX, sizeof(*type_list), GFP_KERNEL);
	ret = -ENOMEM;
	if (!types || !type_list)
		goto out_free;
	down_read(&text_lock);
	set_driver();
	nr = set_types();
	up_read(&text_lock);
	ret = mdev_register_driver(&test_driver);
	if (ret)
		goto out_free;
	ret = mdev_register_parent(&parent, &pdev->dev, &test_driver, type_list,
				   nr);
	if (ret)
		goto out_driver;
	registered = true;
	down_write(&callable_lock);
	callable = true;
	up_write(&callable_lock);
	return 0;

out_driver:
	mdev_unregister_driver(&test_driver);
out_free:
	free_types();
	return ret;
}

static void do_unregister(void)
{
	if (!registered)
		return;
	mdev_unregister_parent(&parent);
	down_write(&callable_lock);
	callable = false;
	up_write(&callable_lock);
	mdev_unregister_driver(&test_driver);
	free_types();
	registered = false;
}

static ssize_t register_write(struct file *file, const char __user *buf,
			      size_t count, loff_t *pos)
{
	bool on;
	int ret = kstrtobool_from_user(buf, count, &on);

	if (ret)
		return ret;
	mutex_lock(&register_lock);
	if (on)
		ret = do_register();
	else
		do_unregister();
	mutex_unlock(&register_lock);
	return ret ?: count;
}

static const struct file_operations register_fops = {
	.owner = THIS_MODULE,
	.write = register_write,
};

static ssize_t changed_write(struct file *file, const char __user *buf,
			     size_t count, loff_t *pos)
{
	int ret = -ENODEV;

	down_read(&callable_lock);
	if (callable)
		ret = mdev_profile_changed(&parent);
	up_read(&callable_lock);
	return ret ?: count;
}

static const struct file_operations changed_fops = {
	.owner = THIS_MODULE,
	.write = changed_write,
};

static ssize_t types_write(struct file *file, const char __user *buf,
			   size_t count, loff_t *pos)
{
	ssize_t ret = count;

	down_write(&text_lock);
	if (!*pos)
		text_len = 0;
	if (count > TEXT_MAX - text_len) {
		ret = -EFBIG;
	} else if (copy_from_user(text + text_len, buf, count)) {
		ret = -EFAULT;
	} else {
		text_len += count;
		*pos += count;
	}
	text[text_len] = '\0';
	up_write(&text_lock);
	return ret;
}

static ssize_t types_read(struct file *file, char __user *buf, size_t count,
			  loff_t *pos)
{
	ssize_t ret;

	down_read(&text_lock);
	ret = simple_read_from_buffer(buf, count, pos, text, text_len);
	up_read(&text_lock);
	return ret;
}

static const struct file_operations types_fops = {
	.owner = THIS_MODULE,
	.read = types_read,
	.write = types_write,
};

static int __init test_init(void)
{
	text = kvzalloc(TEXT_MAX + 1, GFP_KERNEL);
	if (!text)
		return -ENOMEM;
	pdev = platform_device_register_simple(NAME, PLATFORM_DEVID_NONE, NULL,
					       0);
	if (IS_ERR(pdev)) {
		kvfree(text);
		return PTR_ERR(pdev);
	}
	dir = debugfs_create_dir(NAME, NULL);
	debugfs_create_file("types", 0600, dir, NULL, &types_fops);
	debugfs_create_file("register", 0200, dir, NULL, &register_fops);
	debugfs_create_file("changed", 0200, dir, NULL, &changed_fops);
	debugfs_create_atomic_t("instances", 0400, dir, &instances);
	return 0;
}

static void __exit test_exit(void)
{
	debugfs_remove(dir);
	do_unregister();
	platform_device_unregister(pdev);
	kvfree(text);
}

module_init(test_init)
module_exit(test_exit)

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Mediated device driver with profiles made by tests");

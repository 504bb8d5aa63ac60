// SPDX-License-Identifier: GPL-2.0-only
/*
 * PCI functions for the KUnit tests.  Nothing of PCI is needed for a profile
 * but the structure: they are on a bus made up here, whose driver does what a
 * variant driver does in probe() and remove().
 */
#include <linux/device.h>
#include <linux/kernfs.h>
#include <linux/slab.h>
#include <linux/sysfs.h>

#include "pci_kunit.h"
#include "spec.h"

struct pci_said pci_said;

/* ---- the driver ---- */

static int said_describe(struct mdev_type *type, struct device *dev,
			 u32 series, struct vp_profile *p)
{
	const char *spec = pci_said.spec;

	if (type || (dev && dev != pci_said.dev))
		return -EINVAL;
	if (pci_said.describing)
		pci_said.describing();
	if (series == vp_series(1, 0) && pci_said.old_spec)
		spec = pci_said.old_spec;
	vp_spec(p, spec, dev);
	return dev ? pci_said.describe_errno : pci_said.accepts_errno;
}

static int said_set_version(struct mdev_type *type, struct device *dev,
			    u32 series)
{
	pci_said.series = series;
	return type || dev != pci_said.dev ? -EINVAL : 0;
}

/* What it accepts depends on the function, as describe() could not tell. */
static int said_accepts(struct device *dev, struct vp_profile *p)
{
	vp_spec(p, pci_said.spec, NULL);
	vp_add(p, "bdf", dev_name(dev));
	return pci_said.accepts_errno;
}

static int said_describe_bdf(struct mdev_type *type, struct device *dev,
			     u32 series, struct vp_profile *p)
{
	if (!dev)
		return -EINVAL;
	vp_spec(p, pci_said.spec, dev);
	vp_add(p, "bdf", dev_name(dev));
	return 0;
}

static int said_check(struct mdev_type *type, struct device *dev,
		      const struct vp_profile *source)
{
	if (type || dev != pci_said.dev)
		return -EINVAL;
	return strcmp(vp_str(source, source->vendor), "good") ? -EMEDIUMTYPE : 0;
}

const struct vfio_profile_ops pci_ops = {
	.describe = said_describe,
	.set_version = said_set_version,
};

const struct vfio_profile_ops pci_ops_fixed = {
	.describe = said_describe,
};

const struct vfio_profile_ops pci_ops_bdf = {
	.describe = said_describe_bdf,
	.accepts = said_accepts,
};

const struct vfio_profile_ops pci_ops_check = {
	.describe = said_describe,
	.check = said_check,
};

const struct vfio_profile_ops pci_ops_none = {};

static ssize_t fps_show(struct device *dev, struct device_attribute *attr,
			char *buf)
{
	return sysfs_emit(buf, "60\n");
}

static ssize_t fps_store(struct device *dev, struct device_attribute *attr,
			 const char *buf, size_t count)
{
	int ret = vfio_pci_profile_store_begin(to_pci_dev(dev));

	if (ret)
		return ret;
	vfio_pci_profile_store_end(to_pci_dev(dev));
	return count;
}

static DEVICE_ATTR_RW(fps);
static struct device_attribute dev_attr_fixed =
	__ATTR(fixed, 0444, fps_show, NULL);
static struct device_attribute dev_attr_taken =
	__ATTR(compatible_taken, 0444, fps_show, NULL);
static struct device_attribute dev_attr_enable =
	__ATTR(enable, 0644, fps_show, fps_store);
static struct device_attribute dev_attr_resource0 =
	__ATTR(resource0, 0644, fps_show, fps_store);

static struct attribute *driver_attrs[] = {
	&dev_attr_fps.attr,
	&dev_attr_fixed.attr,
	&dev_attr_taken.attr,
	&dev_attr_resource0.attr,
	NULL,
};

static const struct attribute_group driver_group = {
	.attrs = driver_attrs,
};

/* ---- the bus ---- */

static struct attribute *bus_attrs[] = {
	&dev_attr_enable.attr,
	NULL,
};
ATTRIBUTE_GROUPS(bus);

static int kunit_vf_probe(struct device *dev)
{
	int ret = sysfs_create_group(&dev->kobj, &driver_group);

	if (ret)
		return ret;
	ret = vfio_pci_profile_register(to_pci_dev(dev), pci_said.type_id,
					pci_said.ops);
	pci_said.probed = ret;
	if (ret)
		sysfs_remove_group(&dev->kobj, &driver_group);
	return ret;
}

static int kunit_vf_remove(struct device *dev)
{
	vfio_pci_profile_unregister(to_pci_dev(dev));
	sysfs_remove_group(&dev->kobj, &driver_group);
	return 0;
}

static struct bus_type kunit_bus = {
	.name = "vfio_pci_kunit",
	.dev_groups = bus_groups,
};

static struct device_driver kunit_vf_driver = {
	.name = "kunit-vf",
	.bus = &kunit_bus,
	.owner = THIS_MODULE,
	.probe = kunit_vf_probe,
	.remove = kunit_vf_remove,
	.suppress_bind_attrs = true,
};

int pci_suite_init(struct kunit_suite *suite)
{
	int ret = bus_register(&kunit_bus);

	if (ret)
		return ret;
	ret = driver_register(&kunit_vf_driver);
	if (ret)
		bus_unregister(&kunit_bus);
	return ret;
}

void pci_suite_exit(struct kunit_suite *suite)
{
	driver_unregister(&kunit_vf_driver);
	bus_unregister(&kunit_bus);
}

static void function_release(struct device *dev)
{
	kfree(to_pci_dev(dev));
}

struct pci_dev *pci_alloc(const char *name)
{
	struct pci_dev *pdev = kzalloc(sizeof(*pdev), GFP_KERNEL);

	if (!pdev)
		return NULL;
	device_initialize(&pdev->dev);
	pdev->dev.bus = &kunit_bus;
	pdev->dev.release = function_release;
	if (!dev_set_name(&pdev->dev, "%s", name))
		return pdev;
	put_device(&pdev->dev);
	return NULL;
}

/* ---- one function for each test ---- */

int pci_function_init(struct kunit *test)
{
	struct pci_context *ctx = kunit_kzalloc(test, sizeof(*ctx), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, ctx);
	test->priv = ctx;
	ctx->page = kunit_kzalloc(test, PAGE_SIZE, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, ctx->page);
	memset(&pci_said, 0, sizeof(pci_said));
	pci_said.spec = NOW;
	pci_said.old_spec = OLD;
	pci_said.type_id = "vf-1";
	pci_said.ops = &pci_ops;
	ctx->name = "0000:3b:00.1";
	return 0;
}

void pci_function_exit(struct kunit *test)
{
	struct pci_context *ctx = test->priv;

	pci_said.describing = NULL;
	if (ctx)
		pci_remove(ctx);
}

struct pci_context *pci_function(struct kunit *test)
{
	struct pci_context *ctx = test->priv;

	ctx->pdev = pci_alloc(ctx->name);
	KUNIT_ASSERT_NOT_NULL(test, ctx->pdev);
	pci_said.dev = &ctx->pdev->dev;
	KUNIT_ASSERT_EQ(test, 0, device_add(&ctx->pdev->dev));
	ctx->added = true;
	return ctx;
}

void pci_remove(struct pci_context *ctx)
{
	if (ctx->added)
		device_del(&ctx->pdev->dev);
	if (ctx->pdev)
		put_device(&ctx->pdev->dev);
	ctx->added = false;
	ctx->pdev = NULL;
}

struct device_attribute *pci_attr(struct pci_context *ctx, const char *name,
				  umode_t *mode)
{
	struct kernfs_node *kn = sysfs_get_dirent(ctx->pdev->dev.kobj.sd, name);
	struct attribute *attr;

	if (!kn)
		return NULL;
	attr = kn->priv;
	*mode = kn->mode & 0777;
	sysfs_put(kn);
	return container_of(attr, struct device_attribute, attr);
}

int pci_read(struct pci_context *ctx, const char *name)
{
	umode_t mode;
	struct device_attribute *attr = pci_attr(ctx, name, &mode);
	ssize_t n = -ENOENT;

	memset(ctx->page, 0, PAGE_SIZE);
	if (attr)
		n = attr->show(&ctx->pdev->dev, attr, ctx->page);
	if (n < 0)
		ctx->page[0] = '\0';
	return n < 0 ? n : 0;
}

int pci_write(struct pci_context *ctx, const char *name, const char *text)
{
	umode_t mode;
	struct device_attribute *attr = pci_attr(ctx, name, &mode);
	ssize_t n = -ENOENT;

	if (attr && !attr->store)
		return -EACCES;
	if (attr)
		n = attr->store(&ctx->pdev->dev, attr, text, strlen(text));
	return n == strlen(text) ? 0 : n;
}

const char *const pci_files[PCI_FILES] = {
	"device_api", "migration_type", "software_version",
	"compatible_software_version", "emitted_software_version",
	"compatible_type", "compatible_mode", "dynamic_resources",
	"migration_version",
};

int pci_files_there(struct pci_context *ctx)
{
	unsigned int i;
	int n = 0;

	for (i = 0; i < PCI_FILES; i++)
		n += pci_read(ctx, pci_files[i]) != -ENOENT;
	return n;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The simulated vendor driver as a graphics card whose slices are put together.
 */
#include <linux/device.h>
#include <linux/mdev.h>
#include <linux/module.h>

#include "mdev_sim.h"

#define MOST 65536

static const char *const vgpu_resources[] = { "aggregator", "fps", NULL };

static MDEV_SIM_RESOURCE(aggregator);
static MDEV_SIM_RESOURCE(fps);

static struct attribute *vgpu_attrs[] = {
	&dev_attr_aggregator.attr,
	&dev_attr_fps.attr,
	NULL,
};

static const struct attribute_group vgpu_group = {
	.attrs = vgpu_attrs,
	.is_visible = mdev_sim_resource_visible,
};

static const struct attribute_group *vgpu_groups[] = { &vgpu_group, NULL };

static const struct vfio_profile_ops vgpu_profile_ops = {
	.describe = mdev_sim_describe,
	.set_version = mdev_sim_set_version,
};

static struct mdev_driver vgpu_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.driver = {
		.name = KBUILD_MODNAME,
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
		.dev_groups = vgpu_groups,
	},
	.probe = mdev_sim_probe,
	.remove = mdev_sim_remove,
	.get_available = mdev_sim_get_available,
	.profile_ops = mdev_profile_ptr(&vgpu_profile_ops),
};

static bool vgpu_is_valid(const char *name, const char *value)
{
	u32 number;

	return mdev_sim_parse_number(value, MOST, &number);
}

static struct mdev_sim_personality vgpu = {
	.name = "vgpu",
	.driver = &vgpu_driver,
	.resources = vgpu_resources,
	.is_valid = vgpu_is_valid,
	.flags = VFIO_DEVICE_FLAGS_PCI,
	.pci_device = 0x0001,
	.module = THIS_MODULE,
};

static int __init vgpu_init(void)
{
	return mdev_sim_register(&vgpu);
}
module_init(vgpu_init);

static void __exit vgpu_exit(void)
{
	mdev_sim_unregister(&vgpu);
}
module_exit(vgpu_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Simulated graphics card");

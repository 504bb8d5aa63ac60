// SPDX-License-Identifier: GPL-2.0-only
/*
 * The simulated vendor driver as a crypto card.  Its check() compares rings, which
 * sets cannot.
 */
#include <linux/device.h>
#include <linux/mdev.h>
#include <linux/module.h>

#include "mdev_sim.h"

#define MOST 65536

static const char *const qat_resources[] = { "aggregator", NULL };

static MDEV_SIM_RESOURCE(aggregator);

static struct attribute *qat_attrs[] = {
	&dev_attr_aggregator.attr,
	NULL,
};

static const struct attribute_group qat_group = {
	.attrs = qat_attrs,
	.is_visible = mdev_sim_resource_visible,
};

static const struct attribute_group *qat_groups[] = { &qat_group, NULL };

static const struct vfio_profile_ops qat_profile_ops = {
	.describe = mdev_sim_describe,
	.set_version = mdev_sim_set_version,
	.check = mdev_sim_check,
};

static struct mdev_driver qat_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.driver = {
		.name = KBUILD_MODNAME,
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
		.dev_groups = qat_groups,
	},
	.probe = mdev_sim_probe,
	.remove = mdev_sim_remove,
	.get_available = mdev_sim_get_available,
	.profile_ops = mdev_profile_ptr(&qat_profile_ops),
};

static bool qat_is_valid(const char *name, const char *value)
{
	u32 number;

	return mdev_sim_parse_number(value, MOST, &number);
}

static struct mdev_sim_personality qat = {
	.name = "qat",
	.driver = &qat_driver,
	.resources = qat_resources,
	.is_valid = qat_is_valid,
	.flags = VFIO_DEVICE_FLAGS_PCI,
	.pci_device = 0x0003,
	.module = THIS_MODULE,
};

static int __init qat_init(void)
{
	return mdev_sim_register(&qat);
}
module_init(qat_init);

static void __exit qat_exit(void)
{
	mdev_sim_unregister(&qat);
}
module_exit(qat_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Simulated crypto card");

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The simulated vendor driver as a disk whose blocks are elsewhere.  Its
 * streams are of one series: it has no set_version().
 */
#include <linux/ctype.h>
#include <linux/device.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/string.h>

#include "mdev_sim.h"

static const char *const nvme_resources[] = { "remote_url", NULL };

static MDEV_SIM_RESOURCE(remote_url);

static struct attribute *nvme_attrs[] = {
	&dev_attr_remote_url.attr,
	NULL,
};

static const struct attribute_group nvme_group = {
	.attrs = nvme_attrs,
	.is_visible = mdev_sim_resource_visible,
};

static const struct attribute_group *nvme_groups[] = { &nvme_group, NULL };

static const struct vfio_profile_ops nvme_profile_ops = {
	.describe = mdev_sim_describe,
};

static struct mdev_driver nvme_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.driver = {
		.name = KBUILD_MODNAME,
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
		.dev_groups = nvme_groups,
	},
	.probe = mdev_sim_probe,
	.remove = mdev_sim_remove,
	.get_available = mdev_sim_get_available,
	.profile_ops = mdev_profile_ptr(&nvme_profile_ops),
};

/* Anything that can be printed, as the driver does not know what it means. */
static bool nvme_is_valid(const char *name, const char *value)
{
	size_t i;

	for (i = 0; value[i]; i++)
		if (!isascii(value[i]) || !isprint(value[i]))
			return false;
	return i;
}

static struct mdev_sim_personality nvme = {
	.name = "nvme",
	.driver = &nvme_driver,
	.resources = nvme_resources,
	.is_valid = nvme_is_valid,
	.free_text = true,
	.flags = VFIO_DEVICE_FLAGS_PCI,
	.pci_device = 0x0002,
	.module = THIS_MODULE,
};

static int __init nvme_init(void)
{
	return mdev_sim_register(&nvme);
}
module_init(nvme_init);

static void __exit nvme_exit(void)
{
	mdev_sim_unregister(&nvme);
}
module_exit(nvme_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Simulated disk");

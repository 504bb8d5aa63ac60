// SPDX-License-Identifier: GPL-2.0-only
/*
 * The simulated vendor driver as a device of the channel subsystem, which has no
 * resources.
 */
#include <linux/device.h>
#include <linux/mdev.h>
#include <linux/module.h>

#include "mdev_sim.h"

static const char *const ccw_resources[] = { NULL };

static const struct vfio_profile_ops ccw_profile_ops = {
	.describe = mdev_sim_describe,
	.set_version = mdev_sim_set_version,
};

static struct mdev_driver ccw_driver = {
	.device_api = VFIO_DEVICE_API_CCW_STRING,
	.driver = {
		.name = KBUILD_MODNAME,
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
	.probe = mdev_sim_probe,
	.remove = mdev_sim_remove,
	.get_available = mdev_sim_get_available,
	.profile_ops = mdev_profile_ptr(&ccw_profile_ops),
};

static bool ccw_is_valid(const char *name, const char *value)
{
	return false;
}

static struct mdev_sim_personality ccw = {
	.name = "ccw",
	.driver = &ccw_driver,
	.resources = ccw_resources,
	.is_valid = ccw_is_valid,
	.flags = VFIO_DEVICE_FLAGS_CCW,
	.module = THIS_MODULE,
};

static int __init ccw_init(void)
{
	return mdev_sim_register(&ccw);
}
module_init(ccw_init);

static void __exit ccw_exit(void)
{
	mdev_sim_unregister(&ccw);
}
module_exit(ccw_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Simulated channel subsystem device");

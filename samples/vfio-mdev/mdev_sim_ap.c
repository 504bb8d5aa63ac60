// SPDX-License-Identifier: GPL-2.0-only
/*
 * The simulated vendor driver as a matrix of crypto queues.
 */
#include <linux/ctype.h>
#include <linux/device.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/string.h>

#include "mdev_sim.h"

#define QUEUE_LEN 7 /* "05.0004" */

static const char *const ap_resources[] = { "queues", NULL };

static MDEV_SIM_RESOURCE(queues);

static struct attribute *ap_attrs[] = {
	&dev_attr_queues.attr,
	NULL,
};

static const struct attribute_group ap_group = {
	.attrs = ap_attrs,
	.is_visible = mdev_sim_resource_visible,
};

static const struct attribute_group *ap_groups[] = { &ap_group, NULL };

static const struct vfio_profile_ops ap_profile_ops = {
	.describe = mdev_sim_describe,
	.set_version = mdev_sim_set_version,
};

static struct mdev_driver ap_driver = {
	.device_api = VFIO_DEVICE_API_AP_STRING,
	.driver = {
		.name = KBUILD_MODNAME,
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
		.dev_groups = ap_groups,
	},
	.probe = mdev_sim_probe,
	.remove = mdev_sim_remove,
	.get_available = mdev_sim_get_available,
	.profile_ops = mdev_profile_ptr(&ap_profile_ops),
};

static bool is_queue(const char *text)
{
	size_t i;

	for (i = 0; i < QUEUE_LEN; i++)
		if (i == 2 ? text[i] != '.' :
			     !isxdigit(text[i]) || isupper(text[i]))
			return false;
	return true;
}

/* "05.0004,05.0006": adapter and domain, in any order, each of them once */
static bool ap_is_valid(const char *name, const char *value)
{
	for (;;) {
		if (!is_queue(value))
			return false;
		if (!value[QUEUE_LEN])
			return true;
		if (value[QUEUE_LEN] != ',' ||
		    mdev_sim_listed(value + QUEUE_LEN + 1, value, QUEUE_LEN))
			return false;
		value += QUEUE_LEN + 1;
	}
}

/* Each of the queues is among those that there are. */
static bool ap_allows(const char *list, const char *value)
{
	for (;; value += QUEUE_LEN + 1) {
		if (!mdev_sim_listed(list, value, QUEUE_LEN))
			return false;
		if (!value[QUEUE_LEN])
			return true;
	}
}

static struct mdev_sim_personality ap = {
	.name = "ap",
	.driver = &ap_driver,
	.resources = ap_resources,
	.is_valid = ap_is_valid,
	.allows = ap_allows,
	.flags = VFIO_DEVICE_FLAGS_AP,
	.module = THIS_MODULE,
};

static int __init ap_init(void)
{
	return mdev_sim_register(&ap);
}
module_init(ap_init);

static void __exit ap_exit(void)
{
	mdev_sim_unregister(&ap);
}
module_exit(ap_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Simulated matrix of crypto queues");

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The attributes of a type: a read copies what was rendered.
 */
#include <linux/export.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "private.h"

/**
 * vfio_profile_nr_attrs - number of attributes of a type
 * @profile: its profile
 *
 * Return: how many.
 */
unsigned int vfio_profile_nr_attrs(const struct vfio_profile *profile)
{
	return profile->nr_attrs;
}
EXPORT_SYMBOL_GPL(vfio_profile_nr_attrs);

/**
 * vfio_profile_init_attr - name an attribute and give it its mode
 * @profile: the profile, which has to outlive the attribute
 * @i: number of the attribute
 * @attr: the attribute, not yet in sysfs
 *
 * Context: any.
 */
void vfio_profile_init_attr(const struct vfio_profile *profile, unsigned int i,
			    struct attribute *attr)
{
	sysfs_attr_init(attr);
	attr->name = profile->name[i];
	attr->mode = strcmp(attr->name, "migration_version") ? 0444 : 0644;
}
EXPORT_SYMBOL_GPL(vfio_profile_init_attr);

/**
 * vfio_profile_resource - name of a dynamic resource of a type
 * @profile: its profile
 * @i: number of the resource, from 0
 *
 * Return: the name, which lasts as long as @profile; NULL after the last.
 */
const char *vfio_profile_resource(const struct vfio_profile *profile,
				  unsigned int i)
{
	if (i >= profile->nr_resources)
		return NULL;
	return profile->name[profile->nr_attrs + i];
}
EXPORT_SYMBOL_GPL(vfio_profile_resource);

/**
 * vfio_profile_show - read an attribute of a type
 * @profile: its profile
 * @i: number of the attribute
 * @buf: a page
 *
 * Context: may sleep.
 * Return: number of bytes, at most 4095; -EOPNOTSUPP if the driver says
 * nothing valid at present.
 */
ssize_t vfio_profile_show(struct vfio_profile *profile, unsigned int i,
			  char *buf)
{
	struct vfio_profile_snapshot *now = vfio_profile_now(profile);
	ssize_t len;

	if (!now)
		return -EOPNOTSUPP;
	len = now->attr[i].len;
	memcpy(buf, now->text + now->attr[i].offset, len);
	vfio_profile_put(now);
	return len;
}
EXPORT_SYMBOL_GPL(vfio_profile_show);

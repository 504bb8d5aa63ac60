/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of vfio_profile.ko share.
 */
#ifndef _VFIO_PROFILE_PRIVATE_H
#define _VFIO_PROFILE_PRIVATE_H

#include <linux/vfio_profile.h>

/**
 * struct vfio_profile_text - one rendered attribute
 * @name: its file name
 * @offset: where it begins in the texts of the profile
 * @len: its length with the newline
 */
struct vfio_profile_text {
	char name[VP_ATTR_NAME_SIZE];
	u32 offset;
	u32 len;
};

/**
 * struct vfio_profile - a validated profile of a type, rendered once
 * @p: what the driver said, sealed
 * @nr_attrs: number of attributes
 * @attr: their names, and where their content is
 * @text: content of all of them
 *
 * Immutable from vfio_profile_create() to vfio_profile_free(), so it is read
 * without a lock.
 */
struct vfio_profile {
	struct vp_profile p;
	unsigned int nr_attrs;
	struct vfio_profile_text *attr;
	char *text;
};

int vfio_profile_filter(const struct vfio_profile_id *id, struct device *dev,
			const char *what, int ret);
struct vp_profile *vfio_profile_describe(const struct vfio_profile_id *id,
					 const struct vfio_profile *type,
					 struct device *dev);
void vfio_profile_put_description(struct vp_profile *p);

#endif /* _VFIO_PROFILE_PRIVATE_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Glue between the mdev core and device profiles.
 *
 * Without CONFIG_VFIO_MDEV_PROFILE the core compiles to what it was.
 */
#ifndef _MDEV_PROFILE_H
#define _MDEV_PROFILE_H

#include <linux/kobject.h>

struct mdev_device;
struct mdev_type;

#if IS_ENABLED(CONFIG_VFIO_MDEV_PROFILE)
int mdev_profile_init_type(struct mdev_type *type,
			   const struct kobj_type *base);
const struct kobj_type *mdev_profile_ktype(struct mdev_type *type,
					   const struct kobj_type *base);
void mdev_profile_free_type(struct mdev_type *type);
int mdev_profile_init_device(struct mdev_device *mdev);
void mdev_profile_free_device(struct mdev_device *mdev);
int mdev_profile_check_device(struct mdev_device *mdev);
#else
static inline int mdev_profile_init_type(struct mdev_type *type,
					 const struct kobj_type *base)
{
	return 0;
}

static inline const struct kobj_type *
mdev_profile_ktype(struct mdev_type *type, const struct kobj_type *base)
{
	return base;
}

static inline void mdev_profile_free_type(struct mdev_type *type)
{
}

static inline int mdev_profile_init_device(struct mdev_device *mdev)
{
	return 0;
}

static inline void mdev_profile_free_device(struct mdev_device *mdev)
{
}

static inline int mdev_profile_check_device(struct mdev_device *mdev)
{
	return 0;
}
#endif

#endif /* _MDEV_PROFILE_H */

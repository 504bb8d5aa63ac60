/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of vfio_profile.ko share.
 */
#ifndef _VFIO_PROFILE_PRIVATE_H
#define _VFIO_PROFILE_PRIVATE_H

#include <linux/kref.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/vfio_profile.h>

/**
 * struct vfio_profile_text - one rendered attribute
 * @offset: where it begins in the texts of the snapshot
 * @len: its length with the newline
 */
struct vfio_profile_text {
	u32 offset;
	u32 len;
};

/**
 * struct vfio_profile_snapshot - what a driver said once, validated, rendered
 * @ref: who may still read it
 * @p: what the driver said, sealed
 * @attr: where the content of each attribute is
 * @text: content of all of them
 *
 * Immutable until the last reference is put, so it is read without a lock.
 */
struct vfio_profile_snapshot {
	struct kref ref;
	struct vp_profile p;
	struct vfio_profile_text *attr;
	char *text;
};

/**
 * struct vfio_profile - what a type says of itself
 * @id: whose it is
 * @nr_attrs: number of attributes
 * @nr_resources: number of dynamic resources
 * @name: names of the attributes, then of the resources; fixed
 * @update: one vfio_profile_refresh() at a time; held around describe()
 * @lock: protects @now; nothing is called and nothing sleeps under it
 * @now: what holds at present; NULL while the driver says nothing valid
 */
struct vfio_profile {
	struct vfio_profile_id id;
	unsigned int nr_attrs;
	unsigned int nr_resources;
	char (*name)[VP_ATTR_NAME_SIZE];
	struct mutex update; /* asking again */
	spinlock_t lock; /* @now */
	struct vfio_profile_snapshot *now;
};

/* Attributes of an instance that a change is told of. */
enum vfio_profile_file {
	INSTANCE_LINE,
	INSTANCE_VERSION,
	INSTANCE_FILES,
};

/**
 * struct vfio_profile_instance - what is kept of a device
 * @profile: its type's, which outlives it
 * @dev: the device
 * @lock: protects @opened, @series and the driver's dynamic resources; held
 *	around describe() and set_version() of the instance and around the
 *	driver's stores.  Taken inside the device lock and the locks of open,
 *	so none of them under it
 * @opened: how often the device is open
 * @series: what it is pinned to, or VP_SERIES_OWN
 * @file: its attributes in sysfs, once they are there
 */
struct vfio_profile_instance {
	struct vfio_profile *profile;
	struct device *dev;
	struct mutex lock; /* @opened, @series, resources */
	unsigned int opened;
	u32 series;
	struct kernfs_node *file[INSTANCE_FILES];
};

/* Anybody may ask, as often as they like: no trace if there is no memory. */
#define PROFILE_GFP (GFP_KERNEL | __GFP_NOWARN)

/* A line of log holds each rule's first words. */
#define VFIO_PROFILE_REASON_SIZE 512
#define VFIO_PROFILE_VALUE_SIZE 128

/**
 * struct vfio_profile_judgement - what one question needs
 * @source: the source
 * @verdict: the answer
 * @reason: why not, for the log
 * @value: of the source and of the destination, for the tracepoint
 *
 * Too large for the stack.
 */
struct vfio_profile_judgement {
	struct vp_profile source;
	struct vp_verdict verdict;
	char reason[VFIO_PROFILE_REASON_SIZE];
	char value[2][VFIO_PROFILE_VALUE_SIZE];
};

struct vfio_profile_snapshot *vfio_profile_now(struct vfio_profile *profile);
void vfio_profile_put(struct vfio_profile_snapshot *snapshot);
int vfio_profile_filter(const struct vfio_profile_id *id, struct device *dev,
			const char *what, int ret);
struct vp_profile *
vfio_profile_describe(struct vfio_profile_instance *inst,
		      const struct vfio_profile_snapshot *type, u32 series);
void vfio_profile_put_description(struct vp_profile *p);
int vfio_profile_line(struct vfio_profile_instance *inst, char *buf);
int vfio_profile_judge(struct vfio_profile *profile,
		       struct vfio_profile_instance *inst,
		       struct vfio_profile_judgement *j);
void vfio_profile_trace(const struct vfio_profile_id *id, struct device *dev,
			struct vfio_profile_judgement *j, unsigned int i,
			const struct vp_profile *dst,
			const struct vp_profile *inst);

#endif /* _VFIO_PROFILE_PRIVATE_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Real VFIO migrations by ioctl, without a VMM.
 *
 * A device is opened once, may take part in any number of migrations, as
 * source or as destination, and is closed by its owner; nothing is global.
 * Functions return 0 or a negative errno.
 */
#ifndef VFIO_MIGRATE_H
#define VFIO_MIGRATE_H

#include <stdbool.h>
#include <stddef.h>

#include <linux/types.h>
#include <linux/vfio.h>

#define VMIG_NAME_SIZE	64

/**
 * enum vmig_via - the way a device is opened
 * @VMIG_ANY: the group if the kernel has it, else the character device
 * @VMIG_GROUP: group and type1 container
 * @VMIG_CDEV: the device's own character device and iommufd
 */
enum vmig_via {
	VMIG_ANY,
	VMIG_GROUP,
	VMIG_CDEV,
};

/**
 * struct vmig_device - an open VFIO device
 * @name: UUID of the mdev, or address of the PCI function
 * @fd: the device
 * @group: its group, or -1
 * @container: type1 container, or -1
 * @iommufd: iommufd, or -1
 * @stream: data file of the migration going on, or -1
 * @flags: VFIO_MIGRATION_* that the device offers
 */
struct vmig_device {
	char name[VMIG_NAME_SIZE];
	int fd;
	int group;
	int container;
	int iommufd;
	int stream;
	__u64 flags;
};

/**
 * struct vmig_stream - a migration stream in memory
 * @data: its bytes, NULL while it is empty
 * @used: how many there are
 * @size: how many fit before @data has to grow
 */
struct vmig_stream {
	unsigned char *data;
	size_t used;
	size_t size;
};

/**
 * enum vmig_step - the steps of a migration, in their order
 * @VMIG_DONE: nothing failed
 * @VMIG_READY: a side was not RUNNING; nothing was begun
 * @VMIG_PRE_COPY: source to PRE_COPY
 * @VMIG_RESUMING: destination to RESUMING
 * @VMIG_READ_PRE_COPY: read what the running source gives
 * @VMIG_WRITE_PRE_COPY: hand that to the destination
 * @VMIG_STOP_COPY: source to STOP_COPY
 * @VMIG_READ_STOP_COPY: read the rest
 * @VMIG_WRITE_STOP_COPY: hand that to the destination
 * @VMIG_RUNNING: destination to RUNNING, which loads the stream
 * @VMIG_STOP: source to STOP, which ends its part
 */
enum vmig_step {
	VMIG_DONE,
	VMIG_READY,
	VMIG_PRE_COPY,
	VMIG_RESUMING,
	VMIG_READ_PRE_COPY,
	VMIG_WRITE_PRE_COPY,
	VMIG_STOP_COPY,
	VMIG_READ_STOP_COPY,
	VMIG_WRITE_STOP_COPY,
	VMIG_RUNNING,
	VMIG_STOP,
};

/**
 * struct vmig_outcome - how a migration ended
 * @step: the step that failed
 * @error: its negative errno, 0 if nothing failed
 * @recovery: what went wrong while both sides were brought back to RUNNING
 *	after a failure; 0 if they are
 */
struct vmig_outcome {
	enum vmig_step step;
	int error;
	int recovery;
};

/* Open and close.  A device that was closed may be closed again. */
int vmig_open(struct vmig_device *dev, const char *name, enum vmig_via via);
void vmig_close(struct vmig_device *dev);

/* Single steps. */
int vmig_reset(struct vmig_device *dev);
int vmig_get_state(struct vmig_device *dev, __u32 *state);
int vmig_set_state(struct vmig_device *dev, __u32 state);
int vmig_read_region(struct vmig_device *dev, unsigned int index,
		     __u64 offset, void *buf, size_t len);
int vmig_write_region(struct vmig_device *dev, unsigned int index,
		      __u64 offset, const void *buf, size_t len);
int vmig_pull(struct vmig_device *dev, struct vmig_stream *stream);
int vmig_push(struct vmig_device *dev, const void *data, size_t len,
	      size_t chunk);

void vmig_stream_free(struct vmig_stream *stream);

/*
 * Whole migrations.  Both sides must be RUNNING.  After success the source
 * is in STOP, as a VMM leaves it, and the destination RUNNING; after a failure
 * both are RUNNING again, see vmig_outcome::recovery.
 *
 * vmig_migrate() hands the data over as a VMM does, while the source still
 * runs; what went over the wire is in @stream afterwards, also after a failure.
 * vmig_load() writes @chunk bytes at a time, 0 for all at once.
 */
int vmig_migrate(struct vmig_device *src, struct vmig_device *dst,
		 struct vmig_stream *stream, struct vmig_outcome *out);
int vmig_save(struct vmig_device *src, struct vmig_stream *stream,
	      struct vmig_outcome *out);
int vmig_load(struct vmig_device *dst, const struct vmig_stream *stream,
	      size_t chunk, struct vmig_outcome *out);

bool vmig_refused(const struct vmig_outcome *out);
const char *vmig_step_name(enum vmig_step step);

#endif /* VFIO_MIGRATE_H */

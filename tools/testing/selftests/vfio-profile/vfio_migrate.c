// SPDX-License-Identifier: GPL-2.0-only
/*
 * Real VFIO migrations by ioctl, without a VMM; see vfio_migrate.h.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "vfio_migrate.h"

#define MDEV_DEVICES	"/sys/bus/mdev/devices"
#define PCI_DEVICES	"/sys/bus/pci/devices"
#define FIRST_SIZE	4096
#define STREAM_MAX	(64UL << 20)	/* no sample comes near */

static const char * const step_names[] = {
	[VMIG_DONE] = "done",
	[VMIG_READY] = "state before it, which must be RUNNING",
	[VMIG_PRE_COPY] = "source to PRE_COPY",
	[VMIG_RESUMING] = "destination to RESUMING",
	[VMIG_READ_PRE_COPY] = "read from the source in PRE_COPY",
	[VMIG_WRITE_PRE_COPY] = "write to the destination in PRE_COPY",
	[VMIG_STOP_COPY] = "source to STOP_COPY",
	[VMIG_READ_STOP_COPY] = "read from the source in STOP_COPY",
	[VMIG_WRITE_STOP_COPY] = "write to the destination in STOP_COPY",
	[VMIG_RUNNING] = "destination to RUNNING",
	[VMIG_STOP] = "source to STOP",
};

const char *vmig_step_name(enum vmig_step step)
{
	return step_names[step];
}

bool vmig_refused(const struct vmig_outcome *out)
{
	switch (out->step) {
	case VMIG_RESUMING:
	case VMIG_WRITE_PRE_COPY:
	case VMIG_WRITE_STOP_COPY:
	case VMIG_RUNNING:
		return true;
	default:
		return false;
	}
}

static int call(int fd, unsigned long request, void *arg)
{
	return ioctl(fd, request, arg) < 0 ? -errno : 0;
}

/* VFIO_DEVICE_FEATURE: a header, then what the feature carries, in and out. */
static int feature(int fd, __u32 flags, void *data, size_t size)
{
	__u64 buffer[8] = { 0 };
	struct vfio_device_feature *head = (struct vfio_device_feature *)buffer;
	int ret;

	if (size > sizeof(buffer) - sizeof(*head))
		return -E2BIG;
	head->argsz = sizeof(*head) + size;
	head->flags = flags;
	memcpy(head->data, data, size);
	ret = call(fd, VFIO_DEVICE_FEATURE, head);
	if (!ret)
		memcpy(data, head->data, size);
	return ret;
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static int open_path(const char *path, int *fd)
{
	*fd = open(path, O_RDWR | O_CLOEXEC);
	return *fd < 0 ? -errno : 0;
}

static int open_container(struct vmig_device *dev)
{
	int ret;

	ret = open_path("/dev/vfio/vfio", &dev->container);
	if (ret)
		return ret;
	if (ioctl(dev->group, VFIO_GROUP_SET_CONTAINER, &dev->container))
		return -errno;
	if (ioctl(dev->container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU))
		return -errno;
	dev->fd = ioctl(dev->group, VFIO_GROUP_GET_DEVICE_FD, dev->name);
	return dev->fd < 0 ? -errno : 0;
}

/* A UUID has no colon, a PCI address has. */
static const char *bus_of(const char *name)
{
	return strchr(name, ':') ? PCI_DEVICES : MDEV_DEVICES;
}

static int open_group(struct vmig_device *dev)
{
	char path[PATH_MAX], link[PATH_MAX];
	char *number;
	ssize_t len;
	int ret;

	snprintf(path, sizeof(path), "%s/%s/iommu_group", bus_of(dev->name),
		 dev->name);
	len = readlink(path, link, sizeof(link) - 1);
	if (len < 0)
		return -errno;
	link[len] = '\0';
	number = strrchr(link, '/');
	if (!number)
		return -ENODEV;

	snprintf(path, sizeof(path), "/dev/vfio/%.20s", number + 1);
	ret = open_path(path, &dev->group);
	return ret ? ret : open_container(dev);
}

/* The device's only entry in vfio-dev/ is the name of its character device. */
static int find_cdev(const char *name, char *path, size_t size)
{
	char folder[PATH_MAX];
	struct dirent *entry;
	int ret = -ENOENT;
	DIR *dir;

	snprintf(folder, sizeof(folder), "%s/%s/vfio-dev", bus_of(name), name);
	dir = opendir(folder);
	if (!dir)
		return -errno;
	while ((entry = readdir(dir))) {
		if (strncmp(entry->d_name, "vfio", 4))
			continue;
		snprintf(path, size, "/dev/vfio/devices/%s", entry->d_name);
		ret = 0;
	}
	closedir(dir);
	return ret;
}

static int open_cdev(struct vmig_device *dev)
{
	struct vfio_device_bind_iommufd bind = { .argsz = sizeof(bind) };
	char path[PATH_MAX];
	int ret;

	ret = find_cdev(dev->name, path, sizeof(path));
	if (ret)
		return ret;
	ret = open_path("/dev/iommu", &dev->iommufd);
	if (ret)
		return ret;
	ret = open_path(path, &dev->fd);
	if (ret)
		return ret;
	bind.iommufd = dev->iommufd;
	return call(dev->fd, VFIO_DEVICE_BIND_IOMMUFD, &bind);
}

static int ask_flags(struct vmig_device *dev)
{
	struct vfio_device_feature_migration migration = { 0 };
	int ret;

	ret = feature(dev->fd, VFIO_DEVICE_FEATURE_GET |
		      VFIO_DEVICE_FEATURE_MIGRATION, &migration,
		      sizeof(migration));
	if (ret)
		return ret;
	dev->flags = migration.flags;
	return dev->flags & VFIO_MIGRATION_STOP_COPY ? 0 : -EOPNOTSUPP;
}

/**
 * vmig_open - open a device for migrations
 * @dev: filled in; to be closed with vmig_close() after success
 * @name: UUID of the mediated device, or address of the PCI function
 * @via: through its group or its character device
 *
 * Return: 0; -ENOENT if there is no such device or no such way to it, -ENOTTY
 * if it cannot migrate, or what the kernel said.
 */
int vmig_open(struct vmig_device *dev, const char *name, enum vmig_via via)
{
	size_t size = strlen(name) + 1;
	int ret = -ENOENT;

	*dev = (struct vmig_device) {
		.fd = -1, .group = -1, .container = -1, .iommufd = -1,
		.stream = -1,
	};
	if (size > sizeof(dev->name) || strchr(name, '/'))
		return -EINVAL;
	memcpy(dev->name, name, size);

	if (via != VMIG_CDEV)
		ret = open_group(dev);
	if (via == VMIG_CDEV || (via == VMIG_ANY && ret == -ENOENT)) {
		vmig_close(dev);
		ret = open_cdev(dev);
	}
	if (!ret)
		ret = ask_flags(dev);
	if (ret)
		vmig_close(dev);
	return ret;
}

void vmig_close(struct vmig_device *dev)
{
	close_fd(&dev->stream);
	close_fd(&dev->fd);
	close_fd(&dev->group);
	close_fd(&dev->container);
	close_fd(&dev->iommufd);
}

/**
 * vmig_reset - bring a device back to RUNNING, whatever state it is in
 * @dev: the device; a migration it took part in is over
 */
int vmig_reset(struct vmig_device *dev)
{
	close_fd(&dev->stream);
	return call(dev->fd, VFIO_DEVICE_RESET, NULL);
}

int vmig_get_state(struct vmig_device *dev, __u32 *state)
{
	struct vfio_device_feature_mig_state now = { 0 };
	int ret;

	ret = feature(dev->fd, VFIO_DEVICE_FEATURE_GET |
		      VFIO_DEVICE_FEATURE_MIG_DEVICE_STATE, &now, sizeof(now));
	if (!ret)
		*state = now.device_state;
	return ret;
}

/**
 * vmig_set_state - move a device to another migration state
 * @dev: the device
 * @state: VFIO_DEVICE_STATE_*
 *
 * A data file that the kernel hands out takes the place of vmig_device::stream.
 */
int vmig_set_state(struct vmig_device *dev, __u32 state)
{
	struct vfio_device_feature_mig_state next = {
		.device_state = state, .data_fd = -1,
	};
	int ret;

	ret = feature(dev->fd, VFIO_DEVICE_FEATURE_SET |
		      VFIO_DEVICE_FEATURE_MIG_DEVICE_STATE, &next,
		      sizeof(next));
	if (ret)
		return ret;
	if (next.data_fd >= 0) {
		close_fd(&dev->stream);
		dev->stream = next.data_fd;
	}
	return 0;
}

static int region_offset(struct vmig_device *dev, unsigned int index,
			 __u64 offset, size_t len, __u64 *at)
{
	struct vfio_region_info info = {
		.argsz = sizeof(info), .index = index,
	};
	int ret;

	ret = call(dev->fd, VFIO_DEVICE_GET_REGION_INFO, &info);
	if (ret)
		return ret;
	if (offset > info.size || len > info.size - offset)
		return -ERANGE;
	*at = info.offset + offset;
	return 0;
}

static int whole(ssize_t done, size_t len)
{
	if (done < 0)
		return -errno;
	return (size_t)done == len ? 0 : -EIO;
}

int vmig_read_region(struct vmig_device *dev, unsigned int index,
		     __u64 offset, void *buf, size_t len)
{
	__u64 at;
	int ret;

	ret = region_offset(dev, index, offset, len, &at);
	return ret ? ret : whole(pread(dev->fd, buf, len, at), len);
}

int vmig_write_region(struct vmig_device *dev, unsigned int index,
		      __u64 offset, const void *buf, size_t len)
{
	__u64 at;
	int ret;

	ret = region_offset(dev, index, offset, len, &at);
	return ret ? ret : whole(pwrite(dev->fd, buf, len, at), len);
}

static int make_room(struct vmig_stream *stream)
{
	size_t size = stream->size ? 2 * stream->size : FIRST_SIZE;
	unsigned char *data;

	if (stream->used < stream->size)
		return 0;
	if (size > STREAM_MAX)
		return -EFBIG;
	data = realloc(stream->data, size);
	if (!data)
		return -ENOMEM;
	stream->data = data;
	stream->size = size;
	return 0;
}

/**
 * vmig_pull - append what a source gives now to a stream
 * @dev: the source, in PRE_COPY or STOP_COPY
 * @stream: where to
 */
int vmig_pull(struct vmig_device *dev, struct vmig_stream *stream)
{
	ssize_t got;
	int ret;

	for (;;) {
		ret = make_room(stream);
		if (ret)
			return ret;
		got = read(dev->stream, stream->data + stream->used,
			   stream->size - stream->used);
		if (!got || (got < 0 && errno == ENOMSG))
			return 0;	/* ENOMSG: no more before STOP_COPY */
		if (got < 0)
			return -errno;
		stream->used += got;
	}
}

/**
 * vmig_push - write a piece of a stream to a destination
 * @dev: the destination, in RESUMING
 * @data: the bytes
 * @len: their number
 * @chunk: bytes in one write, 0 for all of them
 */
int vmig_push(struct vmig_device *dev, const void *data, size_t len,
	      size_t chunk)
{
	const unsigned char *p = data;
	ssize_t done;

	while (len) {
		done = write(dev->stream, p,
			     chunk && chunk < len ? chunk : len);
		if (done < 0)
			return -errno;
		if (!done)
			return -EIO;
		p += done;
		len -= done;
	}
	return 0;
}

void vmig_stream_free(struct vmig_stream *stream)
{
	free(stream->data);
	*stream = (struct vmig_stream) { 0 };
}

static int require_running(struct vmig_device *dev)
{
	__u32 state;
	int ret;

	ret = vmig_get_state(dev, &state);
	if (!ret && state != VFIO_DEVICE_STATE_RUNNING)
		ret = -EBUSY;
	return ret;
}

/* The way back of a side whose migration failed. */
static int run_again(struct vmig_device *dev)
{
	int ret;

	close_fd(&dev->stream);
	ret = vmig_set_state(dev, VFIO_DEVICE_STATE_RUNNING);
	return ret ? ret : require_running(dev);
}

static int reset_again(struct vmig_device *dev)
{
	int ret;

	ret = vmig_reset(dev);
	return ret ? ret : require_running(dev);
}

/*
 * Takes the first failure down, and brings both sides back: the source goes
 * on, the destination starts anew.  Never ask a destination that refused a
 * stream for RUNNING: it would try to load what it got.
 */
static int failed(struct vmig_outcome *out, enum vmig_step step, int error,
		  struct vmig_device *src, struct vmig_device *dst)
{
	*out = (struct vmig_outcome) { .step = step, .error = error };
	if (src)
		out->recovery = run_again(src);
	if (dst) {
		int ret = reset_again(dst);

		if (!out->recovery)
			out->recovery = ret;
	}
	return error;
}

/* Reads what the source gives now, and hands it on if there is a destination. */
static int pass_on(struct vmig_device *src, struct vmig_device *dst,
		   struct vmig_stream *stream, enum vmig_step *step)
{
	enum vmig_step write_step = *step == VMIG_READ_PRE_COPY ?
		VMIG_WRITE_PRE_COPY : VMIG_WRITE_STOP_COPY;
	size_t before = stream->used;
	int ret;

	ret = vmig_pull(src, stream);
	if (ret || !dst)
		return ret;
	*step = write_step;
	return vmig_push(dst, stream->data + before, stream->used - before, 0);
}

static int copy_state(struct vmig_device *src, struct vmig_device *dst,
		      struct vmig_stream *stream, enum vmig_step *step)
{
	bool pre_copy = src->flags & VFIO_MIGRATION_PRE_COPY;
	int ret;

	if (pre_copy) {
		*step = VMIG_PRE_COPY;
		ret = vmig_set_state(src, VFIO_DEVICE_STATE_PRE_COPY);
		if (ret)
			return ret;
	}
	if (dst) {
		*step = VMIG_RESUMING;
		ret = vmig_set_state(dst, VFIO_DEVICE_STATE_RESUMING);
		if (ret)
			return ret;
	}
	if (pre_copy) {
		*step = VMIG_READ_PRE_COPY;
		ret = pass_on(src, dst, stream, step);
		if (ret)
			return ret;
	}

	*step = VMIG_STOP_COPY;
	ret = vmig_set_state(src, VFIO_DEVICE_STATE_STOP_COPY);
	if (ret)
		return ret;
	*step = VMIG_READ_STOP_COPY;
	return pass_on(src, dst, stream, step);
}

static int run_destination(struct vmig_device *dst)
{
	int ret;

	ret = vmig_set_state(dst, VFIO_DEVICE_STATE_RUNNING);
	if (!ret)
		close_fd(&dst->stream);
	return ret;
}

static int stop_source(struct vmig_device *src)
{
	close_fd(&src->stream);
	return vmig_set_state(src, VFIO_DEVICE_STATE_STOP);
}

/**
 * vmig_migrate - migrate one device to another as a VMM does
 * @src: the source
 * @dst: the destination
 * @stream: receives what went over; emptied first
 * @out: how it ended
 *
 * Return: 0, or the error of the step that failed.
 */
int vmig_migrate(struct vmig_device *src, struct vmig_device *dst,
		 struct vmig_stream *stream, struct vmig_outcome *out)
{
	enum vmig_step step;
	int ret;

	*out = (struct vmig_outcome) { 0 };
	stream->used = 0;
	ret = require_running(src);
	if (!ret)
		ret = require_running(dst);
	if (ret)
		return failed(out, VMIG_READY, ret, NULL, NULL);

	ret = copy_state(src, dst, stream, &step);
	if (ret)
		return failed(out, step, ret, src, dst);
	ret = run_destination(dst);
	if (ret)
		return failed(out, VMIG_RUNNING, ret, src, dst);
	/* The destination has it: whatever happens now, it is migrated. */
	ret = stop_source(src);
	return ret ? failed(out, VMIG_STOP, ret, NULL, NULL) : 0;
}

/**
 * vmig_save - take the whole stream of a device
 * @src: the source; in STOP afterwards
 * @stream: receives the stream; emptied first
 * @out: how it ended
 */
int vmig_save(struct vmig_device *src, struct vmig_stream *stream,
	      struct vmig_outcome *out)
{
	enum vmig_step step;
	int ret;

	*out = (struct vmig_outcome) { 0 };
	stream->used = 0;
	ret = require_running(src);
	if (ret)
		return failed(out, VMIG_READY, ret, NULL, NULL);
	ret = copy_state(src, NULL, stream, &step);
	if (ret)
		return failed(out, step, ret, src, NULL);
	ret = stop_source(src);
	return ret ? failed(out, VMIG_STOP, ret, src, NULL) : 0;
}

/**
 * vmig_load - give a device a whole stream
 * @dst: the destination
 * @stream: the stream
 * @chunk: bytes in one write, 0 for all at once
 * @out: how it ended
 */
int vmig_load(struct vmig_device *dst, const struct vmig_stream *stream,
	      size_t chunk, struct vmig_outcome *out)
{
	int ret;

	*out = (struct vmig_outcome) { 0 };
	ret = require_running(dst);
	if (ret)
		return failed(out, VMIG_READY, ret, NULL, NULL);
	ret = vmig_set_state(dst, VFIO_DEVICE_STATE_RESUMING);
	if (ret)
		return failed(out, VMIG_RESUMING, ret, NULL, dst);
	ret = vmig_push(dst, stream->data, stream->used, chunk);
	if (ret)
		return failed(out, VMIG_WRITE_STOP_COPY, ret, NULL, dst);
	ret = run_destination(dst);
	return ret ? failed(out, VMIG_RUNNING, ret, NULL, dst) : 0;
}

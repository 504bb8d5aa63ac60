// SPDX-License-Identifier: GPL-2.0-only
/*
 * Migration of the test driver's instances, the least there is: STOP_COPY, and
 * a stream that is the profile's header and 64 bytes.
 */
#include <linux/anon_inodes.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "vfio_profile_test.h"

/**
 * struct test_file - a migration's data file
 * @filp: the file
 * @lock: protects all that follows; taken inside &test_instance.migration_lock
 * @ended: the migration is over, and the instance may be gone
 * @stream: judges what arrives; NULL if this is a source
 * @header: what a source sends first
 * @header_size: its length
 * @state: what follows the header
 * @done: bytes read, or bytes of @state that have arrived
 * @error: why the stream was refused; sticky
 */
struct test_file {
	struct file *filp;
	struct mutex lock; /* all of it */
	bool ended;
	struct vfio_profile_stream *stream;
	void *header;
	size_t header_size;
	u8 state[TEST_STATE_SIZE];
	size_t done;
	ssize_t error;
};

static void file_free(struct test_file *tf)
{
	vfio_profile_stream_free(tf->stream);
	kfree(tf->header);
	kfree(tf);
}

static int file_release(struct inode *inode, struct file *filp)
{
	file_free(filp->private_data);
	return 0;
}

/* At most up to the border between the header and what follows it. */
static ssize_t file_read(struct file *filp, char __user *buf, size_t len,
			 loff_t *pos)
{
	struct test_file *tf = filp->private_data;
	const void *from = tf->header + tf->done;
	size_t left;

	mutex_lock(&tf->lock);
	left = tf->header_size - tf->done;
	if (tf->done >= tf->header_size) {
		from = tf->state + tf->done - tf->header_size;
		left += sizeof(tf->state);
	}
	len = min(len, left);
	if (tf->ended || copy_to_user(buf, from, len)) {
		mutex_unlock(&tf->lock);
		return tf->ended ? -ENODEV : -EFAULT;
	}
	tf->done += len;
	mutex_unlock(&tf->lock);
	return len;
}

static ssize_t take(struct test_file *tf, const char __user *buf, size_t len)
{
	ssize_t n = vfio_profile_stream_write(tf->stream, buf, len);

	if (n < 0 || n == len)
		return n;
	if (len - n > sizeof(tf->state) - tf->done)
		return -EINVAL;
	if (copy_from_user(tf->state + tf->done, buf + n, len - n))
		return -EFAULT;
	tf->done += len - n;
	return len;
}

static ssize_t file_write(struct file *filp, const char __user *buf, size_t len,
			  loff_t *pos)
{
	struct test_file *tf = filp->private_data;
	ssize_t ret;

	mutex_lock(&tf->lock);
	ret = tf->ended ? -ENODEV : tf->error;
	if (!ret) {
		ret = take(tf, buf, len);
		if (ret < 0 && ret != -EINTR)
			tf->error = ret;
	}
	mutex_unlock(&tf->lock);
	return ret;
}

static const struct file_operations save_fops = {
	.owner = THIS_MODULE,
	.read = file_read,
	.release = file_release,
};

static const struct file_operations resume_fops = {
	.owner = THIS_MODULE,
	.write = file_write,
	.release = file_release,
};

/* Header or stream, and what a source sends. */
static int file_begin(struct test_instance *ti, struct test_file *tf, bool save)
{
	struct mdev_device *mdev = to_mdev_device(ti->vdev.dev);

	mutex_init(&tf->lock);
	if (!save) {
		tf->stream = mdev_profile_resume(mdev, NULL);
		return PTR_ERR_OR_ZERO(tf->stream);
	}
	tf->header = mdev_profile_header(mdev, &tf->header_size);
	if (IS_ERR(tf->header))
		return PTR_ERR(tf->header);
	mutex_lock(&ti->lock);
	memcpy(tf->state, ti->state, sizeof(tf->state));
	mutex_unlock(&ti->lock);
	return 0;
}

static struct file *file_open(struct test_instance *ti, bool save)
{
	struct test_file *tf = kzalloc(sizeof(*tf), GFP_KERNEL);
	int ret;

	if (!tf)
		return ERR_PTR(-ENOMEM);
	ret = file_begin(ti, tf, save);
	if (ret) {
		kfree(tf);
		return ERR_PTR(ret);
	}
	tf->filp = anon_inode_getfile("vfio_profile_test",
				      save ? &save_fops : &resume_fops, tf,
				      save ? O_RDONLY : O_WRONLY);
	if (IS_ERR(tf->filp)) {
		struct file *error = tf->filp;

		file_free(tf);
		return error;
	}
	stream_open(tf->filp->f_inode, tf->filp);
	ti->file = tf;
	/* one reference is ours, one is user space's */
	return get_file(tf->filp);
}

static void file_end(struct test_instance *ti)
{
	struct test_file *tf = ti->file;

	if (!tf)
		return;
	mutex_lock(&tf->lock);
	tf->ended = true;
	mutex_unlock(&tf->lock);
	fput(tf->filp);
	ti->file = NULL;
}

/* The header has passed and all of the rest is there, or nothing happens. */
static int load(struct test_instance *ti)
{
	struct test_file *tf = ti->file;
	int ret;

	mutex_lock(&tf->lock);
	ret = vfio_profile_stream_done(tf->stream) ?: tf->error;
	if (!ret && tf->done != sizeof(tf->state))
		ret = -EINVAL;
	if (!ret) {
		mutex_lock(&ti->lock);
		memcpy(ti->state, tf->state, sizeof(ti->state));
		mutex_unlock(&ti->lock);
	}
	mutex_unlock(&tf->lock);
	return ret;
}

/* One arc between RUNNING, STOP, STOP_COPY and RESUMING. */
static struct file *step(struct test_instance *ti,
			 enum vfio_device_mig_state next)
{
	int ret = 0;

	if (next == VFIO_DEVICE_STATE_STOP_COPY ||
	    next == VFIO_DEVICE_STATE_RESUMING)
		return file_open(ti, next == VFIO_DEVICE_STATE_STOP_COPY);
	if (ti->migration == VFIO_DEVICE_STATE_RESUMING)
		ret = load(ti);
	if (!ret)
		file_end(ti);
	return ERR_PTR(ret);
}

static struct file *test_set_state(struct vfio_device *vdev,
				   enum vfio_device_mig_state wanted)
{
	struct test_instance *ti =
		container_of(vdev, struct test_instance, vdev);
	enum vfio_device_mig_state next;
	struct file *file = NULL;
	int ret;

	mutex_lock(&ti->migration_lock);
	while (ti->migration != wanted) {
		ret = vfio_mig_get_next_state(vdev, ti->migration, wanted,
					      &next);
		file = ret ? ERR_PTR(ret) : step(ti, next);
		if (IS_ERR(file))
			break;
		ti->migration = next;
	}
	mutex_unlock(&ti->migration_lock);
	return file;
}

static int test_get_state(struct vfio_device *vdev,
			  enum vfio_device_mig_state *state)
{
	struct test_instance *ti =
		container_of(vdev, struct test_instance, vdev);

	mutex_lock(&ti->migration_lock);
	*state = ti->migration;
	mutex_unlock(&ti->migration_lock);
	return 0;
}

static int test_get_data_size(struct vfio_device *vdev, unsigned long *length)
{
	size_t size;
	void *header = mdev_profile_header(to_mdev_device(vdev->dev), &size);

	if (IS_ERR(header))
		return PTR_ERR(header);
	kfree(header);
	*length = size + TEST_STATE_SIZE;
	return 0;
}

static const struct vfio_migration_ops migration_ops = {
	.migration_set_state = test_set_state,
	.migration_get_state = test_get_state,
	.migration_get_data_size = test_get_data_size,
};

void test_migration_init(struct test_instance *ti)
{
	mutex_init(&ti->migration_lock);
	ti->migration = VFIO_DEVICE_STATE_RUNNING;
	ti->vdev.migration_flags = VFIO_MIGRATION_STOP_COPY;
	ti->vdev.mig_ops = &migration_ops;
}

/* At reset, and as the device is closed. */
void test_migration_reset(struct test_instance *ti)
{
	mutex_lock(&ti->migration_lock);
	file_end(ti);
	ti->migration = VFIO_DEVICE_STATE_RUNNING;
	mutex_unlock(&ti->migration_lock);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The simulated vendor driver: migration.
 *
 * The header of the profile goes out while the device still runs, if VFIO has
 * that, so that a destination may refuse before it is stopped; the data
 * follows once it is.  A destination keeps what comes in until all of it is
 * there, and touches the device only after the last check.
 */
#include <linux/anon_inodes.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "mdev_sim.h"

/**
 * struct mdev_sim_file_data - a migration's data file
 * @filp: the file
 * @inst: whose it is; its memory stays as long as the file
 * @lock: protects all that follows; taken inside &mdev_sim_instance.mig_lock
 * @ended: the migration is over: nothing but memory is left of @inst
 * @complete: of a source: the data is there
 * @error: of a destination: why the stream was refused
 * @stream: of a destination: judges the header
 * @header: of a source: what goes out first
 * @header_size: its length
 * @data: what follows the header; MDEV_SIM_DATA_MAX bytes
 * @size: how much of it there is
 * @done: of a source: what has gone out, header included
 */
struct mdev_sim_file_data {
	struct file *filp;
	struct mdev_sim_instance *inst;
	struct mutex lock;	/* see above */
	bool ended;
	bool complete;
	int error;
	struct vfio_profile_stream *stream;
	void *header;
	size_t header_size;
	u8 *data;
	size_t size;
	size_t done;
};

static void file_free(struct mdev_sim_file_data *f)
{
	vfio_profile_stream_free(f->stream);
	kfree(f->header);
	kvfree(f->data);
	mutex_destroy(&f->lock);
	/* pairs with the get in file_new() */
	put_device(&f->inst->vdev.device);
	kfree(f);
}

static int file_release(struct inode *inode, struct file *filp)
{
	file_free(filp->private_data);
	return 0;
}

/* ---- a source ---- */

/* Up to the border between header and data; more of it may come later. */
static ssize_t read_some(struct mdev_sim_file_data *f, char __user *buf,
			 size_t len)
{
	const void *from = f->header + f->done;
	size_t left;

	if (f->ended)
		return -ENODEV;
	if (f->done < f->header_size) {
		left = f->header_size - f->done;
	} else {
		if (!f->complete)
			return -ENOMSG;
		from = f->data + f->done - f->header_size;
		left = f->header_size + f->size - f->done;
	}
	len = min(len, left);
	if (copy_to_user(buf, from, len))
		return -EFAULT;
	f->done += len;
	return len;
}

static ssize_t save_read(struct file *filp, char __user *buf, size_t len,
			 loff_t *pos)
{
	struct mdev_sim_file_data *f = filp->private_data;
	ssize_t ret;

	mutex_lock(&f->lock);
	ret = read_some(f, buf, len);
	mutex_unlock(&f->lock);
	return ret;
}

#ifdef VFIO_MIGRATION_PRE_COPY
static long precopy_ioctl(struct file *filp, unsigned int cmd,
			  unsigned long arg)
{
	unsigned long minsz = offsetofend(struct vfio_precopy_info, dirty_bytes);
	struct mdev_sim_file_data *f = filp->private_data;
	struct vfio_precopy_info info = {};
	int ret = 0;

	if (cmd != VFIO_MIG_GET_PRECOPY_INFO)
		return -ENOTTY;
	if (copy_from_user(&info, (void __user *)arg, minsz))
		return -EFAULT;
	if (info.argsz < minsz)
		return -EINVAL;
	mutex_lock(&f->lock);
	if (f->ended)
		ret = -ENODEV;
	else if (f->complete)
		ret = -EINVAL;
	info.flags = 0;
	info.initial_bytes = f->header_size - f->done;
	info.dirty_bytes = 0;
	mutex_unlock(&f->lock);
	if (ret)
		return ret;
	return copy_to_user((void __user *)arg, &info, minsz) ? -EFAULT : 0;
}
#endif

static const struct file_operations save_fops = {
	.owner = THIS_MODULE,
	.read = save_read,
#ifdef VFIO_MIGRATION_PRE_COPY
	.unlocked_ioctl = precopy_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
#endif
	.release = file_release,
};

static int save_begin(struct mdev_sim_instance *inst,
		      struct mdev_sim_file_data *f)
{
	void *header = mdev_profile_header(inst->mdev, &f->header_size);

	if (IS_ERR(header))
		return PTR_ERR(header);
	f->header = header;
	return 0;
}

static void encode(struct mdev_sim_instance *inst, struct mdev_sim_file_data *f)
{
	const struct mdev_sim_spec *spec = mdev_sim_get_spec(inst->type);

	mutex_lock(&inst->lock);
	f->size = mdev_sim_encode(spec, mdev_sim_emits(inst, spec),
				  &inst->state, f->data);
	mutex_unlock(&inst->lock);
	mdev_sim_put_spec(inst->type);
}

/* The destination has agreed to a line; it has to be that of the data. */
static int save_complete(struct mdev_sim_instance *inst,
			 struct mdev_sim_file_data *f)
{
	void *header;
	size_t size;
	int ret = 0;

	mutex_lock(&f->lock);
	encode(inst, f);
	header = mdev_profile_header(inst->mdev, &size);
	if (IS_ERR(header))
		ret = PTR_ERR(header);
	else if (size != f->header_size || memcmp(header, f->header, size))
		ret = -ESTALE;
	else
		f->complete = true;
	mutex_unlock(&f->lock);
	if (!IS_ERR(header))
		kfree(header);
	return ret;
}

/* ---- a destination ---- */

/* The header goes to the core; what is left over is data. */
static ssize_t write_some(struct mdev_sim_file_data *f, const char __user *buf,
			  size_t len)
{
	ssize_t n = vfio_profile_stream_write(f->stream, buf, len);

	if (n < 0 || n == len)
		return n;
	if (len - n > MDEV_SIM_DATA_MAX - f->size)
		return -EINVAL;
	if (copy_from_user(f->data + f->size, buf + n, len - n))
		return -EFAULT;
	f->size += len - n;
	return len;
}

static ssize_t resume_write(struct file *filp, const char __user *buf,
			    size_t len, loff_t *pos)
{
	struct mdev_sim_file_data *f = filp->private_data;
	ssize_t ret;

	mutex_lock(&f->lock);
	ret = f->ended ? -ENODEV : f->error;
	if (!ret) {
		ret = write_some(f, buf, len);
		if (ret < 0 && ret != -EINTR)
			f->error = ret;
	}
	mutex_unlock(&f->lock);
	return ret;
}

static const struct file_operations resume_fops = {
	.owner = THIS_MODULE,
	.write = resume_write,
	.release = file_release,
};

static int resume_begin(struct mdev_sim_instance *inst,
			struct mdev_sim_file_data *f)
{
	struct vfio_profile_stream *stream;

	stream = mdev_profile_resume(inst->mdev, NULL);
	if (IS_ERR(stream))
		return PTR_ERR(stream);
	f->stream = stream;
	return 0;
}

/* Whether all of it has arrived and is good; then it is in @state. */
static int decode(struct mdev_sim_instance *inst, struct mdev_sim_file_data *f,
		  struct mdev_sim_state *state)
{
	const struct mdev_sim_spec *spec;
	const char *why;
	int ret;

	ret = vfio_profile_stream_done(f->stream);
	ret = ret ?: f->error;
	if (ret)
		return ret;
	spec = mdev_sim_get_spec(inst->type);
	ret = mdev_sim_decode(spec, vfio_profile_stream_series(f->stream),
			      f->data, f->size, state, &why);
	mdev_sim_put_spec(inst->type);
	if (ret)
		dev_notice_ratelimited(&inst->mdev->dev,
				       "migration stream refused: %s\n", why);
	return ret;
}

/* Either all of it is loaded, or nothing happens. */
static int resume_complete(struct mdev_sim_instance *inst,
			   struct mdev_sim_file_data *f)
{
	struct mdev_sim_state *state;
	int ret;

	state = kvmalloc(sizeof(*state), GFP_KERNEL_ACCOUNT);
	if (!state)
		return -ENOMEM;
	mutex_lock(&f->lock);
	ret = decode(inst, f, state);
	f->error = ret;
	mutex_unlock(&f->lock);
	if (!ret) {
		mutex_lock(&inst->lock);
		inst->state = *state;
		mutex_unlock(&inst->lock);
	}
	kvfree(state);
	return ret;
}

/* ---- the states ---- */

/* After an error of what follows, file_free() frees it. */
static struct mdev_sim_file_data *file_new(struct mdev_sim_instance *inst)
{
	struct mdev_sim_file_data *f = kzalloc(sizeof(*f), GFP_KERNEL_ACCOUNT);

	if (!f)
		return NULL;
	mutex_init(&f->lock);
	f->inst = inst;
	get_device(&inst->vdev.device);
	f->data = kvmalloc(MDEV_SIM_DATA_MAX, GFP_KERNEL_ACCOUNT);
	if (f->data)
		return f;
	file_free(f);
	return NULL;
}

static struct file *file_open(struct mdev_sim_instance *inst, bool save,
			      bool complete)
{
	struct mdev_sim_file_data *f = file_new(inst);
	int ret;

	if (!f)
		return ERR_PTR(-ENOMEM);
	ret = save ? save_begin(inst, f) : resume_begin(inst, f);
	if (!ret && complete)
		ret = save_complete(inst, f);
	if (!ret) {
		f->filp = anon_inode_getfile(MDEV_SIM_NAME,
					     save ? &save_fops : &resume_fops,
					     f, save ? O_RDONLY : O_WRONLY);
		ret = PTR_ERR_OR_ZERO(f->filp);
	}
	if (ret) {
		file_free(f);
		return ERR_PTR(ret);
	}
	stream_open(f->filp->f_inode, f->filp);
	inst->file = f;
	/* one reference is ours, one is user space's */
	return get_file(f->filp);
}

static void file_end(struct mdev_sim_instance *inst)
{
	struct mdev_sim_file_data *f = inst->file;

	if (!f)
		return;
	mutex_lock(&f->lock);
	f->ended = true;
	mutex_unlock(&f->lock);
	inst->file = NULL;
	fput(f->filp);
}

/* Whether a state has a file of what goes out, or comes in. */
static bool has_file(enum vfio_device_mig_state state)
{
	switch (state) {
#ifdef VFIO_MIGRATION_PRE_COPY
	case VFIO_DEVICE_STATE_PRE_COPY:
	case VFIO_DEVICE_STATE_PRE_COPY_P2P:
#endif
	case VFIO_DEVICE_STATE_STOP_COPY:
	case VFIO_DEVICE_STATE_RESUMING:
		return true;
	default:
		return false;
	}
}

/* One arc; there is nothing to start, to stop or to quiesce. */
static struct file *step(struct mdev_sim_instance *inst,
			 enum vfio_device_mig_state next)
{
	bool stop_copy = next == VFIO_DEVICE_STATE_STOP_COPY;
	int ret = 0;

	if (has_file(next)) {
		if (!has_file(inst->mig_state))
			return file_open(inst,
					 next != VFIO_DEVICE_STATE_RESUMING,
					 stop_copy);
		if (stop_copy)
			ret = save_complete(inst, inst->file);
		return ERR_PTR(ret);
	}
	if (inst->mig_state == VFIO_DEVICE_STATE_RESUMING)
		ret = resume_complete(inst, inst->file);
	if (!ret)
		file_end(inst);
	return ERR_PTR(ret);
}

static struct file *set_state(struct vfio_device *vdev,
			      enum vfio_device_mig_state wanted)
{
	struct mdev_sim_instance *inst = to_mdev_sim_instance(vdev);
	enum vfio_device_mig_state next;
	struct file *file = NULL;
	int ret;

	mutex_lock(&inst->mig_lock);
	while (inst->mig_state != wanted) {
		ret = vfio_mig_get_next_state(vdev, inst->mig_state, wanted,
					      &next);
		file = ret ? ERR_PTR(ret) : step(inst, next);
		if (IS_ERR(file))
			break;
		inst->mig_state = next;
	}
	mutex_unlock(&inst->mig_lock);
	return file;
}

static int get_state(struct vfio_device *vdev,
		     enum vfio_device_mig_state *state)
{
	struct mdev_sim_instance *inst = to_mdev_sim_instance(vdev);

	mutex_lock(&inst->mig_lock);
	*state = inst->mig_state;
	mutex_unlock(&inst->mig_lock);
	return 0;
}

#ifdef VFIO_MIGRATION_PRE_COPY
/* The most that it can be. */
static int get_data_size(struct vfio_device *vdev, unsigned long *size)
{
	*size = sizeof(struct vfio_profile_header) + VP_LINE_MAX +
		MDEV_SIM_DATA_MAX;
	return 0;
}
#endif

static const struct vfio_migration_ops migration_ops = {
	.migration_set_state = set_state,
	.migration_get_state = get_state,
#ifdef VFIO_MIGRATION_PRE_COPY
	.migration_get_data_size = get_data_size,
#endif
};

/**
 * mdev_sim_migration_init - a new instance runs
 * @inst: the instance, not yet registered with VFIO
 */
void mdev_sim_migration_init(struct mdev_sim_instance *inst)
{
	mutex_init(&inst->mig_lock);
	inst->mig_state = VFIO_DEVICE_STATE_RUNNING;
	inst->vdev.migration_flags = VFIO_MIGRATION_STOP_COPY;
#ifdef VFIO_MIGRATION_PRE_COPY
	inst->vdev.migration_flags |= VFIO_MIGRATION_P2P |
				      VFIO_MIGRATION_PRE_COPY;
#endif
	inst->vdev.mig_ops = &migration_ops;
}

/**
 * mdev_sim_migration_reset - a reset, or the device is closed
 * @inst: the instance; it runs, and a migration that it was in is over
 *
 * Registers and memory stay as they are, so that a test can tell.
 */
void mdev_sim_migration_reset(struct mdev_sim_instance *inst)
{
	mutex_lock(&inst->mig_lock);
	file_end(inst);
	inst->mig_state = VFIO_DEVICE_STATE_RUNNING;
	mutex_unlock(&inst->mig_lock);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * A vfio-pci variant driver for virtual functions of NVMe controllers:
 * migration.
 *
 * The header of the profile goes out as initial bytes of PRE_COPY, if VFIO has
 * that, so that a destination may refuse before the source is stopped; the data
 * follows once it is.  A destination keeps what comes in until all of it is
 * there, and touches the function only after the last check.
 *
 * All of it only while the controller is disabled.  It makes no DMA then, so
 * there is nothing to stop.
 */
#include <linux/anon_inodes.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "nvme_vf.h"

#define CHUNK 4096

/**
 * struct nvme_vf_file - a migration's data file
 * @filp: the file
 * @vf: whose it is; its memory stays as long as the file
 * @io: one read or write at a time; protects @done and @chunk
 * @done: of a source: what has gone out, header included
 * @chunk: of a destination: what comes in; CHUNK bytes
 * @lock: protects what follows
 * @ended: the migration is over: nothing but memory is left of @vf
 * @complete: of a source: the data is there, and does not change any more
 * @error: of a destination: why the stream was refused
 * @stream: of a destination: judges the header
 * @header: of a source: what goes out first; fixed
 * @header_size: its length
 * @data: what follows the header; MDEV_SIM_DATA_MAX bytes
 * @size: how much of it there is
 */
struct nvme_vf_file {
	struct file *filp;
	struct nvme_vf *vf;
	struct mutex io;	/* see above */
	size_t done;
	u8 *chunk;
	struct mutex lock;	/* see above */
	bool ended;
	bool complete;
	int error;
	struct vfio_profile_stream *stream;
	void *header;
	size_t header_size;
	u8 *data;
	size_t size;
};

static void file_free(struct nvme_vf_file *f)
{
	vfio_profile_stream_free(f->stream);
	kfree(f->header);
	kfree(f->chunk);
	kvfree(f->data);
	mutex_destroy(&f->lock);
	mutex_destroy(&f->io);
	/* pairs with the get in file_new() */
	put_device(&f->vf->core.vdev.device);
	kfree(f);
}

static int file_release(struct inode *inode, struct file *filp)
{
	file_free(filp->private_data);
	return 0;
}

/* ---- a source ---- */

/* What comes next: up to the border between header and data. */
static const void *next_bytes(struct nvme_vf_file *f, size_t *len)
{
	const void *from;

	mutex_lock(&f->lock);
	if (f->ended) {
		from = ERR_PTR(-ENODEV);
	} else if (f->done < f->header_size) {
		from = f->header + f->done;
		*len = min(*len, f->header_size - f->done);
	} else if (f->complete) {
		from = f->data + f->done - f->header_size;
		*len = min(*len, f->header_size + f->size - f->done);
	} else {
		from = ERR_PTR(-ENOMSG);
	}
	mutex_unlock(&f->lock);
	return from;
}

static ssize_t save_read(struct file *filp, char __user *buf, size_t len,
			 loff_t *pos)
{
	struct nvme_vf_file *f = filp->private_data;
	const void *from;
	ssize_t ret;

	mutex_lock(&f->io);
	from = next_bytes(f, &len);
	if (IS_ERR(from)) {
		ret = PTR_ERR(from);
	} else if (copy_to_user(buf, from, len)) {
		ret = -EFAULT;
	} else {
		f->done += len;
		ret = len;
	}
	mutex_unlock(&f->io);
	return ret;
}

#ifdef VFIO_MIGRATION_PRE_COPY
static long precopy_ioctl(struct file *filp, unsigned int cmd,
			  unsigned long arg)
{
	unsigned long minsz = offsetofend(struct vfio_precopy_info, dirty_bytes);
	struct nvme_vf_file *f = filp->private_data;
	struct vfio_precopy_info info = {};
	int ret = 0;

	if (cmd != VFIO_MIG_GET_PRECOPY_INFO)
		return -ENOTTY;
	if (copy_from_user(&info, (void __user *)arg, minsz))
		return -EFAULT;
	if (info.argsz < minsz)
		return -EINVAL;
	mutex_lock(&f->io);
	mutex_lock(&f->lock);
	if (f->ended)
		ret = -ENODEV;
	else if (f->complete)
		ret = -EINVAL;
	mutex_unlock(&f->lock);
	info.flags = 0;
	info.initial_bytes = f->header_size - f->done;
	info.dirty_bytes = 0;
	mutex_unlock(&f->io);
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

static int save_begin(struct nvme_vf *vf, struct nvme_vf_file *f)
{
	void *header = vfio_pci_profile_header(vf->core.pdev, &f->header_size);

	if (IS_ERR(header))
		return PTR_ERR(header);
	f->header = header;
	return 0;
}

/*
 * The destination has agreed to a line; it has to be that of the data.  What is
 * not complete nobody reads.
 */
static int save_complete(struct nvme_vf *vf, struct nvme_vf_file *f)
{
	size_t header_size;
	void *header;
	ssize_t size;
	int ret = 0;

	size = nvme_vf_encode(vf, f->data);
	if (size < 0)
		return size;
	header = vfio_pci_profile_header(vf->core.pdev, &header_size);
	if (IS_ERR(header))
		return PTR_ERR(header);
	if (header_size != f->header_size ||
	    memcmp(header, f->header, header_size))
		ret = -ESTALE;
	kfree(header);
	if (ret)
		return ret;
	mutex_lock(&f->lock);
	f->size = size;
	f->complete = true;
	mutex_unlock(&f->lock);
	return 0;
}

/* ---- a destination ---- */

/* The header goes to the core; what is left over is data. */
static int take_chunk(struct nvme_vf_file *f, size_t len)
{
	ssize_t n = vfio_profile_stream_feed(f->stream, f->chunk, len);

	if (n < 0)
		return n;
	if (len - n > MDEV_SIM_DATA_MAX - f->size)
		return -EINVAL;
	memcpy(f->data + f->size, f->chunk + n, len - n);
	f->size += len - n;
	return 0;
}

static ssize_t write_chunk(struct nvme_vf_file *f, const char __user *buf,
			   size_t len)
{
	int ret;

	if (copy_from_user(f->chunk, buf, len))
		return -EFAULT;
	mutex_lock(&f->lock);
	ret = f->ended ? -ENODEV : f->error;
	if (!ret) {
		ret = take_chunk(f, len);
		if (ret != -EINTR)
			f->error = ret;
	}
	mutex_unlock(&f->lock);
	return ret ?: len;
}

static ssize_t resume_write(struct file *filp, const char __user *buf,
			    size_t len, loff_t *pos)
{
	struct nvme_vf_file *f = filp->private_data;
	size_t done = 0;
	ssize_t ret = 0;

	mutex_lock(&f->io);
	while (done < len) {
		ret = write_chunk(f, buf + done,
				  min_t(size_t, len - done, CHUNK));
		if (ret < 0)
			break;
		done += ret;
	}
	mutex_unlock(&f->io);
	/* what is wrong with the stream is said again; an EINTR may not */
	return ret == -EINTR && done ? done : ret < 0 ? ret : done;
}

static const struct file_operations resume_fops = {
	.owner = THIS_MODULE,
	.write = resume_write,
	.release = file_release,
};

static int resume_begin(struct nvme_vf *vf, struct nvme_vf_file *f)
{
	struct vfio_profile_stream *stream;

	f->chunk = kmalloc(CHUNK, GFP_KERNEL_ACCOUNT);
	if (!f->chunk)
		return -ENOMEM;
	stream = vfio_pci_profile_resume(vf->core.pdev, NULL);
	if (IS_ERR(stream))
		return PTR_ERR(stream);
	f->stream = stream;
	return 0;
}

/* Whether all of it has arrived and is good; then it is in @state. */
static int decode(struct nvme_vf *vf, struct nvme_vf_file *f,
		  struct mdev_sim_state *state)
{
	const char *why;
	int ret;

	ret = vfio_profile_stream_done(f->stream);
	ret = ret ?: f->error;
	if (ret)
		return ret;
	ret = nvme_vf_decode(vf, vfio_profile_stream_series(f->stream),
			     f->data, f->size, state, &why);
	if (ret)
		dev_notice_ratelimited(&vf->core.pdev->dev,
				       "migration stream refused: %s\n", why);
	return ret;
}

/* Either all of it is loaded, or nothing happens. */
static int resume_complete(struct nvme_vf *vf, struct nvme_vf_file *f)
{
	struct mdev_sim_state *state;
	int ret;

	state = kvmalloc(sizeof(*state), GFP_KERNEL_ACCOUNT);
	if (!state)
		return -ENOMEM;
	mutex_lock(&f->lock);
	ret = decode(vf, f, state);
	f->error = ret;
	mutex_unlock(&f->lock);
	if (!ret) {
		nvme_vf_write_regs(vf, state->reg);
		mutex_lock(&vf->lock);
		vf->state = *state;
		mutex_unlock(&vf->lock);
	}
	kvfree(state);
	return ret;
}

/* ---- the states ---- */

/* After an error of what follows, file_free() frees it. */
static struct nvme_vf_file *file_new(struct nvme_vf *vf)
{
	struct nvme_vf_file *f = kzalloc(sizeof(*f), GFP_KERNEL_ACCOUNT);

	if (!f)
		return NULL;
	mutex_init(&f->io);
	mutex_init(&f->lock);
	f->vf = vf;
	get_device(&vf->core.vdev.device);
	f->data = kvmalloc(MDEV_SIM_DATA_MAX, GFP_KERNEL_ACCOUNT);
	if (f->data)
		return f;
	file_free(f);
	return NULL;
}

static struct file *file_open(struct nvme_vf *vf, bool save, bool complete)
{
	struct nvme_vf_file *f = file_new(vf);
	int ret;

	if (!f)
		return ERR_PTR(-ENOMEM);
	ret = save ? save_begin(vf, f) : resume_begin(vf, f);
	if (!ret && complete)
		ret = save_complete(vf, f);
	if (!ret) {
		f->filp = anon_inode_getfile(NVME_VF_NAME,
					     save ? &save_fops : &resume_fops,
					     f, save ? O_RDONLY : O_WRONLY);
		ret = PTR_ERR_OR_ZERO(f->filp);
	}
	if (ret) {
		file_free(f);
		return ERR_PTR(ret);
	}
	stream_open(f->filp->f_inode, f->filp);
	vf->file = f;
	/* one reference is ours, one is user space's */
	return get_file(f->filp);
}

static void file_end(struct nvme_vf *vf)
{
	struct nvme_vf_file *f = vf->file;

	if (!f)
		return;
	mutex_lock(&f->lock);
	f->ended = true;
	mutex_unlock(&f->lock);
	vf->file = NULL;
	fput(f->filp);
}

/* Whether a state has a file of what goes out, or comes in. */
static bool has_file(enum vfio_device_mig_state state)
{
	switch (state) {
#ifdef VFIO_MIGRATION_PRE_COPY
	case VFIO_DEVICE_STATE_PRE_COPY:
#endif
	case VFIO_DEVICE_STATE_STOP_COPY:
	case VFIO_DEVICE_STATE_RESUMING:
		return true;
	default:
		return false;
	}
}

/* Ways back need nothing of the controller; what is loaded would be overrun. */
static bool needs_disabled(enum vfio_device_mig_state from,
			   enum vfio_device_mig_state to)
{
	if (from == VFIO_DEVICE_STATE_RESUMING || has_file(to))
		return true;
	return from == VFIO_DEVICE_STATE_RUNNING;
}

/* One arc. */
static struct file *step(struct nvme_vf *vf, enum vfio_device_mig_state next)
{
	bool stop_copy = next == VFIO_DEVICE_STATE_STOP_COPY;
	int ret = 0;

	if (needs_disabled(vf->mig_state, next) && nvme_vf_is_enabled(vf))
		return ERR_PTR(-EOPNOTSUPP);
	if (has_file(next)) {
		if (!has_file(vf->mig_state))
			return file_open(vf,
					 next != VFIO_DEVICE_STATE_RESUMING,
					 stop_copy);
		if (stop_copy)
			ret = save_complete(vf, vf->file);
		return ERR_PTR(ret);
	}
	if (vf->mig_state == VFIO_DEVICE_STATE_RESUMING)
		ret = resume_complete(vf, vf->file);
	if (!ret)
		file_end(vf);
	return ERR_PTR(ret);
}

static void go_running(struct nvme_vf *vf)
{
	file_end(vf);
	vf->mig_state = VFIO_DEVICE_STATE_RUNNING;
}

/* Lets mig_lock go, unless a reset was done meanwhile that we have to act on. */
static void mig_unlock(struct nvme_vf *vf)
{
	for (;;) {
		spin_lock(&vf->reset_lock);
		if (!vf->reset_pending)
			break;
		vf->reset_pending = false;
		spin_unlock(&vf->reset_lock);
		go_running(vf);
	}
	mutex_unlock(&vf->mig_lock);
	spin_unlock(&vf->reset_lock);
}

static struct file *set_state(struct vfio_device *vdev,
			      enum vfio_device_mig_state wanted)
{
	struct nvme_vf *vf = to_nvme_vf(vdev);
	enum vfio_device_mig_state next;
	struct file *file = NULL;
	int ret;

	mutex_lock(&vf->mig_lock);
	while (vf->mig_state != wanted) {
		ret = vfio_mig_get_next_state(vdev, vf->mig_state, wanted,
					      &next);
		file = ret ? ERR_PTR(ret) : step(vf, next);
		if (IS_ERR(file))
			break;
		vf->mig_state = next;
	}
	mig_unlock(vf);
	return file;
}

static int get_state(struct vfio_device *vdev,
		     enum vfio_device_mig_state *state)
{
	struct nvme_vf *vf = to_nvme_vf(vdev);

	mutex_lock(&vf->mig_lock);
	*state = vf->mig_state;
	mig_unlock(vf);
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
 * nvme_vf_migration_init - a new function runs
 * @vf: the function, not yet known to vfio-pci-core
 */
void nvme_vf_migration_init(struct nvme_vf *vf)
{
	struct vfio_device *vdev = &vf->core.vdev;

	mutex_init(&vf->mig_lock);
	spin_lock_init(&vf->reset_lock);
	vf->mig_state = VFIO_DEVICE_STATE_RUNNING;
	vdev->migration_flags = VFIO_MIGRATION_STOP_COPY;
#ifdef VFIO_MIGRATION_PRE_COPY
	vdev->migration_flags |= VFIO_MIGRATION_PRE_COPY;
#endif
	vdev->mig_ops = &migration_ops;
}

/**
 * nvme_vf_migration_close - the device is closed; it runs
 * @vf: the function
 *
 * Context: may sleep; no write to a migration file goes on afterwards.
 */
void nvme_vf_migration_close(struct nvme_vf *vf)
{
	mutex_lock(&vf->mig_lock);
	go_running(vf);
	mig_unlock(vf);
}

/**
 * nvme_vf_migration_reset - the function was reset; it runs
 * @vf: the function
 *
 * If mig_lock is taken its holder does the rest.
 *
 * Context: may sleep; vfio-pci's memory lock may be held.
 */
void nvme_vf_migration_reset(struct nvme_vf *vf)
{
	spin_lock(&vf->reset_lock);
	vf->reset_pending = true;
	if (!mutex_trylock(&vf->mig_lock)) {
		spin_unlock(&vf->reset_lock);
		return;
	}
	spin_unlock(&vf->reset_lock);
	mig_unlock(vf);
}

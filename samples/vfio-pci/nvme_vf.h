/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A vfio-pci variant driver for virtual functions of NVMe controllers, as QEMU
 * emulates them: what its files share.
 *
 * Locks, each taken before those below it; only the first is held while user
 * memory is read or written, for that takes the mmap lock and, in a fault,
 * vfio-pci's memory lock:
 *
 *	io lock of a migration file		one read or write at a time
 *	vfio-pci's memory lock			held at a reset
 *	&struct nvme_vf.mig_lock		state of the migration
 *	lock of a migration file		its data
 *	locks of the core			see struct vfio_profile_ops
 *	&struct nvme_vf.lock			what the driver keeps of the function
 *
 * A reset cannot wait for mig_lock: whoever holds that may be waiting for the
 * memory lock.  So it leaves a note for the holder.
 */
#ifndef NVME_VF_H
#define NVME_VF_H

#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/vfio.h>
#include <linux/vfio_pci_core.h>
#include <linux/vfio_profile.h>

#include "../vfio-mdev/mdev_sim_stream.h"

#define NVME_VF_NAME		"nvme_vf_profile"
#define NVME_VF_OWN		"1.6"
#define NVME_VF_VERSION		NVME_VF_OWN ".0"
#define NVME_VF_SERIES		vp_series(1, 6)
#define NVME_VF_OLD		"1.0"
#define NVME_VF_OLD_SERIES	vp_series(1, 0)

/* What a driver of series 1.0 kept; later ones add registers of the function. */
#define NVME_VF_SCRATCH		MDEV_SIM_OLD_REGS
#define NVME_VF_SCRATCH_SIZE	(NVME_VF_SCRATCH * sizeof(__le32))

/**
 * struct nvme_vf_identity - what the controller says of itself
 * @firmware: firmware revision; empty if it has not answered
 * @queues: how many pairs of I/O queues it has
 */
struct nvme_vf_identity {
	char firmware[9];
	unsigned int queues;
};

/**
 * struct nvme_vf - a function
 * @core: the VFIO device
 * @regs: BAR 0, as long as the driver is bound
 * @id: what the controller says of itself; fixed
 * @type: type id; fixed
 * @accepts: types that it accepts besides, by comma; fixed
 * @lock: protects what follows up to @mig_lock
 * @url: resource remote_url, which changes only while the device is closed
 * @series: the series to emit
 * @state: scratch registers and memory; the other registers are elsewhere
 * @mig_lock: protects what follows up to @reset_lock
 * @mig_state: state of the migration
 * @file: its file, or NULL
 * @reset_lock: protects @reset_pending, and that @mig_lock is not let go with it
 * @reset_pending: a reset was done; the holder of @mig_lock is to act on it
 */
struct nvme_vf {
	struct vfio_pci_core_device core;
	void __iomem *regs;
	struct nvme_vf_identity id;
	char *type;
	char *accepts;
	struct mutex lock;		/* see above */
	char url[VP_RESOURCE_MAX + 1];
	u32 series;
	struct mdev_sim_state state;
	struct mutex mig_lock;		/* see above */
	enum vfio_device_mig_state mig_state;
	struct nvme_vf_file *file;
	spinlock_t reset_lock;		/* see above */
	bool reset_pending;
};

static inline struct nvme_vf *to_nvme_vf(struct vfio_device *vdev)
{
	return container_of(vdev, struct nvme_vf, core.vdev);
}

/* What vfio-pci-core keeps there is its own device, so it is first. */
static inline struct nvme_vf *dev_to_nvme_vf(struct device *dev)
{
	struct vfio_pci_core_device *core = dev_get_drvdata(dev);

	return container_of(core, struct nvme_vf, core);
}

/* The controller itself. */
bool nvme_vf_is_enabled(struct nvme_vf *vf);
int nvme_vf_identify(struct nvme_vf *vf);
void nvme_vf_read_regs(struct nvme_vf *vf, __le32 *reg);
void nvme_vf_write_regs(struct nvme_vf *vf, const __le32 *reg);

/* What it says for migration. */
int nvme_vf_profile_add(struct nvme_vf *vf);
void nvme_vf_profile_remove(struct nvme_vf *vf);
ssize_t nvme_vf_encode(struct nvme_vf *vf, u8 *data);
int nvme_vf_decode(struct nvme_vf *vf, u32 series, const u8 *data, size_t len,
		   struct mdev_sim_state *state, const char **why);

/* Migration. */
void nvme_vf_migration_init(struct nvme_vf *vf);
void nvme_vf_migration_close(struct nvme_vf *vf);
void nvme_vf_migration_reset(struct nvme_vf *vf);

#endif /* NVME_VF_H */

// SPDX-License-Identifier: GPL-2.0-only
/*
 * A vfio-pci variant driver for virtual functions of NVMe controllers, as QEMU
 * emulates them: what is taken over from vfio-pci-core, and what is not.
 *
 *	echo nvme_vf_profile > /sys/bus/pci/devices/$VF/driver_override
 *	echo $VF > /sys/bus/pci/drivers_probe
 *
 * It migrates a function only while its controller is disabled (CC.EN is 0),
 * for an NVMe controller offers no way to save what it has in flight.  A running
 * guest has enabled its controller, so this sample never migrates live; a
 * migration, and what sysfs says of it, is -EOPNOTSUPP meanwhile.
 *
 * What a driver of a product adds:
 *
 * - It asks its PF driver, or firmware, to stop the function, to save and load
 *   its state and to track what it writes to memory.  Then CC.EN is no matter,
 *   and the state area, which stands for that state here, is not for the user.
 *
 * - It gets what it says of itself from the same place, at any time.  This one
 *   has nobody to ask: it enables the controller for two admin commands in
 *   probe(), while nobody else has it.  So the function has to be online by
 *   then, and after a firmware update it is to be bound again; a product calls
 *   vfio_pci_profile_changed().
 *
 * - Its type ids are those of its products.  Here they are module parameters,
 *   read as a function is bound, so that one may be that of a mediated device.
 *
 * - It lets the function sleep while nobody has it open.  Here CC is read from
 *   sysfs, so it stays awake and its memory enabled as long as it is bound.
 */
#include <linux/err.h>
#include <linux/module.h>
#include <linux/pm_runtime.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "nvme_vf.h"

#define DEVICE_ID 0x0010
#define AREA_SUBTYPE 1
#define AREA_SIZE (MDEV_SIM_MEMORY + NVME_VF_SCRATCH_SIZE)

static char *type = NVME_VF_NAME "-qemu";
module_param(type, charp, 0644);
MODULE_PARM_DESC(type, "Type id of functions that are bound from now on");

static char *accept_types = "";
module_param(accept_types, charp, 0644);
MODULE_PARM_DESC(accept_types,
		 "Type ids that they accept besides, separated by commas");

/* ---- the state area ---- */

/* Memory, then the scratch registers: a part of them, from or to @buf. */
static void area_copy(struct nvme_vf *vf, u8 *buf, size_t count, size_t pos,
		      bool store)
{
	u8 *memory = vf->state.memory, *scratch = (u8 *)vf->state.reg;
	size_t i;

	mutex_lock(&vf->lock);
	for (i = 0; i < count; i++, pos++) {
		u8 *byte = pos < MDEV_SIM_MEMORY ?
			   memory + pos : scratch + pos - MDEV_SIM_MEMORY;

		if (store)
			*byte = buf[i];
		else
			buf[i] = *byte;
	}
	mutex_unlock(&vf->lock);
}

static ssize_t area_rw(struct vfio_pci_core_device *core, char __user *buf,
		       size_t count, loff_t *ppos, bool store)
{
	struct nvme_vf *vf = container_of(core, struct nvme_vf, core);
	loff_t pos = *ppos & VFIO_PCI_OFFSET_MASK;
	ssize_t ret = -EFAULT;
	u8 *copy;

	if (pos >= AREA_SIZE)
		return -EINVAL;
	count = min_t(size_t, count, AREA_SIZE - pos);
	copy = kmalloc(count, GFP_KERNEL_ACCOUNT);
	if (!copy)
		return -ENOMEM;
	if (store && copy_from_user(copy, buf, count))
		goto out;
	area_copy(vf, copy, count, pos, store);
	if (!store && copy_to_user(buf, copy, count))
		goto out;
	*ppos += count;
	ret = count;
out:
	kfree(copy);
	return ret;
}

static void area_release(struct vfio_pci_core_device *core,
			 struct vfio_pci_region *region)
{
}

static const struct vfio_pci_regops area_ops = {
	.rw = area_rw,
	.release = area_release,
};

static int area_add(struct nvme_vf *vf)
{
	u32 area = VFIO_REGION_TYPE_PCI_VENDOR_TYPE | PCI_VENDOR_ID_REDHAT;

	return vfio_pci_core_register_dev_region(&vf->core, area, AREA_SUBTYPE,
						 &area_ops, AREA_SIZE,
						 VFIO_REGION_INFO_FLAG_READ |
						 VFIO_REGION_INFO_FLAG_WRITE,
						 vf);
}

/* ---- the VFIO device ---- */

/* The core resets the function before anybody gets it: see reset_done(). */
static int nvme_vf_open(struct vfio_device *vdev)
{
	struct nvme_vf *vf = to_nvme_vf(vdev);
	int ret;

	ret = vfio_pci_core_enable(&vf->core);
	if (ret)
		return ret;
	ret = area_add(vf);
	if (ret) {
		vfio_pci_core_disable(&vf->core);
		return ret;
	}
	vfio_pci_profile_opened(vf->core.pdev);
	vfio_pci_core_finish_enable(&vf->core);
	return 0;
}

static void nvme_vf_close(struct vfio_device *vdev)
{
	struct nvme_vf *vf = to_nvme_vf(vdev);

	nvme_vf_migration_close(vf);
	vfio_pci_core_close_device(vdev);
	vfio_pci_profile_closed(vf->core.pdev);
}

static int nvme_vf_init(struct vfio_device *vdev)
{
	struct nvme_vf *vf = to_nvme_vf(vdev);

	mutex_init(&vf->lock);
	vf->series = NVME_VF_SERIES;
	strscpy(vf->url, "none", sizeof(vf->url));
	nvme_vf_migration_init(vf);
	return vfio_pci_core_init_dev(vdev);
}

static void nvme_vf_release(struct vfio_device *vdev)
{
	struct nvme_vf *vf = to_nvme_vf(vdev);

	kfree(vf->type);
	kfree(vf->accepts);
	vfio_pci_core_release_dev(vdev);
}

static const struct vfio_device_ops nvme_vf_ops = {
	.name = NVME_VF_NAME,
	.init = nvme_vf_init,
	.release = nvme_vf_release,
	.open_device = nvme_vf_open,
	.close_device = nvme_vf_close,
	.ioctl = vfio_pci_core_ioctl,
	.device_feature = vfio_pci_core_ioctl_feature,
	.read = vfio_pci_core_read,
	.write = vfio_pci_core_write,
	.mmap = vfio_pci_core_mmap,
	.request = vfio_pci_core_request,
	.match = vfio_pci_core_match,
#ifdef VFIO_MIGRATION_PRE_COPY
	.bind_iommufd = vfio_iommufd_physical_bind,
	.unbind_iommufd = vfio_iommufd_physical_unbind,
	.attach_ioas = vfio_iommufd_physical_attach_ioas,
	.detach_ioas = vfio_iommufd_physical_detach_ioas,
#endif
};

/* ---- the PCI driver ---- */

/* Without the newline that a shell adds. */
static char *copy_line(const char *text)
{
	return kstrndup(text, strcspn(text, "\n"), GFP_KERNEL);
}

/* Both may be written at any time. */
static int take_parameters(struct nvme_vf *vf)
{
	kernel_param_lock(THIS_MODULE);
	vf->type = copy_line(type);
	vf->accepts = copy_line(accept_types);
	kernel_param_unlock(THIS_MODULE);
	return vf->type && vf->accepts ? 0 : -ENOMEM;
}

/* Awake, its memory enabled and mapped, and asked who it is. */
static int start_controller(struct nvme_vf *vf)
{
	struct pci_dev *pdev = vf->core.pdev;
	int ret;

	ret = pci_enable_device_mem(pdev);
	if (ret)
		return ret;
	vf->regs = pci_iomap(pdev, 0, 0);
	if (!vf->regs) {
		pci_disable_device(pdev);
		return -ENOMEM;
	}
	pm_runtime_get_noresume(&pdev->dev);
	ret = nvme_vf_identify(vf);
	if (ret)
		pci_notice(pdev, "does not answer (%d), so it cannot migrate; is it online?\n",
			   ret);
	return 0;
}

static void stop_controller(struct nvme_vf *vf)
{
	struct pci_dev *pdev = vf->core.pdev;

	pm_runtime_put(&pdev->dev);
	pci_iounmap(pdev, vf->regs);
	pci_disable_device(pdev);
}

static int nvme_vf_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct nvme_vf *vf;
	int ret;

	if (!pdev->is_virtfn)
		return -ENODEV;
	vf = vfio_alloc_device(nvme_vf, core.vdev, &pdev->dev, &nvme_vf_ops);
	if (IS_ERR(vf))
		return PTR_ERR(vf);
	dev_set_drvdata(&pdev->dev, &vf->core);
	ret = take_parameters(vf);
	if (ret)
		goto put;
	ret = start_controller(vf);
	if (ret)
		goto put;
	ret = nvme_vf_profile_add(vf);
	if (ret)
		goto stop;
	ret = vfio_pci_core_register_device(&vf->core);
	if (ret)
		goto remove_profile;
	return 0;

remove_profile:
	nvme_vf_profile_remove(vf);
stop:
	stop_controller(vf);
put:
	vfio_put_device(&vf->core.vdev);
	return ret;
}

/* Unregistering waits for whoever has the device open. */
static void nvme_vf_remove(struct pci_dev *pdev)
{
	struct nvme_vf *vf = dev_to_nvme_vf(&pdev->dev);

	vfio_pci_core_unregister_device(&vf->core);
	nvme_vf_profile_remove(vf);
	stop_controller(vf);
	vfio_put_device(&vf->core.vdev);
}

/* Nothing of what was there is left for whoever has the function next. */
static void reset_done(struct pci_dev *pdev)
{
	struct nvme_vf *vf = dev_to_nvme_vf(&pdev->dev);

	nvme_vf_migration_reset(vf);
	mutex_lock(&vf->lock);
	memset(&vf->state, 0, sizeof(vf->state));
	mutex_unlock(&vf->lock);
}

static const struct pci_error_handlers nvme_vf_err_handlers = {
	.reset_done = reset_done,
	.error_detected = vfio_pci_core_aer_err_detected,
};

static const struct pci_device_id nvme_vf_table[] = {
	{ PCI_DRIVER_OVERRIDE_DEVICE_VFIO(PCI_VENDOR_ID_REDHAT, DEVICE_ID) },
	{}
};
MODULE_DEVICE_TABLE(pci, nvme_vf_table);

static struct pci_driver nvme_vf_driver = {
	.name = NVME_VF_NAME,
	.id_table = nvme_vf_table,
	.probe = nvme_vf_probe,
	.remove = nvme_vf_remove,
	.err_handler = &nvme_vf_err_handlers,
	.driver_managed_dma = true,
};
module_pci_driver(nvme_vf_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO for virtual functions of NVMe controllers, with a profile");

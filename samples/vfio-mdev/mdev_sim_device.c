// SPDX-License-Identifier: GPL-2.0-only
/*
 * The simulated vendor driver: an instance as a VFIO device, and the values of
 * its resources.
 *
 * Region 0 has the registers, region 1 the memory, each 4096 bytes; a PCI
 * device has its configuration space besides.  It does nothing with them.
 */
#include <linux/err.h>
#include <linux/module.h>
#include <linux/pci_regs.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "mdev_sim.h"

#define OFFSET_SHIFT 40
#define OFFSET_MASK ((1ULL << OFFSET_SHIFT) - 1)
#define REGION_SIZE 4096
#define REGION_REGS 0
#define REGION_MEMORY 1
#define NR_REGIONS 2

/* An id that no vendor has. */
#define PCI_VENDOR 0xf51d

/* ---- PCI configuration space ---- */

static void put_config(struct mdev_sim_instance *inst, unsigned int at,
		       u32 value, unsigned int len)
{
	for (; len--; value >>= 8)
		inst->config[at++] = value;
}

static void init_config(struct mdev_sim_instance *inst)
{
	put_config(inst, PCI_VENDOR_ID, PCI_VENDOR, 2);
	put_config(inst, PCI_DEVICE_ID,
		   inst->type->card->personality->pci_device, 2);
	/* class: of none that there is */
	put_config(inst, PCI_CLASS_REVISION, 0xff000001, 4);
	put_config(inst, PCI_SUBSYSTEM_VENDOR_ID, PCI_VENDOR, 2);
}

/* Bits of a byte that can be written; an address has those above its size. */
static u8 config_mask(unsigned int at)
{
	switch (at) {
	case PCI_COMMAND:
		return PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER;
	case PCI_COMMAND + 1:
		return PCI_COMMAND_INTX_DISABLE >> 8;
	case PCI_CACHE_LINE_SIZE:
	case PCI_LATENCY_TIMER:
	case PCI_INTERRUPT_LINE:
		return 0xff;
	case PCI_BASE_ADDRESS_0 ... PCI_BASE_ADDRESS_1 + 3:
		return (u32)~(REGION_SIZE - 1) >> 8 * (at % 4);
	}
	return 0;
}

/* ---- regions ---- */

struct region {
	u32 size;
	u32 flags;
};

static struct region get_region(struct mdev_sim_instance *inst, u32 index)
{
	struct region r = {};

	if (index < NR_REGIONS)
		r.size = REGION_SIZE;
	else if (inst->type->card->personality->flags & VFIO_DEVICE_FLAGS_PCI &&
		 index == VFIO_PCI_CONFIG_REGION_INDEX)
		r.size = MDEV_SIM_CONFIG;
	if (r.size)
		r.flags = VFIO_REGION_INFO_FLAG_READ |
			  VFIO_REGION_INFO_FLAG_WRITE;
	return r;
}

static u32 count_regions(struct mdev_sim_instance *inst)
{
	return inst->type->card->personality->flags & VFIO_DEVICE_FLAGS_PCI ?
		       VFIO_PCI_NUM_REGIONS : NR_REGIONS;
}

static u32 count_irqs(struct mdev_sim_instance *inst)
{
	return inst->type->card->personality->flags & VFIO_DEVICE_FLAGS_PCI ?
		       VFIO_PCI_NUM_IRQS : 0;
}

/* Bytes of registers that the series has which the instance emits. */
static size_t regs_size(struct mdev_sim_instance *inst)
{
	const struct mdev_sim_spec *spec = mdev_sim_get_spec(inst->type);
	u32 series = mdev_sim_emits(inst, spec);

	mdev_sim_put_spec(inst->type);
	return mdev_sim_nr_regs(series) * sizeof(__le32);
}

/* One byte of a region, or NULL if there is nothing behind it. */
static u8 *find_byte(struct mdev_sim_instance *inst, u32 index, size_t at,
		     size_t regs, u8 *mask)
{
	*mask = 0xff;
	switch (index) {
	case REGION_REGS:
		return at < regs ? (u8 *)inst->state.reg + at : NULL;
	case REGION_MEMORY:
		return &inst->state.memory[at];
	}
	*mask = config_mask(at);
	return &inst->config[at];
}

/* @buf is as a guest would see it after, or before. */
static void access_region(struct mdev_sim_instance *inst, loff_t pos, u8 *buf,
			  size_t len, bool write)
{
	u32 index = pos >> OFFSET_SHIFT;
	size_t at = pos & OFFSET_MASK, regs = regs_size(inst), i;
	u8 *byte, mask;

	mutex_lock(&inst->lock);
	for (i = 0; i < len; i++) {
		byte = find_byte(inst, index, at + i, regs, &mask);
		if (!write)
			buf[i] = byte ? *byte : 0;
		else if (byte)
			*byte = (*byte & ~mask) | (buf[i] & mask);
	}
	mutex_unlock(&inst->lock);
}

/* How much of @len is in the region that @pos is in; 0 if that is none. */
static size_t in_region(struct mdev_sim_instance *inst, loff_t pos, size_t len)
{
	u64 index = pos >> OFFSET_SHIFT, at = pos & OFFSET_MASK;
	struct region r;

	if (pos < 0 || index >= count_regions(inst))
		return 0;
	r = get_region(inst, index);
	return at < r.size ? min_t(u64, len, r.size - at) : 0;
}

static ssize_t mdev_sim_read(struct vfio_device *vdev, char __user *buf,
			     size_t count, loff_t *pos)
{
	struct mdev_sim_instance *inst = to_mdev_sim_instance(vdev);
	size_t done, n;
	u8 piece[64];

	count = in_region(inst, *pos, count);
	if (!count)
		return -EINVAL;
	for (done = 0; done < count; done += n) {
		n = min(count - done, sizeof(piece));
		access_region(inst, *pos + done, piece, n, false);
		if (copy_to_user(buf + done, piece, n))
			return -EFAULT;
	}
	*pos += count;
	return count;
}

static ssize_t mdev_sim_write(struct vfio_device *vdev, const char __user *buf,
			      size_t count, loff_t *pos)
{
	struct mdev_sim_instance *inst = to_mdev_sim_instance(vdev);
	size_t done, n;
	u8 piece[64];

	count = in_region(inst, *pos, count);
	if (!count)
		return -EINVAL;
	for (done = 0; done < count; done += n) {
		n = min(count - done, sizeof(piece));
		if (copy_from_user(piece, buf + done, n))
			return -EFAULT;
		access_region(inst, *pos + done, piece, n, true);
	}
	*pos += count;
	return count;
}

/* ---- what a VMM asks ---- */

static long get_info(struct mdev_sim_instance *inst, void __user *arg)
{
	unsigned long minsz = offsetofend(struct vfio_device_info, num_irqs);
	struct vfio_device_info info = {};

	if (copy_from_user(&info, arg, minsz))
		return -EFAULT;
	if (info.argsz < minsz)
		return -EINVAL;
	info.flags = inst->type->card->personality->flags |
		     VFIO_DEVICE_FLAGS_RESET;
	info.num_regions = count_regions(inst);
	info.num_irqs = count_irqs(inst);
	return copy_to_user(arg, &info, minsz) ? -EFAULT : 0;
}

static long get_region_info(struct mdev_sim_instance *inst, void __user *arg)
{
	unsigned long minsz = offsetofend(struct vfio_region_info, offset);
	struct vfio_region_info info;
	struct region r;

	if (copy_from_user(&info, arg, minsz))
		return -EFAULT;
	if (info.argsz < minsz || info.index >= count_regions(inst))
		return -EINVAL;
	r = get_region(inst, info.index);
	info.flags = r.flags;
	info.cap_offset = 0;
	info.size = r.size;
	info.offset = (u64)info.index << OFFSET_SHIFT;
	return copy_to_user(arg, &info, minsz) ? -EFAULT : 0;
}

static long get_irq_info(struct mdev_sim_instance *inst, void __user *arg)
{
	unsigned long minsz = offsetofend(struct vfio_irq_info, count);
	struct vfio_irq_info info;

	if (copy_from_user(&info, arg, minsz))
		return -EFAULT;
	if (info.argsz < minsz || info.index >= count_irqs(inst))
		return -EINVAL;
	info.flags = 0;
	info.count = 0;
	return copy_to_user(arg, &info, minsz) ? -EFAULT : 0;
}

static long mdev_sim_ioctl(struct vfio_device *vdev, unsigned int cmd,
			   unsigned long arg)
{
	struct mdev_sim_instance *inst = to_mdev_sim_instance(vdev);

	switch (cmd) {
	case VFIO_DEVICE_GET_INFO:
		return get_info(inst, (void __user *)arg);
	case VFIO_DEVICE_GET_REGION_INFO:
		return get_region_info(inst, (void __user *)arg);
	case VFIO_DEVICE_GET_IRQ_INFO:
		return get_irq_info(inst, (void __user *)arg);
	case VFIO_DEVICE_RESET:
		mdev_sim_migration_reset(inst);
		return 0;
	}
	return -ENOTTY;
}

/* ---- the device ---- */

static int mdev_sim_open(struct vfio_device *vdev)
{
	mdev_profile_opened(to_mdev_sim_instance(vdev)->mdev);
	return 0;
}

static void mdev_sim_close(struct vfio_device *vdev)
{
	struct mdev_sim_instance *inst = to_mdev_sim_instance(vdev);

	mdev_sim_migration_reset(inst);
	mdev_profile_closed(inst->mdev);
}

/* A migration file may have kept it: nothing but its memory is left. */
static void mdev_sim_release(struct vfio_device *vdev)
{
	struct mdev_sim_instance *inst = to_mdev_sim_instance(vdev);

	kvfree(inst->value);
	mutex_destroy(&inst->mig_lock);
	mutex_destroy(&inst->lock);
#ifndef VFIO_MIGRATION_PRE_COPY
	vfio_free_device(vdev);	/* Linux 6.1 leaves it to the driver */
#endif
}

static const struct vfio_device_ops mdev_sim_ops = {
	.name = MDEV_SIM_NAME,
	.release = mdev_sim_release,
	.open_device = mdev_sim_open,
	.close_device = mdev_sim_close,
	.read = mdev_sim_read,
	.write = mdev_sim_write,
	.ioctl = mdev_sim_ioctl,
#ifdef VFIO_MIGRATION_PRE_COPY
	.bind_iommufd = vfio_iommufd_emulated_bind,
	.unbind_iommufd = vfio_iommufd_emulated_unbind,
	.attach_ioas = vfio_iommufd_emulated_attach_ioas,
	.detach_ioas = vfio_iommufd_emulated_detach_ioas,
#endif
};

/* How much of the capacity an instance with these values takes. */
static u32 uses(const char *name, const char *text)
{
	u32 number;

	if (strcmp(name, "aggregator") ||
	    !mdev_sim_parse_number(text, U16_MAX + 1, &number))
		return 1;
	return number;
}

/* Each resource of its type gets its default. */
static int init_values(struct mdev_sim_instance *inst)
{
	const struct mdev_sim_spec *spec = mdev_sim_get_spec(inst->type);
	int ret = 0;
	u32 i;

	inst->used = 1;
	inst->value = kvcalloc(spec->nr_resources, sizeof(*inst->value),
			       GFP_KERNEL_ACCOUNT);
	for (i = 0; inst->value && i < spec->nr_resources; i++) {
		const struct mdev_sim_resource *r = &spec->resource[i];

		strscpy(inst->value[i].name, r->name,
			sizeof(inst->value[i].name));
		strscpy(inst->value[i].text, r->value,
			sizeof(inst->value[i].text));
		inst->used = max(inst->used, uses(r->name, r->value));
		inst->nr_values++;
	}
	if (!inst->value)
		ret = -ENOMEM;
	mdev_sim_put_spec(inst->type);
	return ret;
}

/**
 * mdev_sim_probe - probe() of all personalities
 * @mdev: the new mdev
 *
 * Return: 0, -ENOSPC, -ENOMEM, or what VFIO says.
 */
int mdev_sim_probe(struct mdev_device *mdev)
{
	struct mdev_sim_instance *inst;
	int ret;

	inst = vfio_alloc_device(mdev_sim_instance, vdev, &mdev->dev,
				 &mdev_sim_ops);
	if (IS_ERR(inst))
		return PTR_ERR(inst);
	inst->mdev = mdev;
	inst->type = to_mdev_sim_type(mdev->type);
	inst->series = VP_SERIES_OWN;
	mutex_init(&inst->lock);
	mdev_sim_migration_init(inst);
	init_config(inst);
	ret = init_values(inst);
	if (ret)
		goto put;
	ret = mdev_sim_use(inst->type, 0, inst->used);
	if (ret)
		goto put;
	dev_set_drvdata(&mdev->dev, inst);
	ret = vfio_register_emulated_iommu_dev(&inst->vdev);
	if (!ret)
		return 0;
	mdev_sim_use(inst->type, inst->used, 0);
put:
	vfio_put_device(&inst->vdev);
	return ret;
}
EXPORT_SYMBOL_GPL(mdev_sim_probe);

/**
 * mdev_sim_remove - remove() of all personalities
 * @mdev: the mdev
 */
void mdev_sim_remove(struct mdev_device *mdev)
{
	struct mdev_sim_instance *inst = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&inst->vdev);
	mdev_sim_use(inst->type, inst->used, 0);
	vfio_put_device(&inst->vdev);
}
EXPORT_SYMBOL_GPL(mdev_sim_remove);

/* ---- attributes of resources ---- */

/**
 * mdev_sim_resource_visible - whether an instance has a resource
 * @kobj: the instance's
 * @attr: the attribute of that name
 * @i: its number
 *
 * Return: its mode, or 0 if its type has no such resource.
 */
umode_t mdev_sim_resource_visible(struct kobject *kobj, struct attribute *attr,
				  int i)
{
	struct mdev_sim_instance *inst = dev_get_drvdata(kobj_to_dev(kobj));

	return inst && mdev_sim_find_value(inst, attr->name) ? attr->mode : 0;
}
EXPORT_SYMBOL_GPL(mdev_sim_resource_visible);

/**
 * mdev_sim_resource_show - read a resource
 * @dev: the instance
 * @attr: the attribute of that name
 * @buf: a page
 *
 * Return: number of bytes.
 */
ssize_t mdev_sim_resource_show(struct device *dev,
			       struct device_attribute *attr, char *buf)
{
	struct mdev_sim_instance *inst = dev_get_drvdata(dev);
	struct mdev_sim_value *value;
	ssize_t ret = -ENODEV;

	mutex_lock(&inst->lock);
	value = mdev_sim_find_value(inst, attr->attr.name);
	if (value)
		ret = sysfs_emit(buf, "%s\n", value->text);
	mutex_unlock(&inst->lock);
	return ret;
}
EXPORT_SYMBOL_GPL(mdev_sim_resource_show);

/* Whether the type has the resource at present, and that takes the value. */
static int check_value(struct mdev_sim_instance *inst, const char *name,
		       const char *text)
{
	const struct mdev_sim_spec *spec = mdev_sim_get_spec(inst->type);
	int ret = -EOPNOTSUPP;
	unsigned int i;

	for (i = 0; i < spec->nr_resources; i++) {
		const struct mdev_sim_resource *r = &spec->resource[i];

		if (strcmp(r->name, name))
			continue;
		ret = mdev_sim_takes(inst->type->card->personality, r, text) ?
			      0 : -EINVAL;
	}
	mdev_sim_put_spec(inst->type);
	return ret;
}

/*
 * The device is closed: what it takes of the capacity changes with it.  More is
 * taken before and less is given back after, so no way back can fail.
 */
static int set_resource(struct mdev_sim_instance *inst, const char *name,
			const char *text)
{
	bool counts = !strcmp(name, "aggregator");
	u32 before = inst->used, after = counts ? uses(name, text) : before;
	u32 most = max(before, after);
	int ret = mdev_sim_use(inst->type, before, most);

	if (ret)
		return ret;
	ret = mdev_sim_try(inst, name, text);
	if (!ret)
		inst->used = after;
	mdev_sim_use(inst->type, most, inst->used);
	return ret;
}

/**
 * mdev_sim_resource_store - write a resource
 * @dev: the instance
 * @attr: the attribute of that name
 * @buf: the value, and maybe a newline
 * @count: its length
 *
 * Return: @count; -EBUSY while the device is open, -EINVAL, -E2BIG if the line
 * has no room for it, -ENOSPC if the type has too little left, -ENOMEM, or
 * -EOPNOTSUPP if the type has lost it.
 */
ssize_t mdev_sim_resource_store(struct device *dev,
				struct device_attribute *attr, const char *buf,
				size_t count)
{
	struct mdev_sim_instance *inst = dev_get_drvdata(dev);
	size_t len = count && buf[count - 1] == '\n' ? count - 1 : count;
	const char *name = attr->attr.name;
	char *text;
	int ret;

	if (len > VP_RESOURCE_MAX)
		return -E2BIG;
	if (memchr(buf, '\0', len))
		return -EINVAL;
	text = kstrndup(buf, len, GFP_KERNEL);
	if (!text)
		return -ENOMEM;
	ret = mdev_profile_store_begin(inst->mdev);
	if (!ret) {
		ret = check_value(inst, name, text);
		if (!ret)
			ret = set_resource(inst, name, text);
		mdev_profile_store_end(inst->mdev);
	}
	kfree(text);
	return ret ?: count;
}
EXPORT_SYMBOL_GPL(mdev_sim_resource_store);

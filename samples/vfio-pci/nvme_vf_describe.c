// SPDX-License-Identifier: GPL-2.0-only
/*
 * A vfio-pci variant driver for virtual functions of NVMe controllers: what it
 * says of them for migration.
 *
 * A function accepts what a source with no more queues, of the same firmware,
 * sends in any series from 1.0 on; it can be pinned to 1.0, whose streams lack
 * the registers of the function.  Where its blocks are, a URL, is a dynamic
 * resource: this driver only keeps it; one of a product connects to it.
 */
#include <linux/ctype.h>
#include <linux/err.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "nvme_vf.h"

#define QUEUES_MAX 64		/* values that a field may have in a list */

static void add_id(struct nvme_vf *vf, struct vp_profile *p)
{
	struct pci_dev *pdev = vf->core.pdev;
	char text[10];

	snprintf(text, sizeof(text), "%04x:%04x", pdev->vendor, pdev->device);
	vp_add(p, "pci_ids", text);
	vp_add(p, "firmware_rev", vf->id.firmware);
}

static void add_queues(struct vp_profile *p, unsigned int queues)
{
	char text[12];

	snprintf(text, sizeof(text), "%u", queues);
	vp_add(p, "queues", text);
}

static void accept_types(struct nvme_vf *vf, struct vp_profile *p)
{
	/* what is longer than a value may be is refused as well if it is cut */
	char value[VP_VALUE_MAX + 2];
	const char *list = vf->accepts;

	while (*list) {
		size_t len = strcspn(list, ",");

		snprintf(value, sizeof(value), "%.*s", (int)len, list);
		if (len)
			vp_accept_type(p, value);
		list += list[len] ? len + 1 : len;
	}
}

/* One that has not answered at bind has no interface. */
static int nvme_vf_accepts(struct device *dev, struct vp_profile *p)
{
	struct nvme_vf *vf = dev_to_nvme_vf(dev);
	unsigned int i;

	if (!vf->id.firmware[0])
		return -EOPNOTSUPP;
	vp_version(p, NVME_VF_VERSION);
	vp_emit(p, NVME_VF_OLD);
	vp_emit(p, NVME_VF_OWN);
	accept_types(vf, p);
	add_id(vf, p);
	for (i = 1; i <= min(vf->id.queues, QUEUES_MAX); i++)
		add_queues(p, i);
	vp_resource(p, "remote_url", NULL);
	return 0;
}

/* What it needs as a source.  While a guest uses the controller: nothing. */
static int nvme_vf_describe(struct mdev_type *mtype, struct device *dev,
			    u32 series, struct vp_profile *p)
{
	struct nvme_vf *vf;

	if (!dev)
		return -EOPNOTSUPP;	/* see nvme_vf_accepts() */
	vf = dev_to_nvme_vf(dev);
	if (nvme_vf_is_enabled(vf))
		return -EOPNOTSUPP;
	vp_version(p, series == NVME_VF_OLD_SERIES ? NVME_VF_OLD ".0" :
						     NVME_VF_VERSION);
	add_id(vf, p);
	add_queues(p, min(vf->id.queues, QUEUES_MAX));
	mutex_lock(&vf->lock);
	vp_resource(p, "remote_url", vf->url);
	mutex_unlock(&vf->lock);
	return 0;
}

static int nvme_vf_set_version(struct mdev_type *mtype, struct device *dev,
			       u32 series)
{
	struct nvme_vf *vf = dev_to_nvme_vf(dev);

	mutex_lock(&vf->lock);
	vf->series = series == NVME_VF_OLD_SERIES ? series : NVME_VF_SERIES;
	mutex_unlock(&vf->lock);
	return 0;
}

static const struct vfio_profile_ops nvme_vf_profile_ops = {
	.describe = nvme_vf_describe,
	.accepts = nvme_vf_accepts,
	.set_version = nvme_vf_set_version,
};

/* ---- the resource ---- */

static ssize_t remote_url_show(struct device *dev,
			       struct device_attribute *attr, char *buf)
{
	struct nvme_vf *vf = dev_to_nvme_vf(dev);
	ssize_t len;

	mutex_lock(&vf->lock);
	len = sysfs_emit(buf, "%s\n", vf->url);
	mutex_unlock(&vf->lock);
	return len;
}

/* Printable; its own fields are short, so the line has room for it. */
static bool is_url(const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (!isascii(text[i]) || !isprint(text[i]))
			return false;
	return len && len <= VP_RESOURCE_MAX;
}

static_assert(3 * VP_RESOURCE_MAX + 512 < VP_LINE_MAX);

/* Never the device lock here: unbinding waits for us under it. */
static ssize_t remote_url_store(struct device *dev,
				struct device_attribute *attr, const char *buf,
				size_t count)
{
	struct nvme_vf *vf = dev_to_nvme_vf(dev);
	size_t len = count && buf[count - 1] == '\n' ? count - 1 : count;
	int ret;

	if (!is_url(buf, len))
		return -EINVAL;
	ret = vfio_pci_profile_store_begin(vf->core.pdev);
	if (ret)
		return ret;
	mutex_lock(&vf->lock);
	memcpy(vf->url, buf, len);
	vf->url[len] = '\0';
	mutex_unlock(&vf->lock);
	vfio_pci_profile_store_end(vf->core.pdev);
	return count;
}
static DEVICE_ATTR_RW(remote_url);

static struct attribute *nvme_vf_attrs[] = {
	&dev_attr_remote_url.attr,
	NULL,
};

static const struct attribute_group nvme_vf_group = {
	.attrs = nvme_vf_attrs,
};

/**
 * nvme_vf_profile_add - show what a function says of itself
 * @vf: the function, not yet registered with VFIO
 *
 * Its resource is there first, for it is one of the profile's promises.
 *
 * Context: may sleep; in probe().
 * Return: 0, also if the function has not answered; or why not, and nothing
 * of it is left.
 */
int nvme_vf_profile_add(struct nvme_vf *vf)
{
	struct pci_dev *pdev = vf->core.pdev;
	int ret;

	ret = sysfs_create_group(&pdev->dev.kobj, &nvme_vf_group);
	if (ret)
		return ret;
	ret = vfio_pci_profile_register(pdev, vf->type, &nvme_vf_profile_ops);
	if (ret)
		sysfs_remove_group(&pdev->dev.kobj, &nvme_vf_group);
	return ret;
}

/**
 * nvme_vf_profile_remove - end of nvme_vf_profile_add()
 * @vf: the function, no longer registered with VFIO
 *
 * Context: may sleep; waits for whoever reads or writes the attributes.
 */
void nvme_vf_profile_remove(struct nvme_vf *vf)
{
	struct pci_dev *pdev = vf->core.pdev;

	vfio_pci_profile_unregister(pdev);
	sysfs_remove_group(&pdev->dev.kobj, &nvme_vf_group);
}

/* ---- the stream ---- */

/**
 * nvme_vf_encode - what follows the header
 * @vf: the function, open, its controller disabled
 * @data: receives it; MDEV_SIM_DATA_MAX bytes
 *
 * Context: may sleep.
 * Return: number of bytes, or -ENOMEM.
 */
ssize_t nvme_vf_encode(struct nvme_vf *vf, u8 *data)
{
	struct mdev_sim_output out;
	struct mdev_sim_state *state;
	struct pci_dev *pdev = vf->core.pdev;
	char text[12];
	ssize_t ret;

	state = kvmalloc(sizeof(*state), GFP_KERNEL_ACCOUNT);
	if (!state)
		return -ENOMEM;
	mutex_lock(&vf->lock);
	*state = vf->state;
	mdev_sim_put_series(&out, data, vf->series);
	mutex_unlock(&vf->lock);
	nvme_vf_read_regs(vf, state->reg);
	mdev_sim_put_field(&out, "firmware_rev", vf->id.firmware);
	snprintf(text, sizeof(text), "%04x:%04x", pdev->vendor, pdev->device);
	mdev_sim_put_field(&out, "pci_ids", text);
	snprintf(text, sizeof(text), "%u", vf->id.queues);
	mdev_sim_put_field(&out, "queues", text);
	ret = mdev_sim_put_state(&out, state);
	kvfree(state);
	return ret;
}

static bool is_word(const char *word, const char *text, size_t len)
{
	return strlen(word) == len && !memcmp(word, text, len);
}

/* Hardware does not ask the engine. */
static bool hardware_has(const void *device, const char *name, size_t name_len,
			 const char *value, size_t len)
{
	const struct nvme_vf *vf = device;
	struct pci_dev *pdev = vf->core.pdev;
	unsigned int queues;
	char text[12];

	snprintf(text, sizeof(text), "%.*s", (int)len, value);
	if (is_word("firmware_rev", name, name_len))
		return is_word(vf->id.firmware, value, len);
	if (is_word("queues", name, name_len))
		return !kstrtouint(text, 10, &queues) && queues &&
		       queues <= vf->id.queues;
	snprintf(text, sizeof(text), "%04x:%04x", pdev->vendor, pdev->device);
	return is_word("pci_ids", name, name_len) && is_word(text, value, len);
}

/**
 * nvme_vf_decode - make a state of what has followed the header
 * @vf: the function
 * @series: the series that the header has said
 * @data: what has arrived
 * @len: its length
 * @state: receives the state; after an error it is of no use
 * @why: receives what is wrong
 *
 * Return: 0; -EINVAL: it is not what a source sends; -EIO: it is, but the
 * function does not have what it uses.
 */
int nvme_vf_decode(struct nvme_vf *vf, u32 series, const u8 *data, size_t len,
		   struct mdev_sim_state *state, const char **why)
{
	return mdev_sim_take_all(hardware_has, vf, series, data, len, state,
				 why);
}

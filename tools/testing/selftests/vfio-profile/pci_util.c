// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pci_util.h"

/* Enabled, with entries of 64 and 16 bytes in its queues. */
#define CC_ENABLED 0x00460001

bool vf_names(char name[2][VF_NAME_SIZE])
{
	const char *list = getenv("VFIO_COMPAT_VFS");

	return list && sscanf(list, "%15s %15s", name[0], name[1]) == 2;
}

char *vf_file(const char *name, const char *attr, char path[PU_PATH])
{
	snprintf(path, PU_PATH, PCI_DEVICES "/%s%s%s", name, attr ? "/" : "",
		 attr ? attr : "");
	return path;
}

int vf_unbind(const char *name)
{
	char path[PU_PATH];

	if (!pu_exists(vf_file(name, "driver", path)))
		return 0;
	return pu_write_str(vf_file(name, "driver/unbind", path), name);
}

/* Probing says nothing of what came out. */
int vf_bind(const char *name, const char *driver)
{
	char path[PU_PATH], link[PU_PATH];
	ssize_t len;
	int ret;

	ret = vf_unbind(name);
	if (!ret)
		ret = pu_write_str(vf_file(name, "driver_override", path),
				   driver);
	if (!ret)
		ret = pu_write_str("/sys/bus/pci/drivers_probe", name);
	if (ret)
		return ret;
	len = readlink(vf_file(name, "driver", path), link, sizeof(link) - 1);
	if (len < 0)
		return -errno;
	link[len] = '\0';
	return strcmp(strrchr(link, '/') + 1, driver) ? -ENODEV : 0;
}

int vf_make(const char *name, const char *type, const char *accepts)
{
	int ret;

	ret = pu_write_str(VF_PARAMETERS "/type", type);
	if (!ret)
		ret = pu_write_str(VF_PARAMETERS "/accept_types",
				   *accepts ? accepts : "\n");
	return ret ? ret : vf_bind(name, VF_DRIVER);
}

int vf_put_state(struct vmig_device *dev, const struct sim_state *state)
{
	int ret;

	ret = vmig_write_region(dev, VF_AREA, 0, state->memory, SIM_MEMORY);
	return ret ? ret : vmig_write_region(dev, VF_AREA, SIM_MEMORY,
					     state->reg,
					     VF_SCRATCH * sizeof(__u32));
}

int vf_get_state(struct vmig_device *dev, struct sim_state *state)
{
	int ret;

	memset(state, 0, sizeof(*state));
	ret = vmig_read_region(dev, VF_AREA, 0, state->memory, SIM_MEMORY);
	return ret ? ret : vmig_read_region(dev, VF_AREA, SIM_MEMORY,
					    state->reg,
					    VF_SCRATCH * sizeof(__u32));
}

int vf_write_reg(struct vmig_device *dev, unsigned int reg, __u32 value)
{
	return vmig_write_region(dev, 0, reg, &value, sizeof(value));
}

int vf_read_reg(struct vmig_device *dev, unsigned int reg, __u32 *value)
{
	return vmig_read_region(dev, 0, reg, value, sizeof(*value));
}

int vf_enable(struct vmig_device *dev, bool on)
{
	return vf_write_reg(dev, VF_CC, on ? CC_ENABLED : 0);
}

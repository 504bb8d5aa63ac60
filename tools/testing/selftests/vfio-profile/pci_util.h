/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Virtual functions of an NVMe controller, for programs: whose driver is
 * samples/vfio-pci/.  VFIO_COMPAT_VFS names two, which need not have a driver.
 */
#ifndef PCI_UTIL_H
#define PCI_UTIL_H

#include <stdbool.h>
#include <stddef.h>

#include "profile_util.h"
#include "sim_util.h"

#define PCI_DEVICES "/sys/bus/pci/devices"
#define PCI_DRIVERS "/sys/bus/pci/drivers"
#define VF_DRIVER "nvme_vf_profile"
#define VF_PARAMETERS "/sys/module/" VF_DRIVER "/parameters"
#define VF_NAME_SIZE 16
#define VF_TYPE VF_DRIVER "-qemu"

/* Registers of a controller. */
#define VF_CC 0x14
#define VF_AQA 0x24
#define VF_ASQ 0x28
#define VF_ACQ 0x30

/* Its state area: memory, then registers that the driver keeps. */
#define VF_AREA VFIO_PCI_NUM_REGIONS
#define VF_SCRATCH 8

/* The first and the second function; false if there are none. */
bool vf_names(char name[2][VF_NAME_SIZE]);
char *vf_file(const char *name, const char *attr, char path[PU_PATH]);

/* Each returns 0 or a negative errno. */
int vf_unbind(const char *name);
int vf_bind(const char *name, const char *driver);
/* By our driver, as that type, which accepts those besides. */
int vf_make(const char *name, const char *type, const char *accepts);

/* What a function keeps; registers from VF_SCRATCH on are left alone. */
int vf_put_state(struct vmig_device *dev, const struct sim_state *state);
int vf_get_state(struct vmig_device *dev, struct sim_state *state);
int vf_write_reg(struct vmig_device *dev, unsigned int reg, __u32 value);
int vf_read_reg(struct vmig_device *dev, unsigned int reg, __u32 *value);
int vf_enable(struct vmig_device *dev, bool on);

#endif /* PCI_UTIL_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tests of the sysfs interface share: files read and written with one
 * system call, the test driver, the kernel log, and mdevs.
 */
#ifndef PROFILE_UTIL_H
#define PROFILE_UTIL_H

#include <stdbool.h>
#include <stddef.h>

#define PU_PAGE 4096
#define PU_UUID "5ad0a3a5-7f4c-4c9b-9d1e-%012x"
#define PU_UUID_SIZE 37
#define PU_PATH 512

#define TEST_DRIVER "/sys/kernel/debug/vfio_profile_test"
#define TEST_PARENT "/sys/devices/platform/vfio_profile_test"
#define TEST_TYPES TEST_PARENT "/mdev_supported_types"
#define MTTY_TYPES "/sys/class/mdev_bus/mtty/mdev_supported_types"
#define MDPY_TYPES "/sys/class/mdev_bus/mdpy/mdev_supported_types"
#define MDEV_DEVICES "/sys/bus/mdev/devices"

/* Each returns a negative errno, as the system call gave it. */
int pu_read(const char *path, char *buf, size_t size);
int pu_write(const char *path, const void *data, size_t len);
int pu_write_str(const char *path, const char *text);
int pu_mode(const char *path);
bool pu_exists(const char *path);
char *pu_list(const char *dir, char *buf, size_t size);

/* The test driver: give it types, (un)register its parent. */
int pu_register(const char *types);
int pu_set_types(const char *types);
void pu_unregister(void);

/* An mdev made of a type folder; its UUID is PU_UUID with @nr. */
char *pu_uuid(unsigned int nr, char uuid[PU_UUID_SIZE]);
int pu_create(const char *type_dir, unsigned int nr);
int pu_remove(unsigned int nr);
char *pu_device_file(unsigned int nr, const char *attr, char path[PU_PATH]);

/* What the test driver says has changed: ask it again; its errno. */
int pu_changed(const char *types);

/* uevents: the next one that holds both words, the second of them optional. */
int pu_uevent_open(void);
bool pu_uevent_wait(int fd, const char *word, const char *other);

/* The kernel log: lines with @word since pu_log_start(); the last in @buf. */
int pu_log_start(void);
int pu_log_count(int log, const char *word, char *buf, size_t size);

/* A module by name: from VFIO_COMPAT_MODULES, or where modprobe finds it. */
int pu_load(const char *module);
int pu_unload(const char *module);

#endif /* PROFILE_UTIL_H */

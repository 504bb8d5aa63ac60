/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the test driver share.
 */
#ifndef VFIO_PROFILE_TEST_H
#define VFIO_PROFILE_TEST_H

#include <linux/mutex.h>
#include <linux/vfio.h>
#include <linux/vfio_profile.h>

enum { RES_AGGREGATOR, RES_FPS, RES_URL, RES_NR };

#define TEST_STATE_SIZE 64

struct test_file;

/**
 * struct test_instance - an instance
 * @vdev: the VFIO device
 * @lock: protects @value and @state
 * @value: its resources
 * @state: what migrates; region 0
 * @migration_lock: protects what follows; taken outside @lock
 * @migration: its migration state
 * @file: data file of the migration that is going on, or NULL
 */
struct test_instance {
	struct vfio_device vdev;
	struct mutex lock; /* @value, @state */
	char value[RES_NR][VP_RESOURCE_MAX + 1];
	u8 state[TEST_STATE_SIZE];
	struct mutex migration_lock; /* @migration, @file */
	enum vfio_device_mig_state migration;
	struct test_file *file;
};

void test_migration_init(struct test_instance *ti);
void test_migration_reset(struct test_instance *ti);

#endif /* VFIO_PROFILE_TEST_H */

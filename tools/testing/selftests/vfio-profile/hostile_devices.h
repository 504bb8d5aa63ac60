/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The devices that hostile_test writes streams to.
 */
#ifndef HOSTILE_DEVICES_H
#define HOSTILE_DEVICES_H

#include "../../../../drivers/vfio/profile/tests/hostile.h"
#include "profile_util.h"
#include "vfio_migrate.h"

#define HOSTILE_STATE_MAX 256	/* of what is read of a device's values */

#define HOSTILE_OLD_SERIES 0x10000	/* 1.0 */

/**
 * struct hostile_target - a device that is written to
 * @type: folder of its type
 * @dev: what its type and an instance say
 * @own: series of what it saves
 * @checked: data of its own series has a checksum
 * @exact: data has to be what the header says, so other headers may not fit
 * @begin: make its type appear; a negative errno if that cannot be
 * @end: make it disappear
 * @set: give an instance values, other ones for another @marker
 * @get: read them, HOSTILE_STATE_MAX bytes, 0 if there are fewer
 * @size: length of the data of a series; NULL: always that of what it saves
 */
struct hostile_target {
	const char *type;
	const struct hostile_device *dev;
	__u32 own;
	bool checked;
	bool exact;
	int (*begin)(void);
	void (*end)(void);
	int (*set)(struct vmig_device *dev, unsigned char marker);
	int (*get)(struct vmig_device *dev, unsigned char *state);
	size_t (*size)(__u32 series);
};

extern const struct hostile_target hostile_mtty_1, hostile_mtty_2,
	hostile_test_driver, hostile_simulator;

#endif /* HOSTILE_DEVICES_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The simulated vendor driver, for programs: its folders in configfs, its
 * parents and types in sysfs.  A parent is named "vgpu/a".
 */
#ifndef SIM_UTIL_H
#define SIM_UTIL_H

#include <stdbool.h>
#include <stddef.h>

#include "profile_util.h"
#include "vfio_migrate.h"

#define SIM_ROOT "/sys/kernel/config/mdev_sim"
#define SIM_REGS 16
#define SIM_MEMORY 4096

/**
 * struct sim_text - a file of a type, and what is written there
 * @file: its name; NULL ends a list
 * @text: the text
 */
struct sim_text {
	const char *file;
	const char *text;
};

/**
 * struct sim_state - what migrates
 * @reg: region 0, as far as there are registers
 * @memory: region 1
 */
struct sim_state {
	__u32 reg[SIM_REGS];
	unsigned char memory[SIM_MEMORY];
};

/* Each returns 0 or a negative errno, as the system call gave it. */
int sim_mkdir(const char *parent, const char *type);
int sim_set(const char *parent, const char *type, const char *file,
	    const char *text);
int sim_commit(const char *parent, bool on);
int sim_flash(const char *parent, const char *word);
/* All folders of a parent are removed, with all that is in them. */
void sim_remove(const char *parent);
/* A parent of one type, committed; after an error it is removed. */
int sim_make(const char *parent, const char *type, const struct sim_text *texts);

/* Files in sysfs. */
char *sim_parent_file(const char *parent, const char *file, char path[PU_PATH]);
char *sim_type_file(const char *parent, const char *type, const char *attr,
		    char path[PU_PATH]);
/* An instance; its UUID is PU_UUID with @nr. */
int sim_create(const char *parent, const char *type, unsigned int nr);

/* Registers and memory of an open device. */
int sim_put_state(struct vmig_device *dev, const struct sim_state *state);
int sim_get_state(struct vmig_device *dev, struct sim_state *state);
/* Registers and memory that are like no other number's. */
void sim_fill(struct sim_state *state, unsigned int nr);

#endif /* SIM_UTIL_H */

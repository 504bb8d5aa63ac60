/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Types of the simulator that are there, and their instances.
 *
 * What cannot be set up ends the program: it says nothing of the interface.
 */
#ifndef ACCURACY_PLACE_H
#define ACCURACY_PLACE_H

#include "config.h"
#include "predict.h"
#include "profile_util.h"
#include "vfio_migrate.h"

#define STATES_MAX	3	/* the own series and two that are older */
#define CLAIMS_MAX	6
#define KEY_SIZE	1600

/**
 * struct instance - an mdev that is open
 * @place: its type
 * @uuid: its name
 * @dev: the VFIO device
 * @subject: what it says
 * @pin: the series that it is pinned to, or empty
 * @value: what its resources hold, in the order of &struct config.resource
 * @key: of one that was claimed: what for
 * @refused: errno of the value that its driver refused, or 0
 * @odd: it took a value that it should not take, or the other way round
 * @used: when it was claimed last
 */
struct instance {
	struct place *place;
	char uuid[PU_UUID_SIZE];
	struct vmig_device dev;
	struct subject subject;
	char pin[16];
	char value[CONFIG_RESOURCES][CONFIG_LIST];
	char key[KEY_SIZE];
	int refused;
	bool odd;
	unsigned long used;
};

/**
 * struct place - a parent with one type
 * @config: what it was made of
 * @folder: the parent in configfs
 * @type_dir: the type in sysfs
 * @type_name: what the tool calls it
 * @firmware: the file that makes the driver look at its texts again
 * @type: what the type says
 * @ctx: the library
 * @own: the series that instances emit if they are not pinned
 * @can_pin: instances can be pinned
 * @nr_states: what an instance can be: not pinned, or pinned
 * @pin: the series of each, "" for the first
 * @source: the instance that migrations come from
 * @state: its state
 * @dest: instances that they go to, one for each state; made when needed
 * @claim: instances that were made for one source, as a manager does
 */
struct place {
	struct config config;
	char folder[PU_PATH];
	char type_dir[PU_PATH];
	char type_name[96];
	char firmware[PU_PATH];
	struct subject type;
	struct vfio_compat *ctx;
	char own[16];
	bool can_pin;
	unsigned int nr_states;
	char pin[STATES_MAX][12];
	struct instance *source;
	unsigned int state;
	struct instance *dest[STATES_MAX];
	struct instance *claim[CLAIMS_MAX];
};

void die(const char *fmt, ...) __attribute__((__format__(printf, 1, 2),
					      __noreturn__));

struct place *place_open(struct vfio_compat *ctx, const struct config *config);
void place_close(struct place *place);
void place_write(const struct place *place);
int place_flash(struct place *place);

struct instance *place_source(struct place *place, unsigned int state);
struct instance *place_dest(struct place *place, unsigned int state);
struct instance *place_claim(struct place *place, struct instance *src);

struct instance *instance_make(struct place *place);
void instance_remove(struct instance *inst);
bool instance_read(struct instance *inst);
void instance_file(const struct instance *inst, const char *name,
		   char path[PU_PATH]);

#endif /* ACCURACY_PLACE_H */

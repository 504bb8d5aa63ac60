/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the types of the matrix say of themselves, as the simulator is told.
 * No files and no devices here: text only.
 */
#ifndef ACCURACY_CONFIG_H
#define ACCURACY_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CONFIG_NAME	160
#define CONFIG_LIST	256
#define CONFIG_TEXT	2048
#define CONFIG_FIELDS	4
#define CONFIG_OLD	3
#define CONFIG_RESOURCES 2

/* The same numbers for the same seed, on every machine. */
struct rng {
	uint64_t state;
};

void rng_seed(struct rng *rng, uint64_t seed);
uint64_t rng_next(struct rng *rng);
unsigned int rng_below(struct rng *rng, unsigned int limit);

enum personality {
	VGPU,
	NVME,
	QAT,
	CCW,
	AP,
	NR_PERSONALITIES,
};

/**
 * struct field - a set of values
 * @name: its name
 * @accepts: what the type accepts
 * @needs: what an instance needs, empty if all of @accepts
 * @nr_old: number of older series that differ
 * @old: what an instance needs that is pinned to that series; empty: nothing
 */
struct field {
	const char *name;
	char accepts[CONFIG_LIST];
	char needs[CONFIG_LIST];
	unsigned int nr_old;
	struct {
		char series[12];
		char needs[CONFIG_LIST];
	} old[CONFIG_OLD];
};

/**
 * struct resource - an attribute that a manager copies
 * @name: its name
 * @since: series that brought it, the same for everybody, or NULL
 * @value: its default
 * @allowed: values that the driver takes, empty if all
 * @set: what instances of this type are set to by the matrix, or empty
 */
struct resource {
	const char *name;
	const char *since;
	char value[CONFIG_LIST];
	char allowed[CONFIG_LIST];
	char set[CONFIG_LIST];
};

/**
 * struct config - one type
 * @name: what was varied, for reports
 * @personality: whose driver
 * @type: the type's name
 * @version: software_version
 * @accepts: compatible_software_version, empty for what the core fills in
 * @emits: emitted_software_version, the same
 * @types: compatible_type, the same
 * @nr_fields: number of fields
 * @field: the fields
 * @nr_resources: number of resources
 * @resource: the resources
 * @rings: for a driver with check(): what it compares
 * @check: how it answers
 */
struct config {
	char name[CONFIG_NAME];
	enum personality personality;
	char type[8];
	char version[40];
	char accepts[CONFIG_LIST];
	char emits[CONFIG_LIST];
	char types[CONFIG_LIST];
	unsigned int nr_fields;
	struct field field[CONFIG_FIELDS];
	unsigned int nr_resources;
	struct resource resource[CONFIG_RESOURCES];
	char rings[8];
	char check[16];
};

const char *personality_name(enum personality personality);

/* What a driver knows of resources. */
const char *config_known(enum personality personality, unsigned int n);
const char *config_known_value(const struct config *c, const char *name,
			       unsigned int n);
struct resource *config_add_resource(struct config *c, unsigned int n);

/* The base with none, one or two of the variations 0 .. config_count() - 1. */
#define NO_VARIATION	(-1)
int config_count(void);
bool config_make(struct config *c, int first, int second);

/* Types at random; those of a family fit more often than any two would. */
void config_random(struct config *c, struct rng *rng);
void config_mutate(struct config *c, struct rng *rng);

/* The simulator's files that hold a list with a value on each line. */
void config_fields(const struct config *c, char text[CONFIG_TEXT]);
void config_resources(const struct config *c, char text[CONFIG_TEXT]);

#endif /* ACCURACY_CONFIG_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A simulated vendor driver: mediated devices that are made through configfs,
 * say of themselves what was written there, and really migrate.
 *
 * mdev_sim.ko is all of it but for what differs from vendor to vendor, which
 * are the personalities: a module of its own each.  What an author of a driver
 * wants to copy is in mdev_sim_profile.c.
 *
 * Locks, each taken before those below it:
 *
 *	&struct mdev_sim_parent.commit_lock	committing, and taking it back
 *	&struct mdev_sim_card.flash_lock	one flash at a time
 *	&struct mdev_sim_instance.mig_lock	state of the migration
 *	lock of a migration file		its data
 *	locks of the core			see struct vfio_profile_ops
 *	&struct mdev_sim_parent.lock		what was written in configfs
 *	&struct mdev_sim_card.spec_lock		what it means, once flashed
 *	&struct mdev_sim_card.capacity_lock	what is left of it
 *	&struct mdev_sim_instance.lock		registers and values
 *
 * The callbacks of the profile take the last three only.
 */
#ifndef MDEV_SIM_H
#define MDEV_SIM_H

#include <linux/configfs.h>
#include <linux/device.h>
#include <linux/mdev.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/vfio.h>
#include <linux/vfio_profile.h>

#include "mdev_sim_stream.h"

#define MDEV_SIM_NAME		"mdev_sim"
#define MDEV_SIM_CONFIG		256
#define MDEV_SIM_TEXT_MAX	4095	/* of a file in configfs */

/* ---- what was written ---- */

/**
 * enum mdev_sim_file - the files of a type in configfs
 * @MDEV_SIM_VERSION: software_version
 * @MDEV_SIM_ACCEPTS: compatible_software_version
 * @MDEV_SIM_EMITS: emitted_software_version
 * @MDEV_SIM_TYPES: compatible_type
 * @MDEV_SIM_FIELDS: fields
 * @MDEV_SIM_RESOURCES: resources
 * @MDEV_SIM_INSTANCES: instances
 * @MDEV_SIM_BUGFIX: bugfix
 * @MDEV_SIM_RINGS: rings, of a personality with check()
 * @MDEV_SIM_CHECK: check, of a personality with check()
 * @MDEV_SIM_FILES: how many there are
 */
enum mdev_sim_file {
	MDEV_SIM_VERSION,
	MDEV_SIM_ACCEPTS,
	MDEV_SIM_EMITS,
	MDEV_SIM_TYPES,
	MDEV_SIM_FIELDS,
	MDEV_SIM_RESOURCES,
	MDEV_SIM_INSTANCES,
	MDEV_SIM_BUGFIX,
	MDEV_SIM_RINGS,
	MDEV_SIM_CHECK,
	MDEV_SIM_FILES,
};

extern const char *const mdev_sim_file_names[MDEV_SIM_FILES];

/**
 * struct mdev_sim_field - a line of the file fields
 * @series: the series that it is about; VP_SERIES_OWN: all that have no line
 * @name: name of the field; NULL: the line says only that @series has lines
 * @accepts: values that the type accepts
 * @needs: values that an instance needs
 */
struct mdev_sim_field {
	u32 series;
	const char *name;
	const char *accepts;
	const char *needs;
};

/**
 * struct mdev_sim_resource - a line of the file resources
 * @since: the first series that has it
 * @name: its name
 * @value: what a new instance has
 * @allowed: values that it can have; NULL: all that the personality takes
 */
struct mdev_sim_resource {
	u32 since;
	const char *name;
	const char *value;
	const char *allowed;
};

/**
 * struct mdev_sim_bugfix - a line of the file bugfix
 * @series: a series that can be pinned
 * @bugfix: the third number of its version
 */
struct mdev_sim_bugfix {
	u32 series;
	u16 bugfix;
};

/**
 * struct mdev_sim_spec - what the files of a type mean
 * @text: the files, in pieces; all strings are in them
 * @version: software_version
 * @series: its first two numbers
 * @accepts: compatible_software_version
 * @emits: emitted_software_version
 * @types: compatible_type
 * @field: the lines of fields
 * @nr_fields: how many
 * @resource: the lines of resources
 * @nr_resources: how many
 * @bugfix: the lines of bugfix
 * @nr_bugfixes: how many
 * @instances: capacity
 * @rings: rings of an instance
 * @fit: check() compares rings
 * @verdict: else it returns this
 */
struct mdev_sim_spec {
	char *text[MDEV_SIM_FILES];
	const char *version;
	u32 series;
	const char *accepts;
	const char *emits;
	const char *types;
	struct mdev_sim_field *field;
	unsigned int nr_fields;
	struct mdev_sim_resource *resource;
	unsigned int nr_resources;
	struct mdev_sim_bugfix *bugfix;
	unsigned int nr_bugfixes;
	u32 instances;
	u32 rings;
	bool fit;
	int verdict;
};

/* ---- personalities ---- */

/**
 * struct mdev_sim_personality - what differs from vendor to vendor
 * @name: its folder in configfs
 * @driver: its mdev driver
 * @resources: names of the attributes that it has for resources, then NULL
 * @is_valid: whether a resource takes a value
 * @allows: whether a value is among those that a line of resources allows;
 *	NULL: all of it is one of them.  Without a ':' in lines if @free_text
 * @free_text: values may have a ':'; so no line says what is allowed
 * @flags: VFIO_DEVICE_FLAGS_* of its devices
 * @pci_device: PCI device id
 * @module: whose it is
 * @group: its folder, filled in by the core
 * @parent_type: of the parents in it, filled in by the core
 */
struct mdev_sim_personality {
	const char *name;
	struct mdev_driver *driver;
	const char *const *resources;
	bool (*is_valid)(const char *name, const char *value);
	bool (*allows)(const char *list, const char *value);
	bool free_text;
	u32 flags;
	u16 pci_device;
	struct module *module;
	struct config_group group;
	struct config_item_type parent_type;
};

int mdev_sim_register(struct mdev_sim_personality *personality);
void mdev_sim_unregister(struct mdev_sim_personality *personality);

/* The value is one of a list whose members are parted by commas. */
bool mdev_sim_listed(const char *list, const char *value, size_t len);
/* A decimal number without leading zeros, from 1 on. */
bool mdev_sim_parse_number(const char *text, u32 most, u32 *number);

/* Callbacks of mdev drivers and of their profiles. */
int mdev_sim_probe(struct mdev_device *mdev);
void mdev_sim_remove(struct mdev_device *mdev);
unsigned int mdev_sim_get_available(struct mdev_type *mtype);
int mdev_sim_describe(struct mdev_type *mtype, struct device *dev, u32 series,
		      struct vp_profile *p);
int mdev_sim_set_version(struct mdev_type *mtype, struct device *dev,
			 u32 series);
int mdev_sim_check(struct mdev_type *mtype, struct device *dev,
		   const struct vp_profile *source);

/* Attributes of resources, in a group with mdev_sim_resource_visible(). */
#define MDEV_SIM_RESOURCE(name)						\
	struct device_attribute dev_attr_##name =			\
		__ATTR(name, 0644, mdev_sim_resource_show,		\
		       mdev_sim_resource_store)

ssize_t mdev_sim_resource_show(struct device *dev,
			       struct device_attribute *attr, char *buf);
ssize_t mdev_sim_resource_store(struct device *dev,
				struct device_attribute *attr, const char *buf,
				size_t count);
umode_t mdev_sim_resource_visible(struct kobject *kobj, struct attribute *attr,
				  int i);

/* ---- what is registered ---- */

/**
 * struct mdev_sim_type - a type of a card
 * @type: what the mdev core knows of it
 * @card: the card that it is of
 * @name: its folder in configfs
 * @spec: what it is now; protected by &struct mdev_sim_card.spec_lock
 * @used: of its capacity; protected by &struct mdev_sim_card.capacity_lock
 */
struct mdev_sim_type {
	struct mdev_type type;
	struct mdev_sim_card *card;
	char *name;
	struct mdev_sim_spec *spec;
	u32 used;
};

/**
 * struct mdev_sim_card - the parent device, from commit on
 * @dev: the device; its release frees all that is here
 * @personality: what kind of card it is
 * @config: its folder in configfs, which outlives @dev's attributes
 * @mdev: what the mdev core knows of it
 * @ready: @mdev is registered, or was
 * @flash_lock: one flash at a time; and @firmware
 * @firmware: the word written last
 * @spec_lock: specs of all types
 * @capacity_lock: what is used of all types
 * @nr_types: how many types there are
 * @list: the types, for the mdev core
 * @type: the types
 */
struct mdev_sim_card {
	struct device dev;
	struct mdev_sim_personality *personality;
	struct mdev_sim_parent *config;
	struct mdev_parent mdev;
	bool ready;
	struct mutex flash_lock;	/* see above */
	char firmware[33];
	struct rw_semaphore spec_lock;
	spinlock_t capacity_lock;	/* see above */
	unsigned int nr_types;
	struct mdev_type **list;
	struct mdev_sim_type type[];
};

static inline struct mdev_sim_type *to_mdev_sim_type(struct mdev_type *mtype)
{
	return container_of(mtype, struct mdev_sim_type, type);
}

/* What a type is now, until mdev_sim_put_spec(). */
static inline const struct mdev_sim_spec *
mdev_sim_get_spec(struct mdev_sim_type *type)
{
	down_read(&type->card->spec_lock);
	return type->spec;
}

static inline void mdev_sim_put_spec(struct mdev_sim_type *type)
{
	up_read(&type->card->spec_lock);
}

/**
 * struct mdev_sim_parent - a parent in configfs
 * @group: its folder
 * @personality: what kind of card it is to be
 * @commit_lock: protects @card
 * @card: the card, while it is registered
 * @lock: protects @types and @committed, and the texts of all types
 * @types: its types
 * @committed: no types are added
 */
struct mdev_sim_parent {
	struct config_group group;
	struct mdev_sim_personality *personality;
	struct mutex commit_lock;	/* see above */
	struct mdev_sim_card *card;
	struct mutex lock;		/* see above */
	struct list_head types;
	bool committed;
};

/**
 * struct mdev_sim_texts - a type in configfs
 * @item: its folder
 * @entry: among the types of its parent
 * @parent: its parent, as long as it is in there
 * @text: its files; NULL: nothing was written
 */
struct mdev_sim_texts {
	struct config_item item;
	struct list_head entry;
	struct mdev_sim_parent *parent;
	char *text[MDEV_SIM_FILES];
};

/* Another member of its types is created, or has other resources, or is gone. */
int mdev_sim_use(struct mdev_sim_type *type, u32 before, u32 after);

int mdev_sim_cards_init(void);
void mdev_sim_cards_exit(void);
struct mdev_sim_card *mdev_sim_card_create(struct mdev_sim_parent *config,
					   const char *name);
int mdev_sim_card_register(struct mdev_sim_card *card);
void mdev_sim_card_unregister(struct mdev_sim_card *card);

struct mdev_sim_spec *
mdev_sim_spec_parse(const struct mdev_sim_personality *personality,
		    const char *name, char *const text[MDEV_SIM_FILES]);
void mdev_sim_spec_free(struct mdev_sim_spec *spec);

/* ---- instances ---- */

/**
 * struct mdev_sim_value - a resource of an instance
 * @name: its name
 * @text: its value
 */
struct mdev_sim_value {
	char name[VP_NAME_MAX + 1];
	char text[VP_RESOURCE_MAX + 1];
};

/**
 * struct mdev_sim_instance - an mdev
 * @vdev: the VFIO device
 * @mdev: the mdev, as long as its driver is bound
 * @type: its type, for as long
 * @lock: protects what follows up to @mig_lock
 * @series: the series to emit
 * @used: how much of the capacity it takes
 * @nr_values: how many resources it has; fixed
 * @value: resources, which change only while the device is closed
 * @state: registers and memory
 * @config: PCI configuration space
 * @mig_lock: protects what follows
 * @mig_state: state of the migration
 * @file: its file, or NULL
 */
struct mdev_sim_instance {
	struct vfio_device vdev;
	struct mdev_device *mdev;
	struct mdev_sim_type *type;
	struct mutex lock;		/* see above */
	u32 series;
	u32 used;
	unsigned int nr_values;
	struct mdev_sim_value *value;
	struct mdev_sim_state state;
	u8 config[MDEV_SIM_CONFIG];
	struct mutex mig_lock;		/* see above */
	enum vfio_device_mig_state mig_state;
	struct mdev_sim_file_data *file;
};

static inline struct mdev_sim_instance *
to_mdev_sim_instance(struct vfio_device *vdev)
{
	return container_of(vdev, struct mdev_sim_instance, vdev);
}

struct mdev_sim_value *mdev_sim_find_value(struct mdev_sim_instance *inst,
					   const char *name);
bool mdev_sim_takes(const struct mdev_sim_personality *personality,
		    const struct mdev_sim_resource *resource, const char *text);
u32 mdev_sim_emits(struct mdev_sim_instance *inst,
		   const struct mdev_sim_spec *spec);
int mdev_sim_try(struct mdev_sim_instance *inst, const char *name,
		 const char *text);
bool mdev_sim_described(const struct mdev_sim_spec *spec, unsigned int i,
			u32 series);

/* ---- migration ---- */

void mdev_sim_migration_init(struct mdev_sim_instance *inst);
void mdev_sim_migration_reset(struct mdev_sim_instance *inst);

size_t mdev_sim_encode(const struct mdev_sim_spec *spec, u32 series,
		       const struct mdev_sim_state *state, u8 *data);
int mdev_sim_decode(const struct mdev_sim_spec *spec, u32 series,
		    const u8 *data, size_t len, struct mdev_sim_state *state,
		    const char **why);

#endif /* MDEV_SIM_H */

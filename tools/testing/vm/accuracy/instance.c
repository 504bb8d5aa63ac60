// SPDX-License-Identifier: GPL-2.0-only
/*
 * Instances: made, pinned, given their values, opened once and used again.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "expect.h"

static unsigned int last_uuid;
static unsigned long clock_of_claims;

void instance_file(const struct instance *inst, const char *name,
		   char path[PU_PATH])
{
	snprintf(path, PU_PATH, MDEV_DEVICES "/%s/%s", inst->uuid, name);
}

struct instance *instance_make(struct place *place)
{
	struct instance *inst = calloc(1, sizeof(*inst));
	char path[PU_PATH + 8];
	unsigned int i;
	int ret;

	if (!inst)
		die("out of memory");
	inst->place = place;
	for (i = 0; i < place->config.nr_resources; i++)
		memcpy(inst->value[i], place->config.resource[i].value,
		       sizeof(inst->value[i]));
	inst->dev.fd = -1;
	pu_uuid(++last_uuid, inst->uuid);
	snprintf(path, sizeof(path), "%s/create", place->type_dir);
	ret = pu_write_str(path, inst->uuid);
	if (ret)
		die("%s (%s): no instance: %s", path, place->config.name,
		    strerror(-ret));
	return inst;
}

void instance_remove(struct instance *inst)
{
	char path[PU_PATH];
	int ret;

	if (!inst)
		return;
	if (inst->dev.fd >= 0)
		vmig_close(&inst->dev);
	subject_free(&inst->subject);
	instance_file(inst, "remove", path);
	ret = pu_write_str(path, "1");
	if (ret)
		die("%s: cannot be removed: %s", path, strerror(-ret));
	free(inst);
}

static int set_file(const struct instance *inst, const char *name,
		    const char *value)
{
	char path[PU_PATH];

	instance_file(inst, name, path);
	return pu_write_str(path, value);
}

/* A resource, and what it holds from then on. */
static int set_value(struct instance *inst, const char *name, const char *value)
{
	const struct config *c = &inst->place->config;
	int ret = set_file(inst, name, value);
	unsigned int i;

	for (i = 0; !ret && i < c->nr_resources; i++)
		if (!strcmp(c->resource[i].name, name))
			snprintf(inst->value[i], sizeof(inst->value[i]), "%s",
				 value);
	return ret;
}

/**
 * instance_read - read what an instance says
 * @inst: the instance
 *
 * Return: false if it says nothing at present.
 */
bool instance_read(struct instance *inst)
{
	char path[PU_PATH];
	int ret;

	snprintf(path, sizeof(path), MDEV_DEVICES "/%s", inst->uuid);
	ret = subject_read(inst->place->ctx, &inst->subject, inst->uuid, path);
	if (ret && ret != VFIO_COMPAT_UNKNOWN)
		die("%s (%s): %s", inst->uuid, inst->place->config.name,
		    subject_error());
	return !ret;
}

static void open_instance(struct instance *inst)
{
	int ret = vmig_open(&inst->dev, inst->uuid, VMIG_ANY);

	if (ret)
		die("%s: cannot be opened: %s", inst->uuid, strerror(-ret));
	if (!instance_read(inst))
		die("%s (%s): %s", inst->uuid, inst->place->config.name,
		    subject_error());
}

static bool type_has(struct place *place, const char *resource)
{
	const char *name;
	unsigned int i;

	for (i = 0; (name = vfio_compat_object_entry(place->type.obj,
						     VFIO_COMPAT_RESOURCES,
						     i)); i++)
		if (!strcmp(name, resource))
			return true;
	return false;
}

/* Values that instances of this type have, where the type has the resource. */
static void set_own_values(struct instance *inst)
{
	const struct config *c = &inst->place->config;
	unsigned int i;
	int ret;

	for (i = 0; i < c->nr_resources; i++) {
		const struct resource *r = &c->resource[i];

		if (!r->set[0] || !type_has(inst->place, r->name))
			continue;
		ret = set_value(inst, r->name, r->set);
		if (ret)
			die("%s (%s): %s does not take %s: %s", inst->uuid,
			    c->name, r->name, r->set, strerror(-ret));
	}
}

/* Series "" is the own one: the first state of all places. */
static void pin_instance(struct instance *inst, const char *series)
{
	int ret;

	if (!series[0])
		series = inst->place->own;
	ret = set_file(inst, "software_version", series);
	if (ret)
		die("%s (%s): cannot be pinned to %s: %s", inst->uuid,
		    inst->place->config.name, series, strerror(-ret));
	snprintf(inst->pin, sizeof(inst->pin), "%s",
		 strcmp(series, inst->place->own) ? series : "");
}

/**
 * place_source - the source of a type, in one of its states
 * @place: the type
 * @state: 0 .. nr_states - 1
 */
struct instance *place_source(struct place *place, unsigned int state)
{
	struct instance *inst = place->source;

	if (place->state == state)
		return inst;
	if (place->state == STATES_MAX)
		set_own_values(inst);
	else
		vmig_close(&inst->dev);
	if (place->nr_states > 1)
		pin_instance(inst, place->pin[state]);
	place->state = state;
	open_instance(inst);
	return inst;
}

/**
 * place_dest - the destination of a type, in one of its states
 * @place: the type
 * @state: 0 .. nr_states - 1
 */
struct instance *place_dest(struct place *place, unsigned int state)
{
	struct instance *inst = place->dest[state];

	if (inst)
		return inst;
	inst = instance_make(place);
	set_own_values(inst);
	if (place->pin[state][0])
		pin_instance(inst, place->pin[state]);
	open_instance(inst);
	place->dest[state] = inst;
	return inst;
}

/* ---- claimed for one source, as a manager does ---- */

static bool can_emit(struct place *place, const char *series)
{
	const char *entry;
	unsigned int i;

	for (i = 0; (entry = vfio_compat_object_entry(place->type.obj,
						      VFIO_COMPAT_EMITS,
						      i)); i++)
		if (!strcmp(entry, series))
			return true;
	return false;
}

/* "major.minor" that a source emits. */
static void series_of(const struct instance *inst, char series[16])
{
	const char *version = vfio_compat_object_version(inst->subject.obj);

	snprintf(series, 16, "%.*s",
		 (int)(strrchr(version, '.') - version), version);
}

/* The source's value of number @i of the resources that the type lists. */
static const char *value_for(struct place *place, struct instance *src,
			     unsigned int i, const char **name)
{
	*name = vfio_compat_object_entry(place->type.obj,
					 VFIO_COMPAT_RESOURCES, i);
	if (!*name)
		return NULL;
	return vfio_compat_object_value(src->subject.obj,
					VFIO_COMPAT_RESOURCES, *name, 0);
}

/* All that a manager would do to a new instance for this source. */
static void make_key(struct place *place, struct instance *src,
		     char key[KEY_SIZE])
{
	const char *name, *value;
	char series[16];
	unsigned int i;
	size_t len;

	series_of(src, series);
	len = snprintf(key, KEY_SIZE, "%s",
		       place->can_pin && can_emit(place, series) ? series : "");
	for (i = 0; ; i++) {
		value = value_for(place, src, i, &name);
		if (!name)
			break;
		if (value && len < KEY_SIZE)
			len += snprintf(key + len, KEY_SIZE - len, "\n%s=%s",
					name, value);
	}
	if (len >= KEY_SIZE)
		die("%s: values too long", src->uuid);
}

/* Pin it, and write the values in the order in which the type lists them. */
static void adopt(struct instance *inst, struct instance *src)
{
	const char *name, *value;
	char series[16];
	unsigned int i;

	series_of(src, series);
	if (inst->place->can_pin && can_emit(inst->place, series))
		pin_instance(inst, series);
	for (i = 0; !inst->refused; i++) {
		value = value_for(inst->place, src, i, &name);
		if (!name)
			break;
		if (!value)
			continue;
		inst->refused = -set_value(inst, name, value);
		inst->odd = inst->refused != (expect_taken(&inst->place->config,
							   name, value) ?
						      0 : EINVAL);
	}
	if (!inst->refused)
		open_instance(inst);
}

/**
 * place_claim - an instance that a manager would have made for a source
 * @place: the type
 * @src: the source, which was read
 *
 * Return: the instance; not open if its driver refused a value.
 */
struct instance *place_claim(struct place *place, struct instance *src)
{
	struct instance *inst;
	char key[KEY_SIZE];
	unsigned int i, oldest = 0;

	make_key(place, src, key);
	for (i = 0; i < CLAIMS_MAX; i++) {
		inst = place->claim[i];
		if (inst && !strcmp(inst->key, key)) {
			inst->used = ++clock_of_claims;
			return inst;
		}
		if (!inst || (place->claim[oldest] &&
			      inst->used < place->claim[oldest]->used))
			oldest = i;
	}
	instance_remove(place->claim[oldest]);
	inst = instance_make(place);
	place->claim[oldest] = inst;
	memcpy(inst->key, key, sizeof(key));
	inst->used = ++clock_of_claims;
	adopt(inst, src);
	return inst;
}

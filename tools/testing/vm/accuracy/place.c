// SPDX-License-Identifier: GPL-2.0-only
/*
 * Types through configfs, instances through sysfs; see place.h.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "place.h"

#define CONFIGFS	"/sys/kernel/config/mdev_sim"
#define BUS		"/sys/class/mdev_bus"
#define CAPACITY	"64"

static unsigned int last_parent;

void die(const char *fmt, ...)
{
	va_list args;

	fflush(stdout);
	fputs("error: ", stderr);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	exit(2);
}

static void must(int ret, const char *what, const char *path)
{
	if (ret < 0)
		die("%s: %s: %s", path, what, strerror(-ret));
}

/* A path below another one; what is too long was never there. */
static void below(char path[PU_PATH], const char *folder, const char *name)
{
	if (snprintf(path, PU_PATH, "%s/%s", folder, name) >= PU_PATH)
		die("%s: path too long", folder);
}

static void write_file(const char *folder, const char *name, const char *text)
{
	char path[PU_PATH];

	below(path, folder, name);
	must(pu_write_str(path, text[0] ? text : "\n"), "cannot be written",
	     path);
}

static void make_folder(const char *path)
{
	must(mkdir(path, 0755) ? -errno : 0, "cannot be made", path);
}

/* ---- a parent with its type ---- */

/**
 * place_write - give the simulator the texts of a type
 * @place: the type; it says so only after place_flash()
 */
void place_write(const struct place *place)
{
	const struct config *c = &place->config;
	char dir[PU_PATH], text[CONFIG_TEXT];

	below(dir, place->folder, c->type);
	write_file(dir, "software_version", c->version);
	write_file(dir, "compatible_software_version", c->accepts);
	write_file(dir, "emitted_software_version", c->emits);
	write_file(dir, "compatible_type", c->types);
	config_fields(c, text);
	write_file(dir, "fields", text);
	config_resources(c, text);
	write_file(dir, "resources", text);
	if (c->rings[0])
		write_file(dir, "rings", c->rings);
	if (c->check[0])
		write_file(dir, "check", c->check);
}

/**
 * place_flash - make the driver say what was written
 * @place: the type
 *
 * Return: what the driver said.
 */
int place_flash(struct place *place)
{
	return pu_write_str(place->firmware, "next");
}

static void make_type(struct place *place)
{
	char dir[PU_PATH];

	make_folder(place->folder);
	below(dir, place->folder, place->config.type);
	make_folder(dir);
	place_write(place);
	write_file(dir, "instances", CAPACITY);
	write_file(place->folder, "commit", "1");
}

/* The series to which instances are pinned here: the oldest ones. */
static void find_states(struct place *place)
{
	struct vfio_compat_object *type = place->type.obj;
	char path[PU_PATH];
	const char *series;
	unsigned int i;

	place->nr_states = 1;
	instance_file(place->source, "software_version", path);
	place->can_pin = pu_mode(path) & 0200;
	if (!place->can_pin)
		return;
	for (i = 0; place->nr_states < STATES_MAX; i++) {
		series = vfio_compat_object_entry(type, VFIO_COMPAT_EMITS, i);
		if (!series || !strcmp(series, place->own))
			break;
		snprintf(place->pin[place->nr_states++], sizeof(place->pin[0]),
			 "%s", series);
	}
}

/**
 * place_open - make a type, and the instance that migrations come from
 * @ctx: the library
 * @config: what it is to say
 */
struct place *place_open(struct vfio_compat *ctx, const struct config *config)
{
	struct place *place = calloc(1, sizeof(*place));
	char parent[64];

	if (!place)
		die("out of memory");
	place->config = *config;
	snprintf(place->folder, sizeof(place->folder), CONFIGFS "/%s/%u",
		 personality_name(config->personality), ++last_parent);
	snprintf(parent, sizeof(parent), "%s-%u",
		 personality_name(config->personality), last_parent);
	snprintf(place->type_dir, sizeof(place->type_dir),
		 BUS "/%s/mdev_supported_types/mdev_sim-%s", parent,
		 config->type);
	snprintf(place->type_name, sizeof(place->type_name), "%s/mdev_sim-%s",
		 parent, config->type);
	snprintf(place->firmware, sizeof(place->firmware), BUS "/%s/firmware",
		 parent);
	make_type(place);
	if (subject_read(ctx, &place->type, place->type_name, place->type_dir))
		die("%s (%s): %s", place->type_name, config->name,
		    subject_error());
	place->ctx = ctx;
	snprintf(place->own, sizeof(place->own), "%.*s",
		 (int)(strrchr(config->version, '.') - config->version),
		 config->version);
	place->source = instance_make(place);
	find_states(place);
	place->state = STATES_MAX;
	return place;
}

/**
 * place_close - remove a type and all its instances
 * @place: the type
 */
void place_close(struct place *place)
{
	char dir[PU_PATH];
	unsigned int i;

	instance_remove(place->source);
	for (i = 0; i < STATES_MAX; i++)
		instance_remove(place->dest[i]);
	for (i = 0; i < CLAIMS_MAX; i++)
		instance_remove(place->claim[i]);
	subject_free(&place->type);
	write_file(place->folder, "commit", "0");
	below(dir, place->folder, place->config.type);
	must(rmdir(dir) ? -errno : 0, "cannot be removed", dir);
	must(rmdir(place->folder) ? -errno : 0, "cannot be removed",
	     place->folder);
	free(place);
}

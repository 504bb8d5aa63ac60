// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * vfio-compat list: one row for each object of the tree.
 */
#include <unistd.h>

#include "cmd.h"

#define ACCEPTS_MAX 32	/* width of the column */

static const char * const titles[] = {
	"OBJECT", "NODE", "API", "TYPE", "VERSION", "FREE", "ACCEPTS",
};

static char *accepted(struct vfio_compat_object *obj)
{
	char *list = NULL, *longer;
	const char *entry;
	unsigned int i;

	for (i = 0; (entry = vfio_compat_object_entry(obj, VFIO_COMPAT_ACCEPTS,
						      i)); i++) {
		longer = join(list, entry);
		free(list);
		list = longer;
	}
	return shorten(list, ACCEPTS_MAX);
}

static void add_object(struct table *table, struct vfio_compat_object *obj)
{
	long available = vfio_compat_object_available(obj);
	char *accepts = accepted(obj), number[24] = "";
	const char *cells[7] = {
		vfio_compat_object_name(obj),
		vfio_compat_node_name(vfio_compat_object_node(obj)),
		vfio_compat_object_api(obj),
		vfio_compat_object_type(obj),
		vfio_compat_object_version(obj),
		number,
		accepts,
	};

	if (available >= 0)
		snprintf(number, sizeof(number), "%ld", available);
	if (!vfio_compat_object_speaks(obj))
		cells[6] = "(does not say)";
	else if (!accepts)
		cells[6] = "(not at present)";
	table_row(table, cells);
	free(accepts);
}

/**
 * struct listing - what list is printing
 * @cmd: the run
 * @table: rows of text
 * @objects: or the array of JSON
 */
struct listing {
	struct cmd *cmd;
	struct table table;
	struct json_object *objects;
};

/* That an object says nothing is no error here, it is what the list tells. */
static void list_one(struct listing *listing, struct vfio_compat_object *obj)
{
	const struct vfio_compat_error *error = vfio_compat_object_error(obj);

	if (error->code && error->code != VFIO_COMPAT_UNKNOWN)
		cmd_problem(listing->cmd, error);
	else if (listing->cmd->json)
		json_object_array_add(listing->objects, json_of_object(obj));
	else
		add_object(&listing->table, obj);
}

/* A walk from its first object on. */
static void list_objects(struct listing *listing,
			 struct vfio_compat_object *obj)
{
	for (; obj; obj = vfio_compat_object_next(obj))
		list_one(listing, obj);
	if (vfio_compat_last_error(listing->cmd->ctx)->code)
		cmd_error(listing->cmd);
}

static void list_parent(struct listing *listing,
			struct vfio_compat_parent *parent)
{
	const struct vfio_compat_error *error = vfio_compat_parent_error(parent);

	if (error->code) {
		cmd_problem(listing->cmd, error);
		return;
	}
	list_objects(listing, vfio_compat_type_first(parent));
	list_objects(listing, vfio_compat_mdev_first(parent));
}

static void list_named(struct listing *listing, const char *name)
{
	struct vfio_compat_parent *parent;

	if (vfio_compat_parent_open(listing->cmd->ctx, name, &parent))
		cmd_error(listing->cmd);
	else
		list_parent(listing, parent);
	vfio_compat_parent_free(parent);
}

static void list_all(struct listing *listing)
{
	struct vfio_compat *ctx = listing->cmd->ctx;
	struct vfio_compat_parent *parent;

	for (parent = vfio_compat_parent_first(ctx); parent;
	     parent = vfio_compat_parent_next(parent))
		list_parent(listing, parent);
	if (vfio_compat_last_error(ctx)->code)
		cmd_error(listing->cmd);
	list_objects(listing, vfio_compat_function_first(ctx));
}

static void print_nothing(struct cmd *cmd)
{
	char *bus;

	if (asprintf(&bus, "%s/class/mdev_bus", cmd->root ? cmd->root : "/sys") < 0)
		bus = checked(NULL);
	fputs("Nothing found: ", stdout);
	if (access(bus, F_OK)) {
		print_escaped(stdout, bus);
		puts(" is not there: load the driver of the device.");
	} else {
		puts("no mdev parent, and no PCI function that takes part.");
	}
	free(bus);
}

void run_list(struct cmd *cmd, char **args)
{
	struct listing listing = { .cmd = cmd, .table.cells = 7 };

	if (cmd->json)
		listing.objects = json_object_new_array();
	else
		table_row(&listing.table, titles);
	if (!args[0] && !cmd->code)
		list_all(&listing);
	for (; args[0]; args++)
		list_named(&listing, args[0]);
	if (cmd->json) {
		json_object_object_add(cmd->out, "objects", listing.objects);
		return;
	}
	if (listing.table.count > 1)
		table_print(&listing.table, "");
	else if (!cmd->code)
		print_nothing(cmd);
	table_free(&listing.table);
}

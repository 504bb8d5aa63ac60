// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * vfio-compat list: one row for each object of the tree.
 */
#include <errno.h>
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

/* A device may go away between the listing and the reading. */
static bool is_gone(struct cmd *cmd)
{
	const struct vfio_compat_error *error = vfio_compat_last_error(cmd->ctx);

	return error->err == ENOENT && !error->path[0];
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
static void list_one(struct listing *listing, const char *name)
{
	struct cmd *cmd = listing->cmd;
	struct vfio_compat_object *obj;

	vfio_compat_open(cmd->ctx, name, &obj);
	if (!obj)
		vfio_compat_open(cmd->ctx, name, &obj);
	if (!obj && !is_gone(cmd))
		cmd_error(cmd);
	if (obj && cmd->json)
		json_object_array_add(listing->objects, json_of_object(obj));
	else if (obj)
		add_object(&listing->table, obj);
	vfio_compat_object_free(obj);
}

static void list_names(struct listing *listing, int ret, char **names)
{
	unsigned int i;

	if (ret)
		cmd_error(listing->cmd);
	for (i = 0; !ret && names[i]; i++)
		list_one(listing, names[i]);
	vfio_compat_free_names(names);
}

static void list_parent(struct listing *listing, const char *parent)
{
	char **names;
	int ret = vfio_compat_find(listing->cmd->ctx, parent, &names);

	list_names(listing, ret, names);
}

static void list_all(struct listing *listing)
{
	struct vfio_compat *ctx = listing->cmd->ctx;
	char **names;
	unsigned int i;
	int ret = vfio_compat_find_parents(ctx, &names);

	if (ret)
		cmd_error(listing->cmd);
	for (i = 0; !ret && names[i]; i++)
		list_parent(listing, names[i]);
	vfio_compat_free_names(names);
	ret = vfio_compat_find_functions(ctx, &names);
	list_names(listing, ret, names);
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
		list_parent(&listing, args[0]);
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

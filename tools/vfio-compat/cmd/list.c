// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * vfio-compat list: one row for each object of the tree.
 */
#include <string.h>

#include "cmd.h"

enum {
	COL_OBJECT, COL_NODE, COL_API, COL_TYPE, COL_VERSION, COL_FREE,
	COL_ACCEPTS, COL_PARENT, COL_UUID, COL_PIN, COL_EMITS, COL_TYPES,
	COL_RESOURCES, COL_DRIVER, COL_PATH, COL_LINE, CELLS
};

const struct column list_columns[] = {
	[COL_OBJECT] = { .name = "OBJECT", .cut = CUT_MIDDLE, .least = 36 },
	[COL_NODE] = { .name = "NODE", .out = 2 },
	[COL_API] = { .name = "API", .cut = CUT_END, .least = 8, .out = 1 },
	[COL_TYPE] = { .name = "TYPE", .cut = CUT_MIDDLE, .least = 12, .out = 3 },
	[COL_VERSION] = { .name = "VERSION" },
	[COL_FREE] = { .name = "FREE" },
	[COL_ACCEPTS] = { .name = "ACCEPTS", .cut = CUT_END, .least = 12 },
	[COL_PARENT] = { .name = "PARENT", .cut = CUT_MIDDLE, .is_extra = true },
	[COL_UUID] = { .name = "UUID", .cut = CUT_END, .is_extra = true },
	[COL_PIN] = { .name = "PIN", .is_extra = true },
	[COL_EMITS] = { .name = "EMITS", .cut = CUT_END, .is_extra = true },
	[COL_TYPES] = { .name = "TYPES", .cut = CUT_END, .is_extra = true },
	[COL_RESOURCES] = { .name = "RESOURCES", .cut = CUT_END, .is_extra = true },
	[COL_DRIVER] = { .name = "DRIVER", .cut = CUT_END, .is_extra = true },
	[COL_PATH] = { .name = "PATH", .cut = CUT_BEGIN, .is_extra = true },
	[COL_LINE] = { .name = "LINE", .cut = CUT_END, .is_extra = true },
	[CELLS] = { .name = NULL },
};

static char *joined(struct vfio_compat_object *obj, enum vfio_compat_list which)
{
	char *list = NULL, *longer;
	const char *entry;
	unsigned int i;

	for (i = 0; (entry = vfio_compat_object_entry(obj, which, i)); i++) {
		longer = join(list, entry);
		free(list);
		list = longer;
	}
	return list;
}

static void add_object(struct table *table, struct vfio_compat_object *obj)
{
	long available = vfio_compat_object_available(obj);
	char *accepts = joined(obj, VFIO_COMPAT_ACCEPTS), number[24] = "";
	char *emits = joined(obj, VFIO_COMPAT_EMITS);
	char *types = joined(obj, VFIO_COMPAT_TYPES);
	char *resources = joined(obj, VFIO_COMPAT_RESOURCES);
	const char *version = vfio_compat_object_version(obj);
	char *own = version ? checked(strdup(version)) : NULL;
	const char *cells[CELLS] = {
		[COL_OBJECT] = vfio_compat_object_name(obj),
		[COL_NODE] = vfio_compat_node_name(vfio_compat_object_node(obj)),
		[COL_API] = vfio_compat_object_api(obj),
		[COL_TYPE] = vfio_compat_object_type(obj),
		[COL_VERSION] = own,
		[COL_FREE] = number,
		[COL_ACCEPTS] = accepts,
		[COL_PARENT] = vfio_compat_object_parent(obj),
		[COL_UUID] = vfio_compat_object_uuid(obj),
		[COL_PIN] = vfio_compat_object_pin(obj),
		[COL_EMITS] = emits,
		[COL_TYPES] = types,
		[COL_RESOURCES] = resources,
		[COL_DRIVER] = vfio_compat_object_driver(obj),
		[COL_PATH] = vfio_compat_object_path(obj),
		[COL_LINE] = vfio_compat_object_line(obj),
	};

	if (available >= 0)
		snprintf(number, sizeof(number), "%ld", available);
	if (!vfio_compat_object_speaks(obj))
		cells[COL_ACCEPTS] = "(does not say)";
	else if (!accepts)
		cells[COL_ACCEPTS] = "(not at present)";
	table_row(table, cells);
	free(accepts);
	free(emits);
	free(types);
	free(resources);
	free(own);
}

/**
 * struct listing - what list is printing
 * @cmd: the run
 * @table: rows of text
 * @objects: or the array of JSON
 * @count: how many it has
 */
struct listing {
	struct cmd *cmd;
	struct table table;
	struct json_object *objects;
	size_t count;
};

/* That an object says nothing is no error here, it is what the list tells. */
static void list_one(struct listing *listing, struct vfio_compat_object *obj)
{
	const struct vfio_compat_error *error = vfio_compat_object_error(obj);

	progress(++listing->count, 0, "objects read");
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

/* On standard error: a script that reads the table gets none. */
static void print_nothing(struct cmd *cmd)
{
	char *bus;

	if (asprintf(&bus, "%s/class/mdev_bus", cmd->root ? cmd->root : "/sys") < 0)
		bus = checked(NULL);
	fputs("Nothing found: ", stderr);
	if (access(bus, F_OK)) {
		print_escaped(stderr, bus);
		fputs(" is not there: load the driver of the device.\n", stderr);
	} else {
		fputs("no mdev parent, and no PCI function that takes part.\n", stderr);
	}
	free(bus);
}

void run_list(struct cmd *cmd, char **args)
{
	struct listing listing = { .cmd = cmd };

	progress(0, 0, "objects read");
	table_begin(&listing.table, cmd, list_columns);
	if (cmd->json)
		listing.objects = json_object_new_array();
	if (!args[0] && !cmd->code)
		list_all(&listing);
	for (; args[0]; args++)
		list_named(&listing, args[0]);
	progress_end();
	if (cmd->json) {
		json_object_object_add(cmd->out, "objects", listing.objects);
		return;
	}
	if (listing.table.count)
		table_print(&listing.table, "");
	else if (!cmd->code)
		print_nothing(cmd);
	table_free(&listing.table);
}

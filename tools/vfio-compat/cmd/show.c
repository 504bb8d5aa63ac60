// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * vfio-compat show: all that an object says of itself.
 */
#include "cmd.h"

static void add_pair(struct table *table, const char *what, const char *value)
{
	const char *cells[2] = { what, value };

	table_row(table, cells);
}

/* "field", the field's name, and its values, or the entries of a list. */
static void add_list(struct table *table, const char *what,
		     struct vfio_compat_object *obj, enum vfio_compat_list list,
		     const char *name)
{
	char *text = NULL, *longer, title[64];
	const char *entry;
	unsigned int i = 0;

	for (;; i++) {
		entry = name ? vfio_compat_object_value(obj, list, name, i) :
			       vfio_compat_object_entry(obj, list, i);
		if (!entry)
			break;
		longer = join(text, entry);
		free(text);
		text = longer;
	}
	snprintf(title, sizeof(title), "%s%s%s", what, name ? " " : "",
		 name ? name : "");
	add_pair(table, title, text);
	free(text);
}

static void add_lists(struct table *table, const char *what,
		      struct vfio_compat_object *obj,
		      enum vfio_compat_list list)
{
	const char *name;
	unsigned int i;

	for (i = 0; (name = vfio_compat_object_entry(obj, list, i)); i++)
		add_list(table, what, obj, list, name);
}

static void add_profile(struct table *table, struct vfio_compat_object *obj)
{
	add_pair(table, "version", vfio_compat_object_version(obj));
	if (vfio_compat_object_pin(obj))
		add_pair(table, "pinned to", vfio_compat_object_pin(obj));
	if (vfio_compat_object_node(obj) != VFIO_COMPAT_LINE) {
		add_list(table, "accepts versions", obj, VFIO_COMPAT_ACCEPTS,
			 NULL);
		add_list(table, "accepts types", obj, VFIO_COMPAT_TYPES, NULL);
		add_lists(table, "accepts", obj, VFIO_COMPAT_FIELDS);
		add_list(table, "can emit", obj, VFIO_COMPAT_EMITS, NULL);
	}
	if (vfio_compat_object_node(obj) != VFIO_COMPAT_TYPE)
		add_lists(table, "needs", obj, VFIO_COMPAT_NEEDS);
	if (vfio_compat_object_entry(obj, VFIO_COMPAT_RESOURCES, 0))
		add_lists(table, "resource", obj, VFIO_COMPAT_RESOURCES);
	else
		add_pair(table, "resources", "none");
	add_pair(table, "line", vfio_compat_object_line(obj));
}

static const struct column pairs[2];	/* neither has a heading */

static void show_text(struct cmd *cmd, struct vfio_compat_object *obj, int ret)
{
	long available = vfio_compat_object_available(obj);
	struct table table;
	char number[24];

	table_begin(&table, cmd, pairs);
	print_name(stdout, vfio_compat_object_name(obj));
	puts("");
	add_pair(&table, "node",
		 vfio_compat_node_name(vfio_compat_object_node(obj)));
	if (vfio_compat_object_path(obj))
		add_pair(&table, "path", vfio_compat_object_path(obj));
	if (vfio_compat_object_driver(obj))
		add_pair(&table, "driver", vfio_compat_object_driver(obj));
	add_pair(&table, "device_api", vfio_compat_object_api(obj));
	add_pair(&table, "type", vfio_compat_object_type(obj));
	if (available >= 0) {
		snprintf(number, sizeof(number), "%ld", available);
		add_pair(&table, "available", number);
	}
	if (ret)
		add_pair(&table, "unknown",
			 vfio_compat_last_error(cmd->ctx)->message);
	else
		add_profile(&table, obj);
	table_print(&table, "  ");
}

void run_show(struct cmd *cmd, char **args)
{
	struct json_object *objects = cmd->json ? json_object_new_array() : NULL;
	struct vfio_compat_object *obj;
	int ret;

	for (; args[0]; args++) {
		ret = open_object(cmd, args[0], &obj);
		if (obj && cmd->json)
			json_object_array_add(objects, json_of_object(obj));
		else if (obj)
			show_text(cmd, obj, ret);
		vfio_compat_object_free(obj);
	}
	if (cmd->json)
		json_object_object_add(cmd->out, "objects", objects);
}

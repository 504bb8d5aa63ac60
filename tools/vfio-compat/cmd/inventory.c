// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * vfio-compat inventory: everything that a host has, as one document for
 * "match" and "baseline" elsewhere.
 */
#include "cmd.h"

/* Whose it is; a recorded tree is nobody's. */
static void add_facts(struct cmd *cmd, struct vfio_compat_inventory *inv)
{
	static const char * const names[] = {
		[VFIO_COMPAT_HOST] = "host",
		[VFIO_COMPAT_BOOT_ID] = "boot_id",
		[VFIO_COMPAT_KERNEL] = "kernel",
		[VFIO_COMPAT_TIME] = "time",
	};
	enum vfio_compat_fact fact;

	for (fact = 0; fact < ARRAY_SIZE(names); fact++)
		json_object_object_add(cmd->out, names[fact], !inv ? NULL :
			json_text(vfio_compat_inventory_fact(inv, fact)));
}

/* That an object says nothing is no error here, it is what it tells. */
static void add_objects(struct cmd *cmd, struct vfio_compat_inventory *inv)
{
	struct json_object *objects = json_object_new_array();
	struct vfio_compat_object *obj = NULL;
	unsigned int i;

	for (i = 0; inv && (obj = vfio_compat_inventory_object(inv, i)); i++) {
		const struct vfio_compat_error *error =
			vfio_compat_object_error(obj);

		if (error->code && error->code != VFIO_COMPAT_UNKNOWN)
			cmd_problem(cmd, error);
		else
			json_object_array_add(objects, json_of_object(obj));
	}
	json_object_object_add(cmd->out, "objects", objects);
}

void run_inventory(struct cmd *cmd, char **args)
{
	struct vfio_compat_inventory *inv = NULL;

	(void)args;
	cmd->json = true;
	if (!cmd->code && vfio_compat_inventory_read(cmd->ctx, &inv))
		cmd_error(cmd);
	add_facts(cmd, inv);
	add_objects(cmd, inv);
	vfio_compat_inventory_free(inv);
}

// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * vfio-compat release and pin.
 */
#include <string.h>

#include "cmd.h"

static void released(struct json_object *list, struct cmd *cmd,
		     const char *name)
{
	if (cmd->json)
		json_object_array_add(list, json_text(name));
	else
		puts(name);
}

/* Each, also after one that could not be cleaned up; a tree has none. */
static void release_stale(struct cmd *cmd, struct json_object *list)
{
	char **names = NULL;
	unsigned int i;
	int ret = VFIO_COMPAT_OK;
	bool is;

	if (vfio_compat_find_claims(cmd->ctx, &names)) {
		cmd_error(cmd);
		return;
	}
	for (i = 0; names[i] && ret != VFIO_COMPAT_USAGE; i++) {
		ret = vfio_compat_release_stale(cmd->ctx, names[i], &is);
		if (ret)
			cmd_error(cmd);
		if (is)
			released(list, cmd, names[i]);
	}
	vfio_compat_free_names(names);
}

void run_release(struct cmd *cmd, char **args)
{
	struct json_object *list = json_object_new_array();

	if (!cmd->code && cmd->given & OPT(STALE))
		release_stale(cmd, list);
	for (; args[0]; args++) {
		if (vfio_compat_release(cmd->ctx, args[0]))
			cmd_error(cmd);
		else if (cmd->json)
			released(list, cmd, args[0]);
	}
	if (cmd->json)
		json_object_object_add(cmd->out, "released", list);
	else
		json_object_put(list);
}

void run_pin(struct cmd *cmd, char **args)
{
	struct json_object *objects = cmd->json ? json_object_new_array() : NULL;
	struct vfio_compat_object *obj = NULL;
	int ret;

	if (args[0]) {
		ret = open_object(cmd, args[0], &obj);
		if (!ret && vfio_compat_pin(obj, args[1])) {
			cmd_error(cmd);
			ret = vfio_compat_last_error(cmd->ctx)->code;
		}
		if (ret == VFIO_COMPAT_UNKNOWN)
			print_error(vfio_compat_last_error(cmd->ctx));
	}
	if (obj && cmd->json)
		json_object_array_add(objects, json_of_object(obj));
	if (cmd->json)
		json_object_object_add(cmd->out, "objects", objects);
	vfio_compat_object_free(obj);
}

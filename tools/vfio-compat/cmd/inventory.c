// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * vfio-compat inventory: everything that a host has, as one document for
 * "match" and "baseline" elsewhere.
 */
#include <string.h>
#include <sys/utsname.h>
#include <time.h>

#include "cmd.h"

/* One line of a file of /proc, or null. */
static struct json_object *first_line(const char *path)
{
	struct json_object *json = NULL;
	FILE *from = fopen(path, "re");
	char line[128];

	if (from && fgets(line, sizeof(line), from)) {
		line[strcspn(line, "\n")] = '\0';
		json = json_text(line);
	}
	if (from)
		fclose(from);
	return json;
}

static struct json_object *now(void)
{
	time_t seconds = time(NULL);
	struct tm utc;
	char text[32];

	if (!gmtime_r(&seconds, &utc) ||
	    !strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &utc))
		return NULL;
	return json_text(text);
}

/*
 * Whose it is.  A recorded tree is that of another machine, or of another day,
 * so nothing of this one is said of it.
 */
static void add_host(struct cmd *cmd)
{
	bool is_live = !cmd->root;
	struct utsname uts;

	if (uname(&uts))
		is_live = false;
	json_object_object_add(cmd->out, "host",
			       is_live ? json_text(uts.nodename) : NULL);
	json_object_object_add(cmd->out, "boot_id", is_live ?
			       first_line("/proc/sys/kernel/random/boot_id") :
			       NULL);
	json_object_object_add(cmd->out, "kernel",
			       is_live ? json_text(uts.release) : NULL);
	json_object_object_add(cmd->out, "time", now());
}

void run_inventory(struct cmd *cmd, char **args)
{
	static char *none[] = { NULL };

	(void)args;
	cmd->json = true;
	add_host(cmd);
	run_list(cmd, none);
}

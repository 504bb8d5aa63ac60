// SPDX-License-Identifier: GPL-2.0-only
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim_util.h"

static char *config_path(char path[PU_PATH], const char *parent,
			 const char *type, const char *file)
{
	snprintf(path, PU_PATH, SIM_ROOT "/%s%s%s%s%s", parent,
		 type ? "/" : "", type ? type : "", file ? "/" : "",
		 file ? file : "");
	return path;
}

int sim_mkdir(const char *parent, const char *type)
{
	char path[PU_PATH];

	return mkdir(config_path(path, parent, type, NULL), 0755) ? -errno : 0;
}

int sim_set(const char *parent, const char *type, const char *file,
	    const char *text)
{
	char path[PU_PATH];

	/* configfs takes no write of nothing */
	return pu_write_str(config_path(path, parent, type, file),
			    *text ? text : "\n");
}

int sim_commit(const char *parent, bool on)
{
	char path[PU_PATH];

	return pu_write_str(config_path(path, parent, NULL, "commit"),
			    on ? "1" : "0");
}

char *sim_parent_file(const char *parent, const char *file, char path[PU_PATH])
{
	int personality = strcspn(parent, "/");

	snprintf(path, PU_PATH, "/sys/class/mdev_bus/%.*s-%s%s%s", personality,
		 parent, parent + personality + 1, file ? "/" : "",
		 file ? file : "");
	return path;
}

char *sim_type_file(const char *parent, const char *type, const char *attr,
		    char path[PU_PATH])
{
	char file[PU_PATH / 2];

	snprintf(file, sizeof(file), "mdev_supported_types/mdev_sim-%s%s%s",
		 type, attr ? "/" : "", attr ? attr : "");
	return sim_parent_file(parent, file, path);
}

int sim_flash(const char *parent, const char *word)
{
	char path[PU_PATH];

	return pu_write_str(sim_parent_file(parent, "firmware", path), word);
}

void sim_remove(const char *parent)
{
	char path[PU_PATH], type[PU_PATH];
	struct dirent *entry;
	DIR *dir;

	sim_commit(parent, false);
	dir = opendir(config_path(path, parent, NULL, NULL));
	while (dir && (entry = readdir(dir))) {
		if (entry->d_type != DT_DIR || entry->d_name[0] == '.')
			continue;
		rmdir(config_path(type, parent, entry->d_name, NULL));
	}
	if (dir)
		closedir(dir);
	rmdir(path);
}

int sim_make(const char *parent, const char *type, const struct sim_text *texts)
{
	int ret;

	sim_remove(parent);
	ret = sim_mkdir(parent, NULL);
	if (!ret)
		ret = sim_mkdir(parent, type);
	for (; !ret && texts->file; texts++)
		ret = sim_set(parent, type, texts->file, texts->text);
	if (!ret)
		ret = sim_commit(parent, true);
	if (ret)
		sim_remove(parent);
	return ret;
}

int sim_create(const char *parent, const char *type, unsigned int nr)
{
	char path[PU_PATH];

	return pu_create(sim_type_file(parent, type, NULL, path), nr);
}

int sim_put_state(struct vmig_device *dev, const struct sim_state *state)
{
	int ret;

	ret = vmig_write_region(dev, 0, 0, state->reg, sizeof(state->reg));
	return ret ? ret : vmig_write_region(dev, 1, 0, state->memory,
					     sizeof(state->memory));
}

int sim_get_state(struct vmig_device *dev, struct sim_state *state)
{
	int ret;

	ret = vmig_read_region(dev, 0, 0, state->reg, sizeof(state->reg));
	return ret ? ret : vmig_read_region(dev, 1, 0, state->memory,
					    sizeof(state->memory));
}

/* Long runs and short ones, and bytes that are alone. */
void sim_fill(struct sim_state *state, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < SIM_REGS; i++)
		state->reg[i] = 0x01020304 * (nr + 1) + 0x11 * i;
	for (i = 0; i < SIM_MEMORY; i++)
		state->memory[i] = i < 1024 ? nr : i < 2048 ? i * nr : i >> 5;
}

// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * A live device: whether somebody has it open, and its attributes one by one.
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "private.h"

/* Where it is; NULL and errno if it is not there. */
char *vc_instance_path(struct vfio_compat *ctx, const char *name)
{
	char *link = vc_printf("bus/%s/devices/%s",
			       vc_is_uuid(name) ? "mdev" : "pci", name);
	char *path = link ? vc_path(ctx, link) : NULL;
	int err = errno;

	free(link);
	errno = err;
	return path;
}

/* A VFIO group can be opened once: who has it keeps everybody else out. */
static int open_group(const char *group, int *hold)
{
	char *path = vc_printf("/dev/vfio/%s", group);

	if (!path)
		return ENOMEM;
	*hold = open(path, O_RDWR | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC);
	free(path);
	if (*hold >= 0 || errno == ENODEV)
		return 0;
	return errno == EPERM ? EBUSY : errno;
}

/**
 * vc_hold - make sure that a device is not open, and is not opened
 * @dir: folder of the device, open
 * @hold: receives what to close when it may be opened again, or -1
 *
 * Return: 0; EBUSY if it is open; another errno if nobody can say.
 */
int vc_hold(int dir, int *hold)
{
	char target[4096], *group;
	ssize_t len = readlinkat(dir, "iommu_group", target, sizeof(target) - 1);

	*hold = -1;
	if (len < 0 && (errno == ENOENT || errno == ENODEV))
		return vc_exists(dir, "vfio-dev") ? EOPNOTSUPP : 0;
	if (len < 0)
		return errno;
	target[len] = '\0';
	group = strrchr(target, '/');
	return open_group(group ? group + 1 : target, hold);
}

/**
 * vc_get - read one attribute as a value
 * @obj: the object, for errors
 * @dir: its folder, open
 * @name: name of the attribute
 * @value: receives the content, less a newline at the end
 *
 * Return: VFIO_COMPAT_OK or what vc_read() gave.
 */
int vc_get(struct vfio_compat_object *obj, int dir, const char *name,
	   char **value)
{
	struct vc_file file;
	int ret = vc_read(obj, obj->path, dir, name, &file);

	*value = NULL;
	if (ret)
		return ret;
	if (strlen(file.text) != file.len)
		return vc_malformed(obj, obj->path, name,
				    "holds a NUL: expected text");
	if (file.len && file.text[file.len - 1] == '\n')
		file.text[file.len - 1] = '\0';
	*value = strdup(file.text);
	return *value ? VFIO_COMPAT_OK : vc_nomem(obj->ctx);
}

static int put_failed(struct vfio_compat_object *obj, const char *name,
		      const char *value, int err)
{
	enum vfio_compat_code code = err == ENOSPC || err == EUSERS ?
				     VFIO_COMPAT_CAPACITY : VFIO_COMPAT_IO;
	char *path = vc_printf("%s/%s", obj->path, name);
	const char *next = "choose another destination, or see the kernel log for why";
	int ret;

	if (err == EBUSY)
		next = "the device is open, so close it first";
	else if (err == EACCES || err == EPERM)
		next = "run as a user who may write it";
	else if (err == ENOENT || err == ENODEV)
		next = "the device may have gone, so list again";
	else if (err == ELOOP || err == EXDEV)
		next = "this is no attribute of a device";
	ret = vc_fail(obj->ctx, code, err, obj->name, path,
		      "%s: expected the driver to take %s; %s", strerror(err),
		      value, next);
	free(path);
	return ret;
}

/* A series was written, and its version is read. */
static bool is_set(const char *name, const char *now, const char *value)
{
	size_t len = strlen(value);

	if (strcmp(name, "software_version"))
		return !strcmp(now, value);
	return !strncmp(now, value, len) && now[len] == '.';
}

/**
 * vc_put - write one attribute and see that it reads the same
 * @obj: the object, for errors
 * @dir: its folder, open
 * @name: name of the attribute, which the destination listed
 * @value: the value
 *
 * Return: VFIO_COMPAT_OK; VFIO_COMPAT_CAPACITY if the driver has too little
 * left; VFIO_COMPAT_IO.
 */
int vc_put(struct vfio_compat_object *obj, int dir, const char *name,
	   const char *value)
{
	int err = vc_write_attr(dir, name, value), ret;
	char *now = NULL;

	if (err)
		return put_failed(obj, name, value, err);
	ret = vc_get(obj, dir, name, &now);
	if (!ret && !is_set(name, now, value))
		ret = vc_malformed(obj, obj->path, name,
				   "reads %s: expected %s, which was written",
				   now, value);
	free(now);
	return ret;
}

/*
 * It has a session of its own, so that what a terminal sends to the claim does
 * not cut it short, and the lock, so that the claim is not taken for over when
 * only the caller was killed.
 */
static int spawn(const char * const *args, int lock, pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	int err = posix_spawn_file_actions_init(&actions);

	if (err)
		return err;
	err = posix_spawnattr_init(&attr);
	if (err)
		goto out;
	err = posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSID);
	if (!err)
		err = posix_spawn_file_actions_adddup2(&actions, 2, 1);
	/* the same number twice: it is not closed */
	if (!err)
		err = posix_spawn_file_actions_adddup2(&actions, lock, lock);
	if (!err)
		err = posix_spawnp(pid, args[0], &actions, &attr,
				   (char * const *)args, environ);
	posix_spawnattr_destroy(&attr);
out:
	posix_spawn_file_actions_destroy(&actions);
	return err;
}

/**
 * vc_mdevctl - run mdevctl, so that its callouts run
 * @ctx: the context
 * @args: its arguments, its name first, NULL last
 * @lock: the journal, locked; it stays so until mdevctl has ended too
 *
 * Return: VFIO_COMPAT_OK; VFIO_COMPAT_IO if it failed, which it has said on
 * standard error.
 */
int vc_mdevctl(struct vfio_compat *ctx, const char * const *args, int lock)
{
	int err, status = 0;
	pid_t pid;

	err = spawn(args, lock, &pid);
	if (err)
		return vc_fail(ctx, VFIO_COMPAT_IO, err, NULL, "mdevctl",
			       "%s: expected the program mdevctl; install it, or leave out --via",
			       strerror(err));
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		return vc_fail(ctx, VFIO_COMPAT_IO, 0, NULL, "mdevctl",
			       "%s failed: expected exit code 0; see what it said",
			       args[1]);
	return VFIO_COMPAT_OK;
}

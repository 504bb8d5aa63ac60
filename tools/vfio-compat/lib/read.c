// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * The one place that touches files.  A recorded tree may come from anywhere,
 * so nothing outside the root is read, no link of an attribute is followed,
 * nothing but a regular file is read, and never more than a page of it.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "private.h"

/* Open a folder whose path vc_path() made. */
int vc_open_dir(struct vfio_compat *ctx, const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		vc_fail(ctx, VFIO_COMPAT_IO, errno, NULL, path,
			"%s: expected a folder; the device may have gone, so list again",
			strerror(errno));
	return fd;
}

bool vc_exists(int fd, const char *name)
{
	struct stat st;

	return !fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW);
}

/* Name of what a link points to, such as a device's driver; or NULL. */
char *vc_link_name(const char *path, const char *name)
{
	char *link = vc_printf("%s/%s", path, name), target[4096];
	ssize_t len = link ? readlink(link, target, sizeof(target) - 1) : -1;
	char *slash;

	free(link);
	if (len < 0)
		return NULL;
	target[len] = '\0';
	slash = strrchr(target, '/');
	return strdup(slash ? slash + 1 : target);
}

/* What an error of an attribute means to whoever asked for it. */
static int read_failed(struct vfio_compat_object *obj, const char *path,
		       int err)
{
	struct vfio_compat *ctx = obj->ctx;

	if (err == EOPNOTSUPP)
		return vc_fail(ctx, VFIO_COMPAT_UNKNOWN, err, obj->name, path,
			       "cannot take part in a migration at present: its driver says so (EOPNOTSUPP); see the kernel log for why, and ask again");
	if (err == ENOENT)
		return vc_fail(ctx, VFIO_COMPAT_IO, err, obj->name, path,
			       "is missing: expected it beside the other files of the interface; report it to the driver's maintainer, or record the tree again");
	if (err == ELOOP)
		return vc_fail(ctx, VFIO_COMPAT_IO, err, obj->name, path,
			       "is a link: expected a regular file; record the tree again");
	if (err == EACCES || err == EPERM)
		return vc_fail(ctx, VFIO_COMPAT_IO, err, obj->name, path,
			       "%s: expected a readable file; run as a user who may read it",
			       strerror(err));
	return vc_fail(ctx, VFIO_COMPAT_IO, err, obj->name, path,
		       "%s: expected the text of an attribute; the device may have gone, so list again",
		       strerror(err));
}

/*
 * A recorded tree cannot make a read fail: in the place of the attribute it has
 * a link to the name of the error.  Return: an errno.
 */
static int recorded_error(int dir, const char *name)
{
	static const int errs[] = { EOPNOTSUPP, ENODEV, EACCES, EIO };
	char target[32];
	ssize_t len = readlinkat(dir, name, target, sizeof(target));
	size_t i;

	for (i = 0; i < ARRAY_SIZE(errs); i++) {
		const char *error = strerrorname_np(errs[i]);

		if (len == (ssize_t)strlen(error) && !memcmp(target, error, len))
			return errs[i];
	}
	return ELOOP;
}

static int not_a_file(struct vfio_compat_object *obj, const char *path)
{
	return vc_fail(obj->ctx, VFIO_COMPAT_IO, 0, obj->name, path,
		       "is not a regular file: expected an attribute; record the tree again");
}

static int too_long(struct vfio_compat_object *obj, const char *path)
{
	return vc_fail(obj->ctx, VFIO_COMPAT_IO, 0, obj->name, path,
		       "has more than %d bytes: expected an attribute of one page; record the tree again",
		       VC_FILE_MAX);
}

/* Up to VC_FILE_MAX + 1 bytes, so that too many are noticed; or -errno. */
static ssize_t read_bounded(int fd, struct vc_file *file)
{
	file->len = 0;
	while (file->len <= VC_FILE_MAX) {
		ssize_t n = read(fd, file->text + file->len,
				 VC_FILE_MAX + 1 - file->len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (!n)
			break;
		file->len += n;
	}
	file->text[file->len] = '\0';
	return file->len;
}

/**
 * vc_read - read one attribute of a node
 * @obj: the object, for errors
 * @dir: path of the node's folder, for errors
 * @fd: that folder, open
 * @name: name of the attribute
 * @file: receives the content and a NUL
 *
 * Return: VFIO_COMPAT_OK; VFIO_COMPAT_UNKNOWN for EOPNOTSUPP; VFIO_COMPAT_IO.
 */
int vc_read(struct vfio_compat_object *obj, const char *dir, int fd,
	    const char *name, struct vc_file *file)
{
	char *path = vc_printf("%s/%s", dir, name);
	struct stat st;
	ssize_t len;
	int attr, ret;

	if (!path)
		return vc_nomem(obj->ctx);
	vc_log(obj->ctx, VFIO_COMPAT_LOG_DEBUG, "reading %s", path);
	attr = openat(fd, name,
		      O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (attr < 0) {
		ret = read_failed(obj, path, errno == ELOOP ?
				  recorded_error(fd, name) : errno);
	} else if (fstat(attr, &st) || !S_ISREG(st.st_mode)) {
		ret = not_a_file(obj, path);
	} else {
		len = read_bounded(attr, file);
		ret = VFIO_COMPAT_OK;
		if (len < 0)
			ret = read_failed(obj, path, -len);
		else if (len > VC_FILE_MAX)
			ret = too_long(obj, path);
	}
	if (attr >= 0)
		close(attr);
	free(path);
	return ret;
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(char * const *)a, *(char * const *)b);
}

/* Append a copy of @name to a list that ends with NULL. */
static int append(char ***names, size_t count, const char *name)
{
	char **more = realloc(*names, (count + 2) * sizeof(*more));

	if (!more)
		return -1;
	*names = more;
	more[count] = strdup(name);
	more[count + 1] = NULL;
	return more[count] ? 0 : -1;
}

/**
 * vc_list_dir - names in a folder, sorted
 * @ctx: the context
 * @path: the folder; if there is none the list is empty
 * @names: receives the list, for vc_free_names()
 *
 * Return: VFIO_COMPAT_OK or VFIO_COMPAT_IO.
 */
int vc_list_dir(struct vfio_compat *ctx, const char *path, char ***names)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	size_t count = 0;
	int ret = 0;

	*names = calloc(1, sizeof(**names));
	if (!dir && errno != ENOENT && errno != ENOTDIR)
		return vc_fail(ctx, VFIO_COMPAT_IO, errno, NULL, path,
			       "%s: expected a folder that can be listed; run as a user who may read it",
			       strerror(errno));
	while (dir && *names && !ret && (entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			ret = append(names, count++, entry->d_name);
	if (dir)
		closedir(dir);
	if (!*names || ret)
		return vc_nomem(ctx);
	qsort(*names, count, sizeof(**names), by_bytes);
	return VFIO_COMPAT_OK;
}

void vc_free_names(char **names)
{
	unsigned int i;

	for (i = 0; names && names[i]; i++)
		free(names[i]);
	free(names);
}

/* Whether a folder is one of a device, and not of a recorded tree. */
bool vc_is_sysfs(int dir)
{
	struct statfs fs;

	return !fstatfs(dir, &fs) && fs.f_type == SYSFS_MAGIC;
}

/* Write to an open attribute: 0 or an errno. */
static int write_all(int fd, const char *text)
{
	ssize_t len = write(fd, text, strlen(text));

	if (len < 0)
		return errno;
	return (size_t)len == strlen(text) ? 0 : EIO;
}

/**
 * vc_write_attr - write an attribute, in one piece
 * @dir: folder of the node, open
 * @name: name of the attribute; nothing that leads elsewhere is followed
 * @value: what to write, without its newline
 *
 * Return: 0 or an errno.
 */
int vc_write_attr(int dir, const char *name, const char *value)
{
	struct stat st;
	char *text;
	int ret, fd;

	if (strchr(name, '/'))
		return EXDEV;
	fd = openat(dir, name,
		    O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return errno;
	text = vc_printf("%s\n", value);
	ret = ENOMEM;
	if (text)
		ret = !fstat(fd, &st) && S_ISREG(st.st_mode) ?
		      write_all(fd, text) : EXDEV;
	free(text);
	close(fd);
	return ret;
}

/**
 * vc_store - write a line to an object's migration_version
 * @obj: a live object
 * @line: the line, without its newline
 *
 * Return: 0 or the errno of the write; -1 if the node is not in a live sysfs.
 */
int vc_store(struct vfio_compat_object *obj, const char *line)
{
	int dir = open(obj->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	int ret = -1;

	if (dir < 0)
		return errno;
	vc_log(obj->ctx, VFIO_COMPAT_LOG_DEBUG, "writing %s to %s/migration_version",
	       line, obj->path);
	if (vc_is_sysfs(dir))
		ret = vc_write_attr(dir, "migration_version", line);
	close(dir);
	return ret;
}

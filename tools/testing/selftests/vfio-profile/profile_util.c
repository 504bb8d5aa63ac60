// SPDX-License-Identifier: GPL-2.0-only
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <linux/netlink.h>

#include "profile_util.h"

int pu_read(const char *path, char *buf, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -errno;
	n = read(fd, buf, size - 1);
	if (n < 0)
		n = -errno;
	else
		buf[n] = '\0';
	close(fd);
	return n;
}

int pu_write(const char *path, const void *data, size_t len)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -errno;
	n = write(fd, data, len);
	if (n < 0)
		n = -errno;
	else
		n = (size_t)n == len ? 0 : -EIO;
	close(fd);
	return n;
}

int pu_write_str(const char *path, const char *text)
{
	return pu_write(path, text, strlen(text));
}

int pu_mode(const char *path)
{
	struct stat st;

	return lstat(path, &st) ? -errno : (int)(st.st_mode & 07777);
}

bool pu_exists(const char *path)
{
	return !access(path, F_OK);
}

static int not_dots(const struct dirent *entry)
{
	return strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..");
}

/* The sorted names in a folder, parted by blanks. */
char *pu_list(const char *dir, char *buf, size_t size)
{
	struct dirent **names;
	int i, nr = scandir(dir, &names, not_dots, alphasort);
	size_t len = 0;

	buf[0] = '\0';
	for (i = 0; i < nr; i++) {
		if (len < size)
			len += snprintf(buf + len, size - len, "%s%s",
					i ? " " : "", names[i]->d_name);
		free(names[i]);
	}
	if (nr >= 0)
		free(names);
	return buf;
}

int pu_set_types(const char *types)
{
	return pu_write_str(TEST_DRIVER "/types", types);
}

int pu_register(const char *types)
{
	int ret = pu_set_types(types);

	return ret ? ret : pu_write_str(TEST_DRIVER "/register", "1");
}

void pu_unregister(void)
{
	pu_write_str(TEST_DRIVER "/register", "0");
}

char *pu_uuid(unsigned int nr, char uuid[PU_UUID_SIZE])
{
	snprintf(uuid, PU_UUID_SIZE, PU_UUID, nr);
	return uuid;
}

int pu_create(const char *type_dir, unsigned int nr)
{
	char path[PU_PATH], uuid[PU_UUID_SIZE];

	snprintf(path, sizeof(path), "%s/create", type_dir);
	return pu_write_str(path, pu_uuid(nr, uuid));
}

int pu_remove(unsigned int nr)
{
	char path[PU_PATH];

	return pu_write_str(pu_device_file(nr, "remove", path), "1");
}

char *pu_device_file(unsigned int nr, const char *attr, char path[PU_PATH])
{
	char uuid[PU_UUID_SIZE];

	snprintf(path, PU_PATH, MDEV_DEVICES "/%s/%s", pu_uuid(nr, uuid), attr);
	return path;
}

int pu_changed(const char *types)
{
	int ret = pu_set_types(types);

	return ret ? ret : pu_write_str(TEST_DRIVER "/changed", "1");
}

int pu_uevent_open(void)
{
	struct sockaddr_nl addr = {
		.nl_family = AF_NETLINK,
		.nl_groups = 1,
	};
	int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC,
			NETLINK_KOBJECT_UEVENT);

	if (fd >= 0 && bind(fd, (struct sockaddr *)&addr, sizeof(addr))) {
		close(fd);
		return -1;
	}
	return fd;
}

/* In the header or a variable of a uevent, each ended by NUL. */
static bool has_word(const char *buf, size_t len, const char *word)
{
	const char *var;

	for (var = buf; var < buf + len; var += strlen(var) + 1)
		if (strstr(var, word))
			return true;
	return false;
}

bool pu_uevent_wait(int fd, const char *word, const char *other)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	char buf[8192];

	while (poll(&pfd, 1, 20000) == 1) {
		ssize_t n = recv(fd, buf, sizeof(buf) - 1, 0);

		if (n <= 0)
			return false;
		buf[n] = '\0';
		if (has_word(buf, n, word) &&
		    (!other || has_word(buf, n, other)))
			return true;
	}
	return false;
}

int pu_log_start(void)
{
	int log = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (log >= 0)
		lseek(log, 0, SEEK_END);
	return log;
}

int pu_log_count(int log, const char *word, char *buf, size_t size)
{
	char record[8192];
	int count = 0;
	ssize_t n;

	buf[0] = '\0';
	while ((n = read(log, record, sizeof(record) - 1)) > 0 ||
	       (n < 0 && errno == EPIPE)) {
		char *text;

		if (n < 0)
			continue;
		record[n] = '\0';
		text = strchr(record, ';');
		if (!text || !strstr(text, word))
			continue;
		text[strcspn(text, "\n")] = '\0';
		snprintf(buf, size, "%s", text + 1);
		count++;
	}
	close(log);
	return count;
}

int pu_load(const char *module)
{
	const char *dir = getenv("VFIO_COMPAT_MODULES");
	char path[PU_PATH];
	int fd, ret;

	if (!dir) {
		snprintf(path, sizeof(path), "modprobe %s", module);
		return system(path) ? -ENOENT : 0;
	}
	snprintf(path, sizeof(path), "%s/%s.ko", dir, module);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	ret = syscall(SYS_finit_module, fd, "", 0) ? -errno : 0;
	close(fd);
	return ret;
}

int pu_unload(const char *module)
{
	return syscall(SYS_delete_module, module, O_NONBLOCK) ? -errno : 0;
}

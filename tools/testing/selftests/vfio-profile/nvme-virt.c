// SPDX-License-Identifier: GPL-2.0-only
/*
 * nvme-virt CONTROLLER release
 * nvme-virt CONTROLLER online VF QUEUES INTERRUPTS
 *
 * Commands of NVMe virtualization management to the physical function: give up
 * its flexible resources (at its next reset); give the virtual function of that
 * number, from 1 on, so many queues (the admin queue is one of them) and
 * interrupts, and have it online.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/nvme_ioctl.h>

#define VIRT_MANAGEMENT 0x1c

enum resource {
	QUEUES,
	INTERRUPTS,
};

enum action {
	PRIMARY_ALLOCATE = 1,
	SECONDARY_OFFLINE = 7,
	SECONDARY_ASSIGN = 8,
	SECONDARY_ONLINE = 9,
};

static int manage(int fd, unsigned int controller, enum resource resource,
		  enum action action, unsigned int number)
{
	struct nvme_admin_cmd cmd = {
		.opcode = VIRT_MANAGEMENT,
		.cdw10 = controller << 16 | resource << 8 | action,
		.cdw11 = number,
	};
	int ret = ioctl(fd, NVME_IOCTL_ADMIN_CMD, &cmd);

	if (ret)
		fprintf(stderr, "controller %u, action %d, resource %d, number %u: %s %#x\n",
			controller, action, resource, number,
			ret < 0 ? strerror(errno) : "NVMe status",
			ret < 0 ? 0 : ret);
	return ret;
}

static int release(int fd)
{
	return manage(fd, 0, QUEUES, PRIMARY_ALLOCATE, 0) ||
	       manage(fd, 0, INTERRUPTS, PRIMARY_ALLOCATE, 0);
}

static int online(int fd, char **numbers)
{
	unsigned int vf = strtoul(numbers[0], NULL, 10);

	return manage(fd, vf, QUEUES, SECONDARY_OFFLINE, 0) ||
	       manage(fd, vf, QUEUES, SECONDARY_ASSIGN,
		      strtoul(numbers[1], NULL, 10)) ||
	       manage(fd, vf, INTERRUPTS, SECONDARY_ASSIGN,
		      strtoul(numbers[2], NULL, 10)) ||
	       manage(fd, vf, QUEUES, SECONDARY_ONLINE, 0);
}

int main(int argc, char **argv)
{
	int fd;

	if (!(argc == 3 && !strcmp(argv[2], "release")) &&
	    !(argc == 6 && !strcmp(argv[2], "online"))) {
		fputs("usage: nvme-virt CONTROLLER release\n"
		      "       nvme-virt CONTROLLER online VF QUEUES INTERRUPTS\n",
		      stderr);
		return 2;
	}
	fd = open(argv[1], O_RDWR | O_CLOEXEC);
	if (fd < 0) {
		perror(argv[1]);
		return 1;
	}
	return !!(argc == 3 ? release(fd) : online(fd, argv + 3));
}

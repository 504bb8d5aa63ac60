// SPDX-License-Identifier: GPL-2.0-only
/*
 * Virtual functions under the sample driver: what they show, when they take
 * part, and their migrations, to each other and to and from mediated devices.
 *
 * The first function has queues for one I/O queue, the second for two.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "pci_util.h"

#define SIM "nvme/hybrid"
#define SIM_TYPE "mdev_sim-vf"
#define URL "nvme://10.0.0.1/a b,c=1"
#define BAD_TYPE "x-v1;api=vfio-pci;type=no-such;sw=1.0.0;end"

static const struct {
	const char *name;
	int mode;
} files[] = {
	{ "device_api", 0444 },
	{ "migration_type", 0444 },
	{ "software_version", 0644 },
	{ "compatible_software_version", 0444 },
	{ "emitted_software_version", 0444 },
	{ "compatible_type", 0444 },
	{ "compatible_pci_ids", 0444 },
	{ "compatible_firmware_rev", 0444 },
	{ "compatible_queues", 0444 },
	{ "dynamic_resources", 0444 },
	{ "migration_version", 0644 },
	{ "remote_url", 0644 },
};

FIXTURE(vf)
{
	char name[2][VF_NAME_SIZE];
	char path[PU_PATH], text[PU_PAGE + 1], line[PU_PAGE + 1];
	struct vmig_device dev[2];
	struct vmig_stream stream;
	struct vmig_outcome out;
	struct sim_state state, after;
};

FIXTURE_SETUP(vf)
{
	int i;

	if (!vf_names(self->name))
		SKIP(return, "no virtual functions: VFIO_COMPAT_VFS is not set");
	ASSERT_TRUE(pu_exists(VF_PARAMETERS))
	TH_LOG(VF_DRIVER " is not loaded");
	for (i = 0; i < 2; i++) {
		self->dev[i].fd = -1;
		ASSERT_EQ(0, vf_make(self->name[i], VF_TYPE, ""));
	}
	sim_fill(&self->state, 1);
	memset(&self->state.reg[VF_SCRATCH], 0,
	       (SIM_REGS - VF_SCRATCH) * sizeof(__u32));
}

FIXTURE_TEARDOWN(vf)
{
	int i;

	for (i = 0; i < 2; i++)
		if (self->dev[i].fd >= 0)
			vmig_close(&self->dev[i]);
	vmig_stream_free(&self->stream);
	pu_remove(1);
	sim_remove(SIM);
}

#define FILE_OF(i, attr) vf_file(self->name[i], attr, self->path)
#define READ(i, attr) pu_read(FILE_OF(i, attr), self->text, sizeof(self->text))
#define WRITE(i, attr, value) pu_write_str(FILE_OF(i, attr), value)
#define OPEN(i) open_nr(self->dev, self->name, i)

#define EXPECT_TEXT(i, attr, value) do {				\
	EXPECT_LT(0, READ(i, attr));					\
	EXPECT_STREQ(value "\n", self->text);				\
} while (0)

static int open_nr(struct vmig_device *dev, char (*name)[VF_NAME_SIZE], int i)
{
	return vmig_open(&dev[i], name[i], VMIG_ANY);
}

/* ---- what is there ---- */

TEST_F(vf, attributes)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(files); i++)
		EXPECT_EQ(files[i].mode, pu_mode(FILE_OF(0, files[i].name)))
		TH_LOG("file %u", i);
	EXPECT_TEXT(0, "device_api", "vfio-pci");
	EXPECT_TEXT(0, "migration_type", VF_TYPE);
	EXPECT_TEXT(0, "software_version", "1.6.0");
	EXPECT_TEXT(0, "compatible_software_version",
		    "1.0,1.1,1.2,1.3,1.4,1.5,1.6");
	EXPECT_TEXT(0, "emitted_software_version", "1.0,1.6");
	EXPECT_TEXT(0, "compatible_type", VF_TYPE);
	EXPECT_TEXT(0, "compatible_pci_ids", "1b36:0010");
	EXPECT_TEXT(0, "compatible_queues", "1");
	EXPECT_TEXT(1, "compatible_queues", "1,2");
	EXPECT_TEXT(0, "dynamic_resources", "remote_url");
	EXPECT_TEXT(0, "remote_url", "none");
	EXPECT_LT(0, READ(0, "migration_version"));
	EXPECT_EQ(0, strncmp(self->text, VF_DRIVER "-v1;api=vfio-pci;type="
			     VF_TYPE ";sw=1.6.0;f.firmware_rev=",
			     strlen(VF_DRIVER) + 60));
	EXPECT_NE(NULL, strstr(self->text, ";r.remote_url=none;end\n"));
}

TEST_F(vf, gone_with_the_driver)
{
	unsigned int i;

	ASSERT_EQ(0, vf_unbind(self->name[0]));
	for (i = 0; i < ARRAY_SIZE(files); i++)
		EXPECT_FALSE(pu_exists(FILE_OF(0, files[i].name)))
		TH_LOG("file %u", i);
	ASSERT_EQ(0, vf_bind(self->name[0], "vfio-pci"));
	for (i = 0; i < ARRAY_SIZE(files); i++)
		EXPECT_FALSE(pu_exists(FILE_OF(0, files[i].name)))
		TH_LOG("file %u", i);
}

TEST_F(vf, types_of_parameters)
{
	ASSERT_EQ(0, vf_make(self->name[0], "a-b", "z,m-n"));
	EXPECT_TEXT(0, "migration_type", "a-b");
	EXPECT_TEXT(0, "compatible_type", "a-b,m-n,z");
	EXPECT_TEXT(1, "migration_type", VF_TYPE);
	/* what is no type id makes binding fail, and leaves nothing */
	EXPECT_NE(0, vf_make(self->name[0], "a;b", ""));
	EXPECT_FALSE(pu_exists(FILE_OF(0, "migration_type")));
	EXPECT_FALSE(pu_exists(FILE_OF(0, "remote_url")));
}

/* ---- questions ---- */

TEST_F(vf, handshake)
{
	ASSERT_LT(0, pu_read(FILE_OF(0, "migration_version"), self->line,
			     sizeof(self->line)));
	EXPECT_EQ(0, WRITE(0, "migration_version", self->line));
	EXPECT_EQ(0, WRITE(1, "migration_version", self->line));
	EXPECT_EQ(-EMEDIUMTYPE, WRITE(1, "migration_version", BAD_TYPE));
	EXPECT_EQ(-EINVAL, WRITE(1, "migration_version", "x"));
	/* it has two queues, the first has one */
	ASSERT_LT(0, pu_read(FILE_OF(1, "migration_version"), self->line,
			     sizeof(self->line)));
	EXPECT_EQ(-EMEDIUMTYPE, WRITE(0, "migration_version", self->line));
}

TEST_F(vf, resource)
{
	ASSERT_LT(0, pu_read(FILE_OF(0, "migration_version"), self->line,
			     sizeof(self->line)));
	EXPECT_EQ(0, WRITE(1, "remote_url", URL));
	EXPECT_TEXT(1, "remote_url", URL);
	EXPECT_LT(0, READ(1, "migration_version"));
	EXPECT_NE(NULL, strstr(self->text,
			       ";r.remote_url=nvme://10.0.0.1/a%20b%2Cc%3D1;"));
	EXPECT_EQ(-EMEDIUMTYPE, WRITE(1, "migration_version", self->line));
	EXPECT_EQ(-EINVAL, WRITE(1, "remote_url", "\n"));
	EXPECT_EQ(-EINVAL, WRITE(1, "remote_url", "a\tb"));
	memset(self->text, '%', 1024);
	self->text[1024] = '\0';
	EXPECT_EQ(-EINVAL, WRITE(1, "remote_url", self->text));
	/* the longest, each byte of it escaped, still has its line */
	self->text[1023] = '\0';
	EXPECT_EQ(0, WRITE(1, "remote_url", self->text));
	EXPECT_LT(3 * 1023, READ(1, "migration_version"));
}

TEST_F(vf, pin)
{
	EXPECT_EQ(-EINVAL, WRITE(0, "software_version", "1.3"));
	EXPECT_EQ(0, WRITE(0, "software_version", "1.0"));
	EXPECT_TEXT(0, "software_version", "1.0.0");
	EXPECT_TEXT(0, "compatible_software_version", "1.0");
	EXPECT_TEXT(0, "emitted_software_version", "1.0,1.6");
	EXPECT_LT(0, READ(0, "migration_version"));
	EXPECT_NE(NULL, strstr(self->text, ";sw=1.0.0;"));
	/* a pinned one takes nothing newer */
	ASSERT_EQ(0, WRITE(1, "remote_url", "none"));
	EXPECT_EQ(0, WRITE(1, "migration_version", self->text));
	EXPECT_EQ(0, WRITE(0, "software_version", "1.6"));
	ASSERT_LT(0, READ(0, "migration_version"));
	EXPECT_EQ(0, WRITE(1, "software_version", "1.0"));
	EXPECT_EQ(-EMEDIUMTYPE, WRITE(1, "migration_version", self->text));
	/* until it is unbound */
	ASSERT_EQ(0, vf_bind(self->name[1], VF_DRIVER));
	EXPECT_TEXT(1, "software_version", "1.6.0");
}

TEST_F(vf, busy_while_open)
{
	ASSERT_EQ(0, OPEN(0));
	EXPECT_EQ(-EBUSY, WRITE(0, "remote_url", URL));
	EXPECT_EQ(-EBUSY, WRITE(0, "software_version", "1.0"));
	EXPECT_TEXT(0, "remote_url", "none");
	EXPECT_TEXT(0, "software_version", "1.6.0");
	EXPECT_LT(0, READ(0, "migration_version"));
	EXPECT_EQ(0, WRITE(0, "migration_version", self->text));
	vmig_close(&self->dev[0]);
	EXPECT_EQ(0, WRITE(0, "remote_url", URL));
	EXPECT_EQ(0, WRITE(0, "software_version", "1.0"));
	/* both survive being opened and reset */
	ASSERT_EQ(0, OPEN(0));
	ASSERT_EQ(0, vmig_reset(&self->dev[0]));
	vmig_close(&self->dev[0]);
	EXPECT_TEXT(0, "remote_url", URL);
	EXPECT_TEXT(0, "software_version", "1.0.0");
}

/* ---- a guest that uses its controller ---- */

TEST_F(vf, enabled_controller)
{
	static const __u32 states[] = {
		VFIO_DEVICE_STATE_STOP, VFIO_DEVICE_STATE_STOP_COPY,
		VFIO_DEVICE_STATE_RESUMING, VFIO_DEVICE_STATE_PRE_COPY,
	};
	unsigned int i;
	__u32 state;

	ASSERT_EQ(0, OPEN(0));
	ASSERT_LT(0, pu_read(FILE_OF(0, "migration_version"), self->line,
			     sizeof(self->line)));
	ASSERT_EQ(0, vf_enable(&self->dev[0], true));
	EXPECT_EQ(-EOPNOTSUPP, READ(0, "migration_version"));
	EXPECT_EQ(-EOPNOTSUPP, WRITE(0, "migration_version", self->line));
	EXPECT_EQ(-EOPNOTSUPP, READ(0, "software_version"));
	for (i = 0; i < ARRAY_SIZE(states); i++) {
		if (states[i] == VFIO_DEVICE_STATE_PRE_COPY &&
		    !(self->dev[0].flags & VFIO_MIGRATION_PRE_COPY))
			continue;
		EXPECT_EQ(-EOPNOTSUPP, vmig_set_state(&self->dev[0], states[i]))
		TH_LOG("state %u", states[i]);
		ASSERT_EQ(0, vmig_get_state(&self->dev[0], &state));
		EXPECT_EQ(VFIO_DEVICE_STATE_RUNNING, state);
	}
	ASSERT_EQ(0, vf_enable(&self->dev[0], false));
	EXPECT_LT(0, READ(0, "migration_version"));
	EXPECT_STREQ(self->line, self->text);
	EXPECT_EQ(0, vmig_set_state(&self->dev[0], VFIO_DEVICE_STATE_STOP_COPY));
	/* a reset disables it */
	ASSERT_EQ(0, vf_enable(&self->dev[0], true));
	ASSERT_EQ(0, vmig_reset(&self->dev[0]));
	EXPECT_LT(0, READ(0, "migration_version"));
}

/* What cannot be asked does not take part. */
TEST_F(vf, disabled_memory)
{
	__u16 command = 0;

	ASSERT_EQ(0, OPEN(0));
	ASSERT_EQ(0, vmig_write_region(&self->dev[0],
				       VFIO_PCI_CONFIG_REGION_INDEX, 4,
				       &command, 2));
	EXPECT_EQ(-EOPNOTSUPP, READ(0, "migration_version"));
	EXPECT_EQ(-EOPNOTSUPP, vmig_set_state(&self->dev[0],
					      VFIO_DEVICE_STATE_STOP_COPY));
	command = 2;
	ASSERT_EQ(0, vmig_write_region(&self->dev[0],
				       VFIO_PCI_CONFIG_REGION_INDEX, 4,
				       &command, 2));
	EXPECT_LT(0, READ(0, "migration_version"));
}

TEST_F(vf, enabled_during_migration)
{
	__u32 state;

	ASSERT_EQ(0, OPEN(0));
	ASSERT_EQ(0, OPEN(1));
	if (self->dev[0].flags & VFIO_MIGRATION_PRE_COPY) {
		ASSERT_EQ(0, vmig_set_state(&self->dev[0],
					    VFIO_DEVICE_STATE_PRE_COPY));
		ASSERT_EQ(0, vf_enable(&self->dev[0], true));
		EXPECT_EQ(-EOPNOTSUPP,
			  vmig_set_state(&self->dev[0],
					 VFIO_DEVICE_STATE_STOP_COPY));
		/* it goes on, as if nothing had been tried */
		EXPECT_EQ(0, vmig_set_state(&self->dev[0],
					    VFIO_DEVICE_STATE_RUNNING));
		ASSERT_EQ(0, vf_enable(&self->dev[0], false));
	}
	ASSERT_EQ(0, vmig_save(&self->dev[0], &self->stream, &self->out));
	ASSERT_EQ(0, vmig_set_state(&self->dev[1], VFIO_DEVICE_STATE_RESUMING));
	ASSERT_EQ(0, vmig_push(&self->dev[1], self->stream.data,
			       self->stream.used, 0));
	ASSERT_EQ(0, vf_enable(&self->dev[1], true));
	EXPECT_EQ(-EOPNOTSUPP, vmig_set_state(&self->dev[1],
					      VFIO_DEVICE_STATE_RUNNING));
	ASSERT_EQ(0, vmig_get_state(&self->dev[1], &state));
	EXPECT_EQ(VFIO_DEVICE_STATE_RESUMING, state);
	ASSERT_EQ(0, vf_enable(&self->dev[1], false));
	EXPECT_EQ(0, vmig_set_state(&self->dev[1], VFIO_DEVICE_STATE_RUNNING));
}

/* ---- migrations ---- */

#define EXPECT_ARRIVED(get, i) do {					\
	ASSERT_EQ(0, get(&self->dev[i], &self->after));			\
	EXPECT_EQ(0, memcmp(self->after.reg, self->state.reg,		\
			    VF_SCRATCH * sizeof(__u32)));		\
	EXPECT_EQ(0, memcmp(self->after.memory, self->state.memory,	\
			    SIM_MEMORY));				\
} while (0)

static int set_up_controller(struct vmig_device *dev)
{
	__u8 line = 11;
	__u16 command;

	if (vmig_read_region(dev, VFIO_PCI_CONFIG_REGION_INDEX, 4, &command, 2))
		return -EIO;
	command |= 6;
	return vf_write_reg(dev, VF_AQA, 0x001f003f) ||
	       vf_write_reg(dev, VF_ASQ, 0x12345000) ||
	       vf_write_reg(dev, VF_ASQ + 4, 1) ||
	       vf_write_reg(dev, VF_ACQ, 0x6789a000) ||
	       vf_write_reg(dev, VF_ACQ + 4, 2) ||
	       vmig_write_region(dev, VFIO_PCI_CONFIG_REGION_INDEX, 0x3c, &line,
				 1) ||
	       vmig_write_region(dev, VFIO_PCI_CONFIG_REGION_INDEX, 4, &command,
				 2);
}

TEST_F(vf, migrates)
{
	static const struct { unsigned int reg; __u32 value; } regs[] = {
		{ VF_AQA, 0x001f003f }, { VF_ASQ, 0x12345000 },
		{ VF_ASQ + 4, 1 }, { VF_ACQ, 0x6789a000 }, { VF_ACQ + 4, 2 },
	};
	unsigned int i;
	__u32 value;
	__u16 command;
	__u8 line;

	ASSERT_EQ(0, OPEN(0));
	ASSERT_EQ(0, OPEN(1));
	ASSERT_EQ(0, vf_put_state(&self->dev[0], &self->state));
	ASSERT_EQ(0, set_up_controller(&self->dev[0]));
	ASSERT_EQ(0, vmig_migrate(&self->dev[0], &self->dev[1], &self->stream,
				  &self->out))
	TH_LOG("%s", vmig_step_name(self->out.step));
	EXPECT_EQ(0, memcmp(self->stream.data, "VFIOprof", 8));
	EXPECT_ARRIVED(vf_get_state, 1);
	for (i = 0; i < ARRAY_SIZE(regs); i++) {
		ASSERT_EQ(0, vf_read_reg(&self->dev[1], regs[i].reg, &value));
		EXPECT_EQ(regs[i].value, value) TH_LOG("%#x", regs[i].reg);
	}
	ASSERT_EQ(0, vmig_read_region(&self->dev[1],
				      VFIO_PCI_CONFIG_REGION_INDEX, 0x3c,
				      &line, 1));
	EXPECT_EQ(11, line);
	ASSERT_EQ(0, vmig_read_region(&self->dev[1],
				      VFIO_PCI_CONFIG_REGION_INDEX, 4,
				      &command, 2));
	EXPECT_EQ(4, command & 4);
}

TEST_F(vf, migrates_in_pieces)
{
	static const size_t chunks[] = { 1, 7, 4096, 4097, 0 };
	unsigned int i;

	ASSERT_EQ(0, OPEN(0));
	ASSERT_EQ(0, OPEN(1));
	ASSERT_EQ(0, vf_put_state(&self->dev[0], &self->state));
	ASSERT_EQ(0, vmig_save(&self->dev[0], &self->stream, &self->out));
	for (i = 0; i < ARRAY_SIZE(chunks); i++) {
		ASSERT_EQ(0, vmig_load(&self->dev[1], &self->stream, chunks[i],
				       &self->out));
		EXPECT_ARRIVED(vf_get_state, 1);
		ASSERT_EQ(0, vmig_reset(&self->dev[1]));
	}
}

/* An older driver did not keep what is set in the controller. */
TEST_F(vf, migrates_pinned)
{
	__u32 value;

	ASSERT_EQ(0, WRITE(0, "software_version", "1.0"));
	ASSERT_EQ(0, OPEN(0));
	ASSERT_EQ(0, OPEN(1));
	ASSERT_EQ(0, vf_put_state(&self->dev[0], &self->state));
	ASSERT_EQ(0, set_up_controller(&self->dev[0]));
	ASSERT_EQ(0, vmig_migrate(&self->dev[0], &self->dev[1], &self->stream,
				  &self->out));
	EXPECT_ARRIVED(vf_get_state, 1);
	ASSERT_EQ(0, vf_read_reg(&self->dev[1], VF_ASQ, &value));
	EXPECT_EQ(0, value);
}

TEST_F(vf, refuses)
{
	struct sim_state before;

	ASSERT_EQ(0, OPEN(0));
	ASSERT_EQ(0, OPEN(1));
	sim_fill(&before, 2);
	ASSERT_EQ(0, vf_put_state(&self->dev[0], &before));
	ASSERT_EQ(0, vf_get_state(&self->dev[0], &before));
	/* two queues to one */
	ASSERT_EQ(0, vmig_save(&self->dev[1], &self->stream, &self->out));
	ASSERT_EQ(0, vmig_set_state(&self->dev[0], VFIO_DEVICE_STATE_RESUMING));
	EXPECT_EQ(-EMEDIUMTYPE, vmig_push(&self->dev[0], self->stream.data,
					  self->stream.used, 0));
	EXPECT_EQ(-EMEDIUMTYPE, vmig_set_state(&self->dev[0],
					       VFIO_DEVICE_STATE_RUNNING));
	ASSERT_EQ(0, vf_get_state(&self->dev[0], &self->after));
	EXPECT_EQ(0, memcmp(&before, &self->after, sizeof(before)));
	ASSERT_EQ(0, vmig_reset(&self->dev[0]));
	/* one that was damaged on its way */
	ASSERT_EQ(0, vmig_save(&self->dev[0], &self->stream, &self->out));
	self->stream.data[self->stream.used - 100] ^= 1;
	ASSERT_EQ(0, vmig_reset(&self->dev[1]));
	EXPECT_EQ(-EINVAL, vmig_load(&self->dev[1], &self->stream, 0,
				     &self->out));
	EXPECT_EQ(VMIG_RUNNING, self->out.step);
	EXPECT_EQ(0, self->out.recovery);
}

TEST_F(vf, reset)
{
	static const __u32 states[] = {
		VFIO_DEVICE_STATE_STOP, VFIO_DEVICE_STATE_STOP_COPY,
		VFIO_DEVICE_STATE_RESUMING,
	};
	static const struct sim_state zero;
	unsigned int i;
	int stream;
	__u32 state;

	ASSERT_EQ(0, OPEN(0));
	for (i = 0; i < ARRAY_SIZE(states); i++) {
		ASSERT_EQ(0, vf_put_state(&self->dev[0], &self->state));
		ASSERT_EQ(0, vmig_set_state(&self->dev[0], states[i]));
		stream = dup(self->dev[0].stream);
		ASSERT_EQ(0, vmig_reset(&self->dev[0]));
		ASSERT_EQ(0, vmig_get_state(&self->dev[0], &state));
		EXPECT_EQ(VFIO_DEVICE_STATE_RUNNING, state);
		ASSERT_EQ(0, vf_get_state(&self->dev[0], &self->after));
		EXPECT_EQ(0, memcmp(&zero, &self->after, sizeof(zero)));
		if (states[i] == VFIO_DEVICE_STATE_RESUMING) {
			EXPECT_EQ(-1, write(stream, "x", 1));
			EXPECT_EQ(ENODEV, errno);
		} else if (states[i] == VFIO_DEVICE_STATE_STOP_COPY) {
			EXPECT_EQ(-1, read(stream, &state, 1));
			EXPECT_EQ(ENODEV, errno);
		}
		close(stream);
	}
}

/* The file is the user's as long as he likes. */
TEST_F(vf, file_after_close)
{
	char byte;
	int stream;

	ASSERT_EQ(0, OPEN(0));
	ASSERT_EQ(0, vmig_set_state(&self->dev[0], VFIO_DEVICE_STATE_STOP_COPY));
	stream = dup(self->dev[0].stream);
	vmig_close(&self->dev[0]);
	EXPECT_EQ(-1, read(stream, &byte, 1));
	EXPECT_EQ(ENODEV, errno);
	ASSERT_EQ(0, vf_unbind(self->name[0]));
	EXPECT_EQ(-1, read(stream, &byte, 1));
	EXPECT_EQ(ENODEV, errno);
	close(stream);
}

/* ---- hybrids ---- */

/* A disk of one queue, as the first function is, open as the first device. */
static int make_sim(struct vmig_device *dev, const char *firmware,
		    const char *types, const char *queues)
{
	char fields[PU_PATH], uuid[PU_UUID_SIZE];
	const struct sim_text texts[] = {
		{ "software_version", "1.6.0" },
		{ "compatible_type", types },
		{ "fields", fields },
		{ "resources", "remote_url=none" },
		{}
	};
	int ret;

	snprintf(fields, sizeof(fields),
		 "pci_ids=1b36:0010\nfirmware_rev=%.*s\nqueues=%s\n",
		 (int)strcspn(firmware, "\n"), firmware, queues);
	ret = sim_make(SIM, "vf", texts);
	ret = ret ? ret : sim_create(SIM, "vf", 1);
	return ret ? ret : vmig_open(dev, pu_uuid(1, uuid), VMIG_ANY);
}

static int ask(const char *from, const char *to)
{
	char line[PU_PAGE + 1];
	int ret = pu_read(from, line, sizeof(line));

	if (ret < 0)
		return ret;
	ret = pu_write_str(to, line);
	return ret < 0 ? ret : 0;
}

FIXTURE(hybrid)
{
	char name[2][VF_NAME_SIZE];
	char path[PU_PATH], sim_path[PU_PATH], firmware[PU_PAGE + 1];
	struct vmig_device dev[2];
	struct vmig_stream stream;
	struct vmig_outcome out;
	struct sim_state state, after;
};

/* How the two come to accept each other. */
FIXTURE_VARIANT(hybrid)
{
	const char *vf_type, *vf_accepts, *sim_accepts, *queues;
	int to_vf, to_sim;
};

FIXTURE_VARIANT_ADD(hybrid, equal_type)
{
	.vf_type = SIM_TYPE, .vf_accepts = "", .sim_accepts = "",
	.queues = "1",
};

FIXTURE_VARIANT_ADD(hybrid, lists)
{
	.vf_type = VF_TYPE, .vf_accepts = SIM_TYPE, .sim_accepts = VF_TYPE,
	.queues = "1",
};

FIXTURE_VARIANT_ADD(hybrid, list_of_the_function)
{
	.vf_type = VF_TYPE, .vf_accepts = SIM_TYPE, .sim_accepts = "",
	.queues = "1", .to_sim = -EMEDIUMTYPE,
};

FIXTURE_VARIANT_ADD(hybrid, strangers)
{
	.vf_type = VF_TYPE, .vf_accepts = "", .sim_accepts = "",
	.queues = "1", .to_vf = -EMEDIUMTYPE, .to_sim = -EMEDIUMTYPE,
};

FIXTURE_VARIANT_ADD(hybrid, more_queues)
{
	.vf_type = SIM_TYPE, .vf_accepts = "", .sim_accepts = "",
	.queues = "1,2,3|3", .to_vf = -EMEDIUMTYPE,
};

FIXTURE_SETUP(hybrid)
{
	char uuid[PU_UUID_SIZE];

	self->dev[0].fd = -1;
	self->dev[1].fd = -1;
	if (!vf_names(self->name))
		SKIP(return, "no virtual functions: VFIO_COMPAT_VFS is not set");
	ASSERT_EQ(0, vf_make(self->name[0], variant->vf_type,
			     variant->vf_accepts));
	ASSERT_LT(0, pu_read(FILE_OF(0, "compatible_firmware_rev"),
			     self->firmware, sizeof(self->firmware)));
	pu_remove(1);
	ASSERT_EQ(0, make_sim(&self->dev[1], self->firmware,
			      variant->sim_accepts, variant->queues));
	snprintf(self->sim_path, sizeof(self->sim_path),
		 MDEV_DEVICES "/%s/migration_version", pu_uuid(1, uuid));
	ASSERT_EQ(0, OPEN(0));
	sim_fill(&self->state, 3);
}

FIXTURE_TEARDOWN(hybrid)
{
	int i;

	for (i = 0; i < 2; i++)
		if (self->dev[i].fd >= 0)
			vmig_close(&self->dev[i]);
	vmig_stream_free(&self->stream);
	pu_remove(1);
	sim_remove(SIM);
}

TEST_F(hybrid, mdev_to_function)
{
	EXPECT_EQ(variant->to_vf,
		  ask(self->sim_path, FILE_OF(0, "migration_version")));
	ASSERT_EQ(0, sim_put_state(&self->dev[1], &self->state));
	ASSERT_EQ(variant->to_vf,
		  vmig_migrate(&self->dev[1], &self->dev[0], &self->stream,
			       &self->out))
	TH_LOG("%s", vmig_step_name(self->out.step));
	if (variant->to_vf)
		return;
	EXPECT_ARRIVED(vf_get_state, 0);
}

TEST_F(hybrid, function_to_mdev)
{
	EXPECT_EQ(variant->to_sim,
		  ask(FILE_OF(0, "migration_version"), self->sim_path));
	ASSERT_EQ(0, vf_put_state(&self->dev[0], &self->state));
	ASSERT_EQ(0, set_up_controller(&self->dev[0]));
	ASSERT_EQ(variant->to_sim,
		  vmig_migrate(&self->dev[0], &self->dev[1], &self->stream,
			       &self->out))
	TH_LOG("%s", vmig_step_name(self->out.step));
	if (variant->to_sim)
		return;
	EXPECT_ARRIVED(sim_get_state, 1);
	EXPECT_EQ(0x001f003f, self->after.reg[9]);
	EXPECT_EQ(0x12345000, self->after.reg[10]);
	EXPECT_EQ(2, self->after.reg[13]);
}

TEST_HARNESS_MAIN

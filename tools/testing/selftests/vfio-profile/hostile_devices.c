// SPDX-License-Identifier: GPL-2.0-only
/*
 * The devices that hostile_test writes streams to, as an oracle has to know
 * them: mtty, the test driver, and a simulated vGPU.
 */
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hostile_devices.h"
#include "mtty_stream.h"

/* ---- mtty ---- */

#define SCRATCH 7

static const struct mtty_stream old_1 = {
	.magic = MTTY_STREAM_MAGIC,
	.major_ver = 1,
	.nr_ports = 1,
};

static const struct mtty_stream old_2 = {
	.magic = MTTY_STREAM_MAGIC,
	.major_ver = 1,
	.nr_ports = 2,
};

/* A header of series 1.0; 1.x above it have a line. */
static int judge_old(const __u8 *header, __u32 *series, __u32 ports)
{
	struct mtty_stream s;

	memcpy(&s, header, offsetof(struct mtty_stream, port));
	*series = HOSTILE_OLD_SERIES;
	if (s.flags || s.major_ver > 65535 || s.minor_ver > 65535 ||
	    (s.major_ver == 1 && s.minor_ver))
		return -EINVAL;
	return s.major_ver == 1 && s.nr_ports == ports ? 0 : -EMEDIUMTYPE;
}

static int judge_old_1(const __u8 *header, __u32 *series)
{
	return judge_old(header, series, 1);
}

static int judge_old_2(const __u8 *header, __u32 *series)
{
	return judge_old(header, series, 2);
}

static const struct hostile_old mtty_old_1 = {
	.good = (const __u8 *)&old_1,
	.size = offsetof(struct mtty_stream, port),
	.judge = judge_old_1,
};

static const struct hostile_old mtty_old_2 = {
	.good = (const __u8 *)&old_2,
	.size = offsetof(struct mtty_stream, port),
	.judge = judge_old_2,
};

static const struct hostile_device mtty_1 = {
	.api = "vfio-pci",
	.types = { "mtty-1" },
	.series = { "1.0", "1.1" },
	.fields = {
		{ "pci_ids", { "4348:3253" } },
		{ "ports", { "1" } },
	},
	.old = &mtty_old_1,
};

static const struct hostile_device mtty_2 = {
	.api = "vfio-pci",
	.types = { "mtty-2" },
	.series = { "1.0", "1.1" },
	.fields = {
		{ "pci_ids", { "4348:3253" } },
		{ "ports", { "2" } },
	},
	.old = &mtty_old_2,
};

static int mtty_begin(void)
{
	return pu_exists(MTTY_TYPES) ? 0 : -ENOENT;
}

static void nothing(void)
{
}

static size_t mtty_size(__u32 series, unsigned int ports)
{
	return ports * sizeof(struct mtty_port) +
	       (series > HOSTILE_OLD_SERIES ? sizeof(__le32) : 0);
}

static size_t mtty_size_1(__u32 series)
{
	return mtty_size(series, 1);
}

static size_t mtty_size_2(__u32 series)
{
	return mtty_size(series, 2);
}

/* Registers, and characters that wait in the FIFO. */
static int mtty_set(struct vmig_device *dev, unsigned char marker)
{
	const unsigned char writes[][2] = {
		{ 3, 0x80 }, { 0, marker }, { 1, 0x12 }, { 3, 0x03 },
		{ 2, 0x01 }, { 4, 0x0b }, { 0, marker }, { 0, 'b' },
		{ SCRATCH, marker },
	};
	unsigned int i;
	int ret = 0;

	for (i = 0; !ret && i < sizeof(writes) / sizeof(writes[0]); i++)
		ret = vmig_write_region(dev, 0, writes[i][0], &writes[i][1], 1);
	return ret;
}

static int mtty_get(struct vmig_device *dev, unsigned char *state)
{
	static const unsigned char regs[] = { 3, 4, SCRATCH };
	unsigned int i;
	int ret = 0;

	memset(state, 0, HOSTILE_STATE_MAX);
	for (i = 0; !ret && i < sizeof(regs); i++)
		ret = vmig_read_region(dev, 0, regs[i], &state[i], 1);
	return ret;
}

const struct hostile_target hostile_mtty_1 = {
	.type = MTTY_TYPES "/mtty-1",
	.dev = &mtty_1,
	.own = HOSTILE_OLD_SERIES + 1,
	.checked = true,
	.begin = mtty_begin,
	.end = nothing,
	.set = mtty_set,
	.get = mtty_get,
	.size = mtty_size_1,
};

const struct hostile_target hostile_mtty_2 = {
	.type = MTTY_TYPES "/mtty-2",
	.dev = &mtty_2,
	.own = HOSTILE_OLD_SERIES + 1,
	.checked = true,
	.begin = mtty_begin,
	.end = nothing,
	.set = mtty_set,
	.get = mtty_get,
	.size = mtty_size_2,
};

/* ---- the test driver ---- */

#define TEST_STATE 64

static const struct hostile_device test_dev = {
	.api = "vfio-pci",
	.types = { "platform-t", "platform-u" },
	.series = { "1.0", "1.1", "2.0" },
	.fields = {
		{ "enc", { "aes", "gcm" } },
		{ "mode", { "x", "y", "z" } },
	},
	.resources = {
		{ "aggregator", "1" },
		{ "fps", "60" },
	},
};

static int test_begin(void)
{
	if (!pu_exists(TEST_DRIVER))
		return -ENOENT;
	pu_unregister(); /* of a test that was given up */
	return pu_register("type t\nversion 2.0.0\naccept 1.0\naccept 1.1\n"
			   "accept 2.0\naccept-type platform-u\n"
			   "t:list enc aes,gcm\ni:add enc gcm\n"
			   "list mode x,y,z\n"
			   "resource aggregator\nresource fps\n");
}

static int test_set(struct vmig_device *dev, unsigned char marker)
{
	unsigned char state[TEST_STATE];

	memset(state, marker, sizeof(state));
	return vmig_write_region(dev, 0, 0, state, sizeof(state));
}

static int test_get(struct vmig_device *dev, unsigned char *state)
{
	memset(state, 0, HOSTILE_STATE_MAX);
	return vmig_read_region(dev, 0, 0, state, TEST_STATE);
}

const struct hostile_target hostile_test_driver = {
	.type = TEST_TYPES "/platform-t",
	.dev = &test_dev,
	.own = 0x20000,
	.begin = test_begin,
	.end = pu_unregister,
	.set = test_set,
	.get = test_get,
};

/* ---- a simulated vGPU, made by configfs ---- */

#define CONFIG "/sys/kernel/config"
#define SIM CONFIG "/mdev_sim/vgpu"
#define SIM_PARENT SIM "/hostile"
#define SIM_TYPE SIM_PARENT "/t"
#define SIM_REGS 32	/* region 0: 8 + minor, of four bytes */
#define SIM_MEMORY 128	/* region 1 has more of it */

static const struct hostile_device sim_dev = {
	.api = "vfio-pci",
	.types = { "mdev_sim-t" },
	.series = { "2.0" },
	.fields = {
		{ "enc", { "aes", "gcm" } },
	},
	.resources = {
		{ "aggregator", "1" },
		{ "fps", "60" },
	},
};

static void sim_end(void)
{
	pu_write_str(SIM_PARENT "/commit", "0");
	rmdir(SIM_TYPE);
	rmdir(SIM_PARENT);
}

static int sim_begin(void)
{
	int ret;

	if (!pu_exists(CONFIG "/mdev_sim"))
		mount("configfs", CONFIG, "configfs", 0, NULL);
	sim_end(); /* of a test that was given up */
	if (mkdir(SIM_PARENT, 0755) || mkdir(SIM_TYPE, 0755))
		return -errno;
	ret = pu_write_str(SIM_TYPE "/software_version", "2.0.0");
	if (!ret)
		ret = pu_write_str(SIM_TYPE "/compatible_software_version",
				   "2.0");
	if (!ret)
		ret = pu_write_str(SIM_TYPE "/fields", "enc=aes,gcm|gcm\n");
	if (!ret)
		ret = pu_write_str(SIM_TYPE "/resources",
				   "aggregator=1\nfps=60\n");
	return ret ? ret : pu_write_str(SIM_PARENT "/commit", "1");
}

static int sim_set(struct vmig_device *dev, unsigned char marker)
{
	unsigned char values[SIM_MEMORY];
	int ret;

	memset(values, marker, sizeof(values));
	ret = vmig_write_region(dev, 0, 0, values, SIM_REGS);
	return ret ? ret : vmig_write_region(dev, 1, 0, values, SIM_MEMORY);
}

static int sim_get(struct vmig_device *dev, unsigned char *state)
{
	int ret;

	memset(state, 0, HOSTILE_STATE_MAX);
	ret = vmig_read_region(dev, 0, 0, state, SIM_REGS);
	return ret ? ret : vmig_read_region(dev, 1, 0, state + SIM_REGS,
					    SIM_MEMORY);
}

const struct hostile_target hostile_simulator = {
	.type = "/sys/class/mdev_bus/vgpu-hostile/mdev_supported_types/mdev_sim-t",
	.dev = &sim_dev,
	.own = 0x20000,
	.checked = true,
	.exact = true,
	.begin = sim_begin,
	.end = sim_end,
	.set = sim_set,
	.get = sim_get,
};

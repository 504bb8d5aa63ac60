// SPDX-License-Identifier: GPL-2.0-only
/*
 * The simulated vendor driver: what is written in configfs, and what then is
 * in sysfs.  Its migrations are in sim_migration_test.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "sim_util.h"

#define P "vgpu/test"
#define HEAD "mdev_sim_vgpu-v1;api=vfio-pci;type=mdev_sim-t;"

static char text[PU_PAGE + 1];
static char path[PU_PATH];

/* What a file reads, or why it cannot be read. */
static const char *text_of(const char *file)
{
	int ret = pu_read(file, text, sizeof(text));

	if (ret < 0)
		snprintf(text, sizeof(text), "%s: %s", file, strerror(-ret));
	return text;
}

#define EXPECT_TEXT(wanted, file) EXPECT_STREQ(wanted, text_of(file))

static const struct sim_text full[] = {
	{ "software_version", "1.3.2" },
	{ "compatible_software_version", "1.1,1.2 1.3\n2.0" },
	{ "emitted_software_version", "1.1,1.3" },
	{ "compatible_type", "mdev_sim-other" },
	{ "fields", "enc=aes,gcm|aes\npci_ids=8086:591d\n1.1 enc=aes\n" },
	{ "resources", "fps=60:30,60\n1.3 aggregator=2\n" },
	{ "bugfix", "1.1.9" },
	{ "instances", "5" },
	{}
};

static void clean(void)
{
	pu_remove(1);
	pu_remove(2);
	sim_remove(P);
}

FIXTURE(card)
{
};

FIXTURE_SETUP(card)
{
	ASSERT_TRUE(pu_exists(SIM_ROOT "/vgpu"))
	TH_LOG("mdev_sim_vgpu is not loaded, or configfs not mounted");
	clean();
}

FIXTURE_TEARDOWN(card)
{
	clean();
	EXPECT_FALSE(pu_exists(SIM_ROOT "/" P)) TH_LOG("a parent is left");
}

static const char *device_file(unsigned int nr, const char *attr)
{
	return pu_device_file(nr, attr, path);
}

static const char *type_file(const char *attr)
{
	return sim_type_file(P, "t", attr, path);
}

/* ---- configfs ---- */

TEST_F(card, names_of_parents)
{
	static const char *const bad[] = {
		"vgpu/a b", "vgpu/a.b", "vgpu/a\xc3\xa4",
		"vgpu/a23456789012345678901234567890123",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		EXPECT_EQ(-EINVAL, sim_mkdir(bad[i], NULL))
		TH_LOG("%s", bad[i]);
	}
	EXPECT_EQ(0, sim_mkdir("vgpu/A_2345678901234567890-2345678901", NULL));
	sim_remove("vgpu/A_2345678901234567890-2345678901");
}

TEST_F(card, commit)
{
	ASSERT_EQ(0, sim_mkdir(P, NULL));
	EXPECT_TEXT("0\n", SIM_ROOT "/" P "/commit");
	EXPECT_EQ(-EINVAL, sim_commit(P, true)) TH_LOG("without types");
	EXPECT_EQ(-EINVAL, pu_write_str(SIM_ROOT "/" P "/commit", "2"));
	EXPECT_EQ(0, sim_commit(P, false));
	ASSERT_EQ(0, sim_mkdir(P, "t"));
	ASSERT_EQ(0, sim_commit(P, true));
	EXPECT_TEXT("1\n", SIM_ROOT "/" P "/commit");
	EXPECT_TRUE(pu_exists(type_file("create")));
	EXPECT_EQ(-EBUSY, sim_commit(P, true));
	EXPECT_EQ(-EBUSY, sim_mkdir(P, "u"));
	EXPECT_EQ(-1, rmdir(SIM_ROOT "/" P)) TH_LOG("with a type");
	EXPECT_EQ(0, rmdir(SIM_ROOT "/" P "/t"));
	EXPECT_TRUE(pu_exists(type_file("create")));
	EXPECT_EQ(0, sim_flash(P, "leaves-it"));
	EXPECT_EQ(0, rmdir(SIM_ROOT "/" P));
	EXPECT_FALSE(pu_exists(type_file("create")));
}

/* An instance goes with its parent, and it can be committed again. */
TEST_F(card, uncommit)
{
	ASSERT_EQ(0, sim_make(P, "t", full));
	ASSERT_EQ(0, sim_create(P, "t", 1));
	ASSERT_EQ(0, sim_commit(P, false));
	EXPECT_FALSE(pu_exists(device_file(1, "uevent")));
	EXPECT_FALSE(pu_exists(type_file(NULL)));
	EXPECT_EQ(0, sim_mkdir(P, "u"));
	ASSERT_EQ(0, sim_commit(P, true));
	EXPECT_EQ(0, sim_create(P, "u", 1));
}

TEST_F(card, texts)
{
	char long_text[4097];

	memset(long_text, 'x', sizeof(long_text));
	long_text[4096] = '\0';
	ASSERT_EQ(0, sim_mkdir(P, NULL));
	ASSERT_EQ(0, sim_mkdir(P, "t"));
	EXPECT_TEXT("", SIM_ROOT "/" P "/t/fields");
	EXPECT_EQ(0, sim_set(P, "t", "fields", "a\nb\n"));
	EXPECT_TEXT("a\nb\n", SIM_ROOT "/" P "/t/fields");
	EXPECT_EQ(-EFBIG, sim_set(P, "t", "fields", long_text));
	EXPECT_TEXT("a\nb\n", SIM_ROOT "/" P "/t/fields");
	long_text[4095] = '\0';
	EXPECT_EQ(0, sim_set(P, "t", "fields", long_text));
	EXPECT_TEXT(long_text, SIM_ROOT "/" P "/t/fields");
	EXPECT_EQ(-EINVAL, sim_commit(P, true));
	EXPECT_EQ(0, pu_write(SIM_ROOT "/" P "/t/fields", "a=b\0c=d", 7));
	EXPECT_EQ(-EINVAL, sim_commit(P, true)) TH_LOG("a NUL");
	EXPECT_FALSE(pu_exists(SIM_ROOT "/" P "/t/rings"))
	TH_LOG("of a personality without check()");
}

static const struct {
	const char *file, *text;
	int error;
} bad_texts[] = {
	/* what the simulator cannot make sense of */
	{ "software_version", "one", -EINVAL },
	{ "software_version", "1.0.65536", -EINVAL },
	{ "instances", "0", -EINVAL },
	{ "instances", "65537", -EINVAL },
	{ "instances", "99999999999999999999", -EINVAL },
	{ "instances", "1 2", -EINVAL },
	{ "fields", "enc", -EINVAL },
	{ "fields", "1.x enc=aes", -EINVAL },
	{ "fields", "enc=aes gcm", -EINVAL },
	{ "fields", "enc=aes\n\n1.0.x enc=aes\n", -EINVAL },
	{ "resources", "fps", -EINVAL },
	{ "resources", "fps=", -EINVAL },
	{ "resources", "fps=060", -EINVAL },
	{ "resources", "fps=60:30,31", -EINVAL },
	{ "resources", "fps=60\nfps=60\n", -EINVAL },
	{ "resources", "remote_url=http", -EINVAL },
	{ "bugfix", "1.0.x", -EINVAL },
	/* what the core refuses */
	{ "software_version", "1.0", -EINVAL },
	{ "compatible_software_version", "1.1", -ERANGE },
	{ "emitted_software_version", "0.9", -ERANGE },
	{ "emitted_software_version", "1.0,1.1", -ERANGE },
	{ "emitted_software_version", "1.0,,x", -EINVAL },
	{ "compatible_type", "a=b", -EINVAL },
	{ "fields", "enc=aes,aes", -EEXIST },
	{ "fields", "enc=", -ENODATA },
	{ "fields", "Enc=aes", -EINVAL },
};

TEST_F(card, bad_texts)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad_texts); i++) {
		ASSERT_EQ(0, sim_mkdir(P, NULL));
		ASSERT_EQ(0, sim_mkdir(P, "t"));
		EXPECT_EQ(0, sim_set(P, "t", bad_texts[i].file,
				     bad_texts[i].text));
		EXPECT_EQ(bad_texts[i].error, sim_commit(P, true))
		TH_LOG("%s: %s", bad_texts[i].file, bad_texts[i].text);
		EXPECT_FALSE(pu_exists(sim_parent_file(P, NULL, path)));
		EXPECT_FALSE(pu_exists("/sys/class/mdev_sim/vgpu-test"));
		sim_remove(P);
	}
}

/* ---- what is shown ---- */

TEST_F(card, attributes)
{
	ASSERT_EQ(0, sim_make(P, "t", full));
	EXPECT_TEXT("vfio-pci\n", type_file("device_api"));
	EXPECT_TEXT("t\n", type_file("name"));
	EXPECT_TEXT("1.3.2\n", type_file("software_version"));
	EXPECT_TEXT("1.1,1.2,1.3,2.0\n",
		    type_file("compatible_software_version"));
	EXPECT_TEXT("1.1,1.3\n", type_file("emitted_software_version"));
	EXPECT_TEXT("mdev_sim-other,mdev_sim-t\n",
		    type_file("compatible_type"));
	EXPECT_TEXT("aes,gcm\n", type_file("compatible_enc"));
	EXPECT_TEXT("8086:591d\n", type_file("compatible_pci_ids"));
	EXPECT_TEXT("aggregator,fps\n", type_file("dynamic_resources"));
	EXPECT_TEXT("\n", sim_parent_file(P, "firmware", path));
	ASSERT_EQ(0, sim_create(P, "t", 1));
	EXPECT_TEXT(HEAD "sw=1.3.2;f.enc=aes;f.pci_ids=8086:591d;r.aggregator=2;r.fps=60;end\n",
		    device_file(1, "migration_version"));
}

TEST_F(card, defaults)
{
	static const struct sim_text none[] = { {} };

	ASSERT_EQ(0, sim_make(P, "t", none));
	EXPECT_TEXT("1.0.0\n", type_file("software_version"));
	EXPECT_TEXT("16\n", type_file("available_instances"));
	EXPECT_TEXT("\n", type_file("dynamic_resources"));
	ASSERT_EQ(0, sim_create(P, "t", 1));
	EXPECT_FALSE(pu_exists(device_file(1, "aggregator")));
	EXPECT_FALSE(pu_exists(device_file(1, "fps")));
	EXPECT_EQ(0644, pu_mode(device_file(1, "software_version")));
}

/* The series 1.1 has its own line of fields, and no aggregator yet. */
TEST_F(card, pin)
{
	ASSERT_EQ(0, sim_make(P, "t", full));
	ASSERT_EQ(0, sim_create(P, "t", 1));
	EXPECT_EQ(-EINVAL, pu_write_str(device_file(1, "software_version"),
					"1.2"));
	EXPECT_EQ(0, pu_write_str(device_file(1, "software_version"), "1.1"));
	EXPECT_TEXT("1.1.9\n", device_file(1, "software_version"));
	EXPECT_TEXT(HEAD "sw=1.1.9;f.enc=aes;r.fps=60;end\n",
		    device_file(1, "migration_version"));
	EXPECT_EQ(0, pu_write_str(device_file(1, "software_version"), "1.3"));
	EXPECT_TEXT("1.3.2\n", device_file(1, "software_version"));
}

/* ---- resources and capacity ---- */

TEST_F(card, resources)
{
	static const char *const bad[] = {
		"\n", "31", "060", "-30", " 30", "30 ", "3o", "0x1e",
		"99999999999999999999",
	};
	struct vmig_device dev;
	char uuid[PU_UUID_SIZE];
	unsigned int i;

	ASSERT_EQ(0, sim_make(P, "t", full));
	ASSERT_EQ(0, sim_create(P, "t", 1));
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		EXPECT_EQ(-EINVAL, pu_write_str(device_file(1, "fps"), bad[i]))
		TH_LOG("'%s'", bad[i]);
	}
	EXPECT_EQ(-EINVAL, pu_write(device_file(1, "fps"), "30\0", 3));
	EXPECT_TEXT("60\n", device_file(1, "fps"));
	EXPECT_EQ(0, pu_write_str(device_file(1, "fps"), "30\n"));
	EXPECT_TEXT("30\n", device_file(1, "fps"));
	ASSERT_EQ(0, vmig_open(&dev, pu_uuid(1, uuid), VMIG_ANY));
	EXPECT_EQ(-EBUSY, pu_write_str(device_file(1, "fps"), "60"));
	EXPECT_EQ(-EBUSY, pu_write_str(device_file(1, "software_version"),
				       "1.1"));
	EXPECT_TEXT("30\n", device_file(1, "fps"));
	vmig_close(&dev);
	EXPECT_EQ(0, pu_write_str(device_file(1, "fps"), "60"));
}

TEST_F(card, capacity)
{
	ASSERT_EQ(0, sim_make(P, "t", full));
	EXPECT_TEXT("5\n", type_file("available_instances"));
	ASSERT_EQ(0, sim_create(P, "t", 1));
	EXPECT_TEXT("3\n", type_file("available_instances"));
	EXPECT_EQ(-ENOSPC, pu_write_str(device_file(1, "aggregator"), "6"));
	EXPECT_TEXT("2\n", device_file(1, "aggregator"));
	EXPECT_EQ(0, pu_write_str(device_file(1, "aggregator"), "4"));
	EXPECT_TEXT("1\n", type_file("available_instances"));
	EXPECT_EQ(-ENOSPC, sim_create(P, "t", 2));
	EXPECT_EQ(0, pu_write_str(device_file(1, "aggregator"), "3"));
	EXPECT_EQ(0, sim_create(P, "t", 2));
	EXPECT_TEXT("0\n", type_file("available_instances"));
	EXPECT_EQ(0, pu_remove(1));
	EXPECT_TEXT("3\n", type_file("available_instances"));

	/* less than there is in use */
	EXPECT_EQ(0, sim_set(P, "t", "instances", "1"));
	EXPECT_EQ(0, sim_flash(P, "small"));
	EXPECT_TEXT("0\n", type_file("available_instances"));
	EXPECT_EQ(0, pu_write_str(device_file(2, "aggregator"), "1"));
	EXPECT_EQ(0, pu_remove(2));
	EXPECT_TEXT("1\n", type_file("available_instances"));
}

/* A smaller value that is refused while there is no room for the larger one. */
TEST_F(card, capacity_after_a_refusal)
{
	char fields[4096];
	unsigned int i, n = 0;

	ASSERT_EQ(0, sim_make(P, "t", full));
	ASSERT_EQ(0, sim_create(P, "t", 1));
	ASSERT_EQ(0, pu_write_str(device_file(1, "aggregator"), "4"));
	for (i = 0; i < 121; i++)
		n += sprintf(fields + n, "%senc%029u", i ? "," : "enc=", i);
	sprintf(fields + n, "\npci_ids=8086:591d\n");
	ASSERT_EQ(0, sim_set(P, "t", "fields", fields));
	ASSERT_EQ(0, sim_set(P, "t", "instances", "2"));
	EXPECT_NE(0, sim_flash(P, "too-long"));
	EXPECT_EQ(-E2BIG, pu_write_str(device_file(1, "aggregator"), "3"));
	EXPECT_TEXT("4\n", device_file(1, "aggregator"));
	ASSERT_EQ(0, sim_set(P, "t", "fields", full[4].text));
	ASSERT_EQ(0, sim_set(P, "t", "instances", "5"));
	EXPECT_EQ(0, sim_flash(P, "as-before"));
	EXPECT_TEXT("1\n", type_file("available_instances"));
	EXPECT_EQ(0, pu_remove(1));
	EXPECT_TEXT("5\n", type_file("available_instances"));
}

/* ---- firmware ---- */

TEST_F(card, words_of_firmware)
{
	static const char *const bad[] = {
		"\n", "a b", "a\tb", "\x80",
		"123456789012345678901234567890123",
	};
	unsigned int i;

	ASSERT_EQ(0, sim_make(P, "t", full));
	sim_parent_file(P, "firmware", path);
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		EXPECT_EQ(-EINVAL, pu_write_str(path, bad[i]))
		TH_LOG("word %u", i);
	}
	EXPECT_TEXT("\n", path);
	EXPECT_EQ(0, sim_flash(P, "12345678901234567890123456789012\n"));
	EXPECT_TEXT("12345678901234567890123456789012\n", path);
}

TEST_F(card, flash)
{
	ASSERT_EQ(0, sim_make(P, "t", full));
	ASSERT_EQ(0, sim_create(P, "t", 1));

	/* staged is not in force */
	ASSERT_EQ(0, sim_set(P, "t", "fields",
			     "enc=aes,gcm,xts\npci_ids=8086:591d\n"));
	EXPECT_TEXT("aes,gcm\n", type_file("compatible_enc"));
	EXPECT_EQ(0, sim_flash(P, "good"));
	EXPECT_TEXT("aes,gcm,xts\n", type_file("compatible_enc"));
	EXPECT_TEXT(HEAD "sw=1.3.2;f.enc=aes,gcm,xts;f.pci_ids=8086:591d;"
		    "r.aggregator=2;r.fps=60;end\n",
		    device_file(1, "migration_version"));

	/* what cannot be parsed changes nothing, not even the word */
	ASSERT_EQ(0, sim_set(P, "t", "software_version", "x"));
	EXPECT_EQ(-EINVAL, sim_flash(P, "unparsable"));
	EXPECT_TEXT("good\n", sim_parent_file(P, "firmware", path));
	EXPECT_TEXT("1.3.2\n", type_file("software_version"));

	/* what can be, but is no good, takes the type out */
	ASSERT_EQ(0, sim_set(P, "t", "software_version", "1.4.0"));
	EXPECT_EQ(-ERANGE, sim_flash(P, "bad"));
	EXPECT_EQ(-EOPNOTSUPP, pu_read(type_file("software_version"), text,
				       sizeof(text)));
	EXPECT_EQ(-EOPNOTSUPP, pu_read(device_file(1, "migration_version"),
				       text, sizeof(text)));
	EXPECT_TEXT("60\n", device_file(1, "fps"));
	ASSERT_EQ(0, sim_set(P, "t", "software_version", "1.3.5"));
	EXPECT_EQ(0, sim_flash(P, "good-again"));
	EXPECT_TEXT("1.3.5\n", type_file("software_version"));
}

TEST_F(card, names_are_fixed)
{
	ASSERT_EQ(0, sim_make(P, "t", full));
	ASSERT_EQ(0, sim_create(P, "t", 1));
	ASSERT_EQ(0, sim_set(P, "t", "fields", "enc=aes\n"));
	EXPECT_EQ(-EINVAL, sim_flash(P, "one-less"));
	EXPECT_EQ(-EOPNOTSUPP, pu_read(type_file("compatible_enc"), text,
				       sizeof(text)));
	ASSERT_EQ(0, sim_set(P, "t", "fields", full[4].text));
	ASSERT_EQ(0, sim_set(P, "t", "resources", "fps=60\n"));
	EXPECT_EQ(-EINVAL, sim_flash(P, "one-resource-less"));
	EXPECT_EQ(-EOPNOTSUPP, pu_write_str(device_file(1, "aggregator"), "1"));
	EXPECT_EQ(0, pu_write_str(device_file(1, "fps"), "31"));
	ASSERT_EQ(0, sim_set(P, "t", "resources", full[5].text));
	EXPECT_EQ(0, sim_flash(P, "as-before"));
	EXPECT_TEXT("aes,gcm\n", type_file("compatible_enc"));
}

/* ---- personalities ---- */

FIXTURE(kinds)
{
};

FIXTURE_SETUP(kinds)
{
}

FIXTURE_TEARDOWN(kinds)
{
	pu_remove(1);
	sim_remove("vgpu/k");
	sim_remove("nvme/k");
	sim_remove("qat/k");
	sim_remove("ccw/k");
	sim_remove("ap/k");
}

TEST_F(kinds, all_at_once)
{
	static const struct {
		const char *parent, *api;
		int mode;
	} kind[] = {
		{ "vgpu/k", "vfio-pci\n", 0644 },
		{ "nvme/k", "vfio-pci\n", 0444 },
		{ "qat/k", "vfio-pci\n", 0644 },
		{ "ccw/k", "vfio-ccw\n", 0644 },
		{ "ap/k", "vfio-ap\n", 0644 },
	};
	static const struct sim_text none[] = { {} };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(kind); i++) {
		ASSERT_EQ(0, sim_make(kind[i].parent, "t", none))
		TH_LOG("%s", kind[i].parent);
		EXPECT_TEXT(kind[i].api,
			    sim_type_file(kind[i].parent, "t", "device_api",
					  path));
		ASSERT_EQ(0, sim_create(kind[i].parent, "t", 1));
		EXPECT_EQ(kind[i].mode,
			  pu_mode(device_file(1, "software_version")));
		ASSERT_EQ(0, pu_remove(1));
	}
}

TEST_F(kinds, nvme)
{
	static const struct sim_text texts[] = {
		{ "fields", "nsid=a" },
		{ "resources", "remote_url=http://host:4420/a, b" },
		{}
	};
	char fields[PU_PAGE], url[1025];
	unsigned int i, n = 0;

	for (i = 0; i < 100; i++)
		n += sprintf(fields + n, "%snsid%027u", i ? "," : "nsid=", i);
	ASSERT_EQ(0, sim_make("nvme/k", "t", texts));
	ASSERT_EQ(0, sim_create("nvme/k", "t", 1));
	EXPECT_TEXT("http://host:4420/a, b\n", device_file(1, "remote_url"));
	memset(url, ' ', sizeof(url));
	url[1024] = '\0';
	EXPECT_EQ(-E2BIG, pu_write_str(device_file(1, "remote_url"), url));
	url[1023] = '\0';
	EXPECT_EQ(0, pu_write_str(device_file(1, "remote_url"), url));
	EXPECT_EQ(-EINVAL, pu_write_str(device_file(1, "remote_url"), "\n"));
	EXPECT_EQ(-EINVAL, pu_write_str(device_file(1, "remote_url"), "a\tb"));
	EXPECT_LT(3000, pu_read(device_file(1, "migration_version"), text,
				sizeof(text)));

	/* with fields that leave less room in the line */
	EXPECT_EQ(0, pu_write_str(device_file(1, "remote_url"), "short"));
	ASSERT_EQ(0, sim_set("nvme/k", "t", "fields", fields));
	ASSERT_EQ(0, sim_flash("nvme/k", "long-line"));
	EXPECT_EQ(-E2BIG, pu_write_str(device_file(1, "remote_url"), url));
	EXPECT_TEXT("short\n", device_file(1, "remote_url"));
	EXPECT_LT(3000, pu_read(device_file(1, "migration_version"), text,
				sizeof(text)));
}

TEST_F(kinds, ap)
{
	static const struct sim_text texts[] = {
		{ "resources",
		  "queues=05.0004,05.0006:05.0004,05.0006,0a.00ff" },
		{}
	};
	static const char *const bad[] = {
		"05.0005", "05.0004,", ",05.0004", "05.0004,05.0004",
		"0A.00FF", "5.4", "05.00040", "05.0004 05.0006", "05.000",
	};
	unsigned int i;

	ASSERT_EQ(0, sim_make("ap/k", "t", texts));
	ASSERT_EQ(0, sim_create("ap/k", "t", 1));
	EXPECT_TEXT("05.0004,05.0006\n", device_file(1, "queues"));
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		EXPECT_EQ(-EINVAL, pu_write_str(device_file(1, "queues"),
						bad[i]))
		TH_LOG("%s", bad[i]);
	}
	EXPECT_EQ(0, pu_write_str(device_file(1, "queues"), "0a.00ff,05.0004"));
	EXPECT_TEXT("0a.00ff,05.0004\n", device_file(1, "queues"));
}

/* Of a source with so many rings, what another type says to it. */
#define QAT_LINE(vendor)                                                       \
	"mdev_sim_qat-v1;api=vfio-pci;type=mdev_sim-t;sw=1.0.0;"               \
	"r.aggregator" vendor ";end"

TEST_F(kinds, qat)
{
	static const struct sim_text texts[] = {
		{ "rings", "4" }, { "resources", "aggregator=1" }, {}
	};
	static const struct {
		const char *check;
		int error;
	} verdict[] = {
		{ "any", 0 }, { "none", -EMEDIUMTYPE }, { "ENOMEM", -ENOMEM },
		{ "EINTR", -EINTR }, { "EOPNOTSUPP", -EOPNOTSUPP },
		{ "EIO", -EOPNOTSUPP },
	};
	unsigned int i;

	ASSERT_EQ(0, sim_make("qat/k", "t", texts));
	sim_type_file("qat/k", "t", "migration_version", path);
	EXPECT_TEXT(QAT_LINE(";vendor=rings%3D4") "\n", path);
	EXPECT_EQ(0, pu_write_str(path, QAT_LINE(";vendor=rings%3D4")));
	EXPECT_EQ(0, pu_write_str(path, QAT_LINE(";vendor=rings%3D1")));
	EXPECT_EQ(-EMEDIUMTYPE,
		  pu_write_str(path, QAT_LINE(";vendor=rings%3D5")));
	EXPECT_EQ(-EMEDIUMTYPE,
		  pu_write_str(path, QAT_LINE(";vendor=rings%3D04")));
	EXPECT_EQ(-EMEDIUMTYPE, pu_write_str(path, QAT_LINE(";vendor=")));
	EXPECT_EQ(-EMEDIUMTYPE, pu_write_str(path, QAT_LINE("")));
	EXPECT_EQ(0, sim_set("qat/k", "t", "check", "perhaps"));
	EXPECT_EQ(-EINVAL, sim_flash("qat/k", "perhaps"));
	for (i = 0; i < ARRAY_SIZE(verdict); i++) {
		ASSERT_EQ(0, sim_set("qat/k", "t", "check", verdict[i].check));
		ASSERT_EQ(0, sim_flash("qat/k", verdict[i].check));
		EXPECT_EQ(verdict[i].error,
			  pu_write_str(path, QAT_LINE(";vendor=rings%3D5")))
		TH_LOG("%s", verdict[i].check);
	}
}

TEST_HARNESS_MAIN

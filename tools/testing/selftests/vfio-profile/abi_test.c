// SPDX-License-Identifier: GPL-2.0-only
/*
 * What sysfs shows of types and instances of mtty, and of the test driver with
 * the same types: presence, mode and content of each attribute; and that types
 * of a driver that does not take part, mdpy, show what they always did.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "profile_util.h"

struct attr {
	const char *name;
	int mode;
	const char *text; /* '#' is the number of ports; NULL: not read */
};

#define ATTRS_NR 13

static const struct attr mtty_attrs[ATTRS_NR] = {
	{ "available_instances", 0444, NULL },
	{ "compatible_pci_ids", 0444, "4348:3253\n" },
	{ "compatible_ports", 0444, "#\n" },
	{ "compatible_software_version", 0444, "1.0,1.1\n" },
	{ "compatible_type", 0444, "mtty-#\n" },
	{ "create", 0200, NULL },
	{ "device_api", 0444, "vfio-pci\n" },
	{ "devices", 0755, NULL },
	{ "dynamic_resources", 0444, "\n" },
	{ "emitted_software_version", 0444, "1.0,1.1\n" },
	{ "migration_version", 0644,
	  "mtty-v1;api=vfio-pci;type=mtty-#;sw=1.1.0;f.pci_ids=4348:3253;f.ports=#;end\n" },
	{ "name", 0444, NULL },
	{ "software_version", 0444, "1.1.0\n" },
};

#define TEST_HEAD "vfio_profile_test-v1;api=vfio-pci;type=platform-#;"

static const struct attr test_attrs[ATTRS_NR] = {
	{ "available_instances", 0444, NULL },
	{ "compatible_pci_ids", 0444, "4348:3253\n" },
	{ "compatible_ports", 0444, "#\n" },
	{ "compatible_software_version", 0444, "1.0,1.1\n" },
	{ "compatible_type", 0444, "platform-#\n" },
	{ "create", 0200, NULL },
	{ "device_api", 0444, "vfio-pci\n" },
	{ "devices", 0755, NULL },
	{ "dynamic_resources", 0444, "\n" },
	{ "emitted_software_version", 0444, "1.1\n" },
	{ "migration_version", 0644,
	  TEST_HEAD "sw=1.1.0;f.pci_ids=4348:3253;f.ports=#;end\n" },
	{ "name", 0444, NULL },
	{ "software_version", 0444, "1.1.0\n" },
};

static const char test_types[] =
	"type 1\nversion 1.1.0\nadd pci_ids 4348:3253\nadd ports 1\n"
	"type 2\nversion 1.1.0\nadd pci_ids 4348:3253\nadd ports 2\n";

enum { LINE = 10 };

static char *expand(const char *text, char ports, char buf[PU_PAGE])
{
	char *to;

	snprintf(buf, PU_PAGE, "%s", text);
	for (to = buf; *to; to++)
		if (*to == '#')
			*to = ports;
	return buf;
}

FIXTURE(abi)
{
	const char *type;
	char line[PU_PAGE];
	char other_line[PU_PAGE];
};

FIXTURE_VARIANT(abi)
{
	const char *type, *types;
	const struct attr *attrs;
	char ports, other;
};

FIXTURE_VARIANT_ADD(abi, mtty_one_port) {
	.type = MTTY_TYPES "/mtty-1",
	.attrs = mtty_attrs,
	.ports = '1',
	.other = '2',
};

FIXTURE_VARIANT_ADD(abi, mtty_two_ports) {
	.type = MTTY_TYPES "/mtty-2",
	.attrs = mtty_attrs,
	.ports = '2',
	.other = '1',
};

FIXTURE_VARIANT_ADD(abi, test_driver) {
	.type = TEST_TYPES "/platform-1",
	.types = test_types,
	.attrs = test_attrs,
	.ports = '1',
	.other = '2',
};

FIXTURE_SETUP(abi)
{
	const char *line = variant->attrs[LINE].text;

	self->type = variant->type;
	expand(line, variant->ports, self->line);
	expand(line, variant->other, self->other_line);
	if (variant->types)
		ASSERT_EQ(0, pu_register(variant->types));
	ASSERT_TRUE(pu_exists(self->type))
	TH_LOG("the driver is not loaded");
	ASSERT_EQ(0, pu_create(self->type, 1));
}

FIXTURE_TEARDOWN(abi)
{
	EXPECT_EQ(0, pu_remove(1));
	if (variant->types)
		pu_unregister();
}

TEST_F(abi, type_has_these_files_and_no_others)
{
	char wanted[1024] = "", found[1024];
	size_t i, len = 0;

	for (i = 0; i < ATTRS_NR; i++)
		len += snprintf(wanted + len, sizeof(wanted) - len, "%s%s",
				i ? " " : "", variant->attrs[i].name);
	EXPECT_STREQ(wanted, pu_list(self->type, found, sizeof(found)));
}

TEST_F(abi, type_modes_and_content)
{
	char path[PU_PATH], wanted[PU_PAGE], text[PU_PAGE + 1];
	size_t i;

	for (i = 0; i < ATTRS_NR; i++) {
		const struct attr *a = &variant->attrs[i];

		snprintf(path, sizeof(path), "%s/%s", self->type, a->name);
		EXPECT_EQ(a->mode, pu_mode(path))
		TH_LOG("%s", path);
		if (!a->text)
			continue;
		expand(a->text, variant->ports, wanted);
		EXPECT_EQ((int)strlen(wanted),
			  pu_read(path, text, sizeof(text)));
		EXPECT_STREQ(wanted, text)
		TH_LOG("%s", path);
	}
}

TEST_F(abi, read_only_means_it)
{
	char path[PU_PATH];
	size_t i;

	for (i = 0; i < ATTRS_NR; i++) {
		const struct attr *a = &variant->attrs[i];

		if (!a->text || a->mode != 0444)
			continue;
		snprintf(path, sizeof(path), "%s/%s", self->type, a->name);
		EXPECT_EQ(-EACCES, pu_write_str(path, a->text))
		TH_LOG("%s", path);
		/* sysfs lets root change the mode, which changes nothing */
		EXPECT_EQ(0, chmod(path, 0644));
		EXPECT_EQ(-EIO, pu_write_str(path, self->line))
		TH_LOG("%s", path);
		EXPECT_EQ(0, chmod(path, 0444));
	}
}

TEST_F(abi, instance_shows_its_line)
{
	char path[PU_PATH], text[PU_PAGE + 1];
	const char *line = self->line;

	pu_device_file(1, "migration_version", path);
	EXPECT_EQ(0644, pu_mode(path));
	EXPECT_EQ((int)strlen(line), pu_read(path, text, sizeof(text)));
	EXPECT_STREQ(line, text);
}

TEST_F(abi, pieces_of_a_read_are_the_whole)
{
	char path[PU_PATH], text[PU_PAGE] = "";
	size_t len = 0;
	int fd;

	snprintf(path, sizeof(path), "%s/migration_version", self->type);
	fd = open(path, O_RDONLY);
	ASSERT_LE(0, fd);
	while (len < sizeof(text) - 1 && read(fd, text + len, 1) == 1)
		len++;
	close(fd);
	EXPECT_STREQ(self->line, text);
}

TEST_F(abi, takes_its_own_line_and_not_the_other_types)
{
	char type[PU_PATH], device[PU_PATH];

	snprintf(type, sizeof(type), "%s/migration_version", self->type);
	pu_device_file(1, "migration_version", device);
	EXPECT_EQ(0, pu_write_str(type, self->line));
	EXPECT_EQ(0, pu_write_str(device, self->line));
	EXPECT_EQ(-EMEDIUMTYPE, pu_write_str(type, self->other_line));
	EXPECT_EQ(-EMEDIUMTYPE, pu_write_str(device, self->other_line));
}

/* A driver without ops: nothing of the interface, on types and instances. */
TEST(mdpy_is_as_before)
{
	static const char *const types[] = { "mdpy-vga", "mdpy-xga",
					     "mdpy-hd" };
	static const struct attr attrs[] = {
		{ "available_instances", 0444, NULL },
		{ "create", 0200, NULL },
		{ "description", 0444, NULL },
		{ "device_api", 0444, "vfio-pci\n" },
		{ "devices", 0755, NULL },
		{ "name", 0444, NULL },
	};
	static const char before[] =
		"available_instances create description device_api devices name";
	char dir[PU_PATH / 2], path[PU_PATH], text[PU_PAGE + 1];
	unsigned int t, i;

	for (t = 0; t < 3; t++) {
		snprintf(dir, sizeof(dir), MDPY_TYPES "/%s", types[t]);
		EXPECT_STREQ(before, pu_list(dir, text, sizeof(text)));
		for (i = 0; i < 6; i++) {
			snprintf(path, sizeof(path), "%s/%s", dir,
				 attrs[i].name);
			EXPECT_EQ(attrs[i].mode, pu_mode(path));
			if (!attrs[i].text)
				continue;
			pu_read(path, text, sizeof(text));
			EXPECT_STREQ(attrs[i].text, text);
		}
	}
	ASSERT_EQ(0, pu_create(MDPY_TYPES "/mdpy-vga", 2));
	EXPECT_FALSE(pu_exists(pu_device_file(2, "migration_version", path)));
	EXPECT_EQ(0, pu_remove(2));
}

TEST_HARNESS_MAIN

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes to migration_version: each documented errno, and nothing accepted
 * that should not be, whatever is written.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "profile_util.h"

#define TYPE TEST_TYPES "/platform-t"
#define HEAD "x-v1;api=vfio-pci;type=platform-t;"
#define OTHER "another.vendor_2-v1;api=vfio-pci;type=platform-t;"
#define FIELDS "f.enc=aes;f.mode=x;"
#define LINE HEAD "sw=2.1.3;" FIELDS "r.aggregator;end"

static const char types[] = "type t\nversion 2.1.0\naccept 2.0\naccept 2.1\n"
			    "accept-type old-1\nadd mode x\n"
			    "t:list enc aes,gcm\ni:add enc aes\n"
			    "resource aggregator\n";

FIXTURE(line)
{
	char device[PU_PATH];
	char type[PU_PATH];
};

FIXTURE_SETUP(line)
{
	ASSERT_EQ(0, pu_register(types))
	TH_LOG("vfio_profile_test is not loaded, or in use");
	ASSERT_EQ(0, pu_create(TYPE, 1));
	pu_device_file(1, "migration_version", self->device);
	snprintf(self->type, sizeof(self->type), TYPE "/migration_version");
}

FIXTURE_TEARDOWN(line)
{
	pu_unregister();
}

TEST_F(line, compatible)
{
	char text[PU_PAGE + 1];
	int len;

	EXPECT_EQ(0, pu_write_str(self->type, LINE));
	EXPECT_EQ(0, pu_write_str(self->type, LINE "\n"));
	len = pu_read(self->type, text, sizeof(text));
	EXPECT_EQ(0, pu_write(self->type, text, len));
	len = pu_read(self->device, text, sizeof(text));
	EXPECT_EQ(0, pu_write(self->type, text, len));
	EXPECT_EQ(0, pu_write(self->device, text, len));
	EXPECT_STREQ("vfio_profile_test-v1;api=vfio-pci;type=platform-t;"
		     "sw=2.1.0;f.enc=aes;f.mode=x;r.aggregator=1;end\n",
		     text);
}

TEST_F(line, the_driver_is_named_and_not_compared)
{
	EXPECT_EQ(0, pu_write_str(self->type, OTHER "sw=2.0.0;end"));
	EXPECT_EQ(-EMEDIUMTYPE, pu_write_str(self->type, OTHER "sw=3.0.0;end"));
}

struct violation {
	const char *line;
	const char *rule; /* what the log names */
};

static const struct violation violations[] = {
	{ "x-v1;api=vfio-ap;type=platform-t;sw=2.1.0;" FIELDS "end",
	  "device_api: " },
	{ "x-v1;api=vfio-pci;type=platform-u;sw=2.1.0;" FIELDS "end",
	  "type: " },
	{ HEAD "sw=2.2.0;" FIELDS "end", "software_version: " },
	{ HEAD "sw=1.1.0;" FIELDS "end", "software_version: " },
	{ HEAD "sw=3.0.0;" FIELDS "end", "software_version: " },
	{ HEAD "sw=2.1.0;f.enc=aes,des;end",
	  "field enc: the destination lacks des" },
	{ HEAD "sw=2.1.0;f.other=1;end", "field other: " },
	{ HEAD "sw=2.1.0;r.fps;end", "dynamic_resources: " },
	{ HEAD "sw=2.1.0;vendor=;end", "vendor: " },
};

TEST_F_TIMEOUT(line, each_rule_violated_alone, 300)
{
	char text[512];
	unsigned int i;

	sleep(6); /* the log is rate limited: 10 lines in 5 seconds */
	for (i = 0; i < ARRAY_SIZE(violations); i++) {
		const struct violation *v = &violations[i];
		int log = pu_log_start();

		EXPECT_EQ(-EMEDIUMTYPE, pu_write_str(self->type, v->line))
		TH_LOG("%s", v->line);
		EXPECT_EQ(1, pu_log_count(log, "not compatible: ", text,
					  sizeof(text)));
		EXPECT_NE(NULL, strstr(text, v->rule)) TH_LOG("%s", text);
	}
	/* only the destination has it, another accepted type, older bugfix */
	EXPECT_EQ(0, pu_write_str(self->type, HEAD "sw=2.1.0;end"));
	EXPECT_EQ(0, pu_write_str(self->type, HEAD "sw=2.0.999;end"));
	EXPECT_EQ(0, pu_write_str(self->type,
				  "x-v1;api=vfio-pci;type=old-1;sw=2.1.0;end"));
}

TEST_F(line, resources_of_an_instance)
{
	char path[PU_PATH];

	EXPECT_EQ(-ENODATA, pu_write_str(self->device, LINE));
	EXPECT_EQ(0, pu_write_str(self->device, HEAD "sw=2.1.0;end"));
	EXPECT_EQ(0, pu_write_str(self->device,
				  HEAD "sw=2.1.0;r.aggregator=1;end"));
	EXPECT_EQ(-EMEDIUMTYPE, pu_write_str(self->device, HEAD
					     "sw=2.1.0;r.aggregator=2;end"));
	EXPECT_EQ(0,
		  pu_write_str(self->type, HEAD "sw=2.1.0;r.aggregator=2;end"));
	EXPECT_EQ(0,
		  pu_write_str(pu_device_file(1, "aggregator", path), "2\n"));
	EXPECT_EQ(0, pu_write_str(self->device,
				  HEAD "sw=2.1.0;r.aggregator=2;end"));
	/* a certain failure beats unknown */
	EXPECT_EQ(-EMEDIUMTYPE,
		  pu_write_str(self->device, HEAD "sw=3.0.0;r.aggregator;end"));
}

/* The only foreign free text that reaches the log. */
TEST_F(line, values_are_escaped_in_the_log)
{
	char text[512];
	int log;

	sleep(6); /* the log is rate limited */
	log = pu_log_start();
	EXPECT_EQ(-EMEDIUMTYPE,
		  pu_write_str(self->device,
			       HEAD "sw=2.1.0;r.aggregator=%0AOops%1B%FF;end"));
	EXPECT_EQ(1, pu_log_count(log, "Oops", text, sizeof(text)));
	EXPECT_NE(NULL, strstr(text, "the source has %0AOops%1B%FF, the"))
	TH_LOG("%s", text);
}

TEST_F(line, unable_at_present)
{
	static const char unable[] = "type t\nversion 2.1.0\ni:errno -95\n";
	char text[PU_PAGE + 1];

	ASSERT_EQ(0, pu_set_types(unable));
	EXPECT_EQ(-EOPNOTSUPP, pu_read(self->device, text, sizeof(text)));
	EXPECT_EQ(-EOPNOTSUPP, pu_write_str(self->device, HEAD "sw=2.1.0;end"));
	/* what is no line is told apart before the device is asked */
	EXPECT_EQ(-EINVAL, pu_write_str(self->device, "x"));
}

/* Whatever an instance says that its type did not is not shown. */
TEST_F(line, an_instance_that_goes_bad_is_not_shown)
{
	static const char *const bad[] = {
		"i:version 2.1\nresource aggregator\n",
		"i:version 2.0.0\nresource aggregator\n",
		"i:version 2.1.0\n",
		"i:version 2.1.0\nresource fps\n",
		"i:version 2.1.0\nresource aggregator\nadd more x\n",
		"i:version 2.1.0\nresource aggregator\nadd mode x y\n",
	};
	char text[PU_PAGE + 1], spec[256];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		snprintf(spec, sizeof(spec), "type t\n%s", bad[i]);
		ASSERT_EQ(0, pu_set_types(spec));
		EXPECT_EQ(-EOPNOTSUPP,
			  pu_read(self->device, text, sizeof(text)))
		TH_LOG("case %u", i);
		EXPECT_EQ(-EOPNOTSUPP,
			  pu_write_str(self->device, HEAD "sw=2.1.0;end"));
	}
	ASSERT_EQ(0,
		  pu_set_types("type t\nversion 2.1.0\nresource aggregator\n"));
	EXPECT_LT(0, pu_read(self->device, text, sizeof(text)));
}

TEST_F(line, check_decides)
{
	static const int errors[] = { 0, -EMEDIUMTYPE, -EOPNOTSUPP, -ENOMEM };
	char spec[256], text[PU_PAGE + 1];
	unsigned int i;

	pu_unregister();
	for (i = 0; i < 4; i++) {
		snprintf(spec, sizeof(spec),
			 "check %d\ntype t\nversion 2.1.0\n%s", errors[i],
			 i ? "vendor a;b\n" : "");
		ASSERT_EQ(0, pu_register(spec));
		pu_read(self->type, text, sizeof(text));
		EXPECT_NE(NULL, strstr(text, i ? ";vendor=a%3Bb;end\n" :
						 ";vendor=;end\n"));
		EXPECT_EQ(errors[i], pu_write_str(self->type, HEAD
						  "sw=2.1.0;vendor=x;end"));
		EXPECT_EQ(errors[i],
			  pu_write_str(self->type, HEAD "sw=2.1.0;end"));
		pu_unregister();
	}
	/* it is asked even if another rule fails, and cannot overrule that */
	ASSERT_EQ(0, pu_register("check 0\ntype t\nversion 2.1.0\n"));
	EXPECT_EQ(-EMEDIUMTYPE,
		  pu_write_str(self->type, HEAD "sw=3.0.0;vendor=;end"));
}

/* A driver that fails is named, however often it is asked, a few times. */
TEST_F(line, check_fails_and_the_log_is_not_flooded)
{
	char text[PU_PAGE + 1];
	int log = pu_log_start(), i;

	pu_unregister();
	ASSERT_EQ(0, pu_register("check -22\ntype t\nversion 2.1.0\n"));
	for (i = 0; i < 100; i++)
		EXPECT_EQ(-EOPNOTSUPP,
			  pu_write_str(self->type,
				       HEAD "sw=2.1.0;vendor=;end"));
	i = pu_log_count(log, "check() failed: -22", text, sizeof(text));
	EXPECT_LT(0, i);
	EXPECT_GE(20, i);
}

/* ---- what is no line ---- */

TEST_F(line, nothing)
{
	/* an empty write does not reach the driver, and says nothing */
	EXPECT_EQ(0, pu_write(self->type, "", 0));
	EXPECT_EQ(-EINVAL, pu_write_str(self->type, "\n"));
	EXPECT_EQ(-EINVAL, pu_write_str(self->device, "\n"));
}

TEST_F_TIMEOUT(line, every_proper_prefix, 300)
{
	char line[] = LINE;
	size_t len;

	for (len = 1; len < strlen(line); len++) {
		EXPECT_EQ(-EINVAL, pu_write(self->type, line, len));
		EXPECT_EQ(-EINVAL, pu_write(self->device, line, len));
	}
}

TEST_F(line, text_after_the_end)
{
	static const char *const bad[] = {
		LINE "\n\n", LINE ";",	LINE " ",
		LINE "\nx",  LINE "x",	"\n" LINE,
		" " LINE,    LINE LINE, LINE "\n" LINE "\n",
		LINE ";end",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++)
		EXPECT_EQ(-EINVAL, pu_write_str(self->type, bad[i]))
	TH_LOG("text %u", i);
}

TEST_F_TIMEOUT(line, nul, 300)
{
	char line[] = LINE "\n";
	size_t i;

	/* with the NUL that ends the string, and in place of each character */
	EXPECT_EQ(-EINVAL, pu_write(self->type, LINE, sizeof(LINE)));
	EXPECT_EQ(-EINVAL, pu_write(self->type, line, sizeof(line)));
	for (i = 0; i < strlen(LINE); i++) {
		char kept = line[i];

		line[i] = '\0';
		EXPECT_EQ(-EINVAL,
			  pu_write(self->type, line, sizeof(line) - 1));
		line[i] = kept;
	}
}

/* A line whose resource values make it @len long. */
static char *long_line(char *buf, size_t len)
{
	size_t used = sprintf(buf, HEAD "sw=2.1.0;");
	char name = 'a';

	while (len - used > sizeof("r.a=;end") + 1000) {
		used += sprintf(buf + used, "r.%c=", name++);
		memset(buf + used, 'v', 1000);
		used += 1000;
		buf[used++] = ';';
	}
	used += sprintf(buf + used, "r.%c=", name);
	memset(buf + used, 'v', len - used - 4);
	memcpy(buf + len - 4, ";end", 5);
	return buf;
}

TEST_F_TIMEOUT(line, long_lines, 300)
{
	char line[5002];

	/* the longest: a line of the grammar, and not compatible */
	EXPECT_EQ(-EMEDIUMTYPE,
		  pu_write_str(self->type, long_line(line, 4094)));
	line[4094] = '\n';
	EXPECT_EQ(-EMEDIUMTYPE, pu_write(self->type, line, 4095));
	EXPECT_EQ(-EINVAL, pu_write_str(self->type, long_line(line, 4095)));
	EXPECT_EQ(-EINVAL, pu_write_str(self->type, long_line(line, 4096)));
	EXPECT_EQ(-EINVAL, pu_write_str(self->type, long_line(line, 5000)));
	EXPECT_EQ(-EINVAL, pu_write_str(self->device, long_line(line, 5000)));
	/* sysfs cuts a write at a page: what is behind it must not count */
	memset(line, 'x', sizeof(line));
	memcpy(line + PU_PAGE, LINE, strlen(LINE));
	EXPECT_EQ(-EINVAL, pu_write(self->type, line, PU_PAGE + strlen(LINE)));
}

TEST_F_TIMEOUT(line, binary, 300)
{
	unsigned char junk[PU_PAGE];
	unsigned int i, j, seed = 1;

	for (i = 0; i < 200; i++) {
		size_t len = 1 + rand_r(&seed) % sizeof(junk);

		for (j = 0; j < len; j++)
			junk[j] = rand_r(&seed) >> 7;
		EXPECT_EQ(-EINVAL, pu_write(self->type, junk, len));
	}
}

/* One byte changed: refused, unless it is of the driver, minor or bugfix. */
TEST_F_TIMEOUT(line, one_byte_changed, 300)
{
	const size_t minor = strlen(HEAD "sw=2."), bugfix = minor + 2;
	char line[] = LINE;
	size_t i;
	int c;

	for (i = 0; i < strlen(LINE); i++) {
		char kept = line[i];

		for (c = 1; c < 256; c += 5) {
			int ret;

			line[i] = c;
			ret = pu_write(self->type, line, strlen(LINE));
			EXPECT_TRUE(ret == -EINVAL || ret == -EMEDIUMTYPE ||
				    (!ret && (line[i] == kept || !i ||
					      i == minor || i == bugfix)))
			TH_LOG("%d for %s", ret, line);
		}
		line[i] = kept;
	}
}

static const char *const not_lines[] = {
	"x-v2;api=vfio-pci;type=platform-t;sw=2.1.0;end",
	"x;api=vfio-pci;type=platform-t;sw=2.1.0;end",
	"-v1;api=vfio-pci;type=platform-t;sw=2.1.0;end",
	"x y-v1;api=vfio-pci;type=platform-t;sw=2.1.0;end",
	"x-v1;type=platform-t;api=vfio-pci;sw=2.1.0;end",
	"x-v1;api=vfio-pci;type=platform-t;end",
	HEAD "sw=2.1;end",
	HEAD "sw=2.1.00;end",
	HEAD "sw=2.1.65536;end",
	HEAD "sw=2.1.0;f.mode=x;f.enc=aes;end",
	HEAD "sw=2.1.0;f.enc=aes;f.enc=aes;end",
	HEAD "sw=2.1.0;f.enc=gcm,aes;end",
	HEAD "sw=2.1.0;f.enc=aes,aes;end",
	HEAD "sw=2.1.0;f.enc=aes,;end",
	HEAD "sw=2.1.0;f.enc=;end",
	HEAD "sw=2.1.0;f.enc=a%65s;end",
	HEAD "sw=2.1.0;f.Enc=aes;end",
	HEAD "sw=2.1.0;f.type=aes;end",
	HEAD "sw=2.1.0;r.aggregator=%3b;end",
	HEAD "sw=2.1.0;r.aggregator=%00;end",
	HEAD "sw=2.1.0;r.aggregator=%31;end",
	HEAD "sw=2.1.0;r.aggregator=%3;end",
	HEAD "sw=2.1.0;r.aggregator;r.fps=1;end",
	HEAD "sw=2.1.0;vendor=;r.aggregator;end",
	HEAD "sw=2.1.0;vendor=a;vendor=b;end",
	HEAD "sw=2.1.0;later=1;end",
	HEAD "sw=2.1.0;;end",
	HEAD "sw=2.1.0",
	HEAD "sw=2.1.0;END",
};

TEST_F(line, other_spellings)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(not_lines); i++)
		EXPECT_EQ(-EINVAL, pu_write_str(self->type, not_lines[i]))
	TH_LOG("spelling %u", i);
}

TEST_HARNESS_MAIN

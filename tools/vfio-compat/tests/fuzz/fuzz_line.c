// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any bytes as a migration_version line.  What is taken is printed as it came
 * in, every shorter line is refused, it takes its own state if it is a
 * destination too, and no message is cut inside of a character or unprintable.
 */
#include <linux/vfio_profile_engine.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "vfio-compat.h"

/* The name that libFuzzer calls it by. */
int fuzz_one(const uint8_t *data, size_t size)
	__asm__("LLVMFuzzerTestOneInput");

/* As the fuzzer's own assert(), which a release build would leave out. */
static void must(bool holds)
{
	if (!holds)
		abort();
}

static void must_be_printable(const char *text)
{
	for (; *text; text++)
		must(*text >= ' ' && *text < 0x7f);
}

/* The heap shows a read beyond the end of a copy. */
static int parse(struct vp_profile *p, const char *text, size_t len)
{
	char *copy = malloc(len + !len);
	int err;

	memcpy(copy, text, len);
	err = vp_parse(p, copy, len);
	free(copy);
	return err;
}

static void try_prefix(struct vp_profile *p, const char *line, size_t len,
		       size_t at)
{
	must(parse(p, line, at % len));
}

/* The source's part of any line can be compared with any other's. */
static void try_compare(const struct vp_profile *p)
{
	struct vp_verdict v;
	char text[512];
	unsigned int i;

	vp_compare(p, p, NULL, VP_PASS, &v);
	must(v.nr <= VP_ROWS_MAX && v.result <= VP_UNKNOWN);
	for (i = 0; i < v.nr; i++) {
		vp_reason(&v, i, p, p, NULL, text, sizeof(text));
		must_be_printable(text);
	}
}

static void try_library(const char *line, size_t len, bool valid)
{
	struct vfio_compat_object *obj;
	struct vfio_compat *ctx;
	int ret;

	must(!vfio_compat_new(&ctx));
	ret = vfio_compat_open_line(ctx, "-", line, len, &obj);
	must(ret == (valid ? VFIO_COMPAT_OK : VFIO_COMPAT_IO));
	must(!obj == !valid);
	if (!valid)
		must(vfio_compat_last_error(ctx)->message[0]);
	else
		must(!strncmp(vfio_compat_object_line(obj), line,
			      strlen(vfio_compat_object_line(obj))));
	vfio_compat_object_free(obj);
	vfio_compat_unref(ctx);
}

int fuzz_one(const uint8_t *data, size_t size)
{
	static struct vp_profile p, again;
	const char *text = (const char *)data;
	char line[VP_LINE_MAX + 1];
	int len;

	if (parse(&p, text, size)) {
		try_library(text, size, false);
		return 0;
	}
	len = vp_format(&p, line, sizeof(line));
	must(len > 0 && len <= VP_LINE_MAX && (size_t)len <= size);
	must(size - len <= 1 && !memcmp(line, text, len));
	must(size == (size_t)len || text[len] == '\n');
	try_prefix(&again, line, len, data[size / 2]);
	try_prefix(&again, line, len, len - 1);
	must(!vp_parse(&again, line, len));
	try_compare(&again);
	try_library(text, size, true);
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * Properties of the line and of the comparison that hold for every profile,
 * tried on random ones: line_test [SEED [ROUNDS]]
 *
 * Each input is copied to memory of exactly its size, so that a sanitizer sees
 * a single byte too many.
 */
#include <linux/vfio_profile_engine.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned int failures;
static __u64 state;

static unsigned int rnd(unsigned int below)
{
	state = state * 6364136223846793005ull + 1442695040888963407ull;
	return (state >> 33) % below;
}

static void fail(const char *what, const char *line)
{
	if (failures++ < 20)
		printf("# %s: %.300s\n", what, line);
}

static void random_word(char *buf, unsigned int most)
{
	static const char chars[] =
		"abcdefghijklmnopqrstuvwxyzABCXYZ0123456789_.:+-/@!~#[]{}|^";
	unsigned int len = 1 + rnd(rnd(8) ? 8 : most), i;

	for (i = 0; i < len; i++)
		buf[i] = chars[rnd(sizeof(chars) - 1)];
	buf[len] = '\0';
}

static void random_name(char *buf)
{
	static const char chars[] = "abcxyz_019";
	unsigned int len = rnd(rnd(8) ? 6 : 31), i;

	buf[0] = 'a' + rnd(26);
	for (i = 1; i <= len; i++)
		buf[i] = chars[rnd(sizeof(chars) - 1)];
	buf[len + 1] = '\0';
}

/* Any bytes but NUL. */
static void random_bytes(char *buf, unsigned int most)
{
	unsigned int len = rnd(rnd(8) ? 12 : most + 1), i;

	for (i = 0; i < len; i++)
		buf[i] = 1 + rnd(255);
	buf[len] = '\0';
}

static void random_identity(struct vp_profile *p)
{
	char driver[8] = "drv.X-1", api[VP_VALUE_MAX + 1];
	char type[VP_VALUE_MAX + 1], version[24];

	driver[1 + rnd(6)] = '\0';
	random_word(api, VP_VALUE_MAX);
	random_word(type, VP_VALUE_MAX);
	snprintf(version, sizeof(version), "%u.%u.%u", rnd(3), rnd(60),
		 rnd(65536));
	vp_init(p);
	vp_identify(p, driver, api, type);
	vp_version(p, version);
}

/* A sealed profile with a bit of everything; false if it came out too big. */
static bool random_profile(struct vp_profile *p, bool instance)
{
	char name[VP_NAME_MAX + 1], value[VP_RESOURCE_MAX + 1];
	unsigned int i, n, count;

	random_identity(p);
	for (i = rnd(5); i; i--) {
		random_name(name);
		for (n = 1 + rnd(rnd(6) ? 4 : 40); n; n--) {
			random_word(value, VP_VALUE_MAX);
			vp_add(p, name, value);
		}
	}
	for (count = rnd(4), i = 0; i < count; i++) {
		random_name(name);
		random_bytes(value, VP_RESOURCE_MAX);
		vp_resource(p, name, instance ? value : NULL);
	}
	if (!rnd(4)) {
		random_bytes(value, VP_VENDOR_MAX);
		vp_vendor(p, value);
	}
	return !vp_seal(p, instance);
}

/* Parse a copy that ends where its memory ends. */
static int parse(struct vp_profile *p, const char *text, size_t len)
{
	char *copy = malloc(len ? len : 1);
	int ret;

	memcpy(copy, text, len);
	memset(p, 0xa5, sizeof(*p));
	ret = vp_parse(p, copy, len);
	free(copy);
	return ret;
}

static bool formats_as(const struct vp_profile *p, const char *text, size_t len)
{
	char out[VP_LINE_MAX + 1];
	int n = vp_format(p, out, sizeof(out));

	return n >= 0 && (size_t)n == len && !memcmp(out, text, len);
}

/* parse(format(p)) is p, and no proper prefix is a line. */
static void try_line(const struct vp_profile *p)
{
	static struct vp_profile q;
	char line[VP_LINE_MAX + 2];
	int len = vp_format(p, line, sizeof(line) - 1), i;

	if (len < 0) {
		fail("a sealed profile has no line", vp_str(p, p->type));
		return;
	}
	if (parse(&q, line, len) || !formats_as(&q, line, len))
		fail("parse(format(p)) is not p", line);
	line[len] = '\n';
	if (parse(&q, line, len + 1) || !formats_as(&q, line, len))
		fail("one newline may follow", line);
	for (i = 0; i < len; i++)
		if (parse(&q, line, i) != -EINVAL)
			fail("a proper prefix is a line", line);
}

/* Whatever is accepted is what would be written for it. */
static void try_mutations(const struct vp_profile *p, unsigned int count)
{
	static const char bytes[] = ";=,%.-v1fr 0aA\n\x80\xff";
	static struct vp_profile q;
	char line[VP_LINE_MAX + 1], text[VP_LINE_MAX + 1];
	int len = vp_format(p, line, sizeof(line));

	while (len > 0 && count--) {
		unsigned int changes = 1 + rnd(3), at, size = len;

		memcpy(text, line, len);
		while (changes--) {
			at = rnd(size);
			if (!rnd(3) && size > 1)
				memmove(text + at, text + at + 1, --size - at);
			else
				text[at] = rnd(2) ? (char)rnd(256) :
					   bytes[rnd(sizeof(bytes))];
		}
		if (!parse(&q, text, size) &&
		    !formats_as(&q, text, size - (text[size - 1] == '\n')))
			fail("accepted, but not what is written for it", line);
	}
}

/* Attributes that are loaded give the profile that showed them. */
static void try_attributes(const struct vp_profile *p)
{
	static struct vp_profile q;
	char name[VP_ATTR_NAME_SIZE], text[VP_LINE_MAX + 1];
	unsigned int i;

	vp_init(&q);
	vp_identify(&q, vp_str(p, p->driver), vp_str(p, p->api),
		    vp_str(p, p->type));
	if (p->vendor)
		vp_vendor(&q, vp_str(p, p->vendor));
	for (i = 0; i < vp_attr_count(p); i++) {
		int len = vp_attr_text(p, i, text, sizeof(text));
		char *copy = malloc(len > 0 ? len : 1);

		memcpy(copy, text, len > 0 ? len : 0);
		vp_attr_name(p, i, name, sizeof(name));
		if (len < 0 || (vp_load(&q, name, copy, len) &&
				strcmp(name, "migration_version")))
			fail("an attribute cannot be loaded", name);
		free(copy);
	}
	vp_format(p, text, sizeof(text));
	if (vp_seal(&q, false) || !formats_as(&q, text, strlen(text)))
		fail("loaded attributes give another profile", text);
}

/* The reasons and the outcome of a verdict belong together. */
static void try_verdict(const struct vp_verdict *v,
			const struct vp_profile *src,
			const struct vp_profile *dst)
{
	enum vp_result want = VP_PASS;
	unsigned int i, nr = 0;
	char text[64];

	for (i = 0; i < v->nr; i++) {
		if (v->row[i].result == VP_FAIL)
			want = VP_FAIL;
		if (v->row[i].result == VP_UNKNOWN && want == VP_PASS)
			want = VP_UNKNOWN;
		if (vp_reason(v, i, src, dst, NULL, text, sizeof(text)) <= 0)
			fail("a rule without a reason", vp_str(src, src->type));
		nr += v->row[i].rule == VP_RULE_FIELD && v->row[i].src >= 0;
	}
	if (v->result != want)
		fail("the outcome is not that of the rules", vp_str(src, src->type));
	if (nr != src->nr_fields)
		fail("not every field was compared", vp_str(src, src->type));
}

static void try_compare(const struct vp_profile *a, const struct vp_profile *b)
{
	static struct vp_profile line;
	static struct vp_verdict v;
	char text[VP_LINE_MAX + 1];

	vp_compare(a, a, NULL, VP_PASS, &v);
	try_verdict(&v, a, a);
	if (v.result != VP_PASS)
		fail("a type does not take itself", vp_str(a, a->type));
	vp_compare(a, b, NULL, VP_UNKNOWN, &v);
	try_verdict(&v, a, b);

	/* the line of a source decides as the source itself does */
	vp_format(a, text, sizeof(text));
	parse(&line, text, strlen(text));
	vp_compare(&line, a, NULL, VP_PASS, &v);
	if (v.result != VP_PASS)
		fail("a type does not take its own line", text);
}

int main(int argc, char **argv)
{
	static struct vp_profile type, instance, before;
	unsigned int rounds = argc > 2 ? atoi(argv[2]) : 300, i, used = 0;
	unsigned long seed = argc > 1 ? strtoul(argv[1], NULL, 0) : 1;

	state = seed;
	printf("# seed %lu, %u rounds\n", seed, rounds);
	random_profile(&before, false);
	for (i = 0; i < rounds; i++) {
		if (!random_profile(&type, false))
			continue;
		used++;
		try_line(&type);
		try_mutations(&type, 200);
		try_attributes(&type);
		try_compare(&type, &before);
		if (random_profile(&instance, true)) {
			try_line(&instance);
			try_mutations(&instance, 200);
		}
		before = type;
	}
	printf("%s %u random profiles, %u properties broken\n",
	       failures || used < rounds / 2 ? "not ok" : "ok", used, failures);
	printf("%d passed, %d failed, 0 skipped\n",
	       !failures && used >= rounds / 2, failures || used < rounds / 2);
	return failures || used < rounds / 2;
}

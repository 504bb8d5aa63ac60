// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * The table of cases for the engine: how one is run, and what they share.
 * The cases themselves are in cases_*.c.
 */
#include "cases_private.h"
#ifdef __KERNEL__
#include <linux/stdarg.h>
#else
#include <stdarg.h>
#endif

struct vp_work vp_work;

static const struct vp_table *const vp_tables[] = {
	&vp_line_table,	  &vp_profile_table, &vp_verdict_table,
	&vp_bytes_table, &vp_limits_table,  &vp_random_table,
};

/* Where vp_fail() writes, for the one case that runs. */
static char *vp_msg;
static size_t vp_msg_size;

/* ---- the table ---- */

static const struct vp_case *find_case(unsigned int i)
{
	unsigned int t;

	for (t = 0; t < ARRAY_SIZE(vp_tables); t++) {
		if (i < vp_tables[t]->nr)
			return &vp_tables[t]->cases[i];
		i -= vp_tables[t]->nr;
	}
	return NULL;
}

unsigned int vp_cases_count(void)
{
	unsigned int t, nr = 0;

	for (t = 0; t < ARRAY_SIZE(vp_tables); t++)
		nr += vp_tables[t]->nr;
	return nr;
}

const char *vp_case_name(unsigned int i)
{
	const struct vp_case *c = find_case(i);

	return c ? c->name : "";
}

static int check_guard(const char *what, const unsigned char *guard)
{
	unsigned int i;

	for (i = 0; i < VP_GUARD; i++)
		if (guard[i] != 0xa5)
			return vp_fail("wrote outside: guard %u of %s", i, what);
	return 0;
}

static int check_guards(void)
{
	static const char *const names[] = { "source", "destination",
					     "instance", "fourth profile" };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (check_guard(names[i], vp_work.slot[i].guard))
			return 1;
	return check_guard("verdict", vp_work.guard_verdict) ||
	       check_guard("first text", vp_work.buf[0].guard) ||
	       check_guard("second text", vp_work.buf[1].guard) ||
	       check_guard("end", vp_work.guard_end);
}

int vp_case_run(unsigned int i, char *msg, size_t size)
{
	const struct vp_case *c = find_case(i);

	vp_msg = msg;
	vp_msg_size = size;
	if (size)
		msg[0] = '\0';
	if (!c)
		return vp_fail("there is no case %u", i);
	memset(&vp_work, 0xa5, sizeof(vp_work));
	return c->run(c) ? 1 : check_guards();
}

/* ---- saying what differs ---- */

int vp_fail(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(vp_msg, vp_msg_size, format, args);
	va_end(args);
	return 1;
}

int vp_same_int(const char *what, int got, int want)
{
	return got == want ? 0 : vp_fail("%s is %d, not %d", what, got, want);
}

int vp_same_text(const char *what, const char *got, const char *want)
{
	if (got && want && !strcmp(got, want))
		return 0;
	return vp_fail("%s is \"%s\", not \"%s\"", what, got ?: "",
		       want ?: "");
}

/* ---- building ---- */

int vp_build(struct vp_profile *p, const char *spec, bool instance)
{
	int ret;

	vp_init(p);
	vp_identify(p, "drv", "vfio-pci", "t-1");
	ret = vp_spec(p, spec, instance);
	if (ret != vp_error(p))
		return ret ?: -EPROTO; /* a directive that is none */
	return vp_seal(p, instance);
}

int vp_take(struct vp_profile *p, const char *text)
{
	if (strstr(text, "-v1;"))
		return vp_parse(p, text, strlen(text));
	return vp_build(p, text, false);
}

int vp_attr_is(const struct vp_profile *p, const char *name, const char *want)
{
	char attr[VP_ATTR_NAME_SIZE];
	unsigned int i;
	int len;

	for (i = 0; i < vp_attr_count(p); i++) {
		len = vp_attr_name(p, i, attr, sizeof(attr));
		if (len != (int)strlen(attr))
			return vp_fail("length of name %u is %d", i, len);
		if (strcmp(attr, name))
			continue;
		len = vp_attr_text(p, i, W_OUT, VP_TEXT_SIZE);
		if (len < 0)
			return vp_fail("%s cannot be read: %d", name, len);
		return vp_same_text(name, W_OUT, want) ||
		       vp_same_int("its length", len, strlen(want));
	}
	return vp_fail("there is no %s", name);
}

int vp_explained(const struct vp_profile *p, const char *want)
{
	int len = vp_explain(p, W_OUT, VP_TEXT_SIZE);

	return vp_same_text("explanation", W_OUT, want) ||
	       vp_same_int("its length", len, strlen(want));
}

int vp_is_line(const char *buf, size_t len)
{
	int ret = vp_parse(W_TMP, buf, len);

	if (ret)
		return vp_fail("refused with %d: %.*s", ret, (int)len, buf);
	ret = vp_format(W_TMP, W_OUT, VP_TEXT_SIZE);
	if (ret < 0)
		return vp_fail("cannot be formatted: %d", ret);
	if (len && buf[len - 1] == '\n')
		len--;
	if ((size_t)ret != len || memcmp(buf, W_OUT, len) || W_OUT[len])
		return vp_fail("\"%.*s\" came back as \"%s\"", (int)len, buf,
			       W_OUT);
	return 0;
}

int vp_no_line(const char *buf, size_t len)
{
	int ret = vp_parse(W_TMP, buf, len);

	if (ret == -EINVAL)
		return 0;
	return vp_fail("gave %d, not -EINVAL: %.*s", ret, (int)len, buf);
}

/* ---- text ---- */

size_t vp_put(char *buf, size_t at, const char *text)
{
	while (*text && at + 1 < VP_TEXT_SIZE)
		buf[at++] = *text++;
	buf[at] = '\0';
	return at;
}

size_t vp_put_run(char *buf, size_t at, char c, unsigned int nr)
{
	const char text[2] = { c, '\0' };

	while (nr--)
		at = vp_put(buf, at, text);
	return at;
}

size_t vp_put_num(char *buf, size_t at, unsigned int num)
{
	char text[12];

	snprintf(text, sizeof(text), "%u", num);
	return vp_put(buf, at, text);
}

__u32 vp_random(__u32 *state, __u32 below)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state % below;
}

const char *vp_summary(const struct vp_verdict *v, const struct vp_profile *src,
		       const struct vp_profile *dst)
{
	static const char *const results[] = { "compatible", "incompatible",
					       "unknown" };
	size_t at = vp_put(W_OUT, 0, results[v->result]);
	unsigned int i;

	if (v->cross_type)
		at = vp_put(W_OUT, at, " cross-type");
	for (i = 0; i < v->nr; i++) {
		const char *name = vp_row_name(v, i, src, dst);
		const struct vp_row *row = &v->row[i];

		if (row->result != VP_FAIL && row->result != VP_UNKNOWN)
			continue;
		at = vp_put(W_OUT, at, " ");
		at = vp_put(W_OUT, at, vp_rule_name(row->rule));
		if (name)
			at = vp_put(W_OUT, at, ".");
		if (name)
			at = vp_put(W_OUT, at, name);
		if (row->result == VP_UNKNOWN)
			at = vp_put(W_OUT, at, "?");
	}
	return W_OUT;
}

// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * What would make a pair fit: what can be set or pinned, or else what to look
 * for.
 */
#include <string.h>

#include "explain.h"

static bool is_rule(struct pair *pair, unsigned int i, const char *rule,
		    enum vfio_compat_result result)
{
	return vfio_compat_reason_result(pair->verdict, i) == result &&
	       !strcmp(vfio_compat_reason_rule(pair->verdict, i), rule);
}

/* Number of the first rule of that name with that outcome, or -1. */
static int find_rule(struct pair *pair, const char *rule,
		     enum vfio_compat_result result)
{
	unsigned int i;

	for (i = 0; i < vfio_compat_verdict_count(pair->verdict); i++)
		if (is_rule(pair, i, rule, result))
			return i;
	return -1;
}

/* "2.1" of "2.1.3" */
static void series_of(struct vfio_compat_object *obj, char *series, size_t size)
{
	const char *version = vfio_compat_object_version(obj);
	const char *dot = strrchr(version, '.');

	snprintf(series, size, "%.*s", dot ? (int)(dot - version) : 0, version);
}

/* ---- pins ---- */

static bool can_be_pinned(struct vfio_compat_object *obj)
{
	enum vfio_compat_node node = vfio_compat_object_node(obj);

	return node == VFIO_COMPAT_MDEV || node == VFIO_COMPAT_PCI;
}

/* On which host it has to be typed is told by who has no folder here. */
static void print_pin(struct vfio_compat_object *obj, const char *series)
{
	fputs("run \"vfio-compat pin ", stdout);
	print_escaped(stdout, vfio_compat_object_name(obj));
	printf(" %s\"%s", series,
	       vfio_compat_object_path(obj) ? "" : " on its host");
}

static void advise_pin(struct pair *pair)
{
	const char *pin = vfio_compat_verdict_pin(pair->verdict);

	if (!pin)
		return;
	printf("  Both know version %s: ", pin);
	if (can_be_pinned(pair->src)) {
		print_pin(pair->src, pin);
		puts(" while it is not open, and compare again.");
	} else {
		puts("pin the source to it before it is opened, and compare again.");
	}
}

/* A pin limits what a destination takes, too. */
static bool is_pinned_below(struct pair *pair, const char *series)
{
	const char *entry;
	unsigned int i;

	if (!vfio_compat_object_pin(pair->dst))
		return false;
	for (i = 0; (entry = vfio_compat_object_entry(pair->dst,
						      VFIO_COMPAT_EMITS, i)); i++)
		if (!strcmp(entry, series))
			return true;
	return false;
}

static void advise_unpin(struct pair *pair)
{
	char series[16];

	series_of(pair->src, series, sizeof(series));
	if (find_rule(pair, "software_version", VFIO_COMPAT_FAIL) < 0 ||
	    !is_pinned_below(pair, series))
		return;
	printf("  The destination takes no more than its pin: ");
	print_pin(pair->dst, series);
	puts(" while it is not open.");
}

/* ---- resources ---- */

static bool is_printable(const char *text)
{
	for (; *text; text++)
		if (*text < ' ' || *text > '~')
			return false;
	return true;
}

static void advise_resource(struct pair *pair, unsigned int i)
{
	const char *name = vfio_compat_reason_field(pair->verdict, i);
	const char *value = vfio_compat_reason_value(pair->verdict, i,
						     VFIO_COMPAT_SOURCE, 0);

	if (!name || !is_rule(pair, i, "dynamic_resources", VFIO_COMPAT_FAIL))
		return;
	if (value && value[0] && is_printable(value)) {
		printf("  Set %s of ", name);
		print_name(stdout, vfio_compat_object_name(pair->dst));
		fputs(strpbrk(value, " ,\"") ? " to \"" : " to ", stdout);
		print_escaped(stdout, value);
		fputs(strpbrk(value, " ,\"") ? "\"" : "", stdout);
	} else {
		printf("  Copy %s from the source to ", name);
		print_name(stdout, vfio_compat_object_name(pair->dst));
	}
	puts(" before it is opened.");
}

/* ---- another destination ---- */

/* What such a destination has to accept is called. */
static const char *what_fails(struct pair *pair, unsigned int i)
{
	const char *rule = vfio_compat_reason_rule(pair->verdict, i);
	const char *field = vfio_compat_reason_field(pair->verdict, i);

	if (vfio_compat_reason_result(pair->verdict, i) != VFIO_COMPAT_FAIL ||
	    !strcmp(rule, "vendor"))
		return NULL;
	if (!strcmp(rule, "software_version"))
		return vfio_compat_verdict_pin(pair->verdict) ? NULL : "version";
	if (!strcmp(rule, "dynamic_resources"))
		return field ? NULL : "resource";
	return field ? field : rule;
}

static void print_missing(struct pair *pair, unsigned int i)
{
	const char *value;
	char series[16];
	unsigned int n;

	if (is_rule(pair, i, "software_version", VFIO_COMPAT_FAIL)) {
		series_of(pair->src, series, sizeof(series));
		fputs(series, stdout);
		return;
	}
	for (n = 0; (value = vfio_compat_reason_value(pair->verdict, i,
						      VFIO_COMPAT_MISSING, n)); n++) {
		fputs(n ? "," : "", stdout);
		print_escaped(stdout, value);
	}
}

static void advise_other(struct pair *pair)
{
	const char *what;
	bool any = false;
	unsigned int i;

	for (i = 0; i < vfio_compat_verdict_count(pair->verdict); i++) {
		what = what_fails(pair, i);
		if (!what)
			continue;
		printf("%s%s ", any ? " and " :
		       "  Look for a destination that accepts ", what);
		print_missing(pair, i);
		any = true;
	}
	if (any)
		puts(".");
}

static bool has_value(struct pair *pair, unsigned int i,
		      enum vfio_compat_side side, unsigned int n)
{
	return vfio_compat_reason_value(pair->verdict, i, side, n);
}

/* Whether the destination has some values of a field, and lacks others. */
static bool lacks_some(struct pair *pair, unsigned int i)
{
	unsigned int n = 0;

	while (has_value(pair, i, VFIO_COMPAT_MISSING, n))
		n++;
	return is_rule(pair, i, "field", VFIO_COMPAT_FAIL) &&
	       has_value(pair, i, VFIO_COMPAT_SOURCE, n);
}

/* Whether that is all that fails, or a pin helps with the rest. */
static bool may_need_less(struct pair *pair)
{
	unsigned int i, fails = 0, lacks = 0;

	for (i = 0; i < vfio_compat_verdict_count(pair->verdict); i++) {
		fails += vfio_compat_reason_result(pair->verdict, i) ==
			 VFIO_COMPAT_FAIL;
		lacks += lacks_some(pair, i);
	}
	if (vfio_compat_verdict_pin(pair->verdict))
		lacks++;
	return fails && fails == lacks;
}

/* A type needs all that any instance of it may need. */
static void advise_instance(struct pair *pair)
{
	if (vfio_compat_object_node(pair->src) != VFIO_COMPAT_TYPE)
		return;
	if (find_rule(pair, "dynamic_resources", VFIO_COMPAT_UNDECIDED) >= 0)
		puts("  Compare the instance that is to move: a type has no values.");
	else if (may_need_less(pair))
		puts("  Compare the instance that is to move: it may need less than its type.");
}

/* ---- the driver, and what is not about the pair ---- */

static void advise_vendor(struct cmd *cmd, struct pair *pair)
{
	if (vfio_compat_verdict_result(pair->verdict) == VFIO_COMPAT_UNDECIDED &&
	    find_rule(pair, "vendor", VFIO_COMPAT_UNDECIDED) >= 0 && !cmd->probe)
		puts("  --probe asks the destination's driver, if it is a device of this machine.");
	if (vfio_compat_verdict_probed(pair->verdict)) {
		fputs("  The destination's driver was asked", stdout);
		puts(find_rule(pair, "vendor", VFIO_COMPAT_FAIL) < 0 ? "." :
		     "; the kernel log there may say why it refuses.");
	}
}

static void advise_capacity(struct pair *pair)
{
	if (vfio_compat_verdict_result(pair->verdict) == VFIO_COMPAT_PASS &&
	    vfio_compat_object_node(pair->dst) == VFIO_COMPAT_TYPE &&
	    !vfio_compat_object_available(pair->dst))
		puts("  It has no instance free at present: remove one, or take another parent.");
}

/* The source is of an older series, to which the destination can be pinned. */
static void advise_way_back(struct pair *pair)
{
	const char *own = vfio_compat_object_version(pair->src), *series;
	unsigned int i;
	size_t n;

	if (vfio_compat_verdict_return(pair->verdict) != VFIO_COMPAT_FAIL ||
	    vfio_compat_verdict_result(pair->verdict) != VFIO_COMPAT_PASS)
		return;
	for (i = 0; (series = vfio_compat_object_entry(pair->dst,
						       VFIO_COMPAT_EMITS, i)); i++) {
		n = strlen(series);
		if (!strncmp(own, series, n) && own[n] == '.')
			break;
	}
	/* the last is its own, which is no pin; the text goes with the next call */
	if (series && vfio_compat_object_entry(pair->dst, VFIO_COMPAT_EMITS, i + 1))
		printf(", but perhaps once it is pinned to %.*s, which claim does",
		       (int)n, own);
}

/**
 * advise - print what would make a pair fit, and whether it could come back
 * @cmd: the run
 * @pair: what was compared; it has a verdict
 */
void advise(struct cmd *cmd, struct pair *pair)
{
	static const char * const back[] = { "yes", "no", "unknown" };
	struct vfio_compat_verdict *verdict = pair->verdict;
	unsigned int i;

	advise_pin(pair);
	advise_unpin(pair);
	for (i = 0; i < vfio_compat_verdict_count(verdict); i++)
		advise_resource(pair, i);
	advise_other(pair);
	advise_instance(pair);
	if (cmd->code == VFIO_COMPAT_CROSS_TYPE)
		puts("  Give --cross-type to permit another type.");
	advise_vendor(cmd, pair);
	advise_capacity(pair);
	printf("  The way back: %s", back[vfio_compat_verdict_return(verdict)]);
	advise_way_back(pair);
	puts(".");
}

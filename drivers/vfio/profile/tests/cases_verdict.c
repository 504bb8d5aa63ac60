// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * Cases of the verdict: the rules one by one and together, the words that
 * give the reason, and the labels.  The destination is a type "t-1" of driver
 * "drv" with API "vfio-pci"; an instance is given by its line.
 */
#include "cases_private.h"

/* A source (a line, or directives of a type) and a type. */
#define COMPARE(title, source, destination, summary)                   \
	{ .name = "compare: " title, .run = run_compare,              \
	  .in = (source), .dst = (destination), .opt = VP_UNKNOWN,    \
	  .want = (summary) }
/* The same with an instance of that type. */
#define COMPARE_INST(title, source, destination, instance_, summary)     \
	{ .name = "compare: " title, .run = run_compare,                \
	  .in = (source), .dst = (destination), .inst = (instance_),    \
	  .opt = VP_UNKNOWN, .want = (summary) }
/* The same with an outcome of the destination driver's check(). */
#define CHECK(title, source, destination, outcome, summary)             \
	{ .name = "check: " title, .run = run_compare, .in = (source), \
	  .dst = (destination), .opt = (outcome), .want = (summary) }
#define REASON(title, source, destination, instance_, outcome, row, words) \
	{ .name = "reason: " title, .run = run_reason, .in = (source),    \
	  .dst = (destination), .inst = (instance_), .opt = (outcome),    \
	  .key = (row), .want = (words) }
/* Both sides of a row: "source | destination". */
#define VALUES(title, source, destination, instance_, row, words)         \
	{ .name = "values: " title, .run = run_values, .in = (source),    \
	  .dst = (destination), .inst = (instance_), .opt = VP_UNKNOWN,   \
	  .key = (row), .want = (words) }
#define LABEL(title, whose, source, labels)                            \
	{ .name = "label: " title, .run = run_label, .in = (source), \
	  .opt = (whose), .want = (labels) }

#define HEAD "src-v1;api=vfio-pci;type=t-1;sw=1.0.0"
#define SRC(version, rest) \
	"src-v1;api=vfio-pci;type=t-1;sw=" version rest ";end"
#define INST(version, rest) \
	"drv-v1;api=vfio-pci;type=t-1;sw=" version rest ";end"
#define V "version 1.0.0;"

/* Build both sides and compare them. */
static int compare(const struct vp_case *c)
{
	int ret = vp_take(W_SRC, c->in);

	if (ret)
		return vp_fail("source: %d", ret);
	ret = vp_build(W_DST, c->dst, false);
	if (ret)
		return vp_fail("destination: %d", ret);
	ret = c->inst ? vp_parse(W_INST, c->inst, strlen(c->inst)) : 0;
	if (ret)
		return vp_fail("instance: %d", ret);
	vp_compare(W_SRC, W_DST, c->inst ? W_INST : NULL, c->opt, W_VERDICT);
	return 0;
}

/* What each row says, and the whole from the rows. */
static int check_rows(const struct vp_verdict *v)
{
	int result = VP_PASS, last = 0;
	unsigned int i;

	if (v->nr < 4 || v->nr > VP_ROWS_MAX)
		return vp_fail("there are %u rows", v->nr);
	for (i = 0; i < v->nr; i++) {
		const struct vp_row *row = &v->row[i];

		if (row->rule < last || row->rule > VP_RULE_VENDOR)
			return vp_fail("row %u: rule %u", i, row->rule);
		last = row->rule;
		if (row->result == VP_FAIL)
			result = VP_FAIL;
		if (row->result == VP_UNKNOWN && result == VP_PASS)
			result = VP_UNKNOWN;
		if (row->rule == VP_RULE_FIELD ? row->src < 0 && row->dst < 0 :
						 row->result == VP_IGNORED)
			return vp_fail("row %u is about nothing", i);
	}
	return vp_same_int("result", v->result, result);
}

static int run_compare(const struct vp_case *c)
{
	static const int errnos[] = { 0, -EMEDIUMTYPE, -ENODATA };

	if (compare(c) || check_rows(W_VERDICT))
		return 1;
	if (vp_same_int("vp_errno()", vp_errno(W_VERDICT),
			errnos[W_VERDICT->result]))
		return 1;
	return vp_same_text("verdict", vp_summary(W_VERDICT, W_SRC, W_DST),
			    c->want);
}

/* Whether row @i is called @key: "type", "field.ids", .. */
static bool row_is(unsigned int i, const char *key)
{
	const char *name = vp_row_name(W_VERDICT, i, W_SRC, W_DST);
	size_t at = vp_put(W_OUT, 0, vp_rule_name(W_VERDICT->row[i].rule));

	if (name) {
		at = vp_put(W_OUT, at, ".");
		vp_put(W_OUT, at, name);
	}
	return !strcmp(W_OUT, key);
}

static size_t put_value(size_t at, unsigned int i, enum vp_side side,
			const struct vp_profile *inst)
{
	int len = vp_row_value(W_VERDICT, i, side, W_SRC, W_DST, inst,
			       W_OUT + at, 200 - at);

	return at + (len > 0 ? len : 0);
}

static int run_values(const struct vp_case *c)
{
	const struct vp_profile *inst = c->inst ? W_INST : NULL;
	unsigned int i;
	size_t at;

	if (compare(c))
		return 1;
	for (i = 0; i < W_VERDICT->nr; i++) {
		if (!row_is(i, c->key))
			continue;
		at = put_value(0, i, VP_SOURCE, inst);
		at = vp_put(W_OUT, at, " | ");
		put_value(at, i, VP_DESTINATION, inst);
		return vp_same_text("values", W_OUT, c->want);
	}
	return vp_fail("there is no row %s", c->key);
}

static int run_reason(const struct vp_case *c)
{
	size_t at;
	unsigned int i;
	int len;

	if (compare(c))
		return 1;
	for (i = 0; i < W_VERDICT->nr; i++) {
		if (!row_is(i, c->key))
			continue;
		at = vp_put(W_OUT, 0, vp_result_name(W_VERDICT->row[i].result));
		at = vp_put(W_OUT, at, ": ");
		len = vp_reason(W_VERDICT, i, W_SRC, W_DST,
				c->inst ? W_INST : NULL, W_OUT + at,
				VP_TEXT_SIZE - at);
		return vp_same_text(c->key, W_OUT, c->want) ||
		       vp_same_int("its length", len + at, strlen(c->want));
	}
	return vp_fail("there is no row %s", c->key);
}

static int run_label(const struct vp_case *c)
{
	int len, ret = vp_take(W_SRC, c->in);
	size_t at = 0;
	unsigned int i;

	if (ret)
		return vp_fail("profile: %d", ret);
	for (i = 0;; i++) {
		len = vp_label(W_SRC, c->opt, i, W_IN, 128);
		if (len == -ENOENT)
			break;
		if (len < 1 || len > 127 || len != (int)strlen(W_IN))
			return vp_fail("label %u: length %d", i, len);
		at = vp_put(W_OUT, at, i ? " " : "");
		at = vp_put(W_OUT, at, W_IN);
	}
	ret = vp_label(W_SRC, c->opt, i + 100, W_IN, 128);
	return vp_same_int("a label far behind", ret, -ENOENT) ||
	       vp_same_text("labels", W_OUT, c->want);
}

static int run_names(const struct vp_case *c)
{
	static const char *const rules[] = {
		"device_api", "type",		   "software_version",
		"field",      "dynamic_resources", "vendor",
	};
	static const char *const results[] = { "pass", "fail", "unknown",
					       "ignored" };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rules); i++)
		if (vp_same_text("rule", vp_rule_name(i), rules[i]))
			return 1;
	for (i = 0; i < ARRAY_SIZE(results); i++)
		if (vp_same_text("result", vp_result_name(i), results[i]))
			return 1;
	return 0;
}

/* A destination and a source that break no rule, for the cases below. */
#define DST_ALL                                                          \
	"version 1.1.0;accept-type t-2;list ids a,b,c;add aes on;add x 1;" \
	"resource fps;resource agg"
#define SRC_ALL \
	";f.aes=on;f.ids=a,c;r.agg;r.fps"

#define ALL_RULES \
	"incompatible device_api type software_version field.aes field.b dynamic_resources vendor"
#define LABELS_PROVIDED \
	"api=vfio-pci type=t-1 accept-type=t-1 accept-type=t-2 series=1.0 series=1.1 series=1.2 field.a field.a=1 field.b field.b=x field.b=y resource.q resource.r"
#define LABELS_REQUIRED \
	"api=vfio-pci type=t-1 series=1.2 field.a field.a=1 field.b field.b=x field.b=y resource.r"
#define LABELS_CROSS \
	"api=vfio-pci accept-type=t-1 series=1.2 field.b field.b=x field.b=y resource.r"

static const struct vp_case vp_verdict_cases[] = {
	{ .name = "compare: names of rules and results", .run = run_names },

	/* R5 */
	COMPARE("2.0.1 to 2.1.1", SRC("2.0.1", ""), "version 2.1.1",
		"compatible"),
	COMPARE("2.1.1 to 2.0.1", SRC("2.1.1", ""), "version 2.0.1",
		"incompatible software_version"),
	COMPARE("2.0.0 to 3.0.0", SRC("2.0.0", ""), "version 3.0.0",
		"incompatible software_version"),
	COMPARE("3.0.0 to 2.0.0", SRC("3.0.0", ""), "version 2.0.0",
		"incompatible software_version"),
	COMPARE("2.0.1 to 2.0.0", SRC("2.0.1", ""), "version 2.0.0",
		"compatible"),
	COMPARE("a bugfix of 65535", SRC("2.0.65535", ""), "version 2.0.0",
		"compatible"),

	COMPARE("the same", SRC("1.0.0", ""), V, "compatible"),
	COMPARE("another driver's name", INST("1.0.0", ""), V, "compatible"),
	COMPARE("two types", V "list a x", V "list a x", "compatible"),
	COMPARE("minor 63", SRC("1.63.0", ""), "version 1.63.0", "compatible"),
	COMPARE("minor 0 to 63", SRC("1.0.0", ""), "version 1.63.0",
		"compatible"),
	COMPARE("minor 64 to 63", SRC("1.64.0", ""), "version 1.63.0",
		"incompatible software_version"),
	COMPARE("a listed older major", SRC("1.9.0", ""),
		"version 2.0.0;accept 1.9;accept 2.0", "compatible"),
	COMPARE("an older major that is not listed", SRC("1.8.0", ""),
		"version 2.0.0;accept 1.9;accept 2.0",
		"incompatible software_version"),
	COMPARE("a gap in the list", SRC("1.1.0", ""),
		"version 1.2.0;accept 1.0;accept 1.2",
		"incompatible software_version"),
	COMPARE("a listed newer series", SRC("1.1.0", ""),
		V "accept 1.0;accept 1.1", "compatible"),
	COMPARE("major and minor exchanged", SRC("1.2.0", ""),
		"version 2.1.0", "incompatible software_version"),
	COMPARE("the largest version", SRC("65535.65535.65535", ""),
		"version 65535.65535.0;accept 65535.65535;emit 65535.65535",
		"compatible"),
	COMPARE("0.65535 is not 1.0", SRC("0.65535.0", ""), V,
		"incompatible software_version"),

	COMPARE("another api", "s-v1;api=vfio-ccw;type=t-1;sw=1.0.0;end", V,
		"incompatible device_api"),
	COMPARE("a longer api", "s-v1;api=vfio-pci2;type=t-1;sw=1.0.0;end", V,
		"incompatible device_api"),
	COMPARE("a shorter api", "s-v1;api=vfio;type=t-1;sw=1.0.0;end", V,
		"incompatible device_api"),
	COMPARE("an api in upper case",
		"s-v1;api=VFIO-PCI;type=t-1;sw=1.0.0;end", V,
		"incompatible device_api"),
	COMPARE("another type", "s-v1;api=vfio-pci;type=t-2;sw=1.0.0;end", V,
		"incompatible type"),
	COMPARE("a longer type", "s-v1;api=vfio-pci;type=t-11;sw=1.0.0;end", V,
		"incompatible type"),
	COMPARE("a shorter type", "s-v1;api=vfio-pci;type=t-;sw=1.0.0;end", V,
		"incompatible type"),
	COMPARE("a listed type", "s-v1;api=vfio-pci;type=t-2;sw=1.0.0;end",
		V "accept-type t-0;accept-type t-2", "compatible cross-type"),
	COMPARE("a type beside a listed one",
		"s-v1;api=vfio-pci;type=t-2;sw=1.0.0;end", V "accept-type t-22",
		"incompatible type"),
	COMPARE("a listed type is no way back", V "accept-type t-2", V,
		"compatible"),
	COMPARE("a listed type and another api",
		"s-v1;api=vfio-ap;type=t-2;sw=1.0.0;end", V "accept-type t-2",
		"incompatible cross-type device_api"),
	COMPARE("a listed type and a newer version",
		"s-v1;api=vfio-pci;type=t-2;sw=1.1.0;end", V "accept-type t-2",
		"incompatible cross-type software_version"),

	COMPARE("an equal field", SRC("1.0.0", ";f.a=x"), V "add a x",
		"compatible"),
	COMPARE("a subset", SRC("1.0.0", ";f.a=b,d"), V "list a a,b,c,d,e",
		"compatible"),
	COMPARE("the last of a set", SRC("1.0.0", ";f.a=e"), V "list a a,b,e",
		"compatible"),
	COMPARE("a superset", SRC("1.0.0", ";f.a=a,b"), V "list a a",
		"incompatible field.a"),
	COMPARE("a superset at the front", SRC("1.0.0", ";f.a=a,b"),
		V "list a b", "incompatible field.a"),
	COMPARE("a value in the middle is missing",
		SRC("1.0.0", ";f.a=a,b,c"), V "list a a,c",
		"incompatible field.a"),
	COMPARE("sets apart", SRC("1.0.0", ";f.a=a,b"), V "list a c,d",
		"incompatible field.a"),
	COMPARE("a value that begins alike", SRC("1.0.0", ";f.a=ab"),
		V "list a a,abc", "incompatible field.a"),
	COMPARE("values above 64 in order", SRC("1.0.0", ";f.a=A,a"),
		V "list a a,A", "compatible"),
	COMPARE("the destination lacks the field", SRC("1.0.0", ";f.a=x"), V,
		"incompatible field.a"),
	COMPARE("only the destination has it", SRC("1.0.0", ""), V "add a x",
		"compatible"),
	COMPARE("the value in another field", SRC("1.0.0", ";f.a=x"),
		V "add b x", "incompatible field.a"),
	COMPARE("fields between fields", SRC("1.0.0", ";f.b=x;f.d=x"),
		V "add a x;add b x;add c x;add d x;add e x", "compatible"),
	COMPARE("the middle one of three fails",
		SRC("1.0.0", ";f.a=x;f.b=x;f.c=x"),
		V "add a x;add b y;add c x", "incompatible field.b"),
	COMPARE("two of three fail", SRC("1.0.0", ";f.a=x;f.b=x;f.c=x"),
		V "add b x;add c y;add d x", "incompatible field.a field.c"),
	COMPARE("a field that begins alike", SRC("1.0.0", ";f.ab=x"),
		V "add a x;add abc x", "incompatible field.ab"),
	COMPARE("a type needs all that it accepts", V "list a x,y",
		V "list a x", "incompatible field.a"),

	COMPARE("equal resources", SRC("1.0.0", ";r.a;r.b"),
		V "resource a;resource b", "compatible"),
	COMPARE("fewer resources", SRC("1.0.0", ";r.a"),
		V "resource a;resource b", "compatible"),
	COMPARE("no resource to one", SRC("1.0.0", ""), V "resource a",
		"compatible"),
	COMPARE("more resources", SRC("1.0.0", ";r.a;r.b"), V "resource a",
		"incompatible dynamic_resources"),
	COMPARE("a resource to none", SRC("1.0.0", ";r.a"), V,
		"incompatible dynamic_resources"),
	COMPARE("another resource", SRC("1.0.0", ";r.a"), V "resource b",
		"incompatible dynamic_resources"),
	COMPARE("a resource is no field", SRC("1.0.0", ";r.a"), V "add a x",
		"incompatible dynamic_resources"),
	COMPARE("an instance with a value to a type",
		SRC("1.0.0", ";r.a=1"), V "resource a", "compatible"),
	COMPARE_INST("equal values", SRC("1.0.0", ";r.a=1"), V "resource a",
		     INST("1.0.0", ";r.a=1"), "compatible"),
	COMPARE_INST("equal empty values", SRC("1.0.0", ";r.a="),
		     V "resource a", INST("1.0.0", ";r.a="), "compatible"),
	COMPARE_INST("other values", SRC("1.0.0", ";r.a=1"), V "resource a",
		     INST("1.0.0", ";r.a=2"),
		     "incompatible dynamic_resources.a"),
	COMPARE_INST("a longer value", SRC("1.0.0", ";r.a=1"), V "resource a",
		     INST("1.0.0", ";r.a=11"),
		     "incompatible dynamic_resources.a"),
	COMPARE_INST("a value to an empty one", SRC("1.0.0", ";r.a=1"),
		     V "resource a", INST("1.0.0", ";r.a="),
		     "incompatible dynamic_resources.a"),
	COMPARE_INST("an empty value to one", SRC("1.0.0", ";r.a="),
		     V "resource a", INST("1.0.0", ";r.a=1"),
		     "incompatible dynamic_resources.a"),
	COMPARE_INST("1 is not 01", SRC("1.0.0", ";r.a=1"), V "resource a",
		     INST("1.0.0", ";r.a=01"),
		     "incompatible dynamic_resources.a"),
	COMPARE_INST("bytes that only differ above 0x7f",
		     SRC("1.0.0", ";r.a=%80"), V "resource a",
		     INST("1.0.0", ";r.a=%FF"),
		     "incompatible dynamic_resources.a"),
	COMPARE_INST("the second value differs", SRC("1.0.0", ";r.a=1;r.b=2"),
		     V "resource a;resource b", INST("1.0.0", ";r.a=1;r.b=1"),
		     "incompatible dynamic_resources.b"),
	COMPARE_INST("only the destination has the second",
		     SRC("1.0.0", ";r.b=2"), V "resource a;resource b",
		     INST("1.0.0", ";r.a=1;r.b=2"), "compatible"),
	COMPARE_INST("a name is missing and a value differs",
		     SRC("1.0.0", ";r.a=1;r.b=2"), V "resource b",
		     INST("1.0.0", ";r.b=3"),
		     "incompatible dynamic_resources dynamic_resources.b"),
	COMPARE_INST("values exchanged", SRC("1.0.0", ";r.a=1;r.b=2"),
		     V "resource a;resource b", INST("1.0.0", ";r.a=2;r.b=1"),
		     "incompatible dynamic_resources.a dynamic_resources.b"),
	COMPARE_INST("a type to an instance", SRC("1.0.0", ";r.a"),
		     V "resource a", INST("1.0.0", ";r.a=1"),
		     "unknown dynamic_resources?"),
	COMPARE_INST("a type without resources to an instance",
		     SRC("1.0.0", ""), V "resource a", INST("1.0.0", ";r.a=1"),
		     "compatible"),
	COMPARE_INST("a type to an instance that lacks one",
		     SRC("1.0.0", ";r.a;r.b"), V "resource a",
		     INST("1.0.0", ";r.a=1"), "incompatible dynamic_resources"),
	COMPARE_INST("a type to an instance that lacks the first",
		     SRC("1.0.0", ";r.a;r.b"), V "resource b",
		     INST("1.0.0", ";r.b=1"), "incompatible dynamic_resources"),
	COMPARE_INST("a type to an instance, and a field fails",
		     SRC("1.0.0", ";f.x=1;r.a"), V "resource a",
		     INST("1.0.0", ";r.a=1"),
		     "incompatible field.x dynamic_resources?"),
	COMPARE_INST("the fields of the instance do not matter",
		     SRC("1.0.0", ";f.x=2"), V "list x 1,2",
		     INST("1.0.0", ";f.x=1"), "compatible"),

	COMPARE_INST("pinned, and the source is of the pin",
		     SRC("1.1.0", ""), "version 1.3.0;emit 1.1;emit 1.3",
		     INST("1.1.0", ""), "compatible"),
	COMPARE_INST("pinned, and the source is older", SRC("1.0.9", ""),
		     "version 1.3.0;emit 1.1;emit 1.3", INST("1.1.0", ""),
		     "compatible"),
	COMPARE_INST("pinned, and the source is newer", SRC("1.2.0", ""),
		     "version 1.3.0;emit 1.1;emit 1.3", INST("1.1.0", ""),
		     "incompatible software_version"),
	COMPARE_INST("pinned, and the source is of the type's own",
		     SRC("1.3.0", ""), "version 1.3.0;emit 1.1;emit 1.3",
		     INST("1.1.0", ""), "incompatible software_version"),
	COMPARE_INST("not pinned", SRC("1.3.0", ""),
		     "version 1.3.0;emit 1.1;emit 1.3", INST("1.3.0", ""),
		     "compatible"),
	COMPARE_INST("the bugfix is no pin", SRC("1.3.9", ""),
		     "version 1.3.5;emit 1.3", INST("1.3.1", ""), "compatible"),
	COMPARE_INST("not pinned, and a newer one is accepted",
		     SRC("1.4.0", ""), "version 1.3.0;accept 1.3;accept 1.4",
		     INST("1.3.0", ""), "compatible"),
	COMPARE_INST("pinned to an older major", SRC("2.0.0", ""),
		     "version 2.0.0;accept 1.9;accept 2.0;emit 1.9;emit 2.0",
		     INST("1.9.0", ""), "incompatible software_version"),
	COMPARE_INST("pinned, and an older series is not accepted",
		     SRC("1.0.0", ""),
		     "version 1.3.0;accept 1.1;accept 1.3;emit 1.1;emit 1.3",
		     INST("1.1.0", ""), "incompatible software_version"),
	COMPARE_INST("pinned, and the fields are the type's",
		     SRC("1.1.0", ";f.x=2"),
		     "version 1.3.0;emit 1.1;emit 1.3;list x 1,2",
		     INST("1.1.0", ";f.x=1"), "compatible"),

	CHECK("not asked", SRC("1.0.0", ";vendor=x"), V "vendor y",
	      VP_UNKNOWN, "unknown vendor?"),
	CHECK("agrees", SRC("1.0.0", ";vendor=x"), V "vendor y", VP_PASS,
	      "compatible"),
	CHECK("refuses", SRC("1.0.0", ";vendor=x"), V "vendor x", VP_FAIL,
	      "incompatible vendor"),
	CHECK("equal texts are no answer", SRC("1.0.0", ";vendor=x"),
	      V "vendor x", VP_UNKNOWN, "unknown vendor?"),
	CHECK("empty texts are texts", SRC("1.0.0", ";vendor="), V "vendor",
	      VP_UNKNOWN, "unknown vendor?"),
	CHECK("the source has none", SRC("1.0.0", ""), V "vendor y",
	      VP_UNKNOWN, "unknown vendor?"),
	CHECK("the source has none, agrees", SRC("1.0.0", ""), V "vendor y",
	      VP_PASS, "compatible"),
	CHECK("the source has none, refuses", SRC("1.0.0", ""), V "vendor y",
	      VP_FAIL, "incompatible vendor"),
	CHECK("the destination has none", SRC("1.0.0", ";vendor=x"), V,
	      VP_UNKNOWN, "incompatible vendor"),
	CHECK("the destination has none, whatever is said",
	      SRC("1.0.0", ";vendor=x"), V, VP_PASS, "incompatible vendor"),
	CHECK("the destination has none for an empty text",
	      SRC("1.0.0", ";vendor="), V, VP_PASS, "incompatible vendor"),
	CHECK("neither has one", SRC("1.0.0", ""), V, VP_FAIL, "compatible"),
	CHECK("not asked, and a field fails", SRC("1.0.0", ";f.a=x;vendor=x"),
	      V "vendor y", VP_UNKNOWN, "incompatible field.a vendor?"),
	CHECK("agrees, and the version fails", SRC("1.1.0", ";vendor=x"),
	      V "vendor y", VP_PASS, "incompatible software_version"),
	{ .name = "check: not asked, and a type to an instance",
	  .run = run_compare, .in = SRC("1.0.0", ";r.a;vendor="),
	  .dst = V "resource a;vendor", .inst = INST("1.0.0", ";r.a=1;vendor="),
	  .opt = VP_UNKNOWN, .want = "unknown dynamic_resources? vendor?" },

	COMPARE("no rule violated", SRC("1.0.0", SRC_ALL), DST_ALL,
		"compatible"),
	COMPARE("only the api",
		"s-v1;api=x;type=t-1;sw=1.0.0" SRC_ALL ";end", DST_ALL,
		"incompatible device_api"),
	COMPARE("only the type",
		"s-v1;api=vfio-pci;type=x;sw=1.0.0" SRC_ALL ";end", DST_ALL,
		"incompatible type"),
	COMPARE("only the version", SRC("1.2.0", SRC_ALL), DST_ALL,
		"incompatible software_version"),
	COMPARE("only a value of a field",
		SRC("1.0.0", ";f.aes=on;f.ids=a,d;r.agg;r.fps"), DST_ALL,
		"incompatible field.ids"),
	COMPARE("only a field",
		SRC("1.0.0", ";f.aes=on;f.b=x;f.ids=a;r.agg;r.fps"), DST_ALL,
		"incompatible field.b"),
	COMPARE("only a resource",
		SRC("1.0.0", ";f.aes=on;f.ids=a,c;r.agg;r.z"), DST_ALL,
		"incompatible dynamic_resources"),
	COMPARE("only the vendor text",
		SRC("1.0.0", ";f.aes=on;f.ids=a,c;r.agg;r.fps;vendor="),
		DST_ALL, "incompatible vendor"),
	COMPARE("all rules violated",
		"s-v1;api=x;type=x;sw=9.9.9;f.aes=off;f.b=x;r.z;vendor=v;end",
		DST_ALL,
		ALL_RULES),

	REASON("api", "s-v1;api=vfio-ap;type=t-1;sw=1.0.0;end", V, NULL, 0,
	       "device_api",
	       "fail: the source is vfio-ap, the destination vfio-pci"),
	REASON("equal api", SRC("1.0.0", ""), V, NULL, 0, "device_api",
	       "pass: the source is vfio-pci, the destination vfio-pci"),
	REASON("equal type", SRC("1.0.0", ""), V "accept-type t-2", NULL, 0,
	       "type", "pass: both are t-1"),
	REASON("cross type", "s-v1;api=vfio-pci;type=t-2;sw=1.0.0;end",
	       V "accept-type t-2", NULL, 0, "type",
	       "pass: the source is t-2, the destination accepts t-1,t-2"),
	REASON("other type", "s-v1;api=vfio-pci;type=t-3;sw=1.0.0;end",
	       V "accept-type t-2", NULL, 0, "type",
	       "fail: the source is t-3, the destination accepts t-1,t-2"),
	REASON("version", SRC("2.1.7", ""), "version 2.0.3", NULL, 0,
	       "software_version",
	       "fail: the source is 2.1.7, the destination accepts 2.0"),
	REASON("accepted version", SRC("2.0.0", ""), "version 2.2.0", NULL, 0,
	       "software_version",
	       "pass: the source is 2.0.0, the destination accepts 2.0,2.1,2.2"),
	REASON("pinned", SRC("1.1.0", ""), "version 1.1.0;emit 1.0;emit 1.1",
	       INST("1.0.0", ""), 0, "software_version",
	       "fail: the source is 1.1.0, the destination accepts 1.0,1.1 and is pinned to 1.0"),
	REASON("not pinned", SRC("1.1.0", ""), "version 1.1.0",
	       INST("1.1.0", ""), 0, "software_version",
	       "pass: the source is 1.1.0, the destination accepts 1.0,1.1"),
	REASON("field", SRC("1.0.0", ";f.ids=a,b,c,d"), V "list ids b,d", NULL,
	       0, "field.ids", "fail: the destination lacks a,c"),
	REASON("equal field", SRC("1.0.0", ";f.ids=b"), V "list ids b,d", NULL,
	       0, "field.ids", "pass: the destination accepts b"),
	REASON("field of the source only", SRC("1.0.0", ";f.ids=a,b"), V, NULL,
	       0, "field.ids",
	       "fail: the destination does not have it, the source needs a,b"),
	REASON("field of the destination only", SRC("1.0.0", ""),
	       V "list ids b,d", NULL, 0, "field.ids",
	       "ignored: the source does not ask for it"),
	REASON("no resources", SRC("1.0.0", ""), V "resource a", NULL, 0,
	       "dynamic_resources", "pass: the source has none"),
	REASON("resources", SRC("1.0.0", ";r.a;r.b"), V "resource a;resource b",
	       NULL, 0, "dynamic_resources", "pass: the destination has a,b"),
	REASON("missing resources", SRC("1.0.0", ";r.a;r.b;r.c"),
	       V "resource b", NULL, 0, "dynamic_resources",
	       "fail: the destination lacks a,c"),
	REASON("a type to an instance", SRC("1.0.0", ";r.a;r.b"),
	       V "resource a;resource b", INST("1.0.0", ";r.a=1;r.b=2"), 0,
	       "dynamic_resources",
	       "unknown: a type has no values to compare: a,b"),
	REASON("a resource value", SRC("1.0.0", ";r.a=1;r.b=%0A%FF"),
	       V "resource a;resource b", INST("1.0.0", ";r.a=1;r.b=%20"), 0,
	       "dynamic_resources.b",
	       "fail: the source has %0A%FF, the destination %20"),
	REASON("an equal value", SRC("1.0.0", ";r.a=1"), V "resource a",
	       INST("1.0.0", ";r.a=1"), 0, "dynamic_resources.a",
	       "pass: the source has 1, the destination 1"),
	REASON("check() not asked", SRC("1.0.0", ""), V "vendor", NULL,
	       VP_UNKNOWN, "vendor",
	       "unknown: the destination's driver was not asked"),
	REASON("check() agrees", SRC("1.0.0", ";vendor="), V "vendor", NULL,
	       VP_PASS, "vendor", "pass: the destination's driver agrees"),
	REASON("check() refuses", SRC("1.0.0", ";vendor="), V "vendor", NULL,
	       VP_FAIL, "vendor", "fail: the destination's driver refuses"),
	REASON("no check()", SRC("1.0.0", ";vendor="), V, NULL, VP_PASS,
	       "vendor",
	       "fail: the destination's driver cannot check the source's vendor data"),

	VALUES("api", "s-v1;api=vfio-ap;type=t-1;sw=1.0.0;end", V, NULL,
	       "device_api", "vfio-ap | vfio-pci"),
	VALUES("type", "s-v1;api=vfio-pci;type=t-3;sw=1.0.0;end",
	       V "accept-type t-2", NULL, "type", "t-3 | t-1,t-2"),
	VALUES("version", SRC("2.1.7", ""), "version 2.1.3", NULL,
	       "software_version", "2.1.7 | 2.0,2.1"),
	VALUES("version, pinned", SRC("2.1.7", ""),
	       "version 2.2.0;accept 1.9;accept 2.0;accept 2.1;accept 2.2",
	       INST("2.0.1", ""), "software_version", "2.1.7 | 1.9,2.0"),
	VALUES("version, pinned below all", SRC("2.1.7", ""), "version 2.1.0",
	       INST("1.0.1", ""), "software_version", "2.1.7 | "),
	VALUES("field", SRC("1.0.0", ";f.ids=a,b"), V "list ids b,d", NULL,
	       "field.ids", "a,b | b,d"),
	VALUES("field of the source only", SRC("1.0.0", ";f.ids=a,b"), V, NULL,
	       "field.ids", "a,b | "),
	VALUES("field of the destination only", SRC("1.0.0", ""),
	       V "list ids b,d", NULL, "field.ids", " | b,d"),
	VALUES("resources", SRC("1.0.0", ";r.a;r.b"), V "resource b", NULL,
	       "dynamic_resources", "a,b | b"),
	VALUES("resources of an instance", SRC("1.0.0", ";r.a=1"),
	       V "resource a;resource b", INST("1.0.0", ";r.a=2"),
	       "dynamic_resources", "a | a"),
	VALUES("a resource value", SRC("1.0.0", ";r.a=%0A%FF"), V "resource a",
	       INST("1.0.0", ";r.a=%20"), "dynamic_resources.a",
	       "%0A%FF | %20"),
	VALUES("vendor text", SRC("1.0.0", ";vendor=%01x"), V "vendor y", NULL,
	       "vendor", "%01x | y"),
	VALUES("no vendor text", SRC("1.0.0", ";vendor=x"), V, NULL, "vendor",
	       "x | "),

	LABEL("the least", VP_PROVIDES, V,
	      "api=vfio-pci type=t-1 accept-type=t-1 series=1.0"),
	LABEL("of a destination", VP_PROVIDES,
	      "version 1.2.0;accept-type t-2;list b y,x;add a 1;resource r;resource q",
	      LABELS_PROVIDED),
	LABEL("of a type as source", VP_REQUIRES,
	      "version 1.2.0;accept-type t-2;list b y,x;add a 1;resource r",
	      LABELS_REQUIRED),
	LABEL("of a type as source, other types allowed", VP_REQUIRES_CROSS,
	      "version 1.2.0;accept-type t-2;list b y,x;resource r",
	      LABELS_CROSS),
	LABEL("of an instance's line", VP_REQUIRES,
	      HEAD ";f.a=x;r.fps=30;end",
	      "api=vfio-pci type=t-1 series=1.0 field.a field.a=x resource.fps"),
	LABEL("of an instance's line, other types allowed", VP_REQUIRES_CROSS,
	      HEAD ";f.a=x;r.fps=30;end",
	      "api=vfio-pci accept-type=t-1 series=1.0 field.a field.a=x resource.fps"),
	LABEL("of the least line", VP_REQUIRES_CROSS, HEAD ";end",
	      "api=vfio-pci accept-type=t-1 series=1.0"),
};

const struct vp_table vp_verdict_table = {
	vp_verdict_cases,
	ARRAY_SIZE(vp_verdict_cases),
};

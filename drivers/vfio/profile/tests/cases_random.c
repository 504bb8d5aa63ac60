// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * Properties, for many pseudo-random profiles from fixed seeds.  A model made
 * of a few bit masks says what the verdict has to be; it shares nothing with
 * the engine.
 */
#include "cases_private.h"

#define ROUNDS		400
#define NR_TYPES	4
#define NR_SERIES	12 /* 0.0 .. 2.3 */
#define NR_FIELDS	4
#define NR_VALUES	6
#define NR_RESOURCES	4

/* Names of which some are the beginning of others, in bytewise order. */
static const char *const types[NR_TYPES] = { "T", "t", "t-1", "t-1x" };
static const char *const fields[NR_FIELDS] = { "a", "a0", "a_", "aa" };
static const char *const values[NR_VALUES] = { "!", "10", "9", "A", "a", "aa" };
static const char *const resources[NR_RESOURCES] = { "a", "fps", "fps2", "z" };
static const char *const contents[] = { "", "0", "00", "\x80", "\xff;end" };

struct model {
	__u8 api;
	__u8 type;
	__u8 types;
	__u8 series;
	__u16 accepts;
	__u8 fields[NR_FIELDS];
	__u8 resources;
	__u8 contents[NR_RESOURCES];
	bool vendor;
};

static void any_model(struct model *m, __u32 *state)
{
	unsigned int i;

	memset(m, 0, sizeof(*m));
	m->api = vp_random(state, 2);
	m->type = vp_random(state, NR_TYPES);
	m->types = vp_random(state, 1 << NR_TYPES) | 1 << m->type;
	m->series = vp_random(state, NR_SERIES);
	m->accepts = vp_random(state, 1 << NR_SERIES) | 1 << m->series;
	for (i = 0; i < NR_FIELDS; i++)
		if (vp_random(state, 3))
			m->fields[i] = vp_random(state, 1 << NR_VALUES);
	m->resources = vp_random(state, 1 << NR_RESOURCES);
	for (i = 0; i < NR_RESOURCES; i++)
		m->contents[i] = vp_random(state, ARRAY_SIZE(contents));
	m->vendor = !vp_random(state, 3);
}

/* A destination that takes @src, and then a few things changed. */
static void near_model(struct model *m, const struct model *src, __u32 *state)
{
	struct model other;
	unsigned int i, f, changes = vp_random(state, 4);

	any_model(&other, state);
	*m = *src;
	m->type = other.type;
	m->types = other.types | 1 << src->type;
	m->series = other.series;
	m->accepts = other.accepts | 1 << src->series;
	for (f = 0; f < NR_FIELDS; f++)
		m->fields[f] |= other.fields[f];
	m->resources |= other.resources;
	for (i = 0; i < changes; i++) {
		f = vp_random(state, NR_FIELDS);
		switch (vp_random(state, 8)) {
		case 0:
			m->api ^= 1;
			break;
		case 1:
			m->types = 1 << m->type;
			break;
		case 2:
			m->accepts = 1 << m->series;
			break;
		case 3:
			m->fields[f] &= other.fields[f];
			break;
		case 4:
			m->fields[f] = 0;
			break;
		case 5:
			m->resources &= other.resources;
			break;
		case 6:
			f = vp_random(state, NR_RESOURCES);
			m->contents[f] = other.contents[f];
			break;
		default:
			m->vendor = other.vendor;
		}
	}
}

/* "M.m" of a series, with @tail. */
static const char *series_text(char buf[8], unsigned int series,
			       const char *tail)
{
	buf[0] = '0' + series / 4;
	buf[1] = '.';
	buf[2] = '0' + series % 4;
	memcpy(buf + 3, tail, strlen(tail) + 1);
	return buf;
}

/* One of all possible additions, if the model has it. */
static void add_one(struct vp_profile *p, const struct model *m,
		    unsigned int what, bool instance)
{
	char text[8];
	unsigned int i = what;

	if (i == 0)
		vp_version(p, series_text(text, m->series, ".5"));
	if (i == 1 && m->vendor)
		vp_vendor(p, "v;");
	if (i < 2)
		return;
	i -= 2;
	if (i < NR_TYPES) {
		if ((m->types >> i & 1) && i != m->type)
			vp_accept_type(p, types[i]);
		return;
	}
	i -= NR_TYPES;
	if (i < NR_SERIES) {
		if (m->accepts >> i & 1)
			vp_accept(p, series_text(text, i, ""));
		return;
	}
	i -= NR_SERIES;
	if (i < NR_RESOURCES) {
		if (m->resources >> i & 1)
			vp_resource(p, resources[i],
				    instance ? contents[m->contents[i]] : NULL);
		return;
	}
	i -= NR_RESOURCES;
	if (m->fields[i / NR_VALUES] >> i % NR_VALUES & 1)
		vp_add(p, fields[i / NR_VALUES], values[i % NR_VALUES]);
}

#define NR_ADD (2 + NR_TYPES + NR_SERIES + NR_RESOURCES + NR_FIELDS * NR_VALUES)

/* The profile of a model, everything added in a random order. */
static int build(struct vp_profile *p, const struct model *m, bool instance,
		 __u32 *state)
{
	__u8 order[NR_ADD];
	unsigned int i, n;

	vp_init(p);
	vp_identify(p, "drv", m->api ? "vfio-pci" : "vfio-ccw", types[m->type]);
	for (i = 0; i < NR_ADD; i++) {
		n = vp_random(state, i + 1);
		order[i] = order[n];
		order[n] = i;
	}
	for (i = 0; i < NR_ADD; i++)
		add_one(p, m, order[i], instance);
	if (!vp_seal(p, instance))
		return 0;
	vp_explain(p, W_OUT, VP_TEXT_SIZE);
	return vp_fail("cannot be sealed: %s", W_OUT);
}

/* ---- profiles ---- */

/* Both have the same attributes, the line included. */
static int same_attrs(const struct vp_profile *a, const struct vp_profile *b)
{
	char name[VP_ATTR_NAME_SIZE];
	unsigned int i;

	if (vp_same_int("number of attributes", vp_attr_count(a),
			vp_attr_count(b)))
		return 1;
	for (i = 0; i < vp_attr_count(a); i++) {
		vp_attr_name(a, i, name, sizeof(name));
		if (vp_attr_text(b, i, W_IN, VP_TEXT_SIZE) < 0)
			return vp_fail("%s cannot be read", name);
		if (vp_attr_is(a, name, W_IN))
			return 1;
	}
	return 0;
}

static int run_add_order(const struct vp_case *c)
{
	__u32 state = 1;
	struct model m;
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		any_model(&m, &state);
		if (build(W_SRC, &m, i & 1, &state) ||
		    build(W_DST, &m, i & 1, &state) ||
		    same_attrs(W_SRC, W_DST))
			return 1;
	}
	return 0;
}

/* Field @f of a parsed line is that of the model. */
static int is_field(const struct vp_profile *p, const struct model *m,
		    unsigned int f)
{
	int set = vp_find_field(p, fields[f]);
	unsigned int v, nr = 0;

	if (!m->fields[f])
		return vp_same_int(fields[f], set, -1);
	if (set < 0)
		return vp_fail("there is no field %s", fields[f]);
	for (v = 0; v < NR_VALUES; v++) {
		if (!(m->fields[f] & 1U << v))
			continue;
		if (nr == p->set[set].count ||
		    vp_same_text(fields[f], vp_member(p, set, nr++, W_OUT),
				 values[v]))
			return vp_fail("%s lacks %s", fields[f], values[v]);
	}
	return vp_same_int(fields[f], p->set[set].count, nr);
}

static int is_resource(const struct vp_profile *p, const struct model *m,
		       unsigned int r)
{
	int at = vp_find_resource(p, resources[r]);

	if (!(m->resources & 1U << r))
		return vp_same_int(resources[r], at, -1);
	if (at < 0)
		return vp_fail("there is no resource %s", resources[r]);
	return vp_same_text(resources[r], vp_str(p, p->resource[at].value),
			    contents[m->contents[r]]);
}

/* All that a parsed line says is the model. */
static int is_model(const struct vp_profile *p, const struct model *m)
{
	unsigned int i;

	for (i = 0; i < NR_FIELDS; i++)
		if (is_field(p, m, i))
			return 1;
	for (i = 0; i < NR_RESOURCES; i++)
		if (is_resource(p, m, i))
			return 1;
	return vp_same_int("vendor", !!p->vendor, m->vendor) ||
	       vp_same_text("vendor", vp_str(p, p->vendor),
			    m->vendor ? "v;" : "") ||
	       vp_same_text("type", vp_str(p, p->type), types[m->type]) ||
	       vp_same_int("bugfix", p->version[2], 5) ||
	       vp_same_int("series", vp_own_series(p),
			   vp_series(m->series / 4, m->series % 4));
}

static int run_round_trip(const struct vp_case *c)
{
	__u32 state = 2;
	struct model m;
	unsigned int i;
	int len;

	for (i = 0; i < ROUNDS; i++) {
		any_model(&m, &state);
		if (build(W_SRC, &m, true, &state))
			return 1;
		len = vp_format(W_SRC, W_IN, VP_TEXT_SIZE);
		if (len < 0 || vp_is_line(W_IN, len) || is_model(W_TMP, &m))
			return 1;
	}
	return 0;
}

/* All attributes of a type, read back one by one, make the same type. */
static int run_load_all(const struct vp_case *c)
{
	char name[VP_ATTR_NAME_SIZE];
	__u32 state = 3;
	struct model m;
	unsigned int i, n;
	int len, ret;

	for (i = 0; i < ROUNDS; i++) {
		any_model(&m, &state);
		m.vendor = false; /* that is in the line only */
		if (build(W_SRC, &m, false, &state))
			return 1;
		vp_init(W_DST);
		vp_identify(W_DST, "drv", vp_str(W_SRC, W_SRC->api),
			    types[m.type]);
		for (n = 0; n < vp_attr_count(W_SRC); n++) {
			vp_attr_name(W_SRC, n, name, sizeof(name));
			len = vp_attr_text(W_SRC, n, W_IN, VP_TEXT_SIZE - 1);
			if (len < 0)
				return vp_fail("%s: %d", name, len);
			W_IN[len] = '\n';
			ret = vp_load(W_DST, name, W_IN, len + 1);
			if (ret && strcmp(name, "migration_version"))
				return vp_fail("%s: %d", name, ret);
		}
		if (vp_same_int("vp_seal()", vp_seal(W_DST, false), 0) ||
		    same_attrs(W_SRC, W_DST))
			return 1;
	}
	return 0;
}

/* ---- verdicts ---- */

enum kind { TYPE_TO_TYPE, INST_TO_TYPE, TYPE_TO_INST, INST_TO_INST };

/* What the rules are to say, as vp_summary() does; in W_IN. */
static const char *expect(const struct model *s, const struct model *d,
			  unsigned int kind, unsigned int pin,
			  unsigned int check)
{
	bool to_inst = kind == TYPE_TO_INST || kind == INST_TO_INST;
	bool cross = s->type != d->type && (d->types >> s->type & 1);
	bool fails = false, unknown = false;
	char *rows = W_IN + VP_TEXT_SIZE / 2;
	size_t at = 0;
	unsigned int i;

#define ROW(failed, text) do {						\
	if (failed) {							\
		fails = true;						\
		at = vp_put(rows, at, text);				\
	}								\
} while (0)
#define ROW_UNKNOWN(text) do {						\
	unknown = true;							\
	at = vp_put(rows, at, text);					\
} while (0)

	rows[0] = '\0';
	ROW(s->api != d->api, " device_api");
	ROW(!(d->types >> s->type & 1), " type");
	ROW(!(d->accepts >> s->series & 1) ||
	    (to_inst && pin != d->series && s->series > pin),
	    " software_version");
	for (i = 0; i < NR_FIELDS; i++) {
		if (s->fields[i] & ~d->fields[i]) {
			ROW(true, " field.");
			at = vp_put(rows, at, fields[i]);
		}
	}
	if (s->resources & ~d->resources)
		ROW(true, " dynamic_resources");
	else if (kind == TYPE_TO_INST && s->resources)
		ROW_UNKNOWN(" dynamic_resources?");
	for (i = 0; i < NR_RESOURCES && kind == INST_TO_INST; i++) {
		if ((s->resources & d->resources) >> i & 1 &&
		    s->contents[i] != d->contents[i]) {
			ROW(true, " dynamic_resources.");
			at = vp_put(rows, at, resources[i]);
		}
	}
	ROW(d->vendor ? check == VP_FAIL : s->vendor, " vendor");
	if (d->vendor && check == VP_UNKNOWN)
		ROW_UNKNOWN(" vendor?");

	at = vp_put(W_IN, 0, fails ? "incompatible" :
			     unknown ? "unknown" : "compatible");
	at = vp_put(W_IN, at, cross ? " cross-type" : "");
	vp_put(W_IN, at, rows);
	return W_IN;
}

static int run_verdicts(const struct vp_case *c)
{
	unsigned int i, pin, check, seen[3] = { 0, 0, 0 };
	__u32 state = 4 + c->opt;
	struct model s, d, inst;

	for (i = 0; i < 2 * ROUNDS; i++) {
		any_model(&s, &state);
		near_model(&d, &s, &state);
		inst = d;
		pin = vp_random(&state, 2) ? vp_random(&state, d.series + 1) :
					     d.series;
		inst.series = pin;
		inst.accepts = 1 << pin;
		check = vp_random(&state, 3);
		if (build(W_SRC, &s, c->opt & 1, &state) ||
		    build(W_DST, &d, false, &state) ||
		    build(W_INST, &inst, true, &state))
			return 1;
		vp_compare(W_SRC, W_DST, c->opt >= TYPE_TO_INST ? W_INST : NULL,
			   check, W_VERDICT);
		if (vp_same_text("verdict",
				 vp_summary(W_VERDICT, W_SRC, W_DST),
				 expect(&s, &d, c->opt, pin, check)))
			return 1;
		seen[W_VERDICT->result]++;
	}
	return seen[VP_PASS] > 10 && seen[VP_FAIL] > 100 && seen[VP_UNKNOWN] > 20 ?
		       0 :
		       vp_fail("one-sided: %u, %u, %u", seen[0], seen[1],
			       seen[2]);
}

/* Two types are compatible with themselves, and so are two instances. */
static int run_reflexive(const struct vp_case *c)
{
	__u32 state = 9;
	struct model m;
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		any_model(&m, &state);
		if (build(W_SRC, &m, false, &state) ||
		    build(W_INST, &m, true, &state))
			return 1;
		vp_compare(W_SRC, W_SRC, NULL, VP_PASS, W_VERDICT);
		if (vp_same_text("a type to itself",
				 vp_summary(W_VERDICT, W_SRC, W_SRC),
				 "compatible"))
			return 1;
		vp_compare(W_INST, W_SRC, NULL, VP_PASS, W_VERDICT);
		if (vp_same_text("an instance to its type",
				 vp_summary(W_VERDICT, W_INST, W_SRC),
				 "compatible"))
			return 1;
		vp_compare(W_INST, W_SRC, W_INST, VP_PASS, W_VERDICT);
		if (vp_same_text("an instance to itself",
				 vp_summary(W_VERDICT, W_INST, W_SRC),
				 "compatible"))
			return 1;
	}
	return 0;
}

/* ---- labels ---- */

/* Whether all that the source requires is what the destination provides. */
static bool labels_fit(enum vp_labels whose)
{
	unsigned int s, d;

	for (s = 0; vp_label(W_SRC, whose, s, W_IN, 128) >= 0; s++) {
		for (d = 0; vp_label(W_DST, VP_PROVIDES, d, W_OUT, 128) >= 0;
		     d++)
			if (!strcmp(W_IN, W_OUT))
				break;
		if (vp_label(W_DST, VP_PROVIDES, d, W_OUT, 128) < 0)
			return false;
	}
	return true;
}

/* No label is listed twice. */
static int labels_once(const struct vp_profile *p, enum vp_labels whose)
{
	unsigned int a, b;

	for (a = 0; vp_label(p, whose, a, W_IN, 128) >= 0; a++)
		for (b = 0; b < a; b++)
			if (vp_label(p, whose, b, W_OUT, 128) < 1 ||
			    !strcmp(W_IN, W_OUT))
				return vp_fail("label %u and %u: %s, %s", a, b,
					       W_IN, W_OUT);
	return 0;
}

/* For a type without check() the labels are the verdict. */
static int run_labels(const struct vp_case *c)
{
	unsigned int i, fits = 0, fits_cross = 0;
	__u32 state = 10;
	struct model s, d;
	bool ok;

	for (i = 0; i < ROUNDS; i++) {
		any_model(&s, &state);
		near_model(&d, &s, &state);
		s.vendor = c->opt && s.vendor;
		d.vendor = false;
		if (build(W_SRC, &s, i & 1, &state) ||
		    build(W_DST, &d, false, &state))
			return 1;
		vp_compare(W_SRC, W_DST, NULL, VP_UNKNOWN, W_VERDICT);
		ok = W_VERDICT->result == VP_PASS;
		if (labels_fit(VP_REQUIRES_CROSS) != ok ||
		    labels_fit(VP_REQUIRES) != (ok && !W_VERDICT->cross_type))
			return vp_fail("round %u: verdict %s", i,
				       vp_summary(W_VERDICT, W_SRC, W_DST));
		fits_cross += ok;
		fits += ok && !W_VERDICT->cross_type;
		if (i < 50 && (labels_once(W_SRC, VP_REQUIRES) ||
			       labels_once(W_SRC, VP_REQUIRES_CROSS) ||
			       labels_once(W_DST, VP_PROVIDES)))
			return 1;
	}
	return fits > 20 && fits_cross > fits + 20 && fits_cross < ROUNDS - 100 ?
		       0 :
		       vp_fail("one-sided: %u, %u", fits, fits_cross);
}

#define PROPERTY(title, function, number) \
	{ .name = "random: " title, .run = (function), .opt = (number) }

static const struct vp_case vp_random_cases[] = {
	PROPERTY("the order of adding does not matter", run_add_order, 0),
	PROPERTY("a formatted line is parsed to the same", run_round_trip, 0),
	PROPERTY("attributes read back are the same type", run_load_all, 0),
	PROPERTY("verdicts, type to type", run_verdicts, TYPE_TO_TYPE),
	PROPERTY("verdicts, instance to type", run_verdicts, INST_TO_TYPE),
	PROPERTY("verdicts, type to instance", run_verdicts, TYPE_TO_INST),
	PROPERTY("verdicts, instance to instance", run_verdicts, INST_TO_INST),
	PROPERTY("each is compatible with itself", run_reflexive, 0),
	PROPERTY("labels are the verdict", run_labels, 0),
	PROPERTY("labels are the verdict, with vendor data", run_labels, 1),
};

const struct vp_table vp_random_table = {
	vp_random_cases,
	ARRAY_SIZE(vp_random_cases),
};

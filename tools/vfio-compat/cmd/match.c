// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * vfio-compat match: which types and functions of many hosts take a source.
 */
#include <string.h>

#include "cmd.h"

#define GROUPS_MAX 256
#define EXAMPLES_MAX 3

/**
 * struct found - a destination that takes the source
 * @host: whose it is
 * @object: its name
 * @type: its type id
 * @version: its version
 * @cross_type: it is of another type
 * @can_return: it can send the state back
 * @same_series: it is of the source's series
 * @surplus: how much more it offers than the source needs
 * @available: free capacity, or -1
 */
struct found {
	char *host;
	char *object;
	char *type;
	char *version;
	bool cross_type;
	bool can_return;
	bool same_series;
	unsigned int surplus;
	long available;
};

/**
 * struct group - destinations that one rule leaves out
 * @rule: the first rule that fails; NULL if they say nothing
 * @field: the field or resource that it is about, or ""
 * @result: what it gives
 * @pin: a series that would be taken, or ""
 * @message: what it says of the first of them
 * @example: the first of them
 * @count: how many
 */
struct group {
	const char *rule;
	char field[32];
	enum vfio_compat_result result;
	char pin[16];
	char *message;
	char *example[EXAMPLES_MAX];
	size_t count;
};

/**
 * struct search - what is known so far
 * @cmd: the run
 * @src: the source
 * @found: the best, in their order
 * @kept: how many these are
 * @matching: how many there were
 * @considered: types and functions that were looked at
 * @hosts: documents that were read
 * @group: the others
 * @groups: how many groups these are
 */
struct search {
	struct cmd *cmd;
	struct vfio_compat_object *src;
	struct found *found;
	size_t kept;
	size_t matching;
	size_t considered;
	size_t hosts;
	struct group group[GROUPS_MAX];
	unsigned int groups;
};

/* ---- the order ---- */

/* The first of these that differs decides; each gives -1 if @a is better. */
static int by_preference(const struct found *a, const struct found *b)
{
	int order;

	if (a->cross_type != b->cross_type)
		return a->cross_type ? 1 : -1;
	if (a->can_return != b->can_return)
		return a->can_return ? -1 : 1;
	if (a->same_series != b->same_series)
		return a->same_series ? -1 : 1;
	if (a->surplus != b->surplus)
		return a->surplus < b->surplus ? -1 : 1;
	if (a->available != b->available)
		return a->available > b->available ? -1 : 1;
	order = strcmp(a->host, b->host);
	return order ? order : strcmp(a->object, b->object);
}

static void free_found(struct found *f)
{
	free(f->host);
	free(f->object);
	free(f->type);
	free(f->version);
}

/* Where @f belongs; behind those that are no worse. */
static size_t place_of(const struct search *s, const struct found *f)
{
	size_t low = 0, high = s->kept, middle;

	while (low < high) {
		middle = (low + high) / 2;
		if (by_preference(f, &s->found[middle]) < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/* Keep a copy, if it is among the best. */
static void keep(struct search *s, const struct found *f)
{
	size_t at = place_of(s, f), limit = s->cmd->limit;
	struct found *to;

	s->matching++;
	if (at == limit)
		return;
	if (s->kept == limit)
		free_found(&s->found[--s->kept]);
	to = &s->found[at];
	memmove(to + 1, to, (s->kept - at) * sizeof(*to));
	s->kept++;
	*to = *f;
	to->host = checked(strdup(f->host));
	to->object = checked(strdup(f->object));
	to->type = checked(strdup(f->type));
	to->version = checked(strdup(f->version));
}

/* ---- those that are left out ---- */

static struct group *find_group(struct search *s, const struct group *like)
{
	struct group *g;

	for (g = s->group; g < s->group + s->groups; g++)
		if (g->rule == like->rule && g->result == like->result &&
		    !strcmp(g->field, like->field) && !strcmp(g->pin, like->pin))
			return g;
	/* Fields and series are bounded; the last group takes what is left. */
	if (s->groups == GROUPS_MAX)
		return g - 1;
	s->groups++;
	*g = *like;
	return g;
}

static void leave_out(struct search *s, const struct group *like,
		      const char *host, struct vfio_compat_object *obj,
		      const char *message)
{
	struct group *g = find_group(s, like);

	if (!g->message)
		g->message = checked(strdup(message));
	if (g->count < EXAMPLES_MAX &&
	    asprintf(&g->example[g->count], "%s!%s", host,
		     vfio_compat_object_name(obj)) < 0)
		checked(NULL);
	g->count++;
}

/* The first rule with this outcome is why. */
static void leave_out_by(struct search *s, const char *host,
			 struct vfio_compat_object *obj,
			 struct vfio_compat_verdict *verdict,
			 enum vfio_compat_result result)
{
	const char *pin = vfio_compat_verdict_pin(verdict);
	struct group like = { .result = result };
	unsigned int i = 0;
	const char *field;

	while (i + 1 < vfio_compat_verdict_count(verdict) &&
	       vfio_compat_reason_result(verdict, i) != result)
		i++;
	like.rule = vfio_compat_reason_rule(verdict, i);
	field = vfio_compat_reason_field(verdict, i);
	snprintf(like.field, sizeof(like.field), "%s", field ? field : "");
	if (!strcmp(like.rule, "software_version") && pin)
		snprintf(like.pin, sizeof(like.pin), "%s", pin);
	leave_out(s, &like, host, obj, vfio_compat_reason_message(verdict, i));
}

static void leave_out_other_type(struct search *s, const char *host,
				 struct vfio_compat_object *obj)
{
	const struct group like = { .rule = "type",
				    .result = VFIO_COMPAT_PASS };

	leave_out(s, &like, host, obj,
		  "takes the source, but is of another type: give --cross-type to permit it");
}

static void leave_out_mute(struct search *s, const char *host,
			   struct vfio_compat_object *obj)
{
	const struct group like = { .result = VFIO_COMPAT_UNDECIDED };

	leave_out(s, &like, host, obj, "does not say what it is compatible with");
}

/* ---- one destination ---- */

/* Whether "2.1.3" and "2.1.0" are of one series. */
static bool same_series(const char *a, const char *b)
{
	size_t n = strcspn(a, ".");

	n += strcspn(a + n + 1, ".") + 1;
	return !strncmp(a, b, n + 1);
}

static void judge(struct search *s, const char *host,
		  struct vfio_compat_object *obj,
		  struct vfio_compat_verdict *verdict)
{
	enum vfio_compat_result result = vfio_compat_verdict_result(verdict);
	struct found f = {
		.host = (char *)host,
		.object = (char *)vfio_compat_object_name(obj),
		.type = (char *)vfio_compat_object_type(obj),
		.version = (char *)vfio_compat_object_version(obj),
		.cross_type = vfio_compat_verdict_cross_type(verdict),
		.can_return = vfio_compat_verdict_return(verdict) ==
			      VFIO_COMPAT_PASS,
		.surplus = vfio_compat_verdict_surplus(verdict),
		.available = vfio_compat_object_available(obj),
	};

	if (result != VFIO_COMPAT_PASS) {
		leave_out_by(s, host, obj, verdict, result);
	} else if (f.cross_type && !s->cmd->cross_type) {
		leave_out_other_type(s, host, obj);
	} else {
		f.same_series = same_series(vfio_compat_object_version(s->src),
					    f.version);
		keep(s, &f);
	}
}

static int consider(void *data, const char *host,
		    struct vfio_compat_object **object, int ret)
{
	struct vfio_compat_object *obj = *object;
	struct search *s = data;
	struct vfio_compat_verdict *verdict;

	if (vfio_compat_object_node(obj) == VFIO_COMPAT_MDEV)
		return 0;
	s->considered++;
	if (ret || vfio_compat_compare(s->src, obj, &verdict)) {
		leave_out_mute(s, host, obj);
		return 0;
	}
	judge(s, host, obj, verdict);
	vfio_compat_verdict_free(verdict);
	return 0;
}

/* ---- text ---- */

static const char *yes_no(bool yes)
{
	return yes ? "yes" : "no";
}

static void print_sentence(struct search *s)
{
	size_t n = s->matching;

	print_coloured(n ? GOOD : BAD, n ? "Yes" : "No");
	fputs(": ", stdout);
	if (n)
		printf("%zu", n);
	else
		fputs("none", stdout);
	printf(" of %zu types and functions of %zu host%s take%s ",
	       s->considered, s->hosts, s->hosts == 1 ? "" : "s",
	       n == 1 ? "s" : "");
	print_name(stdout, vfio_compat_object_name(s->src));
	if (n) {
		fputs(n == 1 ? ": " : "; the best is ", stdout);
		print_escaped(stdout, s->found[0].host);
		putchar('!');
		print_escaped(stdout, s->found[0].object);
	}
	puts(".");
}

enum {
	COL_HOST, COL_OBJECT, COL_TYPE, COL_VERSION, COL_RETURN, COL_SURPLUS,
	COL_FREE, COL_CROSS_TYPE, COL_SAME_SERIES, CELLS
};

const struct column match_columns[] = {
	[COL_HOST] = { .name = "HOST", .cut = CUT_END, .least = 12 },
	[COL_OBJECT] = { .name = "OBJECT", .cut = CUT_MIDDLE, .least = 30 },
	[COL_TYPE] = { .name = "TYPE", .cut = CUT_MIDDLE, .least = 12, .out = 2 },
	[COL_VERSION] = { .name = "VERSION" },
	[COL_RETURN] = { .name = "RETURN" },
	[COL_SURPLUS] = { .name = "SURPLUS", .out = 1 },
	[COL_FREE] = { .name = "FREE" },
	[COL_CROSS_TYPE] = { .name = "CROSS_TYPE", .is_extra = true },
	[COL_SAME_SERIES] = { .name = "SAME_SERIES", .is_extra = true },
	[CELLS] = { .name = NULL },
};

static void add_found(struct table *table, const struct found *f)
{
	char surplus[16], available[24] = "";
	const char *cells[CELLS] = {
		[COL_HOST] = f->host,
		[COL_OBJECT] = f->object,
		[COL_TYPE] = f->type,
		[COL_VERSION] = f->version,
		[COL_RETURN] = yes_no(f->can_return),
		[COL_SURPLUS] = surplus,
		[COL_FREE] = available,
		[COL_CROSS_TYPE] = yes_no(f->cross_type),
		[COL_SAME_SERIES] = yes_no(f->same_series),
	};

	snprintf(surplus, sizeof(surplus), "%u", f->surplus);
	if (f->available >= 0)
		snprintf(available, sizeof(available), "%ld", f->available);
	table_row(table, cells);
}

static void print_found(struct search *s)
{
	struct table table;
	size_t i;

	if (!s->kept)
		return;
	table_begin(&table, s->cmd, match_columns);
	for (i = 0; i < s->kept; i++)
		add_found(&table, &s->found[i]);
	if (s->cmd->given & OPT(NOHEADINGS)) {
		table_print(&table, "");
		return;
	}
	puts("");
	table_print(&table, "  ");
	if (s->matching > s->kept)
		printf("  .. and %zu more; --limit prints them.\n",
		       s->matching - s->kept);
}

static void print_group(const struct group *g)
{
	const char *what = g->field[0] ? g->field : g->rule;

	printf("  %zu: ", g->count);
	if (what)
		printf("%s: ", what);
	print_escaped(stdout, g->message);
	if (g->pin[0])
		printf("; would be taken pinned to %s", g->pin);
	fputs(" (", stdout);
	print_escaped(stdout, g->example[0]);
	puts(g->count > 1 ? ", ..)" : ")");
}

static void print_text(struct search *s)
{
	unsigned int i;

	if (s->cmd->given & OPT(NOHEADINGS)) {
		print_found(s);
		return;
	}
	print_sentence(s);
	print_found(s);
	if (s->groups)
		puts("\nThe others, by the first rule that they fail:");
	for (i = 0; i < s->groups; i++)
		print_group(&s->group[i]);
}

/* ---- JSON ---- */

static struct json_object *json_of_found(const struct found *f)
{
	struct json_object *json = json_object_new_object();

	json_object_object_add(json, "host", json_text(f->host));
	json_object_object_add(json, "object", json_text(f->object));
	json_object_object_add(json, "type", json_text(f->type));
	json_object_object_add(json, "software_version",
			       json_text(f->version));
	json_object_object_add(json, "available_instances",
			       f->available < 0 ? NULL :
			       json_object_new_int64(f->available));
	json_object_object_add(json, "cross_type",
			       json_object_new_boolean(f->cross_type));
	json_object_object_add(json, "can_return",
			       json_object_new_boolean(f->can_return));
	json_object_object_add(json, "same_series",
			       json_object_new_boolean(f->same_series));
	json_object_object_add(json, "surplus",
			       json_object_new_int64(f->surplus));
	return json;
}

static struct json_object *json_of_group(const struct group *g)
{
	struct json_object *json = json_object_new_object();
	struct json_object *examples = json_object_new_array();
	size_t i;

	for (i = 0; i < EXAMPLES_MAX && i < g->count; i++)
		json_object_array_add(examples, json_text(g->example[i]));
	json_object_object_add(json, "rule", json_text(g->rule));
	json_object_object_add(json, "field",
			       json_text(g->field[0] ? g->field : NULL));
	json_object_object_add(json, "result",
			       json_text(vfio_compat_result_name(g->result)));
	json_object_object_add(json, "count", json_object_new_int64(g->count));
	json_object_object_add(json, "pin",
			       json_text(g->pin[0] ? g->pin : NULL));
	json_object_object_add(json, "examples", examples);
	json_object_object_add(json, "message", json_text(g->message));
	return json;
}

static void fill_json(struct search *s)
{
	struct json_object *matches = json_object_new_array();
	struct json_object *others = json_object_new_array();
	struct json_object *out = s->cmd->out;
	size_t i;

	for (i = 0; i < s->kept; i++)
		json_object_array_add(matches, json_of_found(&s->found[i]));
	for (i = 0; i < s->groups; i++)
		json_object_array_add(others, json_of_group(&s->group[i]));
	json_object_object_add(out, "source",
			       s->src ? json_of_object(s->src) : NULL);
	json_object_object_add(out, "hosts", json_object_new_int64(s->hosts));
	json_object_object_add(out, "considered",
			       json_object_new_int64(s->considered));
	json_object_object_add(out, "matching",
			       json_object_new_int64(s->matching));
	json_object_object_add(out, "matches", matches);
	json_object_object_add(out, "rejected", others);
}

/* ---- the verb ---- */

/* None at all is no; none but of another type is what --cross-type is for. */
static void take_code(struct search *s)
{
	unsigned int i;

	if (s->matching)
		return;
	for (i = 0; i < s->groups; i++)
		if (s->group[i].rule && s->group[i].result == VFIO_COMPAT_PASS) {
			cmd_code(s->cmd, VFIO_COMPAT_CROSS_TYPE);
			return;
		}
	cmd_code(s->cmd, VFIO_COMPAT_INCOMPATIBLE);
}

static void free_search(struct search *s)
{
	size_t i, n;

	for (i = 0; i < s->kept; i++)
		free_found(&s->found[i]);
	for (i = 0; i < s->groups; i++) {
		for (n = 0; n < EXAMPLES_MAX; n++)
			free(s->group[i].example[n]);
		free(s->group[i].message);
	}
	free(s->found);
	vfio_compat_object_free(s->src);
	free(s);
}

void run_match(struct cmd *cmd, char **args)
{
	struct search *s = checked(calloc(1, sizeof(*s)));
	int ret = args[0] ? open_object(cmd, args[0], &s->src) :
			    VFIO_COMPAT_USAGE;
	bool go = ret == VFIO_COMPAT_OK;

	s->cmd = cmd;
	s->found = checked(calloc(cmd->limit, sizeof(*s->found)));
	if (go) {
		s->hosts = read_inventories(cmd, args + 1, consider, s);
		take_code(s);
	}
	if (cmd->json)
		fill_json(s);
	else if (go && s->hosts)
		print_text(s);
	else if (ret == VFIO_COMPAT_UNKNOWN)
		print_unknown(cmd);
	free_search(s);
}

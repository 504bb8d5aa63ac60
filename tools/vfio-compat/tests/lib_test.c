// SPDX-License-Identifier: GPL-2.0-only
/*
 * The library as a program uses it: lib_test TREES.  TREES is what
 * make-trees.sh made, and may be written to.
 *
 * Who gives up what, and when, is for the sanitizers and valgrind to judge.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "private.h"

static const char *trees;
static unsigned int broken, passed, failed;

static void check(bool right, int line, const char *fmt, ...)
{
	va_list args;

	if (right)
		return;
	broken++;
	printf("# line %d: ", line);
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	puts("");
}

static void same(const char *found, const char *expected, int line)
{
	check(!strcmp(found, expected), line, "%s, expected %s", found,
	      expected);
}

#define ok(what) check(what, __LINE__, "%s", #what)
#define is(a, b) same(a, b, __LINE__)

static struct vfio_compat *context(const char *tree)
{
	struct vfio_compat *ctx;
	char *root;

	if (vfio_compat_new(&ctx) || asprintf(&root, "%s/%s", trees, tree) < 0 ||
	    vfio_compat_set_root(ctx, root))
		abort();
	free(root);
	return ctx;
}

/* A file of the good tree, by its path in it. */
static void put(const char *path, const char *text)
{
	char *name;
	FILE *to;

	if (asprintf(&name, "%s/good/%s", trees, path) < 0)
		abort();
	to = fopen(name, "w");
	if (!to || fputs(text, to) < 0 || fclose(to))
		abort();
	free(name);
}

#define TYPE "devices/virtual/mtty/mtty/mdev_supported_types/mtty-1/"
#define LINE_IS(ids) "mtty-v1;api=vfio-pci;type=mtty-1;sw=1.0.0;f.pci_ids=" \
	ids ";f.ports=1;end\n"

/* ---- who holds what ---- */

static void test_any_order(void)
{
	struct vfio_compat *ctx = context("good");
	struct vfio_compat_object *a, *b;
	struct vfio_compat_verdict *verdict;
	struct vfio_compat_parent *parent;

	ok(vfio_compat_ref(ctx) == ctx);
	ok(!vfio_compat_open(ctx, "mtty/mtty-1", &a));
	ok(!vfio_compat_open(ctx, "mtty/mtty-2", &b));
	ok(!vfio_compat_compare(a, b, &verdict));
	ok(!vfio_compat_parent_open(ctx, "mtty", &parent));
	vfio_compat_unref(ctx);
	vfio_compat_unref(ctx);
	vfio_compat_object_free(a);
	ok(vfio_compat_object_ref(b) == b);
	vfio_compat_object_free(b);
	is(vfio_compat_object_name(b), "mtty/mtty-2");
	vfio_compat_object_free(b);
	ok(vfio_compat_verdict_result(verdict) == VFIO_COMPAT_FAIL);
	is(vfio_compat_reason_value(verdict, 1, VFIO_COMPAT_SOURCE, 0),
	   "mtty-1");
	vfio_compat_verdict_free(verdict);
	a = vfio_compat_type_first(parent);
	vfio_compat_parent_free(parent);
	a = vfio_compat_object_next(a);
	is(vfio_compat_object_name(a), "mtty/mtty-2");
	vfio_compat_object_free(a);
}

static void test_nothing(void)
{
	vfio_compat_unref(NULL);
	vfio_compat_object_free(NULL);
	vfio_compat_parent_free(NULL);
	vfio_compat_verdict_free(NULL);
	vfio_compat_inventory_free(NULL);
	ok(!vfio_compat_object_next(NULL));
	ok(!vfio_compat_parent_next(NULL));
}

/* ---- walks ---- */

static void names_of(struct vfio_compat_object *obj, const char *expected)
{
	char list[1024] = "";

	for (; obj; obj = vfio_compat_object_next(obj)) {
		strcat(list, vfio_compat_object_name(obj));
		strcat(list, " ");
	}
	is(list, expected);
}

#define UUID(n) "83b8f4f2-509f-382f-3c1e-e6bfe0fa10" #n " "

static void test_walks(void)
{
	struct vfio_compat *ctx = context("good");
	struct vfio_compat_parent *parent = vfio_compat_parent_first(ctx);
	char list[256] = "";

	for (; parent; parent = vfio_compat_parent_next(parent)) {
		const char *name = vfio_compat_parent_name(parent);

		strcat(strcat(list, name), " ");
		ok(!vfio_compat_parent_error(parent)->code);
		ok(vfio_compat_parent_path(parent)[0] == '/');
		if (strcmp(name, "mtty"))
			continue;
		names_of(vfio_compat_type_first(parent),
			 "mtty/mtty-1 mtty/mtty-2 ");
		names_of(vfio_compat_mdev_first(parent),
			 UUID(01) UUID(02) UUID(03));
	}
	is(list, "0000:00:02.0 chk mdpy mtty old ");
	ok(!vfio_compat_last_error(ctx)->code);
	names_of(vfio_compat_function_first(ctx), "0000:3b:00.1 0000:3b:00.2 ");
	vfio_compat_unref(ctx);
}

/* An end is told apart from an error, also after an error before it. */
static void test_ends(void)
{
	struct vfio_compat *ctx = context("empty");
	struct vfio_compat_object *obj;

	ok(vfio_compat_open(ctx, "no/such", &obj) == VFIO_COMPAT_IO && !obj);
	ok(vfio_compat_last_error(ctx)->code == VFIO_COMPAT_IO);
	ok(!vfio_compat_parent_first(ctx));
	ok(!vfio_compat_last_error(ctx)->code);
	ok(vfio_compat_open(ctx, "no/such", &obj) == VFIO_COMPAT_IO);
	ok(!vfio_compat_function_first(ctx));
	ok(!vfio_compat_last_error(ctx)->code);
	vfio_compat_unref(ctx);
}

static void test_unlistable(void)
{
	struct vfio_compat *ctx = context("loops");
	struct vfio_compat_inventory *inv;

	ok(!vfio_compat_parent_first(ctx));
	ok(vfio_compat_last_error(ctx)->code == VFIO_COMPAT_IO);
	ok(!vfio_compat_function_first(ctx));
	ok(vfio_compat_last_error(ctx)->code == VFIO_COMPAT_IO);
	ok(vfio_compat_inventory_read(ctx, &inv) == VFIO_COMPAT_IO && !inv);
	vfio_compat_unref(ctx);
}

/* Each thing that is wrong is a step that says what; none ends the walk. */
static void test_broken(void)
{
	struct vfio_compat *ctx = context("broken");
	struct vfio_compat_parent *parent = vfio_compat_parent_first(ctx);
	unsigned int parents = 0, bad = 0, good = 0;

	for (; parent; parent = vfio_compat_parent_next(parent)) {
		struct vfio_compat_object *obj = vfio_compat_type_first(parent);

		parents++;
		ok(strcmp(vfio_compat_parent_name(parent), "bad") ?
		   !obj && vfio_compat_last_error(ctx)->code :
		   obj && !vfio_compat_parent_error(parent)->code);
		for (; obj; obj = vfio_compat_object_next(obj)) {
			const struct vfio_compat_error *error =
				vfio_compat_object_error(obj);

			good += !error->code;
			bad += error->code == VFIO_COMPAT_IO &&
			       error->message[0] && error->path[0];
		}
	}
	ok(parents == 3);
	ok(good >= 2);
	check(bad >= 20, __LINE__, "%u types are broken", bad);
	vfio_compat_unref(ctx);
}

/* ---- what goes on while a node is read ---- */

/**
 * struct event - what is done when the log says something
 * @when: text of the log
 * @times: how often it is done
 * @what: does it
 * @seen: how often the text was seen
 * @notices: lines of level notice
 * @last: the last of them
 */
struct event {
	const char *when;
	int times;
	void (*what)(int time);
	int seen;
	int notices;
	char last[256];
};

static void on_log(void *data, enum vfio_compat_level level, const char *text)
{
	struct event *event = data;

	if (level == VFIO_COMPAT_LOG_NOTICE) {
		event->notices++;
		snprintf(event->last, sizeof(event->last), "%s", text);
	}
	if (strstr(text, event->when) && event->seen++ < event->times)
		event->what(event->seen);
}

static void put_ids(int time)
{
	put(TYPE "compatible_pci_ids", time % 2 ? "1:2\n" : "4348:3253\n");
	put(TYPE "migration_version", time % 2 ? LINE_IS("1:2") :
						 LINE_IS("4348:3253"));
}

static void change(int times, int notices, int expected)
{
	struct event event = { "reading ", 0, put_ids, 0, 0, "" };
	struct vfio_compat *ctx = context("good");
	struct vfio_compat_object *obj;
	const char *value;

	event.when = "mtty-1/dynamic_resources";
	event.times = times;
	vfio_compat_set_log(ctx, on_log, &event, VFIO_COMPAT_LOG_DEBUG);
	ok(vfio_compat_open(ctx, "mtty/mtty-1", &obj) == expected);
	check(event.notices == notices, __LINE__, "%d notices", event.notices);
	ok(!notices || strstr(event.last, "changed while it was read"));
	if (!expected) {
		value = vfio_compat_object_value(obj, VFIO_COMPAT_FIELDS,
						 "pci_ids", 0);
		is(value, times % 2 ? "1:2" : "4348:3253");
		ok(strstr(vfio_compat_object_line(obj), value));
	} else {
		ok(!obj && strstr(vfio_compat_last_error(ctx)->message,
				  "while it is read: expected"));
	}
	vfio_compat_object_free(obj);
	vfio_compat_unref(ctx);
	put_ids(0);
}

static void test_changes(void)
{
	change(0, 0, VFIO_COMPAT_OK);
	change(1, 1, VFIO_COMPAT_OK);
	change(2, 2, VFIO_COMPAT_OK);
	change(3, 3, VFIO_COMPAT_OK);
	change(99, 5, VFIO_COMPAT_IO);
}

/* One folder over another; an attribute that is open stays readable. */
static void move(const char *from, const char *to)
{
	char *command;

	if (asprintf(&command,
		     "cd '%s/good' && cp -a %s moved && rm -r %s && mv moved %s",
		     trees, from, from, to) < 0 || system(command))
		abort();
	free(command);
}

static void take_away(int time)
{
	(void)time;
	move(TYPE, "away");
}

/* What goes away while it is read, or before, is no step and no error. */
static void vanishes(const char *when)
{
	struct event event = { when, 1, take_away, 0, 0, "" };
	struct vfio_compat *ctx = context("good");
	struct vfio_compat_parent *parent;

	ok(!vfio_compat_parent_open(ctx, "mtty", &parent));
	vfio_compat_set_log(ctx, on_log, &event, VFIO_COMPAT_LOG_DEBUG);
	names_of(vfio_compat_type_first(parent), "mtty/mtty-2 ");
	ok(event.notices == 1 && strstr(event.last, "went away"));
	ok(!vfio_compat_last_error(ctx)->code);
	vfio_compat_parent_free(parent);
	vfio_compat_unref(ctx);
	move("away", TYPE);
}

static void test_vanishes(void)
{
	vanishes("mtty-1/device_api");
	vanishes("mtty-1/compatible_ports");
}

static void test_log(void)
{
	struct event event = { "mtty-9", 0, NULL, 0, 0, "" };
	struct vfio_compat *ctx = context("good");
	struct vfio_compat_object *obj;

	vfio_compat_set_log(ctx, on_log, &event, VFIO_COMPAT_LOG_ERROR);
	ok(!vfio_compat_open(ctx, "mtty/mtty-1", &obj));
	vfio_compat_object_free(obj);
	ok(!event.seen);
	ok(vfio_compat_open(ctx, "mtty/mtty-9", &obj) == VFIO_COMPAT_IO);
	ok(event.seen == 1);
	vfio_compat_set_log(ctx, NULL, NULL, VFIO_COMPAT_LOG_DEBUG);
	ok(vfio_compat_open(ctx, "mtty/mtty-9", &obj) == VFIO_COMPAT_IO);
	ok(event.seen == 1);
	vfio_compat_unref(ctx);
}

/* The driver refuses, and both sides are gone when they are read again. */
static int refuse_and_go(struct vfio_compat_object *obj, const char *line)
{
	(void)obj;
	(void)line;
	take_away(0);
	errno = EMEDIUMTYPE;
	return errno;
}

static void test_probe_gone(void)
{
	struct vfio_compat *ctx = context("good");
	struct vfio_compat_verdict *verdict;
	struct vfio_compat_object *obj;

	ok(!vfio_compat_open(ctx, "mtty/mtty-1", &obj));
	ok(!vfio_compat_compare(obj, obj, &verdict));
	ok(vfio_compat_verdict_count(verdict) == 6);
	ctx->store = refuse_and_go;
	ok(vfio_compat_probe(verdict) == VFIO_COMPAT_IO);
	move("away", TYPE);
	ok(!vfio_compat_verdict_count(verdict));
	ok(vfio_compat_verdict_result(verdict) == VFIO_COMPAT_UNDECIDED);
	ok(vfio_compat_verdict_return(verdict) == VFIO_COMPAT_UNDECIDED);
	ok(!vfio_compat_verdict_pin(verdict));
	ok(!vfio_compat_object_line(obj));
	ok(!vfio_compat_object_entry(obj, VFIO_COMPAT_ACCEPTS, 0));
	vfio_compat_verdict_free(verdict);
	vfio_compat_object_free(obj);
	vfio_compat_unref(ctx);
}

/* Another verdict of the same objects reads them again. */
static void test_read_again(void)
{
	struct vfio_compat *ctx = context("good");
	struct vfio_compat_verdict *verdict, *other;
	struct vfio_compat_object *src, *dst;
	unsigned int i;

	ok(!vfio_compat_open(ctx, "83b8f4f2-509f-382f-3c1e-e6bfe0fa1001", &src));
	ok(!vfio_compat_open(ctx, "mtty/mtty-1", &dst));
	ok(!vfio_compat_compare(src, dst, &verdict));
	ok(!vfio_compat_compare(src, dst, &other));
	ctx->store = refuse_and_go;
	ok(vfio_compat_probe(other) == VFIO_COMPAT_IO);
	move("away", TYPE);
	ok(vfio_compat_verdict_count(verdict) == 6);
	for (i = 0; i < vfio_compat_verdict_count(verdict); i++) {
		ok(strlen(vfio_compat_reason_message(verdict, i)));
		ok(!vfio_compat_reason_value(verdict, i, VFIO_COMPAT_MISSING, 0));
	}
	is(vfio_compat_reason_value(verdict, 2, VFIO_COMPAT_SOURCE, 0), "1.0.0");
	is(vfio_compat_reason_value(verdict, 2, VFIO_COMPAT_DESTINATION, 0),
	   "1.0");
	is(vfio_compat_reason_value(verdict, 3, VFIO_COMPAT_DESTINATION, 0),
	   "4348:3253");
	ok(vfio_compat_verdict_surplus(verdict) == 0);
	vfio_compat_verdict_free(verdict);
	vfio_compat_verdict_free(other);
	vfio_compat_object_free(src);
	vfio_compat_object_free(dst);
	vfio_compat_unref(ctx);
}

/* ---- claims ---- */

static bool told_to_stop(void *data)
{
	++*(int *)data;
	return true;
}

static void test_claim(void)
{
	struct vfio_compat *ctx = context("good");
	struct vfio_compat_claim *claim;
	struct vfio_compat_object *src, *dst;
	int asked = 0;

	ok(!vfio_compat_open(ctx, "83b8f4f2-509f-382f-3c1e-e6bfe0fa1001", &src));
	ok(!vfio_compat_open(ctx, "mtty/mtty-1", &dst));
	ok(!vfio_compat_claim_new(src, dst, &claim));
	vfio_compat_object_free(src);
	vfio_compat_object_free(dst);
	vfio_compat_unref(ctx);
	ok(vfio_compat_claim_end(claim, true) == VFIO_COMPAT_USAGE);
	vfio_compat_claim_set_flags(claim, VFIO_COMPAT_CLAIM_DRY_RUN);
	vfio_compat_claim_set_stop(claim, told_to_stop, &asked);
	ok(!vfio_compat_claim_run(claim));
	ok(!vfio_compat_claim_uuid(claim));
	ok(vfio_compat_claim_end(claim, true) == VFIO_COMPAT_USAGE);
	ok(vfio_compat_claim_run(claim) == VFIO_COMPAT_USAGE);
	ok(vfio_compat_verdict_count(vfio_compat_claim_verdict(claim)) == 6);
	ok(!asked);
	vfio_compat_claim_free(claim);
	vfio_compat_claim_free(NULL);
}

/* ---- inventories ---- */

static void test_inventory(void)
{
	struct vfio_compat *ctx = context("good");
	struct vfio_compat_inventory *inv;
	struct vfio_compat_object *obj;
	unsigned int i = 0;

	ok(!vfio_compat_inventory_read(ctx, &inv));
	while ((obj = vfio_compat_inventory_object(inv, i))) {
		ok(vfio_compat_inventory_find(inv,
					      vfio_compat_object_name(obj)) == obj);
		i++;
	}
	check(i == 19, __LINE__, "%u objects", i);
	ok(!vfio_compat_inventory_find(inv, "mtty/mtty-9"));
	ok(!vfio_compat_inventory_fact(inv, VFIO_COMPAT_HOST));
	ok(!vfio_compat_inventory_set(inv, VFIO_COMPAT_HOST, "a"));
	ok(!vfio_compat_inventory_set(inv, VFIO_COMPAT_HOST, "b"));
	is(vfio_compat_inventory_fact(inv, VFIO_COMPAT_HOST), "b");
	obj = vfio_compat_inventory_object(inv, 0);
	ok(vfio_compat_inventory_add(inv, obj) == VFIO_COMPAT_IO);
	ok(strstr(vfio_compat_last_error(ctx)->message, "is there twice"));
	ok(!vfio_compat_inventory_object(inv, i));
	vfio_compat_object_ref(obj);
	ok(vfio_compat_inventory_ref(inv) == inv);
	vfio_compat_inventory_free(inv);
	vfio_compat_unref(ctx);
	vfio_compat_inventory_free(inv);
	ok(vfio_compat_object_name(obj)[0]);
	vfio_compat_object_free(obj);
}

static void test_broken_inventory(void)
{
	struct vfio_compat *ctx = context("broken");
	struct vfio_compat_inventory *inv;
	struct vfio_compat_object *obj;
	unsigned int i, bad = 0;

	ok(!vfio_compat_inventory_read(ctx, &inv));
	for (i = 0; (obj = vfio_compat_inventory_object(inv, i)); i++)
		bad += vfio_compat_object_error(obj)->code == VFIO_COMPAT_IO;
	check(bad >= 22, __LINE__, "%u objects are broken", bad);
	ok(vfio_compat_inventory_find(inv, "loop"));
	vfio_compat_inventory_free(inv);
	vfio_compat_unref(ctx);
}

/* Of a document: what it says of two types of two hosts. */
static void test_document(void)
{
	static const char line[] =
		"a-v1;api=vfio-pci;type=t;sw=1.0.0;f.x=1;end";
	struct vfio_compat_inventory *inv;
	struct vfio_compat_object *obj;
	struct vfio_compat *ctx;

	ok(!vfio_compat_new(&ctx));
	ok(!vfio_compat_inventory_new(ctx, &inv));
	ok(!vfio_compat_begin(ctx, VFIO_COMPAT_TYPE, "p/t", &obj));
	ok(!vfio_compat_load(obj, "type", "t", 1));
	ok(!vfio_compat_load(obj, "device_api", "vfio-pci", 8));
	ok(!vfio_compat_load(obj, "software_version", "1.0.0", 5));
	ok(!vfio_compat_load(obj, "compatible_x", "1", 1));
	ok(!vfio_compat_load(obj, "migration_version", line, strlen(line)));
	ok(!vfio_compat_finish(obj));
	ok(vfio_compat_load(obj, "compatible_x", "2", 1) == VFIO_COMPAT_USAGE);
	ok(!vfio_compat_finish(obj));
	is(vfio_compat_object_value(obj, VFIO_COMPAT_FIELDS, "x", 0), "1");
	ok(!vfio_compat_object_next(vfio_compat_object_ref(obj)));
	ok(!vfio_compat_inventory_add(inv, obj));
	vfio_compat_object_free(obj);
	ok(!vfio_compat_begin(ctx, VFIO_COMPAT_TYPE, "p/mute", &obj));
	ok(vfio_compat_finish(obj) == VFIO_COMPAT_UNKNOWN);
	ok(vfio_compat_object_error(obj)->code == VFIO_COMPAT_UNKNOWN);
	ok(!vfio_compat_inventory_add(inv, obj));
	vfio_compat_object_free(obj);
	vfio_compat_unref(ctx);
	ok(vfio_compat_inventory_find(inv, "p/t"));
	ok(vfio_compat_inventory_find(inv, "p/mute"));
	vfio_compat_inventory_free(inv);
}

static void run(const char *name, void (*test)(void))
{
	broken = 0;
	test();
	printf("%s %s\n", broken ? "not ok" : "ok", name);
	passed += !broken;
	failed += !!broken;
}

int main(int argc, char **argv)
{
	if (argc != 2)
		return 2;
	trees = argv[1];
	run("objects, verdicts and contexts go in any order", test_any_order);
	run("nothing can be given up", test_nothing);
	run("walks over parents, types, instances and functions", test_walks);
	run("an end is told apart from an error", test_ends);
	run("a folder that cannot be listed is an error", test_unlistable);
	run("what cannot be read is a step that says why", test_broken);
	run("a node that changes while it is read is read again", test_changes);
	run("what goes away is no step", test_vanishes);
	run("the log", test_log);
	run("a side that goes while the driver is asked", test_probe_gone);
	run("reasons of objects that were read again", test_read_again);
	run("a claim that was not run, or only asked", test_claim);
	run("an inventory of a tree", test_inventory);
	run("an inventory of a broken tree", test_broken_inventory);
	run("an inventory of documents", test_document);
	printf("%u passed, %u failed, 0 skipped\n", passed, failed);
	return failed != 0;
}

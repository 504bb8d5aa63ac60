// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any text as the name of an object or of a parent, on the tree that
 * VFIO_COMPAT_TREES names.  Nothing outside of it is ever opened, though there
 * is another tree beside it; an object comes with its name, and an error with
 * a message.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vfio-compat.h"

/* The name that libFuzzer calls it by. */
int fuzz_one(const uint8_t *data, size_t size)
	__asm__("LLVMFuzzerTestOneInput");

static char *tree;

static void must(bool holds)
{
	if (!holds)
		abort();
}

static struct vfio_compat *context(void)
{
	static struct vfio_compat *ctx;
	const char *trees = getenv("VFIO_COMPAT_TREES");

	if (ctx)
		return ctx;
	if (!trees || asprintf(&tree, "%s/good", trees) < 0 ||
	    vfio_compat_new(&ctx) || vfio_compat_set_root(ctx, tree) ||
	    chdir(tree)) {
		fputs("VFIO_COMPAT_TREES: expected what make-trees.sh made\n",
		      stderr);
		exit(2);
	}
	return ctx;
}

/* The tree's path is canonical. */
static void must_be_beneath(const char *path)
{
	must(!strncmp(path, tree, strlen(tree)) && path[strlen(tree)] == '/');
	must(!strstr(path, "/../"));
}

static void must_have_a_message(const struct vfio_compat *ctx, int ret)
{
	const struct vfio_compat_error *error = vfio_compat_last_error(ctx);

	must(ret == VFIO_COMPAT_USAGE || ret == VFIO_COMPAT_UNKNOWN ||
	     ret == VFIO_COMPAT_IO);
	must((int)error->code == ret && error->message[0]);
}

static void try_object(struct vfio_compat *ctx, const char *text)
{
	struct vfio_compat_object *obj, *again;
	int ret = vfio_compat_open(ctx, text, &obj);

	if (ret)
		must_have_a_message(ctx, ret);
	must(!obj == (ret && ret != VFIO_COMPAT_UNKNOWN));
	if (!obj)
		return;
	must_be_beneath(vfio_compat_object_path(obj));
	/* its name, and its path, lead to the same object */
	must(vfio_compat_open(ctx, vfio_compat_object_name(obj), &again) == ret);
	must(!strcmp(vfio_compat_object_path(again),
		     vfio_compat_object_path(obj)));
	vfio_compat_object_free(again);
	must(vfio_compat_open(ctx, vfio_compat_object_path(obj), &again) == ret);
	must(!strcmp(vfio_compat_object_name(again),
		     vfio_compat_object_name(obj)));
	vfio_compat_object_free(again);
	vfio_compat_object_free(obj);
}

static void try_parent(struct vfio_compat *ctx, const char *text)
{
	struct vfio_compat_parent *parent;
	int ret = vfio_compat_parent_open(ctx, text, &parent);

	if (ret) {
		must_have_a_message(ctx, ret);
		must(!parent);
		return;
	}
	must_be_beneath(vfio_compat_parent_path(parent));
	vfio_compat_object_free(vfio_compat_type_first(parent));
	vfio_compat_parent_free(parent);
}

int fuzz_one(const uint8_t *data, size_t size)
{
	struct vfio_compat *ctx = context();
	char *text = malloc(size + 1);

	memcpy(text, data, size);
	text[size] = '\0';
	try_object(ctx, text);
	try_parent(ctx, text);
	free(text);
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * Inventories: the objects of one host, read from its tree or filled in from
 * a document.
 */
#include <errno.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "private.h"

#define FACTS (VFIO_COMPAT_TIME + 1)

/**
 * struct vfio_compat_inventory - the objects of one host
 * @refs: references to it
 * @ctx: the context
 * @fact: what is known of the host; NULL for what is not
 * @object: the objects, in the order they were added
 * @count: how many there are
 * @room: how many fit
 * @names: the same objects by name, as tsearch() keeps them: bounded time
 *	whatever names a document has
 */
struct vfio_compat_inventory {
	unsigned int refs;
	struct vfio_compat *ctx;
	char *fact[FACTS];
	struct vfio_compat_object **object;
	unsigned int count;
	unsigned int room;
	void *names;
};

/**
 * vfio_compat_inventory_new - make an empty inventory
 * @ctx: the context
 * @inv: receives it; NULL on error
 *
 * Return: VFIO_COMPAT_OK or VFIO_COMPAT_IO.
 */
int vfio_compat_inventory_new(struct vfio_compat *ctx,
			      struct vfio_compat_inventory **inv)
{
	*inv = calloc(1, sizeof(**inv));
	if (!*inv)
		return vc_nomem(ctx);
	(*inv)->refs = 1;
	(*inv)->ctx = vfio_compat_ref(ctx);
	return VFIO_COMPAT_OK;
}

/**
 * vfio_compat_inventory_ref - take a reference to an inventory
 * @inv: the inventory
 *
 * Return: @inv, for vfio_compat_inventory_free().
 */
struct vfio_compat_inventory *
vfio_compat_inventory_ref(struct vfio_compat_inventory *inv)
{
	inv->refs++;
	return inv;
}

static void forget(void *object)
{
	(void)object;
}

/**
 * vfio_compat_inventory_free - give up a reference to an inventory
 * @inv: the inventory, or NULL; it goes with the last reference
 */
void vfio_compat_inventory_free(struct vfio_compat_inventory *inv)
{
	unsigned int i;

	if (!inv || --inv->refs)
		return;
	tdestroy(inv->names, forget);
	for (i = 0; i < inv->count; i++)
		vfio_compat_object_free(inv->object[i]);
	for (i = 0; i < FACTS; i++)
		free(inv->fact[i]);
	free(inv->object);
	vfio_compat_unref(inv->ctx);
	free(inv);
}

/**
 * vfio_compat_inventory_set - note something of the host
 * @inv: the inventory
 * @fact: what it is
 * @text: its text, or NULL if it is not known
 *
 * Return: VFIO_COMPAT_OK or VFIO_COMPAT_IO.
 */
int vfio_compat_inventory_set(struct vfio_compat_inventory *inv,
			      enum vfio_compat_fact fact, const char *text)
{
	char *copy = text ? strdup(text) : NULL;

	if (text && !copy)
		return vc_nomem(inv->ctx);
	free(inv->fact[fact]);
	inv->fact[fact] = copy;
	return VFIO_COMPAT_OK;
}

/**
 * vfio_compat_inventory_fact - something of the host
 * @inv: the inventory
 * @fact: what it is
 *
 * Return: its text, or NULL if it is not known.
 */
const char *vfio_compat_inventory_fact(const struct vfio_compat_inventory *inv,
				       enum vfio_compat_fact fact)
{
	return inv->fact[fact];
}

static int by_name(const void *a, const void *b)
{
	return strcmp(vfio_compat_object_name(a), vfio_compat_object_name(b));
}

static int make_room(struct vfio_compat_inventory *inv)
{
	unsigned int room = inv->room ? 2 * inv->room : 16;
	struct vfio_compat_object **more;

	if (inv->count < inv->room)
		return VFIO_COMPAT_OK;
	more = realloc(inv->object, room * sizeof(*more));
	if (!more)
		return vc_nomem(inv->ctx);
	inv->object = more;
	inv->room = room;
	return VFIO_COMPAT_OK;
}

/**
 * vfio_compat_inventory_add - add an object
 * @inv: the inventory, which takes a reference
 * @obj: the object, of a tree or of a document
 *
 * Return: VFIO_COMPAT_OK; VFIO_COMPAT_IO if an object of this name is there,
 * or if there is no memory.
 */
int vfio_compat_inventory_add(struct vfio_compat_inventory *inv,
			      struct vfio_compat_object *obj)
{
	int ret;

	if (vfio_compat_inventory_find(inv, obj->name))
		return vc_fail(inv->ctx, VFIO_COMPAT_IO, EEXIST, obj->name,
			       NULL,
			       "is there twice: expected each object once; make the inventory again");
	ret = make_room(inv);
	if (ret)
		return ret;
	if (!tsearch(obj, &inv->names, by_name))
		return vc_nomem(inv->ctx);
	inv->object[inv->count++] = vfio_compat_object_ref(obj);
	return VFIO_COMPAT_OK;
}

static int name_and_object(const void *name, const void *obj)
{
	return strcmp(name, vfio_compat_object_name(obj));
}

/**
 * vfio_compat_inventory_find - find an object
 * @inv: the inventory
 * @name: its name
 *
 * Return: the object, which is the inventory's: not to be freed, and gone with
 * it unless vfio_compat_object_ref() was called; NULL if it has none of this
 * name.
 */
struct vfio_compat_object *
vfio_compat_inventory_find(const struct vfio_compat_inventory *inv,
			   const char *name)
{
	void *const *at = tfind(name, (void *const *)&inv->names,
				name_and_object);

	return at ? *(struct vfio_compat_object *const *)at : NULL;
}

/**
 * vfio_compat_inventory_object - one object after the other
 * @inv: the inventory
 * @i: number of the object, from 0, in the order they were added
 *
 * Return: the object, which is the inventory's as that of
 * vfio_compat_inventory_find(); NULL after the last.
 */
struct vfio_compat_object *
vfio_compat_inventory_object(const struct vfio_compat_inventory *inv,
			     unsigned int i)
{
	return i < inv->count ? inv->object[i] : NULL;
}

/* ---- of a tree ---- */

static int set_time(struct vfio_compat_inventory *inv)
{
	time_t now = time(NULL);
	struct tm tm;
	char text[64];

	if (!gmtime_r(&now, &tm) ||
	    !strftime(text, sizeof(text), "%FT%TZ", &tm))
		return VFIO_COMPAT_OK;
	return vfio_compat_inventory_set(inv, VFIO_COMPAT_TIME, text);
}

/* The kernel's own number of this boot; not known if it cannot be read. */
static int set_boot_id(struct vfio_compat_inventory *inv)
{
	FILE *from = fopen("/proc/sys/kernel/random/boot_id", "re");
	int ret = VFIO_COMPAT_OK;
	char text[64];

	if (!from)
		return ret;
	if (fgets(text, sizeof(text), from)) {
		text[strcspn(text, "\n")] = '\0';
		ret = vfio_compat_inventory_set(inv, VFIO_COMPAT_BOOT_ID, text);
	}
	fclose(from);
	return ret;
}

/* A recorded tree is of another machine, or of another time. */
static int set_facts(struct vfio_compat_inventory *inv)
{
	struct utsname u;
	int ret;

	if (strcmp(inv->ctx->root, "/sys") || uname(&u))
		return VFIO_COMPAT_OK;
	ret = vfio_compat_inventory_set(inv, VFIO_COMPAT_HOST, u.nodename);
	if (!ret)
		ret = vfio_compat_inventory_set(inv, VFIO_COMPAT_KERNEL,
						u.release);
	if (!ret)
		ret = set_boot_id(inv);
	return ret ? ret : set_time(inv);
}

/* Add a walk, from its first object on. */
static int add_walk(struct vfio_compat_inventory *inv,
		    struct vfio_compat_object *obj)
{
	int ret = VFIO_COMPAT_OK;

	while (obj && !ret) {
		ret = vfio_compat_inventory_add(inv, obj);
		if (!ret)
			obj = vfio_compat_object_next(obj);
	}
	vfio_compat_object_free(obj);
	return ret ? ret : (int)inv->ctx->error.code;
}

/* A parent that cannot be walked through leaves its error in its place. */
static int add_broken(struct vfio_compat_inventory *inv,
		      struct vfio_compat_parent *parent)
{
	struct vfio_compat_object *obj;
	int ret = vc_object_new(inv->ctx, VFIO_COMPAT_TYPE,
				vfio_compat_parent_name(parent), &obj);

	if (ret)
		return ret;
	vc_copy_error(&obj->error, vfio_compat_parent_error(parent));
	vc_object_shrink(obj);
	ret = vfio_compat_inventory_add(inv, obj);
	vfio_compat_object_free(obj);
	return ret;
}

static int add_parent(struct vfio_compat_inventory *inv,
		      struct vfio_compat_parent *parent)
{
	int ret;

	if (vfio_compat_parent_error(parent)->code)
		return add_broken(inv, parent);
	ret = add_walk(inv, vfio_compat_type_first(parent));

	return ret ? ret : add_walk(inv, vfio_compat_mdev_first(parent));
}

static int add_tree(struct vfio_compat_inventory *inv)
{
	struct vfio_compat *ctx = inv->ctx;
	struct vfio_compat_parent *parent = vfio_compat_parent_first(ctx);
	int ret = VFIO_COMPAT_OK;

	while (parent && !ret) {
		ret = add_parent(inv, parent);
		if (!ret)
			parent = vfio_compat_parent_next(parent);
	}
	vfio_compat_parent_free(parent);
	if (!ret)
		ret = ctx->error.code;
	return ret ? ret : add_walk(inv, vfio_compat_function_first(ctx));
}

/**
 * vfio_compat_inventory_read - take stock of the context's tree
 * @ctx: the context
 * @inv: receives the inventory; NULL on error
 *
 * Objects that cannot be read are in it too: vfio_compat_object_error().  What
 * is known of the host is that of this machine, and nothing for a recorded
 * tree.
 *
 * Return: VFIO_COMPAT_OK, or VFIO_COMPAT_IO if the tree cannot be listed.
 */
int vfio_compat_inventory_read(struct vfio_compat *ctx,
			       struct vfio_compat_inventory **inv)
{
	int ret = vfio_compat_inventory_new(ctx, inv);

	if (ret)
		return ret;
	ret = set_facts(*inv);
	if (!ret)
		ret = add_tree(*inv);
	if (ret) {
		vfio_compat_inventory_free(*inv);
		*inv = NULL;
	}
	return ret;
}

// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * Objects: making one, and what it says of itself.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "private.h"

int vc_object_new(struct vfio_compat *ctx, enum vfio_compat_node node,
		  const char *name, struct vfio_compat_object **obj)
{
	struct vfio_compat_object *o = calloc(1, sizeof(*o));

	*obj = NULL;
	if (!o)
		return vc_nomem(ctx);
	o->refs = 1;
	o->ctx = vfio_compat_ref(ctx);
	o->node = node;
	o->name = strdup(name);
	if (!o->name || vc_object_reset(o)) {
		vfio_compat_object_free(o);
		return vc_nomem(ctx);
	}
	*obj = o;
	return VFIO_COMPAT_OK;
}

/**
 * struct counted - a profile that an object and its verdicts share
 * @refs: how many have it
 * @profile: the profile, which does not change any more once it is shared
 */
struct counted {
	unsigned int refs;
	struct vp_profile profile;
};

static struct counted *counted(struct vp_profile *p)
{
	return (struct counted *)((char *)p - offsetof(struct counted, profile));
}

struct vp_profile *vc_profile_ref(struct vp_profile *p)
{
	if (p)
		counted(p)->refs++;
	return p;
}

void vc_profile_unref(struct vp_profile *p)
{
	if (p && !--counted(p)->refs)
		free(counted(p));
}

/* Room for any profile; false, and as it was, without memory. */
static bool grow(struct vp_profile **p)
{
	bool own = *p && counted(*p)->refs == 1;
	struct counted *memory = realloc(own ? counted(*p) : NULL,
					 sizeof(*memory));

	if (!memory)
		return false;
	if (!own)
		vc_profile_unref(*p);
	memory->refs = 1;
	*p = &memory->profile;
	return true;
}

/* Forget what was read, before it is read again. */
int vc_object_reset(struct vfio_compat_object *obj)
{
	free(obj->type);
	free(obj->api);
	free(obj->line);
	obj->type = NULL;
	obj->api = NULL;
	obj->line = NULL;
	obj->available = -1;
	obj->speaks = false;
	obj->has_offers = false;
	obj->has_needs = false;
	vc_clear_error(&obj->error);
	if (!grow(&obj->offers) || !grow(&obj->needs))
		return vc_nomem(obj->ctx);
	obj->is_small = false;
	vp_init(obj->offers);
	vp_init(obj->needs);
	return VFIO_COMPAT_OK;
}

/* A copy, so that what is given back has the size that the next one needs. */
static void shrink(struct vp_profile **p)
{
	size_t size = offsetof(struct vp_profile, pool) + (*p)->pool_used +
		      VP_POOL_NULS;
	struct counted *copy = malloc(offsetof(struct counted, profile) + size);

	if (!copy)
		return;
	copy->refs = 1;
	memcpy(&copy->profile, *p, size);
	vc_profile_unref(*p);
	*p = &copy->profile;
}

/*
 * A profile has room for the longest strings that there may be.  What is kept
 * needs a fraction of that.
 */
void vc_object_shrink(struct vfio_compat_object *obj)
{
	if (obj->is_small)
		return;
	obj->is_small = true;
	shrink(&obj->offers);
	shrink(&obj->needs);
}

/**
 * vfio_compat_object_ref - take a reference to an object
 * @obj: the object
 *
 * Return: @obj, for vfio_compat_object_free().
 */
struct vfio_compat_object *
vfio_compat_object_ref(struct vfio_compat_object *obj)
{
	obj->refs++;
	return obj;
}

/**
 * vfio_compat_object_free - give up a reference to an object
 * @obj: the object, or NULL; it goes with the last reference
 */
void vfio_compat_object_free(struct vfio_compat_object *obj)
{
	if (!obj || --obj->refs)
		return;
	vc_walk_free(obj->walk);
	vc_clear_error(&obj->error);
	free(obj->name);
	free(obj->path);
	free(obj->type_path);
	free(obj->parent);
	free(obj->driver);
	free(obj->type);
	free(obj->api);
	free(obj->line);
	vc_profile_unref(obj->offers);
	vc_profile_unref(obj->needs);
	vfio_compat_unref(obj->ctx);
	free(obj);
}

/**
 * vfio_compat_object_error - why an object could not be read
 * @obj: the object, of a walk or of an inventory
 *
 * Return: the error, whose code is VFIO_COMPAT_UNKNOWN if the object just says
 * nothing; all zero if it was read.  It lasts as long as the object.
 */
const struct vfio_compat_error *
vfio_compat_object_error(const struct vfio_compat_object *obj)
{
	return &obj->error;
}

/**
 * vfio_compat_object_node - what an object is
 * @obj: the object
 *
 * Return: the kind of node.
 */
enum vfio_compat_node
vfio_compat_object_node(const struct vfio_compat_object *obj)
{
	return obj->node;
}

/**
 * vfio_compat_node_name - a kind of object in one word
 * @node: what an object is
 *
 * Return: "type", "mdev", "pci" or "line".
 */
const char *vfio_compat_node_name(enum vfio_compat_node node)
{
	static const char * const names[] = { "type", "mdev", "pci", "line" };

	return names[node];
}

/**
 * vfio_compat_object_name - how an object is called
 * @obj: the object
 *
 * Return: PARENT/TYPE, UUID or PCI address; the name that it was given if it is
 * not of a tree.
 */
const char *vfio_compat_object_name(const struct vfio_compat_object *obj)
{
	return obj->name;
}

/**
 * vfio_compat_object_path - folder of an object
 * @obj: the object
 *
 * Return: its path in the tree; NULL if it was not read from one.
 */
const char *vfio_compat_object_path(const struct vfio_compat_object *obj)
{
	return obj->path;
}

/**
 * vfio_compat_object_parent - parent device of a type or an instance
 * @obj: the object
 *
 * Return: its name, or NULL.
 */
const char *vfio_compat_object_parent(const struct vfio_compat_object *obj)
{
	return obj->parent;
}

/**
 * vfio_compat_object_uuid - UUID of an instance
 * @obj: the object
 *
 * Return: the UUID; NULL if it is no instance.
 */
const char *vfio_compat_object_uuid(const struct vfio_compat_object *obj)
{
	return obj->node == VFIO_COMPAT_MDEV ? obj->name : NULL;
}

/**
 * vfio_compat_object_driver - driver that a PCI function is bound to
 * @obj: the object
 *
 * Return: its name; NULL if there is none, or if it is something else.
 */
const char *vfio_compat_object_driver(const struct vfio_compat_object *obj)
{
	return obj->driver;
}

/**
 * vfio_compat_object_line - migration_version of an object
 * @obj: the object
 *
 * Return: the line, less its newline; NULL if it does not say.
 */
const char *vfio_compat_object_line(const struct vfio_compat_object *obj)
{
	return obj->has_needs ? obj->line : NULL;
}

/**
 * vfio_compat_object_available - how many instances a type has left
 * @obj: the object
 *
 * Return: available_instances; -1 if it is no type, or does not say.
 */
long vfio_compat_object_available(const struct vfio_compat_object *obj)
{
	return obj->available;
}

/**
 * vfio_compat_object_speaks - whether an object has the interface
 * @obj: the object
 *
 * Return: true if it does, even if it can say nothing at present; false if its
 * driver knows nothing of migration compatibility.
 */
bool vfio_compat_object_speaks(const struct vfio_compat_object *obj)
{
	return obj->speaks;
}

/**
 * vfio_compat_object_api - device API of an object
 * @obj: the object
 *
 * Return: such as "vfio-pci"; NULL if it is not known.
 */
const char *vfio_compat_object_api(const struct vfio_compat_object *obj)
{
	return obj->api;
}

/**
 * vfio_compat_object_type - type id of an object
 * @obj: the object
 *
 * Return: the type id; NULL if it is not known.
 */
const char *vfio_compat_object_type(const struct vfio_compat_object *obj)
{
	return obj->type;
}

const char *vc_version(const struct vp_profile *p, char *text, size_t size)
{
	snprintf(text, size, "%u.%u.%u", p->version[0], p->version[1],
		 p->version[2]);
	return text;
}

/**
 * vfio_compat_object_version - version of the stream that an object emits
 * @obj: the object
 *
 * Return: "major.minor.bugfix", or NULL if it does not say.
 */
const char *vfio_compat_object_version(const struct vfio_compat_object *obj)
{
	char *text = (char *)obj->text;

	if (!obj->has_needs)
		return NULL;
	return vc_version(obj->needs, text, sizeof(obj->text));
}

/* What an instance adds to its type as a destination; NULL for a type. */
struct vp_profile *vc_instance(const struct vfio_compat_object *obj)
{
	return obj->node == VFIO_COMPAT_TYPE ? NULL : obj->needs;
}

bool vc_pinned(const struct vfio_compat_object *obj)
{
	return obj->has_offers && obj->has_needs && vc_instance(obj) &&
	       vp_own_series(obj->needs) != vp_own_series(obj->offers);
}

/**
 * vfio_compat_object_pin - series that an instance is pinned to
 * @obj: the object
 *
 * Return: "major.minor", or NULL if it emits its driver's own.
 */
const char *vfio_compat_object_pin(const struct vfio_compat_object *obj)
{
	char *text = (char *)obj->text;

	if (!vc_pinned(obj))
		return NULL;
	snprintf(text, sizeof(obj->text), "%u.%u", obj->needs->version[0],
		 obj->needs->version[1]);
	return text;
}

/*
 * The @i-th series that is accepted, or NULL.  An instance that is pinned, as
 * @inst says, accepts none above its pin.
 */
const char *vc_accepted(const struct vp_profile *p,
			const struct vp_profile *inst, unsigned int i,
			char *text)
{
	const struct vp_set *set = &p->set[VP_ACCEPTS];

	if (i >= set->count ||
	    (inst && vp_own_series(inst) != vp_own_series(p) &&
	     p->member[set->first + i] > vp_own_series(inst)))
		return NULL;
	return vp_member(p, VP_ACCEPTS, i, text);
}

static const char *member(struct vfio_compat_object *obj, unsigned int set,
			  unsigned int i)
{
	if (i >= obj->offers->set[set].count)
		return NULL;
	return vp_member(obj->offers, set, i, obj->text);
}

static const char *field_name(const struct vp_profile *p, unsigned int i)
{
	if (i >= p->nr_fields)
		return NULL;
	return vp_str(p, p->set[VP_FIELDS + i].name);
}

/* Its line has the values; the type's attributes only the names. */
static const struct vp_profile *resources(const struct vfio_compat_object *obj)
{
	return obj->has_needs ? obj->needs : obj->offers;
}

/**
 * vfio_compat_object_entry - one entry of a list
 * @obj: the object
 * @list: which list
 * @i: number of the entry, from 0
 *
 * Return: the entry, or NULL after the last.
 */
const char *vfio_compat_object_entry(struct vfio_compat_object *obj,
				     enum vfio_compat_list list,
				     unsigned int i)
{
	const struct vp_profile *p = resources(obj);

	switch (list) {
	case VFIO_COMPAT_ACCEPTS:
		return !obj->has_offers ? NULL :
			vc_accepted(obj->offers, vc_instance(obj), i,
				    obj->text);
	case VFIO_COMPAT_EMITS:
		return obj->has_offers ? member(obj, VP_EMITS, i) : NULL;
	case VFIO_COMPAT_TYPES:
		return obj->has_offers ? member(obj, VP_TYPES, i) : NULL;
	case VFIO_COMPAT_FIELDS:
		return obj->has_offers ? field_name(obj->offers, i) : NULL;
	case VFIO_COMPAT_NEEDS:
		return obj->has_needs ? field_name(obj->needs, i) : NULL;
	case VFIO_COMPAT_RESOURCES:
		if (i >= p->nr_resources)
			return NULL;
		return vp_str(p, p->resource[i].name);
	}
	return NULL;
}

/**
 * vfio_compat_object_value - one value of a field or resource
 * @obj: the object
 * @list: VFIO_COMPAT_FIELDS, VFIO_COMPAT_NEEDS or VFIO_COMPAT_RESOURCES
 * @name: name of the field or resource
 * @i: number of the value, from 0; a resource has at most one
 *
 * Return: the value, which for a resource may hold any byte but NUL; NULL
 * after the last.
 */
const char *vfio_compat_object_value(struct vfio_compat_object *obj,
				     enum vfio_compat_list list,
				     const char *name, unsigned int i)
{
	const struct vp_profile *p = resources(obj);
	int at;

	if (list == VFIO_COMPAT_RESOURCES) {
		at = vp_find_resource(p, name);
		if (at < 0 || i || !p->resource[at].value)
			return NULL;
		return vp_str(p, p->resource[at].value);
	}
	p = list == VFIO_COMPAT_FIELDS ? obj->offers : obj->needs;
	at = vp_find_field(p, name);
	if (at < 0 || i >= p->set[at].count)
		return NULL;
	return vp_member(p, at, i, obj->text);
}

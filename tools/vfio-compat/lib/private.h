/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/*
 * What the files of libvfiocompat share; nothing of it is exported.
 */
#ifndef _VFIO_COMPAT_PRIVATE_H
#define _VFIO_COMPAT_PRIVATE_H

#include <linux/vfio_profile_engine.h>
#include <stdarg.h>
#include <sys/types.h>

#include "vfio-compat.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define __printf(a, b) __attribute__((__format__ \
				      (printf, a, b)))

#define VC_FILE_MAX	4096	/* of any file that is read */
#define VC_TRIES	5	/* at a node that changes while it is read */

/**
 * struct vfio_compat - the context
 * @refs: references to it: the caller's, and one for each object and list
 * @root: canonical path of what stands for /sys
 * @error: the last one; its strings are owned
 * @claims: folder of the claims' journals
 * @store: writes a line to a node; a test puts its own here
 * @log: called with what goes on, or NULL
 * @log_data: its first argument
 * @log_level: what is above it is not passed on
 */
struct vfio_compat {
	unsigned int refs;
	char *root;
	char *claims;
	struct vfio_compat_error error;
	int (*store)(struct vfio_compat_object *obj, const char *line);
	vfio_compat_log_fn log;
	void *log_data;
	enum vfio_compat_level log_level;
};

/**
 * struct vc_walk - what a folder held when a walk through it began
 * @refs: references: one for each object or parent that came from it
 * @ctx: the context
 * @node: what the objects are
 * @names: names for vfio_compat_open(), NULL after the last
 */
struct vc_walk {
	unsigned int refs;
	struct vfio_compat *ctx;
	enum vfio_compat_node node;
	char **names;
};

/**
 * struct vfio_compat_object - one node, as it was when it was read
 * @refs: references to it
 * @ctx: where it came from
 * @walk: the walk that it is a step of, or NULL
 * @at: which step
 * @error: why it could not be read, or does not say anything
 * @node: what it is
 * @live: read from @path, so it can be read again
 * @name: how it is called, in the canonical form
 * @path: its node's folder; NULL if it came from a document
 * @type_path: folder of an mdev's type; @path of everything else
 * @parent: name of the parent device, or NULL
 * @driver: name of the driver that a PCI function is bound to, or NULL
 * @type: type id, or NULL
 * @api: device API, or NULL
 * @available: available_instances, or -1
 * @speaks: it has the interface
 * @has_offers: @offers was sealed
 * @has_needs: @needs was parsed
 * @is_small: @offers and @needs end where their strings do; they can be read
 *	and not added to
 * @line: its migration_version line, less the newline; NULL without @has_needs
 * @offers: what its attributes say: the destination's part
 * @needs: what its line says: the source's part
 * @text: last answer of vfio_compat_object_entry() and others
 */
struct vfio_compat_object {
	unsigned int refs;
	struct vfio_compat *ctx;
	struct vc_walk *walk;
	unsigned int at;
	struct vfio_compat_error error;
	enum vfio_compat_node node;
	bool live;
	char *name;
	char *path;
	char *type_path;
	char *parent;
	char *driver;
	char *type;
	char *api;
	long available;
	bool speaks;
	bool has_offers;
	bool has_needs;
	bool is_small;
	char *line;
	struct vp_profile *offers;
	struct vp_profile *needs;
	char text[64];
};

/* One file, whole. */
struct vc_file {
	size_t len;
	char text[VC_FILE_MAX + 2];
};

/* context.c */
int vc_fail(struct vfio_compat *ctx, enum vfio_compat_code code, int err,
	    const char *object, const char *path, const char *fmt, ...)
	__printf(6, 7);
int vc_nomem(struct vfio_compat *ctx);
void vc_log(struct vfio_compat *ctx, enum vfio_compat_level level,
	    const char *fmt, ...)
	__printf(3, 4);
void vc_clear_error(struct vfio_compat_error *error);
void vc_copy_error(struct vfio_compat_error *to,
		   const struct vfio_compat_error *from);
char *vc_vprintf(const char *fmt, va_list args) __printf(1, 0);
char *vc_printf(const char *fmt, ...) __printf(1, 2);

/* read.c */
int vc_open_dir(struct vfio_compat *ctx, const char *path);
int vc_read(struct vfio_compat_object *obj, const char *dir, int fd,
	    const char *name, struct vc_file *file);
int vc_list_dir(struct vfio_compat *ctx, const char *path, char ***names);
void vc_free_names(char **names);
int vc_store(struct vfio_compat_object *obj, const char *line);
bool vc_is_sysfs(int dir);
int vc_write_attr(int dir, const char *name, const char *value);
bool vc_exists(int fd, const char *name);
char *vc_link_name(const char *path, const char *name);

/* object.c */
int vc_object_new(struct vfio_compat *ctx, enum vfio_compat_node node,
		  const char *name, struct vfio_compat_object **obj);
int vc_object_reset(struct vfio_compat_object *obj);
void vc_object_shrink(struct vfio_compat_object *obj);
bool vc_pinned(const struct vfio_compat_object *obj);
struct vp_profile *vc_instance(const struct vfio_compat_object *obj);
struct vp_profile *vc_profile_ref(struct vp_profile *p);
void vc_profile_unref(struct vp_profile *p);
const char *vc_version(const struct vp_profile *p, char *text, size_t size);
const char *vc_accepted(const struct vp_profile *p,
			const struct vp_profile *inst, unsigned int i,
			char *text);

/* resolve.c */
int vc_open(struct vfio_compat *ctx, const char *text,
	    struct vfio_compat_object **obj);
char *vc_trimmed(const char *text);
char *vc_path(struct vfio_compat *ctx, const char *text);
char *vc_parent_path(struct vfio_compat *ctx, const char *parent);
int vc_not_found(struct vfio_compat *ctx, enum vfio_compat_code code,
		 const char *text, int err, const char *expected);
bool vc_is_uuid(const char *text);
char *vc_instance_name(const char *text);
bool vc_is_instance_name(const char *text);
bool vc_has(const char *path, const char *name);
bool vc_takes_part(const char *path);

#define VC_TYPES_DIR "mdev_supported_types"

/* walk.c */
void vc_walk_free(struct vc_walk *walk);

/* device.c */
int vc_hold(int dir, int *hold);
int vc_get(struct vfio_compat_object *obj, int dir, const char *name,
	   char **value);
int vc_put(struct vfio_compat_object *obj, int dir, const char *name,
	   const char *value);
int vc_mdevctl(struct vfio_compat *ctx, const char * const *args, int lock);
char *vc_instance_path(struct vfio_compat *ctx, const char *name);

/* node.c */
int vc_read_node(struct vfio_compat_object *obj);

/* document.c */
int vc_malformed(struct vfio_compat_object *obj, const char *dir,
		 const char *name, const char *fmt, ...)
	__printf(4, 5);
int vc_refused(struct vfio_compat_object *obj, const char *dir);
int vc_take_line(struct vfio_compat_object *obj, const char *dir,
		 const char *name, const char *text, size_t len);
int vc_seal(struct vfio_compat_object *obj, const char *dir);

#endif /* _VFIO_COMPAT_PRIVATE_H */

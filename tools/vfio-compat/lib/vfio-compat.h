/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/*
 * libvfiocompat: what VFIO devices say of their migration compatibility,
 * read from sysfs or from a recorded tree, and compared by the kernel's own
 * engine.
 *
 * Whether a type or device takes the state of another:
 *
 *	#include <vfio-compat.h>
 *
 *	bool takes(struct vfio_compat *ctx, const char *from, const char *to)
 *	{
 *		struct vfio_compat_object *src = NULL, *dst = NULL;
 *		struct vfio_compat_verdict *verdict = NULL;
 *		bool yes = false;
 *
 *		if (!vfio_compat_open(ctx, from, &src) &&
 *		    !vfio_compat_open(ctx, to, &dst) &&
 *		    !vfio_compat_compare(src, dst, &verdict))
 *			yes = vfio_compat_verdict_result(verdict) ==
 *			      VFIO_COMPAT_PASS;
 *		vfio_compat_verdict_free(verdict);
 *		vfio_compat_object_free(dst);
 *		vfio_compat_object_free(src);
 *		return yes;
 *	}
 *
 * Everything is opaque and hangs off a context.  A function that can fail
 * returns one of enum vfio_compat_code and leaves the details in the context:
 * vfio_compat_last_error().  VFIO_COMPAT_OK means that it did what it was asked
 * to, and of vfio_compat_compare() that the rules were evaluated, not that they
 * hold: the answer is vfio_compat_verdict_result().  The exit codes of the
 * command are the same numbers, but the command makes one of the verdict too.
 *
 * What a function gives through its last argument is NULL if it fails, with
 * one exception: vfio_compat_open() gives an object with VFIO_COMPAT_UNKNOWN.
 * All that end in _free or _unref, and vfio_compat_free_names(), take NULL.
 *
 * A context and everything that came from it belong to one thread at a time;
 * each thread can have a context of its own.  Contexts, objects and inventories
 * are counted, and all that came from a context holds what it needs, so it can
 * be given up in any order.  What is compared or claimed together comes from
 * one context.
 *
 * Texts that a call returns belong to what was asked, and last as long as it
 * does, or until the next call for it.  Each function is described at its
 * definition, in the files of this folder of the sources.
 */
#ifndef _VFIO_COMPAT_H
#define _VFIO_COMPAT_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct vfio_compat;
struct vfio_compat_parent;
struct vfio_compat_object;
struct vfio_compat_inventory;
struct vfio_compat_verdict;
struct vfio_compat_claim;

/**
 * enum vfio_compat_code - outcome of a call
 * @VFIO_COMPAT_OK: done; of a claim or of the command also: compatible
 * @VFIO_COMPAT_INCOMPATIBLE: certainly not compatible; of claims and pins
 * @VFIO_COMPAT_USAGE: the caller asked for something that makes no sense
 * @VFIO_COMPAT_UNKNOWN: a side does not say, or not now
 * @VFIO_COMPAT_IO: a file cannot be read, or its content is malformed
 * @VFIO_COMPAT_CAPACITY: nothing is free, or somebody else was faster
 * @VFIO_COMPAT_UNDONE: a claim failed, and nothing of it is left
 * @VFIO_COMPAT_LEFT: something is left of a claim; the message names it
 * @VFIO_COMPAT_CROSS_TYPE: compatible, but of another type; of claims
 */
enum vfio_compat_code {
	VFIO_COMPAT_OK = 0,
	VFIO_COMPAT_INCOMPATIBLE = 1,
	VFIO_COMPAT_USAGE = 2,
	VFIO_COMPAT_UNKNOWN = 3,
	VFIO_COMPAT_IO = 4,
	VFIO_COMPAT_CAPACITY = 5,
	VFIO_COMPAT_UNDONE = 6,
	VFIO_COMPAT_LEFT = 7,
	VFIO_COMPAT_CROSS_TYPE = 8,
};

/**
 * struct vfio_compat_error - why a call did not return VFIO_COMPAT_OK
 * @code: what the call returned
 * @err: errno of the system call behind it, or 0
 * @object: the object it is about, "" if none
 * @path: the file it is about, "" if none
 * @message: what was found, what was expected, what to do next; may hold
 *	bytes of foreign files, so escape it before it reaches a terminal
 *
 * Without an error the code is VFIO_COMPAT_OK and the texts are NULL.  With
 * one, a text can be NULL only for want of memory.
 */
struct vfio_compat_error {
	enum vfio_compat_code code;
	int err;
	const char *object;
	const char *path;
	const char *message;
};

/**
 * enum vfio_compat_level - what a line of the log is about
 * @VFIO_COMPAT_LOG_ERROR: a call failed; vfio_compat_last_error() has it too
 * @VFIO_COMPAT_LOG_NOTICE: something happened that was coped with: a node
 *	changed while it was read, or went away
 * @VFIO_COMPAT_LOG_DEBUG: each file that is read or written
 */
enum vfio_compat_level {
	VFIO_COMPAT_LOG_ERROR,
	VFIO_COMPAT_LOG_NOTICE,
	VFIO_COMPAT_LOG_DEBUG,
};

/**
 * typedef vfio_compat_log_fn - receives the log
 * @data: what was given to vfio_compat_set_log()
 * @level: what the line is about
 * @text: the line, without a newline; may hold bytes of foreign files, so
 *	escape it before it reaches a terminal
 *
 * It must not use the context.
 */
typedef void (*vfio_compat_log_fn)(void *data, enum vfio_compat_level level,
				   const char *text);

/*
 * Context.  The last error stays until another call fails, or a walk ends:
 * look at it after a call that failed only.
 */
int vfio_compat_new(struct vfio_compat **ctx);
struct vfio_compat *vfio_compat_ref(struct vfio_compat *ctx);
void vfio_compat_unref(struct vfio_compat *ctx);
int vfio_compat_set_root(struct vfio_compat *ctx, const char *dir);
void vfio_compat_set_log(struct vfio_compat *ctx, vfio_compat_log_fn log,
			 void *data, enum vfio_compat_level level);
int vfio_compat_set_claims(struct vfio_compat *ctx, const char *dir);
const struct vfio_compat_error *
vfio_compat_last_error(const struct vfio_compat *ctx);

/**
 * enum vfio_compat_node - what an object is
 * @VFIO_COMPAT_TYPE: a type of an mdev parent
 * @VFIO_COMPAT_MDEV: an mdev instance
 * @VFIO_COMPAT_PCI: a PCI function
 * @VFIO_COMPAT_LINE: a migration_version line without its node; a source
 */
enum vfio_compat_node {
	VFIO_COMPAT_TYPE,
	VFIO_COMPAT_MDEV,
	VFIO_COMPAT_PCI,
	VFIO_COMPAT_LINE,
};

/*
 * Objects.  vfio_compat_open() accepts PARENT/TYPE, a UUID, a PCI address (the
 * domain 0000 can be left out), and a path of such a folder that begins with
 * "/", "./" or "../"; blanks around it do not count.  What the command reads
 * of documents (@FILE) is for vfio_compat_open_line() and vfio_compat_begin().
 * VFIO_COMPAT_UNKNOWN still gives an object: it is there, but says nothing of
 * migration, or not at present.
 */
int vfio_compat_open(struct vfio_compat *ctx, const char *text,
		     struct vfio_compat_object **obj);
int vfio_compat_open_line(struct vfio_compat *ctx, const char *name,
			  const char *line, size_t len,
			  struct vfio_compat_object **obj);
struct vfio_compat_object *
vfio_compat_object_ref(struct vfio_compat_object *obj);
void vfio_compat_object_free(struct vfio_compat_object *obj);
const struct vfio_compat_error *
vfio_compat_object_error(const struct vfio_compat_object *obj);

/*
 * What a tree holds.  A walk begins with a call that ends in _first and goes
 * on with one that ends in _next, which gives up the parent or object that it
 * gets; whoever stops early gives it up himself.  NULL is the end, or an
 * error: vfio_compat_last_error() then has a code other than VFIO_COMPAT_OK.
 *
 * A walk sees what was there when it began, less what went away since.  An
 * object that cannot be read is a step too: see vfio_compat_object_error().
 */
struct vfio_compat_parent *vfio_compat_parent_first(struct vfio_compat *ctx);
struct vfio_compat_parent *
vfio_compat_parent_next(struct vfio_compat_parent *parent);
int vfio_compat_parent_open(struct vfio_compat *ctx, const char *text,
			    struct vfio_compat_parent **parent);
void vfio_compat_parent_free(struct vfio_compat_parent *parent);
const char *
vfio_compat_parent_name(const struct vfio_compat_parent *parent);
const char *
vfio_compat_parent_path(const struct vfio_compat_parent *parent);
const struct vfio_compat_error *
vfio_compat_parent_error(const struct vfio_compat_parent *parent);

struct vfio_compat_object *
vfio_compat_type_first(struct vfio_compat_parent *parent);
struct vfio_compat_object *
vfio_compat_mdev_first(struct vfio_compat_parent *parent);
struct vfio_compat_object *
vfio_compat_function_first(struct vfio_compat *ctx);
struct vfio_compat_object *
vfio_compat_object_next(struct vfio_compat_object *obj);

/* An object from a document: begin, load what the document holds, finish. */
int vfio_compat_begin(struct vfio_compat *ctx, enum vfio_compat_node node,
		      const char *name, struct vfio_compat_object **obj);
int vfio_compat_load(struct vfio_compat_object *obj, const char *attr,
		     const char *text, size_t len);
int vfio_compat_finish(struct vfio_compat_object *obj);

/**
 * enum vfio_compat_fact - what an inventory says of its host
 * @VFIO_COMPAT_HOST: its name
 * @VFIO_COMPAT_BOOT_ID: the kernel's number of the boot
 * @VFIO_COMPAT_KERNEL: the kernel's release
 * @VFIO_COMPAT_TIME: when it was taken, as 2024-03-01T12:00:00Z
 */
enum vfio_compat_fact {
	VFIO_COMPAT_HOST,
	VFIO_COMPAT_BOOT_ID,
	VFIO_COMPAT_KERNEL,
	VFIO_COMPAT_TIME,
};

/*
 * Inventories: the objects of one host, of its tree or of a document.  What
 * _find and _object return belongs to the inventory; it is NULL if there is
 * none.  Whoever wants it for longer takes a reference.
 */
int vfio_compat_inventory_new(struct vfio_compat *ctx,
			      struct vfio_compat_inventory **inv);
int vfio_compat_inventory_read(struct vfio_compat *ctx,
			       struct vfio_compat_inventory **inv);
struct vfio_compat_inventory *
vfio_compat_inventory_ref(struct vfio_compat_inventory *inv);
void vfio_compat_inventory_free(struct vfio_compat_inventory *inv);
int vfio_compat_inventory_set(struct vfio_compat_inventory *inv,
			      enum vfio_compat_fact fact, const char *text);
const char *vfio_compat_inventory_fact(const struct vfio_compat_inventory *inv,
				       enum vfio_compat_fact fact);
int vfio_compat_inventory_add(struct vfio_compat_inventory *inv,
			      struct vfio_compat_object *obj);
struct vfio_compat_object *
vfio_compat_inventory_find(const struct vfio_compat_inventory *inv,
			   const char *name);
struct vfio_compat_object *
vfio_compat_inventory_object(const struct vfio_compat_inventory *inv,
			     unsigned int i);

/*
 * What an object is; NULL or -1 where it has no such thing.  It speaks if it
 * has the interface, even if it can say nothing at present: that is what
 * VFIO_COMPAT_UNKNOWN leaves open.
 */
enum vfio_compat_node vfio_compat_object_node(const struct vfio_compat_object *obj);
const char *vfio_compat_node_name(enum vfio_compat_node node);
const char *vfio_compat_object_name(const struct vfio_compat_object *obj);
const char *vfio_compat_object_path(const struct vfio_compat_object *obj);
const char *vfio_compat_object_parent(const struct vfio_compat_object *obj);
const char *vfio_compat_object_uuid(const struct vfio_compat_object *obj);
const char *vfio_compat_object_driver(const struct vfio_compat_object *obj);
const char *vfio_compat_object_line(const struct vfio_compat_object *obj);
long vfio_compat_object_available(const struct vfio_compat_object *obj);
bool vfio_compat_object_speaks(const struct vfio_compat_object *obj);

/* What it says: its own description. */
const char *vfio_compat_object_api(const struct vfio_compat_object *obj);
const char *vfio_compat_object_type(const struct vfio_compat_object *obj);
const char *vfio_compat_object_version(const struct vfio_compat_object *obj);
const char *vfio_compat_object_pin(const struct vfio_compat_object *obj);

/**
 * enum vfio_compat_list - lists that an object may have
 * @VFIO_COMPAT_ACCEPTS: series accepted as incoming, now
 * @VFIO_COMPAT_EMITS: series it can be pinned to
 * @VFIO_COMPAT_TYPES: types accepted as incoming
 * @VFIO_COMPAT_FIELDS: names of the fields that it accepts values of
 * @VFIO_COMPAT_NEEDS: names of the fields that it needs as a source
 * @VFIO_COMPAT_RESOURCES: names of its dynamic resources
 */
enum vfio_compat_list {
	VFIO_COMPAT_ACCEPTS,
	VFIO_COMPAT_EMITS,
	VFIO_COMPAT_TYPES,
	VFIO_COMPAT_FIELDS,
	VFIO_COMPAT_NEEDS,
	VFIO_COMPAT_RESOURCES,
};

/*
 * The @i-th entry of a list, of a field's values; NULL after the last.  The
 * text lasts until the next call for the same object.
 */
const char *vfio_compat_object_entry(struct vfio_compat_object *obj,
				     enum vfio_compat_list list,
				     unsigned int i);
const char *vfio_compat_object_value(struct vfio_compat_object *obj,
				     enum vfio_compat_list list,
				     const char *name, unsigned int i);

/**
 * enum vfio_compat_result - outcome of a rule or of a comparison
 * @VFIO_COMPAT_PASS: the rule holds; of a comparison: compatible
 * @VFIO_COMPAT_FAIL: it does not; of a comparison: incompatible
 * @VFIO_COMPAT_UNDECIDED: nobody can say from what is known
 * @VFIO_COMPAT_IGNORED: only the destination has it
 */
enum vfio_compat_result {
	VFIO_COMPAT_PASS,
	VFIO_COMPAT_FAIL,
	VFIO_COMPAT_UNDECIDED,
	VFIO_COMPAT_IGNORED,
};

/*
 * Comparing.  vfio_compat_compare() returns VFIO_COMPAT_OK for an incompatible
 * pair too: ask vfio_compat_verdict_result().  If a side says nothing it
 * returns VFIO_COMPAT_UNKNOWN, and there is no verdict.
 *
 * vfio_compat_probe() asks the driver of a live destination, which may change
 * the verdict: look at it again.  If it returns anything but VFIO_COMPAT_OK the
 * driver did not decide, and a verdict that passes is that of the rules only.
 *
 * A verdict holds its objects.
 */
int vfio_compat_compare(struct vfio_compat_object *src,
			struct vfio_compat_object *dst,
			struct vfio_compat_verdict **verdict);
int vfio_compat_probe(struct vfio_compat_verdict *verdict);
void vfio_compat_verdict_free(struct vfio_compat_verdict *verdict);

/*
 * _probed: the driver answered.  _return: the same with the sides exchanged.
 * _pin: the series to pin the source to, if what it emits now is refused; NULL
 * if it is not, or if none would do.  _surplus: how many field values and
 * resources only the destination has; the fewer, the better it fits.
 */
enum vfio_compat_result
vfio_compat_verdict_result(const struct vfio_compat_verdict *verdict);
bool vfio_compat_verdict_cross_type(const struct vfio_compat_verdict *verdict);
bool vfio_compat_verdict_probed(const struct vfio_compat_verdict *verdict);
enum vfio_compat_result
vfio_compat_verdict_return(const struct vfio_compat_verdict *verdict);
const char *
vfio_compat_verdict_pin(const struct vfio_compat_verdict *verdict);
unsigned int
vfio_compat_verdict_surplus(const struct vfio_compat_verdict *verdict);

/**
 * enum vfio_compat_side - values of a reason
 * @VFIO_COMPAT_SOURCE: what the source has, or needs
 * @VFIO_COMPAT_DESTINATION: what the destination has, or accepts
 * @VFIO_COMPAT_MISSING: what the source needs and the destination lacks
 */
enum vfio_compat_side {
	VFIO_COMPAT_SOURCE,
	VFIO_COMPAT_DESTINATION,
	VFIO_COMPAT_MISSING,
};

/* Reasons: one for every rule that was evaluated, 0 .. count - 1. */
unsigned int
vfio_compat_verdict_count(const struct vfio_compat_verdict *verdict);
const char *vfio_compat_reason_rule(const struct vfio_compat_verdict *verdict,
				    unsigned int i);
const char *vfio_compat_reason_field(const struct vfio_compat_verdict *verdict,
				     unsigned int i);
enum vfio_compat_result
vfio_compat_reason_result(const struct vfio_compat_verdict *verdict,
			  unsigned int i);
const char *vfio_compat_reason_message(struct vfio_compat_verdict *verdict,
				       unsigned int i);
const char *vfio_compat_reason_value(struct vfio_compat_verdict *verdict,
				     unsigned int i,
				     enum vfio_compat_side side,
				     unsigned int n);
const char *vfio_compat_result_name(enum vfio_compat_result result);

/**
 * enum vfio_compat_claim_flag - how to claim
 * @VFIO_COMPAT_CLAIM_CROSS_TYPE: another type is fine, if it is compatible
 * @VFIO_COMPAT_CLAIM_EXACT: each set of both sides has to be equal
 * @VFIO_COMPAT_CLAIM_DRY_RUN: change nothing
 * @VFIO_COMPAT_CLAIM_ADOPT: take an instance that nobody uses, do not create
 * @VFIO_COMPAT_CLAIM_MDEVCTL: let mdevctl create and remove, with its callouts
 */
enum vfio_compat_claim_flag {
	VFIO_COMPAT_CLAIM_CROSS_TYPE = 1 << 0,
	VFIO_COMPAT_CLAIM_EXACT = 1 << 1,
	VFIO_COMPAT_CLAIM_DRY_RUN = 1 << 2,
	VFIO_COMPAT_CLAIM_ADOPT = 1 << 3,
	VFIO_COMPAT_CLAIM_MDEVCTL = 1 << 4,
};

/**
 * typedef vfio_compat_stop_fn - says whether a claim is to be given up
 * @data: what was given to vfio_compat_claim_set_stop()
 *
 * Return: true, from then on, if it is.
 */
typedef bool (*vfio_compat_stop_fn)(void *data);

/*
 * Claiming: an instance at a destination that is ready for the source's state.
 * Run, tell whoever wants the instance, end; a claim that was run and is freed
 * without an end is stale, and vfio_compat_release_stale() cleans it up.  A
 * claim holds its objects.
 *
 * Unlike vfio_compat_compare(), vfio_compat_claim_run() returns
 * VFIO_COMPAT_INCOMPATIBLE, _UNKNOWN or _CROSS_TYPE if that is the answer.
 * The UUID to set is one, or "same" as the source's, or "random".
 */
int vfio_compat_claim_new(struct vfio_compat_object *src,
			  struct vfio_compat_object *dst,
			  struct vfio_compat_claim **claim);
void vfio_compat_claim_free(struct vfio_compat_claim *claim);
void vfio_compat_claim_set_flags(struct vfio_compat_claim *claim,
				 unsigned int flags);
int vfio_compat_claim_set_uuid(struct vfio_compat_claim *claim,
			       const char *uuid);
void vfio_compat_claim_set_stop(struct vfio_compat_claim *claim,
				vfio_compat_stop_fn stop, void *data);
int vfio_compat_claim_run(struct vfio_compat_claim *claim);
int vfio_compat_claim_end(struct vfio_compat_claim *claim, bool keep);
const char *vfio_compat_claim_uuid(const struct vfio_compat_claim *claim);
const char *vfio_compat_claim_pin(const struct vfio_compat_claim *claim);
const char *vfio_compat_claim_warning(const struct vfio_compat_claim *claim);
struct vfio_compat_verdict *
vfio_compat_claim_verdict(const struct vfio_compat_claim *claim);

/* After it: keep what was claimed, or give it back. */
int vfio_compat_done(struct vfio_compat *ctx, const char *name);
int vfio_compat_release(struct vfio_compat *ctx, const char *name);
int vfio_compat_release_stale(struct vfio_compat *ctx, const char *name,
			      bool *released);
int vfio_compat_find_claims(struct vfio_compat *ctx, char ***names);
void vfio_compat_free_names(char **names);

/* Let an instance emit an older series; its own series ends that. */
int vfio_compat_pin(struct vfio_compat_object *obj, const char *series);

#ifdef __cplusplus
}
#endif

#endif /* _VFIO_COMPAT_H */

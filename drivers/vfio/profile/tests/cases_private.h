/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/*
 * What the files of the table of cases share: the form of a case, the static
 * work area, and the helpers that say what differs.
 */
#ifndef _VFIO_PROFILE_TESTS_CASES_PRIVATE_H
#define _VFIO_PROFILE_TESTS_CASES_PRIVATE_H

#include "cases.h"
#include "spec.h"
#ifdef __KERNEL__
#include <linux/kernel.h>
#else
#include <stdio.h>
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#endif

/**
 * struct vp_case - one row of the table
 * @name: says what is tested
 * @run: tests it; 0 if it passed, else vp_fail() has said why
 * @in: the source: a line, directives of spec.h, or an attribute's text
 * @len: length of @in, which may hold NUL
 * @dst: directives of the destination
 * @inst: line of the destination's instance, or NULL
 * @key: attribute, or row of the verdict
 * @want: expected text
 * @err: expected errno, negative or 0
 * @opt: outcome of check(), or enum vp_labels
 * @instance: whether @in is an instance's
 */
struct vp_case {
	const char *name;
	int (*run)(const struct vp_case *c);
	const char *in;
	size_t len;
	const char *dst;
	const char *inst;
	const char *key;
	const char *want;
	int err;
	__u8 opt;
	bool instance;
};

#define VP_TEXT(text) .in = (text), .len = sizeof(text) - 1

/* A table of cases; each file has its own. */
struct vp_table {
	const struct vp_case *cases;
	unsigned int nr;
};

extern const struct vp_table vp_line_table, vp_profile_table, vp_verdict_table,
	vp_bytes_table, vp_limits_table, vp_random_table;

/* ---- the work area ---- */

#define VP_GUARD	64
#define VP_TEXT_SIZE	16384

/*
 * Filled with 0xa5 before each case: nothing may depend on cleared memory,
 * and no guard may have changed afterwards.
 */
struct vp_work {
	struct {
		unsigned char guard[VP_GUARD];
		struct vp_profile profile;
	} slot[4];
	unsigned char guard_verdict[VP_GUARD];
	struct vp_verdict verdict;
	struct {
		unsigned char guard[VP_GUARD];
		char text[VP_TEXT_SIZE];
	} buf[2];
	unsigned char guard_end[VP_GUARD];
};

extern struct vp_work vp_work;

#define W_SRC	(&vp_work.slot[0].profile)
#define W_DST	(&vp_work.slot[1].profile)
#define W_INST	(&vp_work.slot[2].profile)
#define W_TMP	(&vp_work.slot[3].profile)
#define W_VERDICT	(&vp_work.verdict)
#define W_IN	(vp_work.buf[0].text)
#define W_OUT	(vp_work.buf[1].text)

/* ---- saying what differs ---- */

#ifdef __KERNEL__
__printf(1, 2)
#endif
int vp_fail(const char *format, ...);
int vp_same_int(const char *what, int got, int want);
int vp_same_text(const char *what, const char *got, const char *want);

/* ---- building ---- */

/* Directives for driver "drv", API "vfio-pci", type "t-1"; sealed. */
int vp_build(struct vp_profile *p, const char *spec, bool instance);

/* The same of a type, or a line if it looks like one. */
int vp_take(struct vp_profile *p, const char *text);

/* 0 if the text of attribute @name is @want. */
int vp_attr_is(const struct vp_profile *p, const char *name, const char *want);

/* 0 if vp_explain() says @want. */
int vp_explained(const struct vp_profile *p, const char *want);

/* 0 if @buf is a line and all that the engine says of it is consistent. */
int vp_is_line(const char *buf, size_t len);

/* 0 if @buf is no line. */
int vp_no_line(const char *buf, size_t len);

/* The verdict as text: "incompatible cross-type field.x vendor?". */
const char *vp_summary(const struct vp_verdict *v,
		       const struct vp_profile *src,
		       const struct vp_profile *dst);

/* Append to a text in W_IN or W_OUT; returns the new length. */
size_t vp_put(char *buf, size_t at, const char *text);
size_t vp_put_run(char *buf, size_t at, char c, unsigned int nr);
size_t vp_put_num(char *buf, size_t at, unsigned int num);

/* Pseudo-random, the same everywhere. */
__u32 vp_random(__u32 *state, __u32 below);

#endif /* _VFIO_PROFILE_TESTS_CASES_PRIVATE_H */

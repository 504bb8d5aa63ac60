/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/*
 * A claim while it is made.
 */
#ifndef _VFIO_COMPAT_CLAIM_H
#define _VFIO_COMPAT_CLAIM_H

#include "journal.h"

/**
 * struct vfio_compat_claim - what is claimed, and how
 * @ctx: the context
 * @src: the source
 * @dst: the type, or the PCI function
 * @flags: enum vfio_compat_claim_flag
 * @uuid: which one: NULL, "same", "random" or a UUID
 * @stop: says when it is to be given up; or NULL
 * @stop_data: its argument
 * @verdict: what the rules say of @src and @dst
 * @inst: the instance
 * @journal: what it is about to do
 * @name: UUID of the instance, or ""
 * @pin: series that it was pinned to, or ""
 * @warning: what the caller should know, or NULL
 */
struct vfio_compat_claim {
	struct vfio_compat *ctx;
	struct vfio_compat_object *src;
	struct vfio_compat_object *dst;
	unsigned int flags;
	char *uuid;
	vfio_compat_stop_fn stop;
	void *stop_data;
	struct vfio_compat_verdict *verdict;
	struct vfio_compat_object *inst;
	struct vc_journal *journal;
	char name[VC_WORD_MAX];
	char pin[VP_SERIES_SIZE];
	char *warning;
};

/* claim_check.c */
int vc_claim_check(struct vfio_compat_claim *c);
const char *vc_source_uuid(const struct vfio_compat_object *src);

/* claim_take.c */
int vc_claim_take(struct vfio_compat_claim *c);

/* claim_set.c */
int vc_claim_set(struct vfio_compat_claim *c);

/* claim.c */
int vc_stopped(struct vfio_compat_claim *c);

#endif /* _VFIO_COMPAT_CLAIM_H */

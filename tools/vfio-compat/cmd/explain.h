/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/*
 * A comparison, and what is printed of it for people.
 */
#ifndef _VFIO_COMPAT_EXPLAIN_H
#define _VFIO_COMPAT_EXPLAIN_H

#include "cmd.h"

/**
 * struct pair - the two sides and what is known of them
 * @src: the source, or NULL
 * @dst: the destination, or NULL
 * @verdict: what the rules say, or NULL if they were not evaluated
 * @permitted: compatible, and of a type that the caller permits
 */
struct pair {
	struct vfio_compat_object *src;
	struct vfio_compat_object *dst;
	struct vfio_compat_verdict *verdict;
	bool permitted;
};

void explain(struct cmd *cmd, struct pair *pair);
void advise(struct cmd *cmd, struct pair *pair);

#endif /* _VFIO_COMPAT_EXPLAIN_H */

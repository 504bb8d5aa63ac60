/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/*
 * A verdict of the engine with the two objects that it is about.
 */
#ifndef _VFIO_COMPAT_VERDICT_H
#define _VFIO_COMPAT_VERDICT_H

#include "private.h"

/**
 * struct vfio_compat_verdict - outcome of a comparison
 * @src: the source
 * @dst: the destination
 * @needs: what the source needed, as it was when the rules were evaluated
 * @offers: what the destination accepted
 * @inst: what an instance as the destination added to that, or NULL
 * @rules: what the engine said
 * @back: the same with the sides exchanged
 * @probed: the destination's driver has answered
 * @pin: a series that both know, if the source's is refused; or ""
 * @text: last message or value that was asked for
 */
struct vfio_compat_verdict {
	struct vfio_compat_object *src;
	struct vfio_compat_object *dst;
	struct vp_profile *needs;
	struct vp_profile *offers;
	struct vp_profile *inst;
	struct vp_verdict rules;
	enum vfio_compat_result back;
	bool probed;
	char pin[VP_SERIES_SIZE];
	char text[VP_LINE_MAX + 1];
};

#endif /* _VFIO_COMPAT_VERDICT_H */

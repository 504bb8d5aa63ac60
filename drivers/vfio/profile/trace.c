// SPDX-License-Identifier: GPL-2.0-only
/*
 * The trace event: a rule that failed, with the values of both sides.
 */
#include <linux/device.h>

#include "private.h"

#define CREATE_TRACE_POINTS
#include <trace/events/vfio_profile.h>

/**
 * vfio_profile_trace - tell of a rule that failed
 * @id: whose type was asked
 * @dev: the instance that was asked, or NULL
 * @j: the source and the verdict; its values are written over
 * @i: number of the rule in the verdict
 * @dst: what the type accepts
 * @inst: what the instance says, or NULL
 */
void vfio_profile_trace(const struct vfio_profile_id *id, struct device *dev,
			struct vfio_profile_judgement *j, unsigned int i,
			const struct vp_profile *dst,
			const struct vp_profile *inst)
{
	const struct vp_verdict *v = &j->verdict;

	if (!trace_vfio_profile_verdict_enabled())
		return;
	vp_row_value(v, i, VP_SOURCE, &j->source, dst, inst, j->value[0],
		     sizeof(j->value[0]));
	vp_row_value(v, i, VP_DESTINATION, &j->source, dst, inst, j->value[1],
		     sizeof(j->value[1]));
	trace_vfio_profile_verdict(dev_name(dev ?: id->parent), id->name,
				   vp_rule_name(v->row[i].rule),
				   vp_row_name(v, i, &j->source, dst) ?: "",
				   j->value[0], j->value[1]);
}

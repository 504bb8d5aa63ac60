/* SPDX-License-Identifier: GPL-2.0-only */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM vfio_profile

#if !defined(_TRACE_VFIO_PROFILE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _TRACE_VFIO_PROFILE_H

#include <linux/tracepoint.h>

/*
 * One rule that failed when a source asked, or its migration stream arrived.
 * All texts are printable ASCII; long values are cut and end in "..", and so
 * is the name of a node of more than 63 characters, without that.
 */
TRACE_EVENT(vfio_profile_verdict,

	TP_PROTO(const char *node, const char *type, const char *rule,
		 const char *name, const char *source,
		 const char *destination),

	TP_ARGS(node, type, rule, name, source, destination),

	/* __array: the dynamic strings differ between kernel versions */
	TP_STRUCT__entry(
		__array(char, node, 64)
		__array(char, type, 65)
		__array(char, rule, 24)
		__array(char, name, 32)
		__array(char, source, 128)
		__array(char, destination, 128)
	),

	TP_fast_assign(
		strscpy(__entry->node, node, sizeof(__entry->node));
		strscpy(__entry->type, type, sizeof(__entry->type));
		strscpy(__entry->rule, rule, sizeof(__entry->rule));
		strscpy(__entry->name, name, sizeof(__entry->name));
		strscpy(__entry->source, source, sizeof(__entry->source));
		strscpy(__entry->destination, destination,
			sizeof(__entry->destination));
	),

	TP_printk("node=%s type=%s rule=%s name=%s source=%s destination=%s",
		  __entry->node, __entry->type, __entry->rule, __entry->name,
		  __entry->source, __entry->destination)
);

#endif /* _TRACE_VFIO_PROFILE_H */

#include <trace/define_trace.h>

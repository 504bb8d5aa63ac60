/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/*
 * A profile as a few lines of text, for tests: the table of cases and the
 * test driver build theirs from it.  Directives are parted by '\n' or ';':
 *
 *	version 1.0.0		vp_version()
 *	accept 1.0		vp_accept()
 *	emit 1.0		vp_emit()
 *	accept-type X		vp_accept_type()
 *	add FIELD VALUE		vp_add()
 *	list FIELD VALUES	vp_add_list()
 *	resource NAME [VALUE]	vp_resource()
 *	vendor TEXT		vp_vendor()
 *
 * The last argument is the rest of the line, verbatim; so wrong input reaches
 * the engine as it is.  An argument that is not there is "", or NULL for the
 * value of a resource: "resource fps " has an empty value, "resource fps" has
 * none.  Empty directives are skipped.
 */
#ifndef _VFIO_PROFILE_TESTS_SPEC_H
#define _VFIO_PROFILE_TESTS_SPEC_H

#include <linux/vfio_profile_engine.h>
#ifdef __KERNEL__
#include <linux/errno.h>
#include <linux/string.h>
#else
#include <errno.h>
#include <string.h>
#endif

#define VP_SPEC_LINE_MAX 319 /* of a directive: it is copied on the stack */

/* End the word at @s with NUL; what follows its blank, or NULL. */
static inline char *vp_spec_next(char *s)
{
	for (; *s; s++) {
		if (*s == ' ') {
			*s = '\0';
			return s + 1;
		}
	}
	return NULL;
}

/**
 * vp_spec_line - carry out one directive
 * @p: the profile that is built
 * @line: the directive, without what ends it
 * @len: its length
 * @instance: whether to give a resource its value
 *
 * Return: what the engine returned, -EINVAL for an unknown directive, or
 * -ENAMETOOLONG for one longer than VP_SPEC_LINE_MAX.
 */
static inline int vp_spec_line(struct vp_profile *p, const char *line,
			       size_t len, bool instance)
{
	char word[VP_SPEC_LINE_MAX + 1];
	char *arg, *rest;

	if (len > VP_SPEC_LINE_MAX)
		return -ENAMETOOLONG;
	memcpy(word, line, len);
	word[len] = '\0';
	arg = vp_spec_next(word);
	if (!arg)
		arg = word + len;

	if (!strcmp(word, "version"))
		return vp_version(p, arg);
	if (!strcmp(word, "accept"))
		return vp_accept(p, arg);
	if (!strcmp(word, "emit"))
		return vp_emit(p, arg);
	if (!strcmp(word, "accept-type"))
		return vp_accept_type(p, arg);
	if (!strcmp(word, "vendor"))
		return vp_vendor(p, arg);

	rest = vp_spec_next(arg);
	if (!strcmp(word, "resource"))
		return vp_resource(p, arg, instance ? rest : NULL);
	if (!rest)
		rest = word + len;
	if (!strcmp(word, "add"))
		return vp_add(p, arg, rest);
	if (!strcmp(word, "list"))
		return vp_add_list(p, arg, rest);
	return -EINVAL;
}

/**
 * vp_spec - carry out all directives of a text
 * @p: the profile that is built; vp_init() and vp_identify() come before
 * @text: directives, each ended by '\n' or ';' or the end
 * @instance: whether to give resources their values
 *
 * Return: 0, or what the first directive returned that did not return 0.
 */
static inline int vp_spec(struct vp_profile *p, const char *text, bool instance)
{
	while (*text) {
		size_t len = strcspn(text, "\n;");
		int ret = len ? vp_spec_line(p, text, len, instance) : 0;

		if (ret)
			return ret;
		text += len;
		if (*text)
			text++;
	}
	return 0;
}

#endif /* _VFIO_PROFILE_TESTS_SPEC_H */

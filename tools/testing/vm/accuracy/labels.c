// SPDX-License-Identifier: GPL-2.0-only
/*
 * Scheduler labels.  They come from the engine, which wants profiles: those
 * that the library made of sysfs.
 */
#include <stdlib.h>
#include <string.h>

#include "../../../vfio-compat/lib/private.h"
#include "predict.h"

#define LABEL_SIZE	128
#define LABELS_MAX	256

/**
 * struct labels - the labels of one profile, sorted
 * @nr: their number
 * @text: each
 */
struct labels {
	unsigned int nr;
	char text[LABELS_MAX][LABEL_SIZE];
};

static int by_text(const void *a, const void *b)
{
	return strcmp(a, b);
}

static struct labels *make_labels(const struct vp_profile *p,
				  enum vp_labels whose)
{
	struct labels *labels = calloc(1, sizeof(*labels));
	struct labels *fitting;

	if (!labels)
		abort();
	while (p && labels->nr < LABELS_MAX &&
	       vp_label(p, whose, labels->nr, labels->text[labels->nr],
			LABEL_SIZE) >= 0)
		labels->nr++;
	if (labels->nr == LABELS_MAX)
		abort();
	qsort(labels->text, labels->nr, LABEL_SIZE, by_text);
	fitting = realloc(labels, sizeof(labels->nr) + labels->nr * LABEL_SIZE);
	return fitting ? fitting : labels;
}

static const struct labels *labels_of(struct subject *s, enum vp_labels whose)
{
	const struct vp_profile *p = whose == VP_PROVIDES ? s->obj->offers :
							    s->obj->needs;

	if (!s->labels[whose])
		s->labels[whose] = make_labels(p, whose);
	return s->labels[whose];
}

/**
 * labels_fit - whether a source's labels are among those of a type
 * @src: the source
 * @dst: the destination, a type
 * @cross_type: another type is permitted
 */
bool labels_fit(struct subject *src, struct subject *dst, bool cross_type)
{
	const struct labels *have = labels_of(dst, VP_PROVIDES);
	const struct labels *want = labels_of(src, cross_type ?
					      VP_REQUIRES_CROSS : VP_REQUIRES);
	unsigned int i, j = 0;

	for (i = 0; i < want->nr; i++) {
		while (j < have->nr && strcmp(have->text[j], want->text[i]) < 0)
			j++;
		if (j == have->nr || strcmp(have->text[j], want->text[i]))
			return false;
	}
	return true;
}

/**
 * has_check - whether a destination has a rule of its own
 * @s: the destination
 */
bool has_check(const struct subject *s)
{
	return s->obj->needs && s->obj->needs->vendor;
}

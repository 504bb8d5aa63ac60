/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The tool's answers: libvfiocompat on what sysfs says, on the line alone,
 * with a probe; the labels; and the command itself.
 */
#ifndef ACCURACY_PREDICT_H
#define ACCURACY_PREDICT_H

#include <stdbool.h>

#include "vfio-compat.h"

#define LINE_SIZE	4097

/**
 * struct subject - a type or an instance, as it was when it was read
 * @name: what the tool calls it
 * @path: its node
 * @obj: what the library read there
 * @bare: the same of its line alone, as a source
 * @line: the line, with its newline
 * @labels: for enum vp_labels, made when needed
 */
struct subject {
	char name[128];
	char path[512];
	struct vfio_compat_object *obj;
	struct vfio_compat_object *bare;
	char line[LINE_SIZE];
	struct labels *labels[3];
};

/**
 * struct answer - what the tool says of a pair
 * @result: from sysfs
 * @bare: from the source's line alone
 * @back: the same of the way back
 * @cross_type: compatible with another type
 * @failed: bits of the rules that fail, enum rule
 * @probed: with --probe, as exact as it gets
 * @probe_code: what the library returned for the probe, 0 if it answered
 */
struct answer {
	enum vfio_compat_result result;
	enum vfio_compat_result bare;
	enum vfio_compat_result back;
	bool cross_type;
	unsigned int failed;
	enum vfio_compat_result probed;
	int probe_code;
};

/* Rules as the table has them. */
enum rule {
	RULE_API,
	RULE_TYPE,
	RULE_VERSION,
	RULE_FIELD,
	RULE_RESOURCES,
	RULE_VENDOR,
	NR_RULES,
};

const char *rule_name(enum rule rule);

int subject_read(struct vfio_compat *ctx, struct subject *s, const char *name,
		 const char *path);
void subject_free(struct subject *s);
const char *subject_error(void);

int predict(struct subject *src, struct subject *dst, bool probe,
	    struct answer *answer);
int handshake(const struct subject *src, const struct subject *dst);
bool has_check(const struct subject *s);
bool labels_fit(struct subject *src, struct subject *dst, bool cross_type);
int command_answer(const struct subject *src, const struct subject *dst,
		   bool probe, bool cross_type);

#endif /* ACCURACY_PREDICT_H */

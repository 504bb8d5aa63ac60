/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What came of the pairs: counts, disagreements, the closing lines.
 */
#ifndef ACCURACY_REPORT_H
#define ACCURACY_REPORT_H

#include "move.h"

enum kind {
	TYPE_TO_TYPE,
	INSTANCE_TO_TYPE,
	INSTANCE_TO_INSTANCE,
	AND_BACK,
	NR_KINDS,
};

/**
 * struct pair - a source, a destination, and all answers
 * @kind: what they are
 * @src: what the source says
 * @dst: what the destination says
 * @from: type of the source
 * @to: type of the destination
 * @answer: the tool's
 * @handshake: errno of writing the line, or 0
 * @move: the real migration
 * @aside: errno of a value that the driver refused, so there is no migration
 * @wrong: how the answers disagree, empty if they do not
 */
struct pair {
	enum kind kind;
	struct subject *src;
	struct subject *dst;
	const struct place *from;
	const struct place *to;
	struct answer answer;
	int handshake;
	struct move move;
	int aside;
	char wrong[256];
};

/* Checks that are no pairs. */
enum extra {
	EXTRA_LABELS,
	EXTRA_COMMANDS,
	EXTRA_CHANGES,
	NR_EXTRAS,
};

void disagree(struct pair *pair, const char *fmt, ...)
	__attribute__((__format__(printf, 2, 3)));
void report_pair(struct pair *pair);
void report_extra(enum extra extra, const char *wrong);
void report_progress(unsigned long wanted);
unsigned long report_pairs(void);
unsigned long report_commands(void);
bool report_close(unsigned long pairs, unsigned long migrations,
		  unsigned long commands);

#endif /* ACCURACY_REPORT_H */

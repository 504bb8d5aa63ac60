/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Real migrations of devices with values in them.
 */
#ifndef ACCURACY_MOVE_H
#define ACCURACY_MOVE_H

#include "place.h"

#define REG_BYTES	64
#define MEM_BYTES	4096

/* What is in the regions of a device. */
struct values {
	unsigned char reg[REG_BYTES];
	unsigned char mem[MEM_BYTES];
};

enum outcome {
	NOT_TRIED,
	ARRIVED,
	REFUSED,
	BROKEN,
};

/**
 * struct move - how a real migration ended
 * @outcome: it arrived with all values; it was refused and nothing changed;
 *	or something that must not be
 * @error: what the destination said, as a positive errno
 * @why: what must not be
 */
struct move {
	enum outcome outcome;
	int error;
	char why[128];
};

void move_random(struct rng *rng, struct values *values);
void move(struct instance *src, struct instance *dst, struct rng *rng,
	  const struct values *values, struct move *m);
void move_end(void);

#endif /* ACCURACY_MOVE_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One pair: all answers, and whether they agree.
 */
#ifndef ACCURACY_PAIR_H
#define ACCURACY_PAIR_H

#include "report.h"

/**
 * struct matrix - what all pairs share
 * @ctx: the library
 * @rng: random numbers
 * @pairs: how many pairs are wanted
 * @commands: for how many of them the command is run
 */
struct matrix {
	struct vfio_compat *ctx;
	struct rng rng;
	unsigned long pairs;
	unsigned long commands;
};

bool matrix_full(const struct matrix *m);
void pair_types(struct matrix *m, struct place *a, struct place *b);
void pair_to_type(struct matrix *m, struct place *a, struct place *b);
void pair_instances(struct matrix *m, struct place *a, struct place *b,
		    unsigned int state);

#endif /* ACCURACY_PAIR_H */

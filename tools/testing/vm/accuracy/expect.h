/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a pair was made to be.
 */
#ifndef ACCURACY_EXPECT_H
#define ACCURACY_EXPECT_H

#include "place.h"

/**
 * struct side - a source or a destination
 * @config: what its type was made of
 * @inst: the instance, or NULL: it is the type
 */
struct side {
	const struct config *config;
	const struct instance *inst;
};

int expect_errno(const struct side *src, const struct side *dst);
bool expect_taken(const struct config *c, const char *name, const char *value);

#endif /* ACCURACY_EXPECT_H */

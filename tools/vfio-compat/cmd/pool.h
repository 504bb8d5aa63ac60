/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/*
 * What many hosts have of one type, equal profiles together.
 */
#ifndef _VFIO_COMPAT_POOL_H
#define _VFIO_COMPAT_POOL_H

#include <stdint.h>

#include "cmd.h"

#define PROFILES_MAX 2000	/* different ones; each pair is compared */

/**
 * struct names - a list of names
 * @name: the names
 * @count: how many
 */
struct names {
	char **name;
	size_t count;
};

/**
 * struct profile - members of a pool whose profiles are equal
 * @obj: the first of them
 * @key: what was compared to find that they are equal
 * @hash: of @key
 * @members: what they are called
 */
struct profile {
	struct vfio_compat_object *obj;
	char *key;
	uint64_t hash;
	struct names members;
};

/* What one profile's instances can do towards those of another. */
#define MOVES		1	/* arrive as they are */
#define MOVES_PINNED	2	/* arrive, but for their series */

/**
 * struct pool - everything of one type
 * @profile: the different profiles
 * @count: how many these are
 * @members: members of all of them
 * @last: host of the last member
 * @last_profile: number of its profile
 * @pair: MOVES.. for each ordered pair of profiles
 */
struct pool {
	struct profile *profile;
	size_t count;
	size_t members;
	char *last;
	size_t last_profile;
	uint8_t *pair;
};

/**
 * struct pools - the pools of all types
 * @cmd: the run
 * @pool: the pools
 * @count: how many
 * @profiles: profiles of all of them
 * @hosts: documents that were read
 * @mute: types and functions that say nothing
 */
struct pools {
	struct cmd *cmd;
	struct pool *pool;
	size_t count;
	size_t profiles;
	size_t hosts;
	size_t mute;
};

void pools_read(struct pools *pools, struct cmd *cmd, char **files);
void pools_free(struct pools *pools);
void names_add(struct names *names, const char *name);
void names_free(struct names *names);

static inline uint8_t moves(const struct pool *pool, size_t from, size_t to)
{
	return pool->pair[from * pool->count + to];
}

static inline bool both_ways(const struct pool *pool, size_t a, size_t b,
			     uint8_t how)
{
	return moves(pool, a, b) & moves(pool, b, a) & how;
}

#endif /* _VFIO_COMPAT_POOL_H */

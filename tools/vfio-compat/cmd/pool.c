// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * Sorting the types and functions of many inventories into pools, and
 * comparing what is different in each.
 */
#include <string.h>

#include "pool.h"

void names_add(struct names *names, const char *name)
{
	/* 0, 1, 2, 4, 8, ..: there is room for twice as many and one */
	if (!(names->count & (names->count - 1)))
		names->name = checked(realloc(names->name,
					      (2 * names->count + 1) *
					      sizeof(*names->name)));
	names->name[names->count++] = checked(strdup(name));
}

void names_free(struct names *names)
{
	size_t i;

	for (i = 0; i < names->count; i++)
		free(names->name[i]);
	free(names->name);
	*names = (struct names){ NULL, 0 };
}

/* ---- collecting ---- */

/* Everything that a comparison looks at, in an order that is always the same. */
static char *key_of(struct vfio_compat_object *obj)
{
	struct json_object *json = json_of_object(obj), *profile;
	char *key;

	json_object_object_get_ex(json, "profile", &profile);
	if (asprintf(&key, "%s %s %s",
		     vfio_compat_node_name(vfio_compat_object_node(obj)),
		     vfio_compat_object_line(obj),
		     json_object_to_json_string_ext(profile,
						    JSON_C_TO_STRING_PLAIN)) < 0)
		key = checked(NULL);
	json_object_put(json);
	return key;
}

static uint64_t hash_of(const char *text)
{
	uint64_t hash = 0xcbf29ce484222325;

	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 0x100000001b3;
	return hash;
}

static bool is_for(const struct pool *pool,
		   const struct vfio_compat_object *obj)
{
	const struct vfio_compat_object *first = pool->profile[0].obj;

	return !strcmp(vfio_compat_object_type(first),
		       vfio_compat_object_type(obj)) &&
	       !strcmp(vfio_compat_object_api(first),
		       vfio_compat_object_api(obj));
}

static struct pool *pool_of(struct pools *pools,
			    const struct vfio_compat_object *obj)
{
	struct pool *pool;
	size_t i;

	for (i = 0; i < pools->count; i++)
		if (is_for(&pools->pool[i], obj))
			return &pools->pool[i];
	pools->pool = checked(realloc(pools->pool,
				      (i + 1) * sizeof(*pools->pool)));
	pools->count++;
	pool = &pools->pool[i];
	*pool = (struct pool){ .profile = NULL };
	return pool;
}

static struct profile *find_profile(struct pool *pool, const char *key,
				    uint64_t hash)
{
	size_t i;

	for (i = 0; i < pool->count; i++)
		if (pool->profile[i].hash == hash &&
		    !strcmp(pool->profile[i].key, key))
			return &pool->profile[i];
	return NULL;
}

/* Takes the object and the key over. */
static struct profile *add_profile(struct pools *pools, struct pool *pool,
				   struct vfio_compat_object *obj, char *key)
{
	struct profile *profile;

	pools->profiles++;
	pool->profile = checked(realloc(pool->profile, (pool->count + 1) *
						       sizeof(*profile)));
	profile = &pool->profile[pool->count++];
	*profile = (struct profile){ .obj = obj, .key = key,
				     .hash = hash_of(key) };
	return profile;
}

/*
 * A member is a host.  Only if that has the type with several profiles, on
 * different parents, the further ones are called HOST!OBJECT.
 */
static void add_member(struct pool *pool, struct profile *profile,
		       const char *host, const char *object)
{
	bool is_new = !pool->last || strcmp(pool->last, host);
	size_t number = profile - pool->profile;
	char *name = NULL;

	if (!is_new && number == pool->last_profile)
		return;
	if (!is_new && asprintf(&name, "%s!%s", host, object) < 0)
		checked(NULL);
	names_add(&profile->members, name ? name : host);
	pool->members++;
	pool->last_profile = number;
	free(name);
	if (!is_new)
		return;
	free(pool->last);
	pool->last = checked(strdup(host));
}

static int too_many(struct pools *pools)
{
	cmd_fail(pools->cmd, VFIO_COMPAT_IO, 0, NULL, NULL,
		 "the inventories have more than %d different profiles: expected hosts that are much alike; give those of one pool",
		 PROFILES_MAX);
	return -1;
}

static int collect(void *data, const char *host,
		   struct vfio_compat_object **obj, int ret)
{
	struct pools *pools = data;
	struct profile *profile;
	struct pool *pool;
	char *name, *key;

	if (vfio_compat_object_node(*obj) == VFIO_COMPAT_MDEV)
		return 0;
	if (ret) {
		pools->mute++;
		return 0;
	}
	key = key_of(*obj);
	if (pools->profiles == PROFILES_MAX) {
		free(key);
		return too_many(pools);
	}
	name = checked(strdup(vfio_compat_object_name(*obj)));
	pool = pool_of(pools, *obj);
	profile = find_profile(pool, key, hash_of(key));
	if (profile) {
		free(key);
	} else {
		profile = add_profile(pools, pool, *obj, key);
		*obj = NULL;
	}
	add_member(pool, profile, host, name);
	free(name);
	return 0;
}

/* ---- comparing ---- */

/* Whether every rule but that of the version holds. */
static bool all_but_version(struct vfio_compat_verdict *verdict)
{
	unsigned int i;

	for (i = 0; i < vfio_compat_verdict_count(verdict); i++) {
		enum vfio_compat_result result =
			vfio_compat_reason_result(verdict, i);

		if (result != VFIO_COMPAT_PASS &&
		    result != VFIO_COMPAT_IGNORED &&
		    strcmp(vfio_compat_reason_rule(verdict, i),
			   "software_version"))
			return false;
	}
	return true;
}

static uint8_t compare(struct pools *pools, const struct profile *src,
		       const struct profile *dst)
{
	struct vfio_compat_verdict *verdict;
	uint8_t how = 0;

	if (vfio_compat_compare(src->obj, dst->obj, &verdict)) {
		cmd_error(pools->cmd);
		return 0;
	}
	if (vfio_compat_verdict_result(verdict) == VFIO_COMPAT_PASS)
		how |= MOVES;
	if (all_but_version(verdict))
		how |= MOVES_PINNED;
	vfio_compat_verdict_free(verdict);
	return how;
}

/* The relation is not transitive, so each ordered pair is asked for. */
static void compare_all(struct pools *pools, struct pool *pool)
{
	size_t from, to, n = pool->count;

	pool->pair = checked(calloc(n, n));
	for (from = 0; from < n; from++)
		for (to = 0; to < n; to++) {
			progress(from * n + to, n * n, "pairs compared");
			pool->pair[from * n + to] =
				compare(pools, &pool->profile[from],
					&pool->profile[to]);
		}
	progress_end();
}

/* Those with the most members first, so that what is usual comes first. */
static int by_members(const void *a, const void *b)
{
	const struct profile *p = a, *q = b;

	if (p->members.count != q->members.count)
		return p->members.count > q->members.count ? -1 : 1;
	return strcmp(p->members.name[0], q->members.name[0]);
}

static int by_type(const void *a, const void *b)
{
	const struct pool *p = a, *q = b;
	int order = strcmp(vfio_compat_object_type(p->profile[0].obj),
			   vfio_compat_object_type(q->profile[0].obj));

	return order ? order : strcmp(vfio_compat_object_api(p->profile[0].obj),
				      vfio_compat_object_api(q->profile[0].obj));
}

/**
 * pools_read - sort what many inventories hold, and compare it
 * @pools: receives the pools, ordered by type
 * @cmd: the run; receives the errors
 * @files: names of the inventories
 */
void pools_read(struct pools *pools, struct cmd *cmd, char **files)
{
	struct pool *pool;
	size_t i;

	*pools = (struct pools){ .cmd = cmd };
	pools->hosts = read_inventories(cmd, files, collect, pools);
	if (pools->count)
		qsort(pools->pool, pools->count, sizeof(*pools->pool), by_type);
	for (i = 0; i < pools->count; i++) {
		pool = &pools->pool[i];
		qsort(pool->profile, pool->count, sizeof(*pool->profile),
		      by_members);
		compare_all(pools, pool);
	}
}

void pools_free(struct pools *pools)
{
	struct pool *pool;
	size_t i;

	for (pool = pools->pool; pool < pools->pool + pools->count; pool++) {
		for (i = 0; i < pool->count; i++) {
			vfio_compat_object_free(pool->profile[i].obj);
			free(pool->profile[i].key);
			names_free(&pool->profile[i].members);
		}
		free(pool->profile);
		free(pool->last);
		free(pool->pair);
	}
	free(pools->pool);
}

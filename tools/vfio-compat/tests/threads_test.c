// SPDX-License-Identifier: GPL-2.0-only
/*
 * A context for each thread: threads_test TREE THREADS ROUNDS.  All read the
 * same tree at the same time and must come to the same answers.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vfio-compat.h"

#define THREADS_MAX 64

static const char *tree;
static int rounds;
static pthread_barrier_t start;

/* A number that depends on each answer, and on the order of them. */
static unsigned long mix(unsigned long sum, const char *text)
{
	for (; text && *text; text++)
		sum = sum * 31 + (unsigned char)*text;
	return sum * 31 + 7;
}

static unsigned long compare(struct vfio_compat_object *src,
			     struct vfio_compat_object *dst, unsigned long sum)
{
	struct vfio_compat_verdict *verdict;
	unsigned int i;

	if (vfio_compat_compare(src, dst, &verdict))
		return mix(sum, "none");
	for (i = 0; i < vfio_compat_verdict_count(verdict); i++)
		sum = mix(sum, vfio_compat_reason_message(verdict, i));
	vfio_compat_verdict_free(verdict);
	return sum;
}

/* Every pair, and an error in between, whose text is the thread's own. */
static unsigned long round_of(struct vfio_compat *ctx, unsigned long sum)
{
	struct vfio_compat_inventory *inv;
	struct vfio_compat_object *src, *dst;
	unsigned int i, j;

	if (vfio_compat_inventory_read(ctx, &inv))
		return 0;
	for (i = 0; (src = vfio_compat_inventory_object(inv, i)); i++)
		for (j = 0; (dst = vfio_compat_inventory_object(inv, j)); j++)
			sum = compare(src, dst, sum);
	if (vfio_compat_open(ctx, "mtty/no-such-type", &src))
		sum = mix(sum, vfio_compat_last_error(ctx)->message);
	vfio_compat_inventory_free(inv);
	return sum;
}

static void *work(void *data)
{
	unsigned long *sum = data;
	struct vfio_compat *ctx;
	int i;

	pthread_barrier_wait(&start);
	if (vfio_compat_new(&ctx))
		return NULL;
	if (!vfio_compat_set_root(ctx, tree))
		for (i = 0; i < rounds; i++)
			*sum = round_of(ctx, *sum);
	vfio_compat_unref(ctx);
	return NULL;
}

int main(int argc, char **argv)
{
	unsigned long sums[THREADS_MAX] = { 0 };
	pthread_t threads[THREADS_MAX];
	int i, count = argc > 3 ? atoi(argv[2]) : 0, bad = 0;

	if (count < 1 || count > THREADS_MAX)
		return 2;
	tree = argv[1];
	rounds = atoi(argv[3]);
	pthread_barrier_init(&start, NULL, count);
	for (i = 0; i < count; i++)
		if (pthread_create(&threads[i], NULL, work, &sums[i]))
			abort();
	for (i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
	for (i = 0; i < count; i++)
		bad += !sums[i] || sums[i] != sums[0];
	printf("%s %d threads, %d rounds, %d differ\n", bad ? "not ok" : "ok",
	       count, rounds, bad);
	printf("%d passed, %d failed, 0 skipped\n", !bad, !!bad);
	return bad != 0;
}

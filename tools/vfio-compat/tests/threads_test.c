// SPDX-License-Identifier: GPL-2.0-only
/*
 * A context for each thread: threads_test TREE THREADS ROUNDS.  All read the
 * same tree at the same time and must come to the same answers; and all want
 * the same journal, which one of them gets.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "journal.h"

#define THREADS_MAX 64

#define RACES 200

/**
 * struct answer - what a thread found
 * @sum: of its answers
 * @won: which races it won
 */
struct answer {
	unsigned long sum;
	int won[RACES];
};

static const char *tree;
static char claims[] = "/tmp/threads_test.XXXXXX";
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

/* One journal for all: 1 for who got it, 0 for who was told so. */
static int race(struct vfio_compat *ctx)
{
	struct vc_journal *j;
	int ret;

	if (vc_journal_new(ctx, "83b8f4f2-509f-382f-3c1e-e6bfe0fa1fff", &j))
		abort();
	pthread_barrier_wait(&start);
	ret = vc_journal_begin(j);
	pthread_barrier_wait(&start);
	if (!ret && vc_journal_remove(j))
		abort();
	pthread_barrier_wait(&start);
	vc_journal_free(j);
	if (ret && ret != VFIO_COMPAT_CAPACITY)
		printf("# %s\n", vfio_compat_last_error(ctx)->message);
	return ret == VFIO_COMPAT_CAPACITY ? 0 : ret ? THREADS_MAX : 1;
}

static void *work(void *data)
{
	struct vfio_compat *ctx;
	struct answer *own = data;
	int i;

	pthread_barrier_wait(&start);
	if (vfio_compat_new(&ctx) || vfio_compat_set_root(ctx, tree) ||
	    vfio_compat_set_claims(ctx, claims))
		abort();
	for (i = 0; i < rounds; i++)
		own->sum = round_of(ctx, own->sum);
	for (i = 0; i < RACES; i++)
		own->won[i] = race(ctx);
	vfio_compat_unref(ctx);
	return NULL;
}

/* Rounds that not exactly one thread won. */
static int lost_races(const struct answer *answers, int count)
{
	int i, n, lost = 0;

	for (i = 0; i < RACES; i++) {
		int won = 0;

		for (n = 0; n < count; n++)
			won += answers[n].won[i];
		lost += won != 1;
	}
	return lost;
}

int main(int argc, char **argv)
{
	static struct answer answers[THREADS_MAX];
	pthread_t threads[THREADS_MAX];
	int i, count = argc > 3 ? atoi(argv[2]) : 0, bad = 0, lost;

	if (count < 1 || count > THREADS_MAX)
		return 2;
	tree = argv[1];
	rounds = atoi(argv[3]);
	if (!mkdtemp(claims))
		abort();
	pthread_barrier_init(&start, NULL, count);
	for (i = 0; i < count; i++)
		if (pthread_create(&threads[i], NULL, work, &answers[i]))
			abort();
	for (i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
	for (i = 0; i < count; i++)
		bad += !answers[i].sum || answers[i].sum != answers[0].sum;
	lost = lost_races(answers, count);
	rmdir(claims);
	printf("%s %d threads, %d rounds, %d differ\n", bad ? "not ok" : "ok",
	       count, rounds, bad);
	printf("%s %d of %d journals went to exactly one thread\n",
	       lost ? "not ok" : "ok", RACES - lost, RACES);
	printf("%d passed, %d failed, 0 skipped\n", !bad + !lost,
	       !!bad + !!lost);
	return bad || lost;
}

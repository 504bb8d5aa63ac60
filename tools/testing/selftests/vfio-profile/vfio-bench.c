// SPDX-License-Identifier: GPL-2.0-only
/*
 * vfio-bench: count the instructions of what the interface is used for.
 *
 * Runs in a guest of QEMU with -icount shift=0 and one vCPU: there the time
 * stamp counter counts instructions, those of the kernel too.  Prints a line
 * for each operation: its name, the first decile of its repetitions, and their
 * mean.  The decile leaves out what comes now and then, such as the timer; the
 * mean has all of it, and what the kernel does later.
 *
 *	vfio-bench core		what every kernel with mediated devices has
 *	vfio-bench interface	what this project adds
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <x86intrin.h>

#include "profile_util.h"
#include "vfio_bench.h"

/* Of an operation and of the one that undoes it. */
static uint64_t sample[2][BENCH_REPEAT_MAX];

void bench_fail(const char *what, int err)
{
	printf("error: %s: %s\n", what, strerror(-err));
	exit(1);
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static void print_result(const struct bench_op *op, uint64_t *counts)
{
	uint64_t all = 0;
	unsigned int i;

	for (i = 0; i < op->repeat; i++)
		all += counts[i];
	qsort(counts, op->repeat, sizeof(*counts), compare);
	printf("%s %llu %llu\n", op->name,
	       (unsigned long long)counts[op->repeat / 10],
	       (unsigned long long)(all / op->repeat));
}

static uint64_t once(const struct bench_op *op)
{
	uint64_t start = __rdtsc();
	int ret = op->run(op->arg);
	uint64_t end = __rdtsc();

	if (ret != op->expected)
		bench_fail(op->name, ret);
	return end - start;
}

/* Count @op, and @undo if there is one, by turns and equally often. */
void bench(const struct bench_op *op, const struct bench_op *undo)
{
	unsigned int i;

	for (i = 0; i < op->warm; i++) {
		once(op);
		if (undo)
			once(undo);
	}
	for (i = 0; i < op->repeat; i++) {
		sample[0][i] = once(op);
		if (undo)
			sample[1][i] = once(undo);
	}
	print_result(op, sample[0]);
	if (undo)
		print_result(undo, sample[1]);
}

#define LOOPS 100000UL

/* Two instructions for each round. */
static int loop(const void *arg)
{
	unsigned long n = LOOPS;

	(void)arg;
	asm volatile("1: dec %0\n\tjnz 1b" : "+r"(n) : : "cc");
	return 0;
}

static int parent_id(const void *arg)
{
	(void)arg;
	getppid();
	return 0;
}

/* Elsewhere the counter is a clock, and the figures would say nothing. */
static void check_counter(void)
{
	struct bench_op op = { "loop", loop, NULL, 0, 0, 1 };
	uint64_t spent = ~0ULL;
	unsigned int i;

	for (i = 0; i < 20; i++) {
		uint64_t now = once(&op);

		spent = now < spent ? now : spent;
	}
	if (spent < 2 * LOOPS || spent > 2 * LOOPS + 100) {
		printf("error: %lu instructions count as %llu: start QEMU with -icount shift=0\n",
		       2 * LOOPS, (unsigned long long)spent);
		exit(1);
	}
}

/* How long the machine has had nothing to do: the counter jumps then. */
static double idle_seconds(void)
{
	double up, idle = 0;
	char text[64] = "";

	if (pu_read("/proc/uptime", text, sizeof(text)) < 0 ||
	    sscanf(text, "%lf %lf", &up, &idle) != 2)
		bench_fail("/proc/uptime", -EIO);
	return idle;
}

int main(int argc, char **argv)
{
	static const struct bench_op getppid_op = {
		"getppid", parent_id, NULL, 0, 10, 1000
	};
	static char buffer[65536];
	bool core = argc == 2 && !strcmp(argv[1], "core");
	double idle;

	if (!core && (argc != 2 || strcmp(argv[1], "interface"))) {
		fprintf(stderr, "usage: vfio-bench core|interface\n");
		return 2;
	}
	/* nothing is written before all is measured */
	setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
	check_counter();
	idle = idle_seconds();
	if (core) {
		bench(&getppid_op, NULL);
		bench_core();
	} else {
		bench_interface();
	}
	idle = idle_seconds() - idle;
	if (idle > 0.011) {
		printf("error: the guest had nothing to do for %.2f s: these are no counts\n",
		       idle);
		return 1;
	}
	printf("end %s\n", argv[1]);
	return 0;
}

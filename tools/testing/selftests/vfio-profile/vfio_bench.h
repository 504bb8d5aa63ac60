/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of vfio-bench share.
 */
#ifndef VFIO_BENCH_H
#define VFIO_BENCH_H

#include <stdbool.h>

#define BENCH_REPEAT_MAX 4096

/**
 * struct bench_op - an operation that is counted
 * @name: one word, for the output
 * @run: the operation; returns 0 or a negative errno
 * @arg: argument of @run
 * @expected: what @run has to return
 * @warm: how often it is done first, uncounted
 * @repeat: how often it is counted
 */
struct bench_op {
	const char *name;
	int (*run)(const void *arg);
	const void *arg;
	int expected;
	unsigned int warm;
	unsigned int repeat;
};

/* Count an operation, and the one that undoes it; @undo may be NULL. */
void bench(const struct bench_op *op, const struct bench_op *undo);

/* Say what went wrong, and exit. */
void bench_fail(const char *what, int err) __attribute__((noreturn));

/* What is measured: on every core, and on one with the interface. */
void bench_core(void);
void bench_interface(void);

#endif /* VFIO_BENCH_H */

/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/*
 * Streams as only a broken or a hostile sender makes them, from a seed, and
 * what is right to do with each.  The KUnit tests give them to the stream
 * helper, the selftests to real devices.
 */
#ifndef _VFIO_PROFILE_TESTS_HOSTILE_H
#define _VFIO_PROFILE_TESTS_HOSTILE_H

#include <linux/types.h>
#ifdef __KERNEL__
#include <linux/errno.h>
#include <linux/string.h>
#else
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#endif

#define HOSTILE_FIXED	16	/* magic, version, length */
#define HOSTILE_LINE	4094	/* the longest line */
#define HOSTILE_SIZE	16384	/* holds each stream that is made */
#define HOSTILE_LIST	5	/* of a device's lists, with what ends them */

/**
 * enum hostile_kind - what is wrong with a stream
 * @HOSTILE_CUT: it ends within its header, at each byte in turn
 * @HOSTILE_FLIP: a bit of the header, each in turn, and sometimes more
 * @HOSTILE_OTHER: a header of another configuration
 * @HOSTILE_TEXT: the line, as if edited by hand
 * @HOSTILE_LENGTH: the length that is given for the line
 * @HOSTILE_LIMIT: a part as large as it may be, or one larger or smaller
 * @HOSTILE_JUNK: nothing is right, or nothing but the first bytes
 * @HOSTILE_SPLICE: the beginning of one and the end of another header
 * @HOSTILE_OLD: the header that came before there was a line
 * @HOSTILE_NONE: nothing: it is to be taken
 * @HOSTILE_KINDS: how many there are
 */
enum hostile_kind {
	HOSTILE_CUT,
	HOSTILE_FLIP,
	HOSTILE_OTHER,
	HOSTILE_TEXT,
	HOSTILE_LENGTH,
	HOSTILE_LIMIT,
	HOSTILE_JUNK,
	HOSTILE_SPLICE,
	HOSTILE_OLD,
	HOSTILE_NONE,
	HOSTILE_KINDS,
};

/**
 * struct hostile_old - a header without a line
 * @good: one that is taken; its first eight bytes are the magic
 * @size: its length, 16..64
 * @judge: the errno for one of that magic, or 0; and its series
 */
struct hostile_old {
	const __u8 *good;
	size_t size;
	int (*judge)(const __u8 *header, __u32 *series);
};

/**
 * struct hostile_device - a destination without check(), as a test made it
 * @api: device API
 * @types: type ids that it accepts; each list ends with NULL
 * @series: the same, "major.minor"
 * @fields: the same, sorted by name, values sorted
 * @resources: what an instance of it has, sorted by name
 * @old: header of its old streams, or NULL
 */
struct hostile_device {
	const char *api;
	const char *types[HOSTILE_LIST];
	const char *series[HOSTILE_LIST];
	struct {
		const char *name;
		const char *values[HOSTILE_LIST];
	} fields[HOSTILE_LIST];
	struct {
		const char *name;
		const char *value;
	} resources[HOSTILE_LIST];
	const struct hostile_old *old;
};

/**
 * struct hostile_answer - what is right
 * @error: -EINVAL, -EMEDIUMTYPE or -ENODATA; or 0, the header is taken
 * @at: bytes after which that is certain; 0: only at the end of the stream
 * @series: what the header says, if it is taken
 */
struct hostile_answer {
	int error;
	size_t at;
	__u32 series;
};

/**
 * struct hostile_stream - a stream that is made
 * @data: room for HOSTILE_SIZE bytes
 * @len: how many there are
 * @random: what comes next of the pseudo-random numbers
 */
struct hostile_stream {
	__u8 *data;
	size_t len;
	__u64 random;
};

/* The answer to @len bytes of a stream; it shares nothing with the engine. */
struct hostile_answer hostile_judge(const struct hostile_device *dev,
				    const __u8 *data, size_t len);

/* The bytes that need no escape in a line. */
bool hostile_is_plain(__u8 c);

/*
 * Stream number @nr of a kind; the same seed gives the same one everywhere.
 * @data, what a driver sends after the header, follows unless it was cut.
 */
void hostile_make(struct hostile_stream *h, const struct hostile_device *dev,
		  enum hostile_kind kind, __u32 nr, __u32 seed,
		  const void *data, size_t len);

/* A number below @below, which is not 0. */
__u32 hostile_random(struct hostile_stream *h, __u32 below);

/*
 * In pieces of which size it is written: bytes of the next one, of the @left
 * that there are.  @how: 0 all at once, 1 one by one, else any.
 */
size_t hostile_piece(struct hostile_stream *h, unsigned int how, size_t left);

const char *hostile_name(enum hostile_kind kind);

#endif /* _VFIO_PROFILE_TESTS_HOSTILE_H */

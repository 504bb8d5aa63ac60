/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A driver made up by each test, and a type of it.
 */
#ifndef _VFIO_PROFILE_TESTS_KUNIT_H
#define _VFIO_PROFILE_TESTS_KUNIT_H

#include <kunit/test.h>
#include <linux/platform_device.h>
#include <linux/vfio_profile.h>

#define HEAD "x-v1;api=vfio-pci;type=t-1;"

struct context;

/**
 * struct profile_said - what the driver says; one test runs at a time
 * @spec: what describe() says, as in spec.h
 * @old_spec: the same for the series 1.0; NULL: @spec
 * @describe_errno: what it returns
 * @check_errno: what check() returns
 * @set_errno: what set_version() returns
 * @series: what set_version() was told last
 * @asker: whose type check() asks @line, once, before it returns
 * @line: the question, or NULL
 * @answer: what it was told
 */
struct profile_said {
	const char *spec;
	const char *old_spec;
	int describe_errno;
	int check_errno;
	int set_errno;
	u32 series;
	struct context *asker;
	const char *line;
	int answer;
};

extern struct profile_said said;
extern const struct vfio_profile_ops profile_ops;	/* describe(), set_version() */
extern const struct vfio_profile_ops profile_ops_check;	/* and check() */

/**
 * struct context - in &kunit.priv
 * @pdev: any device does: what it needs comes from describe()
 * @id: of the type t-1, with profile_ops
 * @profile: made by context_profile(), or NULL
 * @inst: an instance of it, @pdev
 * @page: for attributes
 */
struct context {
	struct platform_device *pdev;
	struct vfio_profile_id id;
	struct vfio_profile *profile;
	struct vfio_profile_instance *inst;
	char *page;
};

int context_init(struct kunit *test);
void context_exit(struct kunit *test);

/* The type and an instance, of what the driver says now. */
struct context *context_profile(struct kunit *test, const char *spec,
				const char *old_spec);

/* Write a line to the type, or to the instance: 0 or the errno. */
int context_store(struct context *ctx, bool instance, const char *line);

#endif /* _VFIO_PROFILE_TESTS_KUNIT_H */

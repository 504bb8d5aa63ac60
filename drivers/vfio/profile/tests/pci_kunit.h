/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * PCI functions made up by each test, and their driver.
 */
#ifndef _VFIO_PROFILE_TESTS_PCI_KUNIT_H
#define _VFIO_PROFILE_TESTS_PCI_KUNIT_H

#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/pci.h>
#include <linux/vfio_profile.h>

/* Series 1.1 has gained the mode y and the resource fps. */
#define NOW "version 1.1.3;emit 1.0;emit 1.1;accept 1.0;accept 1.1;list mode x,y;resource fps 60"
#define OLD "version 1.0.7;add mode x"

/* Attributes of a function that is registered, and how many. */
#define PCI_FILES 9
extern const char *const pci_files[PCI_FILES];

extern const struct vfio_profile_ops pci_ops;	/* describe(), set_version() */
extern const struct vfio_profile_ops pci_ops_fixed;	/* describe() only */
extern const struct vfio_profile_ops pci_ops_bdf;	/* and accepts() */
extern const struct vfio_profile_ops pci_ops_check;	/* and check() */
extern const struct vfio_profile_ops pci_ops_none;

/**
 * struct pci_said - what the driver says; one test runs at a time
 * @spec: what describe() says, as in spec.h
 * @old_spec: the same for the series 1.0; NULL: @spec
 * @type_id: of the function
 * @ops: what is registered
 * @dev: the function
 * @describe_errno: what describe() returns for it
 * @accepts_errno: what describe() or accepts() returns for what it accepts
 * @describing: called by describe(), or NULL
 * @series: what set_version() was told last
 * @probed: what registering said
 */
struct pci_said {
	const char *spec;
	const char *old_spec;
	const char *type_id;
	const struct vfio_profile_ops *ops;
	struct device *dev;
	int describe_errno;
	int accepts_errno;
	void (*describing)(void);
	u32 series;
	int probed;
};

extern struct pci_said pci_said;

/**
 * struct pci_context - in &kunit.priv
 * @name: name of the function
 * @pdev: the function, or NULL
 * @added: it is on the bus
 * @page: what was read last
 * @inside: another task is in the middle of something
 * @done: and is at its end
 * @began: what it was told
 * @ended: that middle is over
 */
struct pci_context {
	const char *name;
	struct pci_dev *pdev;
	bool added;
	char *page;
	struct completion inside;
	struct completion done;
	int began;
	bool ended;
};

int pci_suite_init(struct kunit_suite *suite);
void pci_suite_exit(struct kunit_suite *suite);
int pci_function_init(struct kunit *test);
void pci_function_exit(struct kunit *test);

/* A function on the bus; not in it yet. */
struct pci_dev *pci_alloc(const char *name);

/* The function of the test is found by its driver. */
struct pci_context *pci_function(struct kunit *test);

/* And goes again. */
void pci_remove(struct pci_context *ctx);

/* The file @name and its mode, or NULL. */
struct device_attribute *pci_attr(struct pci_context *ctx, const char *name,
				  umode_t *mode);

/* 0 and what was read in @ctx->page, or an errno; -ENOENT without the file. */
int pci_read(struct pci_context *ctx, const char *name);

/* The same of a write; -EACCES if the file is read-only. */
int pci_write(struct pci_context *ctx, const char *name, const char *text);

/* How many of the files there are. */
int pci_files_there(struct pci_context *ctx);

#endif /* _VFIO_PROFILE_TESTS_PCI_KUNIT_H */

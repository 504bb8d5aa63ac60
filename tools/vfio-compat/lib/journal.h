/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/*
 * What is written down of a claim before it is done.
 */
#ifndef _VFIO_COMPAT_JOURNAL_H
#define _VFIO_COMPAT_JOURNAL_H

#include "private.h"

#define VC_STEPS_MAX	(VP_RESOURCES_MAX + 1)	/* the pin is one more */
#define VC_WORD_MAX	256

/**
 * enum vc_state - how far a claim has come
 * @VC_BEGUN: the instance may or may not have been created
 * @VC_MADE: it was created, or adopted
 * @VC_CLAIMED: it is ready for a migration
 */
enum vc_state {
	VC_BEGUN,
	VC_MADE,
	VC_CLAIMED,
};

/**
 * struct vc_step - an attribute of an adopted instance, as it was
 * @name: its name
 * @value: its value
 */
struct vc_step {
	char *name;
	char *value;
};

/**
 * struct vc_journal - one claim
 * @ctx: the context
 * @dir: folder of the journals, open
 * @fd: the journal, locked; -1 before it is there
 * @node: the instance's folder, if it was opened when it was made; or -1
 * @name: UUID or PCI address of the instance
 * @parent: name of its parent, or ""
 * @type: its type
 * @boot: the boot that this is about
 * @state: how far it has come
 * @created: made by the claim, so it is removed; else restored
 * @random: nobody else can know the UUID
 * @mdevctl: made by mdevctl
 * @count: number of @step
 * @step: what is to be restored, last first
 */
struct vc_journal {
	struct vfio_compat *ctx;
	int dir;
	int fd;
	int node;
	char name[VC_WORD_MAX];
	char parent[VC_WORD_MAX];
	char type[VC_WORD_MAX];
	char boot[VC_WORD_MAX];
	enum vc_state state;
	bool created;
	bool random;
	bool mdevctl;
	unsigned int count;
	struct vc_step step[VC_STEPS_MAX];
};

/* journal.c */
int vc_journal_new(struct vfio_compat *ctx, const char *name,
		   struct vc_journal **journal);
void vc_journal_free(struct vc_journal *j);
int vc_journal_begin(struct vc_journal *j);
int vc_journal_write(struct vc_journal *j);
int vc_journal_step(struct vc_journal *j, const char *name, const char *value);
int vc_journal_open(struct vc_journal *j);
int vc_journal_remove(struct vc_journal *j);
void vc_journal_sweep(struct vfio_compat *ctx);
void vc_journal_boot(char boot[VC_WORD_MAX]);

/* journal_text.c */
char *vc_journal_text(const struct vc_journal *j);
bool vc_journal_parse(struct vc_journal *j, const char *text);

/* release.c */
int vc_undo(struct vc_journal *j, bool asked);

#endif /* _VFIO_COMPAT_JOURNAL_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Drivers that change their mind in the middle of a migration.
 */
#ifndef ACCURACY_CHANGE_H
#define ACCURACY_CHANGE_H

#include "pair.h"

void do_changes(struct matrix *m);

#endif /* ACCURACY_CHANGE_H */

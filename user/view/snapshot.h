/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The live entries of a table at one moment. */
#ifndef ROLLCALL_SNAPSHOT_H
#define ROLLCALL_SNAPSHOT_H

#include "base/clock.h"
#include "base/entries.h"
#include "watch/selection.h"

struct snapshot {
	struct moment taken;
	struct entries entries;
};

/* Take the live entries that SELECTION (NULL: all) takes. Returns 0 or -errno, reported. */
int snapshot_take(const struct rollcall_table *t, const struct selection *selection, struct snapshot *s);
void snapshot_free(struct snapshot *s);

#endif

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A table's settings: what is new is completed here, what is pinned is compared. */
#ifndef ROLLCALL_SETTINGS_USER_H
#define ROLLCALL_SETTINGS_USER_H

#include "commands/options.h"

/* Complete the settings of a new table by where we are. Returns 0 or -errno, said. */
int settings_here(struct rollcall_settings *settings);

/* Do the pinned settings agree with what O asks for by name? Returns 0, or -EEXIST, said. */
int settings_agree(const struct rollcall_settings *pinned, const struct rollcall_settings *wanted,
		   const struct options *o);

/* A table is of one network namespace: interface numbers mean nothing in another. 0 or -EXDEV, said. */
int settings_check_netns(const struct rollcall_settings *pinned, const char *dir);
/* The same question, asked in silence. */
bool settings_are_of_here(const struct rollcall_settings *pinned);

#endif

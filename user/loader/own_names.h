/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The names of this host itself, which are never recorded: its nodename, the part of it before
 * the first dot, and what --hostname says on any interface.
 */
#ifndef ROLLCALL_OWN_NAMES_H
#define ROLLCALL_OWN_NAMES_H

#include "slots.h"

/* Bring map `own_names` up to date and purge. Returns 0 or -errno, reported. */
int own_names_update(const struct table *t);

/* Take entries under own names out of the table: the name was a peer's before it became ours. */
int own_names_purge(const struct table *t);

#endif

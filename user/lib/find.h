/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Look-ups that use little stack and no heap, for the NSS module. */
#ifndef ROLLCALL_LIB_FIND_H
#define ROLLCALL_LIB_FIND_H

#include <rollcall/rollcall.h>

/*
 * Read at most COUNT slots: the first ones, or with BEGUN those from *POSITION on. *POSITION is then set to the next
 * position. To read a few at a time uses little of the caller's stack. Returns the number of slots read, or -errno.
 */
int rollcall_records_next(const struct rollcall_table *t, uint32_t *position, bool begun,
			struct rollcall_attachment *slots, uint32_t count);

/* List the interfaces with an attached filter. Returns 0 or -errno. */
int rollcall_attached(const struct rollcall_table *t, uint32_t ifindexes[ROLLCALL_SLOTS], int *attached);

/* Visit the live entries of the host NAME that are not shadowed (shadow.h), in no order. Returns 0, what VISIT returned, or -errno. */
int rollcall_find_each(const struct rollcall_table *t, const char *name, rollcall_visit visit, void *context);

/*
 * Can a live entry have ADDRESS on an interface with an attached filter? The map `sources` has the address of
 * every entry, unless `recount` of the state is not 0. Returns false only if there is no such entry.
 */
bool rollcall_address_is_known(const struct rollcall_table *t, int family, const void *address);

#endif

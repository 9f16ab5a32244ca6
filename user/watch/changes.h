/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The changes between two reads of the table (roster.h): they are collected, sorted by their times, and told. */
#ifndef ROLLCALL_CHANGES_H
#define ROLLCALL_CHANGES_H

#include "roster.h"

/* Zeroed: none. */
struct changes {
	const struct roster_input *input;
	struct change *list;
	size_t count;
};

/* Allocate for at most MOST changes, so that a later step cannot fail. Returns 0 or -ENOMEM. */
int changes_begin(struct changes *c, size_t most, const struct roster_input *input);

/* ENTRY must stay valid until changes_tell(), also in the functions below. */
void changes_add(struct changes *c, const char *event, const char *reason, uint64_t boot_ns,
		 const struct rollcall_entry *entry);

/* Add a change of the address. PREVIOUS is copied. */
void changes_add_address(struct changes *c, const char *event, uint64_t boot_ns, const struct rollcall_entry *entry,
			 const uint8_t *previous, size_t bytes);

/* The same from the address that ENTRY itself has as the previous one. */
void changes_add_rival(struct changes *c, const char *event, const struct rollcall_entry *entry);

/* Pass them to the input's function, in the order of their times. */
void changes_tell(struct changes *c);

void changes_free(struct changes *c);

/* The address of an entry, and its length. */
uint8_t *changes_address(struct rollcall_entry *entry, size_t *bytes);

#endif

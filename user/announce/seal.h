/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The bytes of a message (version 1): a sealed announcement, or a goodbye. */
#ifndef ROLLCALL_ANNOUNCE_SEAL_H
#define ROLLCALL_ANNOUNCE_SEAL_H

#include <stddef.h>
#include <stdint.h>

#include <rollcall/wire.h>

#include "base/keyfile.h"

struct seal_message {
	struct rollcall_message head;
	char hostname[ROLLCALL_HOSTNAME_MAX];
};

/*
 * Make a message with FLAGS (ROLLCALL_MESSAGE_*). KEY is NULL for a message without a seal. SOURCE is the address that
 * the message is sent from; IPv4 is ::ffff:a.b.c.d. HOSTNAME is valid. Returns the number of bytes of the message.
 */
size_t seal_make(struct seal_message *m, uint8_t flags, const struct key *key, uint64_t sequence, const uint8_t source[16],
		 const char *hostname);

/* SipHash-2-4 of COUNT bytes. */
uint64_t seal_hash(const uint8_t key[KEY_BYTES], const uint8_t *bytes, size_t count);

/*
 * The sequence of the next message. LAST is that of the last message, or 0; NOW is CLOCK_REALTIME. Both are in
 * microseconds. It is greater than LAST, unless the clock has stepped back by more than receivers accept: then the
 * sequences begin again at the clock.
 */
uint64_t seal_next_sequence(uint64_t last, uint64_t now);

#endif

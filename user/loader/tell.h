/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Messages about announcements that are not recorded. Other hosts cause them, so their number is bounded: of each kind
 * TELL_BURST at once, and one more per TELL_PER_NS. The next message has the number of those that were left out.
 */
#ifndef ROLLCALL_TELL_H
#define ROLLCALL_TELL_H

#include <stdbool.h>

#include <rollcall/event.h>
#include <rollcall/rollcall.h>

#include "base/clock.h"

#define TELL_BURST  10
#define TELL_PER_NS (60 * NS_PER_S)

/* May there be a message of this kind now? To be asked before each. */
bool tell_may(enum rollcall_event_kind kind);
/* The same for a message that is not left out, because the caller asks again later. */
bool tell_may_now(enum rollcall_event_kind kind);

/*
 * Somebody else calls this host's own name: cloned machines are common. Not told if the address
 * is one of this host or was told last.
 */
void tell_clash(const struct rollcall_entry *heard, const char *ifname);

/* A new host was rejected: the table is full, or its address holds its share of names. */
void tell_full(const struct rollcall_entry *refused, const struct rollcall_settings *settings, const char *ifname);
/* The same message may follow. It is counted with those of a full table. */
void tell_room_again(void);
void tell_throttled(const struct rollcall_entry *refused, const struct rollcall_settings *settings, const char *ifname);

/* Sealed messages of HOST are rejected, because their time is OFFSET_US microseconds after this host's clock. */
void tell_skew(const struct rollcall_entry *host, int64_t offset_us, const char *ifname);
/* Those of COUNT hosts are rejected, which are more than are recorded. */
void tell_own_clock(int count);

#endif

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * librollcall: reading the live table of peers from C, with or without a loader running.
 *
 * It requires only libc, makes no threads, keeps no state between calls and prints nothing, so it
 * may live in anybody's process. Calls on different tables never meet; one table may be read by
 * several threads at once. It never writes: read permission on the pins is all it takes.
 *
 * What fails returns a negative errno. Times are nanoseconds of CLOCK_BOOTTIME, addresses bytes in
 * network order, everything else host order; table.h has the layout of an entry.
 */
#ifndef ROLLCALL_ROLLCALL_H
#define ROLLCALL_ROLLCALL_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attachment.h"
#include "outcome.h"
#include "settings.h"
#include "state.h"
#include "table.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Where loaders pin a table, and where the maps that readers need are pinned again, for everybody. */
#define ROLLCALL_PIN_DIR     "/sys/fs/bpf/rollcall"
#define ROLLCALL_READERS_DIR "/run/rollcall"

/* An open table. The members are for reading; the descriptors belong to it and are closed on exec. */
struct rollcall_table {
	const char *dir; /* where it was opened: the string given to rollcall_open(), not a copy; or a constant */
	struct rollcall_settings settings; /* in force; they never change while the table lives */
	int peers_fd, interfaces_fd, state_fd, outcomes_fd, sources_fd; /* for reading only */
	int64_t boot_offset_ns; /* of CLOCK_BOOTTIME in the time namespace of this process; 0: not in one */
};

/* A host, as received on one interface over one family. */
struct rollcall_entry {
	struct rollcall_peer_key key;
	struct rollcall_peer peer;
};

/*
 * Open the table pinned in DIR. NULL and ROLLCALL_PIN_DIR mean the table of this host: it is read in
 * ROLLCALL_READERS_DIR where ROLLCALL_PIN_DIR cannot be read or has none. Returns 0, -ENOENT (nothing is attached), -EACCES or -EPERM (not for this user),
 * -EMEDIUMTYPE (of another layout than this library knows) or another -errno; after a failure there
 * is nothing to close.
 */
int rollcall_open(struct rollcall_table *t, const char *dir);
void rollcall_close(struct rollcall_table *t);

/*
 * CLOCK_BOOTTIME as the kernel has it, whatever the time namespace of this process. Its offset is read from
 * /proc/self/timens_offsets; without /proc there is none.
 */
uint64_t rollcall_now_ns(void);

/* Signed: an announcement may have been stamped after NOW_NS was read, and is young then, not ancient. */
static inline int64_t rollcall_age_ns(const struct rollcall_peer *peer, uint64_t now_ns)
{
	return (int64_t)(now_ns - peer->last_seen_ns);
}

/* Every reader leaves out by itself what is older than the expiry: the table may not have been swept. */
static inline bool rollcall_is_live(const struct rollcall_settings *settings, const struct rollcall_peer *peer,
				    uint64_t now_ns)
{
	return rollcall_age_ns(peer, now_ns) <= (int64_t)settings->expiry_ns;
}

/*
 * Is the hostname in conflict, because two hosts announce it? It moved twice within an expiry, and the last move was at
 * most an expiry before NOW_NS. PEER->rival is the other host's address.
 */
static inline bool rollcall_is_in_conflict(const struct rollcall_settings *settings, const struct rollcall_peer *peer,
					   uint64_t now_ns)
{
	return peer->flags & ROLLCALL_PEER_CONTESTED && (int64_t)(now_ns - peer->moved_ns) <= (int64_t)settings->expiry_ns;
}

/*
 * Visited with each entry until it returns other than 0. ENTRY is valid only during the call; its
 * hostname ends in a NUL.
 */
typedef int (*rollcall_visit)(const struct rollcall_entry *entry, void *context);

/*
 * Visit every entry that is live at NOW_NS, in no order. What is in the table all along is visited
 * exactly once, whatever is written meanwhile. Returns 0, what VISIT returned, or -errno.
 */
int rollcall_each(const struct rollcall_table *t, uint64_t now_ns, rollcall_visit visit, void *context);

/* The same with the expired ones that nobody has swept yet. */
int rollcall_walk(const struct rollcall_table *t, rollcall_visit visit, void *context);

/* A host has at most so many entries: one for each interface and family. */
#define ROLLCALL_FIND_MAX (2 * ROLLCALL_SLOTS)

/*
 * Which of two entries of one host comes first? IPv4 before IPv6, other addresses before link-local ones (RFC 3927,
 * RFC 4291), then the one that joined first. The first of all has the host's primary address: it does not alternate
 * with the announcements. Returns less than, equal to or more than 0, as for qsort(3).
 */
int rollcall_compare_primary(const struct rollcall_entry *a, const struct rollcall_entry *b);

/*
 * The live entries of the host NAME, without walking the table. NAME is compared without case. FAMILY
 * is ROLLCALL_FAMILY_*, or 0 for both. They are in the order of rollcall_compare_primary().
 * Returns how many were written to ENTRIES, or -errno: the first ROOM of them. A family that follows when
 * there is no room left is not read, so that one address costs a system call per interface.
 */
int rollcall_find(const struct rollcall_table *t, const char *name, int family, struct rollcall_entry *entries, int room);

/*
 * The live entry that was received last from ADDRESS (4 or 16 bytes, depending on FAMILY), on an interface that something is
 * attached to. It walks the table if any host has the address. Returns 0, -ENOENT, or another -errno.
 */
int rollcall_find_address(const struct rollcall_table *t, int family, const void *address, struct rollcall_entry *entry);

/*
 * Fill in the value of ENTRY's key. Returns 0, -ENOENT or another -errno. -ENOENT can be wrong for a moment, while
 * the entry is being replaced.
 */
int rollcall_lookup(const struct rollcall_table *t, struct rollcall_entry *entry);

/*
 * What is attached: all records, free ones with ifindex 0. An ifname is the interface's current name: the
 * kernel is asked by number. It is the recorded one where the interface is gone, or this process is in
 * another network namespace than the table. Returns 0 or -errno.
 */
int rollcall_slots(const struct rollcall_table *t, struct rollcall_attachment slots[ROLLCALL_SLOTS]);

/* The outcomes of the frames of one slot, summed over the CPUs. Returns 0 or -errno. */
int rollcall_counts_read(const struct rollcall_table *t, uint32_t slot, struct rollcall_counts *sum);

/* A copy of the table's state. Returns 0 or -errno. */
int rollcall_state_read(const struct rollcall_table *t, struct rollcall_state *state);

/* Does a loader sweep the table? If not, every new host is admitted. */
static inline bool rollcall_admission_is_on(const struct rollcall_state *state,
					    const struct rollcall_settings *settings, uint64_t now_ns)
{
	return (int64_t)(now_ns - state->scanned_ns) <= (int64_t)ROLLCALL_ADMISSION_NS(settings->expiry_ns);
}

/* Is every place taken, so that new hosts are rejected now? */
static inline bool rollcall_admission_is_full(const struct rollcall_state *state,
					      const struct rollcall_settings *settings, uint64_t now_ns)
{
	return rollcall_admission_is_on(state, settings, now_ns) &&
	       (int64_t)rollcall_state_live(state) >= (int64_t)settings->max_peers;
}

#define ROLLCALL_NAME_TEXT    sizeof(((struct rollcall_peer_key *)0)->hostname)
#define ROLLCALL_IFNAME_TEXT  24
#define ROLLCALL_ADDRESS_TEXT (INET6_ADDRSTRLEN + ROLLCALL_IFNAME_TEXT)

/*
 * For people and scripts; nothing that was received reaches them unescaped. Each returns TEXT, which
 * is the caller's and ends in a NUL.
 */

/* The hostname; a byte that no announcement can have entered reads '?'. */
char *rollcall_name_text(const struct rollcall_entry *entry, char text[ROLLCALL_NAME_TEXT]);
/* The address in its usual form, a link-local one with IFNAME as its scope (RFC 4007). */
char *rollcall_address_text(const struct rollcall_entry *entry, const char *ifname, char text[ROLLCALL_ADDRESS_TEXT]);
/* The interface's name in SLOTS (rollcall_slots()), or "ifN". */
char *rollcall_ifname_text(const struct rollcall_attachment slots[ROLLCALL_SLOTS], uint32_t ifindex,
			   char text[ROLLCALL_IFNAME_TEXT]);

#ifdef __cplusplus
}
#endif

#endif

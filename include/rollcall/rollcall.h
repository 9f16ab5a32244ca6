/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * librollcall: read the live table of peers from C, with or without a running loader.
 *
 * The library requires only libc, creates no threads, keeps no state between calls and prints nothing,
 * so that any process can use it. Calls on different tables are independent, and several threads may
 * read one table at once. The library never writes: it requires only read permission on the pins.
 *
 * A function that fails returns a negative errno. Times are nanoseconds of CLOCK_BOOTTIME. Addresses are
 * bytes in network order, all other numbers are in host order. table.h has the layout of an entry.
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

/* Where loaders pin a table, and where they pin the maps that readers require again, for all users. */
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
 * ROLLCALL_READERS_DIR if ROLLCALL_PIN_DIR cannot be read or has no table. Returns 0, -ENOENT (nothing is
 * attached), -EACCES or -EPERM (not permitted for this user), -EMEDIUMTYPE (the layout is not the one that
 * this library was built for) or another -errno. After a failure there is nothing to close.
 */
int rollcall_open(struct rollcall_table *t, const char *dir);
void rollcall_close(struct rollcall_table *t);

/*
 * The kernel's CLOCK_BOOTTIME, without the offset of this process's time namespace. The offset is read from
 * /proc/self/timens_offsets; without /proc it counts as 0.
 */
uint64_t rollcall_now_ns(void);

/* The age is signed: it is negative if the announcement was recorded after NOW_NS was read. */
static inline int64_t rollcall_age_ns(const struct rollcall_peer *peer, uint64_t now_ns)
{
	return (int64_t)(now_ns - peer->last_seen_ns);
}

/*
 * Each reader itself leaves out entries that are older than the expiry time, because the sweeper may not have removed
 * them, and entries of hosts that have sent a goodbye.
 */
static inline bool rollcall_is_live(const struct rollcall_settings *settings, const struct rollcall_peer *peer,
				    uint64_t now_ns)
{
	return rollcall_age_ns(peer, now_ns) <= (int64_t)settings->expiry_ns && !(peer->flags & ROLLCALL_PEER_LEFT);
}

/*
 * Is the hostname in conflict, because two hosts announce it? It moved twice within the expiry time, and the last move
 * was at most the expiry time before NOW_NS. PEER->rival is the other host's address.
 */
static inline bool rollcall_is_in_conflict(const struct rollcall_settings *settings, const struct rollcall_peer *peer,
					   uint64_t now_ns)
{
	return peer->contested && (int64_t)(now_ns - peer->moved_ns) <= (int64_t)settings->expiry_ns;
}

/*
 * Called for each entry until it returns a value other than 0. ENTRY is valid only during the call. Its
 * hostname ends in a NUL.
 */
typedef int (*rollcall_visit)(const struct rollcall_entry *entry, void *context);

/*
 * Is ENTRY shadowed at NOW_NS? In a mixed table (ROLLCALL_MIXED) an entry without a seal is, while its hostname has a
 * live entry with a seal on any attached interface and of any family. rollcall_each(), rollcall_find() and
 * rollcall_find_address() leave out shadowed entries. In other tables no entry is shadowed, and the table is not read.
 */
bool rollcall_is_shadowed(const struct rollcall_table *t, const struct rollcall_entry *entry, uint64_t now_ns);

/*
 * Visit every entry that is live at NOW_NS and not shadowed, in no order. An entry that is in the table during the whole
 * walk is visited exactly once, even if others are written meanwhile. Returns 0, the value of VISIT, or -errno.
 */
int rollcall_each(const struct rollcall_table *t, uint64_t now_ns, rollcall_visit visit, void *context);

/* The same for all entries, also those that are expired, shadowed, or of hosts that have sent a goodbye. */
int rollcall_walk(const struct rollcall_table *t, rollcall_visit visit, void *context);

/* The maximum number of entries of a host: one per interface and family. */
#define ROLLCALL_FIND_MAX (2 * ROLLCALL_SLOTS)

/*
 * Compare two entries of one host. Entries with a seal come first. Then IPv4 comes before IPv6, other addresses before
 * link-local ones (RFC 3927, RFC 4291), then the entry that joined first. The first of all entries has the host's
 * primary address, which does not alternate with the announcements. Returns less than, equal to or more than 0, as for
 * qsort(3).
 */
int rollcall_compare_primary(const struct rollcall_entry *a, const struct rollcall_entry *b);

/*
 * Find the live entries of the host NAME, without walking the table. NAME is compared without case. FAMILY
 * is ROLLCALL_FAMILY_*, or 0 for both. Write at most ROOM entries to ENTRIES, in the order of
 * rollcall_compare_primary(). Returns the number of entries written, or -errno. If IPv4 fills ENTRIES, IPv6 is
 * not read, so that one address costs one system call per interface. In a mixed table both are read at first.
 */
int rollcall_find(const struct rollcall_table *t, const char *name, int family, struct rollcall_entry *entries, int room);

/*
 * Find the live entry that was received last from ADDRESS (4 or 16 bytes, depending on FAMILY), on an interface with
 * an attached filter. If there are any with a seal, only those count. The function walks the table if any host has the
 * address. Returns 0, -ENOENT, or another -errno.
 */
int rollcall_find_address(const struct rollcall_table *t, int family, const void *address, struct rollcall_entry *entry);

/*
 * Read the peer of ENTRY's key into ENTRY. Returns 0, -ENOENT or another -errno. -ENOENT can be wrong for a moment,
 * while the entry is being replaced.
 */
int rollcall_lookup(const struct rollcall_table *t, struct rollcall_entry *entry);

/*
 * Read all slots of the attachment table; a free slot has ifindex 0. An ifname is the interface's current name,
 * which the kernel returns for the number. It is the recorded name if the interface no longer exists, or if this
 * process is in another network namespace than the table. Returns 0 or -errno.
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

/* Does the table have its maximum of entries, so that new hosts are rejected? */
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
 * Text for people and scripts. Bytes that were received are never printed unescaped. Each function returns
 * TEXT, which belongs to the caller and ends in a NUL.
 */

/* The hostname; a byte that is not allowed in an announcement is printed as '?'. */
char *rollcall_name_text(const struct rollcall_entry *entry, char text[ROLLCALL_NAME_TEXT]);
/* The address in its usual form; a link-local address has IFNAME as its scope (RFC 4007). */
char *rollcall_address_text(const struct rollcall_entry *entry, const char *ifname, char text[ROLLCALL_ADDRESS_TEXT]);
/* The name of the interface in SLOTS (rollcall_slots()), or "ifN". */
char *rollcall_ifname_text(const struct rollcall_attachment slots[ROLLCALL_SLOTS], uint32_t ifindex,
			   char text[ROLLCALL_IFNAME_TEXT]);

#ifdef __cplusplus
}
#endif

#endif

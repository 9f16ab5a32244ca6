// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The live table as text, for `cat` on the pin `table`: a header, then one line per entry that is
 * not older than the expiry time and whose host has not sent a goodbye. The output is that of `rollcall
 * peers`, but in the order of the hash and in columns of fixed width. While other entries are added or
 * removed, an entry may be missing or be printed twice.
 *
 * In a mixed table shadowed entries (lib/shadow.h) are printed too, because looking up the others here
 * would change the order in which the LRU map evicts entries. The column SEALED has the data for the reader.
 *
 * This is the only object that requires the kernel's BTF. rollcall works without it.
 */
#include "vmlinux.h"
#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <bpf/bpf_helpers.h>

#include <rollcall/settings.h>
#include <rollcall/table.h>

#include "address.bpf.h"
#include "interfaces.bpf.h"

#define NS_PER_S 1000000000ULL

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* The settings of the table; set by the loader between open and load. */
const volatile struct rollcall_settings config = ROLLCALL_DEFAULT_SETTINGS;

/* All ones for a byte that is allowed in a name, and for the NUL behind it. */
static const __u8 hostname_bytes[256] = {
	[0] = 0xff, ['A' ... 'Z'] = 0xff, ['a' ... 'z'] = 0xff, ['0' ... '9'] = 0xff,
	['.'] = 0xff, ['_'] = 0xff, ['-'] = 0xff,
};

/*
 * Replace bytes that are not allowed, as hostname_text() in user/view/write.c does: the filter records no
 * such name, but other programs can write the map. The loop has no branch, because the verifier would walk
 * both ways at each byte.
 */
static __always_inline void make_plain(char *name, __u32 bytes, const __u8 allowed[256])
{
#pragma unroll
	for (__u32 i = 0; i < bytes; i++) {
		__u8 good = allowed[(__u8)name[i]];

		name[i] = (char)((name[i] & good) | ('?' & ~good));
	}
}

/* The same for the bytes of an interface name that are printed, as in slots_ifname() in user/loader/slots.c. */
static const __u8 ifname_bytes[256] = { [0] = 0xff, ['!' ... '~'] = 0xff };

/* The name of an attached interface, else "ifN". */
static __always_inline void ifname_text(__u32 ifindex, char text[IFNAME_TEXT])
{
	for (__u32 slot = 0; slot < ROLLCALL_SLOTS; slot++) {
		__u32 key = slot;
		const struct rollcall_attachment *a = bpf_map_lookup_elem(&interfaces, &key);

		if (a && a->ifindex == ifindex) {
			__builtin_memcpy(text, a->ifname, IFNAME_TEXT);
			text[IFNAME_TEXT - 1] = '\0';
			make_plain(text, IFNAME_TEXT - 1, ifname_bytes);
			return;
		}
	}
	BPF_SNPRINTF(text, IFNAME_TEXT, "if%u", ifindex);
}

/* "-": this table checks no seals. */
static __always_inline const char *sealed_text(const struct rollcall_peer *peer)
{
	return !config.sealing ? "-" : peer->flags & ROLLCALL_PEER_SEALED ? "yes" : "no";
}

static __always_inline void write_entry(struct seq_file *seq, const struct rollcall_peer_key *key,
					const struct rollcall_peer *peer, __u64 age_ns)
{
	char ifname[IFNAME_TEXT] = {}, address[ADDRESS_TEXT] = {};

	ifname_text(key->ifindex, ifname);
	address_text(peer, key->family, ifname, address);
	BPF_SEQ_PRINTF(seq, "%-20s  %-30s  %-10s  %4llus  %6llus  %7u  %-15llu  %s\n", key->hostname, address,
		       ifname, age_ns / NS_PER_S, (config.expiry_ns - age_ns) / NS_PER_S, key->ifindex, peer->first_seen_ns,
		       sealed_text(peer));
}

SEC("iter/bpf_map_elem")
int rollcall_table(struct bpf_iter__bpf_map_elem *ctx)
{
	/* read each field once, here: the verifier accepts no address that is computed from ctx */
	struct seq_file *seq = ctx->meta->seq;
	const struct rollcall_peer_key *entry_key = ctx->key;
	const struct rollcall_peer *entry = ctx->value;
	struct rollcall_peer_key key;
	struct rollcall_peer peer;
	__s64 age_ns;

	/* the first call for a reader: at the first entry (1) or, if there is none, at the end (0) */
	if (seq->index <= 1)
		BPF_SEQ_PRINTF(seq, "%-20s  %-30s  %-10s  %5s  %7s  %7s  %-15s  %s\n", "HOSTNAME", "ADDRESS",
			       "INTERFACE", "AGE", "EXPIRES", "IFINDEX", "FIRST_SEEN_NS", "SEALED");
	if (!entry_key || !entry) /* the end */
		return 0;
	key = *entry_key; /* a copy, because the filter writes to the entry meanwhile */
	peer = *entry;
	key.hostname[sizeof(key.hostname) - 1] = '\0';
	make_plain(key.hostname, sizeof(key.hostname) - 1, hostname_bytes);
	/* signed: the filter may have written it after this clock was read */
	age_ns = bpf_ktime_get_boot_ns() - peer.last_seen_ns;
	if (age_ns <= (__s64)config.expiry_ns && !(peer.flags & ROLLCALL_PEER_LEFT))
		write_entry(seq, &key, &peer, age_ns > 0 ? age_ns : 0);
	return 0;
}

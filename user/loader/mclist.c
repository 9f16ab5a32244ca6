// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Static entries by ioctl: rtnetlink has nothing for them. An autojoin address, which would hold the
 * membership too, is no choice: its local route keeps from the wire what this host sends to the
 * group (tests/membership.bats).
 */
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "base/cleanup.h"
#include "mclist.h"
#include "base/message.h"
#include "base/parse.h"

/* How often a change is tried of an interface that is being renamed. */
#define TRIES 3

/* RFC 1112, 6.4: the lower 23 bits. */
static void lladdr_of_group4(const uint8_t group[4], uint8_t lladdr[6])
{
	const uint8_t bytes[] = { 0x01, 0x00, 0x5e, group[1] & 0x7f, group[2], group[3] };

	memcpy(lladdr, bytes, sizeof(bytes));
}

/* RFC 2464, 7: the lower 32 bits. */
static void lladdr_of_group6(const uint8_t group[16], uint8_t lladdr[6])
{
	const uint8_t bytes[] = { 0x33, 0x33, group[12], group[13], group[14], group[15] };

	memcpy(lladdr, bytes, sizeof(bytes));
}

static void lladdr_of(const struct rollcall_settings *s, uint8_t entry, uint8_t lladdr[6])
{
	if (entry == ROLLCALL_ENTRY_IPV4)
		lladdr_of_group4(s->group4, lladdr);
	else
		lladdr_of_group6(s->group6, lladdr);
}

/* The kernel takes a second static entry for the same address without a word: look before adding. */
static int has_static_entry(uint32_t ifindex, const uint8_t lladdr[6])
{
	FILE *list = fopen("/proc/self/net/dev_mcast", "re");
	char line[256], wanted[13], *fields[5];
	int found = 0;

	if (!list)
		return -errno;
	snprintf(wanted, sizeof(wanted), "%02x%02x%02x%02x%02x%02x", lladdr[0], lladdr[1], lladdr[2], lladdr[3],
		 lladdr[4], lladdr[5]);
	/* number, name, users, static, address; a name has no spaces (dev_valid_name() in the kernel) */
	while (!found && fgets(line, sizeof(line), list))
		found = parse_columns(line, fields, 5) == 5 && strtoul(fields[0], NULL, 10) == ifindex &&
			strcmp(fields[3], "0") != 0 && !strcmp(fields[4], wanted);
	fclose(list);
	return found;
}

static bool is_renamed(uint32_t ifindex, const char *name)
{
	char now[IF_NAMESIZE];

	return if_indextoname(ifindex, now) && strcmp(now, name) != 0;
}

/*
 * These requests take a name, and none takes a number. The name is looked up by number immediately before, and
 * the result by number after it. An interface that gets the name in between may keep an entry for the
 * group: then its NIC lets the group's frames through, which has no other effect.
 */
static int change(uint32_t ifindex, unsigned long request, const uint8_t lladdr[6])
{
	owned_fd fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq ifr = { .ifr_hwaddr.sa_family = AF_UNSPEC };
	int err = fd < 0 ? -errno : -EAGAIN;

	memcpy(ifr.ifr_hwaddr.sa_data, lladdr, 6);
	for (int i = 0; err == -EAGAIN && i < TRIES; i++) {
		if (!if_indextoname(ifindex, ifr.ifr_name))
			return -errno;
		err = ioctl(fd, request, &ifr) ? -errno : 0;
		if (is_renamed(ifindex, ifr.ifr_name) &&
		    has_static_entry(ifindex, lladdr) != (request == SIOCADDMULTI))
			err = -EAGAIN;
	}
	return err;
}

/* The record first: after a kill in between, detach looks for an entry too many rather than leave one. */
static int add(const struct table *t, uint32_t slot, struct rollcall_attachment *record, uint8_t entry,
	       const uint8_t lladdr[6])
{
	int err = has_static_entry(record->ifindex, lladdr);

	if (err) /* it is there already, ours or not */
		return err < 0 ? err : 0;
	record->made_entries |= entry;
	err = slot_write(t, slot, record);
	return err ? err : change(record->ifindex, SIOCADDMULTI, lladdr);
}

static int drop(const struct table *t, uint32_t slot, struct rollcall_attachment *record, uint8_t entry,
	       const uint8_t lladdr[6])
{
	int err = change(record->ifindex, SIOCDELMULTI, lladdr);

	record->made_entries &= (uint8_t)~entry;
	return err ? err : slot_write(t, slot, record);
}

void mclist_hold(const struct table *t, uint32_t slot, struct rollcall_attachment *record, bool ipv4, bool ipv6)
{
	const struct {
		uint8_t entry;
		bool wanted;
	} families[] = { { ROLLCALL_ENTRY_IPV4, ipv4 }, { ROLLCALL_ENTRY_IPV6, ipv6 } };

	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		uint8_t lladdr[6], entry = families[i].entry;
		int err = 0;

		lladdr_of(&t->settings, entry, lladdr);
		if (families[i].wanted)
			err = add(t, slot, record, entry, lladdr);
		else if (record->made_entries & entry)
			err = drop(t, slot, record, entry, lladdr);
		if (err)
			verbose("cannot keep the multicast list of '%s' for a time without a loader: %s",
				record->ifname, strerror(-err));
	}
}

void mclist_release(const struct rollcall_settings *s, const struct rollcall_attachment *record)
{
	for (uint8_t entry = ROLLCALL_ENTRY_IPV4; entry <= ROLLCALL_ENTRY_IPV6; entry <<= 1) {
		uint8_t lladdr[6];
		int err;

		if (!(record->made_entries & entry))
			continue;
		lladdr_of(s, entry, lladdr);
		err = change(record->ifindex, SIOCDELMULTI, lladdr);
		if (err && err != -ENXIO && err != -ENODEV && err != -ENOENT) /* it went with the interface, or by hand */
			verbose("cannot take '%s' off the multicast list of the group: %s", record->ifname, strerror(-err));
	}
}

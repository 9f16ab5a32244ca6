// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Interfaces by rtnetlink, by number. Memberships by /proc: rtnetlink lists those of IPv4 since Linux 6.15
 * only.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "health.h"
#include "net/netdev.h"
#include "base/parse.h"
#include "net/netns.h"

const char *hearing_name(enum hearing hearing)
{
	static const char *const names[] = {
		[HEARING_UNKNOWN] = "unknown",
		[HEARING] = "hearing",
		[HEARING_ALONE] = "alone",
		[HEARING_DEAF] = "deaf",
	};

	return names[hearing];
}

bool health_is_gone(const struct health *health)
{
	return health->hearing == HEARING_DEAF && !health->here;
}

/*
 * A file of memberships that does not exist is one of a kernel without that protocol, if /proc is mounted at
 * all. What cannot be read is unknown.
 */
static enum membership membership_without(const char *path)
{
	return access(path, F_OK) && errno == ENOENT && !access("/proc/self/net/dev", F_OK) ? MEMBERSHIP_NO :
											       MEMBERSHIP_UNKNOWN;
}

/* A line for each interface, "2 eth0 : 3 V3", and below it one for each group, its bytes as one number. */
static enum membership membership4(uint32_t ifindex, const uint8_t group[4])
{
	static const char path[] = "/proc/self/net/igmp";
	FILE *list = fopen(path, "re");
	bool is_here = false, is_member = false;
	char line[256], *field;
	uint32_t wanted;

	if (!list)
		return membership_without(path);
	memcpy(&wanted, group, sizeof(wanted));
	while (!is_member && fgets(line, sizeof(line), list)) {
		bool is_group = line[0] == '\t';

		parse_columns(line, &field, 1);
		if (is_group)
			is_member = is_here && strtoul(field, NULL, 16) == wanted;
		else
			is_here = strtoul(field, NULL, 10) == ifindex;
	}
	fclose(list);
	return is_member ? MEMBERSHIP_YES : MEMBERSHIP_NO;
}

/* A line for each: "2 eth0 ff0200000000000000000000ef020304 1 00000004 0". */
static enum membership membership6(uint32_t ifindex, const uint8_t group[16])
{
	static const char path[] = "/proc/self/net/igmp6";
	FILE *list = fopen(path, "re");
	char line[256], wanted[33], *fields[3];
	bool is_member = false;

	if (!list)
		return membership_without(path);
	for (int i = 0; i < 16; i++)
		snprintf(wanted + 2 * (ptrdiff_t)i, 3, "%02x", group[i]);
	while (!is_member && fgets(line, sizeof(line), list))
		is_member = parse_columns(line, fields, 3) == 3 && strtoul(fields[0], NULL, 10) == ifindex &&
			    !strcmp(fields[2], wanted);
	fclose(list);
	return is_member ? MEMBERSHIP_YES : MEMBERSHIP_NO;
}

static void look_at(const struct rollcall_settings *s, const struct rollcall_attachment *a, struct health *h)
{
	char program[AHEAD_BYTES];
	struct netdev dev;
	int err = netdev_query_index(a->ifindex, &dev);

	h->unseen = err && err != -ENODEV;
	h->here = !err;
	if (err)
		return;
	h->carrier = dev.up && dev.carrier;
	h->ipv4 = membership4(a->ifindex, s->group4);
	h->ipv6 = membership6(a->ifindex, s->group6);
	/* less than before: the counter has started again */
	h->received = dev.received - (dev.received < a->received_before ? 0 : a->received_before);
	if (ahead_find(a, program))
		snprintf(h->ahead, sizeof(h->ahead), "%s runs ahead of the filter: does it let frames through?", program);
	if (!dev.up)
		h->reason = "the interface is down";
	else if (!dev.carrier)
		h->reason = "no carrier";
}

static void judge(struct health *h, uint64_t now_ns, uint64_t expiry_ns)
{
	h->hearing = HEARING_DEAF;
	if (h->unseen) {
		h->hearing = HEARING_UNKNOWN;
		h->reason = "rtnetlink cannot be asked about the interface";
	} else if (!h->here) {
		h->reason = "the interface is gone";
		h->ipv4 = h->ipv6 = MEMBERSHIP_NO;
	} else if (h->reason) {
		return;
	} else if (h->last_ns && (int64_t)(now_ns - h->last_ns) <= (int64_t)expiry_ns) {
		h->hearing = HEARING;
	} else if (h->ipv4 == MEMBERSHIP_NO && h->ipv6 == MEMBERSHIP_NO) {
		h->reason = "not a member of the group";
	} else if (*h->ahead) {
		h->reason = h->ahead;
	} else if (!h->received && !h->last_ns) { /* an announcement would have been a frame */
		h->reason = "not one frame came since it was attached";
	} else if (h->ipv4 != MEMBERSHIP_YES && h->ipv6 != MEMBERSHIP_YES) {
		h->hearing = HEARING_UNKNOWN;
		h->reason = "its memberships cannot be seen: is /proc mounted?";
	} else {
		h->hearing = HEARING_ALONE;
		h->reason = "nobody calls";
	}
}

void health_ask(const struct rollcall_settings *settings, const struct rollcall_attachment slots[ROLLCALL_SLOTS],
		uint64_t now_ns, struct health health[ROLLCALL_SLOTS])
{
	bool is_here = netns_is_of(settings);

	for (int slot = 0; slot < ROLLCALL_SLOTS; slot++) {
		if (!slots[slot].ifindex)
			continue;
		if (is_here) {
			look_at(settings, &slots[slot], &health[slot]);
			judge(&health[slot], now_ns, settings->expiry_ns);
		} else {
			health[slot].reason = "its network namespace is another one";
		}
	}
}

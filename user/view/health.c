// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Interfaces are read by rtnetlink, by number. Memberships are read from /proc, because rtnetlink lists those of IPv4
 * only since Linux 6.15.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hint.h"
#include "base/parse.h"
#include "health.h"
#include "net/netdev.h"
#include "net/netns.h"

/* The data of an interface that its state is decided by. */
struct look {
	const struct rollcall_settings *settings;
	const struct rollcall_attachment *slot;
	uint64_t now_ns;
	char name[ROLLCALL_IFNAME_TEXT];
	int err; /* of the rtnetlink request */
	bool is_up, lacks_privilege; /* to list tcx programs */
};

const char *health_state_name(enum health_state state)
{
	static const char *const names[] = {
		[HEALTH_UNKNOWN] = "unknown",
		[HEALTH_RECEIVING] = "receiving",
		[HEALTH_QUIET] = "quiet",
		[HEALTH_BLOCKED] = "blocked",
	};

	return names[state];
}

bool health_is_missing(const struct health *health)
{
	return health->state == HEALTH_BLOCKED && !health->here;
}

/*
 * The file of memberships cannot be opened. If it does not exist although /proc is mounted, the kernel lacks the
 * protocol, and there is no membership. Otherwise the membership is unknown.
 */
static enum membership membership_without(const char *path)
{
	return access(path, F_OK) && errno == ENOENT && !access("/proc/self/net/dev", F_OK) ? MEMBERSHIP_NO :
											       MEMBERSHIP_UNKNOWN;
}

/* The file has a line per interface, "2 eth0 : 3 V3", and below it a line per group, with its bytes as one number. */
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

/* The file has a line per interface and group: "2 eth0 ff0200000000000000000000ef020304 1 00000004 0". */
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

static void look_at(struct look *look, struct health *h)
{
	const struct rollcall_settings *s = look->settings;
	uint32_t ifindex = look->slot->ifindex;
	struct netdev dev;
	int ahead;

	look->err = netdev_query_index(ifindex, &dev);
	h->here = !look->err;
	if (!h->here)
		return;
	look->is_up = dev.up;
	h->carrier = dev.up && dev.carrier;
	h->ipv4 = membership4(ifindex, s->group4);
	h->ipv6 = membership6(ifindex, s->group6);
	/* a counter below its value at attaching was reset */
	h->received = dev.received - (dev.received < look->slot->received_before ? 0 : look->slot->received_before);
	h->misses_filter = ahead_misses_filter(look->slot);
	ahead = ahead_find(look->slot, h->ahead);
	look->lacks_privilege = ahead == -EPERM;
	if (ahead != 1)
		h->ahead[0] = '\0';
}

/* Set the state and the reason. Returns true, so that the first reason that applies is the result. */
static bool judge(struct health *h, enum health_state state, const char *reason, ...) __attribute__((format(printf, 3, 4)));

static bool judge(struct health *h, enum health_state state, const char *reason, ...)
{
	va_list args;

	va_start(args, reason);
	vsnprintf(h->reason, sizeof(h->reason), reason, args);
	va_end(args);
	h->state = state;
	return true;
}

static bool judge_unreachable(const struct look *look, struct health *h)
{
	if (look->err && look->err != -ENODEV)
		return judge(h, HEALTH_UNKNOWN, "cannot ask the kernel about the interface: %s: does a sandbox forbid rtnetlink?",
			     strerror(-look->err));
	if (h->here)
		return false;
	h->ipv4 = h->ipv6 = MEMBERSHIP_NO;
	if (h->life == PROCESS_DEAD)
		return judge(h, HEALTH_BLOCKED, "no such interface, and no loader: run 'rollcall attach %s%s' when it is back, or "
			     "'rollcall detach %s%s' to remove its entry", look->name, hint_pin_dir(), look->name, hint_pin_dir());
	return judge(h, HEALTH_BLOCKED, "no such interface: the loader attaches the filter when it is back");
}

static bool judge_link(const struct look *look, struct health *h)
{
	if (!look->is_up)
		return judge(h, HEALTH_BLOCKED, NETDEV_DOWN, look->name);
	return !h->carrier && judge(h, HEALTH_BLOCKED, "no carrier: check the cable, and the port at the other end");
}

static bool judge_filter(const struct look *look, struct health *h)
{
	char span[SPAN_BYTES];

	if (!h->misses_filter)
		return false;
	if (h->life == PROCESS_DEAD)
		return judge(h, HEALTH_BLOCKED, "filter is not attached, and no loader: run 'rollcall attach %s%s'", look->name,
			     hint_pin_dir());
	return judge(h, HEALTH_BLOCKED, "filter is not attached: the loader attaches it again within %s",
		     clock_span(look->settings->expiry_ns, span));
}

/*
 * An announcement within the expiry shows that the interface receives, even if there is a program ahead or no
 * membership.
 */
static bool judge_receiving(const struct look *look, struct health *h)
{
	if (!h->last_ns || (int64_t)(look->now_ns - h->last_ns) > (int64_t)look->settings->expiry_ns)
		return false;
	h->state = HEALTH_RECEIVING;
	return true;
}

static bool judge_membership(const struct look *look, struct health *h)
{
	if (h->ipv4 != MEMBERSHIP_NO || h->ipv6 != MEMBERSHIP_NO)
		return false;
	if (h->life == PROCESS_DEAD)
		return judge(h, HEALTH_BLOCKED, "not a member of the group, and no loader: run 'rollcall attach %s%s'", look->name,
			     hint_pin_dir());
	return judge(h, HEALTH_BLOCKED, "not a member of the group: stop the loader, and run 'rollcall attach %s%s' again",
		     look->name, hint_pin_dir());
}

/* The time since the loader of the interface started; UINT64_MAX: unknown. */
static uint64_t attached_ns(const struct look *look)
{
	uint64_t start_ns = look->slot->loader_start * (NS_PER_S / (uint64_t)sysconf(_SC_CLK_TCK));

	return look->slot->loader_start && start_ns < look->now_ns ? look->now_ns - start_ns : UINT64_MAX;
}

static bool judge_frames(const struct look *look, struct health *h)
{
	if (*h->ahead)
		return judge(h, HEALTH_BLOCKED, "%s runs ahead of the filter: does it pass frames on? 'bpftool net show dev %s' "
			     "lists the programs", h->ahead, look->name);
	/* a recorded announcement shows that a frame was received; a link may be silent for an expiry */
	if (!h->received && !h->last_ns && attached_ns(look) > look->settings->expiry_ns)
		return judge(h, HEALTH_BLOCKED, "no frame of any kind received since it was attached: check the cable, the VLAN "
			     "and the switch port");
	if (h->ipv4 != MEMBERSHIP_YES && h->ipv6 != MEMBERSHIP_YES)
		return judge(h, HEALTH_UNKNOWN, "memberships cannot be read from /proc/net: is /proc mounted?");
	return false;
}

/*
 * A message with a seal that was rejected says more than one without: a host that seals may also send plain copies, or
 * have sent them before it had a key.
 */
struct rejections health_rejections(const struct rollcall_counts *counts)
{
	struct rejections most = {};

	for (int i = ROLLCALL_UNSEALED + 1; i <= ROLLCALL_STALE; i++)
		if (counts->outcomes[i] > most.count)
			most = (struct rejections){ (enum rollcall_outcome)i, counts->outcomes[i] };
	if (!most.count)
		most = (struct rejections){ ROLLCALL_UNSEALED, counts->outcomes[ROLLCALL_UNSEALED] };
	return most;
}

/* What became of the messages, and the remedy; NULL: none was rejected. */
static const char *rejected_text(const struct rejections *rejections)
{
	if (!rejections->count)
		return NULL;
	switch (rejections->outcome) {
	case ROLLCALL_UNSEALED:
		return "rejected without a seal, which this table requires: run 'rollcall announce --key FILE' on the other hosts";
	case ROLLCALL_UNKNOWN_KEY:
		return "rejected with an unknown key: add the key of the other hosts to the key file of 'rollcall attach --key'";
	case ROLLCALL_BAD_SEAL:
		return "rejected with a wrong seal: is the key with this id the same on the other hosts?";
	case ROLLCALL_STALE:
		return "rejected because of their time: are the clocks of this host and of the others right? ('timedatectl')";
	default:
		return NULL;
	}
}

static bool judge_quiet(const struct look *look, struct health *h)
{
	/* a program ahead of the filter, and a tcx filter that another process detached, can be found by root only */
	const char *limit = look->lacks_privilege ? "; programs ahead of the filter are shown to root only" : "";
	char span[SPAN_BYTES], remedy[192] = ": is 'rollcall announce' running on the other hosts?";
	const char *rejected = rejected_text(&h->rejections);
	uint64_t since_ns = attached_ns(look);

	/* they may be older than the last announcement: the filter counts without a time */
	if (rejected)
		snprintf(remedy, sizeof(remedy), "%s %llu %s", h->last_ns ? "; since the filter was attached," : ",",
			 (unsigned long long)h->rejections.count, rejected);
	if (h->last_ns)
		return judge(h, HEALTH_QUIET, "no announcements received for %s%s%s", clock_span(look->now_ns - h->last_ns, span),
			     remedy, limit);
	if (since_ns == UINT64_MAX)
		return judge(h, HEALTH_QUIET, "no announcements received yet%s%s", remedy, limit);
	return judge(h, HEALTH_QUIET, "no announcements received yet (attached %s ago)%s%s", clock_span(since_ns, span),
		     rejected || since_ns > look->settings->expiry_ns ? remedy : "", limit);
}

static void judge_elsewhere(const struct look *look, struct health *h)
{
	static const char what[] = "the table is of another network namespace: run";

	if (h->life == PROCESS_ALIVE)
		judge(h, HEALTH_UNKNOWN, "%s 'nsenter -t %u -n rollcall status%s'", what, look->slot->loader_pid, hint_pin_dir());
	else
		judge(h, HEALTH_UNKNOWN, "%s this command there", what);
}

void health_ask(const struct rollcall_settings *settings, const struct rollcall_attachment slots[ROLLCALL_SLOTS],
		uint64_t now_ns, struct health health[ROLLCALL_SLOTS])
{
	bool is_here = netns_is_of(settings);

	for (int slot = 0; slot < ROLLCALL_SLOTS; slot++) {
		struct look look = { .settings = settings, .slot = &slots[slot], .now_ns = now_ns };
		struct health *h = &health[slot];

		if (!slots[slot].ifindex)
			continue;
		rollcall_ifname_text(slots, slots[slot].ifindex, look.name);
		h->elsewhere = !is_here;
		if (h->elsewhere) {
			judge_elsewhere(&look, h);
			continue;
		}
		look_at(&look, h);
		(void)(judge_unreachable(&look, h) || judge_link(&look, h) || judge_filter(&look, h) || judge_receiving(&look, h) ||
		       judge_membership(&look, h) || judge_frames(&look, h) || judge_quiet(&look, h));
	}
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What becomes of an interface. Each look compares what is here now with what was last seen; nothing
 * depends on how many notices came, or in which order.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "mclist.h"
#include "membership.h"
#include "base/message.h"
#include "interface.h"

/* include/uapi/linux/ipv6.h, include/net/ip.h */
#define IPV6_MIN_MTU 1280
#define IPV4_MIN_MTU 68

static struct hooking hooking_for(const struct interface_owner *owner, const struct netdev *dev)
{
	return (struct hooking){
		.dir = owner->request->pin_dir,
		.table = owner->table,
		.dev = dev,
		.order = &owner->request->order,
		.events_fd = owner->events_fd,
		.consume = owner->request->consume,
		.no_ipv4 = !owner->request->ipv4,
		.no_ipv6 = !owner->request->ipv6,
	};
}

/* For the time with a loader, and for the time without. */
static void join_groups(struct interface *i, const struct interface_owner *owner)
{
	const struct attach_request *request = owner->request;

	membership_join(i->membership_fds, &i->dev, &owner->table->settings, request->ipv4, request->ipv6);
	mclist_hold(owner->table, i->attachment.slot, &i->attachment.record, request->ipv4, request->ipv6);
}

/*
 * Memberships that went with the interface, though their sockets stay. Not the other way round: under
 * the same number, closing the old ones takes the new ones along (ip_mc_drop_socket() in net/ipv4/igmp.c).
 */
static void join_groups_again(struct interface *i, const struct interface_owner *owner)
{
	membership_leave(i->membership_fds);
	join_groups(i, owner);
}

/* In native mode it is the driver that runs the filter, and a driver may cease to. */
static void begin_probe(struct interface *i, const struct interface_owner *owner)
{
	const struct probe_spec spec = {
		.table = owner->table,
		.dev = &i->dev,
		.slot = i->attachment.slot,
		.no_ipv4 = !owner->request->ipv4,
		.no_ipv6 = !owner->request->ipv6,
		.epoll_fd = owner->attention_fd,
	};

	if (i->attachment.record.mode == ROLLCALL_MODE_NATIVE)
		probe_begin(&i->probe, &spec);
}

/* Is there any sense in attaching to it? Returns 0 or -errno, reported. */
static int check_device(const struct netdev *dev)
{
	if (netdev_is_port(dev))
		return fail(0, NULL, "'%s' is a port of %s '%s': attach to '%s' instead", dev->name, dev->port_kind,
			    dev->master_name, dev->master_name);
	if (netdev_link(dev) == NETDEV_OTHER)
		return fail(0, NULL, "'%s' is of link type %u: the filter reads Ethernet frames, and bare IP ones",
			    dev->name, dev->type);
	return 0;
}

int interface_open(struct interface *i, const struct interface_owner *owner, const struct netdev *dev)
{
	struct hooking hooking;
	int err;

	*i = (struct interface){ .dev = *dev, .membership_fds = { -1, -1 }, .probe = PROBE_NONE };
	err = check_device(dev);
	if (err)
		return err;
	hooking = hooking_for(owner, &i->dev);
	err = attachment_make(&hooking, owner->request->hostname, &i->attachment);
	if (!err) {
		join_groups(i, owner);
		begin_probe(i, owner);
	}
	return err;
}

/* "239.2.3.4:49001 and [ff02::ef02:304]:49001" */
static void groups_text(const struct interface *i, const struct rollcall_settings *s, char *text, size_t room)
{
	char group4[INET_ADDRSTRLEN], group6[INET6_ADDRSTRLEN];
	bool ipv4 = i->membership_fds[0] >= 0, ipv6 = i->membership_fds[1] >= 0;
	int used = 0;

	inet_ntop(AF_INET, s->group4, group4, sizeof(group4));
	inet_ntop(AF_INET6, s->group6, group6, sizeof(group6));
	if (ipv4)
		used = snprintf(text, room, "%s:%u%s", group4, s->port, ipv6 ? " and " : "");
	if (ipv6)
		snprintf(text + used, room - (size_t)used, "[%s]:%u", group6, s->port);
	if (!ipv4 && !ipv6)
		snprintf(text, room, "no group");
}

void interface_report(const struct interface *i, const struct rollcall_settings *settings)
{
	char groups[INET_ADDRSTRLEN + INET6_ADDRSTRLEN + 32], expiry[DURATION_BYTES];

	groups_text(i, settings, groups, sizeof(groups));
	inform("%s: attached (%s), listening on %s, expiry %s", i->dev.name, mode_name(i->attachment.record.mode), groups,
	       clock_duration(settings->expiry_ns, expiry));
	if (i->dev.loopback)
		warn("%s: loopback interface: announcements of other hosts are not received on it: attach to a LAN interface",
		     i->dev.name);
	if (!i->dev.up)
		warn("%s: " NETDEV_DOWN, i->dev.name, i->dev.name);
}

void interface_close(struct interface *i)
{
	probe_end(&i->probe);
	membership_leave(i->membership_fds);
}

void interface_watch(struct interface *i, const struct interface_owner *owner)
{
	const struct rollcall_settings *s = &owner->table->settings;
	uint64_t frames;

	interface_attend(i, owner);
	if (i->gone || table_frames(owner->table, i->attachment.slot, &frames) ||
	    !watchdog_barks(&i->watchdog, frames, rollcall_now_ns(), s->expiry_ns))
		return;
	verbose("no announcement on '%s' for an expiry: joining the group again", i->dev.name);
	membership_renew(i->membership_fds, &i->dev, s, owner->request->ipv4, owner->request->ipv6);
	begin_probe(i, owner);
}

void interface_attend(struct interface *i, const struct interface_owner *owner)
{
	i->dead |= probe_look(&i->probe, owner->table, i->attachment.slot) == PROBE_DEAD;
}

void interface_notice(struct interface *i, const struct interface_owner *owner, const struct netwatch_link *link)
{
	if (link->ifindex && link->ifindex != i->dev.ifindex)
		return;
	i->noticed = true;
	i->away |= link->away;
	if (!link->away)
		begin_probe(i, owner);
}

enum sight {
	UNCLEAR, /* the kernel does not tell */
	HERE,	 /* with the filter */
	GONE,
	BACK, /* without the filter */
};

static enum sight look(const struct interface *i, const struct interface_owner *owner, struct netdev *now)
{
	int err = netdev_query_index(i->dev.ifindex, now);

	if (!err && attachment_is_live(owner->request->pin_dir, owner->table, &i->attachment))
		return HERE;
	/* another device may have got the number; the name is what was asked for */
	if (err == -ENODEV || (!err && strcmp(now->name, i->dev.name)))
		err = netdev_query(i->dev.name, now);
	if (err)
		return err == -ENODEV ? GONE : UNCLEAR;
	return BACK;
}

/*
 * An interface that has become too narrow for a family was no member in that time, and is none again
 * by itself: addrconf_notify() in net/ipv6/addrconf.c, inetdev_event() in net/ipv4/devinet.c.
 */
static bool was_too_narrow(const struct interface *i, const struct netdev *now)
{
	return (i->dev.mtu < IPV6_MIN_MTU && now->mtu >= IPV6_MIN_MTU) ||
	       (i->dev.mtu < IPV4_MIN_MTU && now->mtu >= IPV4_MIN_MTU);
}

static bool looks_other(const struct interface *i, const struct netdev *now)
{
	return attachment_counter_restarted(&i->attachment, now) || now->mtu != i->dev.mtu || strcmp(now->name, i->dev.name) || memcmp(now->lladdr, i->dev.lladdr, sizeof(now->lladdr));
}

bool interface_has_changed(const struct interface *i, const struct interface_owner *owner)
{
	struct netdev now;

	switch (look(i, owner, &now)) {
	case HERE:
		return i->away || i->dead || looks_other(i, &now);
	case GONE:
		return !i->gone;
	case BACK: /* what it rejected it would reject again, unless it has changed */
		return !i->err || i->noticed || now.ifindex != i->dev.ifindex;
	case UNCLEAR:
		break;
	}
	return false;
}

static void note(struct interface *i, const struct interface_owner *owner, const struct netdev *now)
{
	bool again;

	if (strcmp(now->name, i->dev.name))
		warn("%s: interface renamed to %s", i->dev.name, now->name);
	if (looks_other(i, now))
		attachment_note(owner->table, &i->attachment, now);
	again = i->away || was_too_narrow(i, now);
	i->dev = *now;
	if (again)
		join_groups_again(i, owner);
}

/* Another program in the same place: a driver that has forgotten one takes the next. */
static void revive(struct interface *i, const struct interface_owner *owner)
{
	struct hooking hooking = hooking_for(owner, &i->dev);
	uint64_t now_ns = rollcall_now_ns();

	i->dead = false;
	if (i->revived_ns && now_ns - i->revived_ns < owner->table->settings.expiry_ns) {
		warn("%s: the driver does not run the filter in native mode; use --mode tcx", i->dev.name);
		return;
	}
	if (attachment_revive(&hooking, &i->attachment))
		return;
	warn("%s: filter replaced in mode native: the driver had stopped running it", i->dev.name);
	i->revived_ns = now_ns;
	begin_probe(i, owner);
}

static void lose(struct interface *i, const struct interface_owner *owner)
{
	if (i->gone || attachment_lose(owner->request->pin_dir, owner->table, &i->attachment))
		return;
	warn("%s: interface removed: waiting for it", i->dev.name);
	membership_leave(i->membership_fds);
	probe_end(&i->probe);
	i->gone = true;
	i->err = 0;
}

/* Does another slot have it, of this loader or of another one? */
static bool is_taken(const struct interface *i, const struct interface_owner *owner, uint32_t ifindex)
{
	struct rollcall_attachment slots[ROLLCALL_SLOTS];
	int slot = slots_read(owner->table, slots) ? -ENOENT : slot_find(slots, ifindex);

	return slot >= 0 && slot != (int)i->attachment.slot;
}

static int attach_again(struct interface *i, const struct interface_owner *owner, const struct netdev *now)
{
	struct hooking hooking = hooking_for(owner, now);

	hooking.quiet = i->err;
	if (!netdev_is_port(now) && netdev_link(now) != NETDEV_OTHER)
		return attachment_renew(&hooking, &i->attachment);
	attachment_lose(owner->request->pin_dir, owner->table, &i->attachment);
	return i->err ? i->err : check_device(now);
}

static void regain(struct interface *i, const struct interface_owner *owner, const struct netdev *now)
{
	bool returned = i->gone || i->away || i->err || now->ifindex != i->dev.ifindex;
	const char *mode;

	if (is_taken(i, owner, now->ifindex)) {
		lose(i, owner);
		return;
	}
	i->err = attach_again(i, owner, now);
	i->dev = *now;
	i->gone = false;
	i->dead = false;
	probe_end(&i->probe); /* of an interface that may have had another number */
	if (i->err) {
		membership_leave(i->membership_fds);
		return;
	}
	join_groups_again(i, owner);
	begin_probe(i, owner);
	mode = mode_name(i->attachment.record.mode);
	if (returned)
		warn("%s: interface is present again: attached in mode %s", now->name, mode);
	else
		warn("%s: filter detached by another process, attached again in mode %s", now->name, mode);
}

void interface_follow(struct interface *i, const struct interface_owner *owner)
{
	struct netdev now;

	switch (look(i, owner, &now)) {
	case HERE:
		note(i, owner, &now);
		if (i->dead)
			revive(i, owner);
		break;
	case GONE:
		lose(i, owner);
		break;
	case BACK:
		regain(i, owner, &now);
		break;
	case UNCLEAR: /* the next notice may find it out */
		return;
	}
	i->away = false;
	i->noticed = false;
}

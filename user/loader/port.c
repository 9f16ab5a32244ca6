// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What becomes of an interface. Each look compares what is here now with what was last seen; nothing
 * depends on how many notices came, or in which order.
 */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "mclist.h"
#include "membership.h"
#include "base/message.h"
#include "port.h"

/* include/uapi/linux/ipv6.h, include/net/ip.h */
#define IPV6_MIN_MTU 1280
#define IPV4_MIN_MTU 68

static struct attachment_spec spec_for(const struct port_owner *owner, const struct netdev *dev)
{
	return (struct attachment_spec){
		.dir = owner->dir,
		.table = owner->table,
		.dev = dev,
		.order = &owner->options->order,
		.hostname = owner->options->hostname,
		.events_fd = owner->events_fd,
		.consume = option_given(owner->options, OPT_CONSUME),
	};
}

/* For the time with a loader, and for the time without. */
static void join_groups(struct port *p, const struct port_owner *owner)
{
	const struct options *o = owner->options;

	membership_join(p->membership_fds, &p->dev, &owner->table->settings, o);
	mclist_hold(owner->table, &p->attachment, !option_given(o, OPT_IPV6), !option_given(o, OPT_IPV4));
}

/*
 * Memberships that went with the interface, though their sockets stay. Not the other way round: under
 * the same number, closing the old ones takes the new ones along (ip_mc_drop_socket() in net/ipv4/igmp.c).
 */
static void join_groups_again(struct port *p, const struct port_owner *owner)
{
	membership_leave(p->membership_fds);
	join_groups(p, owner);
}

/* Is there any sense in attaching to it? Returns 0 or -errno, said. */
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

int port_open(struct port *p, const struct port_owner *owner, const struct netdev *dev)
{
	struct attachment_spec spec;
	int err;

	*p = (struct port){ .dev = *dev, .membership_fds = { -1, -1 } };
	err = check_device(dev);
	if (err)
		return err;
	spec = spec_for(owner, &p->dev);
	err = attachment_make(&spec, &p->attachment);
	if (!err)
		join_groups(p, owner);
	return err;
}

void port_close(struct port *p)
{
	membership_leave(p->membership_fds);
}

void port_watch(struct port *p, const struct port_owner *owner)
{
	const struct rollcall_settings *s = &owner->table->settings;
	struct rollcall_counts counts;

	if (p->gone || table_counts(owner->table, p->attachment.slot, &counts) ||
	    !watchdog_barks(&p->watchdog, &counts, rollcall_now_ns(), s->expiry_ns))
		return;
	verbose("no announcement on '%s' for an expiry: joining the group anew", p->dev.name);
	membership_renew(p->membership_fds, &p->dev, s, owner->options);
}

void port_notice(struct port *p, const struct netwatch_link *link)
{
	if (link->ifindex && link->ifindex != p->dev.ifindex)
		return;
	p->noticed = true;
	p->away |= link->away;
}

enum sight {
	UNCLEAR, /* the kernel does not tell */
	HERE,	 /* with the filter */
	GONE,
	BACK, /* without the filter */
};

static enum sight look(const struct port *p, const struct port_owner *owner, struct netdev *now)
{
	int err = netdev_query_index(p->dev.ifindex, now);

	if (!err && attachment_is_live(owner->dir, &p->attachment))
		return HERE;
	/* another device may have got the number; the name is what was asked for */
	if (err == -ENODEV || (!err && strcmp(now->name, p->dev.name)))
		err = netdev_query(p->dev.name, now);
	if (err)
		return err == -ENODEV ? GONE : UNCLEAR;
	return BACK;
}

/*
 * An interface that has become too narrow for a family was no member in that time, and is none again
 * by itself: addrconf_notify() in net/ipv6/addrconf.c, inetdev_event() in net/ipv4/devinet.c.
 */
static bool was_too_narrow(const struct port *p, const struct netdev *now)
{
	return (p->dev.mtu < IPV6_MIN_MTU && now->mtu >= IPV6_MIN_MTU) ||
	       (p->dev.mtu < IPV4_MIN_MTU && now->mtu >= IPV4_MIN_MTU);
}

static bool looks_other(const struct port *p, const struct netdev *now)
{
	return now->mtu != p->dev.mtu || strcmp(now->name, p->dev.name) || memcmp(now->lladdr, p->dev.lladdr, sizeof(now->lladdr));
}

bool port_has_changed(const struct port *p, const struct port_owner *owner)
{
	struct netdev now;

	switch (look(p, owner, &now)) {
	case HERE:
		return p->away || looks_other(p, &now);
	case GONE:
		return !p->gone;
	case BACK: /* what it refused it would refuse again, unless it has changed */
		return !p->err || p->noticed || now.ifindex != p->dev.ifindex;
	case UNCLEAR:
		break;
	}
	return false;
}

static void note(struct port *p, const struct port_owner *owner, const struct netdev *now)
{
	bool again;

	if (strcmp(now->name, p->dev.name))
		warn("'%s' is now called '%s'", p->dev.name, now->name);
	if (looks_other(p, now))
		attachment_note(owner->table, &p->attachment, now);
	again = p->away || was_too_narrow(p, now);
	p->dev = *now;
	if (again)
		join_groups_again(p, owner);
}

static void lose(struct port *p, const struct port_owner *owner)
{
	if (p->gone || attachment_lose(owner->dir, owner->table, &p->attachment))
		return;
	warn("'%s' is gone; waiting for it to come back", p->dev.name);
	membership_leave(p->membership_fds);
	p->gone = true;
	p->err = 0;
}

/* Does another port have it, of this loader or another? */
static bool is_taken(const struct port *p, const struct port_owner *owner, uint32_t ifindex)
{
	struct rollcall_attachment slots[ROLLCALL_SLOTS];
	int slot = slots_read(owner->table, slots) ? -ENOENT : slot_find(slots, ifindex);

	return slot >= 0 && slot != (int)p->attachment.slot;
}

static int attach_again(struct port *p, const struct port_owner *owner, const struct netdev *now)
{
	struct attachment_spec spec = spec_for(owner, now);

	spec.quiet = p->err;
	if (!netdev_is_port(now) && netdev_link(now) != NETDEV_OTHER)
		return attachment_renew(&spec, &p->attachment);
	attachment_lose(owner->dir, owner->table, &p->attachment);
	return p->err ? p->err : check_device(now);
}

static void regain(struct port *p, const struct port_owner *owner, const struct netdev *now)
{
	bool returned = p->gone || p->away || p->err || now->ifindex != p->dev.ifindex;
	const char *mode;

	if (is_taken(p, owner, now->ifindex)) {
		lose(p, owner);
		return;
	}
	p->err = attach_again(p, owner, now);
	p->dev = *now;
	p->gone = false;
	if (p->err) {
		membership_leave(p->membership_fds);
		return;
	}
	join_groups_again(p, owner);
	mode = mode_name(p->attachment.record.mode);
	if (returned)
		warn("'%s' is back; attached again in mode %s", now->name, mode);
	else
		warn("the filter at '%s' was taken off by somebody else; attached again in mode %s", now->name, mode);
}

void port_follow(struct port *p, const struct port_owner *owner)
{
	struct netdev now;

	switch (look(p, owner, &now)) {
	case HERE:
		note(p, owner, &now);
		break;
	case GONE:
		lose(p, owner);
		break;
	case BACK:
		regain(p, owner, &now);
		break;
	case UNCLEAR: /* the next notice may find it out */
		return;
	}
	p->away = false;
	p->noticed = false;
}

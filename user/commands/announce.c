// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* rollcall announce: call this host's name, without any table or privilege. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>

#include "announce/announcer.h"
#include "base/cleanup.h"
#include "command.h"
#include "base/message.h"
#include "base/signals.h"
#include "net/netwatch.h"

struct session {
	struct announcer announcer;
	struct netdev devs[ROLLCALL_SLOTS]; /* as they were last seen; the index is the id */
	bool gone[ROLLCALL_SLOTS];	    /* it is not here, which was said */
	int count;
};

static void on_link(const struct netwatch_link *link, void *context)
{
	struct session *s = context;

	announcer_notice(&s->announcer, link);
}

/* An interface has its number for as long as it is here; when it comes back it has its name. */
static void follow(struct session *s, uint32_t id)
{
	struct netdev now, *dev = &s->devs[id];
	int err = netdev_query_index(dev->ifindex, &now);
	bool renamed = !err && strcmp(now.name, dev->name), was_gone = s->gone[id];

	if (err == -ENODEV)
		err = netdev_query(dev->name, &now);
	if (err == -ENODEV && !was_gone)
		warn("'%s' is gone; waiting for it to come back", dev->name);
	s->gone[id] = err == -ENODEV;
	if (err)
		return;
	if (renamed)
		warn("'%s' is now called '%s'", dev->name, now.name);
	else if (was_gone || now.ifindex != dev->ifindex)
		warn("'%s' is back", now.name);
	*dev = now;
	announcer_update(&s->announcer, id, dev);
}

static void on_network_change(struct session *s, int netwatch_fd)
{
	netwatch_drain(netwatch_fd, on_link, s);
	for (int i = 0; i < s->count; i++)
		follow(s, (uint32_t)i);
	announcer_retry(&s->announcer);
}

/* Beats until stopped, or --count of them. Fails if not one call of the last beat went out. */
static int announce(struct session *s, uint32_t count)
{
	owned_fd signal_fd = signals_open((const int[]){ SIGINT, SIGTERM, 0 });
	struct pollfd due[] = {
		{ .fd = s->announcer.timer, .events = POLLIN },
		{ .fd = netwatch_open(), .events = POLLIN },
		{ .fd = signal_fd, .events = POLLIN },
	};
	int sent;

	if (signal_fd < 0)
		return signal_fd;
	for (uint32_t beats = 1;; beats++) {
		sent = announcer_beat(&s->announcer);
		if (count && beats >= count)
			return sent ? 0 : -EIO;
		due[0].revents = 0;
		due[2].revents = 0;
		while (!due[2].revents && !due[0].revents) {
			if (poll(due, 3, -1) < 0) {
				if (errno != EINTR)
					return fail(-errno, NULL, "cannot wait for the next beat");
			} else if (due[1].revents) {
				on_network_change(s, due[1].fd);
			}
		}
		if (due[2].revents)
			return 0;
	}
}

static int add(struct session *s, const char *name, const struct options *o)
{
	struct netdev dev;
	int err = netdev_find(name, &dev);

	if (!err)
		err = announcer_add(&s->announcer, (uint32_t)s->count, &dev, o);
	if (!err)
		s->devs[s->count++] = dev;
	return err;
}

int command_announce(const struct options *o)
{
	struct session s = {};
	int err = announcer_init(&s.announcer, &o->settings, o);

	for (int i = 0; !err && i < o->arg_count; i++)
		err = add(&s, o->args[i], o);
	if (!err)
		err = announce(&s, o->count);
	announcer_close(&s.announcer);
	return err;
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Interfaces by name, and the loop. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>

#include "announcer.h"
#include "base/cleanup.h"
#include "base/message.h"
#include "base/signals.h"
#include "net/netwatch.h"
#include "service.h"

struct session {
	struct announcer announcer;
	struct followed {
		struct netdev dev;  /* as it was last seen */
		const char *altname; /* by which it was named on the command line, or NULL */
		bool gone;	    /* it does not exist, which was logged */
	} followed[ROLLCALL_SLOTS]; /* the index is the announcer's id */
	int count;
};

static void on_link(const struct netwatch_link *link, void *context)
{
	struct session *s = context;

	announcer_notice(&s->announcer, link);
}

/* An interface has its number for as long as it exists; one that was made again has its name. */
static int look_up(const struct followed *f, struct netdev *now)
{
	int err = netdev_query_index(f->dev.ifindex, now);

	if (err == -ENODEV)
		err = netdev_query(f->dev.name, now);
	if (err == -ENODEV && f->altname)
		err = netdev_query(f->altname, now);
	return err;
}

static void follow(struct session *s, uint32_t id)
{
	struct followed *f = &s->followed[id];
	bool was_gone = f->gone;
	struct netdev now;
	int err = look_up(f, &now);

	if (err == -ENODEV && !was_gone)
		warn("'%s' is gone; waiting for it to come back", f->dev.name);
	f->gone = err == -ENODEV;
	if (err)
		return;
	if (now.ifindex == f->dev.ifindex && strcmp(now.name, f->dev.name))
		warn("'%s' is now called '%s'", f->dev.name, now.name);
	else if (was_gone || now.ifindex != f->dev.ifindex)
		warn("'%s' is back", now.name);
	f->dev = now;
	announcer_update(&s->announcer, id, &f->dev);
}

static void on_network_change(struct session *s, int netwatch_fd)
{
	netwatch_drain(netwatch_fd, on_link, s);
	for (int i = 0; i < s->count; i++)
		follow(s, (uint32_t)i);
	announcer_retry(&s->announcer);
}

/* Beats until stopped, or --count of them. Fails if not one call of the last beat went out. */
static int run(struct session *s, uint32_t count)
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
		s->announcer.last = count && beats >= count;
		sent = announcer_beat(&s->announcer);
		if (s->announcer.last)
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

static int announce_on(struct session *s, const char *name)
{
	struct netdev dev;
	int err = netdev_find(name, &dev);

	if (err)
		return err;
	for (int i = 0; i < s->count; i++)
		if (s->followed[i].dev.ifindex == dev.ifindex)
			return 0; /* named twice */
	err = announcer_add(&s->announcer, (uint32_t)s->count, &dev);
	if (!err)
		s->followed[s->count++] = (struct followed){ dev, strcmp(name, dev.name) ? name : NULL, false };
	return err;
}

int announce_on_interfaces(const struct announcer_config *config, char *const *names, int name_count, uint32_t count)
{
	struct session s = {};
	int err = announcer_init(&s.announcer, config);

	for (int i = 0; !err && i < name_count; i++)
		err = announce_on(&s, names[i]);
	if (!err)
		err = run(&s, count);
	announcer_close(&s.announcer);
	return err;
}

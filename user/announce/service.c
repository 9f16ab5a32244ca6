// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The loop of `rollcall announce`. */
#include <errno.h>
#include <poll.h>
#include <signal.h>

#include "base/cleanup.h"
#include "base/keywatch.h"
#include "base/message.h"
#include "base/signals.h"
#include "net/netwatch.h"
#include "service.h"
#include "targets.h"

struct session {
	struct announcer announcer;
	struct targets targets;
	struct keyfile *keys; /* or NULL */
	struct keywatch keywatch;
};

static void on_link(const struct netwatch_link *link, void *context)
{
	struct session *s = context;

	announcer_notice(&s->announcer, link);
}

static void on_network_change(struct session *s, int netwatch_fd)
{
	netwatch_drain(netwatch_fd, on_link, s);
	targets_follow(&s->targets, &s->announcer);
	announcer_retry(&s->announcer);
}

/* Wait for the next announcement. Returns 0, or 1 after SIGINT or SIGTERM. */
static int wait_for_beat(struct session *s, int netwatch_fd, int signal_fd)
{
	enum { BEAT, NETWATCH, SIGNALS, KEYS, SOURCES };
	struct pollfd due[SOURCES] = {
		[BEAT] = { .fd = s->announcer.timer, .events = POLLIN },
		[NETWATCH] = { .fd = netwatch_fd, .events = POLLIN },
		[SIGNALS] = { .fd = signal_fd, .events = POLLIN },
		[KEYS] = { .fd = s->keywatch.fd, .events = POLLIN },
	};

	while (poll(due, SOURCES, -1) < 0 || (!due[SIGNALS].revents && !due[BEAT].revents)) {
		if (due[NETWATCH].revents)
			on_network_change(s, netwatch_fd);
		if (due[KEYS].revents)
			keywatch_take(&s->keywatch, s->keys);
		for (int i = 0; i < SOURCES; i++)
			due[i].revents = 0; /* an interrupted poll() does not clear them */
	}
	return due[SIGNALS].revents != 0;
}

static int run(struct session *s, uint32_t count)
{
	owned_fd signal_fd = signals_open((const int[]){ SIGINT, SIGTERM, 0 });
	owned_fd netwatch_fd = netwatch_open();

	if (signal_fd < 0)
		return signal_fd;
	s->announcer.last = count == 1;
	targets_follow(&s->targets, &s->announcer); /* changes before netwatch_open() */
	for (uint32_t beats = 1;; beats++) {
		int sent;

		s->announcer.last = count && beats >= count;
		sent = announcer_beat(&s->announcer);
		if (s->announcer.last && !s->announcer.count)
			return fail(0, "see 'ip address'", "no suitable interface");
		if (s->announcer.last)
			return sent ? 0 : -EIO;
		if (wait_for_beat(s, netwatch_fd, signal_fd)) {
			announcer_goodbye(&s->announcer);
			return 0;
		}
		/* also without a notice: the metric of a route may have changed, or a directory of the key file */
		targets_follow(&s->targets, &s->announcer);
		keywatch_take(&s->keywatch, s->keys);
	}
}

static int take_keys(struct session *s, const char *path)
{
	keywatch_open(&s->keywatch, path);
	s->keys = keyfile_load(path);
	return s->keys ? 0 : -EINVAL;
}

int announce_run(const struct announce_request *request)
{
	struct session s = { .keywatch = KEYWATCH_NONE };
	struct announcer_config config = request->config;
	int err = request->key_path ? take_keys(&s, request->key_path) : 0;

	config.keys = s.keys;
	s.announcer.timer = -1;
	if (!err)
		err = announcer_init(&s.announcer, &config);
	if (!err)
		err = targets_begin(&s.targets, &s.announcer, request->names, request->name_count, &request->links);
	if (!err)
		err = run(&s, request->count);
	announcer_close(&s.announcer);
	keywatch_close(&s.keywatch);
	keyfile_free(s.keys);
	return err;
}

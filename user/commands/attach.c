// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * rollcall attach: the loader's life. It sleeps until something is due: an event of the filter,
 * the next possible expiry, the next beat of the announcer, a new host name, a signal.
 */
#include <bpf/libbpf.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <rollcall/event.h>

#include "announce/announcer.h"
#include "base/cleanup.h"
#include "command.h"
#include "loader/loader.h"
#include "loader/lock.h"
#include "base/message.h"
#include "net/netwatch.h"
#include "base/nodename.h"
#include "base/notify.h"
#include "base/output.h"
#include "loader/own_names.h"
#include "loader/pins.h"
#include "base/privilege.h"
#include "base/signals.h"
#include "loader/sweeper.h"
#include "loader/tell.h"
#include "view/view.h"

enum ending { GOING_ON, STOPPING, LEAVING };

struct session {
	const struct options *options;
	struct attach_request request;
	struct loader loader;
	struct announcer announcer;
	struct view view;
	struct rollcall_table reader; /* the loader's table, for the view */
	struct ring_buffer *ring;
	uint64_t events_lost; /* so far, as told */
	bool changed;	      /* the table, in this turn of the loop */
	int sweep_timer;
	int sweep_part; /* held while this loader is the one that sweeps; else -1 */
	int nodename_fd;
	int netwatch_fd;
	int signal_fd;
	enum ending ending;
};

static void show(struct session *s, const char *what, const char *reason, uint64_t boot_ns,
		 const struct rollcall_entry *entry, const struct rollcall_entry *previous)
{
	struct event event = { what, reason, boot_ns, entry, previous };

	s->changed = true;
	view_event(&s->view, &event);
}

/* What is no change of the table. */
static void tell(struct session *s, enum rollcall_event_kind kind, const struct rollcall_entry *heard)
{
	const struct rollcall_settings *settings = &s->loader.table.settings;
	struct rollcall_attachment slots[ROLLCALL_SLOTS];
	char ifname[ROLLCALL_IFNAME_TEXT];

	if (slots_read(&s->loader.table, slots))
		return;
	rollcall_ifname_text(slots, heard->key.ifindex, ifname);
	if (kind == ROLLCALL_EVENT_CLASH)
		tell_clash(heard, ifname);
	else if (kind == ROLLCALL_EVENT_FULL)
		tell_full(heard, settings, ifname);
	else
		tell_throttled(heard, settings, ifname);
}

static int on_event(void *context, void *data, size_t bytes)
{
	struct session *s = context;
	const struct rollcall_event *event = data;
	struct rollcall_entry entry, previous;

	if (bytes < sizeof(*event))
		return 0;
	entry = (struct rollcall_entry){ .key = event->key, .peer = event->peer };
	previous = (struct rollcall_entry){ .key = event->key, .peer = event->previous };
	switch ((enum rollcall_event_kind)event->kind) {
	case ROLLCALL_EVENT_JOIN:
		show(s, "join", "heard", entry.peer.last_seen_ns, &entry, NULL);
		break;
	case ROLLCALL_EVENT_MOVE:
		show(s, "move", "address", entry.peer.last_seen_ns, &entry, &previous);
		break;
	case ROLLCALL_EVENT_RETURN: /* it was gone for every reader before */
		show(s, "leave", "expired", previous.peer.last_seen_ns + s->loader.table.settings.expiry_ns, &previous, NULL);
		show(s, "join", "returned", entry.peer.last_seen_ns, &entry, NULL);
		break;
	case ROLLCALL_EVENT_CLASH:
	case ROLLCALL_EVENT_FULL:
	case ROLLCALL_EVENT_THROTTLED:
		tell(s, event->kind, &entry);
		break;
	}
	return 0;
}

/* Events that did not fit into the ring are gone: then what is here now is told instead. */
static void on_events(struct session *s)
{
	uint64_t lost, told = s->events_lost;

	ring_buffer__consume(s->ring);
	lost = s->events_lost = loader_events_lost(&s->loader);
	if (lost <= told) /* less: an interface was detached, and its count with it */
		return;
	warn("%llu events came too fast and were lost; who is here now is told anew", (unsigned long long)(lost - told));
	s->changed = true;
	view_resync(&s->view);
}

static void on_leave(const struct rollcall_entry *entry, void *context)
{
	struct session *s = context;

	show(s, "leave", "expired", entry->peer.last_seen_ns + s->loader.table.settings.expiry_ns, entry, NULL);
}

/* One loader of a table sweeps; the others look once an expiry whether its part is free. */
static void sweep_now(struct session *s)
{
	const struct table *t = &s->loader.table;
	struct sweep_report report = { .oldest_ns = UINT64_MAX };
	int err = 0;

	clock_timer_ack(s->sweep_timer);
	if (s->sweep_part < 0)
		s->sweep_part = lock_try_sweep(s->request.pin_dir);
	if (s->sweep_part >= 0) {
		own_names_purge(t);
		err = sweep(t, on_leave, s, &report);
	}
	if (err)
		warn("cannot sweep the table: %s; still trying", strerror(-err));
	else if (report.room_again)
		warn("the table has room again");
	loader_watch(&s->loader);
	clock_timer_set(s->sweep_timer, sweep_deadline_ns(t, &report, rollcall_now_ns()));
}

/* Of our interfaces LEFT are left (-errno: unknown), perhaps under other numbers; with the last one it is over. */
static void on_ports(struct session *s, int left)
{
	uint32_t ids[ROLLCALL_SLOTS];

	for (int i = 0; i < left; i++) {
		ids[i] = s->loader.interfaces[i].attachment.slot;
		announcer_update(&s->announcer, ids[i], &s->loader.interfaces[i].dev);
	}
	if (left > 0)
		announcer_keep(&s->announcer, ids, left);
	else if (!left)
		s->ending = STOPPING;
}

static void on_signal(struct session *s)
{
	int signal = signals_next(s->signal_fd);

	if (signal == SIGHUP)
		s->ending = LEAVING;
	else if (signal == SIGINT || signal == SIGTERM)
		s->ending = option_given(s->options, OPT_KEEP) ? LEAVING : STOPPING;
	else if (signal == SIGWINCH && s->view.timer >= 0)
		view_redraw(&s->view);
}

static void on_link(const struct netwatch_link *link, void *context)
{
	struct session *s = context;

	loader_notice(&s->loader, link);
	announcer_notice(&s->announcer, link);
}

static void on_network_change(struct session *s)
{
	netwatch_drain(s->netwatch_fd, on_link, s);
	on_ports(s, loader_follow(&s->loader));
	announcer_retry(&s->announcer);
}

static int run(struct session *s)
{
	enum { SIGNALS, EVENTS, SWEEP, NODENAME, NETWATCH, ATTENTION, BEAT, REDRAW, READER, SOURCES };
	struct pollfd fds[SOURCES] = {
		[SIGNALS] = { .fd = s->signal_fd, .events = POLLIN },
		[EVENTS] = { .fd = ring_buffer__epoll_fd(s->ring), .events = POLLIN },
		[SWEEP] = { .fd = s->sweep_timer, .events = POLLIN },
		[NODENAME] = { .fd = s->nodename_fd }, /* POLLERR comes unasked */
		[NETWATCH] = { .fd = s->netwatch_fd, .events = POLLIN },
		[ATTENTION] = { .fd = s->loader.attention.fd, .events = POLLIN },
		[BEAT] = { .fd = s->announcer.timer, .events = POLLIN },
		[REDRAW] = { .fd = s->view.timer, .events = POLLIN },
		/* a terminal that goes away sends SIGHUP */
		[READER] = { .fd = s->view.timer < 0 ? STDOUT_FILENO : -1 },
	};

	while (s->ending == GOING_ON) {
		if (s->changed)
			pins_touch(s->request.pin_dir);
		s->changed = false;
		if (poll(fds, SOURCES, -1) < 0) {
			if (errno == EINTR)
				continue;
			return fail(-errno, NULL, "cannot wait for events");
		}
		if (fds[SIGNALS].revents)
			on_signal(s);
		if (fds[EVENTS].revents)
			on_events(s);
		if (fds[NODENAME].revents) {
			nodename_watch_ack(s->nodename_fd);
			own_names_update(&s->loader.table);
		}
		if (fds[NETWATCH].revents)
			on_network_change(s);
		if (fds[ATTENTION].revents)
			on_ports(s, loader_attend(&s->loader));
		if (fds[SWEEP].revents) {
			on_ports(s, loader_follow(&s->loader));
			sweep_now(s);
		}
		if (fds[BEAT].revents)
			announcer_beat(&s->announcer);
		if (fds[REDRAW].revents)
			view_redraw(&s->view);
		if ((fds[READER].revents || ferror(stdout)) && s->ending == GOING_ON)
			s->ending = option_given(s->options, OPT_KEEP) ? LEAVING : STOPPING;
	}
	return 0;
}

static int prepare_announcer(struct session *s)
{
	struct announcer_config config = options_announcer(s->options, &s->loader.table.settings);
	int err;

	if (!option_given(s->options, OPT_ANNOUNCE))
		return 0;
	err = announcer_init(&s->announcer, &config);
	for (int i = 0; !err && i < s->loader.count; i++)
		err = announcer_add(&s->announcer, s->loader.interfaces[i].attachment.slot, &s->loader.interfaces[i].dev);
	if (!err)
		announcer_beat(&s->announcer);
	return err;
}

static int prepare(struct session *s)
{
	int err;

	s->nodename_fd = nodename_watch();
	if (s->nodename_fd < 0)
		verbose("changes of the host name go unnoticed: %s", strerror(-s->nodename_fd));
	s->sweep_timer = clock_timer();
	if (s->sweep_timer < 0)
		return fail(s->sweep_timer, NULL, "cannot make a timer");
	s->ring = ring_buffer__new(s->loader.events_fd, on_event, s, NULL);
	if (!s->ring)
		return fail(-errno, NULL, "cannot read the ring of events");
	s->events_lost = loader_events_lost(&s->loader);
	err = prepare_announcer(s);
	s->reader = table_reader(&s->loader.table);
	if (!err)
		err = view_open(&s->view, &s->reader, option_given(s->options, OPT_JSON));
	if (!err)
		sweep_now(s);
	s->changed = true; /* a loader where there was none: watchers may rely on its hints */
	if (!err)
		notify("READY=1");
	return err;
}

/* What the options ask of the loader. */
static struct attach_request request_of(const struct options *o)
{
	static const enum option_id options[SETTING_COUNT] = {
		[SETTING_MAX_PEERS] = OPT_MAX_PEERS, [SETTING_NAMES_PER_SOURCE] = OPT_PER_SOURCE,
		[SETTING_EXPIRY] = OPT_EXPIRY,	     [SETTING_PORT] = OPT_PORT,
		[SETTING_GROUP] = OPT_GROUP,	     [SETTING_GROUP6] = OPT_GROUP6,
		[SETTING_PREFIX] = OPT_PREFIX,
	};
	struct attach_request request = {
		.pin_dir = o->pin_dir,
		.ifnames = o->args,
		.ifname_count = o->arg_count,
		.order = o->order,
		.hostname = o->hostname,
		.settings = o->settings,
		.ipv4 = !option_given(o, OPT_IPV6),
		.ipv6 = !option_given(o, OPT_IPV4),
		.consume = option_given(o, OPT_CONSUME),
		.replace = option_given(o, OPT_REPLACE),
	};

	for (int id = 0; id < SETTING_COUNT; id++)
		request.settings_given |= (uint32_t)option_given(o, options[id]) << id;
	return request;
}

int command_attach(const struct options *o)
{
	struct session s = {
		.options = o, .request = request_of(o), .announcer = ANNOUNCER_NONE, .view.timer = -1,
		.sweep_timer = -1, .sweep_part = -1, .nodename_fd = -1, .netwatch_fd = -1,
	};
	int stopped, err = privilege_confine();

	if (err)
		return err;
	s.signal_fd = signals_open((const int[]){ SIGINT, SIGTERM, SIGHUP, SIGWINCH, 0 });
	/* before anything is made that a signal would have to undo */
	if (s.signal_fd < 0)
		return s.signal_fd;
	s.netwatch_fd = netwatch_open(); /* before anything is looked up that could change */
	err = loader_start(&s.loader, &s.request);
	if (err) {
		cleanup_fd(&s.netwatch_fd);
		close(s.signal_fd);
		return err;
	}
	err = privilege_confine_more();
	if (!err)
		err = prepare(&s);
	if (!err)
		err = run(&s);
	notify("STOPPING=1");
	if (signals_reader_is_gone())
		output_drop_stdout(); /* what it did not want is no failure */
	cleanup_fd(&s.sweep_part);
	view_close(&s.view);
	announcer_close(&s.announcer);
	ring_buffer__free(s.ring);
	cleanup_fd(&s.sweep_timer);
	cleanup_fd(&s.nodename_fd);
	cleanup_fd(&s.netwatch_fd);
	if (s.ending == LEAVING) {
		loader_leave(&s.loader);
	} else {
		stopped = loader_stop(&s.loader);
		err = err ? err : stopped;
	}
	close(s.signal_fd);
	return err;
}

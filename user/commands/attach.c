// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * rollcall attach: the loader. It waits for events of the filter, the next possible expiry, the next announcement, a
 * new host name, and signals. It writes nothing to standard output: the display is a child process.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "announce/announcer.h"
#include "base/cleanup.h"
#include "command.h"
#include "loader/events.h"
#include "loader/loader.h"
#include "loader/lock.h"
#include "base/kernel.h"
#include "base/message.h"
#include "net/netwatch.h"
#include "base/nodename.h"
#include "base/nowait.h"
#include "base/notify.h"
#include "loader/own_names.h"
#include "loader/pins.h"
#include "loader/realtime.h"
#include "base/privilege.h"
#include "base/signals.h"
#include "loader/sweeper.h"
#include "loader/tell.h"
#include "top/display_process.h"

enum ending { GOING_ON, STOPPING, LEAVING };

struct session {
	const struct options *options;
	struct attach_request request;
	struct loader loader;
	struct announcer announcer;
	struct display_process display;
	struct events events;
	int sweep_timer;
	int sweep_part; /* the lock of the loader that sweeps; -1: another loader has it */
	int nodename_fd;
	int realtime_fd;
	int netwatch_fd;
	int signal_fd;
	enum ending ending;
	bool is_restart; /* this host will be announced again soon: no goodbye */
};

/*
 * LEFT interfaces of this loader are left, perhaps with other numbers (-errno: unknown). Without any, the loader stops.
 */
static void on_ports(struct session *s, int left)
{
	uint32_t ids[ROLLCALL_SLOTS];

	for (int i = 0; i < left; i++) {
		ids[i] = s->loader.interfaces[i].attachment.slot;
		announcer_update(&s->announcer, ids[i], &s->loader.interfaces[i].dev);
	}
	if (left > 0)
		announcer_keep(&s->announcer, ids, left, true);
	else if (!left)
		s->ending = STOPPING;
}

/* One loader of a table sweeps. The others check once per expiry whether its lock is free. */
static void sweep_now(struct session *s)
{
	const struct table *t = &s->loader.table;
	struct sweep_report report = { .oldest_ns = UINT64_MAX };
	int err = 0;

	clock_timer_ack(s->sweep_timer);
	realtime_publish(t);
	keymap_follow(&s->loader.keymap, t); /* there is no notice of a replaced directory */
	keymap_check(&s->loader.keymap, t);
	if (s->sweep_part < 0)
		s->sweep_part = lock_try_sweep(s->request.pin_dir);
	if (s->sweep_part >= 0) {
		own_names_purge(t);
		err = sweep(t, NULL, NULL, &report);
	}
	if (err)
		warn("cannot sweep the table: %s; still trying", strerror(-err));
	else if (report.room_again)
		tell_room_again();
	if (report.left)
		events_note_change(&s->events);
	loader_watch(&s->loader);
	on_ports(s, loader_follow(&s->loader)); /* process what loader_watch() found */
	clock_timer_set(s->sweep_timer, sweep_deadline_ns(t, &report, rollcall_now_ns()));
}

static void on_signal(struct session *s)
{
	int signal = signals_next(s->signal_fd);

	s->is_restart = signal == SIGHUP;
	if (signal == SIGHUP)
		s->ending = LEAVING;
	else if (signal == SIGINT || signal == SIGTERM)
		s->ending = option_given(s->options, OPT_KEEP) ? LEAVING : STOPPING;
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

/*
 * The reader of a pipe on standard output has exited: stop. The display handles all other failures of standard output.
 */
static int on_reader_gone(struct session *s)
{
	if (s->ending != GOING_ON)
		return 0;
	s->ending = option_given(s->options, OPT_KEEP) ? LEAVING : STOPPING;
	return fail(-EPIPE, NULL, "stopping: cannot write to standard output");
}

static void on_clock_set(struct session *s)
{
	realtime_ack(s->realtime_fd);
	realtime_publish(&s->loader.table);
}

static int run(struct session *s)
{
	enum { SIGNALS, EVENTS, SWEEP, NODENAME, NETWATCH, ATTENTION, CLOCK, KEYS, BEAT, DISPLAY, ROOM, READER, SOURCES };
	struct pollfd fds[SOURCES] = {
		[SIGNALS] = { .fd = s->signal_fd, .events = POLLIN },
		[EVENTS] = { .events = POLLIN },
		[SWEEP] = { .fd = s->sweep_timer, .events = POLLIN },
		[NODENAME] = { .fd = s->nodename_fd }, /* reports POLLERR, which is always polled for */
		[NETWATCH] = { .fd = s->netwatch_fd, .events = POLLIN },
		[ATTENTION] = { .fd = s->loader.attention.fd, .events = POLLIN },
		[CLOCK] = { .fd = s->realtime_fd, .events = POLLIN },
		[KEYS] = { .fd = s->loader.keymap.watch.fd, .events = POLLIN },
		[BEAT] = { .fd = s->announcer.timer, .events = POLLIN },
		[DISPLAY] = { .events = POLLIN },
		[ROOM] = { .events = POLLOUT },
		[READER] = { .fd = nowait_is_pipe(STDOUT_FILENO) ? STDOUT_FILENO : -1 }, /* reports POLLERR too */
	};
	int err = 0;

	while (s->ending == GOING_ON) {
		fds[ROOM].fd = display_process_begin(&s->display);
		fds[EVENTS].fd = events_fd(&s->events);
		fds[DISPLAY].fd = s->display.pidfd;
		if (poll(fds, SOURCES, events_timeout_ms(&s->events, rollcall_now_ns())) < 0) {
			if (errno == EINTR)
				continue;
			return fail(-errno, NULL, "cannot wait for events");
		}
		if (fds[SIGNALS].revents)
			on_signal(s);
		events_turn(&s->events, fds[EVENTS].revents);
		if (fds[NODENAME].revents) {
			nodename_watch_ack(s->nodename_fd);
			own_names_update(&s->loader.table);
		}
		if (fds[CLOCK].revents)
			on_clock_set(s);
		if (fds[KEYS].revents)
			keymap_follow(&s->loader.keymap, &s->loader.table);
		if (fds[NETWATCH].revents)
			on_network_change(s);
		if (fds[ATTENTION].revents)
			on_ports(s, loader_attend(&s->loader));
		if (fds[SWEEP].revents) {
			on_ports(s, loader_follow(&s->loader));
			sweep_now(s);
		}
		if (fds[BEAT].revents) {
			keymap_follow(&s->loader.keymap, &s->loader.table);
			announcer_beat(&s->announcer);
		}
		if (fds[DISPLAY].revents)
			display_process_ended(&s->display);
		if (fds[READER].revents)
			err = on_reader_gone(s);
	}
	return err;
}

static int prepare_announcer(struct session *s)
{
	struct announcer_config config = options_announcer(s->options, &s->loader.table.settings);
	int err;

	if (!option_given(s->options, OPT_ANNOUNCE))
		return 0;
	config.keys = s->loader.keymap.file;
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
	s->realtime_fd = realtime_watch(); /* before the first sweep, which writes the difference again */
	s->sweep_timer = clock_timer();
	if (s->sweep_timer < 0)
		return fail(s->sweep_timer, NULL, "cannot make a timer");
	err = events_open(&s->events, s->loader.events_fd, &s->loader.table, s->request.pin_dir);
	for (int i = 0; !err && i < s->loader.count; i++)
		interface_report(&s->loader.interfaces[i], &s->loader.table.settings);
	if (!err)
		err = prepare_announcer(s);
	if (!err)
		sweep_now(s);
	events_note_change(&s->events); /* wakes the watchers: from now on they may rely on the hints of this loader */
	if (!err)
		notify("READY=1");
	return err;
}

/* The request to the loader, from the options. */
static struct attach_request request_of(const struct options *o)
{
	static const enum option_id options[SETTING_COUNT] = {
		[SETTING_MAX_PEERS] = OPT_MAX_PEERS, [SETTING_NAMES_PER_SOURCE] = OPT_PER_SOURCE,
		[SETTING_EXPIRY] = OPT_EXPIRY,	     [SETTING_PORT] = OPT_PORT,
		[SETTING_GROUP] = OPT_GROUP,	     [SETTING_GROUP6] = OPT_GROUP6,
		[SETTING_PREFIX] = OPT_PREFIX,	     [SETTING_SEALING] = OPT_KEY,
		[SETTING_MAX_SKEW] = OPT_MAX_SKEW,   [SETTING_IGNORE_GOODBYE] = OPT_IGNORE_GOODBYE,
	};
	struct attach_request request = {
		.pin_dir = o->pin_dir,
		.ifnames = o->words.args,
		.ifname_count = o->words.arg_count,
		.order = o->order,
		.key_file = o->key_file,
		.hostname = o->announcing.request.config.hostname,
		.settings = o->settings,
		.ipv4 = !option_given(o, OPT_IPV6),
		.ipv6 = !option_given(o, OPT_IPV4),
		.consume = option_given(o, OPT_CONSUME),
		.replace = option_given(o, OPT_REPLACE),
		.keep_keys = option_given(o, OPT_ANNOUNCE),
	};

	for (int id = 0; id < SETTING_COUNT; id++)
		request.settings_given |= (uint32_t)option_given(o, options[id]) << id;
	return request;
}

/* Start, run and stop the loader. All resources are released in every case. */
static int attach(struct session *s)
{
	int stopped, err = privilege_confine();

	if (err)
		return err;
	s->netwatch_fd = netwatch_open(); /* before interfaces are looked up, so that no later change is missed */
	err = loader_start(&s->loader, &s->request);
	if (err)
		return err;
	err = privilege_confine_more();
	if (!err)
		err = prepare(s);
	if (!err)
		err = run(s);
	notify("STOPPING=1");
	if (s->ending != GOING_ON && !s->is_restart)
		announcer_goodbye(&s->announcer);
	cleanup_fd(&s->sweep_part);
	announcer_close(&s->announcer);
	events_close(&s->events);
	if (s->ending == LEAVING) {
		loader_leave(&s->loader);
		return err;
	}
	stopped = loader_stop(&s->loader);
	return err ? err : stopped;
}

/* The options about keys. A window of more than half the expiry time could outlive the entry that rejects a replay. */
static int check_sealing(const struct options *o)
{
	char given[DURATION_BYTES], most[DURATION_BYTES];

	if (!option_given(o, OPT_KEY) && option_given(o, OPT_ACCEPT_UNSEALED))
		return usage_error("attach", "--accept-unsealed requires --key");
	if (!option_given(o, OPT_KEY) && option_given(o, OPT_MAX_SKEW))
		return usage_error("attach", "--max-skew requires --key");
	if (option_given(o, OPT_KEY) && option_given(o, OPT_PREFIX) && !option_given(o, OPT_ACCEPT_UNSEALED) &&
	    !option_given(o, OPT_ALSO_PLAIN))
		return usage_error("attach", "--prefix has no effect on sealed announcements: leave it out, or add --accept-unsealed or --also-plain");
	if (o->settings.max_skew_ns <= o->settings.expiry_ns / 2)
		return 0;
	return usage_error("attach", "--max-skew: '%s' is more than half of --expiry: at most %s",
			   clock_duration(o->settings.max_skew_ns, given), clock_duration(o->settings.expiry_ns / 2, most));
}

/* Reject combinations of options that have no effect, and report those with an unexpected one. */
static int check_options(const struct options *o)
{
	if (!option_given(o, OPT_ANNOUNCE) && option_given(o, OPT_INTERVAL))
		return usage_error("attach", "--interval requires --announce");
	if (!option_given(o, OPT_ANNOUNCE) && option_given(o, OPT_HOSTNAME))
		return usage_error("attach", "--hostname requires --announce");
	if (!option_given(o, OPT_ANNOUNCE) && option_given(o, OPT_ALSO_PLAIN))
		return usage_error("attach", "--also-plain requires --announce");
	if (check_sealing(o) || announcing_check_key(&o->words, "attach"))
		return USAGE_ERROR;
	announcing_warn(&o->announcing.request.config, &o->words, o->settings.expiry_ns, option_given(o, OPT_ANNOUNCE));
	return announcing_check_families(&o->words, "attach");
}

int command_attach(const struct options *o)
{
	struct session s = {
		.options = o, .request = request_of(o), .announcer = ANNOUNCER_NONE, .display = DISPLAY_PROCESS_NONE,
		.sweep_timer = -1, .sweep_part = -1, .nodename_fd = -1, .realtime_fd = -1, .netwatch_fd = -1,
	};
	int err;

	err = check_options(o);
	if (!err)
		err = kernel_check_stores();
	if (err)
		return err;
	/* before anything is created that must be removed on a signal */
	s.signal_fd = signals_open((const int[]){ SIGINT, SIGTERM, SIGHUP, 0 });
	if (s.signal_fd < 0)
		return s.signal_fd;
	/* before the loader opens descriptors or takes locks that the display must not inherit */
	err = display_process_start(&s.display, o->pin_dir, option_given(o, OPT_JSON));
	/*
	 * SIGTTOU stops a whole process group: if the display gets it for writing to its terminal, the loader goes on
	 */
	signals_ignore((const int[]){ SIGTTOU, 0 });
	if (!err)
		err = attach(&s);
	display_process_stop(&s.display);
	cleanup_fd(&s.sweep_timer);
	cleanup_fd(&s.nodename_fd);
	cleanup_fd(&s.realtime_fd);
	cleanup_fd(&s.netwatch_fd);
	cleanup_fd(&s.signal_fd);
	return err;
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* rollcall record: keep the history of joins and leaves in a database. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/message.h"
#include "base/notify.h"
#include "base/signals.h"
#include "command.h"
#include "history/recorder.h"
#include "history/retention.h"
#include "watch/watcher.h"

#define RETRY_NS     (5 * NS_PER_S)	  /* after a write that failed */
#define RETENTION_NS (3600 * NS_PER_S) /* between two removals of old intervals */

struct recording {
	const struct options *options;
	struct selection selection; /* all */
	struct watcher watcher;
	struct recorder recorder;
	bool failed; /* the last write */
	uint64_t retain_at_ns;
};

/* Returns 0 or -errno, reported. A failed write is no failure of the command: it is tried again. */
static int turn(struct recording *r)
{
	int err;

	recorder_begin_turn(&r->recorder);
	err = watcher_turn(&r->watcher, recorder_take, &r->recorder);
	r->failed = recorder_end_turn(&r->recorder) != 0;
	if (!err && !r->failed && rollcall_now_ns() >= r->retain_at_ns) {
		const struct retention retention = { r->options->retain_ns, r->options->max_bytes };

		r->failed = retention_apply(&r->recorder.database, &retention) != 0;
		r->retain_at_ns = rollcall_now_ns() + RETENTION_NS;
	}
	return err;
}

/* A new watcher reports the whole table again. */
static int start_again(struct recording *r)
{
	watcher_close(&r->watcher);
	return watcher_open(&r->watcher, r->options->pin_dir, &r->selection, WATCHER_AWAITS_TABLE);
}

/* Returns 0 after a signal, or -errno, reported. */
static int record(struct recording *r, int signal_fd)
{
	owned_fd timer = clock_timer();
	enum { SIGNALS, TIMER, TABLE, SOURCES };

	if (timer < 0)
		return fail(timer, NULL, "cannot make a timer");
	for (;;) {
		struct pollfd fds[SOURCES] = {
			[SIGNALS] = { .fd = signal_fd, .events = POLLIN }, [TIMER] = { .fd = timer, .events = POLLIN },
		};
		int err = turn(r);

		if (err)
			return err;
		/* while nothing can be written, only the timer wakes it */
		fds[TABLE] = (struct pollfd){ .fd = r->failed ? -1 : r->watcher.fd, .events = POLLIN };
		clock_timer_set_in(timer, r->failed ? RETRY_NS : RECORDER_PULSE_NS);
		if (poll(fds, SOURCES, -1) < 0 && errno != EINTR)
			return fail(-errno, NULL, "cannot wait for events");
		clock_timer_ack(timer);
		if (fds[SIGNALS].revents)
			return 0;
		if (r->failed)
			err = start_again(r);
		if (err)
			return err;
	}
}

int command_record(const struct options *o)
{
	struct recording r = { .options = o };
	owned_fd signal_fd = -1;
	int err;

	umask(022); /* other users read the database */
	signal_fd = signals_open((const int[]){ SIGINT, SIGTERM, SIGHUP, 0 });
	if (signal_fd < 0)
		return signal_fd;
	err = recorder_open(&r.recorder, o->db);
	if (!err) {
		err = watcher_open(&r.watcher, o->pin_dir, &r.selection, WATCHER_REPORTS_TABLE);
		if (!err) {
			inform("recording in '%s'", o->db);
			notify("READY=1");
			err = record(&r, signal_fd);
		}
		watcher_close(&r.watcher);
	}
	recorder_close(&r.recorder);
	return err;
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * rollcall wait: wait until the named hosts, or a number of hosts, are present. It is for scripts and boot units, so
 * the table may be created later too. It prints nothing on success.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "command.h"
#include "base/message.h"
#include "base/parse.h"
#include "view/self.h"
#include "watch/reader.h"
#include "watch/watcher.h"

/* Looked up in the table by its keys, because the roster may be some milliseconds late. */
static bool is_here(const struct options *o, const struct watcher *w, const char *name)
{
	struct rollcall_entry found;

	return self_is_named(w->slots, name) || rollcall_find(&w->table, name, options_family(o), &found, 1) > 0;
}

static size_t hosts_here(const struct watcher *w)
{
	return roster_hosts(&w->roster, &w->table.settings, rollcall_now_ns());
}

static bool are_here(const struct options *o, const struct watcher *w)
{
	if (!w->open)
		return false;
	if (o->count)
		return hosts_here(w) >= o->count;
	for (int i = 0; i < o->words.arg_count; i++)
		if (!is_here(o, w, o->words.args[i]))
			return false;
	return true;
}

/* Write the names of the missing hosts, as many as fit. */
static void missing_names(const struct options *o, const struct watcher *w, char *text, size_t room)
{
	size_t used = 0;

	*text = '\0';
	for (int i = 0; i < o->words.arg_count; i++) {
		if (is_here(o, w, o->words.args[i]))
			continue;
		if (used + strlen(o->words.args[i]) + sizeof(", ...") > room) {
			snprintf(text + used, room - used, ", ...");
			return;
		}
		used += (size_t)snprintf(text + used, room - used, "%s%s", used ? ", " : "", o->words.args[i]);
	}
}

static int gave_up(const struct options *o, const struct watcher *w)
{
	char names[512], timeout[DURATION_BYTES], after[64] = "";

	if (!w->open) {
		struct rollcall_table t;
		int err = reader_open(&t, o->pin_dir); /* reports why there is no table */

		if (err)
			return err;
		rollcall_close(&t);
	}
	if (o->timeout_ns)
		snprintf(after, sizeof(after), "timed out after %s: ", clock_duration(o->timeout_ns, timeout));
	if (o->count)
		warn("%s%zu of %u hosts are here", after, hosts_here(w), o->count);
	else {
		missing_names(o, w, names, sizeof(names));
		warn("%snot here: %s", after, names);
	}
	return -ETIMEDOUT;
}

/* Events are ignored: are_here() reads the table after each turn. */
static void ignore(const struct table_info *info, const struct event *event, void *context)
{
	(void)info;
	(void)event;
	(void)context;
}

static int wait_until(const struct options *o, struct watcher *w, int timer)
{
	struct pollfd fds[] = { { .fd = w->fd, .events = POLLIN }, { .fd = timer, .events = POLLIN } };

	for (;;) {
		int err = watcher_turn(w, ignore, NULL);

		if (err || are_here(o, w))
			return err;
		if (fds[1].revents || (option_given(o, OPT_TIMEOUT) && !o->timeout_ns))
			return gave_up(o, w);
		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			return fail(-errno, NULL, "cannot wait for events");
	}
}

static int check_arguments(const struct options *o)
{
	if (!o->count == !o->words.arg_count)
		return usage_error("wait", "give hostnames or --count N, and not both");
	for (int i = 0; i < o->words.arg_count; i++)
		if (!hostname_is_valid(o->words.args[i]))
			return usage_error("wait", "'%s' is not a hostname", o->words.args[i]);
	return 0;
}

int command_wait(const struct options *o)
{
	struct selection selection = { .family = options_family(o) };
	struct watcher w;
	owned_fd timer = -1;
	int err = check_arguments(o);

	if (err)
		return err;
	timer = clock_timer();
	if (timer < 0)
		return fail(timer, NULL, "cannot make a timer");
	if (o->timeout_ns)
		clock_timer_set(timer, rollcall_now_ns() + o->timeout_ns);
	err = watcher_open(&w, o->pin_dir, &selection, WATCHER_AWAITS_TABLE);
	if (!err)
		err = wait_until(o, &w, timer);
	watcher_close(&w);
	return err;
}

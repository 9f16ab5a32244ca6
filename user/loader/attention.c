// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* One descriptor over two sources; epoll(7) descriptors can be polled themselves. */
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "attention.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/message.h"
#include "pins.h"

static int attention_add(const struct attention *a, int fd)
{
	struct epoll_event event = { .events = EPOLLIN };

	return fd < 0 || epoll_ctl(a->fd, EPOLL_CTL_ADD, fd, &event) ? -1 : 0;
}

void attention_open(struct attention *a, const char *dir)
{
	char pin[PATH_MAX];

	*a = (struct attention)ATTENTION_NONE;
	a->fd = epoll_create1(EPOLL_CLOEXEC);
	a->timer = clock_timer();
	a->watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	/* a pin that is removed changes its link count: IN_ATTRIB as well */
	if (a->fd < 0 || attention_add(a, a->timer) || attention_add(a, a->watch) ||
	    inotify_add_watch(a->watch, pins_path(dir, "interfaces", pin), IN_ATTRIB) < 0)
		verbose("a detach by another process is noticed late: %s", strerror(errno));
}

void attention_close(struct attention *a)
{
	cleanup_fd(&a->watch);
	cleanup_fd(&a->timer);
	cleanup_fd(&a->fd);
	*a = (struct attention)ATTENTION_NONE;
}

void attention_again(const struct attention *a, uint64_t boot_ns)
{
	if (a->timer >= 0)
		clock_timer_set(a->timer, boot_ns);
}

void attention_ack(const struct attention *a)
{
	char events[4096];

	while (a->watch >= 0 && read(a->watch, events, sizeof(events)) > 0)
		;
	if (a->timer >= 0)
		clock_timer_ack(a->timer);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The difference changes only when a process sets CLOCK_REALTIME, and at a leap second. A correction of the frequency
 * changes both clocks, because the kernel derives them from one counter.
 */
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/message.h"
#include "lib/clock.h"
#include "realtime.h"

#define READINGS 4 /* each may be interrupted between its two clocks */

/* A process reads the clocks one after the other. The reading that took the least time has the least error. */
static uint64_t realtime_offset_ns(void)
{
	int64_t boot_offset_ns = rollcall_boot_offset_ns();
	uint64_t least_ns = UINT64_MAX, offset_ns = 0;

	for (int i = 0; i < READINGS; i++) {
		uint64_t before_ns = rollcall_boot_ns(boot_offset_ns), took_ns;
		struct timespec real;

		clock_gettime(CLOCK_REALTIME, &real);
		took_ns = rollcall_boot_ns(boot_offset_ns) - before_ns;
		if (took_ns >= least_ns)
			continue;
		least_ns = took_ns;
		offset_ns = (uint64_t)real.tv_sec * NS_PER_S + (uint64_t)real.tv_nsec - before_ns - took_ns / 2;
	}
	return offset_ns;
}

void realtime_publish(const struct table *t)
{
	__atomic_store_n(&t->state->realtime_offset_ns, realtime_offset_ns(), __ATOMIC_SEQ_CST);
}

/* The timer never expires: the latest time that time_t can have. It stays armed when the clock is set. */
int realtime_watch(void)
{
	const struct itimerspec never = {
		.it_value.tv_sec = (time_t)((UINTMAX_C(1) << (8 * sizeof(time_t) - 1)) - 1),
	};
	int fd = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC);

	if (fd >= 0 && !timerfd_settime(fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never, NULL))
		return fd;
	verbose("a step of the clock is noticed late: %s", strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

/* The read fails with ECANCELED after a step. Then the descriptor is not readable until the next one. */
void realtime_ack(int fd)
{
	clock_timer_ack(fd);
}

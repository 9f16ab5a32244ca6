// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Steps CLOCK_REALTIME of this machine by one nanosecond, so that timers that are cancelled by a step are. Tests must
 * not change the clock that others use by more than that. Exit status 0: done; 1: not allowed here.
 */
#include <stdio.h>
#include <sys/timex.h>
#include <time.h>

int main(void)
{
	struct timex step = { .modes = ADJ_SETOFFSET | ADJ_NANO, .time.tv_usec = 1 };

	if (clock_adjtime(CLOCK_REALTIME, &step) >= 0)
		return 0;
	perror("clock_step");
	return 1;
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Tests the decisions of the watchdog with made-up counts and times, without waiting. Exit status 0: it reacts only
 * when it has to; 1: the first wrong case is printed.
 */
#include <stdio.h>

#include "base/clock.h"
#include "loader/watchdog.h"

#define EXPIRY_NS (35 * NS_PER_S)

struct look {
	unsigned int at_s;
	uint64_t frames;
	bool barks;
};

static bool holds(const char *what, const struct look *looks, int count)
{
	struct watchdog w = {};

	for (int i = 0; i < count; i++) {
		/* the cases begin soon after the boot of the host, or long after it */
		if (watchdog_barks(&w, looks[i].frames, looks[i].at_s * NS_PER_S, EXPIRY_NS) == looks[i].barks)
			continue;
		fprintf(stderr, "watchdog: %s: %s at %us\n", what, looks[i].barks ? "quiet" : "barks", looks[i].at_s);
		return false;
	}
	return true;
}

#define HOLDS(what, ...) holds(what, (const struct look[]){ __VA_ARGS__ }, \
			       sizeof((const struct look[]){ __VA_ARGS__ }) / sizeof(struct look))

int main(void)
{
	return !(HOLDS("nobody ever called", { 1, 0, false }, { 36, 0, false }, { 1000, 0, false }) &&
		 HOLDS("somebody goes on calling", { 1000, 1, false }, { 1035, 2, false }, { 1070, 3, false }) &&
		 HOLDS("what was heard by the loader before counts", { 1, 9, false }, { 36, 9, true }) &&
		 HOLDS("once an expiry", { 1000, 1, false }, { 1034, 1, false }, { 1035, 1, true },
		       { 1036, 1, false }, { 1069, 1, false }, { 1070, 1, true }) &&
		 HOLDS("after a call it is patient again", { 1000, 1, false }, { 1035, 1, true },
		       { 1060, 2, false }, { 1094, 2, false }, { 1095, 2, true }));
}

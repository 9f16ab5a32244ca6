/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What calls a loader to look at its attachments: a touch of DIR/interfaces, by which `detach` reports that it
 * changed them, and the loader's own wish to try again. No signal is sent, so no pid in a record is trusted.
 */
#ifndef ROLLCALL_ATTENTION_H
#define ROLLCALL_ATTENTION_H

#include <stdint.h>

struct attention {
	int fd;	   /* readable when it is called; -1: never */
	int watch; /* inotify(7) */
	int timer; /* to try again */
};

#define ATTENTION_NONE { -1, -1, -1 }

/* Watch the pin of the attachments in DIR. A failure is reported with -v: then a change is noticed at the next sweep. */
void attention_open(struct attention *a, const char *dir);
void attention_close(struct attention *a);

/* Call again at a boot time. */
void attention_again(const struct attention *a, uint64_t boot_ns);
/* Take the calls off, so that poll() no longer reports them. */
void attention_ack(const struct attention *a);

#endif

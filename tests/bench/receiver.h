/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The alternative to a filter: a socket, recvmmsg(2), and a hash table of names, in a separate thread on a separate
 * CPU, with a receive buffer of 4 MB. It does only what is necessary.
 */
#ifndef ROLLCALL_BENCH_RECEIVER_H
#define ROLLCALL_BENCH_RECEIVER_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

#define RECEIVER_NAMES 4096 /* places in its table */

struct receiver {
	int fd, cpu;
	pthread_t thread;
	atomic_ulong recorded;
	atomic_bool ended;
	double cpu_ns; /* of the thread; valid after receiver_stop() */
	struct receiver_entry {
		char name[64];
		uint32_t address;
		uint64_t heard_ns;
	} table[RECEIVER_NAMES];
};

/* Receive on interface IFNAME, in a thread on CPU. Returns 0 or -errno, reported. */
int receiver_start(struct receiver *r, const char *ifname, int cpu);
void receiver_stop(struct receiver *r);

#endif

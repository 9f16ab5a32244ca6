/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Traffic that is not ours, between a network namespace called "neighbour" and this one (tests/bench/run), where it
 * comes in by the interface "near". But for the bulk all of it happens on one CPU, sender, receiver and the softirqs of
 * both, so that time is CPU time, and no other task's wake-up is in it.
 */
#ifndef ROLLCALL_BENCH_TRAFFIC_H
#define ROLLCALL_BENCH_TRAFFIC_H

#include <stddef.h>

#define TRAFFIC_NEAR "near"

struct traffic {
	int namespace_fd, own_namespace_fd;
	int cpu, other_cpu;
	size_t bulk_bytes;
	unsigned int requests, packets;
};

/* What one measurement found. */
struct traffic_figures {
	double bulk;	/* ns a kB of TCP from one CPU to another; 0 if there is one CPU */
	double cpu;	/* ns a kB of TCP, both ends on one CPU */
	double request;	/* ns a TCP request of one byte and its answer */
	double request_p99;
	double packet;	/* ns a UDP packet of 64 bytes */
};

/* Return 0 or -errno, said. */
int traffic_open(struct traffic *t, int cpu, int other_cpu);
int traffic_measure(const struct traffic *t, struct traffic_figures *figures);
void traffic_close(struct traffic *t);

#endif

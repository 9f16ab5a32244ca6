/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Other traffic, between the network namespace "neighbour" and this one (tests/bench/run), where it is received on the
 * interface "near". Except for the bulk transfer, sender, receiver and the softirqs of both run on one CPU, so the time
 * is CPU time, without wake-ups of other tasks.
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

/* The results of one measurement. */
struct traffic_figures {
	double bulk;	/* ns per kB of TCP from one CPU to another; 0 if there is only one CPU */
	double cpu;	/* ns per kB of TCP, both ends on one CPU */
	double request;	/* ns per TCP request of one byte, with its answer */
	double request_p99;
	double packet;	/* ns per UDP packet of 64 bytes */
};

/* Return 0 or -errno, reported. */
int traffic_open(struct traffic *t, int cpu, int other_cpu);
int traffic_measure(const struct traffic *t, struct traffic_figures *figures);
void traffic_close(struct traffic *t);

#endif

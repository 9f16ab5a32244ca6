/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The interface between bare.bpf.c and the benchmark: a frame that is changed into that of another host at each run.
 * The name of host N is "node" and eight letters, and its address is made from N / names_per_source.
 */
#ifndef ROLLCALL_BENCH_CAROUSEL_H
#define ROLLCALL_BENCH_CAROUSEL_H

#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/types.h>
#include <linux/udp.h>

#define CAROUSEL_TARGETS    8
#define CAROUSEL_STRIDE	    2654435761ULL /* a prime: every host is reached, and neighbours are far apart in time */
#define CAROUSEL_NAME	    "nodeaaaaaaaa"
#define CAROUSEL_NAME_FIXED 4
#define CAROUSEL_SOURCE	    0x0a000000U

struct carousel {
	__u64 first, hosts; /* the hosts FIRST to FIRST + HOSTS - 1 */
	__u64 next;
	__u64 names_per_source;
	__u32 target;		/* index of the program that is measured */
	__u32 ip_sum, udp_sum;	/* the sums of the constant parts of the frame */
	__u32 reserved;
};

struct carousel_frame {
	struct ethhdr eth;
	struct iphdr ip;
	struct udphdr udp;
	char prefix[12];
	char name[12];
} __attribute__((packed));

/* Eight letters, one per four bits of NUMBER. */
static inline __attribute__((always_inline)) __u64 carousel_letters(__u64 number)
{
	__u64 word = number & 0xffffffff;

	word = (word | word << 16) & 0x0000ffff0000ffffULL;
	word = (word | word << 8) & 0x00ff00ff00ff00ffULL;
	word = (word | word << 4) & 0x0f0f0f0f0f0f0f0fULL;
	return word + 0x6161616161616161ULL;
}

#endif

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * crowd IFACE NAMES SEED [CARD]: NAMES hosts, from node-1 on, announce themselves once each to the filter that is
 * attached to IFACE, in an order shuffled by SEED, on all CPUs at once. Another CARD is another MAC address, so the
 * entries are rewritten.
 */
#include <net/if.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "hearing.h"
#include "loader/pins.h"
#include "watch/reader.h"

#define CPUS_MAX  256
#define HOSTS_MAX 1000000
#define LINK_TYPE_TCX 11 /* BPF_LINK_TYPE_TCX of Linux 6.6 */

static struct rollcall_settings settings;
static uint32_t ifindex;
static int prog_fd = -1;
static bool is_tc;
static uint8_t card;

struct share {
	int cpu, err;
	const uint32_t *hosts;
	unsigned int count;
};

/* The program of the pinned link of the interface. */
static int attached_program(const char *dir)
{
	struct bpf_link_info info = {};
	uint32_t bytes = sizeof(info);
	char path[PATH_MAX];
	owned_fd link = bpf_obj_get(pins_link_path(dir, ifindex, path));

	if (link < 0 || bpf_obj_get_info_by_fd(link, &info, &bytes))
		return -errno;
	is_tc = info.type == LINK_TYPE_TCX;
	return bpf_prog_get_fd_by_id(info.prog_id);
}

static void *announce(void *context)
{
	struct share *share = context;
	struct frame frame;
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(share->cpu, &set);
	share->err = sched_setaffinity(0, sizeof(set), &set) ? -errno : 0;
	for (unsigned int i = 0; !share->err && i < share->count; i++) {
		char name[16];

		snprintf(name, sizeof(name), "node-%u", share->hosts[i]);
		frame_of(&frame, &settings, name, share->hosts[i], card);
		share->err = is_tc ? hear_tc(prog_fd, &frame, ifindex) : hear(prog_fd, &frame, ifindex);
	}
	return NULL;
}

/* Each CPU that this process may use takes a share. */
static int announce_all(const uint32_t *hosts, unsigned int count)
{
	struct share shares[CPUS_MAX];
	pthread_t threads[CPUS_MAX];
	unsigned int cpus = 0, done = 0;
	cpu_set_t allowed;
	int err = 0;

	if (sched_getaffinity(0, sizeof(allowed), &allowed))
		return -errno;
	for (int cpu = 0; cpu < CPUS_MAX; cpu++)
		if (CPU_ISSET(cpu, &allowed))
			shares[cpus++].cpu = cpu;
	for (unsigned int i = 0; i < cpus; i++) {
		shares[i].hosts = hosts + done;
		shares[i].count = (count - done) / (cpus - i);
		done += shares[i].count;
		if (pthread_create(&threads[i], NULL, announce, &shares[i]))
			return -EAGAIN;
	}
	for (unsigned int i = 0; i < cpus; i++) {
		pthread_join(threads[i], NULL);
		err = err ? err : shares[i].err;
	}
	return err;
}

static int run(const char *dir, const char *ifname, unsigned int count)
{
	struct rollcall_table table;
	owned_heap uint32_t *hosts = calloc(count, sizeof(*hosts));
	int err = hosts ? reader_open(&table, dir) : -ENOMEM;

	if (err)
		return err;
	settings = table.settings;
	rollcall_close(&table);
	for (unsigned int i = 0; i < count; i++) { /* the Fisher-Yates shuffle, inside-out */
		unsigned int place = (unsigned int)(random() % (i + 1));

		hosts[i] = hosts[place];
		hosts[place] = i + 1;
	}
	ifindex = if_nametoindex(ifname);
	prog_fd = attached_program(dir);
	if (prog_fd < 0)
		return prog_fd;
	err = announce_all(hosts, count);
	close(prog_fd);
	return err;
}

int main(int argc, char **argv)
{
	const char *dir = getenv("ROLLCALL_PIN_DIR");
	unsigned long count = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;
	int err;

	if (argc < 4 || argc > 5 || !dir || !count || count > HOSTS_MAX) {
		fprintf(stderr, "usage: ROLLCALL_PIN_DIR=DIR %s IFACE NAMES SEED [CARD]\n", argv[0]);
		return 2;
	}
	srandom((unsigned int)strtoul(argv[3], NULL, 10));
	card = argc > 4 ? (uint8_t)strtoul(argv[4], NULL, 10) : 0;
	err = run(dir, argv[1], (unsigned int)count);
	if (err)
		fprintf(stderr, "%s: %s\n", argv[0], strerror(-err));
	return err ? 1 : 0;
}

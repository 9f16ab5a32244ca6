// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* It uses the ioctl of ethtool. A feature is a bit; its number is the index of its name in a list of the kernel. */
#include <errno.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "base/cleanup.h"
#include "offloads.h"

/* The kernel's names, in the order of the bits ROLLCALL_OFFLOAD_*. */
static const char *const names[] = { "rx-lro", "rx-gro-hw" };

#define NAMES	     (sizeof(names) / sizeof(names[0]))
#define FEATURES_MAX 256
#define BLOCKS_MAX   (FEATURES_MAX / 32)

struct features {
	int fd;
	struct ifreq request;
	int bits[NAMES]; /* -1: the kernel does not have the feature */
};

static int ask(struct features *f, void *command)
{
	f->request.ifr_data = command;
	return ioctl(f->fd, SIOCETHTOOL, &f->request) ? -errno : 0;
}

static int features_find(struct features *f)
{
	owned_heap struct ethtool_sset_info *sets = calloc(1, sizeof(*sets) + sizeof(sets->data[0]));
	owned_heap struct ethtool_gstrings *list = calloc(1, sizeof(*list) + (size_t)FEATURES_MAX * ETH_GSTRING_LEN);
	int err;

	if (!sets || !list)
		return -ENOMEM;
	sets->cmd = ETHTOOL_GSSET_INFO;
	sets->sset_mask = 1ULL << ETH_SS_FEATURES;
	err = ask(f, sets);
	if (err || !sets->sset_mask || sets->data[0] > FEATURES_MAX)
		return err ? err : -EOPNOTSUPP;
	list->cmd = ETHTOOL_GSTRINGS;
	list->string_set = ETH_SS_FEATURES;
	list->len = sets->data[0];
	err = ask(f, list);
	for (uint32_t i = 0; !err && i < list->len; i++)
		for (size_t name = 0; name < NAMES; name++)
			if (!strncmp((const char *)list->data + (size_t)i * ETH_GSTRING_LEN, names[name], ETH_GSTRING_LEN))
				f->bits[name] = (int)i;
	return err;
}

static int features_open(struct features *f, uint32_t ifindex)
{
	*f = (struct features){ .fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), .bits = { -1, -1 } };
	if (f->fd < 0 || !if_indextoname(ifindex, f->request.ifr_name))
		return -errno;
	return features_find(f);
}

/* Returns the offloads that are on. */
static uint8_t read_state(struct features *f)
{
	owned_heap struct ethtool_gfeatures *state = calloc(1, sizeof(*state) + BLOCKS_MAX * sizeof(state->features[0]));
	uint8_t on = 0;

	if (!state)
		return 0;
	state->cmd = ETHTOOL_GFEATURES;
	state->size = BLOCKS_MAX;
	if (ask(f, state))
		return 0;
	for (size_t name = 0; name < NAMES; name++)
		if (f->bits[name] >= 0 && state->features[f->bits[name] / 32].active >> f->bits[name] % 32 & 1)
			on |= (uint8_t)(1 << name);
	return on;
}

uint8_t offloads_on(uint32_t ifindex)
{
	struct features f;
	uint8_t on = features_open(&f, ifindex) ? 0 : read_state(&f);

	cleanup_fd(&f.fd);
	return on;
}

/* The kernel rejects a number of blocks other than its own, so that number is read first. */
static void turn_on(struct features *f, uint8_t offloads)
{
	owned_heap struct ethtool_sfeatures *change = calloc(1, sizeof(*change) + BLOCKS_MAX * sizeof(change->features[0]));
	struct ethtool_gfeatures size = { .cmd = ETHTOOL_GFEATURES };

	if (!change || ask(f, &size) || size.size > BLOCKS_MAX)
		return;
	change->cmd = ETHTOOL_SFEATURES;
	change->size = size.size;
	for (size_t name = 0; name < NAMES; name++) {
		int bit = f->bits[name];

		if (!(offloads >> name & 1) || bit < 0)
			continue;
		change->features[bit / 32].valid |= 1U << bit % 32;
		change->features[bit / 32].requested |= 1U << bit % 32;
	}
	ask(f, change);
}

uint8_t offloads_turn_on(uint32_t ifindex, uint8_t wanted)
{
	struct features f;
	uint8_t left = wanted;

	if (!features_open(&f, ifindex)) {
		left = (uint8_t)(wanted & ~read_state(&f));
		if (left)
			turn_on(&f, left);
		left = (uint8_t)(wanted & ~read_state(&f));
	}
	cleanup_fd(&f.fd);
	return left;
}

bool offloads_forwarding(const char *ifname)
{
	static const char *const families[] = { "ipv4", "ipv6" };
	bool forwards = false;

	for (int i = 0; i < 2; i++) {
		char path[96], value = '0';
		owned_fd fd = -1;

		snprintf(path, sizeof(path), "/proc/sys/net/%s/conf/%s/forwarding", families[i], ifname);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		forwards |= fd >= 0 && read(fd, &value, 1) == 1 && value == '1';
	}
	return forwards;
}

const char *offloads_text(uint8_t offloads)
{
	return offloads == ROLLCALL_OFFLOAD_LRO ? "lro" : offloads == ROLLCALL_OFFLOAD_GRO_HW ? "rx-gro-hw" : "lro and rx-gro-hw";
}

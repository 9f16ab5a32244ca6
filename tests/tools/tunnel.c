// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A cable between two network namespaces, made of a tun or tap device in each: a packet that is sent on one is received
 * on the other, unchanged. It lasts as long as this process.
 *
 *	tunnel tun|tap IFACE NETNS NETNS [LINK_TYPE]	LINK_TYPE is another ARPHRD_* for the devices
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/message.h"

static int open_end(const char *kind, const char *ifname, const char *netns, const char *link_type)
{
	struct ifreq request = { .ifr_flags = IFF_NO_PI };
	int fd, ns = open(netns, O_RDONLY | O_CLOEXEC);

	request.ifr_flags |= strcmp(kind, "tun") ? IFF_TAP : IFF_TUN;
	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", ifname);
	if (ns < 0 || setns(ns, CLONE_NEWNET))
		return fail(-errno, NULL, "cannot enter '%s'", netns);
	close(ns);
	fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0 || ioctl(fd, TUNSETIFF, &request))
		return fail(-errno, NULL, "cannot make %s device '%s'", kind, ifname);
	if (link_type && ioctl(fd, TUNSETLINK, strtoul(link_type, NULL, 10)))
		return fail(-errno, NULL, "cannot make it one of link type %s", link_type);
	return fd;
}

/* Copy all waiting packets from FROM to TO. Packets that TO rejects, because it is down, are lost. */
static int carry(int from, int to)
{
	char frame[65536];
	ssize_t bytes;

	while ((bytes = read(from, frame, sizeof(frame))) > 0)
		if (write(to, frame, (size_t)bytes) < 0 && errno != EIO && errno != EAGAIN)
			return fail(-errno, NULL, "cannot hand on %zd bytes", bytes);
	return bytes < 0 && errno != EAGAIN && errno != EIO ? fail(-errno, NULL, "cannot read") : 0;
}

int main(int argc, char **argv)
{
	struct pollfd ends[2] = { { .events = POLLIN }, { .events = POLLIN } };
	int err = 0;

	if (argc < 5 || argc > 6) {
		fputs("usage: tunnel tun|tap IFACE NETNS NETNS [LINK_TYPE]\n", stderr);
		return 2;
	}
	for (int i = 0; i < 2; i++) {
		ends[i].fd = open_end(argv[1], argv[2], argv[3 + i], argv[5]);
		if (ends[i].fd < 0)
			return 1;
	}
	puts("connected");
	fflush(stdout);
	while (!err && poll(ends, 2, -1) > 0)
		for (int i = 0; !err && i < 2; i++)
			if (ends[i].revents & POLLIN)
				err = carry(ends[i].fd, ends[!i].fd);
			else if (ends[i].revents) /* the device was deleted */
				err = -ENODEV;
	return 1;
}

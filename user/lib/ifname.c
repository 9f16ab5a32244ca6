// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Read the current names of attached interfaces from the kernel by number, once per interface. */
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <rollcall/rollcall.h>

#include "slots.h"

#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE 71 /* Linux 5.14 */
#endif

/* Interface numbers are valid only in their network namespace. A table without a cookie counts as one of this one. */
static bool numbers_are_of(int socket_fd, const struct rollcall_settings *settings)
{
	uint64_t cookie = 0;
	socklen_t bytes = sizeof(cookie);

	return !settings->layout || (!getsockopt(socket_fd, SOL_SOCKET, SO_NETNS_COOKIE, &cookie, &bytes) &&
				     cookie == settings->netns_cookie);
}

static void ask_name(int socket_fd, struct rollcall_attachment *record)
{
	struct ifreq request = { .ifr_ifindex = (int)record->ifindex };

	if (ioctl(socket_fd, SIOCGIFNAME, &request))
		return;
	memcpy(record->ifname, request.ifr_name, sizeof(record->ifname));
	record->ifname[sizeof(record->ifname) - 1] = '\0';
}

int rollcall_slots(const struct rollcall_table *t, struct rollcall_attachment slots[ROLLCALL_SLOTS])
{
	int fd, err = rollcall_records(t, slots);

	if (err)
		return err;
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return 0;
	if (numbers_are_of(fd, &t->settings))
		for (int slot = 0; slot < ROLLCALL_SLOTS; slot++)
			if (slots[slot].ifindex)
				ask_name(fd, &slots[slot]);
	close(fd);
	return 0;
}

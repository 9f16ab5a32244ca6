// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* SO_NETNS_COOKIE identifies a namespace. Its inode number can be used again, the cookie cannot. */
#include <errno.h>
#include <sys/socket.h>

#include "base/cleanup.h"
#include "netns.h"

#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE 71 /* Linux 5.14 */
#endif

int netns_cookie(uint64_t *cookie)
{
	owned_fd fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	socklen_t bytes = sizeof(*cookie);

	return fd < 0 || getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, cookie, &bytes) ? -errno : 0;
}

bool netns_is_of(const struct rollcall_settings *settings)
{
	uint64_t cookie = 0;

	/* the table of a BPF loader that records no cookie counts as a table of this namespace */
	return !settings->layout || (!netns_cookie(&cookie) && settings->netns_cookie == cookie);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A datagram to $NOTIFY_SOCKET: a path, or an @ and a name in the abstract namespace. Other addresses are rejected. */
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "cleanup.h"
#include "message.h"
#include "notify.h"

static int address_of(const char *name, struct sockaddr_un *address, socklen_t *bytes)
{
	size_t length = strlen(name);

	/* an abstract name is not terminated: a NUL would be part of the name */
	if ((*name != '/' && *name != '@') || length >= sizeof(address->sun_path))
		return -EAFNOSUPPORT;
	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	memcpy(address->sun_path, name, length);
	if (*name == '@')
		address->sun_path[0] = '\0';
	*bytes = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
	return 0;
}

static int send_to(const char *name, const char *state)
{
	struct sockaddr_un address;
	socklen_t bytes;
	owned_fd fd = -1;
	int err = address_of(name, &address, &bytes);

	if (err)
		return err;
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (sendto(fd, state, strlen(state), MSG_NOSIGNAL, (const struct sockaddr *)&address, bytes) < 0)
		return -errno;
	return 0;
}

void notify(const char *state)
{
	const char *name = getenv("NOTIFY_SOCKET");
	int err = name && *name ? send_to(name, state) : 0;

	if (err)
		warn("cannot send %s to the service manager at '%s': %s", state, name, strerror(-err));
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Socket activation, or a socket of its own. */
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/message.h"
#include "base/parse.h"
#include "listener.h"

#define FIRST_PASSED 3	  /* SD_LISTEN_FDS_START */
#define BACKLOG	     1024 /* many clients may come back at once */

/* The number of sockets that were passed to this process. */
static uint32_t passed_count(void)
{
	const char *pid = getenv("LISTEN_PID"), *count = getenv("LISTEN_FDS");
	uint32_t pid_number, number = 0;

	if (!pid || !count || parse_number(pid, 1, INT32_MAX, &pid_number) || (pid_t)pid_number != getpid() ||
	    parse_number(count, 0, INT32_MAX, &number))
		number = 0;
	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_FDNAMES");
	return number;
}

static bool is_listening(int fd)
{
	int listens = 0, domain = 0;
	socklen_t bytes = sizeof(listens);

	return !getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &bytes) && listens &&
	       !getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &bytes) && (domain == AF_INET || domain == AF_INET6);
}

/* Returns the descriptor, or -errno, reported. */
static int take_passed(uint32_t count)
{
	int fd = FIRST_PASSED;

	if (count != 1)
		return fail(0, "one ListenStream= in the unit of the socket", "the service manager passed %u sockets, not 1", count);
	if (!is_listening(fd))
		return fail(0, "ListenStream=ADDR:PORT in the unit of the socket", "the service manager passed no listening TCP socket");
	if (fcntl(fd, F_SETFD, FD_CLOEXEC) || fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK))
		return fail(-errno, NULL, "cannot use the socket of the service manager");
	return fd;
}

static const char *bind_remedy(int err)
{
	if (err == -EADDRINUSE)
		return "choose another port with --listen, or stop the program that listens there";
	return err == -EADDRNOTAVAIL ? "--listen takes an address of this host" : NULL;
}

int listener_open(const struct http_config *config)
{
	const struct sockaddr *address = (const struct sockaddr *)&config->address;
	uint32_t passed = passed_count();
	owned_fd fd = -1;
	int on = 1;

	if (passed)
		return take_passed(passed);
	fd = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return fail(-errno, NULL, "cannot create a socket");
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (address->sa_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
	if (bind(fd, address, config->address_bytes) || listen(fd, BACKLOG))
		return fail(-errno, bind_remedy(-errno), "cannot listen on %s", config->listen);
	return take_fd(&fd);
}

char *listener_text(int fd, char text[LISTENER_TEXT])
{
	char address[INET6_ADDRSTRLEN + 16] = "?", port[8] = "?";
	struct sockaddr_storage bound = {};
	socklen_t bytes = sizeof(bound);

	if (!getsockname(fd, (struct sockaddr *)&bound, &bytes))
		getnameinfo((const struct sockaddr *)&bound, bytes, address, sizeof(address), port, sizeof(port), NI_NUMERICHOST | NI_NUMERICSERV);
	snprintf(text, LISTENER_TEXT, bound.ss_family == AF_INET6 ? "[%.47s]:%s" : "%.47s:%s", address, port);
	return text;
}

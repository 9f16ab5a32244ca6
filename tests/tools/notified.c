// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The notification socket of a service manager: binds NAME (a path, or @ and an abstract name), prints "listening",
 * then each received datagram as a line:
 *
 *	notified NAME
 */
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

int main(int argc, char **argv)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	char state[4096];
	ssize_t bytes;
	size_t length;

	if (argc != 2 || strlen(argv[1]) >= sizeof(address.sun_path)) {
		fputs("usage: notified NAME\n", stderr);
		return 2;
	}
	length = strlen(argv[1]);
	memcpy(address.sun_path, argv[1], length);
	if (*argv[1] == '@')
		address.sun_path[0] = '\0';
	if (fd < 0 || bind(fd, (const struct sockaddr *)&address,
			   (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length))) {
		perror("notified");
		return 1;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	puts("listening");
	while ((bytes = recv(fd, state, sizeof(state), 0)) >= 0)
		printf("%.*s\n", (int)bytes, state);
	perror("notified");
	return 1;
}

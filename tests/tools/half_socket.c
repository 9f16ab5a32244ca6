// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * half_socket CMD...: run CMD with a socket as standard output whose other end is closed, as journald leaves
 * it when it is stopped.
 */
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int ends[2];

	if (argc < 2) {
		fputs("usage: half_socket CMD...\n", stderr);
		return 2;
	}
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) || dup2(ends[0], STDOUT_FILENO) < 0 || close(ends[0]) || close(ends[1])) {
		perror("half_socket");
		return 3;
	}
	execvp(argv[1], argv + 1);
	perror(argv[1]);
	return 3;
}

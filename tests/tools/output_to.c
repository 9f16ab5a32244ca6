// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * output_to WHAT CMD...: run CMD with a standard output that cannot be written. WHAT is
 *	full	a full disk: /dev/full
 *	closed	no descriptor at all
 *	broken	a pipe without a reader, SIGPIPE ignored
 *	later	a full pipe with a reader, O_NONBLOCK
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int make_pipe(int fds[2])
{
	static char filling[4096];

	if (pipe2(fds, O_CLOEXEC) || fcntl(fds[1], F_SETFL, O_NONBLOCK))
		return -1;
	while (write(fds[1], filling, sizeof(filling)) > 0)
		;
	return 0;
}

static int set_output(const char *what)
{
	int fds[2];

	if (!strcmp(what, "closed"))
		return close(STDOUT_FILENO);
	if (!strcmp(what, "full"))
		return dup2(open("/dev/full", O_WRONLY | O_CLOEXEC), STDOUT_FILENO);
	if (make_pipe(fds) || dup2(fds[1], STDOUT_FILENO) < 0)
		return -1;
	if (!strcmp(what, "later"))
		return fcntl(fds[0], F_SETFD, 0); /* CMD inherits the reading end */
	signal(SIGPIPE, SIG_IGN);
	return close(fds[0]);
}

int main(int argc, char **argv)
{
	if (argc < 3) {
		fprintf(stderr, "usage: %s full|closed|broken|later CMD...\n", argv[0]);
		return 2;
	}
	if (set_output(argv[1]) < 0) {
		perror(argv[1]);
		return 3;
	}
	execvp(argv[2], argv + 2);
	perror(argv[2]);
	return 3;
}

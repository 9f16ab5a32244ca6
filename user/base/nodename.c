// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* uname(2), and /proc for changes. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "message.h"
#include "nodename.h"

char *nodename_full(char name[NODENAME_BYTES])
{
	struct utsname uts;

	uname(&uts);
	snprintf(name, NODENAME_BYTES, "%s", uts.nodename);
	return name;
}

char *nodename_short(char name[NODENAME_BYTES])
{
	nodename_full(name);
	name[strcspn(name, ".")] = '\0';
	return name;
}

int nodename_watch(void)
{
	int fd = open("/proc/sys/kernel/hostname", O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

void nodename_watch_ack(int fd)
{
	char name[NODENAME_BYTES];

	/* poll() already recorded the change as seen (proc_sys_poll() in the kernel) */
	if (lseek(fd, 0, SEEK_SET) == 0 && read(fd, name, sizeof(name)) < 0)
		verbose("cannot read /proc/sys/kernel/hostname: %s", strerror(errno));
}

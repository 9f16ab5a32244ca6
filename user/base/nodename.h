/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The name of this host as the kernel has it (uname(2)), and its changes. */
#ifndef ROLLCALL_NODENAME_H
#define ROLLCALL_NODENAME_H

#define NODENAME_BYTES 65 /* __NEW_UTS_LEN and a NUL */

/* The whole nodename, and the part before its first dot, which is announced by default. Each returns NAME. */
char *nodename_full(char name[NODENAME_BYTES]);
char *nodename_short(char name[NODENAME_BYTES]);

/* A descriptor that reports POLLERR when the nodename changes (poll it for no events), or -errno. */
int nodename_watch(void);
void nodename_watch_ack(int fd);

#endif

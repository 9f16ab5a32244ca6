/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The two ways to the table of this host. Each adds to an empty ANSWER what the live entries say to
 * the question, and returns 0, also if that is nothing, or -errno if there is no such way.
 */
#ifndef ROLLCALL_NSS_SOURCE_H
#define ROLLCALL_NSS_SOURCE_H

#include "answer.h"

/* By bpf(2): never where a system-call filter might kill the process for it. */
int maps_ask(struct nss_question *question, struct nss_answer *answer);

/* By open(2) and read(2) of the pinned iterator, which gives all of the table as text. */
int iterator_ask(struct nss_question *question, struct nss_answer *answer);

/* The same of text that FD has. */
int iterator_read(int fd, struct nss_question *question, struct nss_answer *answer);

#endif

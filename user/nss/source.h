/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The two ways to read the table of this host. Each function adds to an empty ANSWER the live entries that
 * answer the question and are not shadowed (lib/shadow.h). It returns 0, also if there are none, or -errno if it cannot
 * read the table.
 */
#ifndef ROLLCALL_NSS_SOURCE_H
#define ROLLCALL_NSS_SOURCE_H

#include "answer.h"

/* Read by bpf(2). Do not call this if a seccomp filter might kill the process for it. */
int maps_ask(struct nss_question *question, struct nss_answer *answer);

/* Read by open(2) and read(2) of the pinned iterator, which prints the whole table as text. */
int iterator_ask(struct nss_question *question, struct nss_answer *answer);

/* Read the same text from FD, once: the entry found for an address may be shadowed. */
int iterator_read(int fd, struct nss_question *question, struct nss_answer *answer);

#endif

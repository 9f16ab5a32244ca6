/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Frames sent on "wire0" of tests/bench/run as fast as one CPU sends and receives them. */
#ifndef ROLLCALL_BENCH_WIRE_SOCKET_H
#define ROLLCALL_BENCH_WIRE_SOCKET_H

#include "frame.h"

/* Return a descriptor, or 0, or -errno, reported. */
int wire_socket_open(void);
/* Send COUNT frames: the HOSTS frames of FRAMES in turn. */
int wire_socket_send(int fd, struct frame *frames, unsigned int hosts, unsigned int count);

#endif

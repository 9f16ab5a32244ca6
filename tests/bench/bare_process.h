/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Bare processes, to compare whole commands with: this program again, told to do one bare thing
 * with a pinned map and end. "bench --bare walk PIN", "bench --bare lookup PIN NAME".
 */
#ifndef ROLLCALL_BENCH_BARE_PROCESS_H
#define ROLLCALL_BENCH_BARE_PROCESS_H

#include <stdbool.h>

bool bare_process_is(int argc, char **argv);
int bare_process_main(int argc, char **argv);

#endif

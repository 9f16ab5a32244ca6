/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Bare processes, for a comparison with whole commands: this program is started again, does one operation on a pinned
 * map, and exits. "bench --bare walk PIN", "bench --bare lookup PIN NAME".
 */
#ifndef ROLLCALL_BENCH_BARE_PROCESS_H
#define ROLLCALL_BENCH_BARE_PROCESS_H

#include <stdbool.h>

bool bare_process_is(int argc, char **argv);
int bare_process_main(int argc, char **argv);

#endif

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What libbpf logs. */
#ifndef ROLLCALL_LIBBPF_LOG_H
#define ROLLCALL_LIBBPF_LOG_H

/* From now on it goes where messages go, with -v only. */
void libbpf_log_take(void);

#endif

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The files of the web page (page/), which are part of the program. */
#ifndef ROLLCALL_EMBEDDED_H
#define ROLLCALL_EMBEDDED_H

#include <stddef.h>

#define ETAG_BYTES sizeof("\"0123456789abcdef\"")

struct embedded {
	const char *text;
	size_t bytes;
	char etag[ETAG_BYTES]; /* a hash of the text, in quotation marks */
};

enum embedded_file { EMBEDDED_INDEX, EMBEDDED_STYLE, EMBEDDED_SCRIPT, EMBEDDED_ICON, EMBEDDED_COUNT };

/* The file is constant. */
const struct embedded *embedded_file(enum embedded_file file);

#endif

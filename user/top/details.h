/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Writes the details of one host as lines of text. */
#ifndef ROLLCALL_DETAILS_H
#define ROLLCALL_DETAILS_H

#include "departures.h"
#include "screen.h"
#include "trails.h"
#include "view/hosts.h"

struct details_input {
	const char *name; /* of the host */
	struct host host; /* its entries; none: it left, and is no longer in the departures */
	const struct departures *departures;
	const struct trails *trails;
	const struct table_info *info;
};

/* Write the details for the width and the character set of S. The first line is the hostname. */
void details_write(FILE *out, const struct screen *s, const struct details_input *input);

#endif

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Why a table could not be opened, for a message (base/table_fault.h). The strings are constants or the caller's. */
#ifndef ROLLCALL_LIB_FAULT_H
#define ROLLCALL_LIB_FAULT_H

#include <stdint.h>

/* Values of `what` about the file of the pin, not about the map. */
#define FAULT_OWNER "owner"		/* a user id; neither root nor the caller */
#define FAULT_MODE  "mode"		/* the bits by which others may write */

struct rollcall_fault {
	const char *dir; /* of the table */
	const char *pin; /* in DIR; "": DIR itself */
	const char *what; /* the property with a wrong value; NULL: the errno is the reason */
	uint64_t found, least, most; /* that value, and its valid range */
};

#endif

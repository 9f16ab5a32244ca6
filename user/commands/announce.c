// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* rollcall announce: announce this host. It requires neither a table nor a privilege. */
#include "announcing.h"
#include "command.h"

int command_announce(const struct options *o)
{
	struct announce_request request = o->announcing.request;
	int err = announcing_complete(&request, &o->words, "announce");

	if (err)
		return err;
	announcing_warn(&request.config, &o->words, ROLLCALL_EXPIRY_NS, true);
	request.count = o->count;
	return announce_run(&request);
}

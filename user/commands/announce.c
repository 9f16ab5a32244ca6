// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* rollcall announce: announce this host, without any table or privilege. */
#include "announce/service.h"
#include "command.h"

int command_announce(const struct options *o)
{
	struct announcer_config config = options_announcer(o, &o->settings);

	return announce_on_interfaces(&config, o->words.args, o->words.arg_count, o->count);
}

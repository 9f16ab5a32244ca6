// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* rollcall peers: the live table, once. Needs no loader. */
#include "command.h"
#include "write.h"

int command_peers(const struct options *o, const struct table *t)
{
	struct rollcall_attachment slots[ROLLCALL_SLOTS];
	struct table_filter filter = {
		.glob = o->arg_count ? o->args[0] : NULL,
		.family = options_family(o),
	};
	struct scene scene = { .settings = &t->settings, .slots = slots };
	struct snapshot s;
	int err = slots_read(t, slots);

	if (!err)
		err = snapshot_take(t, &filter, &s);
	if (err)
		return err;
	snapshot_sort(&s);
	scene.now = s.taken;
	if (option_given(o, OPT_JSON))
		write_peers_json(stdout, &scene, &s);
	else
		write_peers_text(stdout, &scene, &s);
	snapshot_free(&s);
	return 0;
}

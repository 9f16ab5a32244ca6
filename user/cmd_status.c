// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* rollcall status: what is attached, how, and how every frame ended. */
#include "command.h"
#include "write.h"

int command_status(const struct options *o, const struct table *t)
{
	struct rollcall_attachment slots[ROLLCALL_SLOTS];
	struct rollcall_counts counts[ROLLCALL_SLOTS] = {};
	struct scene scene = { .settings = &t->settings, .slots = slots, .now = clock_now() };
	struct rollcall_state state = {};
	struct health health[ROLLCALL_SLOTS];
	struct status status = { .scene = &scene, .counts = counts, .state = &state, .health = health };
	int err = slots_read(t, slots);

	for (uint32_t slot = 0; !err && slot < ROLLCALL_SLOTS; slot++)
		if (slots[slot].ifindex)
			err = table_counts(t, slot, &counts[slot]);
	if (!err)
		err = table_state(t, &state);
	if (!err)
		err = health_ask(t, slots, counts, scene.now.boot_ns, health);
	if (!err)
		err = table_count_live(t, &status.live);
	if (err)
		return err;
	if (option_given(o, OPT_JSON))
		write_status_json(stdout, &status);
	else
		write_status_text(stdout, &status);
	return 0;
}

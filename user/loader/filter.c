// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Open the object, set what is to be set, load, keep the program and let the rest go. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include <rollcall/event.h>

#include "filter.h"
#include "libbpf_log.h"
#include "base/message.h"
#include "pins.h"
#include "base/privilege.h"
#include "rollcall.skel.h"

#define ENOTSUPP 524 /* include/linux/errno.h: it gets out of the kernel all the same */

static const char *remedy_of(int err)
{
	switch (err) {
	case -ENOMEM:
		return "a smaller --max-peers needs less memory";
	case -EINVAL:
		return "rollcall requires Linux 5.15; -v prints the kernel's message";
	case -EACCES:
		return "the kernel's verifier rejects the program, or a security module forbids it; -v shows the kernel's reason";
	default:
		return privilege_remedy(err);
	}
}

static struct rollcall_bpf *open_object(void)
{
	libbpf_log_take();
	return rollcall_bpf__open();
}

/*
 * More entries than peers: what LRU keeps back on each CPU would otherwise cost live peers
 * their place (table.h).
 */
static uint32_t entries_for(uint32_t max_peers)
{
	return max_peers + ROLLCALL_LRU_HEADROOM_PER_CPU * (uint32_t)libbpf_num_possible_cpus();
}

static int pin_maps(const char *dir, const struct rollcall_bpf *object, const struct rollcall_settings *settings)
{
	const struct rollcall_state begun = { .scanned_ns = rollcall_now_ns() }; /* an empty table needs no scan */
	uint32_t zero = 0;
	char path[PATH_MAX];
	int err;

	if (bpf_map_update_elem(bpf_map__fd(object->maps.settings), &zero, settings, BPF_ANY) ||
	    bpf_map_update_elem(bpf_map__fd(object->maps.state), &zero, &begun, BPF_ANY))
		return fail(-errno, NULL, "cannot write the settings");
#define X(name, ...)                                                                               \
	err = bpf_obj_pin(bpf_map__fd(object->maps.name), pins_path(dir, #name, path));            \
	if (err)                                                                                   \
		return fail(err, privilege_pin_remedy(err), "cannot pin '%s'", path);
	PINNED_MAPS(X)
#undef X
	return 0;
}

/*
 * What rollcall cannot do without, and what the minimum is for: taking an entry out in one step
 * with its value (sweeper.c), which hashes have since Linux 5.14.
 */
static int check_kernel(const struct rollcall_bpf *object)
{
	struct rollcall_peer_key nobody = {};
	struct rollcall_peer peer;

	if (!bpf_map_lookup_and_delete_elem(bpf_map__fd(object->maps.peers), &nobody, &peer) || errno == ENOENT)
		return 0;
	if (errno != ENOTSUPP && errno != EINVAL)
		return fail(-errno, privilege_remedy(-errno), "cannot take entries out of the table");
	return fail_too_old("taking an entry out of a hash with its value");
}

int filter_make_table(const char *dir, const struct rollcall_settings *settings)
{
	struct rollcall_bpf *object = open_object();
	int err;

	if (!object)
		return fail(-errno, NULL, "cannot open the BPF object");
	bpf_program__set_autoload(object->progs.rollcall_xdp, false);
	bpf_program__set_autoload(object->progs.rollcall_tc, false);
	bpf_map__set_autocreate(object->maps.events, false);
	bpf_map__set_max_entries(object->maps.peers, entries_for(settings->max_peers));
	bpf_map__set_max_entries(object->maps.sources, entries_for(settings->max_peers));
	err = rollcall_bpf__load(object);
	if (err)
		fail(err, remedy_of(err), "cannot make the table");
	else
		err = check_kernel(object);
	if (!err)
		err = pin_maps(dir, object, settings);
	if (err)
		pins_remove_table(dir);
	rollcall_bpf__destroy(object);
	return err;
}

int filter_make_events(void)
{
	int fd = bpf_map_create(BPF_MAP_TYPE_RINGBUF, "events", 0, 0, ROLLCALL_EVENT_RING_BYTES, NULL);

	return fd < 0 ? fail(fd, remedy_of(fd), "cannot make the ring of events") : fd;
}

static int reuse_maps(struct rollcall_bpf *object, const struct filter_spec *spec)
{
	int err = bpf_map__reuse_fd(object->maps.events, spec->events_fd);

#define X(name, ...)                                                                               \
	if (!err)                                                                                  \
		err = bpf_map__reuse_fd(object->maps.name, spec->table->name##_fd);
	PINNED_MAPS(X)
#undef X
	return err;
}

/* Returns the program's descriptor, or -errno, not reported. */
static int load(const struct filter_spec *spec, uint32_t xdp_flags)
{
	struct rollcall_bpf *object = open_object();
	int err, fd;

	if (!object)
		return -errno;
	bpf_program__set_autoload(object->progs.rollcall_xdp, !spec->tc);
	bpf_program__set_autoload(object->progs.rollcall_tc, spec->tc);
	bpf_program__set_flags(object->progs.rollcall_xdp, xdp_flags);
	object->rodata->config = spec->table->settings;
	object->rodata->slot = spec->slot;
	object->rodata->consume = spec->consume;
	object->rodata->ifindex = spec->ifindex;
	object->rodata->bare = spec->bare;
	object->rodata->ipv4_is_off = spec->no_ipv4;
	object->rodata->ipv6_is_off = spec->no_ipv6;
	err = reuse_maps(object, spec);
	if (!err)
		err = rollcall_bpf__load(object);
	if (!err) {
		fd = bpf_program__fd(spec->tc ? object->progs.rollcall_tc : object->progs.rollcall_xdp);
		err = fcntl(fd, F_DUPFD_CLOEXEC, 3);
		err = err < 0 ? -errno : err;
	}
	rollcall_bpf__destroy(object);
	return err;
}

int filter_load(const struct filter_spec *spec)
{
	/* with it, drivers take the program on interfaces whose frames do not fit into one page */
	int fd = load(spec, spec->tc ? 0 : BPF_F_XDP_HAS_FRAGS);

	if (fd == -EINVAL && !spec->tc) {
		verbose("this kernel knows no XDP over several buffers (Linux 5.18)");
		fd = load(spec, 0);
	}
	return fd < 0 ? fail(fd, remedy_of(fd), "cannot load the filter") : fd;
}

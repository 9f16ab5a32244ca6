// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The probe's object; the only file that sees its skeleton. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>

#include "base/cleanup.h"
#include "base/message.h"
#include "libbpf_log.h"
#include "net/hooks.h"
#include "probe.h"
#include "probe.skel.h"

static int ignore_sample(void *context, void *sample, size_t bytes)
{
	(void)context;
	(void)sample;
	(void)bytes;
	return 0;
}

static int probe_load(struct probe *p, const struct probe_spec *spec)
{
	int err;

	p->object = probe_bpf__open();
	if (!p->object)
		return -errno;
	p->object->rodata->config = spec->table->settings;
	p->object->rodata->ipv4_is_off = spec->no_ipv4;
	p->object->rodata->ipv6_is_off = spec->no_ipv6;
	err = probe_bpf__load(p->object);
	if (err)
		return err;
	p->ring = ring_buffer__new(bpf_map__fd(p->object->maps.seen), ignore_sample, NULL, NULL);
	return p->ring ? 0 : -errno;
}

/* The link is not pinned, so it ends with this process. */
static int probe_attach(struct probe *p, const struct probe_spec *spec)
{
	struct epoll_event event = { .events = EPOLLIN };

	p->link_fd = bpf_link_create(bpf_program__fd(p->object->progs.rollcall_probe), (int)spec->dev->ifindex, TCX_INGRESS, NULL);
	if (p->link_fd < 0)
		return p->link_fd;
	if (epoll_ctl(spec->epoll_fd, EPOLL_CTL_ADD, ring_buffer__epoll_fd(p->ring), &event))
		return -errno;
	return table_frames(spec->table, spec->slot, &p->counted);
}

void probe_begin(struct probe *p, const struct probe_spec *spec)
{
	int err;

	if (p->object) { /* what was counted before the change says nothing of the time after it */
		ring_buffer__consume(p->ring);
		p->doubted = false;
		table_frames(spec->table, spec->slot, &p->counted);
		return;
	}
	*p = (struct probe)PROBE_NONE;
	libbpf_log_take();
	err = probe_load(p, spec);
	if (!err)
		err = probe_attach(p, spec);
	if (!err)
		return;
	verbose("%s: cannot probe whether the driver runs the filter: %s", spec->dev->name, strerror(-err));
	probe_end(p);
}

enum probe_finding probe_look(struct probe *p, const struct table *t, uint32_t slot)
{
	enum probe_finding finding = PROBE_RUNS;
	uint64_t counted;
	bool came;

	if (!p->object)
		return PROBE_NOTHING;
	came = ring_buffer__consume(p->ring) > 0;
	if (table_frames(t, slot, &counted))
		return PROBE_NOTHING;
	if (counted == p->counted) {
		if (!came)
			return PROBE_NOTHING;
		if (!p->doubted) {
			p->doubted = true;
			return PROBE_NOTHING;
		}
		finding = PROBE_DEAD;
	}
	probe_end(p);
	return finding;
}

void probe_end(struct probe *p)
{
	cleanup_fd(&p->link_fd);
	ring_buffer__free(p->ring);
	probe_bpf__destroy(p->object);
	*p = (struct probe)PROBE_NONE;
}

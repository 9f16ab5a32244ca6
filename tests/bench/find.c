// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Looking up the address of a host: by the command, by the library, and by the name service. */
#include <dlfcn.h>
#include <netdb.h>
#include <nss.h>

#include "crowd.h"
#include "process.h"
#include "programs.h"
#include "loader/slots.h"

#define HOSTS  50000
#define REPEAT 2000

typedef enum nss_status (*nss_by_name)(const char *name, int family, struct hostent *result, char *buffer, size_t room,
				       int *errnop, int *h_errnop);

struct finding {
	const struct programs *p;
	nss_by_name by_name;
};

static int find(const struct finding *f, int room, double *ns)
{
	struct rollcall_table reader = table_reader(&f->p->rig.table);
	struct rollcall_entry found[ROLLCALL_FIND_MAX];
	double begun = monotonic_ns();
	int count = 1;

	for (int i = 0; i < REPEAT && count > 0; i++)
		count = rollcall_find(&reader, "node-4711", 0, found, room);
	*ns = (monotonic_ns() - begun) / REPEAT;
	return count > 0 ? 0 : fail(0, NULL, "node-4711 was not found");
}

/* A look-up as in `rollcall get`. */
static int find_measure(void *context, double *ns)
{
	return find(context, 1, ns);
}

static int find_all_measure(void *context, double *ns)
{
	return find(context, ROLLCALL_FIND_MAX, ns);
}

static int lookup_measure(void *context, double *ns)
{
	const struct finding *f = context;
	struct rollcall_peer_key key = rig_key("node-4711");
	struct rollcall_peer peer;
	double begun = monotonic_ns();
	int err = 0;

	for (int i = 0; i < REPEAT && !err; i++)
		err = bpf_map_lookup_elem(f->p->rig.table.peers_fd, &key, &peer);
	*ns = (monotonic_ns() - begun) / REPEAT;
	return err ? fail(err, NULL, "cannot look node-4711 up") : 0;
}

/* The minimum that a look-up reads: the records of the interfaces, one by one, and an entry. */
static int records_measure(void *context, double *ns)
{
	const struct finding *f = context;
	struct rollcall_peer_key key = rig_key("node-4711");
	struct rollcall_attachment record;
	struct rollcall_peer peer;
	double begun = monotonic_ns();
	int err = 0;

	for (int i = 0; i < REPEAT && !err; i++) {
		for (uint32_t slot = 0; slot < ROLLCALL_SLOTS && !err; slot++)
			err = bpf_map_lookup_elem(f->p->rig.table.interfaces_fd, &slot, &record);
		if (!err)
			err = bpf_map_lookup_elem(f->p->rig.table.peers_fd, &key, &peer);
	}
	*ns = (monotonic_ns() - begun) / REPEAT;
	return err ? fail(err, NULL, "cannot look node-4711 up") : 0;
}

static int nss_measure(void *context, double *ns)
{
	const struct finding *f = context;
	enum nss_status status = NSS_STATUS_SUCCESS;
	struct hostent host;
	char buffer[1024];
	int err, h_err;
	double begun = monotonic_ns();

	for (int i = 0; i < REPEAT && status == NSS_STATUS_SUCCESS; i++)
		status = f->by_name("node-4711", AF_INET, &host, buffer, sizeof(buffer), &err, &h_err);
	*ns = (monotonic_ns() - begun) / REPEAT;
	return status == NSS_STATUS_SUCCESS ? 0 : fail(0, NULL, "the name service did not find node-4711");
}

static int by_processes(const struct bench *b, const struct programs *p)
{
	char program[4096], self[4096], pin[PATH_MAX];
	char *const get[] = { program, "get", "node-4711", NULL };
	char *const bare[] = { self, "--bare", "lookup", pin, "node-4711", NULL };
	struct command commands[] = { { .argv = get }, { .argv = bare } };
	struct thing things[] = { thing_by(command_measure, &commands[0]), thing_by(command_measure, &commands[1]) };
	int err;

	snprintf(program, sizeof(program), "%s", b->program);
	snprintf(self, sizeof(self), "%s", b->self);
	pins_path(p->rig.dir, "peers", pin);
	err = things_measure(things, 2, b->rounds);
	if (!err)
		row_write(row_of("get NAME, a process", "one bpf(2) look-up, a process", "ms"), &things[0], &things[1]);
	return err;
}

static int by_calls(const struct bench *b, struct finding *f)
{
	const struct row nss_row = row_of("name service look-up, inside a process", "one bpf(2) look-up", "ns");
	struct thing things[] = { thing_by(find_measure, f), thing_by(lookup_measure, f), thing_by(find_all_measure, f),
				  thing_by(records_measure, f), thing_by(nss_measure, f) };
	char path[4096];
	void *module;
	int err;

	snprintf(path, sizeof(path), "%.*s/libnss_rollcall.so.2", (int)(strrchr(b->program, '/') - b->program), b->program);
	module = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	/* the form that POSIX recommends for converting the result of dlsym() to a function */
	if (module)
		*(void **)&f->by_name = dlsym(module, "_nss_rollcall_gethostbyname2_r");
	err = things_measure(things, f->by_name ? 5 : 4, b->rounds);
	if (!err) {
		row_write(row_ratio("look-up by the library, as 'get' does", "the records and an entry, one by one", "ns", 2), &things[0],
			  &things[3]);
		row_write(row_of("look-up by the library, over both families", "one bpf(2) look-up", "ns"), &things[2], &things[1]);
	}
	if (!err && f->by_name)
		row_write(nss_row, &things[4], &things[1]);
	else if (!err)
		row_not_run(nss_row, "there is no module");
	if (module)
		dlclose(module);
	return err;
}

int bench_find(const struct bench *b)
{
	const struct rollcall_attachment here = { .ifindex = HEARD_ON_LOOPBACK, .ifname = "lo" };
	struct programs p;
	struct finding f = { .p = &p };
	int err = programs_open(&p, XDP, HOSTS, ROLLCALL_NAMES_PER_SOURCE);

	if (!err)
		err = slot_write(&p.rig.table, 0, &here);
	if (!err)
		err = crowd_enter(&p.rig.table, 0, HOSTS, -3600 * (int64_t)NS_PER_S);
	if (!err)
		err = by_processes(b, &p);
	if (!err)
		err = by_calls(b, &f);
	programs_close(&p);
	return err;
}

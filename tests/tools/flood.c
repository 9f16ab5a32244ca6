// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * flood IFACE FROM NAMES FRAMES|SECONDSs: send real frames on IFACE at full speed. Each announces one of NAMES made-up
 * names. FROM is
 *
 *	one	all from one address
 *	each	each name from its own address
 *	mixed	in turns: from one address, each name from its own address, and a name that moves back and forth
 *
 * Meanwhile 1000 hosts announce themselves at an interval of three sevenths of the table's expiry, and the table is
 * read repeatedly to find missing hosts. In the middle a newcomer announces itself once. Prints
 * {"sent":..,"received":..,"calls":..,"looks":..,"missing":..,"newcomer":..,"scan_age_ms":..}: `received` is the count
 * of the filter, `missing` the largest number of hosts that a read did not find, `newcomer` whether the newcomer was
 * recorded, `scan_age_ms` the greatest age of the last full scan at any read. ROLLCALL_PIN_DIR names the table, which
 * can be read in any network namespace.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "hearing.h"
#include "view/snapshot.h"
#include "watch/reader.h"

#define HOSTS	1000
#define BATCH	64
#define NEWCOMER (HOSTS + 1)

struct flood {
	struct rollcall_table table;
	int fd;
	enum { ONE, EACH, MIXED } from;
	uint32_t names, made_up; /* frames of made-up names so far */
	uint64_t frames;	 /* to send */
	uint64_t until_ns;	 /* or the end of the flood */
	uint64_t scan_age_ns;
	unsigned long sent, calls, looks, missing;
	bool newcomer;
};

/* Hosts and the newcomer are node-N at 10.78.N. Made-up names are made-N, from 10.128.0.0 on. */
static void host_frame(const struct flood *f, struct frame *frame, uint16_t host)
{
	char name[16];

	snprintf(name, sizeof(name), "node-%u", host);
	frame_of(frame, &f->table.settings, name, host, 0);
}

static void made_up_frame(const struct flood *f, struct frame *frame, uint32_t number)
{
	enum { REFUSED, JOINS, MOVES, WAYS } way = f->from == ONE ? REFUSED : JOINS;
	uint64_t address = 0x0a800000;
	struct frame_spec spec;
	char name[16];

	if (f->from == MIXED) {
		way = number % WAYS;
		number /= WAYS;
	}
	if (way == MOVES) {
		snprintf(name, sizeof(name), "mover");
		address = 0x0a7f0000 + number % 2;
	} else {
		number %= f->names;
		snprintf(name, sizeof(name), way == REFUSED && f->from == MIXED ? "many-%u" : "made-%u", number);
		address += way == JOINS ? number + 1 : 0;
	}
	frame_defaults(&spec);
	spec.name.count = (uint32_t)strlen(name);
	memcpy(spec.name.bytes, name, spec.name.count);
	frame_set_number(&spec, FRAME_IP_SRC, address);
	frame_build(&spec, frame);
}

static int send_batch(struct flood *f, struct frame *frames, unsigned int count)
{
	struct iovec parts[BATCH];
	struct mmsghdr messages[BATCH] = {};
	unsigned int done = 0;

	for (unsigned int i = 0; i < count; i++) {
		parts[i] = (struct iovec){ frames[i].bytes, frames[i].count };
		messages[i].msg_hdr = (struct msghdr){ .msg_iov = &parts[i], .msg_iovlen = 1 };
	}
	while (done < count) {
		int sent = sendmmsg(f->fd, messages + done, count - done, 0);

		if (sent < 0 && errno != ENOBUFS && errno != EINTR)
			return -errno;
		done += sent > 0 ? (unsigned int)sent : 0;
	}
	f->sent += count;
	return 0;
}

static int call(struct flood *f, uint16_t host)
{
	static struct frame frame;

	host_frame(f, &frame, host);
	f->calls++;
	return send_batch(f, &frame, 1);
}

static int flood_batch(struct flood *f)
{
	static struct frame frames[BATCH];

	for (unsigned int i = 0; i < BATCH; i++)
		made_up_frame(f, &frames[i], f->made_up++);
	return send_batch(f, frames, BATCH);
}

static int look(struct flood *f)
{
	struct selection hosts = { .patterns = (char *const[]){ "node-*" }, .pattern_count = 1 };
	unsigned long found = 0;
	struct rollcall_state state;
	struct snapshot s;
	int err = snapshot_take(&f->table, &hosts, &s);

	if (err)
		return err;
	for (size_t i = 0; i < s.entries.count; i++) {
		unsigned long host = strtoul(s.entries.list[i].key.hostname + strlen("node-"), NULL, 10);

		found += host <= HOSTS;
		f->newcomer |= host == NEWCOMER;
	}
	if (!rollcall_state_read(&f->table, &state)) {
		uint64_t age_ns = rollcall_now_ns() - state.scanned_ns;

		f->scan_age_ns = age_ns > f->scan_age_ns ? age_ns : f->scan_age_ns;
	}
	f->looks++;
	if (HOSTS - found > f->missing)
		f->missing = HOSTS - found;
	snapshot_free(&s);
	return 0;
}

static unsigned long received(const struct flood *f)
{
	struct rollcall_counts counts;
	unsigned long sum = 0;

	if (rollcall_counts_read(&f->table, 0, &counts))
		return 0;
	for (int i = 0; i < ROLLCALL_OUTCOME_COUNT; i++)
		sum += counts.outcomes[i];
	return sum;
}

/* The announcements of the hosts are spread over the interval. The table is read after each tenth of it. */
static int run(struct flood *f)
{
	uint64_t interval_ns = f->table.settings.expiry_ns * 3 / 7, begun_ns, slot_ns = interval_ns / HOSTS, slot = 0;
	int err = 0;

	for (uint16_t host = 1; !err && host <= HOSTS; host++)
		err = call(f, host);
	begun_ns = rollcall_now_ns();
	while (!err && (f->until_ns ? rollcall_now_ns() < f->until_ns : f->made_up < f->frames)) {
		uint64_t now_slot = (rollcall_now_ns() - begun_ns) / slot_ns;

		for (; !err && slot < now_slot; slot++) {
			err = call(f, (uint16_t)(slot % HOSTS + 1));
			if (!err && slot % (HOSTS / 10) == 0)
				err = look(f);
		}
		if (!err && !f->until_ns && f->made_up / BATCH == f->frames / BATCH / 2)
			err = call(f, NEWCOMER);
		if (!err)
			err = flood_batch(f);
	}
	return err ? err : look(f);
}

static int open_socket(const char *ifname)
{
	struct sockaddr_ll at = { .sll_family = AF_PACKET, .sll_ifindex = (int)if_nametoindex(ifname) };
	owned_fd fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (const struct sockaddr *)&at, sizeof(at)))
		return -errno;
	return take_fd(&fd);
}

int main(int argc, char **argv)
{
	struct flood f = { .fd = -1 };
	const char *dir = getenv("ROLLCALL_PIN_DIR");
	char *unit;
	int err;

	if (argc != 5 || !dir || (strcmp(argv[2], "one") && strcmp(argv[2], "each") && strcmp(argv[2], "mixed")) || !strtoul(argv[3], NULL, 10)) {
		fprintf(stderr, "usage: ROLLCALL_PIN_DIR=DIR %s IFACE one|each|mixed NAMES FRAMES|SECONDSs\n", argv[0]);
		return 2;
	}
	f.from = !strcmp(argv[2], "one") ? ONE : !strcmp(argv[2], "each") ? EACH : MIXED;
	f.names = (uint32_t)strtoul(argv[3], NULL, 10);
	f.frames = strtoull(argv[4], &unit, 10);
	f.until_ns = *unit == 's' ? rollcall_now_ns() + f.frames * NS_PER_S : 0;
	err = reader_open(&f.table, dir);
	if (!err)
		err = f.fd = open_socket(argv[1]);
	if (err >= 0)
		err = run(&f);
	if (err < 0)
		fprintf(stderr, "%s: %s\n", argv[0], strerror(-err));
	else
		printf("{\"sent\":%lu,\"received\":%lu,\"calls\":%lu,\"looks\":%lu,\"missing\":%lu,\"newcomer\":%s,"
		       "\"scan_age_ms\":%llu}\n", f.sent,
		       received(&f), f.calls, f.looks, f.missing, f.newcomer ? "true" : "false",
		       (unsigned long long)(f.scan_age_ns / NS_PER_MS));
	cleanup_fd(&f.fd);
	rollcall_close(&f.table);
	return err < 0;
}

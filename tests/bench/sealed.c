// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The cost of the filter in a table with keys: sealed refreshes against plain ones by the same program, that of a mixed
 * table; and messages that it rejects against a plain refresh by the filter of a plain table.
 *
 * A sealed message refreshes an entry once. So a bare program sets the sequence of the entry to 0 before each run. What
 * that costs is measured too, and subtracted.
 */
#include "programs.h"
#include "sealed.h"

#define REPEAT 200000
#define SHORT_NAME "node-twelve1"
#define LONG_NAME  "a-name-of-sixty-three-bytes-which-is-the-most-that-dns-lets-be1"
#define OTHER_SHORT_NAME "node-twelve2"
#define OTHER_LONG_NAME  "a-name-of-sixty-three-bytes-which-is-the-most-that-dns-lets-be2"

enum figure { PASS, PLAIN, PLAIN_LONG, SAME, SAME_LONG, REWIND, SEALED, SEALED_LONG, BAD_SEAL, SOURCES, BAD_SOURCES, UNKNOWN, REPLAY, OTHER, FIGURES };

struct sealing {
	struct programs plain, sealed;
	struct frame frames[FIGURES];
	struct run runs[FIGURES];
	struct rollcall_peer_key keys[2];
	struct thing things[FIGURES];
};

/* A run whose entry is rewound before. */
struct rewinding {
	struct sealing *s;
	struct run *run;
	const struct rollcall_peer_key *key;
};

static int rewind_measure(void *context, double *ns)
{
	struct rewinding *r = context;

	r->s->sealed.bare->bss->rewound = *r->key;
	return run_measure(r->run, ns);
}

static void message_frame(struct frame *f, const char *name, struct message_spec message, bool summed)
{
	struct frame_spec spec;

	frame_defaults(&spec);
	frame_text_parse(name, &spec.name);
	if (!summed)
		frame_set_number(&spec, FRAME_UDP_CHECK, 0);
	sealed_prefix(&spec, &message);
	frame_build(&spec, f);
}

static int prepare_table(const struct programs *p)
{
	uint32_t id = SEALED_KEY_ID;

	p->rig.table.state->realtime_offset_ns = realtime_us() * 1000 - rollcall_now_ns();
	return bpf_map_update_elem(p->rig.table.keys_fd, &id, sealed_key, BPF_ANY) ? -errno : 0;
}

/* Every name joins; afterwards the entries are refreshed, or messages are rejected. */
static int join_all(const struct sealing *s)
{
	static const enum figure joining[] = { PLAIN, PLAIN_LONG, SAME, SAME_LONG, SEALED, SEALED_LONG };
	struct rollcall_counts counts;
	double ns;
	int err = 0;

	for (size_t i = 0; !err && i < sizeof(joining) / sizeof(joining[0]); i++) {
		struct run run = s->runs[joining[i]];

		run.prog_fd = i < 2 ? s->plain.rig.prog_fd : s->sealed.rig.prog_fd;
		run.carousel = NULL;
		run.repeat = 1;
		err = run_measure(&run, &ns);
	}
	if (!err)
		err = table_counts(&s->sealed.rig.table, 0, &counts);
	if (!err && counts.outcomes[ROLLCALL_JOINED] != 4)
		err = fail(0, NULL, "the hosts were not recorded");
	return err;
}

/* Two bytes as the BPF program reads them. */
static uint16_t raw16(const struct frame *f, uint32_t at)
{
	uint16_t word;

	memcpy(&word, f->bytes + at, sizeof(word));
	return word;
}

static struct run turned(const struct sealing *s, int prog_fd, enum figure figure, enum target target)
{
	const struct frame *f = &s->frames[figure];
	struct run run = run_of(&s->sealed, prog_fd, f, REPEAT);

	run.carousel = &s->sealed.bare->bss->turn;
	run.turn = (struct carousel){ .hosts = 1 << 20, .names_per_source = 1, .target = target };
	/* without the address, which changes */
	run.turn.ip_sum = (uint16_t)~raw16(f, f->network + 10);
	run.turn.ip_sum += (uint16_t)~frame_fold((uint64_t)raw16(f, f->network + 12) + raw16(f, f->network + 14));
	return run;
}

static void make_runs(struct sealing *s)
{
	const uint64_t now = realtime_us();
	const uint8_t wrong[16] = { 1 };

	frame_of(&s->frames[PLAIN], &s->plain.rig.table.settings, SHORT_NAME, 1, 0);
	frame_of(&s->frames[PLAIN_LONG], &s->plain.rig.table.settings, LONG_NAME, 2, 0);
	frame_of(&s->frames[SAME], &s->plain.rig.table.settings, OTHER_SHORT_NAME, 3, 0);
	frame_of(&s->frames[SAME_LONG], &s->plain.rig.table.settings, OTHER_LONG_NAME, 4, 0);
	message_frame(&s->frames[SEALED], SHORT_NAME, (struct message_spec){ 0, SEALED_KEY_ID, now, sealed_key }, true);
	message_frame(&s->frames[SEALED_LONG], LONG_NAME, (struct message_spec){ 0, SEALED_KEY_ID, now, sealed_key }, true);
	message_frame(&s->frames[BAD_SEAL], SHORT_NAME, (struct message_spec){ 0, SEALED_KEY_ID, now, wrong }, true);
	message_frame(&s->frames[BAD_SOURCES], SHORT_NAME, (struct message_spec){ 0, SEALED_KEY_ID, now, wrong }, false);
	message_frame(&s->frames[UNKNOWN], SHORT_NAME, (struct message_spec){ 0, SEALED_KEY_ID + 1, now, wrong }, true);
	s->frames[PASS] = s->frames[PLAIN];
	s->frames[REWIND] = s->frames[REPLAY] = s->frames[SEALED];
	s->frames[SOURCES] = s->frames[BAD_SOURCES];
	s->frames[OTHER] = s->frames[PLAIN];
	frame_put(&s->frames[OTHER], (s->frames[OTHER].network + 16) * 8, 32, 0x0a4d0001);
	s->keys[0] = rig_key(SHORT_NAME);
	s->keys[1] = rig_key(LONG_NAME);

	s->runs[PASS] = run_of(&s->plain, s->plain.pass_fd, &s->frames[PASS], REPEAT);
	s->runs[PLAIN] = run_of(&s->plain, s->plain.rig.prog_fd, &s->frames[PLAIN], REPEAT);
	s->runs[PLAIN_LONG] = run_of(&s->plain, s->plain.rig.prog_fd, &s->frames[PLAIN_LONG], REPEAT);
	s->runs[SAME] = run_of(&s->sealed, s->sealed.rig.prog_fd, &s->frames[SAME], REPEAT);
	s->runs[SAME_LONG] = run_of(&s->sealed, s->sealed.rig.prog_fd, &s->frames[SAME_LONG], REPEAT);
	s->runs[REWIND] = turned(s, s->sealed.rewind_fd, REWIND, TARGET_PASS);
	s->runs[SEALED] = turned(s, s->sealed.rewind_fd, SEALED, TARGET_OURS);
	s->runs[SEALED_LONG] = turned(s, s->sealed.rewind_fd, SEALED_LONG, TARGET_OURS);
	s->runs[SOURCES] = turned(s, s->sealed.sources_fd, SOURCES, TARGET_PASS);
	s->runs[BAD_SOURCES] = turned(s, s->sealed.sources_fd, BAD_SOURCES, TARGET_OURS);
	for (enum figure i = BAD_SEAL; i < FIGURES; i++)
		if (i != SOURCES && i != BAD_SOURCES)
			s->runs[i] = run_of(&s->sealed, s->sealed.rig.prog_fd, &s->frames[i], REPEAT);
}

/* AT_MOST 0: without a goal. */
static struct row row_for(const struct sealing *s, const char *figure, const char *versus, double at_most)
{
	struct row row = row_by(&s->plain, figure, versus, "ns", at_most);

	if (at_most <= 0)
		row.goal = STATED;
	return row;
}

static int measure(const struct bench *b, struct sealing *s)
{
	struct rewinding rewinding[3];
	int err;

	for (int i = 0; i < FIGURES; i++)
		s->things[i] = thing_by(run_measure, &s->runs[i]);
	for (int i = 0; i < 3; i++) {
		enum figure figure = REWIND + i;

		rewinding[i] = (struct rewinding){ s, &s->runs[figure], &s->keys[figure == SEALED_LONG] };
		s->things[figure] = thing_by(rewind_measure, &rewinding[i]);
		s->things[figure].less = i ? &s->things[REWIND] : NULL;
		s->things[figure].plus = i ? &s->things[PASS] : NULL;
	}
	s->things[BAD_SOURCES].less = &s->things[SOURCES];
	s->things[BAD_SOURCES].plus = &s->things[PASS];
	err = things_measure(s->things, FIGURES, b->rounds);
	if (err)
		return err;
#define ROW(figure, of, versus, base, most) row_write(row_for(s, figure, versus, most), &s->things[of], &s->things[base])
	ROW("sealed refresh, name of 12 bytes", SEALED, "plain refresh, same program", SAME, 1.6);
	ROW("sealed refresh, name of 63 bytes", SEALED_LONG, "plain refresh, same program", SAME_LONG, 1.8);
	ROW("sealed refresh, name of 12 bytes", SEALED, "plain refresh, plain table", PLAIN, 0);
	ROW("sealed refresh, name of 63 bytes", SEALED_LONG, "plain refresh, plain table", PLAIN_LONG, 0);
	ROW("bad seal, one source", BAD_SEAL, "plain refresh, plain table", PLAIN, 1.5);
	ROW("bad seal, random sources", BAD_SOURCES, "plain refresh, plain table", PLAIN, 1.5);
	ROW("unknown key", UNKNOWN, "plain refresh, plain table", PLAIN, 1.5);
	ROW("replay", REPLAY, "sealed refresh", SEALED, 1.5);
	ROW("frame not ours, in a table with keys", OTHER, s->plain.kind == TC ? "return TC_ACT_UNSPEC" : "return XDP_PASS", PASS, 1.10);
#undef ROW
	return 0;
}

/* Each frame had the outcome that its figure is about. */
static int check_outcomes(const struct bench *b, const struct sealing *s)
{
	const uint64_t runs = (uint64_t)REPEAT * b->rounds;
	struct rollcall_counts c;
	int err = table_counts(&s->sealed.rig.table, 0, &c);

	if (err)
		return err;
	if (c.outcomes[ROLLCALL_REFRESHED] < 2 * runs || c.outcomes[ROLLCALL_BAD_SEAL] < 2 * runs ||
	    c.outcomes[ROLLCALL_UNKNOWN_KEY] < runs || c.outcomes[ROLLCALL_STALE] < runs || c.outcomes[ROLLCALL_UNRECORDED])
		return fail(0, NULL, "a frame had another outcome: refreshed %llu, bad seal %llu, unknown key %llu, stale %llu",
			    (unsigned long long)c.outcomes[ROLLCALL_REFRESHED], (unsigned long long)c.outcomes[ROLLCALL_BAD_SEAL],
			    (unsigned long long)c.outcomes[ROLLCALL_UNKNOWN_KEY], (unsigned long long)c.outcomes[ROLLCALL_STALE]);
	return 0;
}

static int sealed_of(const struct bench *b, enum kind kind)
{
	static struct sealing s;
	struct rollcall_settings settings = ROLLCALL_DEFAULT_SETTINGS;
	const char *pin_dir = getenv("ROLLCALL_PIN_DIR");
	char dir[4000], other[4096];
	int err = programs_open(&s.plain, kind, ROLLCALL_MAX_PEERS, ROLLCALL_NAMES_PER_SOURCE);

	/* the messages are made once, and stay in the window for the whole measurement */
	settings.expiry_ns = 3600 * NS_PER_S;
	settings.refresh_ns = ROLLCALL_REFRESH_NS(settings.expiry_ns);
	settings.max_skew_ns = settings.expiry_ns / 2;
	settings.sealing = ROLLCALL_MIXED;
	snprintf(dir, sizeof(dir), "%s", pin_dir ? pin_dir : ""); /* setenv() invalidates what getenv() has returned */
	snprintf(other, sizeof(other), "%s-sealed", dir);
	setenv("ROLLCALL_PIN_DIR", other, 1);
	if (!err)
		err = programs_open_with(&s.sealed, kind, &settings);
	if (!err)
		err = prepare_table(&s.sealed);
	if (!err) {
		int fds[] = { s.plain.rig.prog_fd, s.plain.pass_fd, s.sealed.rig.prog_fd, s.sealed.rewind_fd, s.sealed.sources_fd };

		make_runs(&s);
		err = run_prepare(&s.plain, fds, 5);
	}
	if (!err)
		err = join_all(&s);
	if (!err)
		err = measure(b, &s);
	if (!err)
		err = check_outcomes(b, &s);
	programs_close(&s.sealed);
	if (pin_dir)
		setenv("ROLLCALL_PIN_DIR", dir, 1);
	programs_close(&s.plain);
	return err;
}

int bench_sealed(const struct bench *b)
{
	int err = sealed_of(b, XDP);

	return err ? err : sealed_of(b, TC);
}

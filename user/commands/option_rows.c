// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The list of options. */
#include <stddef.h>

#include "option.h"

#define FOR_SELECTION (FOR_PEERS | FOR_TOP | FOR_GET | FOR_WATCH | FOR_WAIT | FOR_HISTORY)

/* clang-format off */
const struct option_row option_rows[] = {
	{ OPT_MODE, GROUP_ATTACH, "mode", 0, "MODE", FOR_ATTACH, "attach point: auto, native, generic, tc, tcx or clsact (auto)" },
	{ OPT_CONSUME, GROUP_ATTACH, "consume", 0, NULL, FOR_ATTACH, "do not pass recorded announcements to the network stack" },
	{ OPT_KEEP, GROUP_ATTACH, "keep", 0, NULL, FOR_ATTACH, "leave filter and table in place on exit" },
	{ OPT_REPLACE, GROUP_ATTACH, "replace", 0, NULL, FOR_ATTACH, "recreate a table that was made with other settings" },

	{ OPT_MAX_PEERS, GROUP_TABLE, "max-peers", 0, "N", FOR_ATTACH, "maximum of live entries (16384)" },
	{ OPT_PER_SOURCE, GROUP_TABLE, "names-per-source", 0, "N", FOR_ATTACH, "maximum of hostnames per source address, 0: no limit (16)" },
	{ OPT_EXPIRY, GROUP_TABLE, "expiry", 0, "T", FOR_ATTACH, "remove an entry T after its last announcement, 1s..168h (35s)" },
	{ OPT_KEY, GROUP_TABLE, "key", 0, "FILE", FOR_ATTACH, "record only announcements sealed with a key of FILE, and seal those of this host" },
	{ OPT_ACCEPT_UNSEALED, GROUP_TABLE, "accept-unsealed", 0, NULL, FOR_ATTACH, "with --key: also record announcements without a seal" },
	{ OPT_MAX_SKEW, GROUP_TABLE, "max-skew", 0, "T", FOR_ATTACH, "with --key: maximum difference of a sender's clock (10s)" },
	{ OPT_IGNORE_GOODBYE, GROUP_TABLE, "ignore-goodbye", 0, NULL, FOR_ATTACH, "goodbyes without a seal have no effect" },

	{ OPT_ANNOUNCE, GROUP_ANNOUNCE, "announce", 0, NULL, FOR_ATTACH, "also announce this host" },
	{ OPT_HOSTNAME, GROUP_ANNOUNCE, "hostname", 0, "NAME", FOR_ATTACH | FOR_ANNOUNCE, "announce NAME instead of this host's name" },
	{ OPT_INTERVAL, GROUP_ANNOUNCE, "interval", 0, "T", FOR_ATTACH | FOR_ANNOUNCE, "time between two announcements, 100ms..168h (15s)" },
	{ OPT_KEY, GROUP_ANNOUNCE, "key", 0, "FILE", FOR_ANNOUNCE, "seal announcements with the first key of FILE" },
	{ OPT_ALSO_PLAIN, GROUP_ANNOUNCE, "also-plain", 0, NULL, FOR_ANNOUNCE, "with --key: also send plain announcements" },
	{ OPT_ALSO_PLAIN, GROUP_ANNOUNCE, "also-plain", 0, NULL, FOR_ATTACH, "with --key: also announce without a seal" },
	{ OPT_COUNT, GROUP_ANNOUNCE, "count", 0, "N", FOR_ANNOUNCE, "exit after N announcements" },
	{ OPT_ALL_LINKS, GROUP_ANNOUNCE, "all-links", 0, NULL, FOR_ANNOUNCE, "without IFACE: also announce on several interfaces of one subnet" },
	{ OPT_EXCLUDE, GROUP_ANNOUNCE, "exclude", 0, "GLOB", FOR_ANNOUNCE, "without IFACE: not on interfaces that match GLOB; may be repeated" },
	{ OPT_IPV4, GROUP_ANNOUNCE, "ipv4", '4', NULL, FOR_ANNOUNCE, "announce only over IPv4" },
	{ OPT_IPV6, GROUP_ANNOUNCE, "ipv6", '6', NULL, FOR_ANNOUNCE, "announce only over IPv6" },

	{ OPT_GROUP, GROUP_WIRE, "group", 0, "A", FOR_ATTACH | FOR_ANNOUNCE, "IPv4 multicast group (239.2.3.4)" },
	{ OPT_GROUP6, GROUP_WIRE, "group6", 0, "A", FOR_ATTACH | FOR_ANNOUNCE, "IPv6 multicast group (ff02::ef02:304)" },
	{ OPT_PORT, GROUP_WIRE, "port", 0, "N", FOR_ATTACH | FOR_ANNOUNCE, "UDP port (49001)" },
	{ OPT_PREFIX, GROUP_WIRE, "prefix", 0, "S", FOR_ATTACH | FOR_ANNOUNCE, "text before the hostname in an announcement (multitastic:)" },
	{ OPT_IPV4, GROUP_WIRE, "ipv4", '4', NULL, FOR_ATTACH, "receive and announce only over IPv4" },
	{ OPT_IPV6, GROUP_WIRE, "ipv6", '6', NULL, FOR_ATTACH, "receive and announce only over IPv6" },

	{ OPT_DB, GROUP_HISTORY, "db", 0, "FILE", FOR_RECORD | FOR_HISTORY | FOR_MISSING | FOR_SERVE, "the database (/var/lib/rollcall/history.db)" },
	{ OPT_RETAIN, GROUP_HISTORY, "retain", 0, "T", FOR_RECORD, "remove what ended longer than T ago (90d)" },
	{ OPT_MAX_SIZE, GROUP_HISTORY, "max-size", 0, "SIZE", FOR_RECORD, "remove the oldest if the database is larger than SIZE (1G)" },

	{ OPT_LISTEN, GROUP_HTTP, "listen", 0, "ADDR:PORT", FOR_SERVE, "address and TCP port of the server (127.0.0.1:49001)" },
	{ OPT_HOST, GROUP_HTTP, "host", 0, "NAME", FOR_SERVE, "also answer requests to the hostname NAME; may be repeated" },
	{ OPT_EXPECT, GROUP_HTTP, "expect", 0, "FILE", FOR_SERVE, "add rollcall_host_up of each host in FILE to /metrics" },
	{ OPT_HOST_SERIES, GROUP_HTTP, "host-series", 0, NULL, FOR_SERVE, "add rollcall_host_info of each host that is here to /metrics" },
	{ OPT_MAX_SERIES, GROUP_HTTP, "max-series", 0, "N", FOR_SERVE, "with --host-series: maximum of these series (10000)" },

	{ OPT_ALL, GROUP_SELECT, "all", 'a', NULL, FOR_DETACH, "detach every interface and remove the table" },
	{ OPT_INTERFACE, GROUP_SELECT, "interface", 'i', "IFACE", FOR_PEERS | FOR_TOP | FOR_GET | FOR_WATCH | FOR_HISTORY, "only hosts that were received on IFACE" },
	{ OPT_IPV4, GROUP_SELECT, "ipv4", '4', NULL, FOR_SELECTION, "only IPv4 addresses" },
	{ OPT_IPV6, GROUP_SELECT, "ipv6", '6', NULL, FOR_SELECTION, "only IPv6 addresses" },
	{ OPT_COUNT, GROUP_SELECT, "count", 0, "N", FOR_WAIT, "wait until at least N hosts are here" },
	{ OPT_SINCE, GROUP_SELECT, "since", 0, "T", FOR_HISTORY, "a duration before now, or a time in UTC such as 2026-11-27T10:00 (7d)" },
	{ OPT_UNTIL, GROUP_SELECT, "until", 0, "T", FOR_HISTORY, "the same (now)" },
	{ OPT_SINCE, GROUP_SELECT, "since", 0, "T", FOR_MISSING, "hosts that were here since T, a duration or a time (7d)" },
	{ OPT_EXPECT, GROUP_SELECT, "expect", 0, "FILE", FOR_MISSING, "the hosts in FILE instead, one hostname per line" },
	{ OPT_TIMEOUT, GROUP_SELECT, "timeout", 0, "T", FOR_WAIT, "exit with status 1 after T" },

	{ OPT_ALL, GROUP_OUTPUT, "all", 'a', NULL, FOR_GET, "print every address of the host, one per line" },
	{ OPT_ALL, GROUP_OUTPUT, "all", 'a', NULL, FOR_PEERS, "print one line per entry instead of one per host" },
	{ OPT_ALL, GROUP_OUTPUT, "all", 'a', NULL, FOR_TOP, "show one line per entry instead of one per host" },
	{ OPT_ALL, GROUP_OUTPUT, "all", 'a', NULL, FOR_HISTORY, "print one line per entry instead of one per stay of a host" },
	{ OPT_LAST, GROUP_OUTPUT, "last", 0, NULL, FOR_HISTORY, "print when each host was last seen, one line per host" },
	{ OPT_TIMELINE, GROUP_OUTPUT, "timeline", 't', NULL, FOR_HISTORY, "print a time line, one row per host" },
	{ OPT_SORT, GROUP_OUTPUT, "sort", 's', "COLUMN", FOR_PEERS | FOR_TOP, "hostname, address, interface, age, expires, since, received, note or none" },
	{ OPT_SELF, GROUP_OUTPUT, "self", 0, NULL, FOR_PEERS, "also list this host" },
	{ OPT_FIELDS, GROUP_OUTPUT, "fields", 0, "A,B,...", FOR_PEERS, "print only these columns of text, or keys of JSON and TSV" },
	{ OPT_REVERSE, GROUP_OUTPUT, "reverse", 'r', NULL, FOR_PEERS | FOR_TOP, "sort in the opposite order" },
	{ OPT_NO_HEADER, GROUP_OUTPUT, "no-header", 'H', NULL, FOR_PEERS | FOR_HISTORY, "do not print the header" },
	{ OPT_COUNT_HOSTS, GROUP_OUTPUT, "count", 'c', NULL, FOR_PEERS, "print only the number of hosts" },
	{ OPT_FORMAT, GROUP_OUTPUT, "format", 'f', "F", FOR_PEERS, "text, tsv, json, hosts (as /etc/hosts), names or ansible (text)" },
	{ OPT_JSON, GROUP_OUTPUT, "json", 'j', NULL, FOR_PEERS, "print JSON, as -f json does" },
	{ OPT_JSON, GROUP_OUTPUT, "json", 'j', NULL, FOR_ATTACH | FOR_WATCH, "print events as JSON, one object per line" },
	{ OPT_JSON, GROUP_OUTPUT, "json", 'j', NULL, FOR_STATUS | FOR_HISTORY | FOR_MISSING, "print JSON" },
	{ OPT_CHECK, GROUP_OUTPUT, "check", 0, NULL, FOR_STATUS, "print only what is wrong, and exit with status 1 if there is any" },
	{ OPT_REQUIRE_PEERS, GROUP_OUTPUT, "require-peers", 0, NULL, FOR_STATUS, "with --check: an interface that is quiet is wrong too" },
	{ OPT_OUTPUT, GROUP_OUTPUT, "output", 'o', "FILE", FOR_PEERS | FOR_METRICS, "replace FILE atomically; -: standard output" },
	{ OPT_FOLLOW, GROUP_OUTPUT, "follow", 0, NULL, FOR_PEERS, "with -o: replace FILE at each change, at most once per second" },
	{ OPT_SD, GROUP_OUTPUT, "sd", 0, NULL, FOR_METRICS, "print the hosts as Prometheus targets (file_sd) instead" },
	{ OPT_SD_PORT, GROUP_OUTPUT, "sd-port", 0, "N", FOR_METRICS, "port of the targets (9100)" },
	{ OPT_EXEC, GROUP_OUTPUT, "exec", 0, "PROG", FOR_WATCH, "run PROG for each event, with ROLLCALL_* in its environment" },
	{ OPT_EXEC_TIMEOUT, GROUP_OUTPUT, "exec-timeout", 0, "T", FOR_WATCH, "terminate a PROG that runs longer than T (30s)" },

	{ OPT_PIN_DIR, GROUP_GENERAL, "pin-dir", 0, "DIR", FOR_EVERY & ~(FOR_ANNOUNCE | FOR_HISTORY | FOR_GENKEY), "directory of the table (/sys/fs/bpf/rollcall)" },
	{ OPT_QUIET, GROUP_GENERAL, "quiet", 'q', NULL, FOR_ANNOUNCE, "print only what goes wrong" },
	{ OPT_VERBOSE, GROUP_GENERAL, "verbose", 'v', NULL, FOR_EVERY, "also print each attempt" },
	{ OPT_HELP, GROUP_GENERAL, "help", 'h', NULL, FOR_EVERY, "print this help" },
	{ OPT_VERSION, GROUP_GENERAL, "version", 'V', NULL, FOR_EVERY, "print the version" },
	{ .name = NULL },
};
/* clang-format on */

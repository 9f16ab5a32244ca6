/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A LAN of two hosts for the oracle: a veth pair between two network namespaces without names, which are removed with
 * the process. A raw sender is at one end, and the sockets that are the oracle are at the other end.
 *
 * The sender's end has no addresses and sends nothing by itself. Frames of the receiver's kernel (MLD, router
 * solicitations) are sent in the other direction, where nothing receives them.
 */
#ifndef ROLLCALL_TESTS_ORACLE_LAN_H
#define ROLLCALL_TESTS_ORACLE_LAN_H

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <linux/virtio_net.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/socket.h>

#include <rollcall/wire.h>

#include "base/cleanup.h"
#include "frame_bytes.h"
#include "base/message.h"

#define LAN_DEVICE    "eth0"
#define LAN_MAC	      0x020000000001ULL
#define LAN_MAC_TEXT  "02:00:00:00:00:01"
#define LAN_ADDRESS	 { 10, 77, 0, 1 }
#define LAN_ADDRESS_TEXT "10.77.0.1"
#define LAN_BURST_MAX 128 /* frames at once; the ring of a veth with native XDP has room for 256 */

#ifndef IPV6_MULTICAST_ALL
#define IPV6_MULTICAST_ALL 29
#endif

static const uint8_t lan_group4[4] = ROLLCALL_GROUP4, lan_group6[16] = ROLLCALL_GROUP6;

struct lan {
	uint32_t ifindex; /* of the receiver; the process is in its namespace */
	int raw, udp4, udp6;
};

/* Set before any device exists, so that they apply to all. */
static const char *const lan_sysctls[][2] = {
	{ "ipv4/conf/all/rp_filter", "0" },	    { "ipv4/conf/default/rp_filter", "0" },
	{ "ipv4/conf/all/accept_local", "0" },	    { "ipv4/conf/default/accept_local", "0" },
	{ "ipv4/conf/all/route_localnet", "0" },    { "ipv4/conf/default/route_localnet", "0" },
	{ "ipv6/conf/all/disable_ipv6", "0" },	    { "ipv6/conf/default/disable_ipv6", "0" },
	{ "ipv6/conf/default/accept_dad", "0" },    { "ipv6/conf/default/router_solicitations", "0" },
};

static inline int lan_sysctl(const char *name, const char *value)
{
	char path[128];
	owned_fd fd = -1;

	snprintf(path, sizeof(path), "/proc/sys/net/%s", name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, value, strlen(value)) < 0)
		return fail(-errno, NULL, "cannot write '%s'", path);
	return 0;
}

static inline int lan_command(const char *command)
{
	int status = system(command); /* NOLINT(cert-env33-c): a test; the command has no untrusted parts */

	return status ? fail(-ECHILD, NULL, "this failed: %s", command) : 0;
}

/* Make two namespaces. This process is then in the second one. Returns 0 or -errno, reported. */
static inline int lan_make(struct lan *lan, int mtu, int *sender_ns)
{
	char command[512];
	int err = 0;

	*sender_ns = -1;
	if (unshare(CLONE_NEWNET | CLONE_NEWNS) || lan_sysctl("ipv6/conf/default/disable_ipv6", "1"))
		return fail(-errno, NULL, "cannot make a network namespace");
	*sender_ns = open("/proc/thread-self/ns/net", O_RDONLY); /* inherited by 'ip' */
	/* a BPF file system that only this process has */
	if (*sender_ns < 0 || unshare(CLONE_NEWNET) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("oracle", "/sys/fs/bpf", "bpf", 0, NULL))
		return fail(-errno, NULL, "cannot make namespaces");
	for (size_t i = 0; !err && i < sizeof(lan_sysctls) / sizeof(lan_sysctls[0]); i++)
		err = lan_sysctl(lan_sysctls[i][0], lan_sysctls[i][1]);
	if (err)
		return err;
	snprintf(command, sizeof(command),
		 "ip link set lo up && "
		 "ip link add " LAN_DEVICE " numtxqueues 1 numrxqueues 1 mtu %d address " LAN_MAC_TEXT " type veth"
		 " peer name peer0 numtxqueues 1 numrxqueues 1 mtu %d netns /proc/self/fd/%d && "
		 "ip addr add " LAN_ADDRESS_TEXT "/24 dev " LAN_DEVICE " && "
		 "ip addr add 2001:db8::1/64 dev " LAN_DEVICE " nodad && "
		 "ip link set " LAN_DEVICE " up && nsenter --net=/proc/self/fd/%d ip link set peer0 up",
		 mtu, mtu, *sender_ns, *sender_ns);
	err = lan_command(command);
	lan->ifindex = if_nametoindex(LAN_DEVICE);
	return err;
}

/*
 * Let the receiver's end merge datagrams of one flow by FEATURE, and wait a moment for further datagrams, because each
 * is sent by a separate system call. Returns 0 or -errno, reported.
 */
static inline int lan_merge(const char *feature)
{
	char command[512];

	snprintf(command, sizeof(command),
		 "ethtool -K " LAN_DEVICE " gro on %s on && unshare --mount sh -c 'mount -t sysfs sysfs /sys && "
		 "cd /sys/class/net/" LAN_DEVICE " && echo 1 >napi_defer_hard_irqs && echo 2000000 >gro_flush_timeout'",
		 feature);
	return lan_command(command);
}

/* Open the raw socket at the sender's end. It bypasses the queueing discipline, and can mark frames as offloaded. */
static inline int lan_open_raw(struct lan *lan, int sender_ns)
{
	struct sockaddr_ll to = { .sll_family = AF_PACKET };
	owned_fd here = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	int on = 1, err = 0;

	if (here < 0 || setns(sender_ns, CLONE_NEWNET))
		return fail(-errno, NULL, "cannot enter the sender's namespace");
	to.sll_ifindex = (int)if_nametoindex("peer0");
	lan->raw = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (lan->raw < 0 || setsockopt(lan->raw, SOL_PACKET, PACKET_VNET_HDR, &on, sizeof(on)) ||
	    setsockopt(lan->raw, SOL_PACKET, PACKET_QDISC_BYPASS, &on, sizeof(on)) ||
	    bind(lan->raw, (struct sockaddr *)&to, sizeof(to)))
		err = fail(-errno, NULL, "cannot open a raw socket");
	if (setns(here, CLONE_NEWNET))
		return fail(-errno, NULL, "cannot go back");
	return err;
}

static inline int lan_open_udp4(struct lan *lan)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(ROLLCALL_PORT) };
	struct ip_mreqn join = { .imr_ifindex = (int)lan->ifindex };
	int on = 1, off = 0, room = 32 << 20, fd;

	memcpy(&join.imr_multiaddr, lan_group4, sizeof(lan_group4));
	fd = lan->udp4 = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 || setsockopt(fd, IPPROTO_IP, IP_MULTICAST_ALL, &off, sizeof(off)) ||
	    setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof(on)) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)) ||
	    setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &join, sizeof(join)) ||
	    bind(fd, (struct sockaddr *)&at, sizeof(at)))
		return fail(-errno, NULL, "cannot open an IPv4 socket");
	return 0;
}

static inline int lan_open_udp6(struct lan *lan)
{
	struct sockaddr_in6 at = { .sin6_family = AF_INET6, .sin6_port = htons(ROLLCALL_PORT) };
	struct ipv6_mreq join = { .ipv6mr_interface = lan->ifindex };
	int on = 1, off = 0, room = 32 << 20, fd;

	memcpy(&join.ipv6mr_multiaddr, lan_group6, sizeof(lan_group6));
	fd = lan->udp6 = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 || setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on)) ||
	    setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_ALL, &off, sizeof(off)) ||
	    setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof(on)) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)) ||
	    setsockopt(fd, IPPROTO_IPV6, IPV6_ADD_MEMBERSHIP, &join, sizeof(join)) ||
	    bind(fd, (struct sockaddr *)&at, sizeof(at)))
		return fail(-errno, NULL, "cannot open an IPv6 socket");
	return 0;
}

/*
 * Make the LAN, on one CPU so that frames stay in order. The process is then in other namespaces. Returns 0 or -errno,
 * reported.
 */
static inline int lan_open(struct lan *lan, int mtu)
{
	owned_fd sender_ns = -1;
	cpu_set_t cpus;
	int err;

	*lan = (struct lan){ 0, -1, -1, -1 };
	CPU_ZERO(&cpus);
	CPU_SET((unsigned int)sched_getcpu(), &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus))
		return fail(-errno, NULL, "cannot stay on one CPU");
	err = lan_make(lan, mtu, &sender_ns);
	if (!err)
		err = lan_open_raw(lan, sender_ns);
	if (!err)
		err = lan_open_udp4(lan);
	return err ? err : lan_open_udp6(lan);
}

/* Disable reassembly, so that fragments of different frames are not combined by chance. */
static inline int lan_drop_fragments(void)
{
	static const char *const limits[] = { "ipv4/ipfrag_low_thresh", "ipv4/ipfrag_high_thresh",
					      "ipv6/ip6frag_low_thresh", "ipv6/ip6frag_high_thresh" };
	int err = 0;

	for (int i = 0; !err && i < 4; i++)
		err = lan_sysctl(limits[i], "0");
	return err;
}

/* Send COUNT frames, at most LAN_BURST_MAX, in order. Returns 0 or -errno, reported. */
static inline int lan_send(const struct lan *lan, const struct frame *frames, uint32_t count)
{
	struct virtio_net_hdr marks[LAN_BURST_MAX] = {};
	struct iovec parts[LAN_BURST_MAX][2];
	struct mmsghdr messages[LAN_BURST_MAX] = {};
	uint32_t sent = 0;
	int n;

	for (uint32_t i = 0; i < count; i++) {
		if (frames[i].linear < frames[i].count)
			marks[i].hdr_len = (uint16_t)frames[i].linear;
		if (frames[i].offloaded)
			marks[i] = (struct virtio_net_hdr){ .flags = VIRTIO_NET_HDR_F_NEEDS_CSUM,
							    .csum_start = (uint16_t)frames[i].udp,
							    .csum_offset = 6 };
		parts[i][0] = (struct iovec){ &marks[i], sizeof(marks[i]) };
		parts[i][1] = (struct iovec){ (void *)frames[i].bytes, frames[i].count };
		messages[i].msg_hdr.msg_iov = parts[i];
		messages[i].msg_hdr.msg_iovlen = 2;
	}
	for (; sent < count; sent += (uint32_t)n) {
		n = sendmmsg(lan->raw, messages + sent, count - sent, 0);
		if (n < 0)
			return fail(-errno, NULL, "cannot send a frame of %u bytes", frames[sent].count);
	}
	return 0;
}

#endif

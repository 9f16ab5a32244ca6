/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Requests to rtnetlink. The other files of this directory use it: links (netdev.h), addresses (addresses.h)
 * and notices (netwatch.h). It requires only libc: rollcall-announce is built from this directory, also
 * against a libc for which no distribution has libraries.
 *
 * Requests use the number of an interface where it is known, because a name can move to another
 * interface between two requests.
 */
#ifndef ROLLCALL_NETLINK_H
#define ROLLCALL_NETLINK_H

#include <linux/rtnetlink.h>
#include <stddef.h>
#include <stdint.h>

/* A request, with room for the fixed part and one interface name of 127 characters. */
struct netlink_request {
	struct nlmsghdr header;
	char body[256];
};

/*
 * Begin a request: TYPE is RTM_GET* or RTM_SETLINK. FLAGS is NLM_F_DUMP for a list, or 0 for one object. Returns its
 * fixed part, zeroed, which has BYTES bytes. Attributes may be added with netlink_put_text().
 */
void *netlink_begin(struct netlink_request *request, uint16_t type, uint16_t flags, size_t bytes);

/* Add an attribute TYPE with TEXT and its NUL. It fits if TEXT is an interface name, of either kind. */
void netlink_put_text(struct netlink_request *request, uint16_t type, const char *text);

/* The same with any content. It fits if BYTES is small. */
void netlink_put(struct netlink_request *request, uint16_t type, const void *content, size_t bytes);
/* Begin an attribute whose content is attributes, and end it. */
struct nlattr *netlink_nest(struct netlink_request *request, uint16_t type);
void netlink_nest_end(const struct netlink_request *request, struct nlattr *nest);

/* Called for each object of the answer. MESSAGE is valid during the call. A value other than 0 ends the walk. */
typedef int (*netlink_visit)(const struct nlmsghdr *message, void *context);

/*
 * Send the request and visit its answer. Returns 0, the kernel's -errno, -ETIMEDOUT, or the value of
 * VISIT. -EINTR: the whole list was visited, but it changed meanwhile, so that objects may be
 * missing or may have been visited twice. Nothing is logged.
 */
int netlink_ask(struct netlink_request *request, netlink_visit visit, void *context);

#define NETLINK_WHY_BYTES 128

/*
 * Send a request that changes something. Returns 0, the kernel's -errno, or -ETIMEDOUT. WHY is set to the message of
 * the kernel (its extended acknowledgement), which may be truncated, or to "". Nothing is logged.
 */
int netlink_change(struct netlink_request *request, char why[NETLINK_WHY_BYTES]);

/* Called for each attribute, which is valid during the call. */
typedef void (*attr_visit)(const struct nlattr *attr, void *context);

/* Visit the attributes of MESSAGE behind its fixed part of BYTES bytes, or those nested in ATTR. */
void attr_walk(const struct nlmsghdr *message, size_t bytes, attr_visit visit, void *context);
void attr_walk_nested(const struct nlattr *attr, attr_visit visit, void *context);

/* The type of an attribute, without the flags that share its number (NLA_F_*). */
static inline unsigned int attr_type(const struct nlattr *attr)
{
	return attr->nla_type & NLA_TYPE_MASK;
}

static inline const void *attr_payload(const struct nlattr *attr)
{
	return (const char *)attr + NLA_HDRLEN;
}

static inline size_t attr_bytes(const struct nlattr *attr)
{
	return attr->nla_len - (size_t)NLA_HDRLEN;
}

/* The number in the attribute; or 0 if the attribute has another size. */
uint8_t attr_u8(const struct nlattr *attr);
uint32_t attr_u32(const struct nlattr *attr);

/* Copy a text to TEXT, which has ROOM bytes, with a NUL at its end. A longer text is truncated. */
void attr_text(const struct nlattr *attr, char *text, size_t room);

/* Open a non-blocking socket that is a member of GROUPS (RTMGRP_*). Returns a descriptor or -errno. */
int netlink_open(uint32_t groups);

#endif

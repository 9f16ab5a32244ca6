// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Names and addresses as text, safe for any terminal, script or document. */
#include <net/if.h>
#include <string.h>

#include "name.h"
#include "put.h"

char *rollcall_put_name(char *at, const struct rollcall_entry *entry)
{
	const char *name = entry->key.hostname;

	for (size_t i = 0; i < ROLLCALL_NAME_TEXT - 1 && name[i]; i++)
		*at++ = (char)(hostname_has(name[i]) ? name[i] : '?');
	return at;
}

char *rollcall_name_text(const struct rollcall_entry *entry, char text[ROLLCALL_NAME_TEXT])
{
	*rollcall_put_name(text, entry) = '\0';
	return text;
}

static char *put_byte(char *at, unsigned int byte)
{
	return put_digits(at, byte, byte >= 100 ? 3 : byte >= 10 ? 2 : 1);
}

static char *put_ipv4(char *at, const uint8_t bytes[4])
{
	for (int i = 0; i < 4; i++)
		at = put_char(put_byte(at, bytes[i]), '.');
	return at - 1;
}

static unsigned int word(const uint8_t bytes[16], int i)
{
	const uint8_t *at = bytes + (size_t)i * 2;

	return (unsigned int)at[0] << 8 | at[1];
}

static char *put_word(char *at, unsigned int word)
{
	for (int bits = 12; bits >= 0; bits -= 4)
		if (word >> bits || !bits)
			at = put_hex_digit(at, word >> bits);
	return at;
}

/* Returns how many words are zero; FIRST is the first of them. What is shorter than two words stays. */
static int find_zeros(const uint8_t bytes[16], int *first)
{
	int longest = 1, run = 0;

	*first = 8;
	for (int i = 0; i < 8; i++) {
		run = word(bytes, i) ? 0 : run + 1;
		if (run > longest) {
			longest = run;
			*first = i + 1 - run;
		}
	}
	return *first < 8 ? longest : 0;
}

/* As inet_ntop(3) has it (RFC 5952), whose IPv4 addresses in IPv6 ones read as such too. */
static char *put_ipv6(char *at, const uint8_t bytes[16])
{
	int first, zeros = find_zeros(bytes, &first);
	bool has_ipv4 = !first && (zeros == 6 || (zeros == 5 && word(bytes, 5) == 0xffff));

	for (int i = 0; i < (has_ipv4 ? 6 : 8); i++) {
		if (i == first)
			at = put_bytes(at, "::", 2);
		if (i >= first && i < first + zeros)
			continue;
		if (i && i != first + zeros)
			at = put_char(at, ':');
		at = put_word(at, word(bytes, i));
	}
	if (!has_ipv4)
		return at;
	if (zeros == 5)
		at = put_char(at, ':');
	return put_ipv4(at, bytes + 12);
}

char *rollcall_put_address(char *at, const struct rollcall_entry *entry, const char *ifname)
{
	const struct rollcall_peer *peer = &entry->peer;

	if (entry->key.family == ROLLCALL_FAMILY_IPV4)
		return put_ipv4(at, peer->ipv4);
	at = put_ipv6(at, peer->ipv6);
	if (peer->ipv6[0] == 0xfe && (peer->ipv6[1] & 0xc0) == 0x80) /* fe80::/10, RFC 4007 */
		at = put_bytes(put_char(at, '%'), ifname, strnlen(ifname, ROLLCALL_IFNAME_TEXT - 1));
	return at;
}

char *rollcall_address_text(const struct rollcall_entry *entry, const char *ifname, char text[ROLLCALL_ADDRESS_TEXT])
{
	*rollcall_put_address(text, entry, ifname) = '\0';
	return text;
}

char *rollcall_ifname_text(const struct rollcall_attachment slots[ROLLCALL_SLOTS], uint32_t ifindex,
			   char text[ROLLCALL_IFNAME_TEXT])
{
	char *end = text;
	int slot = 0;

	while (slot < ROLLCALL_SLOTS && slots[slot].ifindex != ifindex)
		slot++;
	if (slot < ROLLCALL_SLOTS)
		end = put_bytes(text, slots[slot].ifname, strnlen(slots[slot].ifname, IF_NAMESIZE - 1));
	else if (if_indextoname(ifindex, text))
		end += strlen(text);
	else
		end = put_decimal(put_bytes(text, "if", 2), ifindex);
	*end = '\0';
	for (char *c = text; *c; c++)
		if (*c <= ' ' || *c >= 0x7f) /* dev_valid_name() in net/core/dev.c allows escape sequences */
			*c = '?';
	return text;
}

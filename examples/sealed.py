#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Sealed announcements without rollcall, over IPv4. rollcall(7) specifies them.
#
#	sealed.py KEYFILE send ADDRESS NAME [bye]	send an announcement, or a goodbye, from this address of an interface
#	sealed.py KEYFILE check ADDRESS			print the messages that are received on its interface
import base64, ipaddress, socket, struct, sys, time

GROUP, PORT, GOODBYE, WINDOW = '239.2.3.4', 49001, 1, 10_000_000

def siphash(key, data):  # SipHash-2-4
    v = [a ^ b for a, b in zip(struct.unpack('<QQ', key) * 2, struct.unpack('>4Q', b'somepseudorandomlygeneratedbytes'))]
    rotate = lambda word, bits: (word << bits | word >> 64 - bits) & (1 << 64) - 1
    def rounds(count):
        for a, b, bits, turn in ((0, 1, 13, 32), (2, 3, 16, 0), (0, 3, 21, 0), (2, 1, 17, 32)) * count:
            v[a] = v[a] + v[b] & (1 << 64) - 1
            v[b] = rotate(v[b], bits) ^ v[a]
            v[a] = rotate(v[a], turn)
    for word, in struct.iter_unpack('<Q', data + bytes(7 - len(data) % 8) + bytes([len(data) % 256])):
        v[3] ^= word
        rounds(2)
        v[0] ^= word
    v[2] ^= 255
    rounds(4)
    return struct.pack('<Q', v[0] ^ v[1] ^ v[2] ^ v[3])

def seal(key, source, payload):  # SOURCE: 16 bytes, IPv4 as ::ffff:a.b.c.d
    return siphash(key, source + payload[:20] + payload[28:])

def mapped(address):
    address = ipaddress.ip_address(address.split('%')[0])
    return address.packed if address.version == 6 else bytes(10) + b'\xff\xff' + address.packed

def make(key, number, flags, sequence, source, name):
    head = struct.pack('>10sBBQ', b'rollcall1:', flags, number, sequence)
    return head + seal(key, mapped(source), head + bytes(8) + name) + name

def check(keys, address, payload, now):  # what a receiver does with a message: None, or why it is rejected
    if not payload.startswith(b'rollcall1:') or not 29 <= len(payload) <= 92 or payload[10] & ~GOODBYE:
        return 'bad message'
    if payload[11] not in keys:
        return 'unknown key'
    if seal(keys[payload[11]], mapped(address), payload) != payload[20:28]:
        return 'bad seal'
    return None if abs(now - int.from_bytes(payload[12:20], 'big')) <= WINDOW else 'stale'

def read_keys(path):
    lines = [line.strip().split(':') for line in open(path) if line.strip() and not line.startswith('#')]
    return {int(number): base64.b64decode(key) for number, key in lines}

def main(path, what, address, name='', bye=''):
    keys = read_keys(path)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        if what == 'send':
            number, key = next(iter(keys.items()))
            s.bind((address, 0))
            s.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(address))
            s.sendto(make(key, number, bye == 'bye', time.time_ns() // 1000, address, name.encode()), (GROUP, PORT))
            return
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.bind(('', PORT))
        s.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, socket.inet_aton(GROUP) + socket.inet_aton(address))
        print('listening', flush=True)
        last = {}  # the sequence of each host: an older message is a repeated one
        while True:
            payload, (sender, _) = s.recvfrom(2048)
            fault = check(keys, sender, payload, time.time_ns() // 1000)
            if not fault and payload[12:20] <= last.get(payload[28:].lower(), b''):
                fault = 'repeated'
            if not fault:
                last[payload[28:].lower()] = payload[12:20]
            print(sender, fault or ('goodbye' if payload[10] else 'announcement'), ascii(payload[28:]), flush=True)

if __name__ == '__main__':
    main(*sys.argv[1:])

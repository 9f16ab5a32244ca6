#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Sealed announcements without rollcall, over IPv4. rollcall(7) specifies them.
#
#	sealed.py KEYFILE send ADDRESS NAME [bye]	send an announcement, or a goodbye, from this address of an interface
#	sealed.py KEYFILE check ADDRESS			print the messages that are received on its interface
import ipaddress, socket, struct, sys, time
from base64 import b64decode

GROUP, PORT, WINDOW = '239.2.3.4', 49001, 10_000_000  # the window is 10 s, in microseconds
HEAD = struct.Struct('>10sBBQ8s')  # the text, flags (1: goodbye), id of the key, sequence, seal; then the hostname

def siphash(key, data):  # SipHash-2-4
    v = [a ^ b for a, b in zip(struct.unpack('<QQ', key) * 2, struct.unpack('>4Q', b'somepseudorandomlygeneratedbytes'))]
    rotate = lambda word, bits: (word << bits | word >> 64 - bits) & (1 << 64) - 1
    def rounds(count):
        for a, b, bits, turn in ((0, 1, 13, 32), (2, 3, 16, 0), (0, 3, 21, 0), (2, 1, 17, 32)) * count:
            v[a] = v[a] + v[b] & (1 << 64) - 1
            v[b], v[a] = rotate(v[b], bits) ^ v[a], rotate(v[a], turn)
    for word, in struct.iter_unpack('<Q', data + bytes(7 - len(data) % 8) + bytes([len(data) % 256])):
        v[3] ^= word
        rounds(2)
        v[0] ^= word
    v[2] ^= 255
    rounds(4)
    return struct.pack('<Q', v[0] ^ v[1] ^ v[2] ^ v[3])

def seal(key, address, payload):  # covers the source address, and the payload without the seal
    source = ipaddress.IPv6Address(address if ':' in address else '::ffff:' + address)
    return siphash(key, source.packed + payload[:20] + payload[28:])

def make(key, number, flags, sequence, address, name):
    payload = HEAD.pack(b'rollcall1:', flags, number, sequence, bytes(8)) + name
    return payload[:20] + seal(key, address, payload) + name

def check(keys, address, payload, now):  # why a receiver rejects a message, or None
    text, flags, number, sequence, sent = HEAD.unpack(payload[:28].ljust(28))
    if text != b'rollcall1:' or flags > 1 or not 29 <= len(payload) <= 92:
        return 'bad message'
    if number not in keys:
        return 'unknown key'
    if seal(keys[number], address, payload) != sent:
        return 'bad seal'
    return 'stale' if abs(now - sequence) > WINDOW else None

def read_keys(path):
    lines = [line.strip().split(':') for line in open(path) if line.strip() and not line.startswith('#')]
    return {int(number): b64decode(key) for number, key in lines}

def send(s, keys, address, name, bye=''):
    number, key = next(iter(keys.items()))  # the first one
    s.bind((address, 0))
    s.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(address))
    s.sendto(make(key, number, bye == 'bye', time.time_ns() // 1000, address, name.encode()), (GROUP, PORT))

def receive(s, keys, address):
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(('', PORT))
    s.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, socket.inet_aton(GROUP) + socket.inet_aton(address))
    print('listening', flush=True)
    last = {}  # the sequence of each host: only a newer message counts
    while True:
        payload, (sender, _) = s.recvfrom(2048)
        what, sequence, host = check(keys, sender, payload, time.time_ns() // 1000), payload[12:20], payload[28:].lower()
        if not what and sequence <= last.get(host, b''):
            what = 'repeated'
        if not what:
            last[host], what = sequence, 'goodbye' if payload[10] else 'announcement'
        print(sender, what, ascii(payload[28:]), flush=True)

if __name__ == '__main__':
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        {'send': send, 'check': receive}[sys.argv[2]](s, read_keys(sys.argv[1]), *sys.argv[3:])

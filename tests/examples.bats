#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The examples, each with the program that it works with.

load helper

setup_more() {
	lan node-a node-b node-c
	attach_on node-a
	announce_from node-b
	announce_from node-c
	await lists node-b
	await lists node-c
}

needs() { type -P "$1" >/dev/null || skip "$1 is not installed"; }

@test "ansible reads the inventory" {
	needs ansible-inventory
	ANSIBLE_HOME=$T ansible-inventory -i "$TOP/examples/ansible-inventory" --list >"$T/list"
	jq -e '._meta.hostvars == { "node-b": { ansible_host: "10.77.0.2" }, "node-c": { ansible_host: "10.77.0.3" } }' "$T/list"
	[ "$(ANSIBLE_HOME=$T ansible -i "$TOP/examples/ansible-inventory" all --list-hosts | sed 1d | xargs)" = 'node-b node-c' ]
	[ "$(ANSIBLE_HOME=$T ansible-inventory -i "$TOP/examples/ansible-inventory" --host node-b | jq -r .ansible_host)" = 10.77.0.2 ]
	[ "$("$TOP/examples/ansible-inventory" --host node-b)" = '{}' ]
}

@test "ClusterShell has a group source of all hosts, and of patterns" {
	needs nodeset
	mkdir -p "$T/clustershell/groups.conf.d"
	printf '%s\n' '[Main]' 'default: rollcall' "confdir: $T/clustershell/groups.conf.d" >"$T/clustershell/groups.conf"
	cp "$TOP/examples/clustershell.conf" "$T/clustershell/groups.conf.d/rollcall.conf"
	export CLUSTERSHELL_CFGDIR=$T/clustershell
	[ "$(nodeset -s rollcall -e -a)" = 'node-b node-c' ]
	[ "$(nodeset -e '@rollcall:*-c')" = node-c ]
}

@test "dnsmasq serves a hosts file that is kept up to date" {
	mkdir "$T/hosts"
	start follow rollcall peers -f hosts -o "$T/hosts/rollcall" --follow
	await grep -q node-c "$T/hosts/rollcall"
	start dnsmasq on node-a dnsmasq --keep-in-foreground --conf-file=/dev/null --no-resolv --no-hosts --user=root \
		--listen-address=127.0.0.1 --bind-interfaces --hostsdir="$T/hosts" --pid-file= --log-facility=-
	echo 'nameserver 127.0.0.1' >"$T/resolv.conf"
	await served node-b 10.77.0.2
	announce_from node-c --hostname late
	await served late 10.77.0.3
}

# served NAME ADDRESS: the name server of node-a answers NAME with ADDRESS
served() {
	unshare --mount sh -c 'mount --bind "$1" /etc/resolv.conf && shift && exec "$@"' - "$T/resolv.conf" \
		nsenter --net="/run/netns/$ID-node-a" getent -s hosts:dns ahosts "$1" | awk '{ print $1 }' | grep -qxF "$2"
}

# leaves NAME: NAME has expired; node-d joins, which wakes the watchers
leaves() {
	age "$1" 40s
	announce_from node-b --hostname node-d
}

# follows HOOK [VARIABLE=VALUE...]: start a watcher on node-a that runs the example
follows() {
	local hook=$1
	shift
	start watch on node-a env "$@" rollcall watch --exec "$TOP/examples/$hook"
	await has_line watch ' join +node-c '
}

@test "a hook keeps one retained MQTT topic per host" {
	needs mosquitto
	printf '%s\n' 'listener 1883 127.0.0.1' 'allow_anonymous true' >"$T/mosquitto.conf"
	start broker on node-a mosquitto -c "$T/mosquitto.conf"
	await has_line broker 'running'
	follows hook-mqtt MQTT_HOST=127.0.0.1
	await retained $'rollcall/node-b 10.77.0.2\nrollcall/node-c 10.77.0.3'
	leaves node-c
	await retained $'rollcall/node-b 10.77.0.2\nrollcall/node-d 10.77.0.2'
}
retained() { [ "$(on node-a mosquitto_sub -h 127.0.0.1 -t 'rollcall/#' -v --retained-only -W 1 | sort)" = "$1" ]; }

@test "a hook notifies by ntfy" {
	needs curl
	start server on node-a python3 -u -c '
import http.server
class Topic(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        print(self.path, self.headers["Title"], self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.send_response(200)
        self.end_headers()
http.server.HTTPServer(("127.0.0.1", 8080), Topic).serve_forever()'
	await on node-a bash -c ': >/dev/tcp/127.0.0.1/8080'
	follows hook-ntfy NTFY_URL=http://127.0.0.1:8080/hosts
	await has_line server '^/hosts node-b: join 10\.77\.0\.2 on eth0: present$'
	leaves node-c
	await has_line server '^/hosts node-c: leave 10\.77\.0\.3 on eth0: expired$'
}

@test "a hook mails when a host leaves" {
	mkdir "$T/bin"
	printf '%s\n' '#!/bin/sh' "echo \"\$@\" >'$T/arguments'" "cat >'$T/mail.new' && mv '$T/mail.new' '$T/mail'" >"$T/bin/sendmail"
	chmod +x "$T/bin/sendmail"
	follows hook-mail "PATH=$T/bin:$PATH" MAIL_TO=ops@example.org
	leaves node-c
	await test -e "$T/mail"
	[ "$(cat "$T/arguments")" = -t ]
	[ "$(sed 2q "$T/mail")" = $'To: ops@example.org\nSubject: rollcall: node-c: leave' ]
	grep -qE '^[0-9T:.-]+Z: node-c \(10\.77\.0\.3 on eth0\): leave: expired$' "$T/mail"
}

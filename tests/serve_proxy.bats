#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# rollcall serve behind nginx and Caddy, as docs/serve.md shows them.

load helper
load serve

export PATH=$PATH:$BUILD/package

make_certificate() { openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=rollcall.example.org -keyout "$T/key" -out "$T/certificate" 2>/dev/null; }

# start_proxy [SED-COMMAND]: run nginx with the example of docs/serve.md, after SED-COMMAND
start_proxy() {
	type -P nginx >/dev/null || skip "no nginx: scripts/deps nginx"
	make_certificate
	echo 'admin:{PLAIN}secret' >"$T/users"
	mkdir -p "$T/nginx"
	{
		echo "daemon off; user root; pid $T/nginx/pid; error_log stderr; events {} http { access_log off;"
		printf '%s_temp_path %s;\n' client_body "$T/nginx/1" fastcgi "$T/nginx/2" uwsgi "$T/nginx/3" scgi "$T/nginx/4" proxy "$T/nginx/5"
		sed -n '/^```nginx$/,/^```$/p' "$TOP/docs/serve.md" | grep -v '^```' | sed "
			s|/etc/ssl/certs/rollcall.pem|$T/certificate|; s|/etc/ssl/private/rollcall.key|$T/key|
			s|/etc/nginx/rollcall.users|$T/users|; ${1:-}"
		echo '}'
	} >"$T/nginx.conf"
	start proxy on node-a nginx -p "$T/nginx" -c "$T/nginx.conf" -e stderr
	await via_proxy /healthz
}
# via_proxy PATH [CURL-OPTION...]
via_proxy() {
	on node-a curl -sSN --max-time 60 -u admin:secret --cacert "$T/certificate" \
		--connect-to rollcall.example.org:443:127.0.0.1:443 "${@:2}" "https://rollcall.example.org$1"
}

# passes_events: the proxy does not keep back an event until there are more
passes_events() {
	start client via_proxy /api/v1/events
	await has_line client '^id: '
	announce_from node-b --hostname other
	await has_event client 'join other announced'
}

@test "nginx adds TLS and users, and passes events at once" {
	served
	start_proxy
	[ "$(via_proxy /names)" = node-b ]
	[ "$(via_proxy /names -u other:secret -o /dev/null -w '%{http_code}')" = 401 ]
	passes_events
}

@test "a proxy that passes the name of the request requires --host" {
	served
	start_proxy 's|proxy_http_version 1.1;|& proxy_set_header Host $host;|'
	via_proxy /healthz | grep -q "'rollcall.example.org' is no name of this server"
	stop server
	serve --host rollcall.example.org
	[ "$(via_proxy /healthz)" = ok ]
}

# caddyfile: print the example of docs/serve.md, with a certificate and the hash of "secret"
caddyfile() {
	printf '{\n\tadmin off\n\tauto_https disable_redirects\n}\n'
	sed -n '/^rollcall.example.org {$/,/^```$/p' "$TOP/docs/serve.md" | grep -v '^```' |
		sed "s|HASH|$(caddy hash-password --plaintext secret)|; 1a tls $T/certificate $T/key"
}

@test "Caddy adds TLS and users, passes the name of the request, and events at once" {
	type -P caddy >/dev/null || skip "no Caddy: scripts/deps caddy"
	export HOME=$T
	served --host rollcall.example.org
	make_certificate
	caddyfile >"$T/Caddyfile"
	start proxy on node-a caddy run --adapter caddyfile --config "$T/Caddyfile"
	await via_proxy /healthz
	[ "$(via_proxy /names)" = node-b ]
	[ "$(via_proxy /names -u admin:other -o /dev/null -w '%{http_code}')" = 401 ]
	passes_events
}

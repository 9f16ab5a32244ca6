#compdef rollcall-announce
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# rollcall-announce: completion for zsh. tests/completion.bats compares it with the program's own options.

_rollcall_announce_interfaces() { compadd -- /sys/class/net/*(@N:t) }

_rollcall-announce() {
	_arguments \
		'--hostname=[the hostname to announce]:hostname: ' \
		'--group=[IPv4 group]:address: ' \
		'--group6=[IPv6 group]:address: ' \
		'--port=[UDP port]:port: ' \
		'--prefix=[what precedes the hostname]:text: ' \
		'--interval=[time between announcements]:duration: ' \
		'--key=[seal with the first key of this file]:file:_files' \
		'--also-plain[also send plain announcements]' \
		'--count=[number of announcements]:number: ' \
		'--all-links[on several interfaces of one subnet too]' \
		'*--exclude=[not on interfaces that match]:pattern: ' \
		{-q,--quiet}'[print only what goes wrong]' \
		{-4,--ipv4}'[only IPv4]' {-6,--ipv6}'[only IPv6]' \
		{-v,--verbose}'[also print each attempt]' \
		{-h,--help}'[print the usage]' \
		{-V,--version}'[print the version]' \
		'*:interface:_rollcall_announce_interfaces'
}

_rollcall-announce "$@"

# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# rollcall-announce: completion for fish. tests/completion.bats compares it with the program's own options.

complete -c rollcall-announce -f -a '(command ls /sys/class/net)'
complete -c rollcall-announce -l hostname -x -d 'the hostname to announce'
complete -c rollcall-announce -l group -x -d 'IPv4 group'
complete -c rollcall-announce -l group6 -x -d 'IPv6 group'
complete -c rollcall-announce -l port -x -d 'UDP port'
complete -c rollcall-announce -l prefix -x -d 'what precedes the hostname'
complete -c rollcall-announce -l interval -x -d 'time between announcements'
complete -c rollcall-announce -l key -r -F -d 'seal with the first key of this file'
complete -c rollcall-announce -l also-plain -d 'also send plain announcements'
complete -c rollcall-announce -l count -x -d 'number of announcements'
complete -c rollcall-announce -l all-links -d 'on several interfaces of one subnet too'
complete -c rollcall-announce -l exclude -x -d 'not on interfaces that match'
complete -c rollcall-announce -s q -l quiet -d 'print only what goes wrong'
complete -c rollcall-announce -s 4 -l ipv4 -d 'only IPv4'
complete -c rollcall-announce -s 6 -l ipv6 -d 'only IPv6'
complete -c rollcall-announce -s v -l verbose -d 'also print each attempt'
complete -c rollcall-announce -s h -l help -d 'print the usage'
complete -c rollcall-announce -s V -l version -d 'print the version'

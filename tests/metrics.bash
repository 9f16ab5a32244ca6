# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Functions that read the output of 'metrics', and the tools of Prometheus, which `scripts/deps prometheus` unpacks.

export PATH=$PATH:$BUILD/package

# value SERIES: print the current value, or nothing if there is no such series
value() { rollcall metrics | awk -v series="$1" '$1 == series { print $2 }'; }
is_valued() { [ "$(value "$1")" = "$2" ]; }
targets() { rollcall metrics --sd "$@" | jq -r '.[] | "\(.targets[0]) \(.labels.hostname) \(.labels.interface)"'; }

# well_formed <FILE: check the text format strictly: each family is there once and in one piece, with HELP, TYPE and at
# least one sample; no series is there twice; values are numbers; only names of counters end in _total
well_formed() {
	awk '
		function no(why) { print "line " NR ": " why ": " $0; bad = 1 }
		function close_family() { if (family != "" && !samples) no("no sample of " family " before this") }
		/^# HELP / {
			close_family()
			if (state == "HELP") no("HELP after HELP")
			family = $3; samples = 0; state = "HELP"
			if (families[family]++) no("family twice")
			if (NF < 4) no("no help")
			next
		}
		/^# TYPE / {
			if (state != "HELP" || $3 != family) no("TYPE that does not follow its HELP")
			if (NF != 4 || $4 !~ /^(counter|gauge)$/) no("no such type")
			if (($4 == "counter") != (family ~ /_total$/)) no("a counter and no other ends in _total")
			state = "TYPE"
			next
		}
		{
			name = $0; sub(/[{ ].*/, "", name)
			if (name != family || state != "TYPE") no("sample outside of its family")
			if ($0 !~ /^[a-z_]+(\{[a-z_]+="([^"\\]|\\["\\n])*"(,[a-z_]+="([^"\\]|\\["\\n])*")*\})? [0-9]+(\.[0-9]+)?$/) no("no sample")
			series = $0; sub(/ [^ ]*$/, "", series)
			if (seen[series]++) no("series twice")
			samples++
		}
		END { NR++; $0 = "the end"; close_family(); if (family == "") no("nothing"); exit bad }
	'
}

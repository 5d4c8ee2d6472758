#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Independent witnesses of one run tell the same story of heap_lock: our trace, the hypervisor's own
# lock profile, and its claim counters. All of it is exact: one instruction is one tick and one ns.
# needs: lab
# timeout: 400
set -euo pipefail

# shellcheck source=tests/common/shell.sh
. tests/common/shell.sh
variant=claims+trace+lockprof
xentrace=$(ls /usr/lib/xen-*/bin/xentrace | head -n 1)
xenlockprof=$(ls /usr/lib/xen-*/bin/xenlockprof | head -n 1)

# The profile's two readings of the clock enclose those of the trace: per section, the difference in
# hold is the instructions from one reading to the other, which the trace spends inside the lock. It
# takes one path for a domain and one for none, whose lengths the phases "ask" (all for none) and
# "claim" (one for a domain) tell. All other phases must then fit to the tick.
# What the tool printed: "global lock heap_lock : lock: N( S s), …", as "N ns".
read_tool() {
	sed -n 's/^global lock heap_lock *: lock: *\([0-9]*\)( *\([0-9]*\)\.\([0-9]*\)s), .*/\1 \2\3/p' "$1"
}

compare_witnesses() {
	awk -v tool="$(read_tool "$3")" '
	function differ(what, a, b) {
		if (a + 0 != b + 0) { print "DIFFERS: " phase[i] ": " what ": " a + 0 ", not " b + 0; bad = 1 }
	}
	FNR == NR && $1 == "cut" {
		phase[++cuts] = $2; before[cuts] = $3; after[cuts] = $4
		locked[cuts] = $5; held[cuts] = $6; host[cuts] = $8; domain[cuts] = $9
	}
	FNR == NR { next }
	/ LOST | ANOMALY / { print "DIFFERS: the trace is not whole: " $0; bad = 1 }
	$3 !~ /^[0-9]+$/ { next }
	{
		for (i = 1; i <= cuts && $3 > after[i]; i++);
		if (i == 1 || i > cuts) next
		if ($3 >= before[i] && $4 == "heap_section") {
			print "DIFFERS: a section at the cut after " phase[i] ": " $0; bad = 1
		}
		for (field = 5; field <= NF; field++) {
			split($field, word, "=")
			if (word[1] ~ /^from_/) redeemed[i] += word[2]
			if ($4 != "heap_section") continue
			if (word[1] == "hold") hold[i] += word[2]
			if (word[1] == "domid") { sections[i]++; of_domain[i] += word[2] != "none" }
		}
		if (i == cuts && sections[i] == tool + 0 - locked[i - 1]) {
			tool_hold = hold[i]; tool_of_domain = of_domain[i]
		}
	}
	END {
		if (cuts != 6) { print "DIFFERS: " cuts + 0 " cuts, not 6"; exit 1 }
		for (i = 2; i <= cuts; i++) {
			nr[i] = locked[i] - locked[i - 1]
			ns[i] = held[i] - held[i - 1]
			apart[i] = ns[i] - hold[i]
		}
		none = apart[2] / nr[2]
		some = (apart[3] - none * (nr[3] - of_domain[3])) / of_domain[3]
		for (i = 2; i <= cuts; i++) {
			printf "%-9s %8d %8d %9d %9d %7d %3d %3d %7d %7d %7d\n", phase[i], sections[i], nr[i],
				hold[i], ns[i], apart[i], none, some, redeemed[i], host[i - 1] - host[i],
				domain[i - 1] - domain[i]
			differ("sections", sections[i], nr[i])
			differ("hold and the time between two clock readings",
				hold[i] + some * of_domain[i] + none * (nr[i] - of_domain[i]), ns[i])
			if (phase[i] == "populate") {
				differ("redeemed pages, host", redeemed[i], host[i - 1] - host[i])
				differ("redeemed pages, domain", redeemed[i], domain[i - 1] - domain[i])
			}
		}
		split(tool, word, " ")
		differ("xenlockprof, hold", tool_hold + some * tool_of_domain + none * (word[1] - locked[cuts - 1] - tool_of_domain), word[2] - held[cuts - 1])
		exit bad
	}' "$1" "$2"
}

run_case() {
	scripts/claimperf lab exec --variant $variant --nodes "$1" --out "$dir/out" --stage "$xentrace" \
		--stage "$xenlockprof" -- "$build/bin/agreement-job" "$xentrace" "$xenlockprof" "$2" "$3" \
		>"$dir/said" 2>"$dir/console" || { cat "$dir/console"; fail "the job failed"; }
	"$build/bin/claimperf-trace" dump "$dir/out/t.xen" >"$dir/dump" || fail "the trace is damaged"
	echo "$1 nodes, $3 extents of order $2"
	compare_witnesses "$dir/said" "$dir/dump" "$dir/out/profile" || fail "the witnesses disagree"
}

# A story with one figure changed is found out.
disagree() {
	cp "$dir/said" "$dir/said.lie"
	cp "$dir/dump" "$dir/dump.lie"
	sed -i "$2" "$dir/$1.lie"
	! cmp -s "$dir/$1" "$dir/$1.lie" || fail "sed '$2' changes nothing in $1"
	! compare_witnesses "$dir/said.lie" "$dir/dump.lie" >"$dir/lie" || fail "sed '$2' on $1 goes unnoticed"
	grep "^DIFFERS" "$dir/lie"
}

make -s BUILD="$build" "$build/bin/agreement-job" "$build/bin/claimperf-trace"
for nodes in 1 4; do
	run_case $nodes 0 1024
	run_case $nodes 9 16
done

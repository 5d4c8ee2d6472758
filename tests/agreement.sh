#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Three witnesses of one run tell the same story of heap_lock: our trace, the hypervisor's own lock
# profile, and the probe plugin. So do the trace and the claim counters.
# needs: lab
# timeout: 400
set -euo pipefail

# shellcheck source=tests/common/shell.sh
. tests/common/shell.sh
xentrace=$(ls /usr/lib/xen-*/bin/xentrace | head -n 1)
xenlockprof=$(ls /usr/lib/xen-*/bin/xenlockprof | head -n 1)

# Run the job on $1 nodes, with $3 extents of order $2.
run_job() {
	scripts/claimperf lab exec --variant claims+trace+lockprof --nodes "$1" --out "$dir/out" \
		--probe do_IRQ --probe-holds "$dir/holds" --stage "$xentrace" --stage "$xenlockprof" -- \
		"$build/bin/agreement-job" "$xentrace" "$xenlockprof" 5 "$2" "$3" >"$dir/said" 2>"$dir/console" ||
		{ cat "$dir/console"; fail "the job failed"; }
	"$build/bin/claimperf-trace" dump "$dir/out/t.xen" >"$dir/dump" || fail "the trace is damaged"
	mv "$dir/out/probe.json" "$dir/probe"
}

# A story in which the sed command $2 changes file $1 is found out, by what $3 names.
disagree() {
	cp "$dir/said" "$dir/said.lie"
	cp "$dir/dump" "$dir/dump.lie"
	cp "$dir/probe" "$dir/probe.lie"
	cp "$dir/holds" "$dir/holds.lie"
	sed -i "$2" "$dir/$1.lie"
	! cmp -s "$dir/$1" "$dir/$1.lie" || fail "sed '$2' changes nothing in $1"
	! "$build/bin/agreement" "$dir/said.lie" "$dir/dump.lie" "$dir/probe.lie" "$dir/holds.lie" >"$dir/lie" 2>&1 ||
		fail "sed '$2' on $1 goes unnoticed"
	grep -m 1 "^DIFFERS: .*: $3" "$dir/lie" || { cat "$dir/lie"; fail "sed '$2' is not found out as $3"; }
}

make -s BUILD="$build" "$build/bin/agreement-job" "$build/bin/agreement" "$build/bin/claimperf-trace"
differ=
for nodes in 1 4; do
	for extents in "0 512" "9 4"; do
		# shellcheck disable=SC2086 # order and number
		run_job $nodes $extents
		echo "$nodes nodes, ${extents#* } extents of order ${extents% *}"
		"$build/bin/agreement" "$dir/said" "$dir/dump" "$dir/probe" "$dir/holds" >"$dir/table" || differ=1
		cat "$dir/table"
		[ -z "$differ" ] || fail "the witnesses disagree"
	done
done

# Of the last run, which had all of it.
section=$(grep -n ' heap_section ' "$dir/dump" | sed -n '1000s/:.*//p')
redemption=$(grep -n 'from_node=[1-9]' "$dir/dump" | sed -n '2s/:.*//p')
assign=$(grep -n " page_alloc_section .*site=assign" "$dir/dump" | sed -n "10s/:.*//p")
populate=$(grep -n '^cut populate' "$dir/said" | sed -n '2s/:.*//p')
disagree dump "${section}d" "sections of the trace"
disagree dump "${section}s/ heap_section / heap_sekt /" "sections of the trace"
disagree dump "${section}s/ hold=/&1/" "ticks between trace and plugin"
disagree dump "${redemption}s/ from_node=/&1/" "claimed pages of the host"
disagree said "${populate}s/ \([0-9]*\) \([0-9]*\)\$/ 1\1 \2/" "claimed pages of the domain"
disagree said "s/^\(tool [0-9]*\) ./\1 9/" "ns beyond, in what xenlockprof printed"
disagree dump "${section}s/ site=free / site=scrub /" " free_heap_pages "
disagree holds "1000d" "sections of the plugin"
disagree holds "1000s/ / 1/" "ticks between trace and plugin"
disagree dump "${assign}d" "sections of page_alloc_lock"

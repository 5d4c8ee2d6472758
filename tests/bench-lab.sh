#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The benchmark in the lab: results of the right shape, exact, the same bytes twice; what a hypervisor
# lacks is skipped; every case takes its branches.
# needs: lab
# timeout: 900
set -euo pipefail
# shellcheck source=tests/common/shell.sh
. "$(dirname "$0")/common/shell.sh"

dombench=$(readlink -f "$build/bin/claimperf-dombench")
bench=$(readlink -f "$build/bin/claimperf-bench")

# The values that a jq program yields from a result must all be "true".
holds() {
	jq -e "$2" "$1" >/dev/null || { jq -c ".benchmarks[]" "$1"; fail "$1: not $2"; }
}

echo "garbage"
refused "neither lab, dom0 nor host" "$bench" --target moon
refused "not a number from 1 to 64" "$bench" --nodes 0
refused "not a number from 1 to 16" "$bench" --nodes 17
refused "--filter (" "$bench" --filter '('
refused "no case has such a name" "$bench" --filter 'no such case'
refused "--filter no such case: no case has such a name" "$bench" --list --filter 'no such case'
refused "are for the lab" "$bench" --target dom0 --variant claims
refused "are for the dom0 target" "$bench" --dry-run
refused "not a size" "$bench" --target dom0 --reserve much
refused "not a size" "$dombench" --reserve much
refused "no such hypervisor" "$bench" --image "$dir/none" --out "$dir/x.json"
refused "not an option" "$bench" surplus
refused "not a number from 1 to" "$dombench" --samples 0
[ ! -e "$dir/x.json" ] || fail "a result without measurement"
if [ ! -e /proc/xen ]; then
	refused "does not run Xen" "$bench" --target dom0
	refused "no Xen here" "$dombench" --once
fi

echo "list"
"$bench" --list --nodes 2 >"$dir/list"
grep -qx 'claim/install/entries:3' "$dir/list" || fail "the list lacks a set of all nodes and the host"
[ "$(sort "$dir/list" | uniq -d)" = "" ] || fail "two cases of one name"

echo "traces repeat, too"
for run in 1 2; do
	"$bench" --variant claims+trace --trace --once --unproven --filter 'order:9/node:exact/claim:host$' --out "$dir/t$run.json" \
		2>"$dir/log" || { cat "$dir/log"; fail "--trace: status $?"; }
done
cmp "$dir"/t{1,2}.d/populate_order_9_node_exact_claim_host/trace.xen || fail "two traces of the same case differ"

filter='order:0/node:exact/claim:(none|host)$|^claim/(install/entries:3|legacy/[a-z]*)$|^refused/order:0'
for variant in baseline claims; do
	echo "$variant"
	for run in 1 2; do
		proof=$([ $run = 1 ] || echo --unproven)
		"$bench" --variant "$variant" --nodes 2 --filter "$filter" ${proof:+"$proof"} --out "$dir/$run/$variant.json" \
			2>"$dir/log" || { cat "$dir/log"; fail "$variant: status $?"; }
		jq -S '[.benchmarks[] | del(.claimperf.proof)]' "$dir/$run/$variant.json" >"$dir/$run.benchmarks"
		[ ! -e "$dir/$run/$variant.d" ] || fail "scratch is left: $(ls "$dir/$run/$variant.d")"
	done
	cmp "$dir/1.benchmarks" "$dir/2.benchmarks" || fail "$variant: two runs differ"
	result=$dir/1/$variant.json
	holds "$result" '.context.library_build_type == "release" and .context.claimperf.lab.mode == "exact"'
	holds "$result" '[.benchmarks[] | has("name") and has("run_name") and .run_type == "iteration"
		and has("iterations") and has("real_time") and has("cpu_time") and .time_unit == "ns"] | all'
	holds "$result" '[.benchmarks[] | select(.error_occurred | not) | .claimperf | .kind == "exact"
		and .unit == "instructions" and .bit_equal and .machines == 2
		and (.samples | min) == .min_sample and .value == .min_sample / .ops] | all and length > 0'
	holds "$result" '[.benchmarks[] | select(.error_occurred) | .claimperf.skipped] | all'
	holds "$result" '[.benchmarks[] | select(.error_occurred | not) | .claimperf.proof | length > 0 and all(.seen == .expected or (.expected == 0 and .seen > 0))]
		| all'
	holds "$dir/2/$variant.json" '[.benchmarks[] | select(.error_occurred | not) | .claimperf.proof == "none"] | all'
done
holds "$dir/1/baseline.json" '[.benchmarks[] | select(.error_message // "" | test("no claim sets")) | .name]
	| length == 4'
holds "$dir/1/claims.json" '[.benchmarks[] | select(.error_occurred)] | length == 0'

# A value that stands out by a fraction would come from the heap, not from the code.
jq -n --slurpfile a "$dir/1/baseline.json" --slurpfile b "$dir/1/claims.json" \
	'[$a[0], $b[0] | .benchmarks[] | select(.name | test("claim:none")) | .claimperf.value] | .[1] - .[0]' \
	>"$dir/delta"
grep -Eqx -- '-?[0-9]+' "$dir/delta" || fail "claims cost $(cat "$dir/delta") instructions, no integer"

echo "perf, and shares"
# By the probe they are all of the window: the figure and 11 instructions for its clock and markers.
"$bench" --variant claims --nodes 2 --unproven --once --probe --perf=exact --filter 'order:0/node:(any|exact)/claim:host$' \
	--out "$dir/perf.json" 2>"$dir/log" || { cat "$dir/log"; fail "--perf: status $?"; }
holds "$dir/perf.json" '[.benchmarks[].claimperf | .min_sample + 11 == .shares.whole and .ops == .shares.ops
	and (.shares | .from == "probe" and .unit == "instructions" and .hypervisor + .kernel + .user == .whole
	and .hypervisor > .kernel and .kernel > .user and .user > 0)] | length == 2 and all'
holds "$dir/perf.json" '[.benchmarks[] | select(.claimperf.perf) | .name] == ["populate/order:0/node:exact/claim:host"]'
by_perf='.lacking == {} and .stat["task-clock"] > 0 and .stat.cycles == null and .syscalls.ioctl.calls >= .operation.windows
	and .contention == {} and (.operation | [.syscalls, .privcmd, .hypercalls | .calls] == [1, 1, 1]
	and .ns >= .syscalls.ns and .syscalls.ns >= .privcmd.ns and .privcmd.ns >= .hypercalls.ns and .hypercalls.ns > 0)'
holds "$dir/perf.json" "[.benchmarks[].claimperf.perf // empty | $by_perf] | all"

echo "dom0"
# perf is tried with one case, killed with another, and missed with a third; kprobes go with the run that defined them.
cat >"$dir/job" <<END
$bench --target dom0 --once --claim-all --perf='^calibrate/hypercall' --filter 'node:any|^claim/(move|[a-z]*/[a-z:0-9-]*)\$|^(refused|free|balloon|exchange|destroy|info|calibrate)/' --out \$OUT/dom0.json || exit
kprobes=/sys/kernel/tracing/kprobe_events
probed() { read -r line <\$kprobes; }
probed && echo "kprobes are left"
mkdir /tmp/few && ln -s /usr/bin/sha256sum /tmp/few
PATH=/tmp/few $bench --target dom0 --once --unproven --perf --filter '^calibrate/hypercall' --out \$OUT/none.json
cd /tmp
$dombench --samples 2 --perf --filter '^calibrate' --json x.json & worker=\$!
while ! probed && kill -0 \$worker; do sleep 0.1; done
probed || echo "there were no kprobes"
kill -9 \$worker
wait \$worker
$dombench --clean
probed && echo "kprobes are left by the dead"
true
END
scripts/claimperf lab exec --variant claims+trace --nodes 2 --out "$dir/out" --stage "$dombench" --stage "$bench" \
	--stage /bin/sleep --stage "$dir/job" -- sh "$dir/job" >"$dir/log" 2>&1 || { cat "$dir/log"; fail "dom0: status $?"; }
! grep kprobes "$dir/log" || { cat "$dir/log"; fail "kprobes"; }
holds "$dir/out/dom0.json" '[.benchmarks[] | .error_occurred | not] | all'
holds "$dir/out/dom0.json" '([.benchmarks[] | .claimperf.proof | type == "array"] | all) and ([.benchmarks[] | select(.name | test("^calibrate/(empty|lock-pair)$") | not) | .claimperf.proof | length > 0] | all)'
holds "$dir/out/dom0.json" '[.benchmarks[] | .claimperf.kind == "noisy" and .claimperf.unit == "tsc"] | all'
holds "$dir/out/dom0.json" "[.benchmarks[].claimperf.perf // empty | $by_perf] | length == 1 and all"
holds "$dir/out/dom0.json" '[.benchmarks[].claimperf | select(.perf) | .perf.operation.ns == .shares.whole and .ops == .shares.ops and (.shares
	| .from == "perf" and .unit == "ns" and .hypervisor + .kernel + .user == .whole and .hypervisor > 0 and .kernel > 0 and .user > 0)] | all'
holds "$dir/out/none.json" '[.benchmarks[].claimperf | .value > 0 and .perf.lacking.stat == "perf stat did not run" and .perf.lacking.record == "it is not installed"
	and .shares == {lacking: "it is not installed"}] | length == 1 and all'

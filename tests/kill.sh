#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A benchmark on a real dom0 refuses what would harm it, puts back what it changes, and after a kill -9 at a random
# moment leaves no domain, no claim, no pinning. One virtual machine plays the dom0.
# Usage: tests/kill.sh [SEED]
# needs: lab
# timeout: 900
set -euo pipefail
# shellcheck source=tests/common/shell.sh
. "$(dirname "$0")/common/shell.sh"

seed=${1-20}
dombench=$(readlink -f "$build/bin/claimperf-dombench")
bench=$(readlink -f "$build/bin/claimperf-bench")
killer=$(readlink -f "$build/bin/kill-job")
# Cases with claims of all kinds, for far longer than any of them lives. No word has a blank.
cases="--claim-all --samples 200 --filter order:0/.*claim:(set|other|tight)|^refused/order:0|^claim/install/entries:.$"

# In the machine: each step is a line of its name and status, its output follows; the console says which, should the
# time not suffice. Patterns match no files.
cat >"$dir/job" <<END
cd /tmp
set -f
IFS=' '
cases='$cases'
step() { name=\$1; shift; echo \$name >/dev/kmsg; "\$@" >step.log 2>&1; echo "= \$name: \$?"; while read -r line; do echo "\$line"; done <step.log; }
# guard: pids of guards, but not of those that are dead and not yet noticed
guard() { set +f; for p in /proc/[0-9]*; do read -r comm 2>/dev/null <\$p/comm && [ "\$comm" = claimperf-guard ] && [ -e \$p/exe ] && echo \${p#/proc/}; done; set -f; }
clean() { step "\$1" $dombench --clean; }
one=order:0/node:any/claim:none

step dry $dombench --dry-run --filter 'order:0/node:exact'
[ ! -e /run/claimperf ] && echo untouched
clean dry-left

foreign=\$($killer domain)
step foreign $dombench --once --filter \$one
step beside $dombench --once --filter \$one --beside-domains
step dry-foreign $bench --target dom0 --dry-run --filter \$one
step destroy $killer destroy \$foreign
step short $dombench --once --filter \$one --reserve 1T
step what-fits $dombench --once --filter \$one --reserve 1T --what-fits
step reserve $dombench --once --filter 'order:0/node:any/claim:tight|refused'
step bench $bench --target dom0 --once --unproven --filter 'order:0/node:any' --out \$OUT/dom0.json
clean bench-left

step unguarded $killer kill $seed 1 500 $dombench --disposable \$cases
clean unguarded-left
step kill $killer kill $seed 6 1000 $dombench \$cases
step kill-bench $killer kill $seed 4 1000 $bench --target dom0 --restart --unproven \$cases
clean kill-left

# Some more, so that it still runs when it is killed.
$dombench --claim-all --samples 200 --filter 'order:0|^claim' --json x.json >run.log 2>&1 & worker=\$!
sleep 1
kill -9 \$(guard)
tries=0
while [ -z "\$(guard)" ] && [ \$tries -lt 300 ]; do sleep 0.1; tries=\$((tries + 1)); done
step guards guard
step two $dombench --once --filter \$one
kill -9 \$worker \$(guard)
wait \$worker
step after-both $dombench --once --filter \$one
clean both-left
clean both-left-again
while read -r line; do echo "\$line"; done <run.log

$dombench \$cases --json \$OUT/ended.json & worker=\$!
sleep 1
kill -TERM \$worker
wait \$worker
clean term-left
END
scripts/claimperf lab exec --timeout 800 --variant claims --parallel --cpus 2 --nodes 2 --out "$dir/out" --stage "$dombench" --stage "$bench" \
	--stage "$killer" --stage /bin/sleep --stage "$dir/job" -- sh "$dir/job" >"$dir/log" 2>&1 ||
	{ status=$?; cat "$dir/log"; fail "status $status"; }

# step NAME STATUS [TEXT...]: it ended so, and said each TEXT
step() {
	local name=$1 text
	sed -n "/^= $name: /,/^= /p" "$dir/log" | sed '$d' >"$dir/step"
	grep -qx "= $name: $2" "$dir/step" || { cat "$dir/log"; fail "$name: not status $2"; }
	shift 2
	for text; do grep -qF -- "$text" "$dir/step" || { cat "$dir/log"; fail "$name: no '$text'"; }; done
}
none="destroyed 0 domains; pages claimed on this host by anyone: 0"

echo "dry run"
step dry 0 "256 MiB stay so for dom0" "node 1: " "populate/order:0/node:exact/claim:set+host" "--claim-all runs it" \
	"vCPU 1 of dom0" untouched
step dry-left 0 "$none"

echo "refusals"
step foreign 2 "1 other domain runs (1)" --beside-domains
step beside 0 "claim:none" "other domains run"
step dry-foreign 2 "it would not start" "1 other domain runs"
step short 2 "of which dom0 keeps 1048576 MiB" --what-fits
step what-fits 0 "skipped: it would take more memory"
step reserve 0 "claim:tight " "refused/order:0/by:node" "skipped: it claims all memory"

echo "a whole run"
step bench 0
step bench-left 0 "$none"
jq -e '.context.claimperf.safety | .reserve == 268435456 and .debug == false and .lock_profile == false
	and .pinned.vcpu == 1 and .warnings == []' "$dir/out/dom0.json" >/dev/null || fail "the result does not tell of safety"
jq -e '[.benchmarks[] | select(.claimperf.skipped | not) | .error_occurred == null] | length > 5 and all' "$dir/out/dom0.json" \
	>/dev/null || { jq -c '.benchmarks[] | select(.error_occurred)' "$dir/out/dom0.json"; fail "a case failed"; }

echo "killed"
step unguarded 1
grep -Eq '; after .* [1-9][0-9]* domains' "$dir/step" || fail "without a guard nothing was left, so nothing was tested"
step unguarded-left 0
for name in kill kill-bench; do
	step $name 0
	[ "$(grep -c '^kill .*: 0 domains, 0 pages claimed, not pinned$' "$dir/step")" = "$(grep -c '^kill' "$dir/step")" ] ||
		fail "$name: something is left"
	grep -q 'ms: [1-9][0-9]* domains, .* claimed, pinned;' "$dir/step" || { cat "$dir/step"; fail "$name: killed too early, each time"; }
	sed 1d "$dir/step"
done
step kill-left 0 "$none"

echo "with the guard"
step two 2 "another run is going on here"
grep -q "the guard is gone; starting another" "$dir/log" || { cat "$dir/log"; fail "the guard's death went unnoticed"; }
step guards 0
[ "$(wc -l <"$dir/step")" = 2 ] || { cat "$dir/step"; fail "not one guard"; }
step after-both 2 "claimperf clean removes what is left"
step both-left 0 "vCPU 1 of dom0 may run where it did" "by anyone: 0"
step both-left-again 0 "$none"
step term-left 0 "$none"
jq -e '.benchmarks | any(.error_occurred and (.claimperf.skipped | not))' "$dir/out/ended.json" >/dev/null ||
	fail "a stopped case is not invalid"

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Scenarios of files: a storm counts the pages off its node as the trace does; a thief gets nothing of claim sets, and
# what is on one node by legacy claims; a stopped one leaves nothing.
# needs: lab
# timeout: 500
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=tests/common/shell.sh
. tests/common/shell.sh
program=$(readlink -f "$build/bin/claimperf-scenario-dom0") bin=$(readlink -f "$build/bin")
scenario() { scripts/claimperf scenario run "$@"; }

echo "garbage"
refused "which scenario?" scenario
refused "'none' is no file *.json, nor one of: boot-storm " scenario none
refused "one scenario at a time" scenario thief giant
refused "unknown option '--odd'" scenario thief --odd 1
refused "lacks its value" scenario thief --runs
refused "--runs 0: not a number" scenario thief --runs 0
refused "--seed x: not a number" scenario thief --seed x
refused "--target moon: neither" scenario thief --target moon
refused "two at most" scenario thief --variant claims --variant claims --variant claims
refused "--variant is not for --target dom0" scenario thief --target dom0 --variant claims
refused "--image: no such file" scenario thief --image "$dir/none"
refused "--builders 49: not a number" "$program" --builders 49 bench/scenarios/thief.json
echo '{"about": "x", "seeds": 1}' >"$dir/bad.json"
refused "bad.json:1: seeds: there is no such key" scenario "$dir/bad.json"
for file in bench/scenarios/*.json; do
	"$program" --check "$file" || fail "$file is no scenario"
	grep -q "^| $(basename "$file" .json) |" docs/scenarios.md || fail "docs/scenarios.md has no $file"
done

echo "host target, and compare"
cat >"$dir/small.json" <<'END'
{"about": "Two fit on node 1 and the third does not.", "groups": [{"name": "guests", "domains": 3, "memory": 1, "nodes": 0,
	"claim": "best", "every_ms": 1, "elsewhere": false, "lives_ms": 0, "limits": {"refused": 0}},
	{"name": "holder", "role": "holder", "domains": 1, "memory": 0.5, "nodes": 1, "ahead": "claim"}]}
END
scenario "$dir/small.json" --target host --nodes 2 --memory 64M --runs 2 --out "$dir" >"$dir/said" 2>&1 ||
	{ cat "$dir/said"; fail "small"; }
jq -e '(.runs | length) == 2 and ([.runs[] | (.failures == []) and .groups[0].outcomes == {"built": 3} and
	.groups[1].outcomes == {"held": 1} and .state.before == .state.after and (.builds | length) == 4 and
	([.builds[] | .end_ns >= .start_ns and .start_ns >= .planned_ns] | all) and
	[.builds[].planned_ns] == [0, 0, 1000000, 2000000]] | all) and
	[.results[].command] == [("p50", "p90", "p99", "max") | "scenario/small/guests/\(.)"]' \
	"$dir/claims-small.json" >"$dir/fine" || { cat "$dir/said"; fail "small: not such a result"; }
scripts/claimperf compare "$dir"/claims-small.json "$dir"/claims-small.json >"$dir/said" || fail "compare: $(cat "$dir/said")"
grep -q '^scenario/small/guests/max .* INCONCLUSIVE, noisy data' "$dir/said" || fail "compare: $(cat "$dir/said")"

echo "claim sets"
# The second domain has no room on node 1 once the first is there: refused there, it claims on the host.
cat >"$dir/storm.json" <<'END'
{"about": "More than fits on node 1.", "groups": [{"name": "guests", "domains": 4, "memory": 0.7, "nodes": 1,
	"extents": {"9": 1}},
	{"name": "more", "domains": 1, "memory": 0.5, "nodes": 1, "start_ms": 500, "extents": {"9": 1},
	"limits": {"off_node": 0.1, "refused": 0}}]}
END
cat >"$dir/long.json" <<'END'
{"about": "All wait for what is long after the end of this test.", "groups": [{"name": "guests", "domains": 6, "memory": 0.8,
	"ahead": "build", "start_ms": 600000}]}
END
cat >"$dir/job" <<END
status() { "\$@" >>\$OUT/said 2>&1; echo \$?; }
cd \$OUT
{
status $program --disposable --json thief.json $PWD/bench/scenarios/thief.json
status $bin/claimperf-record --rates rates --events claims,alloc --out trace.xen -- \\
	$program --disposable --json storm.json $dir/storm.json
$program --disposable --json stopped.json $dir/long.json >>said 2>&1 & victim=\$!
while kill -0 \$victim && set -- /proc/\$victim/task/* && [ \$# -le 3 ]; do sleep 0.1; done
sleep 0.5
kill \$victim
wait \$victim
echo \$?
} >codes
$bin/claimperf-dombench --clean >clean
{
status $program --reserve 1G --json reserved.json $PWD/bench/scenarios/thief.json
status $program --reserve 5G $PWD/bench/scenarios/thief.json
$program $dir/long.json >>said 2>&1 & victim=\$!
while kill -0 \$victim && set -- /proc/\$victim/task/* && [ \$# -le 3 ]; do sleep 0.1; done
sleep 0.5
status $program $PWD/bench/scenarios/thief.json
kill -9 \$victim
wait \$victim
echo \$?
} >guarded
$bin/claimperf-dombench --clean >guarded-clean
END
timeout 300 scripts/claimperf lab exec --variant claims+trace --nodes 4 --cpus 2 --parallel --out "$dir/claims" \
	--stage "$program" --stage "$bin/claimperf-record" --stage "$bin/claimperf-dombench" --stage "$dir" \
	--stage "$PWD/bench/scenarios" -- bash "$dir/job" >"$dir/said" 2>&1 || { cat "$dir/said"; fail "the lab"; }
[ "$(tr "\n" " " <"$dir/claims/codes")" = "0 1 2 " ] || { cat "$dir/claims/said"; fail "thief, storm, stopped: $(cat "$dir/claims/codes")"; }
jq -e '.failures == [] and .groups[0].outcomes == {"built": 8} and .groups[0].off_node_pages == 0 and
	.groups[0].claim == "nodes-else-host" and .groups[1].outcomes == {"taken": 1} and .groups[1].pages > 0 and
	.groups[1].taken_share < 0.21 and .state.before == .state.after and .state.full.free_pages < .state.before.free_pages' \
	"$dir/claims/thief.json" >"$dir/fine" || { cat "$dir/claims/said"; fail "thief: not such a result"; }
jq -e '(.failures | length) == 1 and (.failures[0] | startswith("more: share of pages off their node: ")) and
	.groups[1].claimed_host == 1 and .groups[1].outcomes == {"built": 1} and
	.state.before == .state.after' "$dir/claims/storm.json" >"$dir/fine" || { cat "$dir/claims/said"; fail "storm: not such a result"; }
# Two witnesses: what the builders were told by refusals, and what the hypervisor allocated where. Page tables have order 0.
"$build/bin/claimperf-trace" dump --json --events alloc "$dir/claims/trace.xen" >"$dir/dump" || fail "a damaged trace"
jq -n --slurpfile run "$dir/claims/storm.json" --slurpfile dump "$dir/dump" '
	[$run[0].builds[] as $b | [$dump[] | select(.domid == $b.domid and .order == 9 and .site == "alloc" and .node != 127)] |
	 {all: (length * 512 - $b.pages), off_node: (map(select(.node != 1)) | length * 512 - $b.off_node_pages)}]' >"$dir/difference"
jq -e 'length == 5 and all(. == {all: 0, off_node: 0})' "$dir/difference" >"$dir/fine" ||
	fail "pages by trace less those by builders: $(jq -c . "$dir/difference")"
# On a real dom0: what is not disposable keeps the reserve, runs alone, and has a guard.
[ "$(tr "\n" " " <"$dir/claims/guarded")" = "0 2 2 137 " ] || { cat "$dir/claims/said"; fail "reserve, guard: $(cat "$dir/claims/guarded")"; }
jq -e '.state.full | .free_pages - .claimed_pages | . >= 262144' "$dir/claims/reserved.json" >"$dir/fine" ||
	fail "the thief and the reserve: $(jq -c .state.full "$dir/claims/reserved.json")"
jq -e '.groups[0].outcomes == {"built": 8} and .groups[1].outcomes == {"refused": 1} and .state.before == .state.after' \
	"$dir/claims/reserved.json" >"$dir/fine" || { cat "$dir/claims/said"; fail "the reserve: not such a result"; }
for text in "MiB are free and unclaimed, all of which dom0 keeps (--reserve)" "another run is going on here" \
	"the run ended early: destroyed 6 domains"; do
	grep -qF "$text" "$dir/claims/said" || { cat "$dir/claims/said"; fail "not said: $text"; }
done
expect "left by one that was killed" "$(cat "$dir/claims/guarded-clean")" \
	"destroyed 0 domains; pages claimed on this host by anyone: 0"
expect "left by one that was stopped" "$(cat "$dir/claims/clean")" \
	"destroyed 0 domains; pages claimed on this host by anyone: 0"

echo "legacy claims"
status=0
scenario thief --variant baseline --no-watch --out "$dir" >"$dir/said" 2>&1 || status=$?
expect "status of thief on the baseline" $status 1
jq -e '.runs[0] | .groups[0].claim == "legacy" and .groups[0].off_node_pages > 0 and .exit_code == 1 and
	([.failures[] | startswith("guests: share of pages off their node")] | any)' "$dir/baseline-thief.json" >"$dir/fine" ||
	{ cat "$dir/said"; fail "thief: legacy claims keep a node"; }
echo "all as expected"

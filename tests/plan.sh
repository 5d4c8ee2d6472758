#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# claimperf plan against sums done by hand, on a calibration whose coefficients are known; what it refuses; and the commands
# of docs/planning.md.
# timeout: 120
set -euo pipefail
# shellcheck source=tests/common/shell.sh
. "$(dirname "$0")/common/shell.sh"

root=$PWD
build=$(readlink -f "$build")
generate=$root/tests/data/plan/generate
plan() { "$build/bin/claimperf-plan" "$@"; }

host() { jq -n '{about: "a host", nodes: 2, memory: "4G", cpu: "Test CPU"} + '"${1:-{\}}" >"$dir/host.json"; }

# work GROUP [WORKLOAD]: as JSON, over one of 512 large extents.
work() {
	jq -n '{about: "work", builders: 1} + '"${2:-{\}}"' + {groups: [{name: "a", domains: 1, memory: "1G", claim: "nodes",
		extents: {"9": 1}} + '"$1"']}' >"$dir/work.json"
}

# figure JQ OPTION...: of the plan.
figure() {
	local what=$1
	shift
	plan --calibration "$dir/cal/calibration.json" --host "$dir/host.json" --workload "$dir/work.json" --json "$@" | jq -c "$what"
}

# about WHAT GOT WANTED: but for the rounding of a double.
about() {
	jq -ne --argjson got "$2" --argjson wanted "$3" '($got - $wanted | fabs) <= 1e-9 * ($wanted | fabs)' >/dev/null ||
		fail "$1: $2, not $3"
}

check_costs() {
	host
	work '{}'
	about "build time" "$(figure .groups[0].build_s.value)" "$(jq -n '(512 * (66 + 1024) + 100 + 50) / 1e9')"
	about "due to claims" "$(figure .groups[0].claims_share.value)" "$(jq -n '(512 * 6 + 150) / (512 * 1090 + 150)')"
	about "in instructions" "$(figure .groups[0].claims_instructions_share.value)" \
		"$(jq -n '(512 * 17 + 285 + 215) / (512 * (817 + 20480) + 500)')"
	about "when claims are made" "$(figure .groups[0].claims_parts.made.value)" "$(jq -n '100 / (512 * 1090 + 150)')"
	about "when they are used" "$(figure .groups[0].claims_parts.used.value)" "$(jq -n '512 * 6 / (512 * 1090 + 150)')"
	about "when they are cancelled" "$(figure .groups[0].claims_instructions_parts.cancelled.value)" \
		"$(jq -n '215 / (512 * (817 + 20480) + 500)')"
	about "what exact data leave open" "$(figure '.groups[0].build_s | .high / .low')" 1
	about "parts" "$(figure .what_if.groups[0].build_s.value --parts 8)" "$(jq -n '(512 * 1090 + 8 * 100 + 50) / 1e9')"
	about "single pages" "$(figure .what_if.groups[0].build_s.value --order 0)" "$(jq -n '(512 * 512 * (66 + 2) + 150) / 1e9')"
	about "nobody claims" "$(figure .what_if.groups[0].build_s.value --claim none)" "$(jq -n '512 * (60 + 1024) / 1e9')"
	about "a host claim" "$(figure .what_if.groups[0].build_s.value --claim host)" "$(jq -n '(512 * (62 + 1024) + 150) / 1e9')"
	about "a legacy claim" "$(figure .what_if.groups[0].build_s.value --claim legacy)" "$(jq -n '(512 * (62 + 1024) + 120) / 1e9')"
	about "half of the heap in pieces" "$(figure .what_if.groups[0].build_s.value --fragmented 50)" \
		"$(jq -n '(256 * 1090 + 256 * 90 + 256 * 512 * 68 + 150) / 1e9')"
	work '{memory: "2M", extents: {"9": 0.6, "0": 0.4}}'
	about "all of the memory, in what it has room for" "$(figure .groups[0].build_s.value)" "$(jq -n '(512 * 68 + 150) / 1e9')"
	work '{nodes: "all"}'
	about "a set" "$(figure .groups[0].build_s.value)" "$(jq -n '(512 * 1090 + 95 + 10 + 45 + 10) / 1e9')"
	host '{outside_ns: 1000, toolstack_ms: 5}'
	about "what is outside" "$(figure .groups[0].build_s.value)" "$(jq -n '(512 * 2090 + 160) / 1e9 + 0.005')"
}

# A domain of 1 GiB that took three times what its calls take.
check_whole() {
	host
	work '{}'
	jq -n '{context: {claimperf: {target: "host", hypervisor: {key: "claims"}}}, runs: [(3, 4) as $times | {nodes: 2, groups: [{builds: 2, pages: (2 * 262144),
		call_seconds: (2 * $times * (501 * 1090 + 5632 * 68 + 150) / 1e9)}]}]}' >"$dir/cal/build.json"
	jq '.builds = ["build.json"]' "$dir/cal/calibration.json" >"$dir/cal/whole.json"
	about "whole domains" "$(figure '.groups[0].build_s.value' --calibration "$dir/cal/whole.json")" "$(jq -n '3 * (512 * 1090 + 150) / 1e9')"
	about "at most" "$(figure '.groups[0].build_s.high' --calibration "$dir/cal/whole.json")" "$(jq -n '4 * (512 * 1090 + 150) / 1e9')"
	figure '.notes[]' --calibration "$dir/cal/whole.json" | grep -q 'whole domains of 1024 MiB took 3 times' || fail "the factor is not told"
	echo '{"context": {"claimperf": {"target": "host", "hypervisor": {"key": "claims"}}}, "runs": [{"groups": [{"builds": 1}]}]}' >"$dir/cal/build.json"
	refused "runs: no pages, builds or time of calls" plan --calibration "$dir/cal/whole.json" --host "$dir/host.json" --workload "$dir/work.json"
}

# Times alone: shares of instructions are not known, all else is.
check_times_alone() {
	local n
	host
	work '{}'
	cp -r "$dir/cal" "$dir/times"
	for n in 1 2 4 8; do
		jq '.benchmarks[].claimperf |= (.kind = "noisy" | .unit = "tsc")' "$dir/cal/nodes-$n.json" >"$dir/times/nodes-$n.json"
	done
	expect "figures" "$(figure '[.groups[0] | .claims_instructions_share, .build_s.value > 0]' --calibration "$dir/times/calibration.json")" "[null,true]"
	plan --host "$dir/host.json" --workload "$dir/work.json" --calibration "$dir/times/calibration.json" | grep -q 'of instructions  *not measured' ||
		fail "instructions are shown that were not counted"
}

# 590 ns of thinking, 500 of holding: three keep the lock busy.
check_lock() {
	local knee
	host
	work '{domains: 6, claim: "none"}' '{builders: 3}'
	knee=$(figure .useful_builders.value)
	expect "useful builders" "$knee" 3
	jq -ne --argjson u "$(figure .utilisation.value)" '$u > 0.999 and $u < 1.001' >/dev/null || fail "three builders leave the lock alone"
	about "waits" "$(figure '(.groups[0].build_s.value * 1e9 / 512 / 1500 * 1000 | round) / 1000')" 1
	jq -ne --argjson u "$(figure .what_if.utilisation.value --node-locks)" '$u > 0.6 and $u < 0.8' >/dev/null || fail "locks of nodes"
	host '{nodes: 7}'
	work '{domains: 64, memory: "256M"}' '{builders: 64}'
	expect "no lock is held all the time and more" "$(figure '.what_if.utilisation.high <= 1' --node-locks)" true
	host
	work '{domains: 6, claim: "none"}' '{builders: 3}'
	threads "$dir/cal" '.handover = {count: 100, hist: [[100, 100]]}'
	about "the lock goes from CPU to CPU" "$(figure '(.groups[0].build_s.value * 1e9 / 512 / 1800 * 1000 | round) / 1000')" 1
	threads "$dir/cal" '.handover = {count: 0}'
	host '{handover_ns: 100}'
	about "as the host file says" "$(figure '(.groups[0].build_s.value * 1e9 / 512 / 1800 * 1000 | round) / 1000')" 1
	host
	expect "the same again" "$(figure . | sha256sum)" "$(figure . | sha256sum)"
	work '{domains: 8, extents: {"9": 0.5, "0": 0.5}}' '{builders: 3}'
	[ "$(figure .utilisation --seed 1)" != "$(figure .utilisation --seed 2)" ] || fail "seeds do not matter"
}

# Builders that find no domain to build wait for no lock; whoever comes last is built until it is done, and alone.
check_schedule() {
	local alone
	host
	work '{claim: "none"}'
	alone=$(figure .groups[0].build_s.value)
	about "one domain, many builders" "$(figure '.what_if.groups[0].build_s.value' --builders 64)" "$alone"
	about "and one of many builders" "$(figure '.what_if.total_s.value' --builders 64)" "$alone"
	work '{domains: 4, claim: "none"}' '{builders: 3}'
	about "the last one is alone" "$(figure '.total_s.value * 3 - .groups[0].build_s.value * 4')" "$(jq -n "$alone * 2")"
	jq '.groups += [.groups[0] + {name: "b", domains: 1, memory: "4G"}]' "$dir/work.json" >"$dir/two.json"
	mv "$dir/two.json" "$dir/work.json"
	expect "none takes longer than all" "$(figure '.total_s.value >= .groups[1].build_s.value')" true
	# A group in four pieces.
	work '{domains: 8, memory: "512M", extents: {"9": 0.5, "0": 0.5}}' '{builders: 8}'
	figure '[.total_s.value, .wait_p99_ns.value]' >"$dir/one"
	jq '.groups = [range(4) as $i | .groups[0] + {name: "g\($i)", domains: 2}]' "$dir/work.json" >"$dir/four.json"
	mv "$dir/four.json" "$dir/work.json"
	figure '[.total_s.value, .wait_p99_ns.value]' >"$dir/four"
	jq -sce 'transpose | map((.[0] / .[1] - 1 | fabs) < 0.02) | all' "$dir/one" "$dir/four" >/dev/null ||
		fail "groups change what is alike: $(cat "$dir/one" "$dir/four")"
	# Two threads hold the lock longer; one builder alone does not, whatever was asked for.
	threads "$dir/cal" '.metrics |= map(if .metric == "hold" then .hist[0][0] += 300 else . end)'
	work '{domains: 4, claim: "none"}' '{builders: 3}'
	expect "as many builders help" "$(figure '[.useful_builders, .scaling]' --builders 1)" "$(figure '.what_if | [.useful_builders, .scaling]' --builders 1)"
	threads "$dir/cal" '.metrics |= map(if .metric == "hold" then .hist[0][0] -= 300 else . end)'
}

# Three domains of 2.5 GiB on two nodes of 4: the third has 1.5 on its own.
check_memory() {
	host
	work '{domains: 3, memory: "2560M"}'
	expect "refused" "$(figure '.groups[0].refused.value')" 1
	expect "none refused" "$(figure .what_if.groups[0].refused.value --claim host)" 0
	about "off node" "$(figure .what_if.groups[0].off_node_share.value --claim host)" "$(jq -n '1 / 7.5')"
	expect "claims not used" "$(figure .what_if.groups[0].refused.value --claim host --unused 50)" 1
	work '{domains: 2, memory: "3G"}'
	expect "claims that are more than there is" "$(figure .what_if.groups[0].refused.value --claim host --unused 50)" 1
	work '{domains: 4, memory: "2560M", claim: "none"}' '{builders: 3}'
	expect "no claims" "$(figure '.groups[0].refused | [.value, .high]')" "[1,3]"
}

check_notes() {
	host '{nodes: 64, cpu: "Another"}'
	work '{}'
	figure '.notes[]' >"$dir/notes"
	grep -q 'extrapolated: populate/node:exact/claim:node at nodes 64, measured at 2 to 8' "$dir/notes" || fail "nothing is extrapolated"
	grep -q 'another CPU, Test CPU, not Another' "$dir/notes" || fail "another CPU is not told"
	expect "coefficients" "$(figure '.coefficients[] | select(.path == "populate/node:exact/claim:node") |
		[.fits[].terms["2^order"], (.runs | length)]' --explain)" "[40,2,3]"
	plan --calibration "$dir/cal/calibration.json" --host "$dir/host.json" --workload "$dir/work.json" --explain >"$dir/text"
	grep -qF '817 + 40·2^order instructions, exact at all 12 points' "$dir/text" || fail "no exact formula"
}

# threads DIR JQ: the runs of threads there, with traces of two threads changed so.
threads() {
	jq ".benchmarks |= map(if .name | test(\"threads:2\") then .claimperf.trace |= ($2) else . end)" "$dir/cal/threads.json" >"$dir/changed"
	mv "$dir/changed" "$1/threads.json"
}

check_validation() {
	plan --calibration "$dir/cal/calibration.json" --validate >"$dir/table" || { cat "$dir/table"; fail "its own costs"; }
	"$generate" "$dir/bit" 'if .name == "populate/order:2/node:exact/claim:node" and .nodes == 4 then .count += 1 else . end'
	host
	work '{}'
	plan --calibration "$dir/bit/calibration.json" --host "$dir/host.json" --workload "$dir/work.json" --explain >"$dir/text"
	grep -q 'not to the bit' "$dir/text" || fail "one instruction more is no finding"
	# Around Xen's allocator, extents of 2 MiB are no larger small ones.
	for n in 1 2 4 8; do
		jq '.context.claimperf.target = "lab" | .benchmarks |= map(if .name | test("populate/order:9") then
			.claimperf |= (.min_sample *= 4 | .samples[0] *= 4 | .value *= 4) else . end)' "$dir/cal/nodes-$n.json" >"$dir/lab-$n.json"
	done
	plan --validate "$dir"/lab-*.json >"$dir/table" || { cat "$dir/table"; fail "the lab's costs"; }
	grep -q '^| populate/node:exact/claim:node/large | nodes 4 |' "$dir/table" || fail "no large extents in the lab"
	refused "target lab, but that of" plan --validate "$dir/cal/nodes-1.json" "$dir/lab-2.json"
	"$generate" "$dir/off" 'if .name == "claim/install/entries:3" then .ns *= 1.3 else . end'
	! plan --validate "$dir"/off/nodes-*.json >"$dir/table" 2>&1 || fail "30 % more are not seen"
	grep -q '^| claim/install | entries 3 | .* 15 % | WORSE |$' "$dir/table" || { cat "$dir/table"; fail "it is not the worse one"; }
	threads "$dir/off" '.metrics |= map(if .metric == "wait" then .hist[0][0] = 200 else . end)'
	! plan --validate --calibration "$dir/off/calibration.json" >"$dir/table" 2>&1 || fail "waits are not seen"
	grep -q '^| mean wait of 2 threads, order 0 .* WORSE |$' "$dir/table" || fail "waits are no worse"
	threads "$dir/off" '.ran = 0.89 | .metrics |= map(if .metric == "wait" then .hist[0][0] = 200 else . end)'
	plan --validate "$dir/off/threads.json" >"$dir/table" 2>"$dir/said" || fail "threads without CPUs are judged"
	expect "not judged" "$(grep -c ' 89 % .* not judged |$' "$dir/table") $(grep -o '.* not judged' "$dir/said")" \
		"2 claimperf plan: 2 of 2 are not judged"
	# What two threads wait for each other, from how they handed the lock over at the other order.
	threads "$dir/off" '.handover = {count: 100, hist: [[30, 100]]} | .metrics |= map(if .metric == "think" then .hist[0][0] = 5 else . end)'
	plan --validate --json "$dir/off/threads.json" >"$dir/rows" 2>/dev/null || true
	expect "40 of another's hold and 30 twice, less 5 of thinking" "$(jq '.rows[0].predicted | round' "$dir/rows")" 95
}

check_refusals() {
	local calibration=(plan --calibration "$dir/cal/calibration.json")
	refused "--host and --workload are needed" plan
	refused "--claim much" plan --claim much
	refused "--order 10: not a number from 0 to 9" plan --order 10
	refused "--unused 101: not a number from 0 to 100" plan --unused 101
	refused "--fragmented -1: not a number from 0 to 100" plan --fragmented -1
	refused "--claim none: no --parts of it" "${calibration[@]}" --host "$dir/host.json" --workload "$dir/work.json" --claim none --parts 2
	refused "--validate is about the calibration alone" "${calibration[@]}" --validate --seed 3
	host '{nodes: 65}'
	work '{}'
	refused "host.json:3: nodes: not a number from 1 to 64" "${calibration[@]}" --host "$dir/host.json" --workload "$dir/work.json"
	host '{memory: "3M"}'
	refused "host.json:4: memory: not a multiple of 2M" "${calibration[@]}" --host "$dir/host.json" --workload "$dir/work.json"
	host
	work '{cpus: 3}'
	refused "groups[0].cpus: there is no such key" "${calibration[@]}" --host "$dir/host.json" --workload "$dir/work.json"
	work '{claim: "none", parts: 2}'
	refused "it claims nothing" "${calibration[@]}" --host "$dir/host.json" --workload "$dir/work.json"
	work '{claim: "none"}'
	refused "work.json: no group claims anything" "${calibration[@]}" --host "$dir/host.json" --workload "$dir/work.json" --unused 10
	expect "seed 0" "$(figure .seed --seed 0)" 0
	work '{}'
	refused "none: No such file or directory; claimperf calibrate makes one" plan --calibration "$dir/none" --host "$dir/host.json" --workload "$dir/work.json"
	jq '.context.claimperf.hypervisor.key = "other"' "$dir/cal/nodes-2.json" >"$dir/off/nodes-2.json"
	refused "key other, but that of" plan --validate "$dir/cal/nodes-1.json" "$dir/off/nodes-2.json"
}

# damaged FILE JQ TEXT: a calibration, one file of which was changed so, is refused with that text.
damaged() {
	rm -rf "$dir/damaged"
	cp -r "$dir/cal" "$dir/damaged"
	jq "$2" "$dir/cal/$1" >"$dir/damaged/$1"
	refused "damaged/$1: $3" plan --calibration "$dir/damaged/calibration.json" --host "$dir/host.json" --workload "$dir/work.json"
}

check_calibrations() {
	host
	work '{}'
	jq -n '{context: {claimperf: {target: "host", host: {cpu: "Test CPU"}, hypervisor: {key: "claims"}}},
		runs: [{nodes: 2, groups: [{builds: 1, pages: 512, call_seconds: 1}]}]}' >"$dir/cal/build.json"
	jq '.builds = ["build.json"]' "$dir/cal/calibration.json" >"$dir/with"
	mv "$dir/with" "$dir/cal/calibration.json"
	damaged calibration.json '.builds = "build.json"' "builds: not an array of names of files"
	damaged calibration.json '.builds = [1]' "builds: not an array of names of files"
	damaged build.json '.runs = {}' "runs: not an array of runs"
	damaged build.json '.runs[0].nodes = -1' "runs: nodes: not a number from 1 to 64"
	damaged build.json '.context.claimperf.host.cpu = "Another"' "cpu: Another, but that of the calibration is Test CPU"
	damaged build.json '.context.claimperf.hypervisor.key = "other"' "key other, but that of"
	damaged nodes-2.json '.context.claimperf.nodes = -3' "context.claimperf.nodes: not a number from 1 to 64"
	damaged nodes-2.json '.context.claimperf.nodes = "2"' "context.claimperf.nodes: not a number from 1 to 64"
	damaged threads.json '.context.claimperf.target = "lab"' "target lab, but that of"
	damaged threads.json '.context.claimperf.hypervisor.xen = "4.22"' "xen 4.22, but that of"
	damaged threads.json '.benchmarks[0].claimperf.trace.metrics[0].hist = [[1e300, 5]]' \
		"contend/order:0/domain:own/installer:no/threads:1: trace: no histogram of hold times"
	damaged threads.json '.benchmarks[0].claimperf.order = -1' \
		"contend/order:0/domain:own/installer:no/threads:1: claimperf: order: not a number from 0 to 18"
	jq 'del(.builds)' "$dir/cal/calibration.json" >"$dir/without"
	mv "$dir/without" "$dir/cal/calibration.json"
	jq 'del(.host)' "$dir/cal/calibration.json" >"$dir/cal/nobody.json"
	figure '.notes[]' --calibration "$dir/cal/nobody.json" | grep -q 'another CPU, an unknown one, not Test CPU' || fail "a CPU that is not known is not told"
}

# Where they are meant to be run, with a calibration that is there already.
check_docs() {
	local command
	mkdir "$dir/tree"
	ln -s "$root/results" "$root/scripts" "$root/Makefile" "$dir/tree"
	mv "$dir/cal" "$dir/tree/calibration"
	cd "$dir/tree"
	plan --help | grep -o 'results/plan-examples/[a-z0-9-]*\.json' >../named
	[ -s ../named ] || fail "--help has no examples"
	while read -r command; do [ -e "$command" ] || fail "--help: there is no $command"; done <../named
	grep -h '^    scripts/claimperf plan' "$root/docs/planning.md" "$root/README.md" >../commands
	[ "$(wc -l <../commands)" -ge 8 ] || fail "docs/planning.md has only $(wc -l <../commands) commands"
	while read -r command; do
		bash -c "$command" >"$dir/said" 2>&1 || { cat "$dir/said"; fail "$command"; }
	done <../commands
	xmllint --noout plan.html || fail "the page is not well-formed"
	expect "figures and pictures on the page" "$(grep -c '<td class="n">' plan.html) $(grep -c '<svg' plan.html)" "13 1"
	echo '{"plan": 2}' >not.json
	refused "not what claimperf plan --json prints" scripts/claimperf plan page not.json
}

export CLAIMPERF_BUILD=$build
"$generate" "$dir/cal"
check_costs
check_whole
check_times_alone
check_lock
check_schedule
check_memory
check_notes
check_validation
check_refusals
check_calibrations
check_docs
echo "plans are as done by hand"

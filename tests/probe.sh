#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The probe counts what is known, leaves the guest's bits alone, repeats exactly, and agrees with the profile.
# needs: lab
# timeout: 1200
set -euo pipefail
# shellcheck source=tests/common/shell.sh
. "$(dirname "$0")/common/shell.sh"

claimperf=scripts/claimperf
image=$($claimperf lab build baseline --patch tests/data/patches/probe.patch)

# lab OUT PROBE ARG… -- WORK…: the guest's output is in OUT.log
lab() {
	local out=$dir/$1 probe=$2 args=()
	shift 2
	while [ "$1" != -- ]; do args+=("$1"); shift; done
	shift
	$claimperf lab exec --image "$image" --out "$out" ${probe:+--probe "$probe"} "${args[@]}" -- "$build/bin/marker" "$@" \
		>"$out.log" 2>"$out.err" || { cat "$out.err"; fail "lab exec with --probe $probe: status $?"; }
}

# figures OUT SECTION FUNCTION: calls unreturned inclusive own loads stores
figures() {
	jq -r --argjson section "$2" --arg name "$3" '.sections[] | select(.section == $section).window.functions[]
		| select(.name == $name) | [.calls, .unreturned, .inclusive, .own, .loads, .stores] | join(" ")' "$dir/$1/probe.json"
}

# What one round of tests/data/patches/probe.patch does, N times.
# probe_leaf is called, jumped to by probe_tail, called by probe_lost, and through a thunk. Of probe_split, one call
# comes from its own first part. What comes back from probe_lost is no return: it lasts until its callee's.
check_known() {
	local section=$1 n=$2 name calls unreturned inclusive own loads stores
	while read -r name calls unreturned inclusive own loads stores; do
		expect "$name, $n rounds" "$(figures known "$section" "$name")" \
			"$((n * calls)) $((n * unreturned)) $((n * inclusive)) $((n * own)) $((n * loads)) $((n * stores))"
	done <<-END
		probe_leaf 4 0 12 12 8 4
		probe_tail 1 0 4 1 0 0
		probe_recurse 5 0 19 19 5 4
		probe_loop 1 0 15 15 1 0
		probe_lost 1 1 4 3 1 1
		probe_split 2 0 8 8 3 1
	END
	# Own instructions of these depend on the compiler: how often, and that all of them returned.
	for name in probe_all probe_hold_short probe_hold_long probe_fault; do
		read -r calls unreturned inclusive own _ <<<"$(figures known "$section" $name)"
		expect "$name, $n rounds" "$calls $unreturned" "$n 0"
		[ "$inclusive" -gt "$own" ] || fail "$name: $inclusive instructions with callees, $own without"
	done
	# An exception inside: its handler is a part of what the function took, and not the function's own.
	[ "$inclusive" -gt $((own + 100 * n)) ] || fail "probe_fault: $inclusive, $own own, and an exception"
}

# lock SECTION JQ
lock() { jq -r --argjson section "$1" ".sections[] | select(.section == \$section).window.heap_lock | $2" "$dir/known/probe.json"; }

check_lock() {
	local section=$1 n=$2 short long
	expect "sections" "$(lock "$section" '.sections')" $((2 * n))
	expect "sections by site" "$(lock "$section" '.sites | map([.site[0:16], .sections] | join(" ")) | sort | join(", ")')" \
		"probe_hold_long+ $n, probe_hold_short $n"
	short=$(lock "$section" '.sites[] | select(.site | startswith("probe_hold_short")).hold | .min')
	long=$(lock "$section" '.sites[] | select(.site | startswith("probe_hold_long")).hold | .max')
	expect "100 instructions more" $((long - short)) 100
	expect "sum of holds" "$(lock "$section" '.hold.sum')" $((n * (short + long)))
	expect "the sum by site" "$(lock "$section" '[.sites[].hold.sum] | add')" $((n * (short + long)))
	expect "the histogram" "$(lock "$section" '[.hold.histogram[][2]] | add')" $((2 * n))
	expect "waits and releases of an unlocked lock" "$(lock "$section" '[.waits, .unmatched] | join(" ")')" "0 0"
}

work="section known:10 known:10 section known:1000 known:1000 section version:1000 section version:3000"
# shellcheck disable=SC2086 # a list of words
lab known 'probe_*,do_xen_version' -- $work
check_known 1 10
check_known 2 1000
check_lock 1 10
check_lock 2 1000
# Linux makes this call too, when it lets interrupts in and one waits.
for n in 1000 3000; do
	calls=$(figures known $((n / 1000 > 1 ? 4 : 3)) do_xen_version | cut -d' ' -f1)
	[[ $calls -ge $n && $calls -le $((n + 2)) ]] || fail "calls of do_xen_version: '$calls', not $n and two at most"
done
grep -q '^probe_leaf ' "$dir/known.err" || fail "the command does not print the table"
# (The machine is booted once, and says so, if no test did it before.)
expect "what it prints" "$(grep -v "^claimperf-lab-exec: " "$dir/known.err")" "$(cat "$dir/known/probe.txt")"

# The guest sees nothing of it, and the same run gives the same figures.
# shellcheck disable=SC2086
lab plain '' -- $work
# shellcheck disable=SC2086
lab again 'probe_*,do_xen_version' -- $work
# shellcheck disable=SC2086
lab every '*' --profile "$dir/profile" -- $work
for run in known again every; do
	cmp "$dir/plain.log" "$dir/$run.log" || fail "the probe changes what the guest sees"
done
cmp "$dir/known/probe.json" "$dir/again/probe.json" || fail "two equal runs give different figures"
expect "known functions among all" "$(figures every 2 probe_leaf)" "$(figures known 2 probe_leaf)"

# Every function's own instructions are those of the profile of the same run, parts and namesakes added up.
for section in 1 2 3 4; do
	jq -r --argjson section $section '.sections[] | select(.section == $section).window.functions[]
		| select(.own > 0) | [(.name | sub("^[^#]*#"; "")), .own] | join(" ")' "$dir/every/probe.json" |
		awk '{ own[$1] += $2 } END { for (name in own) print name, own[name] }' | sort >"$dir/probed"
	awk -v want=$section '/^# section=/ { section = substr($2, 9) }
		!/^#/ && section == want && $2 !~ /^\[/ {
			sub(/^[^#]*#/, "", $2)
			name = substr($2, 1, 1) substr($2, 2)
			if (index(substr(name, 2), ".")) name = substr(name, 1, index(substr(name, 2), "."))
			own[name] += $1
		}
		END { for (name in own) print name, own[name] }' "$dir/profile" | sort >"$dir/profiled"
	[ "$(wc -l <"$dir/profiled")" -ge 10 ] || fail "only $(wc -l <"$dir/profiled") functions in section $section"
	diff "$dir/profiled" "$dir/probed" || fail "section $section: the probe and the profile disagree"
done

# An image without xen-syms has the symbols for its own stack traces.
mkdir "$dir/stock"
cp "$image" "$dir/stock/xen"
image=$dir/stock/xen
# shellcheck disable=SC2086
lab embedded 'probe_*,do_xen_version' -- $work
cmp "$dir/known/probe.json" "$dir/embedded/probe.json" || fail "the image's own symbols give other figures"

# What cannot work is refused, naming what is wrong.
refused 'aloc_heap_pages: no such function; nearest: alloc_heap_pages' \
	$claimperf lab exec --variant baseline --probe do_xen_version,aloc_heap_pages -- true
refused 'no function is named' $claimperf lab exec --variant baseline --probe , -- true
refused '--probe needs --exact' $claimperf lab exec --probe do_xen_version --parallel -- true
refused 'plain.log: neither a 64-bit ELF file' \
	$claimperf lab exec --variant baseline --probe do_xen_version --symbols "$dir/plain.log" -- true
refused 'aloc_heap_pages: no such function; nearest: alloc_heap_pages' \
	$claimperf bench --variant baseline --probe aloc_heap_pages --out "$dir/bench.json"
[ ! -e "$dir/bench.d" ] || fail "a refused benchmark leaves $(ls "$dir/bench.d")"

# A benchmark keeps the figures beside its result, and has the same result with them.
for probe in '' --probe; do
	# shellcheck disable=SC2086
	$claimperf bench --variant baseline --filter '^populate/order:0/node:exact/claim:none$' $probe --unproven \
		--out "$dir/b$probe.json" 2>"$dir/err" || { cat "$dir/err"; fail "bench $probe"; }
	jq '.benchmarks[0].claimperf | [.samples, .kind]' "$dir/b$probe.json" >"$dir/samples$probe"
done
cmp "$dir/samples" "$dir/samples--probe" || fail "the probe changes the result"
jq -e '.claimperf as $c | .kind == "exact"' >/dev/null <<<"$(jq '.benchmarks[0].claimperf' "$dir/b--probe.json")" ||
	fail "a probed machine does not agree with another one"
raw=$dir/b--probe.d/populate_order_0_node_exact_claim_none/probe.json
ops=$(jq '.benchmarks[0].claimperf.ops' "$dir/b--probe.json")
expect "calls of alloc_heap_pages" \
	"$(jq '.window.functions[] | select(.name == "alloc_heap_pages").calls' "$raw")" "$ops"
# All is somebody's, and all of what the guest's clock told: the rest is the markers and the readings.
jq -e --argjson least "$(jq '.benchmarks[0].claimperf.min_sample' "$dir/b--probe.json")" '.window | (.areas | add) as $sum
	| $sum == .instructions and $sum - $least >= 0 and $sum - $least < 16 and all(.areas[]; . > 50)' "$raw" >/dev/null ||
	fail "areas: $(jq -c '.window.areas' "$raw") of a window of $(jq '.benchmarks[0].claimperf.min_sample' "$dir/b--probe.json")"
expect "sections of heap_lock" "$(jq '.window.heap_lock.sections' "$raw")" "$ops"
expect "where it is taken" "$(jq -r '.window.heap_lock.sites[].site' "$raw" | sed 's/+.*//')" alloc_heap_pages
[ "$(jq '.all.heap_lock.sections' "$raw")" -gt $((ops * 2)) ] || fail "the whole section has no more than its window"

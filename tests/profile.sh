#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The profile counts every instruction once, leaves the guest's bits alone and repeats exactly.
# needs: lab
# timeout: 300
set -euo pipefail

build=${CLAIMPERF_BUILD:-build}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

fail() { echo "FAILED: $*"; exit 1; }

# Before the first section: two windows, which are summed. The first round of each work also takes
# the faults of its first use, so the second one, of equal size, has to be the cheapest.
work="nothing nothing section getpid:1000 getpid:1000 section version:1000 version:1000
	section version:3000 version:3000 section touch:100 touch:100"

lab() {
	# shellcheck disable=SC2086 # $work is a list of words
	scripts/claimperf lab exec --variant baseline "$@" -- "$build/bin/marker" $work
}

# Sum of the counts of function $2 in section $1, or of all with $2 empty.
count() {
	awk -v want="$1" -v name="$2" '
		/^# section=/ { section = substr($2, 9) }
		!/^#/ && section + 0 == want && (name == "" || $2 == name) { sum += $1 }
		END { print sum + 0 }' "$dir/profile"
}

header() {
	awk -v want="$1" -v name="$2=" '
		/^# section=/ { section = substr($2, 9) }
		/^#/ && section + 0 == want && index($2, name) == 1 {
			print substr($2, length(name) + 1) }' "$dir/profile"
}

# Ticks of the cheapest window of work $1.
cheapest() { awk -v name="$1" '$1 == name { print $2 }' "$dir/plain" | sort -n | head -n 1; }

# Section $1 has $2 windows whose counts are $3 ticks and the instructions that faulted. An
# instruction that faults is started twice but retired once; each enters Xen through the two
# instructions of page_fault.
check_section() {
	local total faults
	total=$(header "$1" total)
	faults=$(($(count "$1" page_fault) / 2))
	echo "section $1: $total counted, $3 ticks, $faults faults"
	[ "$(header "$1" windows)" = "$2" ] || fail "section $1: $(header "$1" windows) windows, not $2"
	[ "$(header "$1" unmatched)" = 0 ] || fail "section $1: markers without partner"
	[ "$(count "$1" "")" = "$total" ] || fail "section $1: the counts do not add up to the total"
	[ $((total - faults)) = "$3" ] || fail "section $1: $total counted, $faults of them faults, in $3 ticks"
}

lab >"$dir/plain"
cat "$dir/plain"
lab --profile "$dir/profile" >"$dir/profiled"
lab --profile "$dir/again" >"$dir/profiled_again"
cmp "$dir/plain" "$dir/profiled" || fail "the profile changes what the guest sees"
cmp "$dir/plain" "$dir/profiled_again" || fail "the profile changes what the guest sees"
cmp "$dir/profile" "$dir/again" || fail "two equal runs give different profiles"

check_section 0 2 "$(awk '$1 == "nothing" { sum += $2 } END { print sum }' "$dir/plain")"
check_section 1 2 "$(cheapest getpid:1000)"
check_section 2 2 "$(cheapest version:1000)"
check_section 3 2 "$(cheapest version:3000)"
check_section 4 2 "$(cheapest touch:100)"
[ "$(count 0 "[user]")" = "$(count 0 "")" ] || fail "an empty window holds more than user space"
for where in "[user]" "[dom0-kernel]" lstar_enter; do
	[ "$(count 1 "$where")" -ge 1000 ] || fail "1000 system calls are fewer than 1000 instructions in $where"
done
[ "$(count 4 page_fault)" -ge 200 ] || fail "100 first touches of pages are fewer than 100 faults"

# The hypercalls go through do_xen_version, as often as they are made (dom0's kernel has a few of its own).
few=$(count 2 do_xen_version)
many=$(count 3 do_xen_version)
[ "$few" -ge 10000 ] || fail "1000 calls of do_xen_version are $few instructions"
difference=$((many - 3 * few))
[ "${difference#-}" -lt $((few / 50)) ] || fail "do_xen_version: $few instructions in 1000 calls, $many in 3000"
[ "$(count 1 do_xen_version)" -lt $((few / 50)) ] || fail "do_xen_version in a window without hypercalls"

# What cannot work is refused, naming the file.
status=0
lab --profile "$dir/none/profile" >"$dir/stdout" 2>"$dir/stderr" || status=$?
[ $status = 2 ] || fail "a profile that cannot be written: status $status"
grep -qF "$dir/none/profile" "$dir/stderr" || { cat "$dir/stderr"; fail "the message does not name the file"; }

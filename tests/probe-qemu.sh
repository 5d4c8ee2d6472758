#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Probe and profile on a newer QEMU, whose plugins count in another way: the same figures.
# CLAIMPERF_NEW_QEMU names its program, as of Debian 13 (docs/probe.md).
# needs: lab
# timeout: 300
set -euo pipefail
# shellcheck source=tests/common/shell.sh
. "$(dirname "$0")/common/shell.sh"

new=${CLAIMPERF_NEW_QEMU:-}
[ -n "$new" ] || { echo "CLAIMPERF_NEW_QEMU names no QEMU"; exit 77; }
[ -x "$new" ] || { echo "$new: no such program"; exit 2; }
for qemu in "${CLAIMPERF_QEMU:-qemu-system-x86_64}" "$new"; do "$qemu" --version | head -n 1; done
image=$(scripts/claimperf lab build baseline --patch tests/data/patches/probe.patch)

lab() {
	local out=$dir/$1
	shift
	scripts/claimperf lab exec --image "$image" --out "$out" "$@" -- "$build/bin/marker" \
		section known:10 known:10 section known:1000 known:1000 section getpid:1000 getpid:1000 >"$out.log" 2>"$out.err" ||
		{ cat "$out.err"; fail "lab exec $*: status $?"; }
}

# What QEMU itself accesses in iret 7.2 counts as stores, and at the end of a block with the function before.
functions() {
	jq '[.sections[] | .window.functions |= map(.accesses = .loads + .stores | if .name | test("iret|restore_all|enter") then
		del(.loads, .stores, .accesses) else . end) | {section, window}]' "$dir/$1/probe.json"
}

lab old --probe '*' --profile "$dir/old.profile"
export CLAIMPERF_QEMU=$new
lab plain
lab new --probe '*' --profile "$dir/new.profile"
cmp "$dir/plain.log" "$dir/new.log" || fail "the probe changes what the guest sees"
for run in old new; do functions $run >"$dir/$run.functions"; done
[ "$(jq '[.[].window.functions[]] | length' "$dir/new.functions")" -ge 30 ] || fail "too few functions"
diff "$dir/old.functions" "$dir/new.functions" || fail "two versions of QEMU give different figures"
diff "$dir/old.profile" "$dir/new.profile" || fail "two versions of QEMU give different profiles"

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The claim contract on a real hypervisor with assertions, on 1, 2 and 4 nodes.
# needs: lab
# timeout: 480
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
build=${CLAIMPERF_BUILD:-build}
program=$build/bin/claims-contract
image=$(scripts/claimperf lab build claims+debug)
failed=0

fail() {
	echo "FAILED: $*"
	failed=1
}

"$program" --list | cut -d' ' -f1 | sort | uniq -d | grep . && fail "tests with the same ID"
status=0
"$program" --test errors/none 2>"$dir/usage" || status=$?
[ "$status:$(grep -c "errors/none" "$dir/usage")" = 2:1 ] || fail "an unknown test is no usage error"

for nodes in 1 2 4; do
	mkdir "$dir/$nodes"
	echo "# $nodes nodes"
	"$build/bin/claimperf-lab-exec" --image "$image" --nodes $nodes --parallel --out "$dir/$nodes" \
		--timeout 200 -- "$program" | tee "$dir/tap" || fail "on $nodes nodes"
	[ -s "$dir/$nodes/console.txt" ] || fail "no console"
	grep -aE 'WARN|BUG|Assertion|FATAL|Xen call trace' "$dir/$nodes/console.txt" && fail "console on $nodes nodes"
	[ $nodes = 4 ] && grep '# SKIP' "$dir/tap" && fail "skipped on $nodes nodes"
done
exit $failed

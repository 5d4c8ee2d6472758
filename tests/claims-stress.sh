#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Claims, allocations, frees and deaths of domains from 4 CPUs at once, on a hypervisor with assertions.
# Usage: tests/claims-stress.sh [SECONDS [SEED [NODES]]]     (default 45, 1, 4)
# needs: lab
# timeout: 720
set -euo pipefail

seconds=${1:-45}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
build=${CLAIMPERF_BUILD:-build}
image=$(scripts/claimperf lab build claims+debug)

"$build/bin/claimperf-lab-exec" --image "$image" --nodes "${3:-4}" --cpus 4 --parallel --out "$dir" \
	--timeout $((2 * seconds + 500)) -- "$build/bin/claims-stress" --seconds "$seconds" --seed "${2:-1}"
[ -s "$dir/console.txt" ] || { echo "FAILED: no console"; exit 1; }
if grep -aE 'WARN|BUG|Assertion|FATAL|Xen call trace' "$dir/console.txt"; then
	echo "FAILED: Xen complained"
	exit 1
fi

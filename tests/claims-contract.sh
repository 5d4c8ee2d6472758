#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The claim contract on a real hypervisor with assertions, on 2 and 4 nodes.
# needs: lab
# timeout: 240
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
build=${CLAIMPERF_BUILD:-build}
image=$(scripts/claimperf lab build claims+debug)
failed=0

for nodes in 2 4; do
	mkdir "$dir/$nodes"
	echo "# $nodes nodes"
	"$build/bin/claimperf-lab-exec" --image "$image" --nodes $nodes --parallel --out "$dir/$nodes" --timeout 100 -- \
		"$build/bin/claims-contract" || failed=1
done
exit $failed

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The benchmark finds out each claim dialect on a real hypervisor, and its cases run there; results of
# different dialects can be compared.
# needs: lab
# timeout: 1200
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
patches=tests/data/patches
filter='^claim/(move|[a-z]*/[a-z:0-9-]*)$|node:(any|exact)/claim:(node|set.host|tight-node)$|^refused/order:0'

fail() { echo "FAILED: $*"; exit 1; }

# expect DIALECT CASES VARIANT OPTION…: that dialect on this hypervisor, so many cases measured, none invalid
expect() {
	local dialect=$1 cases=$2 image
	image=$(scripts/claimperf lab build "${@:3}" 2>"$dir/log") || { cat "$dir/log"; fail "$dialect does not build"; }
	scripts/claimperf bench --image "$image" --nodes 2 --once --unproven --filter "$filter" --out "$dir/$dialect.json" \
		>"$dir/log" 2>&1 || { cat "$dir/log"; fail "$dialect: a case fails"; }
	jq -c '[.context.claimperf.dialect, ([.benchmarks[] | select(.claimperf.value)] | length),
		([.benchmarks[] | select(.error_occurred and (.claimperf.skipped | not))] | length)]' \
		"$dir/$dialect.json" | tee "$dir/found"
	[ "$(cat "$dir/found")" = "[\"$dialect\",$cases,0]" ] || fail "expected $dialect and $cases cases"
}

expect legacy 3 baseline
expect v6 28 claims
expect v7 26 claims --patch $patches/v7.patch
expect v8 26 claims --patch $patches/v8.patch

for after in v6 v7 v8; do
	status=0
	scripts/claimperf compare "$dir/legacy.json" "$dir/$after.json" >"$dir/log" 2>&1 || status=$?
	[ $status -le 1 ] || { cat "$dir/log"; fail "legacy and $after cannot be compared"; }
done

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The probe follows the hypervisor that Debian ships, without its symbol file, and the guest sees nothing of it.
# needs: lab
# timeout: 300
set -euo pipefail
# shellcheck source=tests/common/shell.sh
. "$(dirname "$0")/common/shell.sh"

package=xen-hypervisor-4.17-amd64
(cd "$dir" && apt-get -qq -o APT::Sandbox::User=root download $package) 2>"$dir/apt" || {
	echo "$package cannot be had: $(tail -n 1 "$dir/apt")"
	exit 77
}
dpkg -x "$dir"/$package*.deb "$dir/root"
zcat "$dir"/root/boot/xen-*.gz >"$dir/xen"
[ ! -e "$dir/xen-syms" ] && ! find "$dir/root" -name '*syms*' | grep . || fail "the package has symbols after all"

lab() {
	local out=$dir/$1
	shift
	scripts/claimperf lab exec --image "$dir/xen" --out "$out" "$@" -- "$build/bin/claimperf-dombench" --disposable \
		--instructions --group none --samples 3 --json=bench.json >"$out.log" 2>"$out.err" ||
		{ cat "$out.err"; fail "lab exec $*: status $?"; }
}

lab plain
lab probed --probe '*'
cmp "$dir/plain/bench.json" "$dir/probed/bench.json" || fail "the probe changes what the guest measures"
jq -c '.sections[] | select(.window) | [.window.functions[] | select(.name == "alloc_heap_pages").calls]
	+ [.window.heap_lock | .sections, ([.sites[] | select(.site | startswith("alloc_heap_pages+")).sections] | add)]' \
	"$dir/probed/probe.json" >"$dir/counts"
cat "$dir/counts"
expect "sections of the run" "$(wc -l <"$dir/counts")" 4
jq -es 'all(.[0] > 0 and .[0] == .[1] and .[1] == .[2])' "$dir/counts" >/dev/null ||
	fail "allocations, sections of heap_lock and those in alloc_heap_pages are not as many"

# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Sourced by tests of noisy data: figures and studies that are invented.

# Figures about 1 with a deviation of 0.4 %, from a sequence that a seed decides.
noise='def noise($seed; $n): [limit($n; $seed | recurse((. * 7919 + 104729) % 1000003))] | map(1 + 0.014 * (. / 1000003 - 0.5));'

# study FACTOR AA [JQ]: study.json, 12 pairs of boots of 120 rounds, and A/A that differs by AA.
study() {
	jq -n --argjson factor "$1" --argjson aa "$2" "$noise"'
		def boots($seed; $factor): [range(12) as $boot | noise($seed + 131 * $boot; 1)[0] as $own |
			noise($seed * 3 + 17 * $boot; 120) | map(500 * $own * $factor * .)];
		def metric($name; $seed; $factor): {name: $name, unit: "ns", per: "extent", before: boots($seed; 1),
			after: boots($seed + 50000; $factor), aa_before: boots($seed + 100000; 1), aa_after: boots($seed + 150000; $aa)};
		{study: 1, seed: 42, order: "011010010110", before: {fingerprint: {nodes: 1, hypervisor: {variant: "baseline"}}},
		 after: {fingerprint: {nodes: 1, hypervisor: {variant: "claims"}}}, aa: {order: "010101010101"},
		 metrics: [metric("alloc"; 11; $factor), metric("free"; 1234; 1)]}'"${3-}" >study.json
}

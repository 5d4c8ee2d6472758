# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154
# Sourced by what runs in pairs: both claimperf scenario, and ab. $root and $seed are set.

# shellcheck source=scripts/command.sh
. "$root/scripts/command.sh"

check_patches() {
	local patch
	for patch in "${patches[@]}"; do [ -r "$patch" ] || die "--patch-after $patch: cannot read it"; done
}

# Words for a build: patches of --patch-after, in the array $extra.
patch_words() {
	local patch
	extra=()
	for patch in "${patches[@]}"; do extra+=(--patch "$patch"); done
}

# What the seed makes of $1 and $2: $3 hexadecimal digits, as a number. No generator, so that it is the same everywhere.
number_of() {
	local digest
	digest=$(printf '%s %s %s' "$seed" "$1" "$2" | sha256sum)
	echo $((0x${digest:0:$3}))
}

# Which of pair $2 of $1 is first: 0 or 1.
first_of() { echo $(($(number_of "$1" "$2" 1) & 1)); }

# Of $2 pairs of $1, a character a pair.
order_of() {
	local pair
	for ((pair = 0; pair < $2; pair++)); do first_of "$1" $pair; done | tr -d '\n'
}

# What says that results are two sides of one run (results/pairs.h): pairs_of ARM, as JSON. $run_id is set once a run.
run_id=$(od -An -N8 -tx8 /dev/urandom | tr -d ' ')
pairs_of() {
	jq -n --arg study "$run_id" --arg seed "$seed" --arg arm "$1" '{study: $study, seed: $seed, arm: $arm}'
}

# jq: figures of an array of seconds, as hyperfine has them.
# shellcheck disable=SC2034 # for who sources this
jq_figures='
	def mean: add / length;
	def median: sort | (.[(length - 1) / 2 | floor] + .[length / 2 | floor]) / 2;
	def stddev: mean as $mean | if length < 2 then null
		else (map((. - $mean) * (. - $mean)) | add / (length - 1) | sqrt) end;
	def figures: {mean: mean, stddev: stddev, median: median, min: min, max: max, times: .};'

# The suite and the machine, as JSON.
describe_host() {
	jq -n --arg suite "$("$root/scripts/version")" \
		--arg cpu "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" --argjson cpus "$(nproc)" \
		--arg name "$(uname -n)" '{suite: $suite, host_name: $name, cpu: $cpu, cpus: $cpus}'
}

# write_study DIR TEMPORARY: DIR/study.json (results/study.h) of DIR/plan.json and DIR/boots. Rounds in ns per operation; a tick has
# as many as the case's own time and value say. Boots that are not there, and cases that came to nothing, are null.
write_study() {
	find "$1/boots" -name '*.json' -print0 | LC_ALL=C sort -z | xargs -0r cat | jq -sc --slurpfile plan "$1/plan.json" '
		def rounds(name): [.benchmarks[] | select(.name == name)][0] |
			if .error_occurred or . == null then null
			else (.real_time / .claimperf.value / .claimperf.ops) as $ns | [.claimperf.samples[] * $ns] end;
		$plan[0] as $p | . as $boots | ($p.aa_order | length) as $aa |
		def missing(name): [$boots[] | .boot.arm as $arm | .benchmarks[] |
			select(.name == name and .error_occurred and .error_message) |
			"\(if $arm == "after" then "after" else "before" end): \(.error_message)"] | unique |
			if . == [] then {} else {skipped: join("; ")} end;
		def boot(arm; i): [$boots[] | select(.boot.arm == arm and .boot.pair == i)][0];
		def arm(name; arm; pairs): {(arm): [range(pairs) as $i | boot(arm; $i) | if . then rounds(name) else null end]};
		def layouts(arms): if $p.layouts then {layouts: ($p.layouts | arms)} else {} end;
		def side(arm): layouts(.[arm]) + {fingerprint: (
			[$boots[] | select(.boot.arm == arm)][0] | .context.claimperf + {lab: .boot.lab, suite: $p.suite, target: $p.target, nodes: ($p.nodes // .context.claimperf.nodes),
			 machine: ($p.identity | {cpu, cpus, program_sha256}), hypervisor: $p.identity[arm]})};
		{study: 1, seed: $p.seed, date: $p.date, order: $p.order, before: side("before"), after: side("after")} +
		(if $aa > 0 then {aa: ({order: $p.aa_order} + layouts({aa_before, aa_after}))} else {} end) +
		{metrics: [reduce ($boots[].benchmarks[] | select(.claimperf)) as $b ([]; if any(.[]; .name == $b.name) then . else . + [$b] end) |
			.[] | .name as $name |
			{name: $name, unit: "ns", per: .claimperf.per, primary: true} + missing($name) +
			arm($name; "before"; $p.order | length) + arm($name; "after"; $p.order | length) +
			if $aa > 0 then arm($name; "aa_before"; $aa) + arm($name; "aa_after"; $aa) else {} end]}' >"$2"
	mv "$2" "$1/study.json"
}

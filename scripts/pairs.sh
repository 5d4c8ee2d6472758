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

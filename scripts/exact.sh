# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154
# Sourced by claimperf selftest and bisect: exact measurements of hypervisors with patches on them.
# $me, $root, $claimperf, $target, $nodes, $variant, $filter and the folder $work are set.

# shellcheck source=scripts/command.sh
. "$root/scripts/command.sh"

# check_target LEAST: of that many nodes.
check_target() {
	case $target in
	host) bench=(--target host --memory 1G --measure count) ;;
	lab) bench=(--target lab --functions --unproven) ;;
	*) die "--target $target: neither host nor lab" ;;
	esac
	check_number --nodes "$nodes" "$1" 64
}

# measure NAME WORD...: with further options of bench, into $work/NAME.json
measure() {
	local name=$1
	shift
	"$claimperf" bench "${bench[@]}" --nodes "$nodes" --variant "$variant" --filter "$filter" "$@" \
		--out "$work/$name.json" >"$work/$name.log" 2>&1 || { tail -n 5 "$work/$name.log" >&2; die "$name: cannot be measured"; }
}

# compare_exact BEFORE AFTER: into $work/AFTER.verdicts
compare_exact() {
	local status=0
	"$claimperf" compare --json "$work/$1.json" "$work/$2.json" >"$work/$2.verdicts" 2>"$work/$2.log" || status=$?
	[ $status -le 1 ] || { tail -n 5 "$work/$2.log" >&2; die "$2: cannot be compared"; }
}

# $out, or a folder that goes with this process, as $work.
make_work() {
	trap 'say stopped; exit 2' INT TERM HUP
	if [ -n "$out" ]; then
		make_folder "$out"
		work=$(readlink -f "$out")
	else
		trap 'rm -rf "$work"' EXIT
		work=$(mktemp -d)
	fi
}

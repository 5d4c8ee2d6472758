#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# claimperf fleet: a night on four hosts of a Slurm of the test's own. One of them loses power in mid-run, and is back
# later: every bracket ends exactly once in the history, whatever is submitted or collected again.
# timeout: 600
set -euo pipefail

# shellcheck source=tests/common/shell.sh
. tests/common/shell.sh
# shellcheck source=tests/common/slurm.sh
. tests/common/slurm.sh
root=$PWD
export CLAIMPERF_BUILD=${CLAIMPERF_BUILD:-$PWD/build}
chmod 755 "$dir"
fleet() { "$root/scripts/claimperf" fleet "$@"; }
history() { "$root/scripts/claimperf" history "$@" --store "$dir/store"; }

# What each host will have measured: counts of both sides.
make_nights() {
	local host role
	for host in den1 den2 den3 den4; do
		mkdir -p "$dir/replay/$host/2026-01-31"
		for role in reference tonight; do
			jq --arg host "$host" --arg variant "$([ $role = tonight ] && echo claims || echo baseline)" \
				'.context.host_name = $host | .context.claimperf.hypervisor.variant = $variant | del(.benchmarks[].claimperf.raw)' \
				tests/data/history/claims.json >"$dir/replay/$host/2026-01-31/$role.json"
		done
	done
	printf '%s\n' "nodes = 4" "times = none" "min-free = 1M" "store = /nowhere" "update = false" "hook = sleep 6" >"$dir/conf"
}

submit() { fleet submit --folder "$dir/night" --config "$dir/conf" --today 2026-01-31 --replay "$dir/replay"; }
pid_of() { cut -d' ' -f1 "$dir/night/$1"/attempt.0.*/pids 2>/dev/null; }
runs_somewhere() { [ -n "$(pid_of "$1")" ]; }
state_of() { fleet status --folder "$dir/night" | awk -v host="$1" '$1 == host { print $4 }'; }
is_state() { [ "$(state_of "$1")" = "$2" ]; }

start_slurm 4
make_nights
refused "--folder DIR is needed" fleet submit
refused "nothing was submitted there" fleet status --folder "$dir/night"
refused "'x' is not submit" fleet x
submit >"$dir/said"
expect "jobs" "$(grep -c ': job ' "$dir/said")" 4
submit >"$dir/said"
expect "jobs of a second submit" "$(grep -c ' already$' "$dir/said")" 4
refused "is of the night 2026-01-31" fleet submit --folder "$dir/night" --today 2026-02-01

expect_soon 60 runs_somewhere den2
kill_host den2 "$(pid_of den2)"
for host in den1 den3 den4; do expect_soon 120 is_state "$host" measured; done
# What is there is collected meanwhile, and again.
fleet collect --folder "$dir/night" --store "$dir/store" >"$dir/said"
expect "collected early" "$(grep -c ': 2 runs$' "$dir/said")" 3
expect_soon 90 is_state den2 PENDING
start_host den2 -b
expect_soon 120 is_state den2 measured
fleet collect --folder "$dir/night" --store "$dir/store" >"$dir/said"
fleet collect --folder "$dir/night" --store "$dir/store" >"$dir/said"
expect "collected" "$(grep -c ': 2 runs$' "$dir/said")" 4

fleet status --folder "$dir/night" >"$dir/said"
cat "$dir/said"
expect "attempts" "$(awk 'NR > 1 { print $1, $3, $4 }' "$dir/said" | paste -sd ,)" \
	"den1 1 collected,den2 2 collected,den3 1 collected,den4 1 collected"
expect "runs" "$(history list --json | jq -r '[.host, .role, .night] | join(" ")' | sort | paste -sd ,)" \
	"$(for host in den1 den2 den3 den4; do for role in reference tonight; do echo "$host $role 2026-01-31"; done; done | paste -sd ,)"
history check | grep -q ' 0 faults$' || fail "check"
# An attempt that comes late finds that there is one.
SLURMD_NODENAME=den2 fleet bracket --folder "$dir/night" --today 2026-01-31 --replay "$dir/replay" 2>"$dir/said"
grep -q "den2: was measured already" "$dir/said" || fail "measured twice"
history page --out "$dir/page.html"
grep -q '<section id="hosts">' "$dir/page.html" || fail "the page does not compare hosts"

# A bracket that cannot measure is told, and may be submitted again.
rm -r "$dir/replay/den3"
submit2() { fleet submit --folder "$dir/other" --config "$dir/conf" --today 2026-01-31 --replay "$dir/replay" --hosts 'den[3-4]'; }
sed -i '/^hook/d' "$dir/conf"
submit2
failed() { fleet status --folder "$dir/other" >"$dir/said"; [ $? = 1 ] && grep -q 'den4 .* measured' "$dir/said"; }
expect_soon 90 failed
grep -q '^den3 .* FAILED: claimperf fleet: den3: the night came to nothing' "$dir/said" || fail "$(cat "$dir/said")"
status=0
fleet collect --folder "$dir/other" --store "$dir/store" >"$dir/said" || status=$?
expect "collect of a failed bracket" "$status $(paste -sd , "$dir/said")" "1 den3: FAILED,den4: 2 runs"
expect "runs after all" "$(history list --json | wc -l)" 8
submit2 >"$dir/said"
expect "submitted again" "$(cut -d' ' -f2 "$dir/said" | paste -sd ,)" "job,collected"

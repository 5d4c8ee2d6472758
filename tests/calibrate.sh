#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# claimperf calibrate: measures what a plan needs, and a plan can be made of it. No time is judged.
# timeout: 240
set -euo pipefail
# shellcheck source=tests/common/shell.sh
. "$(dirname "$0")/common/shell.sh"

calibrate() { scripts/claimperf calibrate --out "$dir/cal" "$@"; }

refused "--nodes 65: not a number from 1 to 64" calibrate --nodes 1,65
refused "neither claims nor claims+debug" calibrate --variant baseline
refused "no arguments" calibrate now
calibrate --once --nodes 1,2 >"$dir/log" 2>&1 || { cat "$dir/log"; fail "a calibration: status $?"; }
expect "results" "$(jq -c '[.calibration, .runs, .builds]' "$dir/cal/calibration.json")" \
	"[1,[\"count-1.json\",\"count-2.json\",\"time-1-1.json\",\"time-2-1.json\",\"threads-1.json\"],[\"build.json\"]]"
refused "there is a calibration" calibrate --once --nodes 1
for host in one-socket two-socket; do
	for work in forty mixed; do
		"$build/bin/claimperf-plan" --calibration "$dir/cal/calibration.json" --host results/plan-examples/$host.json \
			--workload results/plan-examples/$work.json --claim legacy --fragmented 10 --json --explain >"$dir/plan.json"
		expect "$host, $work: numbers" "$(jq '[.. | numbers] | all(isnormal or . == 0)' "$dir/plan.json")" true
		expect "$host, $work: from which runs" "$(jq '[.coefficients[].runs | length] | min >= 2' "$dir/plan.json")" true
	done
done
"$build/bin/claimperf-plan" --validate --calibration "$dir/cal/calibration.json" --json >"$dir/validation.json" 2>/dev/null || [ $? = 1 ]
expect "instructions within 5 %" "$(jq '[.rows[] | select(.kind == "count") | .worse] | any' "$dir/validation.json")" false
expect "kinds" "$(jq -c '[.rows[].kind] | unique' "$dir/validation.json")" '["count","time","wait"]'
echo "a plan can be made of it"

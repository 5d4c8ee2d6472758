#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Three months of nights are replayed through claimperf nightly, as they would be measured. Each thing that happens in
# them is told as what it is, in the night in which it can be known, and nothing else is told.
# timeout: 300
set -euo pipefail

# shellcheck source=tests/common/shell.sh
. tests/common/shell.sh
bin=$(readlink -f "$build")/bin
store=$dir/disk/store nights=$dir/disk/folder/nights

# What tests/nightly_replay.c makes happen: night, exit status, kind, case, and what the text has.
cat >"$dir/expected" <<'END'
2026-01-21 2 quarantine - free/order:9/batch:4/claim:none: A/A is REGRESSED
2026-01-30 0 missing - the night of 2026-01-29
2026-02-09 1 regression populate/order:9/node:any/claim:none since 2026-02-05 +2.
2026-02-15 1 regression populate/order:0/node:any/claim:none since 2026-02-15 +2.000 instructions
2026-02-25 0 improvement free/order:9/batch:4/claim:none since 2026-02-21 -2.
2026-02-28 0 improvement claim/install/entries:1 since 2026-02-28 -10.000 instructions
2026-03-03 2 disk - free
2026-03-04 0 missing - the night of 2026-03-03
2026-03-10 0 host-change free/order:9/batch:4/claim:none the reference itself takes +16.7
2026-03-10 0 host-change populate/order:9/node:any/claim:none the reference itself takes +15.
2026-03-14 0 host-change - the host is another one: hypervisor.compiler: gcc 12.0 -> gcc 12.1
2026-04-01 0 inexact populate/order:0/node:any/claim:none two machines count different instructions
2026-04-05 0 reference - the reference is another one; all series begin tonight: hypervisor.patches_sha256: 0 -> 1
2026-04-07 1 lost claim/install/entries:1 measured on 2026-04-06, and not tonight
2026-04-08 0 inexact claim/install/entries:1 measured once more, it counts something else
END

# configure FREE: with so much to be free.
configure() {
	cat >"$dir/conf" <<-END
		min-free = $1
		folder = $dir/disk/folder
		store = $store
		host = sim
		hook = { cat; echo; } >>"$dir/hooked"
		keep-newest = 10
	END
}

# replay DATE: its exit status is in $status, what the hook got in $dir/hooked.
replay() {
	status=0
	rm -f "$dir/hooked"
	NIGHT=$1 CLAIMPERF_BUILD=$dir/build scripts/claimperf nightly --config "$dir/conf" --replay "$dir/replay" --today "$1" >"$dir/said" 2>&1 || status=$?
	[ -s "$dir/hooked" ] || { cat "$dir/said"; fail "$1: the hook was not called"; }
	jq -r --arg status $status '.night as $night | .alerts[] | "\($night) \($status) \(.kind) \(.case // "-") \(.text)"' "$dir/hooked" >>"$dir/told"
	expect "$1: status and what the hook was told" "$status" "$(jq .exit "$dir/hooked")"
}

# A disk that is really full: first all of it, which the check finds, then so little room that something fails on the way.
fill_disk() {
	local kib copy=$dir/told.full
	cp "$dir/told" "$copy"
	dd if=/dev/zero of="$dir/disk/filler" bs=64k 2>/dev/null || true
	replay "$1"
	tail -n +$(($(wc -l <"$copy") + 1)) "$dir/told" >"$dir/full"
	for kib in 1 24 64 100; do
		configure 1
		rm -f "$dir/disk/filler"
		dd if=/dev/zero of="$dir/disk/filler" bs=1k count=$(($(df -k --output=avail "$dir/disk" | tail -n 1) - kib)) 2>/dev/null
		replay "$1"
		expect "$kib KiB free: status" $status 2
		jq -e '.alerts[0].kind == "disk"' "$dir/hooked" >/dev/null || { cat "$dir/said"; fail "$kib KiB free: $(cat "$dir/hooked")"; }
		"$bin/claimperf-history" check --store "$store" >"$dir/checked" || { cat "$dir/checked"; fail "$kib KiB free: the history is damaged"; }
	done
	rm "$dir/disk/filler"
	configure 1M
	cat "$copy" "$dir/full" >"$dir/told"
}

# In a mount namespace of its own, whose root is ours: a small disk.
if [ "${1-}" = mounted ]; then
	rm -rf "$dir"
	trap - EXIT
	dir=$2 store=$2/disk/store nights=$2/disk/folder/nights
	mount -t tmpfs -o size=16m none "$dir/disk" || exit 2
	: >"$dir/told"
	configure 1M
	for night in "$dir/replay"/*; do
		night=${night##*/}
		case $night in
		2026-01-29) ;;
		2026-03-03) fill_disk "$night" ;;
		*) replay "$night" ;;
		esac
	done
	cp "$nights/2026-04-10/night.json" "$dir/last.json"
	replay 2026-04-10
	cmp "$dir/last.json" "$nights/2026-04-10/night.json" || fail "the same night once more, and other bytes"
	expect "roles in quarantine" "$("$bin/claimperf-history" list --store "$store" --json | jq -r 'select(.night == "2026-01-21").role' | sort -u)" $'null\nreference\ntonight'
	expect "roles in the end" "$("$bin/claimperf-history" list --store "$store" --json | jq -r 'select(.night == "2026-04-10").role' | sort | tr '\n' ' ')" \
		"reference reference tonight tonight "
	cp -r "$dir/disk/folder" "$dir/kept"
	"$bin/claimperf-history" check --store "$store" | grep -q ' 0 faults$' || fail "the history is damaged"
	exit 0
fi

# The page is drawn for some nights: the first, a quarantine, those with a full disk, and the last.
mkdir -p "$dir/build/bin"
ln -s "$bin"/* "$dir/build/bin"
rm "$dir/build/bin/claimperf-history-page"
cat >"$dir/build/bin/claimperf-history-page" <<END
#!/bin/sh
case \$NIGHT in 2026-01-01 | 2026-01-21 | 2026-03-03 | 2026-04-10) exec "$bin/claimperf-history-page" "\$@" ;; esac
END
chmod +x "$dir/build/bin/claimperf-history-page"
"$bin/nightly-replay" "$dir/replay" 7
mkdir "$dir/disk"
unshare -rm true 2>/dev/null || { echo "no mounts of one's own here"; exit 77; }
(trap - EXIT; exec unshare -rm "$0" mounted "$dir") || fail "the replay"

# Line by line: each begins as it should, and has the text.
while read -r date code kind name text <&3 && read -r told_date told_code told_kind told_name told_text <&4; do
	expect "told" "$told_date $told_code $told_kind $told_name" "$date $code $kind $name"
	[[ $told_text == *"$text"* ]] || fail "$date: $told_text, and no '$text'"
done 3<"$dir/expected" 4<"$dir/told"
expect "alerts" "$(wc -l <"$dir/told")" "$(wc -l <"$dir/expected")"

nights=$dir/kept/nights
expect "folders of nights" "$(find "$nights" -name night.json | wc -l)" 99
for night in "$nights"/*; do
	[ -e "$night/night.json" ] || continue
	jq -e --slurpfile alerts "$night/alerts.json" '.alerts == $alerts[0]' "$night/night.json" >/dev/null || fail "$night: alerts.json"
done
find "$nights" -name junit.xml -print0 | xargs -0 xmllint --noout
xpath() { xmllint --xpath "$1" "$nights/$2/junit.xml"; }
expect "failures, errors" "$(xpath 'concat(//@failures, //@errors, count(//failure), count(//error))' 2026-02-09)" 1010
expect "failures, errors of a quarantine" "$(xpath 'concat(//@failures, //@errors, count(//failure), count(//error))' 2026-01-21)" 0101
expect "tests" "$(xpath 'concat(count(//testcase), "=", //@tests)' 2026-02-10)" 5=5
grep -q '^- \*\*regression\*\* `populate/order:9' "$nights/2026-02-09/summary.md" || fail "the summary"
grep -q '^No alerts' "$nights/2026-02-10/summary.md" || fail "an alert is told twice"
jq -e '(.rows | length > 0 and all(.kind == "exact")) and .status == "environment"' "$nights/2026-01-21/night.json" >/dev/null || fail "verdicts on times in quarantine, or none on counts"
jq -e '[.rows[].nights] == [5, 6, 6, 6]' "$nights/2026-04-10/night.json" >/dev/null || fail "the series go on over another reference"
grep -q 'MINOR' "$nights/2026-02-15/counts.txt" && grep -q 'A/A EQUIVALENT' "$nights/2026-02-15/times.txt" || fail "no evidence"
grep -q "the last is of 2026-04-10" "$dir/kept/history.html" || fail "the page is of other nights"
expect "link" "$(readlink "$dir/kept/latest")" nights/2026-04-10
echo "$(wc -l <"$dir/expected") alerts in $(find "$nights" -name night.json | wc -l) nights, all as expected"

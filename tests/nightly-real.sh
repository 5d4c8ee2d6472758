#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# claimperf nightly measures for real on the host target: nothing changes, then a patch of known effect is found, and found
# again. Configuration, lock, hook and systemd's units are as they should be.
# timeout: 240
set -euo pipefail

# shellcheck source=tests/common/shell.sh
. tests/common/shell.sh
nightly=scripts/claimperf
effect=patches/xen-4.17/effects/longer-hold.patch case=populate/order:0/node:any/claim:none

# configure LINE...
configure() {
	printf '%s\n' "folder = $dir/folder" "store = $dir/store" "counts = ^$case\$" "min-free = 1M" "hook = cat >$dir/hooked" "$@" >"$dir/conf"
}

# night DATE STATUS: what was told is in $dir/hooked, all of it in $document.
night() {
	local status=0
	rm -f "$dir/hooked"
	$nightly nightly --config "$dir/conf" --today "$1" >"$dir/said" 2>&1 || status=$?
	[[ $status =~ ^($2)$ ]] || { cat "$dir/said"; fail "$1: status $status, not $2"; }
	document=$dir/folder/nights/$1/night.json
	cmp "$document" "$dir/hooked" || fail "$1: the hook was told something else"
}

holds() { jq -e "$1" "$document" >/dev/null || { cat "$document"; fail "not so: $1"; }; }

# bad_config TEXT LINE...: refused with the line's number, which is 6.
bad_config() {
	local text=$1
	shift
	configure "$@"
	refused "$dir/conf:6: $text" $nightly nightly --config "$dir/conf"
}

echo "configuration"
bad_config "'odd' is not a key; these are: counts" "odd = 1"
bad_config "not of the form key = value" "nodes 4"
bad_config "nodes = 65: not of the form" "nodes = 65"
bad_config "pairs = 7: not of the form" "pairs = 7"
bad_config "target = moon: not of the form host|lab" "target = moon"
bad_config "times = (: no regular expression" "times = ("
bad_config "folder is in line 1 already" "folder = x"
configure "# a comment" "" "nodes = 0"
refused "$dir/conf:8: nodes = 0" $nightly nightly --config "$dir/conf"
refused "none.conf: cannot read it" $nightly nightly --config "$dir/none.conf"
refused "$dir: cannot read it, or a folder" $nightly nightly --config "$dir"
refused "--today 2026-02-30: no date" $nightly nightly --today 2026-02-30
refused "'--odd' is no option, or lacks its value" $nightly nightly --odd
refused "'--config' is no option, or lacks its value" $nightly nightly --config
refused "'odd' is neither install nor uninstall" $nightly nightly odd
[ ! -e "$dir/folder" ] || fail "garbage, and something was done"

echo "the configuration that comes with it says what is done without it, and the page knows all keys"
# In a shell of its own: all keys and values.
keys() {
	# shellcheck disable=SC2016 # for the other shell
	bash -c 'die() { echo "$*"; exit 2; }; . scripts/nightly-config.sh; read_config "$1"
		for key in "${!settings[@]}"; do printf "%s = %s\n" "$key" "${settings[$key]}"; done | sort' - "$1"
}
echo "nodes = 1" >"$dir/conf"
diff <(keys scripts/nightly.conf) <(keys "$dir/conf") || fail "scripts/nightly.conf"
keys scripts/nightly.conf | while read -r key _; do
	grep -q "^| .*\`$key\`" docs/nightly.md || fail "docs/nightly.md: no $key"
	grep -qE "^(# )?$key = " scripts/nightly.conf || fail "scripts/nightly.conf: no $key"
done

echo "one at a time"
configure "times = none"
mkdir -p "$dir/folder"
flock "$dir/folder/lock" $nightly nightly --config "$dir/conf" >"$dir/said" 2>&1 && fail "two at a time"
grep -q "another night is at work there" "$dir/said" || fail "$(cat "$dir/said")"

echo "a disk too small"
configure "times = none"
sed -i 's/min-free = 1M/min-free = 1000T/' "$dir/conf"
night 2026-01-01 2
holds '.alerts | length == 1 and .[0].kind == "disk" and (.[0].text | test("free, and 1000T are to be"))'

echo "no folder"
configure "times = none"
sed -i "s|^store = .*|store = $dir/conf/store|" "$dir/conf"
night 2026-01-01 2
holds '.alerts | length == 1 and .[0].kind == "failed" and (.[0].text | test("Not a directory"))'

echo "an update that fails, and a signal"
configure "times = none" "update = echo gone; exit 1"
night 2026-01-01 2
holds '.alerts | length == 1 and .[0].kind == "failed" and .[0].text == "update: status 1: gone"'
configure "times = none" "update = touch $dir/updating; exec sleep 60"
$nightly nightly --config "$dir/conf" --today 2026-01-01 >"$dir/said" 2>&1 &
pid=$! status=0
until [ -e "$dir/updating" ]; do kill -0 $pid; sleep 0.1; done
kill -TERM $pid
wait $pid || status=$?
expect "status after a signal" $status 2
holds '.alerts | length == 1 and .[0].text == "stopped by a signal"'
[ ! -e "$dir/folder/work" ] && ! "$nightly" history list --store "$dir/store" 2>/dev/null | grep -q . || fail "something is left"

echo "a patch that is gone, and one that does not apply"
configure "times = none" "patch = $dir/none.patch"
night 2026-01-01 2
holds ".alerts | length == 1 and .[0].text == \"$dir/conf: patch = $dir/none.patch: cannot read it\""
printf "%s\n" "--- a/xen/common/page_alloc.c" "+++ b/xen/common/page_alloc.c" "@@ -1,3 +1,3 @@" -nope +yes " x" " y" >"$dir/other.patch"
configure "times = none" "patch = $dir/other.patch"
night 2026-01-01 2
holds ".alerts | length == 1 and (.[0].text | contains(\"FAILED: $dir/other.patch does not apply\"))"

echo "two nights, in which nothing changes, two weeks apart"
configure "times = none" "update = true"
night 2026-01-01 0
holds '.alerts == [] and (.rows | length) == 1'
night 2026-01-15 0
holds '.rows | length == 1 and .[0].nights == 2'
holds '[.alerts[] | .kind] == ["missing"] and (.alerts[0].text | test("the 13 nights from 2026-01-02 to 2026-01-14"))'

echo "a patch of known effect"
configure "times = none" "patch = $effect"
night 2026-01-16 1
holds '[.alerts[].kind] == ["regression"] and (.alerts[0].text | test("[+]100.000 instructions per extent.*MAJOR"))'
expect "functions" "$(tr -s '\n ' ' ' <"$dir/folder/latest/functions.txt")" "$case: +100.000 +100.000 alloc_heap_pages "

echo "times, on a machine that may judge, or not"
configure "times = ^$case\$" "patch = $effect" "pairs = 8"
sed -i 's/^hook = .*/hook = exit 3/' "$dir/conf"
status=0
$nightly nightly --config "$dir/conf" --today 2026-01-17 >"$dir/said" 2>&1 || status=$?
document=$dir/folder/nights/2026-01-17/night.json
grep -q "the hook failed, status 3" "$dir/said" || { cat "$dir/said"; fail "a hook that fails"; }
expect "status when the hook fails" $status 2
holds '([.alerts[].kind] | unique) as $kinds | [.rows[].unit] as $units |
	if .exit == 2 then $kinds == ["quarantine"] and $units == ["instructions"]
	else $kinds == [] and $units == ["instructions", "ns"] end'
expect "runs of that night" "$($nightly history list --store "$dir/store" --night 2026-01-17 --json | jq -r '.cases' | wc -l)" 4
$nightly history check --store "$dir/store" >/dev/null

echo "hooks of the page"
mkdir "$dir/fakes"
for fake in mail curl; do
	printf '#!/bin/sh\necho "$0" "$@"; cat\n' >"$dir/fakes/$fake"
	chmod +x "$dir/fakes/$fake"
done
sed -n 's/^    hook = //p' docs/nightly.md >"$dir/hooks"
expect "hooks" "$(wc -l <"$dir/hooks")" 2
while IFS= read -r hook; do
	PATH=$dir/fakes:$PATH CLAIMPERF_STATUS=regression CLAIMPERF_SUMMARY=$dir/folder/nights/2026-01-16/summary.md \
		bash -c "$hook" <"$dir/folder/nights/2026-01-16/night.json" >>"$dir/sent"
done <"$dir/hooks"
grep -q 'mail -s claimperf: regression me@' "$dir/sent" && grep -q '^- \*\*regression' "$dir/sent" || fail "no mail: $(cat "$dir/sent")"
grep -q '"text": "2026-01-16: regression.nsince 2026-01-16' "$dir/sent" || fail "no chat: $(cat "$dir/sent")"

echo "units"
mkdir "$dir/units"
$nightly nightly install --into "$dir/units" --config "$dir/conf" --at 03:30 2>/dev/null
grep -qx "ExecStart=$PWD/scripts/claimperf nightly --config $dir/conf" "$dir/units/claimperf-nightly.service" || fail "the service"
grep -qxF 'OnCalendar=*-*-* 03:30:00' "$dir/units/claimperf-nightly.timer" || fail "the timer"
! grep -q '@[A-Z]*@' "$dir"/units/* || fail "something is not filled in"
if command -v systemd-analyze >/dev/null; then systemd-analyze verify "$dir"/units/* || fail "systemd does not take the units"; fi
refused "--at 24:00: no time" $nightly nightly install --into "$dir/units" --at 24:00
configure "nodes = 0"
refused "conf:6: nodes = 0" $nightly nightly install --into "$dir/units" --config "$dir/conf"
configure "patch = none.patch"
refused "none.patch: cannot read it" $nightly nightly install --into "$dir/units" --config "$dir/conf"
# A systemd that only notes what it is told.
printf '#!/bin/sh\necho "$@" >>%s/systemctl\n' "$dir" >"$dir/fakes/systemctl"
chmod +x "$dir/fakes/systemctl"
for action in install uninstall; do XDG_CONFIG_HOME=$dir/xdg PATH=$dir/fakes:$PATH $nightly nightly $action --user 2>/dev/null; done
expect "systemctl" "$(paste -sd, "$dir/systemctl")" "--user daemon-reload,--user daemon-reload,--user enable --now claimperf-nightly.timer,--user disable --now claimperf-nightly.timer,--user daemon-reload"
mkdir "$dir/none"
# One that cannot be asked, and one that does not start timers: no unit is left.
for fails in daemon-reload enable; do
	printf '#!/bin/sh\nif [ "$2" = %s ]; then echo "Failed to connect to bus" >&2; exit 1; fi\n' $fails >"$dir/fakes/systemctl"
	refused "systemctl --user $fails" env XDG_CONFIG_HOME="$dir/none" PATH="$dir/fakes:$PATH" $nightly nightly install --user
	grep -q "Failed to connect to bus; nothing is \(changed\|installed\)" "$dir/refused" || fail "why? $(cat "$dir/refused")"
	expect "units after $fails" "$(find "$dir/none" -type f)" ""
done
$nightly nightly uninstall --into "$dir/units" 2>/dev/null
expect "what is left" "$(ls "$dir/units")" ""
refused "nothing is installed there" $nightly nightly uninstall --into "$dir/units"
echo "all as expected"

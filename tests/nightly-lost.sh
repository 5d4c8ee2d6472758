#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What claimperf nightly needs is damaged or gone, a document of an earlier night: it is told, and the nights go on.
set -euo pipefail

# shellcheck source=tests/common/shell.sh
. tests/common/shell.sh
nights=$dir/folder/nights hooked=$dir/hooked replay=$dir/replay

# configure LINE...
configure() {
	printf '%s\n' "folder = $dir/folder" "store = $dir/store" "min-free = 1M" "hook = cat >$hooked" "$@" >"$dir/conf"
}

# night DATE STATUS KIND TEXT: the one alert and what it has; no kind is no alert.
night() {
	local status=0 document=$nights/$1/night.json
	rm -f "$hooked"
	scripts/claimperf nightly --config "$dir/conf" --replay "$replay" --today "$1" >"$dir/said" 2>&1 || status=$?
	expect "$1: status" "$status" "$2"
	cmp "$document" "$hooked" || { cat "$dir/said"; fail "$1: the hook was told something else"; }
	expect "$1: alerts" "$(jq -r '[.alerts[].kind] | join(" ")' "$document")" "$3"
	jq -e --arg text "$4" 'all(.alerts[].text; contains($text))' "$document" >/dev/null || { cat "$document"; fail "$1: no '$4'"; }
	expect "latest" "$(readlink "$dir/folder/latest")" "nights/$1"
}

"$build/bin/nightly-replay" "$dir/replay" 7

echo "a document that is damaged, and one of another version"
configure "host = sim"
night 2026-02-14 0 '' ''
night 2026-02-15 1 regression '+2.000 instructions'
night 2026-02-16 0 '' ''
: >"$nights/2026-02-16/night.json"
night 2026-02-17 0 damaged "$nights/2026-02-16/night.json: cannot be read"
night 2026-02-18 0 '' ''
expect "changes from before" "$(jq -r '.changes[].since' "$nights/2026-02-18/night.json")" 2026-02-15
echo '{"nightly": 2}' >"$nights/2026-02-18/night.json"
night 2026-02-19 0 damaged "$nights/2026-02-18/night.json: cannot be read"

echo "and nothing can be measured"
echo '{' >"$nights/2026-02-19/night.json"
configure "host = sim" "update = echo gone; exit 1"
night 2026-02-20 2 "damaged damaged failed" ''
jq -e '.alerts[2].text == "update: status 1: gone"' "$hooked" >/dev/null || fail "$(cat "$hooked")"
xmllint --noout "$nights/2026-02-20/junit.xml"

echo "the history, on the night of a regression and after one that came to nothing; then a host with another name"
rm -r "$dir/folder" "$dir/store"
night 2026-02-12 2 failed 'gone'
configure "host = sim"
night 2026-02-13 0 '' ''
configure "host = sim" "update = echo gone; exit 1"
night 2026-02-14 2 failed 'gone'
configure "host = sim"
rm -r "$dir/store"
night 2026-02-15 2 history "$dir/store has none of the nights before of host sim, the last of which was 2026-02-13"
night 2026-02-16 0 '' ''
configure "host = other"
night 2026-02-17 2 history "of host other, the last of which was 2026-02-16"

echo "a first night of times alone, by a host that may not judge them: there is a page of it"
rm -r "$dir/folder" "$dir/store"
replay=$dir/times
mkdir -p "$replay/2026-01-21"
cp -r "$dir/replay/2026-01-21/ab" "$replay/2026-01-21"
configure "host = sim"
night 2026-01-21 2 quarantine "A/A is REGRESSED"
grep -q "in no series: 2026-01-21" "$dir/folder/history.html" || fail "no page"
echo "all as expected"

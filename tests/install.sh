#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# make install, make deb: what is installed runs without the checkout, and is only read.
# timeout: 600
set -euo pipefail
# shellcheck source=tests/common/shell.sh
. tests/common/shell.sh

prefix=$dir/usr
installed() { env -u CLAIMPERF_ROOT -u CLAIMPERF_HISTORY CLAIMPERF_BUILD="$dir/cache" HOME="$dir/home" PATH="$prefix/bin:$PATH" claimperf "$@"; }
state_of_tree() { find "$prefix" -printf '%p %s %T@ %l\n' | LC_ALL=C sort | sha256sum; }

echo "make install"
make -s install BUILD="$build" PREFIX="$prefix"
before=$(state_of_tree)
mkdir "$dir/cache" "$dir/home" "$dir/work"
for folder in xen src lab host; do [ ! -d "$build/$folder" ] || cp -al "$build/$folder" "$dir/cache"; done
root=$PWD
cd "$dir/work"
expect "version" "$(installed --version)" "claimperf $("$root/scripts/version")"
[ ! -e "$prefix/lib/claimperf/tests" ] || fail "tests are installed"
installed plan --help >/dev/null || fail "a program"
installed bisect --help >/dev/null || fail "a script"
installed bench --target host --variant baseline --once --filter '^populate/order:0/node:any/claim:none$' --out host.json >log 2>&1 || { cat log; fail "host target"; }
installed bench --target lab --variant baseline --once --unproven --filter '^populate/order:0/node:any/claim:none$' --out lab.json >log 2>&1 || { cat log; fail "lab"; }
expect "suite in a result" "$(jq -r .context.claimperf.suite host.json)" "$("$root/scripts/version")"
installed compare host.json host.json >log || { cat log; fail "compare"; }
installed history import --store "$dir/work/history" host.json lab.json >log || { cat log; fail "history"; }
installed history page --store "$dir/work/history" --out page.html
installed plot before-after host.json host.json --out costs.svg >log 2>&1 || { cat log; fail "plot"; }

echo "units, configuration, man pages"
units=$prefix/lib/systemd/system
expect "the service's command" "$(sed -n 's/^ExecStart=//p' "$units/claimperf-nightly.service")" \
	"$prefix/lib/claimperf/scripts/claimperf nightly --config $prefix/etc/claimperf/nightly.conf"
! grep '@' "$units"/* || fail "units are not filled in"
installed nightly install --into "$dir/work/units" >log 2>&1 || { cat log; fail "nightly install"; }
expect "the same by nightly install" "$(grep -c "config $prefix/etc/claimperf/nightly.conf" units/claimperf-nightly.service)" 1
while read -r command; do
	page=$prefix/share/man/man1/claimperf-$command.1.gz
	zcat "$page" | grep -F "claimperf ${command//-/ }" >/dev/null || fail "$page: not about that command"
done < <(installed --help | sed -nE 's/^  ([a-z]+( [a-z]+)*).*  .*/\1/p' | tr ' ' - | sort -u)
expect "nothing is written to what is installed" "$(state_of_tree)" "$before"
sed -i '1i # mine' "$prefix/etc/claimperf/nightly.conf"
make -s -C "$root" install BUILD="$build" PREFIX="$prefix"
expect "a configuration stays when it is installed again" "$(head -n 1 "$prefix/etc/claimperf/nightly.conf")" "# mine"

echo "make deb"
cd "$root"
package=$(make -s deb BUILD="$build" | tail -n 1)
dpkg-deb --field "$package" Depends | grep -F libxenmisc >/dev/null || fail "it does not depend on Xen's libraries"
dpkg-deb --field "$package" Suggests | grep -F qemu-system-x86 >/dev/null || fail "it does not suggest what the lab needs"
dpkg-deb -x "$package" "$dir/deb"
expect "its configuration" "$(readlink "$dir/deb/usr/lib/claimperf/scripts/nightly.conf")" /etc/claimperf/nightly.conf
dpkg-deb -c "$package" >"$dir/list"
awk '$2 != "root/root" { print; bad = 1 } END { exit bad }' "$dir/list" || fail "files are not root's"
rm -f "$package"
refused "a unit cannot name a path" env BUILD="$build" scripts/install "/a b"

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# claimperf bisect: what it does not take. What it finds is in tests/long/bisect.sh.
# timeout: 60
set -euo pipefail
# shellcheck source=tests/common/shell.sh
. "$(dirname "$0")/common/shell.sh"

bisect="scripts/claimperf bisect"
refused "--case is missing" $bisect 0 1
refused "two are needed, GOOD and BAD, not 1" $bisect 0 --case x
refused "0012 does not come before 1" $bisect 0012 1 --case x
refused "13: 0 patches" $bisect 0 13 --case x
refused "000: 9 patches" $bisect 000 12 --case x
refused "0009-xen: 0 patches" $bisect 0 0009-xen --case x
refused "neither host nor lab" $bisect 0 1 --case x --target moon
refused "--nodes 0: not a number from 1 to 64" $bisect 0 1 --case x --nodes 0
refused "unknown option '--moon'" $bisect --moon 0 --case x
refused "$dir/series: cannot read it" $bisect 0 1 --case x --series "$dir"
echo none.patch >"$dir/series"
refused "names none.patch, which is not there" $bisect 0 1 --case x --series "$dir"
refused "none of these patches changes anything under xen/" $bisect 8 10 --case x

echo "a git repository"
git="git -C $dir/tree -c user.name=x -c user.email=x"
refused "--tree $dir: no git repository" $bisect 0 1 --case x --tree "$dir"
mkdir "$dir/tree"
$git init -q
commit() { echo "$RANDOM$1" >>"$dir/tree/$2"; $git add -A; $git commit -qm "$1"; }
commit first README
commit second README
refused "moon: no commit of $dir/tree" $bisect HEAD moon --case x --tree "$dir/tree"
refused "HEAD does not come before HEAD~1" $bisect HEAD HEAD~1 --case x --tree "$dir/tree"
refused "none of these commits changes anything under xen/" $bisect HEAD~1 HEAD --case x --tree "$dir/tree"
mkdir "$dir/tree/xen"
commit third xen/Makefile
refused "--commit HEAD: not the source of a hypervisor" scripts/claimperf lab build baseline --tree "$dir/tree" --commit HEAD
refused "--tree $dir/tree: not the source of Xen, which has config" scripts/claimperf lab build baseline --tree "$dir/tree"
refused "--commit moon: $dir/tree has no such commit" scripts/claimperf lab build baseline --tree "$dir/tree" --commit moon
refused "--tree $dir/moon: no such folder" scripts/claimperf lab build baseline --tree "$dir/moon"
refused "--commit needs the --tree that it is of" scripts/claimperf lab build baseline --commit HEAD
refused "--commit needs the --tree that it is of" scripts/claimperf bench --commit HEAD

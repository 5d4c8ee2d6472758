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

echo "what it is doing"
# A suite whose hypervisors are invented: each patch is one instruction, but for the second, which is ten.
fake=$dir/suite
mkdir -p "$fake/scripts/host" "$dir/three"
cp scripts/bisect scripts/exact.sh scripts/command.sh "$fake/scripts"
for name in one two three; do
	printf '%s\n' "$name.patch" >>"$dir/three/series"
	printf '%s\n' '--- a/xen/x' '+++ b/xen/x' '@@ -1 +1 @@' '-a' '+b' >"$dir/three/$name.patch"
done
cat >"$fake/scripts/host/build" <<'END_BUILD'
#!/bin/sh
case $* in *bad.patch*) echo "does not apply"; exit 2 ;; esac
END_BUILD
cat >"$fake/scripts/claimperf" <<'END_CLAIMPERF'
#!/bin/bash
[ "$1" != compare ] || { echo '{"cases": [{"name": "x", "delta": {"text": "+10.000"}, "verdict": "MAJOR", "attribution": {"complete": true, "functions": []}}]}'; exit 1; }
cost=100
for word; do case $word in *two.patch) cost=$((cost + 10)) ;; *.patch) cost=$((cost + 1)) ;; esac; done
echo "{\"benchmarks\": [{\"name\": \"x\", \"claimperf\": {\"kind\": \"exact\", \"min_sample\": $cost}}]}" >"${@: -1}"
END_CLAIMPERF
chmod +x "$fake/scripts/host/build" "$fake/scripts/claimperf"
invented() { CLAIMPERF_ROOT=$fake "$fake/scripts/bisect" "$@" --series "$dir/three" --case x; }
invented 0 3 2>"$dir/log" >"$dir/found" || { cat "$dir/log"; fail "invented hypervisors"; }
expect "found" "$(head -n 1 "$dir/found")" two.patch
for step in "0 of 3 (0)" "3 of 3 (three.patch)" "1 of 3 (one.patch)" "2 of 3 (two.patch)"; do
	printf 'claimperf bisect: state %s: %s\n' "$step" building "$step" measuring
done >"$dir/steps"
grep -E ': (building|measuring)$' "$dir/log" | diff "$dir/steps" - || fail "not what it does"
grep -q 'state 2 of 3 (two.patch): 111 instructions' "$dir/log" || fail "no figures: $(cat "$dir/log")"
sed 's/two/bad/' "$dir/three/series" >"$dir/series" && cp "$dir/series" "$dir/three/series" && mv "$dir/three/two.patch" "$dir/three/bad.patch"
refused "state 3 of 3 (three.patch): does not build" invented 0 3

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The tree keeps its shape: licence lines everywhere, no stray languages or top-level entries, shell scripts lint-free
# where shellcheck is installed.
set -euo pipefail
cd "$(dirname "$0")/.."

status=0
complain() { echo "FAILED: $*"; status=1; }

if [ -d .git ]; then files=$(git ls-files); else files=$(find . -type f -not -path './build/*' -printf '%P\n'); fi

while read -r file; do
	[ -f "$file" ] || continue
	case $file in
	bench/* | patches/* | tracepoints/* | scripts/* | results/* | plots/* | lib/* | tests/* | docs/* | .ci/*) ;;
	Makefile | README.md | .git* | .clang-format) ;;
	*) complain "$file: not a place for files" ;;
	esac
	case $file in
	*.cc) [ "$file" = bench/gbench.cc ] || complain "$file: the C++ is bench/gbench.cc" ;;&
	*.js) [ "$file" = plots/page.js ] || complain "$file: the script of pages is plots/page.js" ;;&
	*.py | *.pl | *.rb | *.cpp) complain "$file: not C, shell or gnuplot" ;;
	tests/data/* | tests/fuzz/corpus/* | *.md | *.png | *.svg | *.json | .git* | .clang-format | */series | *budget*) ;;
	*) head -n 40 "$file" | grep -q 'SPDX-License-Identifier: ' || complain "$file: no SPDX line" ;;
	esac
done <<<"$files"

while read -r series; do
	dir=$(dirname "$series")
	listed=$(sed 's/[[:space:]]*#.*//' "$series" | grep .)
	for patch in "$dir"/*.patch; do
		grep -qxF "${patch##*/}" <<<"$listed" || complain "$series does not name ${patch##*/}"
	done
done < <(grep '/series$' <<<"$files")

if command -v shellcheck >/dev/null; then
	grep -E '^(scripts|tests|\.ci)/' <<<"$files" | xargs grep -lsE '^#!/bin/(ba)?sh' |
		xargs -r shellcheck -x -S warning || complain "shellcheck"
fi
exit $status

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Builds are reproducible: another folder and a compilation from scratch give the same bytes as the
# incremental build that the other tests use. Bad input is refused by name.
# timeout: 1200
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

fail() { echo "FAILED: $*"; exit 1; }

# Expect status 2 and the text $1 on stderr from "lab build" with the remaining arguments.
refused() {
	local text=$1 status=0
	shift
	scripts/claimperf lab build "$@" >"$dir/stdout" 2>"$dir/stderr" || status=$?
	[ $status = 2 ] || fail "lab build $*: status $status, not 2"
	grep -qF -- "$text" "$dir/stderr" || { cat "$dir/stderr"; fail "lab build $*: no '$text' on stderr"; }
	[ ! -s "$dir/stdout" ] || fail "lab build $*: prints a path"
}

refused "Usage:"
refused "'bogus' is neither baseline nor claims" bogus
refused "'fast' is neither trace nor debug" baseline+fast
refused "has an empty part" baseline+
refused "one VARIANT at a time" baseline claims
refused "unknown option '--frobnicate'" baseline --frobnicate
refused "--patch $dir/none" baseline --patch "$dir/none"
refused "--patch needs a file" baseline --patch
printf -- '--- a/xen/common/page_alloc.c\n+++ b/xen/common/page_alloc.c\n@@ -1 +1 @@\n-not there\n+x\n' >"$dir/misfit.patch"
refused "misfit.patch does not apply without fuzz" baseline --patch "$dir/misfit.patch"

image=$(scripts/claimperf lab build baseline+trace)
mkdir -p "$dir/elsewhere"
ln -s "$PWD/build/src" "$dir/elsewhere/src"
again=$(CLAIMPERF_BUILD="$dir/elsewhere" nice scripts/claimperf lab build baseline+trace --clean 2>"$dir/stderr") ||
	{ cat "$dir/stderr"; fail "the second build"; }
for file in xen xen-syms; do
	cmp "$(dirname "$image")/$file" "$(dirname "$again")/$file" || fail "$file differs between two builds"
done

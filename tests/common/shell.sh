# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Sourced by tests: where the programs are, a folder that goes with the test, and ways to fail.

# shellcheck disable=SC2034 # for who sources this
build=${CLAIMPERF_BUILD:-build}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

fail() { echo "FAILED: $*"; exit 1; }

# expect WHAT GOT WANTED
expect() { [ "$2" = "$3" ] || fail "$1: '$2', not '$3'"; }

# Expect status 2 and the text $1 from the remaining command.
refused() {
	local text=$1 status=0
	shift
	"$@" >"$dir/refused" 2>&1 || status=$?
	[ $status = 2 ] || fail "$*: status $status, not 2"
	grep -qF -- "$text" "$dir/refused" || { cat "$dir/refused"; fail "$*: no '$text'"; }
}

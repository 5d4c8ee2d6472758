#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The claim call of the patched tools, libxenctrl and its OCaml binding, on a real hypervisor.
# needs: lab
# timeout: 300
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
build=${CLAIMPERF_BUILD:-build}
tools=$(scripts/lab/tools)
image=$(scripts/claimperf lab build claims+debug)
# The headers have to stand the warnings of those who include them.
strict=(-std=gnu11 -O2 -Wall -Wextra -Wshadow -Wstrict-prototypes -Werror -I"$tools/include")
libraries=(xenguest xenctrl xencall xendevicemodel xenevtchn xengnttab xenforeignmemory xentoollog xentoolcore)

run_in_lab() {
	"$build/bin/claimperf-lab-exec" --image "$image" --nodes 2 --parallel --out "$dir" --timeout 150 -- "$1"
	[ -s "$dir/console.txt" ]
	! grep -E 'Assertion|WARN|BUG' "$dir/console.txt"
}

gcc "${strict[@]}" -o "$dir/libxenctrl" tests/ocaml/libxenctrl.c -L"$tools/lib" "${libraries[@]/#/-l}"
gcc "${strict[@]}" -I"$(ocamlopt -where)" -c -o "$dir/hooks.o" tests/ocaml/hooks.c
cp tests/ocaml/claims.ml "$dir"
ocamlopt -I +threads -I "$tools/ocaml" -ccopt "-L$tools/lib -Wl,--wrap=xc_domain_claim_memory" -o "$dir/claims" \
	unix.cmxa threads.cmxa xenmmap.cmxa xenctrl.cmxa "$dir/claims.ml" "$dir/hooks.o" -cclib "${libraries[*]/#/-l}"

run_in_lab "$dir/libxenctrl"
run_in_lab "$dir/claims"

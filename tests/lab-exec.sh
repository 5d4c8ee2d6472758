#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# "lab exec" returns what COMMAND did and wrote, says what went wrong, and leaves no QEMU behind.
# timeout: 1200
# needs: lab
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

fail() { echo "FAILED: $*"; exit 1; }

# The image under a name of our own, by which our QEMU processes can be told from others.
cp "$(scripts/claimperf lab build baseline)" "$dir/xen-of-this-test"
lab() { scripts/claimperf lab exec --image "$dir/xen-of-this-test" "$@"; }

# run STATUS ARG…: lab exec ARG…, output in $dir/stdout and $dir/stderr
run() {
	local want=$1 status=0
	shift
	lab "$@" >"$dir/stdout" 2>"$dir/stderr" || status=$?
	[ $status = "$want" ] || { cat "$dir/stdout" "$dir/stderr"; fail "$*: status $status, not $want"; }
}

stdout_is() { [ "$(cat "$dir/stdout")" = "$1" ] || { cat "$dir/stdout"; fail "stdout is not '$1'"; }; }
stderr_has() { grep -qF -- "$1" "$dir/stderr" || { cat "$dir/stderr"; fail "no '$1' on stderr"; }; }

command -v pgrep >/dev/null || fail "pgrep is missing: no check of what runs on would fail"

no_qemu() {
	local i
	for i in $(seq 50); do
		pgrep -f "qemu.*$dir/" >/dev/null || return 0
		sleep 0.1
	done
	fail "$1: QEMU runs on"
}

echo "== output and status"
run 7 -- sh -c 'echo to stdout; echo to stderr >&2; exit 7'
stdout_is "to stdout"
stderr_has "to stderr"
! grep -q "note:" "$dir/stderr" || { cat "$dir/stderr"; fail "sh alone needs files that are not staged"; }
run 137 -- sh -c 'kill -9 $$'
run 0 -- printf '[%s]' 'a  b' '' "c'd\$e" 'f;g,h'
stdout_is "[a  b][][c'd\$e][f;g,h]"
no_qemu "after a run"

echo "== environment and files"
FOO=bar run 0 --stage /usr/bin/env -- sh -c 'env; pwd'
! grep -q FOO "$dir/stdout" || fail "the caller's environment came along"
grep -q '^HOME=/root$' "$dir/stdout" || fail "no HOME"
grep -qx "$PWD" "$dir/stdout" || fail "not in the current folder"
mkdir "$dir/data"
echo "of the host" >"$dir/data/file"
run 0 --chdir "$dir/data" -- sh -c "read a <file; read b <$dir/data/file; echo \$a, \$b; echo \$a >/tmp/new && read c </tmp/new && echo \$c"
stdout_is "of the host, of the host
of the host"
stderr_has "first: $dir/data/file"
run 0 --stage "$dir/data" -- sh -c "read a <$dir/data/file; echo \$a"
stdout_is "of the host"
! grep -q "note:" "$dir/stderr" || fail "a staged file is not staged"
run 1 -- sh -c 'echo x 2>/dev/null >/usr/x || exit 1'
run 0 -- sh -c '[ -e /dev/xen/privcmd ] && [ -e /dev/xen/evtchn ] && [ -e /dev/xen/gntdev ] && [ -e /proc/xen/capabilities ] && [ -d /sys/kernel/tracing/events ]'

echo "== \$OUT"
run 0 --out "$dir/out" --stage /usr/bin/yes --stage /usr/bin/head --stage /usr/bin/mkdir --stage /usr/bin/ln \
	--stage /usr/bin/chmod -- sh -c 'cd $OUT; yes claim | head -c 60000000 >big; mkdir -p a/b; echo deep >"a/b/c d"
		chmod 755 "a/b/c d"; ln -s "b/c d" a/link; : >empty'
cmp <(yes claim | head -c 60000000) "$dir/out/big" || fail "a large file came back different"
[ "$(cat "$dir/out/a/link")" = deep ] && [ -L "$dir/out/a/link" ] && [ -x "$dir/out/a/b/c d" ] || fail "folder, link or mode"
[ -f "$dir/out/empty" ] && [ ! -s "$dir/out/empty" ] || fail "an empty file"
grep -q '"mode": "exact"' "$dir/out/fingerprint.json" || fail "fingerprint.json"
jq -e '.nodes == 1 and .cpus == 1 and .memory == 4294967296 and .hypervisor.image_sha256' "$dir/out/fingerprint.json" >/dev/null ||
	fail "fingerprint.json"
grep -q "Xen version" "$dir/out/console.txt" || fail "console.txt"

echo "== parallel"
run 5 --parallel --nodes 2 --cpus 2 --memory 2G -- sh -c 'echo "$(grep -c ^processor /proc/cpuinfo) CPUs"; exit 5'
stdout_is "2 CPUs"

echo "== bad options"
refused() {
	local text=$1
	shift
	run 2 "$@"
	stderr_has "$text"
	[ ! -s "$dir/stdout" ] || fail "$*: prints on stdout"
}
refused "COMMAND is missing"
refused "--nodes: 0 is not a number from 1 to 16" --nodes 0 -- true
refused "--nodes: 17 is not" --nodes 17 -- true
refused "--cpus: 2x is not" --cpus 2x -- true
refused "--memory: lots is not a size" --memory lots -- true
refused "each node needs at least 256M" --nodes 8 --memory 1G -- true
refused "--timeout: 0 is not" --timeout 0 -- true
refused "exclude each other" --variant claims -- true
refused "unrecognized option '--frobnicate'" --frobnicate -- true
refused "nonesuch: no such program" -- nonesuch
refused "$dir/none: No such file" -- "$dir/none"
refused "--profile needs --exact" --parallel --profile "$dir/p" -- true
refused "$dir/none: No such file" --image "$dir/none" -- true
refused "$dir/none: No such file" --chdir "$dir/none" -- true
scripts/claimperf lab exec --help | grep -q "Examples:" || fail "--help has no examples"

echo "== a machine that fails"
# tiny TEXT ACTION: a multiboot image that prints TEXT on the serial port, then does ACTION
tiny() {
	cat >"$dir/tiny.S" <<END
	.long 0x1badb002, 0, -0x1badb002
	.globl _start
_start:	mov \$text, %esi
	mov \$0x3f8, %dx
1:	lodsb
	test %al, %al
	jz 2f
	outb %al, %dx
	jmp 1b
2:	$2
	jmp 2b
text:	.asciz "$1\n"
END
	gcc -m32 -nostdlib -static -Wl,-Ttext=0x100000,--build-id=none -o "$dir/xen-of-this-test" "$dir/tiny.S"
}
echo garbage >"$dir/xen-of-this-test"
run 2 -- true
stderr_has "did not come up"
stderr_has "xen-of-this-test"
tiny "(XEN) Panic on CPU 0:" pause
run 2 -- true
stderr_has "panicked"
stderr_has "(XEN) Panic on CPU 0:"
run 2 --parallel -- true
stderr_has "panicked"
tiny "says its last words" pause
run 2 --timeout 10 -- true
stderr_has "time limit of 10 s"
stderr_has "says its last words"
tiny "resets" "mov \$0x64, %dx; mov \$0xfe, %al; outb %al, %dx"
run 2 -- true
stderr_has "the machine ended"
no_qemu "after failures"

echo "== interrupted"
cp "$(scripts/claimperf lab build baseline)" "$dir/xen-of-this-test"
run 2 --timeout 3 -- sh -c 'while :; do :; done'
stderr_has "COMMAND did not end: time limit of 3 s"
no_qemu "after the time limit"
# interrupt SIGNAL STATUS: send it while COMMAND runs
interrupt() {
	local pid status=0
	# bash's own children ignore SIGINT in the background, this one's do not
	env --default-signal=INT "${CLAIMPERF_BUILD:-build}/bin/claimperf-lab-exec" --image "$dir/xen-of-this-test" -- \
		sh -c 'while :; do :; done' >"$dir/stdout" 2>"$dir/stderr" &
	pid=$!
	for _ in $(seq 100); do
		pgrep -f "qemu.*$dir/" >/dev/null && break
		sleep 0.1
	done
	sleep 1
	kill -s "$1" $pid
	wait $pid || status=$?
	[ $status = "$2" ] || { cat "$dir/stderr"; fail "$1: status $status, not $2"; }
	no_qemu "after $1"
}
interrupt INT 130
stderr_has interrupted
interrupt TERM 143
interrupt KILL 137

# A build folder of its own, without snapshots.
mkdir -p "$dir/build/lab"
ln -s "$(realpath "${CLAIMPERF_BUILD:-build}")/bin" "$dir/build/bin"
ln -s "$(realpath "${CLAIMPERF_BUILD:-build}")/lib" "$dir/build/lib"
ln -s "$(realpath "${CLAIMPERF_BUILD:-build}")/lab/kernel" "$dir/build/lab/kernel"

# In the middle of making one: no half of it is left.
CLAIMPERF_BUILD=$dir/build interrupt TERM 143
[ -z "$(find "$dir/build/lab/snapshots" -type d -name '*.tmp')" ] || fail "half a snapshot is left"
CLAIMPERF_BUILD=$dir/build interrupt KILL 137

echo "== two at once make one snapshot"
for i in 1 2; do
	CLAIMPERF_BUILD=$dir/build lab -- sh -c "echo $i" >"$dir/stdout.$i" 2>"$dir/stderr.$i" &
	pids[i]=$!
done
for i in 1 2; do
	wait "${pids[i]}" || { cat "$dir/stderr.$i"; fail "run $i of two"; }
	[ "$(cat "$dir/stdout.$i")" = $i ] || fail "run $i of two: wrong output"
done
[ "$(cat "$dir"/stderr.[12] | grep -c "once for a snapshot")" = 1 ] || { cat "$dir"/stderr.[12]; fail "not one snapshot"; }
[ "$(find "$dir/build/lab/snapshots" -mindepth 1 -maxdepth 1 -type d | wc -l)" = 1 ] || fail "leftovers"

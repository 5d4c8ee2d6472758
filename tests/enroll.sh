#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# claimperf host: each boot of the plan once and in the seed's order, whatever fails; and the host as it was in the end. On a
# host that is invented: its GRUB, its boots, what they measure. tests/reach/disk.sh has a real one.
# timeout: 300
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=tests/common/shell.sh
. tests/common/shell.sh
build=$(readlink -f "$build")

export SYS=${dir:?}/sys FAKE=$dir/suite
export CLAIMPERF_SYSROOT=$SYS CLAIMPERF_ROOT=$FAKE CLAIMPERF_BUILD=$FAKE
mkdir -p "$FAKE/scripts" "$FAKE/bin" "$dir/tools"
cp scripts/{enroll,pairs.sh,command.sh,version,claimperf-host.service} "$FAKE/scripts"
ln -s "$build/bin/claimperf-dombench" "$build/bin/claimperf-compare" "$FAKE/bin"
state=$SYS/var/lib/claimperf/host
export PATH="$dir/tools:$PATH"

tool() { { echo '#!/bin/bash'; cat; } >"$dir/tools/$1" && chmod +x "$dir/tools/$1"; }
tool id <<<'echo 0'
tool xl <<<'echo "xen_commandline        : placeholder dom0_mem=1G noreboot=1 weird=a;b"'
tool grub-mkrelpath <<<'echo /boot'
tool grub-probe <<'END'
case $1 in *=fs_uuid) echo 1234-abcd ;; *=fs) cat "$SYS/fs" ;; *=partmap) echo msdos ;; *=abstraction) cat "$SYS/abstraction" ;; esac
END
tool grub-reboot <<<'echo "next_entry=$1" >"$SYS/boot/grub/grubenv"'
tool grub-editenv <<'END'
case $2 in create) : >"$1" ;; list) cat "$1" ;; unset) sed -i "/^$3=/d" "$1" ;; esac
END
tool systemctl <<'END'
[ "$1" != reboot ] || touch "$SYS/rebooting"
END
# 1000 ns before, 1100 after. Line n of "fate": what the nth bench does.
cat >"$FAKE/scripts/claimperf" <<'END'
#!/bin/bash
[[ " $* " == *" bench --target dom0 --filter "*" --samples 2 --out "* ]] || exit 2
out=${*: -1} side=$(grep -o 'claimperf=[a-z]*' "$SYS/proc/cmdline") ns=1000
[ "$side" != claimperf=after ] || ns=1100
echo "${side#*=}" >>"$SYS/benches"
case $(sed -n "$(wc -l <"$SYS/benches")p" "$SYS/fate" 2>/dev/null) in
cut) touch "$SYS/cut"; kill -9 $(ps -o ppid= -p $PPID) $PPID; exit 1 ;;
fail) echo "claimperf-bench: no luck"; exit 2 ;;
esac
cat >"$out" <<JSON
{"context": {"claimperf": {"dialect": "v6", "nodes": 1}}, "benchmarks": [{"name": "populate/order:0/node:any/claim:none", "real_time": $ns,
 "claimperf": {"per": "extent", "ops": 4, "value": $((ns * 2)), "samples": [$((ns * 8)), $((ns * 8 + 8))]}}]}
JSON
END
chmod +x "$FAKE/scripts/claimperf"
printf '\x7fELF\xd6\x50\x52\xe8 before' >"$dir/before"
printf '\x7fELF\xd6\x50\x52\xe8 after' | gzip >"$dir/after"

new_host() {
	rm -rf "$dir/sys"
	mkdir -p "$SYS"/{boot/grub,proc/xen,proc/sys/kernel/random,etc/systemd/system}
	echo control_d >"$SYS/proc/xen/capabilities"
	echo 'next_entry source custom.cfg' >"$SYS/boot/grub/grub.cfg"
	touch "$SYS/boot/initrd.img-$(uname -r)"
	echo 'BOOT_IMAGE=/x placeholder root=/dev/sda1 ro' >"$SYS/proc/cmdline"
	: >"$SYS/abstraction"
	echo ext2 >"$SYS/fs"
	echo 1 >"$SYS/proc/sys/kernel/random/boot_id"
}

host() { "$FAKE/scripts/enroll" "$@"; }
enroll() {
	host enroll --before "$dir/before" --after "$dir/after" --samples 2 --settle 0 --filter '^populate/order:0/node:any/claim:none$' "$@" \
		>"$dir/log" 2>&1 || { cat "$dir/log"; fail "enroll $*"; }
}

# One boot: GRUB's entry for once, or the default one when that panics; then the unit.
power_on() {
	local entry
	entry=$(sed -n 's/^next_entry=claimperf-//p' "$SYS/boot/grub/grubenv")
	: >"$SYS/boot/grub/grubenv"
	rm -f "$SYS/rebooting" "$SYS/cut"
	echo "$((RANDOM * 32768 + RANDOM))" >"$SYS/proc/sys/kernel/random/boot_id"
	echo "${entry:-default}" >>"$SYS/boots"
	[ -z "$entry" ] || grep -q "^menuentry 'claimperf $entry' --id claimperf-$entry " "$SYS/boot/grub/custom.cfg" || fail "no entry for $entry"
	if [ -n "$entry" ] && grep -qx "$entry" "$SYS/panics" 2>/dev/null; then
		echo "panic" >>"$SYS/boots"
		entry=
	fi
	echo "placeholder root=/dev/sda1 ro${entry:+ panic=30 claimperf=$entry}" >"$SYS/proc/cmdline"
	[ ! -e "$SYS/etc/systemd/system/claimperf-host.service" ] || host continue >>"$dir/log" 2>&1 || true
}

# Until nobody wants another boot.
run_plan() {
	local n
	: >"$SYS/boots"
	for ((n = 0; n < 40; n++)); do
		power_on
		[ -e "$SYS/rebooting" ] || [ -e "$SYS/cut" ] || return 0
	done
	fail "it never ends"
}

restored() {
	[ ! -e "$SYS/boot/claimperf" ] && [ ! -e "$SYS/etc/systemd/system/claimperf-host.service" ] || fail "images or the unit stay"
	expect "custom.cfg in the end" "$(cat "$SYS/boot/grub/custom.cfg" 2>/dev/null)" "${1-}"
	! grep next_entry "$SYS/boot/grub/grubenv" 2>/dev/null || fail "an entry for one boot is left"
	! grep claimperf= "$SYS/proc/cmdline" || fail "it ends in one of the hypervisors"
}

echo "six boots"
new_host
echo "# somebody's" >"$SYS/boot/grub/custom.cfg"
enroll --pairs 2 --aa 1 --seed 1
custom=$(cat "$SYS/boot/grub/custom.cfg")
grep -qxF "	multiboot2 /boot/claimperf/after placeholder dom0_mem=1G 'weird=a;b' watchdog" <<<"$custom" || fail "Xen's words: $custom"
grep -qxF "	module2 /boot/vmlinuz-$(uname -r) placeholder root=/dev/sda1 ro panic=30 claimperf=after" <<<"$custom" || fail "Linux' words: $custom"
cmp -s "$SYS/boot/claimperf/after" "$dir/after" || fail "the image"
run_plan
expect "boots" "$(xargs <"$SYS/boots")" "$(jq -r '.slots[].arm' "$state/plan.json" | sed 's/aa_.*/before/' | xargs) default"
expect "boots of all kinds" "$(sort "$SYS/boots" | uniq -c | xargs)" "2 after 4 before 1 default"
restored "# somebody's"
jq -e '(.order | length) == 2 and (.aa.order | length) == 1 and .failed == [] and .before.fingerprint.dialect == "v6" and
	(.metrics | length) == 1 and (.metrics[0] | ([.before[][], .aa_before[][], .aa_after[][] | round] == [range(4) | 1000, 1001]) and
		([.after[][] | round] == [1100, 1101, 1100, 1101]))' "$state/study.json" >/dev/null || { jq . "$state/study.json"; fail "the study"; }
"$build/bin/claimperf-compare" "$state/study.json" >"$dir/compared" || [ $? = 1 ] || { cat "$dir/compared"; fail "compare does not read it"; }
host status >"$dir/status"
grep -qF '6 boots, seed 1' "$dir/status" || { cat "$dir/status"; fail "status"; }

echo "the seed's order"
for seed in 1 2 3; do
	new_host
	enroll --pairs 24 --aa 0 --seed $seed
	jq -r '.order' "$state/plan.json"
done >"$dir/orders"
expect "orders" "$(sort -u "$dir/orders" | wc -l)" 3

echo "a hypervisor that panics"
new_host
enroll --pairs 4 --aa 0 --seed 1
echo after >"$SYS/panics"
run_plan
restored
expect "boots of it" "$(grep -c after "$SYS/boots")" 3
expect "state" "$(jq -c '[.state, .why, ([.failed[].why] | unique)]' "$state/state.json")" \
	'["ended","3 boots failed",["it did not come up: the host is in the default entry again"]]'
jq -e '.failed[0] == "after, pair 1: it did not come up: the host is in the default entry again" and (.failed | length) == 3 and (.metrics[0].before | map(select(.)) | length) >= 2' "$state/study.json" >/dev/null || fail "what was measured is lost"
host status >"$dir/status"
expect "failures in the status" "$(grep -c 'FAILED: it did not come up' "$dir/status")" 3

echo "a power cut, and one too many"
new_host
enroll --pairs 2 --aa 0 --seed 1
printf '%s\n' ok cut ok ok ok >"$SYS/fate"
run_plan
restored
expect "benches" "$(wc -l <"$SYS/benches")" 5
jq -e '.failed == [] and ([.metrics[0] | .before, .after | .[] | select(.)] | length) == 4' "$state/study.json" >/dev/null || fail "a boot is lost by a power cut"
new_host
enroll --pairs 2 --aa 0 --seed 1
printf '%s\n' cut cut ok fail ok >"$SYS/fate"
run_plan
restored
expect "failures" "$(jq -c '[.failed[] | [.slot, .why]]' "$state/state.json")" \
	'[[0,"interrupted twice while it measured"],[2,"nothing was measured (status 2): claimperf-bench: no luck"]]'

echo "stop, restore, refusals"
new_host
enroll --pairs 8
refused "has a plan" host enroll --before "$dir/before" --after "$dir/after"
power_on
host stop 2>/dev/null
power_on
power_on
restored
expect "what stopped it" "$(jq -r '"\(.state) \(.why)"' "$state/state.json")" "ended stopped"
enroll --pairs 8 --aa 0
host restore 2>/dev/null
restored
new_host
bad() { refused "$1" host enroll --before "$dir/before" --after "$dir/after" "${@:2}"; }
bad "--pairs 0: not a number from 1 to 24" --pairs 0
bad "--after $dir/log: not a hypervisor" --after "$dir/log"
bad "--before $dir/none: cannot read it" --before "$dir/none"
bad "--filter moon: no case has such a name" --filter moon
bad "12 at most" --filter .
refused "--after is missing" host enroll --before "$dir/before"
refused "is none of enroll" host reboot
echo lvm >"$SYS/abstraction"
bad "is on lvm: GRUB cannot write there"
: >"$SYS/abstraction"
echo btrfs >"$SYS/fs"
bad "is on btrfs: GRUB cannot write there"
echo ext2 >"$SYS/fs"
echo 'next_entry' >"$SYS/boot/grub/grub.cfg"
bad "it does not read custom.cfg"
: >"$SYS/proc/xen/capabilities"
bad "this is not dom0"
[ ! -e "$SYS/var" ] && [ ! -e "$SYS/boot/claimperf" ] || fail "refused, but something is there"

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A whole Debian host on a disk, with our package: it measures out of the box, boots two hypervisors by turns and loses power
# meanwhile, survives one that panics, and has its night by the timer. What it measures is what the lab does.
# timeout: 6000
set -euo pipefail
# shellcheck source=tests/common/shell.sh
. tests/common/shell.sh
build=$(readlink -f "$build")
cases='^populate/order:[09]/node:any/claim:none$'
as_root=()
[ "$(id -u)" = 0 ] || as_root=(sudo)
disk=$dir/disk.img console=$dir/console base=$build/disk/base-12.tar
mkdir -p "$build/disk"

make_folder_of_disk() {
	local folder=$dir/files side
	mkdir -p "$folder/root" "$folder/var/cache/claimperf/xen" "$folder/etc/systemd/system" "$folder/etc/default" "$folder/etc/initramfs-tools/conf.d" \
		"$folder/etc/systemd/system/claimperf-nightly.timer.d" "$folder/etc/systemd/system/claimperf-host.service.d"
	cp tests/disk/in-vm "$folder/root"
	echo 1 >"$folder/root/next"
	echo "$cases" >"$folder/root/cases"
	for side in before after panics; do cp "${image[$side]}" "$folder/root/$side"; done
	# What the night would fetch and compile.
	cp -r "$build/src" "$folder/var/cache/claimperf"
	for side in before after; do cp -r "$(dirname "${image[$side]}")" "$folder/var/cache/claimperf/xen"; done
	cat >"$folder/etc/default/grub" <<-'END'
		GRUB_DEFAULT="GNU/Linux, with Xen hypervisor"
		GRUB_TIMEOUT=0
		GRUB_CMDLINE_LINUX="console=hvc0"
		GRUB_CMDLINE_XEN="console=com1 com1=115200,8n1 dom0_mem=1G,max:1G dom0_max_vcpus=1 bootscrub=0 loglvl=all numa=on"
		GRUB_TERMINAL=serial
		GRUB_SERIAL_COMMAND="serial --unit=0"
		GRUB_DISABLE_OS_PROBER=true
	END
	printf '%s\n' '[Timer]' 'OnCalendar=' 'OnCalendar=*:*:30' >"$folder/etc/systemd/system/claimperf-nightly.timer.d/soon.conf"
	printf '%s\n' '[Service]' 'StandardOutput=journal+console' 'StandardError=journal+console' >"$folder/etc/systemd/system/claimperf-host.service.d/console.conf"
	printf '%s\n' '[Unit]' 'After=multi-user.target claimperf-host.service' '[Service]' Type=oneshot ExecStart=/root/in-vm StandardOutput=journal+console StandardError=journal+console '[Install]' \
		WantedBy=multi-user.target >"$folder/etc/systemd/system/in-vm.service"
	# A small one: QEMU takes its time to load it.
	echo MODULES=list >"$folder/etc/initramfs-tools/conf.d/small"
	printf '%s\n' virtio_pci virtio_blk ext4 >"$folder/etc/initramfs-tools/modules"
	cat >"$folder/setup" <<-'END'
		#!/bin/bash
		set -e
		systemctl enable in-vm.service
		sed -i 's/^counts = .*/counts = ^populate\/order:0\/node:any\/claim:none$/; s/^times = .*/times = none/; s/^min-free = .*/min-free = 100M/
			$ a hook = cp "$CLAIMPERF_SUMMARY" /root/night' /etc/claimperf/nightly.conf
		for variant in baseline claims; do /usr/lib/claimperf/scripts/claimperf lab build $variant; done
		for variant in baseline claims; do CLAIMPERF_BUILD=/var/cache/claimperf /usr/lib/claimperf/scripts/host/build $variant; done
	END
	chmod +x "$folder/setup"
}

# The machine of the lab, with a disk in place of files of this machine: time is its instructions.
power_on() {
	timeout 3000 qemu-system-x86_64 -nodefaults -no-user-config -global serial.baudbase=100000000 -display none -M q35 -cpu qemu64,+npt \
		-m 4G -smp 1 -accel tcg,thread=single -icount shift=0,sleep=off -rtc base=2026-01-01T00:00:00,clock=vm \
		-serial "file:$console.$1" -drive "file=$disk,format=raw,if=virtio,cache=unsafe" &
	qemu=$!
}
trap '[ -z "${qemu-}" ] || kill $qemu 2>/dev/null || true; rm -rf "$dir"' EXIT
trap 'exit 143' INT TERM HUP

# wait_for N TEXT: on console N, as long as the machine runs.
wait_for() {
	until grep -qaF -- "$2" "$console.$1" 2>/dev/null; do
		kill -0 $qemu 2>/dev/null || { tail -n 30 "$console.$1"; fail "the machine ended without '$2'"; }
		sleep 1
	done
}

read_disk() { "${as_root[@]}" tests/disk/read "$disk" "$dir" "$(id -u)"; }

echo "hypervisors, package, disk"
declare -A image
image[before]=$(scripts/lab/build baseline)
image[after]=$(scripts/lab/build claims)
image[panics]=$(scripts/lab/build claims --patch tests/disk/panic.patch)
package=$(make -s deb BUILD="$build" | tail -n 1)
make_folder_of_disk
"${as_root[@]}" tests/disk/make "$base" "$disk" "$package" "$dir/files" >"$dir/made" 2>&1 || { tail -n 20 "$dir/made"; fail "no disk"; }
"${as_root[@]}" chown "$(id -u)" "$disk" "$base"

echo "out of the box, then boots by turns; the power fails as the second is measured"
power_on 1
wait_for 1 "measuring boot 2"
pkill -9 -P $qemu
wait $qemu || true
power_on 2
wait $qemu || fail "the machine does not end by itself: status $?"
echo "a hypervisor that panics; then the night"
power_on 3
wait $qemu || fail "the machine does not end by itself: status $?"
read_disk
cd "$dir/root"
expect "out of the box" "$(cat quick.status)" 0
jq -e '[.benchmarks[] | select(.error_occurred | not)] | length > 50' quick.json >/dev/null || fail "quick: too few cases"
for plan in a b; do
	[ ! -s "plan-$plan/left" ] || fail "plan $plan leaves $(cat "plan-$plan/left")"
	! grep -a next_entry= "plan-$plan/grubenv" || fail "plan $plan leaves an entry for one boot"
done
jq -e '.failed == [] and .why == ""' plan-a/state.json >/dev/null || { cat plan-a/state.json; fail "plan a"; }
expect "what was interrupted" "$(grep -ac 'boot 2: interrupted; once more' "$console.2")" 1
expect "boots of each side" "$(find plan-a/boots -type f -printf '%f\n' | sort | xargs)" "after.0.json after.1.json before.0.json before.1.json"
expect "failures" "$(jq -c '[.why, ([.failed[].why] | unique)]' plan-b/state.json)" \
	'["3 boots failed",["it did not come up: the host is in the default entry again"]]'
expect "panics" "$(grep -ac 'this hypervisor is one that panics' "$console.3")" 3
grep -q 'Failed boot: after, pair 1: it did not come up' <("$build/bin/claimperf-compare" plan-b/study.json || true) || fail "compare does not tell"
grep -q . night || fail "the night has no summary"
expect "the night" "$(cat night.status)" ExecMainStatus=0

echo "as in the lab"
cd "$OLDPWD"
for side in before after; do
	scripts/claimperf bench --target lab --image "${image[$side]}" --filter "$cases" --unproven --out "$dir/$side.json" >"$dir/log" 2>&1 || { cat "$dir/log"; fail "lab"; }
	jq -s '.[0].benchmarks[] as $lab | {name: $lab.name, lab: $lab.claimperf.min_sample,
		disk: ([.[1:][].benchmarks[] | select(.name == $lab.name) | .claimperf.min_sample] | min)}' \
		-c "$dir/$side.json" "$dir/root/plan-a/boots/$side".*.json
done >"$dir/figures"
cat "$dir/figures"
jq -se 'length == 4 and all(.[]; .lab and .lab == .disk)' "$dir/figures" >/dev/null || fail "other figures than the lab's"

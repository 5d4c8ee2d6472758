#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A run that is killed at any moment goes on: the same benchmarks to the byte, no unit measured twice, none lost, no
# process left behind. Many moments with machines that take no time, some in the lab, one on the Xen of a dom0.
# Usage: tests/resume.sh [SEED [KILLS]]
# needs: lab
# timeout: 400
set -euo pipefail
# shellcheck source=tests/common/shell.sh
. "$(dirname "$0")/common/shell.sh"

RANDOM=${1:-6} times=${2:-10}
build=$(readlink -f "$build")
bench=$build/bin/claimperf-bench

# All processes below $1.
descendants() {
	local child
	for child in $(pgrep -P "$1"); do
		echo "$child"
		descendants "$child"
	done
}

# Whether any of these processes still runs.
alive() {
	local pid
	for pid in "$@"; do
		grep -qs '^State:[[:space:]][^ZX]' "/proc/$pid/status" && return
	done
	return 1
}

# interrupt SIGNAL SECONDS|FILE COMMAND...: its exit status; with it, all that it started ends. FILE: when it is there.
interrupt() {
	local signal=$1 seconds=$2 victim status=0 family i
	shift 2
	# Not a job of this shell, which would be immune to SIGINT.
	setsid "$@" >"$dir/interrupted" 2>&1 &
	victim=$!
	case $seconds in
	/*) for ((i = 0; i < 100; i++)); do [ -e "$seconds" ] && break; sleep 0.1; done ;;
	*) sleep "$seconds" ;;
	esac
	mapfile -t family < <(descendants $victim | tee "$dir/family")
	kill -"$signal" $victim 2>/dev/null || true
	wait $victim 2>/dev/null || status=$?
	for ((i = 0; i < 50; i++)); do
		alive "${family[@]}" || return $status
		sleep 0.1
	done
	ps -o pid,ppid,args -p "$(IFS=,; echo "${family[*]}")"
	fail "kill -$signal after $seconds leaves processes"
}

# But for the name of the folder of raw data.
benchmarks() { jq -S '.benchmarks | map(del(.claimperf.raw))' "$1"; }
# What counts as done: a run that was killed while it was removed is over.
units() {
	[ ! -e "$1/unfinished/run.json" ] || (cd "$1/unfinished/done" && find . -mindepth 1 -maxdepth 1 -printf '%P %i\n' | sort)
}

# go_on NAME: what was done when the run ended early still is, and is not measured again.
go_on() {
	units "$dir/$1.d" >"$dir/done"
	: >"$dir/started"
}
not_again() {
	local unit _
	while read -r unit _; do
		! grep -qx "$unit" "$dir/started" || fail "$unit was measured twice"
	done <"$dir/done"
}

echo "machines that take no time"
# A lab-exec that says what it was asked for and returns what a machine could.
mkdir -p "$dir/fake/bin" "$dir/documents"
ln -s "$build"/bin/* "$dir/fake/bin"
rm "$dir/fake/bin/claimperf-lab-exec"
cat >"$dir/fake/bin/claimperf-lab-exec" <<'END'
#!/bin/bash
here=$(dirname "$0")/../..
for word; do
	case $word in
	--describe) exec cat "$here/description" ;;
	--out=*) out=${word#--out=} ;;
	--group=*) group=${word#--group=} ;;
	esac
done
echo "${out##*/}" >>"$here/started"
if [ -e "$here/slow" ]; then
	sleep 60 &
	touch "$here/hangs"
	wait
fi
sleep "$(cat "$here/pace")"
mkdir -p "$out"
cp "$here/documents/$group" "$out/bench.json"
for slug in $(jq -r '.benchmarks[].name | gsub("[/:]"; "_")' "$here/documents/$group"); do echo "$slug" >"$out/$slug.trace.xen"; done
END
chmod +x "$dir/fake/bin/claimperf-lab-exec"
echo 0.05 >"$dir/pace"
echo '{"qemu": "7.2", "image_sha256": "ab", "hypervisor": {"variant": "none"}}' >"$dir/description"
touch "$dir/image"
"$build/bin/claimperf-dombench" --plan --nodes 1 | while read -r family index group _ name; do
	jq -nc --arg name "$name" --arg group "$group" --argjson f "$family" --argjson i "$index" '{name: $name, family_index: $f,
		per_family_instance_index: $i, claimperf: {group: $group, unit: "instructions", value: $i, samples: [$i]}}' >>"$dir/entries"
done
for group in $(jq -r .claimperf.group "$dir/entries" | sort -u); do
	jq -s --arg group "$group" '{context: {claimperf: {nodes: 1}}, benchmarks: map(select(.claimperf.group == $group))}' \
		"$dir/entries" >"$dir/documents/$group"
done
quick() { CLAIMPERF_BUILD=$dir/fake "$bench" "$@"; }
fake_run=(env "CLAIMPERF_BUILD=$dir/fake" "$bench" --image "$dir/image" --trace --unproven
	--filter 'order:[09]/node:(any|exact)/claim:(none|node)$|^refused/order:0|^claim/legacy/install$')
"${fake_run[@]}" --out "$dir/whole.json" 2>"$dir/log" || { cat "$dir/log"; fail "status $?"; }
grep -Eq ': [0-9]+ cases in [0-9]+:[0-9]+$' "$dir/log" || { cat "$dir/log"; fail "how long it took is not said"; }
grep -Eq '^claimperf bench: 3 of 8: .* cases, 0:[0-9]+, 0:[0-9]+ left\)$' "$dir/log" || { cat "$dir/log"; fail "no progress"; }
[ ! -e "$dir/whole.d/unfinished" ] || fail "an unfinished run is left"

interrupted=0
while [ $interrupted -lt "$times" ]; do
	go=("${fake_run[@]}" --out "$dir/part.json")
	go_on part
	# Later and later, so that it comes to an end on a machine that is busy.
	for ((limit = 300; ; limit += 200)); do
		ms=$((RANDOM % limit))
		interrupt KILL "$((ms / 1000)).$(printf %03d $((ms % 1000)))" "${go[@]}" || interrupted=$((interrupted + 1))
		not_again
		[ ! -e "$dir/part.json" ] || [ -e "$dir/part.d/unfinished/run.json" ] || break
		go_on part
		[ ! -e "$dir/part.d/unfinished/run.json" ] || go=(env "CLAIMPERF_BUILD=$dir/fake" "$bench" --resume --out "$dir/part.json")
	done
	cmp <(benchmarks "$dir/whole.json") <(benchmarks "$dir/part.json") || fail "a run that was killed differs from one that was not"
	diff -r -x unfinished "$dir/whole.d" "$dir/part.d" || fail "raw data are lost or torn"
	rm -r "$dir/part.json" "$dir/part.d"
done

echo "a machine that does not end"
touch "$dir/slow"
! interrupt KILL "$dir/hangs" "${fake_run[@]}" --out "$dir/part.json" || fail "a run that hangs ended"
expect "processes when it was killed" "$(wc -l <"$dir/family")" 3
rm -r "$dir/slow" "$dir/hangs" "$dir/part.d"

echo "what does not go on"
status=0
echo 1 >"$dir/pace"
interrupt INT "$dir/part.d/unfinished/done/none.0" "${fake_run[@]}" --out "$dir/part.json" || status=$?
expect "status after SIGINT" $status 2
echo 0.05 >"$dir/pace"
grep -q -- "--resume --out $dir/part.json goes on" "$dir/interrupted" || { cat "$dir/interrupted"; fail "SIGINT does not say how to go on"; }
cp -r "$dir/part.d" "$dir/kept.d"
refused "--resume goes on with it, --restart" "${fake_run[@]}" --out "$dir/part.json"
refused "--resume goes with --out and --jobs only" quick --resume --once --out "$dir/part.json"
refused "--resume goes with --out and --jobs only" quick --resume --restart --out "$dir/part.json"
refused "there is no unfinished run in $dir/none.d" quick --resume --out "$dir/none.json"
[ ! -e "$dir/none.d" ] || fail "--resume made $dir/none.d"
sed -i 's/"ab"/"cd"/' "$dir/description"
refused 'target.hypervisor.image_sha256 was "ab" when the run began, and is "cd"' quick --resume --out "$dir/part.json"
sed -i 's/"cd"/"ab"/' "$dir/description"
rm "$dir/fake/bin/claimperf-dombench"
{ cat "$build/bin/claimperf-dombench"; echo; } >"$dir/fake/bin/claimperf-dombench"
chmod +x "$dir/fake/bin/claimperf-dombench"
refused 'programs.claimperf-dombench was "' quick --resume --out "$dir/part.json"
printf '#!/bin/sh\n%s "$@" | grep -v "claim:none"\n' "$build/bin/claimperf-dombench" >"$dir/fake/bin/claimperf-dombench"
refused 'cases.populate/order:0/node:exact/claim:none was "none" when the run began, and is nothing' quick --resume --out "$dir/part.json"
ln -sf "$build/bin/claimperf-dombench" "$dir/fake/bin/claimperf-dombench"
for file in "$dir/part.d/unfinished/run.json" "$dir/part.d/unfinished/done"/*/bench.json; do
	cmp "$file" "${file/part.d/kept.d}" || fail "a refusal changed $file"
done
(cd / && quick --resume --out "$dir/part.json" 2>"$dir/log") || { cat "$dir/log"; fail "--resume from another folder: status $?"; }
cmp <(benchmarks "$dir/whole.json") <(benchmarks "$dir/part.json") || fail "the run differs after the refusals"
rm -r "$dir/part.json" "$dir/part.d"
mv "$dir/kept.d" "$dir/part.d"
rm -f "$dir/started"
"${fake_run[@]}" --restart --out "$dir/part.json" 2>"$dir/log" || { cat "$dir/log"; fail "--restart: status $?"; }
expect "machines started by --restart" "$(wc -l <"$dir/started")" 8
mkdir -p "$dir/part.d/unfinished"
flock "$dir/part.d/unfinished" sleep 3 &
sleep 0.2
refused "another claimperf bench is at work" "${fake_run[@]}" --restart --out "$dir/part.json"
wait

echo "machines of the lab"
image=$(scripts/claimperf lab build baseline)
lab_run=("$bench" --image "$image" --samples 2 --unproven --filter '^populate/order:0/node:exact/claim:none$|^claim/legacy/install$')
"${lab_run[@]}" --out "$dir/lab.json" 2>"$dir/log" || { cat "$dir/log"; fail "lab: status $?"; }
go=("${lab_run[@]}" --out "$dir/cut.json")
: >"$dir/done"
for seconds in 2.$((RANDOM % 10)) 4.$((RANDOM % 10)); do
	! interrupt KILL $seconds "${go[@]}" || break
	[ ! -e "$dir/cut.d/unfinished/run.json" ] || go=("$bench" --resume --out "$dir/cut.json")
	units "$dir/cut.d" >"$dir/now"
	[ -z "$(comm -23 "$dir/done" "$dir/now")" ] || fail "what was done is gone, or measured again"
	mv "$dir/now" "$dir/done"
done
[ -e "$dir/cut.json" ] || "${go[@]}" 2>"$dir/log" || { cat "$dir/log"; fail "lab, --resume: status $?"; }
cmp <(benchmarks "$dir/lab.json") <(benchmarks "$dir/cut.json") || fail "the lab's run differs from one that was not killed"
cmp <(jq -S .context.claimperf "$dir/lab.json") <(jq -S .context.claimperf "$dir/cut.json") || fail "the lab's run has another context"

echo "dom0"
dombench=$build/bin/claimperf-dombench
cat >"$dir/job" <<END
cd \$OUT
export CLAIMPERF_ROOT=\$OUT
$bench --target dom0 --samples 10 --filter 'order:0/node:any' --out r.json & victim=\$!
i=0
while [ \$i -lt 200 ] && ! grep -q case r.d/unfinished/done/dom0/journal 2>/dev/null; do
	sleep 0.05
	i=\$((i + 1))
done
kill -9 \$victim
wait \$victim
sleep 0.5
cp r.d/unfinished/done/dom0/journal before
$dombench --clean >after-kill
printf '{"case": "cut sho' >>r.d/unfinished/done/dom0/journal
$bench --resume --out r.json
END
scripts/claimperf lab exec --image "$image" --out "$dir/out" --stage "$dombench" --stage "$bench" --stage /bin/sleep --stage /bin/grep --stage /usr/bin/sha256sum \
	--stage "$dir/job" -- sh "$dir/job" >"$dir/log" 2>&1 || { cat "$dir/log"; fail "dom0: not measured, or not gone on with"; }
grep -q '^destroyed 0 domains; pages claimed on this host by anyone: 0$' "$dir/out/after-kill" ||
	{ cat "$dir/out/after-kill"; fail "a kill -9 of claimperf bench leaves domains or claims"; }
measured=$(grep -c '^{"case"' "$dir/out/before")
[ "$measured" -ge 1 ] || fail "no case was over before the kill"
jq -e --slurpfile old <(grep '^{"case"' "$dir/out/before") '[.benchmarks[].claimperf | select(.skipped | not) | .samples] as $new
	| ($new | length) > ($old | length) and ([$old[].entry.claimperf.samples] - $new == [])' "$dir/out/r.json" >/dev/null ||
	fail "dom0: what was measured before the kill is not in the result, or all was"
jq -e '[.benchmarks[] | .error_occurred | not] | length > 2 and all' <(jq '.benchmarks |= map(select(.claimperf.skipped | not))' \
	"$dir/out/r.json") >/dev/null || fail "dom0: invalid cases"

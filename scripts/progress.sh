# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# Sourced. How far a child is, told from the lines of its log.

# progress PID LOG PATTERN TOTAL LABEL: until PID ends, say on stderr how many lines of LOG match PATTERN.
# TOTAL is a number, or "newly" to take apt's count of packages that it installs. A terminal gets one updating line.
progress() {
	_shown=0
	while kill -0 "$1" 2>/dev/null; do
		sleep 1
		_done=$(grep -c "$3" "$2" 2>/dev/null || true)
		_total=$4
		[ "$4" != newly ] || _total=$(sed -n 's/.* \([0-9]*\) newly installed.*/\1/p' "$2" 2>/dev/null || true)
		[ "${_total:-0}" -gt 0 ] || continue
		[ "$_done" -le "$_total" ] || _done=$_total
		_percent=$((100 * _done / _total))
		if [ -t 2 ]; then
			printf '\r%s: %3d %%' "$5" "$_percent" >&2
		elif [ $_percent -ge $((_shown + 25)) ]; then
			_shown=$((_percent / 25 * 25))
			echo "$5: $_shown %" >&2
		fi
	done
	[ ! -t 2 ] || printf '\r\033[K' >&2
}

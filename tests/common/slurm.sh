# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154
# Sourced by tests, after shell.sh: munge, slurmctld and slurmd of the test's own, on loopback and with ports of its own,
# for as many hosts as are asked for. Nothing of the machine's own Slurm is touched. All run as who runs the test.

slurm=$(mktemp -d)
chmod 755 "$slurm"
trap 'stop_slurm; rm -rf "$dir" "$slurm"' EXIT
trap 'exit 143' INT TERM HUP
export SLURM_CONF=$slurm/slurm.conf
# Debian has these in a folder that users do not search.
PATH=$PATH:/usr/sbin:/sbin

# The first of so many ports that nobody listens to.
free_ports() {
	local first
	while :; do
		first=$((20000 + RANDOM % 10000))
		ss -Htln | awk -v first="$first" -v last=$((first + $1)) '{ sub(/.*:/, "", $4); if ($4 >= first && $4 <= last) found = 1 } END { exit found }' && break
	done
	echo $first
}

# write_conf HOSTS
write_conf() {
	local port i me
	port=$(free_ports $(($1 + 1))) me=$(id -un)
	mkdir "$slurm/state"
	cat >"$SLURM_CONF" <<-END
		ClusterName=claimperf
		SlurmctldHost=$(hostname -s)(127.0.0.1)
		SlurmctldPort=$port
		SlurmUser=$me
		SlurmdUser=$me
		AuthType=auth/munge
		AuthInfo=socket=$slurm/munge.socket,cred_expire=10
		CredType=cred/munge
		StateSaveLocation=$slurm/state
		SlurmdSpoolDir=$slurm/spool.%n
		SlurmctldPidFile=$slurm/slurmctld.pid
		SlurmdPidFile=$slurm/%n.pid
		SlurmctldLogFile=$slurm/slurmctld.log
		SlurmdLogFile=$slurm/%n.log
		ProctrackType=proctrack/linuxproc
		TaskPlugin=task/none
		JobAcctGatherType=jobacct_gather/none
		SelectType=select/linear
		MpiDefault=none
		SwitchType=switch/none
		ReturnToService=2
		SlurmdTimeout=15
		SlurmctldTimeout=30
		MinJobAge=300
		SlurmdParameters=config_overrides
		SchedulerParameters=batch_sched_delay=1,sched_interval=2
	END
	for ((i = 1; i <= $1; i++)); do
		echo "NodeName=den$i NodeHostname=$(hostname -s) NodeAddr=127.0.0.1 Port=$((port + i)) CPUs=1 RealMemory=100 Feature=type-$((i % 2))"
	done >>"$SLURM_CONF"
	echo "PartitionName=fleet Nodes=ALL Default=YES MaxTime=INFINITE State=UP" >>"$SLURM_CONF"
}

start_munge() {
	head -c 128 /dev/urandom >"$slurm/munge.key"
	chmod 400 "$slurm/munge.key"
	munged --force --key-file "$slurm/munge.key" --socket "$slurm/munge.socket" --pid-file "$slurm/munge.pid" \
		--log-file "$slurm/munge.log" --seed-file "$slurm/munge.seed" >"$slurm/munge.said" 2>&1 || { cat "$slurm/munge.said"; fail "munged"; }
}

# start_host NAME [OPTION...]
start_host() { slurmd -N "$1" "${@:2}" || fail "slurmd of $1"; }

# expect_soon SECONDS COMMAND...: that it comes true.
expect_soon() {
	local i
	for ((i = 0; i < $1 * 5; i++)); do
		"${@:2}" && return
		sleep 0.2
	done
	fail "not within $1 s: ${*:2}"
}

hosts_idle() { [ "$(sinfo -h -o %D -t idle)" = "$1" ]; }

# start_slurm HOSTS
start_slurm() {
	local i
	write_conf "$1"
	start_munge
	slurmctld >"$slurm/said" 2>&1 || { cat "$slurm/said"; fail "slurmctld"; }
	for ((i = 1; i <= $1; i++)); do start_host "den$i"; done
	expect_soon 60 hosts_idle "$1"
}

# The processes of a tree, from its root.
tree_of() {
	local child
	echo "$1"
	for child in $(ps -o pid= --ppid "$1"); do tree_of "$child"; done
}

# kill_host NAME JOB_PID: as if its power were cut: slurmd, what started the job, and all of the job.
kill_host() {
	local pids
	# shellcheck disable=SC2046 # numbers
	pids=$(cat "$slurm/$1.pid"; tree_of "$(ps -o ppid= -p "$2" | tr -d ' ')")
	# shellcheck disable=SC2086 # numbers
	kill -9 $pids 2>/dev/null || true
}

stop_slurm() {
	local file
	[ ! -e "$SLURM_CONF" ] || scancel --full -u "$(id -un)" 2>/dev/null || true
	for file in "$slurm"/den*.pid "$slurm/slurmctld.pid" "$slurm/munge.pid"; do
		[ ! -s "$file" ] || kill "$(cat "$file")" 2>/dev/null || true
	done
}

#!/usr/bin/env bash
# Runs an evaluation on a real single-node Slurm on loopback, kills one of its two tasks half-way, lets it requeue, merges, and
# compares the summary with that of an unsharded run. Needs root and Debian's packages munge slurmctld slurmd slurm-client.
#
#   scripts/slurm/test-single-node.sh WORK_FOLDER [SUITE EVAL-OPTIONS...]
#
# Default: cifar10 on the pocket model, cat, two images a prompt. Everything it starts is stopped at the end.
set -eu
here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
export REALERA=${REALERA:-$(dirname "$(dirname "$here")")/scripts/realera}
work=$1
shift
[ $# -gt 0 ] || set -- cifar10 --model pocket --concept cat --samples 2 --batch 4
mkdir -p "$work"
work=$(cd "$work" && pwd)
host=$(hostname -s)
pids=()
stop() { for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done; }
trap stop EXIT

mkdir -p "$work/munge" "$work/ctld" "$work/d"
chmod 700 "$work/munge"
dd if=/dev/urandom of="$work/munge/key" bs=128 count=1 status=none
chmod 600 "$work/munge/key"
munged --foreground --force --key-file="$work/munge/key" --socket="$work/munge.socket" --pid-file="$work/munge/pid" \
  --log-file="$work/munge/log" --seed-file="$work/munge/seed" &
pids+=($!)
export SLURM_CONF=$work/slurm.conf
cat >"$SLURM_CONF" <<CONF
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=16817
SlurmdPort=16818
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=$work/munge.socket
CredType=cred/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
ReturnToService=2
JobRequeue=1
SchedulerType=sched/backfill
SchedulerParameters=requeue_delay=2
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
StateSaveLocation=$work/ctld
SlurmdSpoolDir=$work/d
SlurmctldPidFile=$work/ctld.pid
SlurmdPidFile=$work/d.pid
SlurmctldLogFile=$work/ctld.log
SlurmdLogFile=$work/d.log
KillWait=10
NodeName=$host NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES State=UP
CONF
slurmctld -D -i -c &
pids+=($!)
sleep 2
slurmd -D -N "$host" &
pids+=($!)
for _ in $(seq 60); do [ "$(sinfo -h -o %t 2>/dev/null)" = idle ] && break || sleep 1; done
sinfo

"$REALERA" eval "$@" --out "$work/whole"
read -r array merge <<<"$("$here/submit.sh" "$work/sharded" 2 "$@")"
echo "array $array, merge $merge"

# Half-way: the second task has some images, but not all.
images() { find "$work/sharded/shard-2/images" -name '*.png' 2>/dev/null | wc -l; }
for _ in $(seq 600); do [ "$(images)" -gt 0 ] && break || sleep 0.5; done
before=$(images)
echo "requeueing task 2 with $before images"
scontrol requeue "${array}_2"
for _ in $(seq 1800); do
  state=$(squeue -h -j "$merge" -o '%T %r' 2>/dev/null || true)
  [ -n "$state" ] || break
  case $state in *DependencyNeverSatisfied*) break ;; esac
  sleep 1
done
for log in "$work"/sharded/*.log; do echo "== $log"; cat "$log"; done
cmp "$work/whole/summary.json" "$work/sharded/summary.json"
cmp "$work/whole/images.csv" "$work/sharded/images.csv"
echo "the sharded run, killed and requeued, gives the same bytes"

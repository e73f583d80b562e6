#!/usr/bin/env bash
# Three nodes and a load balancer on this machine: calls come, nodes go, calls go on.
set -euo pipefail
source "$(dirname "$0")/common.sh"
source "$ROOT/scripts/cluster/networks.sh"
source "$ROOT/scripts/cluster/nodes.sh"
source "$ROOT/scripts/cluster/surroundings.sh"
source "$ROOT/scripts/cluster/callers.sh"

BASE=27000
CALLS=4
ACT=media
STAY=false
OUT=""
LOAD=()

usage() {
  cat <<'TEXT'
usage: scripts/run_cluster.sh [--act media|worker|rolling|cut|none] [--calls N] [--base PORT] [--out DIR] [--stay] [-- LOAD ...]

Starts simulated providers, three nodes as one cluster and HAProxy in front of them, all on loopback. Places calls
through the balancer, does something to the nodes while they run, and says what every caller heard of it.
  --act media    kill -9 the node that holds the most calls (default); it is started again
  --act worker   node 1 holds the calls, nodes 2 and 3 transcribe, think and speak; kill -9 of node 2
  --act rolling  ask one node after the other to leave, and start it again, while calls come and go
  --act cut      two nodes that hold calls and two that work for them, each in a network of its own; the network between
                 one pair and the other is cut for 20 s and mended (as root; nothing outside sees of it)
  --act none     nothing: for figures of a cluster that is well
  --calls N      calls at a time (default 4)
  --away ROLES   nodes 2 and 3 have these roles, such as llm,tts, and node 1 all others
  --net          a network of its own for each node, as with cut: what crosses between nodes is counted
  --base PORT    first of 30 ports that are used (default 27000)
  --out DIR      keep the callers' report and the nodes' logs there
  --stay         leave the cluster up at the end, until Ctrl-C
  --help         this text
What follows -- goes to loadtest, such as: -- --set load.stories=0 --hold 60s
Needs HAProxy (Debian: apt-get install haproxy) and curl. Environment: JAVA_HOME, JAVA_OPTS (of the nodes).
Exit code 0 only when no call was cut or refused and every question was answered.
TEXT
}

AWAY=""
OWN_NET=false
NODES=(1 2 3)
ARGUMENTS=("$@")
while [ $# -gt 0 ]; do
  case "$1" in
    --help | -h) usage; exit 0 ;;
    --act) ACT="${2:?--act wants a word}"; shift 2 ;;
    --calls) CALLS="${2:?--calls wants a number}"; shift 2 ;;
    --base) BASE="${2:?--base wants a port}"; shift 2 ;;
    --out) OUT="${2:?--out wants a directory}"; shift 2 ;;
    --away) AWAY="${2:?--away wants roles}"; shift 2 ;;
    --net) OWN_NET=true; shift ;;
    --stay) STAY=true; shift ;;
    --) shift; LOAD=("$@"); break ;;
    *) usage >&2; fail "unknown option $1" ;;
  esac
done
case "$ACT" in
  media | rolling | none) ;;
  worker) AWAY="${AWAY:-stt,llm,tts}" ;;
  cut)
    AWAY=stt,llm,tts
    OWN_NET=true
    NODES=(1 2 3 4)
    ;;
  *) usage >&2; fail "unknown act $ACT" ;;
esac

if $OWN_NET && [ -z "${CLUSTER_NETWORK:-}" ]; then
  # From here on all of it, balancer and callers too, is in a network that only this process and its children have.
  CLUSTER_NETWORK=own exec unshare --net "$0" "${ARGUMENTS[@]}"
fi

need haproxy "apt-get install haproxy"
need curl
build_if_needed
JAVA="$(java_command)"

WORK="$(mktemp -d)"
[ -z "$OUT" ] || { mkdir -p "$OUT"; OUT="$(cd "$OUT" && pwd)"; }
SECRET="$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')"
OPS_TOKEN="$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')"
TOKEN="$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')"
STARTED=()

LB="http://$(hub):$BASE"

cleanup() {
  local code=$?
  trap - EXIT INT TERM
  # Nobody drains here: the calls are over.
  for pid in "${STARTED[@]}"; do kill -9 "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  # There may be none yet.
  [ -z "$OUT" ] || cp "$WORK"/*.log "$OUT"/ 2>/dev/null || true
  rm -rf "$WORK"
  exit "$code"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

cut_and_mend() {
  echo "the network between nodes 1, 2 and nodes 3, 4 is cut"
  cut_network
  await_all_see 2
  sleep 20
  echo "calls as node 1 sees them:"
  show_calls 1
  echo "calls as node 3 sees them:"
  show_calls 3
  mend_network
  echo "the network is mended"
  await_all_see 4
  show_calls 2
}

count_a_while() {
  local seconds=20 spent bytes
  spent="$(spent_ms)"
  bytes="$(crossed)"
  sleep "$seconds"
  spent=$(($(spent_ms) - spent))
  bytes=$(($(crossed) - bytes))
  echo "for each second of a call: processor time of all nodes $(awk "BEGIN { printf \"%.2f\", $spent / $CALLS / $seconds }") ms"
  ! $OWN_NET || echo "for each second of a call: $((bytes / CALLS / seconds)) bytes crossed between nodes"
}

# Node 2 wants no more: the calls of node 1 are node 4's from now on.
across_the_mended_cut() {
  api 2 /drain -X POST >/dev/null
  sleep 1
  plan=(--set load.arrivals=ramp --set load.rehearsal=0 --set load.ramp=2s --set load.hold=10s)
  place_calls
  await_calls
  show_calls 1
}

MEMBERS="$(for n in "${NODES[@]}"; do printf '%s:%s,' "$(member "$n")" $((BASE + 25 + n)); done)"
MEMBERS="${MEMBERS%,}"
! $OWN_NET || build_networks
echo "starting simulated providers, ${#NODES[@]} nodes and a balancer ..."
start_simulators
for n in "${NODES[@]}"; do
  ! ready "$n" || fail "something listens at $(ops_url "$n") already: choose another --base"
  start_node "$n"
done
for n in "${NODES[@]}"; do await_ready "$n"; done
start_balancer
echo "up: webhook $LB/twilio/voice, calls of all nodes $(ops_url 1)/api/calls"

# No more a second than nodes bear whose code is not compiled yet, and that share this machine.
RAMP=$((CALLS > 25 ? CALLS / 5 : 5))
case "$ACT" in
  rolling) plan=(--set load.arrivals=constant --set load.rehearsal=0 --set load.duration=75s --set load.hold=10s) ;;
  cut) plan=(--set load.arrivals=ramp --set load.rehearsal=0 --set load.ramp=5s --set load.hold=60s) ;;
  none) plan=(--set load.arrivals=ramp --set load.ramp="${RAMP}s" --set load.hold="$((RAMP + 25))s") ;;
  # No rehearsal: nobody is to be up when a node dies whom the report leaves out.
  *) plan=(--set load.arrivals=ramp --set load.rehearsal=0 --set load.ramp="${RAMP}s" --set load.hold="$((RAMP + 25))s") ;;
esac
# A node that stays: its metrics are in the report.
case "$ACT" in
  worker | none) watched=1 ;;
  *) watched=3 ;;
esac
REPORT="$WORK/report"

place_calls
await_calls
show_calls "$watched"

case "$ACT" in
  media)
    victim="$(nodes_of_calls "$watched" | sort | uniq -c | sort -rn | sed -n 's/^.* \([12]\)$/\1/p' | sed -n 1p)"
    [ -n "$victim" ] || fail "all calls are on node $watched, which the callers watch"
    kill_and_restart "$victim"
    ;;
  worker) kill_and_restart 2 ;;
  rolling) for n in "${NODES[@]}"; do restart_politely "$n"; done ;;
  cut) cut_and_mend ;;
  none) count_a_while ;;
esac

report report
if [ "$ACT" = cut ]; then
  across_the_mended_cut
  report report-after
fi
if $STAY; then
  echo "still up; Ctrl-C ends it"
  while :; do sleep 1; done
fi
[ "$BAD" -eq 0 ] || fail "$BAD calls were cut, refused or not answered; --out DIR keeps the logs"
echo "no call was cut, refused or left without an answer"

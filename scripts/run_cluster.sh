#!/usr/bin/env bash
# Three nodes and a load balancer on this machine: calls come, nodes go, calls go on.
set -euo pipefail
source "$(dirname "$0")/common.sh"

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

# Where things listen: on loopback, or on the networks that can be cut.
hub() { $OWN_NET && echo 10.78.0.254 || echo 127.0.0.1; }
face() { $OWN_NET && echo "10.78.0.$1" || echo 127.0.0.1; }
member() { $OWN_NET && echo "10.77.0.$1" || echo 127.0.0.1; }

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

now_ms() { date +%s%3N; }
media_port() { echo $((BASE + 10 + $1)); }
ops_url() { echo "http://$(face "$1"):$((BASE + 20 + $1))"; }
# What /api$2 of node $1 answers.
api() { curl -sf -m 5 -H "Authorization: Bearer $OPS_TOKEN" "${@:3}" "$(ops_url "$1")/api$2"; }

# Two switches: cluster, which can be cut, and callers, which cannot. A namespace and a wire to each for every node.
build_networks() {
  local n
  ip link set lo up
  ip link add cluster type bridge
  ip link add callers type bridge
  ip address add 10.78.0.254/24 dev callers
  ip link set cluster up
  ip link set callers up
  for n in "${NODES[@]}"; do
    unshare --net sleep infinity &
    SPACE[n]=$!
    STARTED+=("${SPACE[n]}")
    until [ "$(readlink "/proc/${SPACE[n]}/ns/net")" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.05; done
    ip link add "cluster$n" type veth peer name cluster netns "${SPACE[n]}"
    ip link add "callers$n" type veth peer name callers netns "${SPACE[n]}"
    ip link set "cluster$n" master cluster up
    ip link set "callers$n" master callers up
    within "$n"
    "${SPACE_OF[@]}" ip link set lo up
    "${SPACE_OF[@]}" ip address add "$(member "$n")/24" dev cluster
    "${SPACE_OF[@]}" ip address add "$(face "$n")/24" dev callers
    "${SPACE_OF[@]}" ip link set cluster up
    "${SPACE_OF[@]}" ip link set callers up
  done
}

# What goes before a command of node $1.
SPACE_OF=()
within() {
  SPACE_OF=()
  ! $OWN_NET || SPACE_OF=(nsenter --net="/proc/${SPACE[$1]}/ns/net")
}

roles() {
  if [ -z "$AWAY" ]; then
    echo media,stt,llm,tts
  elif [ "$1" = 1 ] || [ "$ACT$1" = cut3 ]; then
    tr , '\n' <<<media,stt,llm,tts | grep -vxF "$(tr , '\n' <<<"$AWAY")" | paste -sd ,
  else
    echo "$AWAY"
  fi
}

start_node() {
  local n="$1"
  STARTED_AT[n]="$(now_ms)"
  within "$n"
  # shellcheck disable=SC2086
  "${SPACE_OF[@]}" "$JAVA" -Xmx384m -XX:+UseSerialGC ${JAVA_OPTS:-} -jar "$JAR" serve --cluster \
    --config "$ROOT/conf/cluster.yaml" \
    --set cluster.node="node-$n" --set cluster.host="$(member "$n")" --set cluster.port=$((BASE + 25 + n)) \
    --set cluster.members="$MEMBERS" \
    --set cluster.secret="$SECRET" --set cluster.roles="$(roles "$n")" \
    --set media.host="$(face "$n")" --set media.port="$(media_port "$n")" --set media.publicUrl="$LB" \
    --set ops.host="$(face "$n")" --set ops.port=$((BASE + 20 + n)) --set ops.token="$OPS_TOKEN" \
    --set telephony.twilio.accountSid=AC1 --set telephony.twilio.authToken="$TOKEN" \
    --set telephony.twilio.baseUrl="http://$(hub):$((BASE + 3))" \
    --set stt.cartesia.url="ws://$(hub):$((BASE + 1))" --set stt.cartesia.apiKey=simulated \
    --set tts.cartesia.url="ws://$(hub):$((BASE + 1))" --set tts.cartesia.apiKey=simulated \
    --set llm.openai.url="http://$(hub):$((BASE + 2))/v1" --set llm.openai.apiKey=simulated \
    --set media.maxConnectionsPerPeer=100000 --set agent.bridge="Sorry for that." \
    --set log.format=text >>"$WORK/node-$n.log" 2>&1 &
  NODE[n]=$!
  STARTED+=("${NODE[n]}")
}

ready() { curl -sf -m 2 -o /dev/null "$(ops_url "$1")/health/ready"; }

await_ready() {
  local n="$1"
  for _ in $(seq 600); do
    ready "$n" && return
    kill -0 "${NODE[n]}" 2>/dev/null || break
    sleep 0.1
  done
  tail -n 20 "$WORK/node-$n.log" >&2
  fail "node $n did not start within a minute"
}

took() { echo "$(($(now_ms) - ${STARTED_AT[$1]})) ms after its start"; }

# The node of every call in the cluster, one a line, as node $1 sees them.
nodes_of_calls() {
  api "$1" /calls | grep -o '"node" *: *"node-[0-9]' | grep -o '[0-9]$' || true
}

show_calls() {
  local all n
  all="$(nodes_of_calls "$1")"
  for n in "${NODES[@]}"; do
    printf '  node %s: %s calls\n' "$n" "$(grep -c "^$n$" <<<"$all" || true)"
  done
}

NODE=()
STARTED_AT=()
SPACE=()
MEMBERS="$(for n in "${NODES[@]}"; do printf '%s:%s,' "$(member "$n")" $((BASE + 25 + n)); done)"
MEMBERS="${MEMBERS%,}"
! $OWN_NET || build_networks
echo "starting simulated providers, ${#NODES[@]} nodes and a balancer ..."
"$JAVA" -Xmx384m -XX:+UseSerialGC -jar "$JAR" simulate --set simulator.host="$(hub)" \
  --set simulator.cartesia.port=$((BASE + 1)) --set simulator.openai.port=$((BASE + 2)) \
  --set simulator.twilio.port=$((BASE + 3)) --set telephony.twilio.authToken="$TOKEN" \
  --set simulator.llm.firstToken=200ms --set simulator.llm.perWord=20ms \
  --set simulator.tts.firstAudio=90ms --set simulator.tts.speed=4 >"$WORK/simulators.log" 2>&1 &
STARTED+=("$!")
for n in "${NODES[@]}"; do
  ! ready "$n" || fail "something listens at $(ops_url "$n") already: choose another --base"
  start_node "$n"
done

cat >"$WORK/haproxy.cfg" <<TEXT
defaults
  mode http
  # By calls, that is by open sockets, not by requests.
  balance leastconn
  timeout connect 2s
  timeout client 60s
  timeout server 60s
  # A media socket lives as long as its call.
  timeout tunnel 2h
  # A node that has just died is passed over, also for what was under way to it.
  retries 3
  option redispatch 1
  retry-on conn-failure empty-response
  option httpchk GET /health/ready
  # A node that leaves is given no new calls; those that it has go on. So no on-marked-down here.
  default-server inter 500ms fall 1 rise 1 check
frontend calls
  bind $(hub):$BASE
  default_backend nodes
backend nodes
$(for n in "${NODES[@]}"; do
    case "$(roles "$n")" in
      *media*) echo "  server node-$n $(face "$n"):$(media_port "$n") port $((BASE + 20 + n))" ;;
    esac
  done)
TEXT
for n in "${NODES[@]}"; do await_ready "$n"; done
haproxy -db -f "$WORK/haproxy.cfg" >"$WORK/haproxy.log" 2>&1 &
STARTED+=("$!")
balancer_up() { [ "$(curl -s -m 2 -o /dev/null -w '%{http_code}' "$LB/")" = 404 ]; }
for _ in $(seq 100); do
  balancer_up && break
  sleep 0.1
done
balancer_up || { cat "$WORK/haproxy.log" >&2; fail "the balancer finds no node"; }
echo "up: webhook $LB/twilio/voice, calls of all nodes $(ops_url 1)/api/calls"

# No more a second than nodes bear whose code is not compiled yet, and that share this machine.
RAMP=$((CALLS > 25 ? CALLS / 5 : 5))
case "$ACT" in
  rolling) plan=(--set load.arrivals=constant --set load.rehearsal=0 --set load.duration=75s --hold 10s) ;;
  cut) plan=(--set load.arrivals=ramp --set load.rehearsal=0 --ramp 5s --hold 60s) ;;
  none) plan=(--set load.arrivals=ramp --ramp "${RAMP}s" --hold "$((RAMP + 25))s") ;;
  # No rehearsal: nobody is to be up when a node dies whom the report leaves out.
  *) plan=(--set load.arrivals=ramp --set load.rehearsal=0 --ramp "${RAMP}s" --hold "$((RAMP + 25))s") ;;
esac
# A node that stays: its metrics are in the report.
case "$ACT" in
  worker | none) watched=1 ;;
  *) watched=3 ;;
esac
REPORT="$WORK/report"

# Calls come, in the background.
place_calls() {
  echo "placing $CALLS calls ..."
  "$JAVA" -XX:+UseSerialGC -Xms128m -Xmx512m -jar "$JAR" loadtest --url "$LB" --ops "$(ops_url "$watched")" \
    --auth-token "$TOKEN" --calls "$CALLS" "${plan[@]}" --set load.abrupt=0 --set load.bargeIn=0 \
    --set load.slowReaders=0 --set load.noise=0 --set load.stories=0.5 --set load.maxLateness=10s \
    --out "$REPORT" "${LOAD[@]}" >"$WORK/callers.log" 2>&1 &
  CALLERS=$!
  STARTED+=("$CALLERS")
}

await_calls() {
  local wanted=$(((CALLS * 8 + 9) / 10))
  for _ in $(seq 300); do
    [ "$(nodes_of_calls "$watched" | wc -l)" -ge "$wanted" ] && return
    kill -0 "$CALLERS" 2>/dev/null || break
    sleep 0.2
  done
  tail -n 20 "$WORK/callers.log" >&2
  fail "$CALLS calls did not come up"
}

place_calls
await_calls
show_calls "$watched"

# Without the shell's own word about it.
end_now() {
  {
    kill -9 "$1"
    wait "$1"
  } 2>/dev/null || true
}

kill_and_restart() {
  local n="$1"
  echo "kill -9 of node $n"
  end_now "${NODE[n]}"
  sleep 3
  echo "3 s later:"
  show_calls "$watched"
  start_node "$n"
  await_ready "$n"
  echo "node $n takes calls again, $(took "$n")"
}

restart_politely() {
  local n="$1" asked
  echo "node $n is asked to leave"
  asked="$(now_ms)"
  kill -TERM "${NODE[n]}"
  local code=0
  wait "${NODE[n]}" || code=$?
  [ "$code" -eq 0 ] || fail "node $n left with exit code $code"
  echo "node $n left after $(($(now_ms) - asked)) ms, when its last call was over"
  start_node "$n"
  await_ready "$n"
  echo "node $n takes calls again, $(took "$n")"
}

# Every node sees $1 nodes and gets an answer of each.
all_see() {
  local n
  for n in "${NODES[@]}"; do
    curl -sf -m 5 "$(ops_url "$n")/metrics" | grep -q "^cluster_members $1\(\.0\)\?$" || return 1
    ! api "$n" /calls | grep -q unreachable || return 1
  done
}

await_all_see() {
  local since
  since="$(now_ms)"
  for _ in $(seq 600); do
    if all_see "$1"; then
      echo "all nodes see $1, $(($(now_ms) - since)) ms later"
      return
    fi
    sleep 0.1
  done
  fail "not every node sees $1 nodes"
}

cut_and_mend() {
  echo "the network between nodes 1, 2 and nodes 3, 4 is cut"
  ip link add other type bridge
  ip link set other up
  ip link set cluster3 master other
  ip link set cluster4 master other
  await_all_see 2
  sleep 20
  echo "calls as node 1 sees them:"
  show_calls 1
  echo "calls as node 3 sees them:"
  show_calls 3
  ip link set cluster3 master cluster
  ip link set cluster4 master cluster
  echo "the network is mended"
  await_all_see 4
  show_calls 2
}

# Processor time of all nodes, and bytes that crossed between them.
spent_ms() {
  local n
  for n in "${NODES[@]}"; do
    curl -sf -m 5 "$(ops_url "$n")/metrics" | sed -n 's/^process_cpu_time_ns_total[^ ]* //p'
  done | awk '{ sum += $1 } END { printf "%.0f", sum / 1e6 }'
}
# The file system of this process still shows the interfaces of the network that it came from.
crossed() {
  ip -s -o link | grep 'cluster[0-9]@' | sed 's/.*TX: [a-z_ ]*\\ *\([0-9]*\).*/\1/' \
    | awk '{ sum += $1 } END { printf "%.0f", sum }' || true
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
  plan=(--set load.arrivals=ramp --set load.rehearsal=0 --ramp 2s --hold 10s)
  place_calls
  await_calls
  show_calls 1
}

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

# Whatever the callers heard, as a table, and kept as $1; BAD counts what must not be.
BAD=0
report() {
  local figures="$REPORT/report.json"
  echo "waiting for the callers to end ..."
  wait "$CALLERS" || true
  [ -f "$figures" ] || { tail -n 20 "$WORK/callers.log" >&2; fail "the callers left no report"; }
  if [ -n "$OUT" ]; then
    cp -r "$REPORT"/. "$OUT/$1"/ 2>/dev/null || cp -r "$REPORT" "$OUT/$1"
    cp "$WORK/callers.log" "$OUT/$1"/
  fi
  # The profile, which stands before, has keys of the same names.
  figure() { tr -d '\n' <"$figures" | sed 's/.*"figures"//' | grep -o "\"$1\" *: *[-0-9.eE]*" | sed -n '1s/.*: *//p'; }
  whole() { printf '%.0f' "$(figure "$1")"; }
  cat <<TEXT
what the callers heard:
  calls             $(whole calls), of these cut $(whole calls_failed), refused $(whole calls_refused), not over $(whole calls_unfinished)
  answers           $(whole turns), none to $(whole turns_unanswered) questions
  words             $(whole words) heard, $(whole words_lost) lost, $(whole words_doubled) doubled
  words late        $(whole words_late): of an answer that came when another was awaited
  words beside      $(whole words_crossed): those of the bridging phrase, where a node that held calls was killed
  longest silence   $(whole longest_gap_ms) ms within an answer
  first audio       $(figure first_audio_p50_ms) ms p50, $(figure first_audio_p99_ms) ms p99
  added             $(figure added_latency_p50_ms) ms p50, $(figure added_latency_p99_ms) ms p99, by node $watched if it holds calls
TEXT
  BAD=$((BAD + $(whole calls_failed) + $(whole calls_refused) + $(whole calls_unfinished) + $(whole turns_unanswered)))
  rm -r "$REPORT"
}

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

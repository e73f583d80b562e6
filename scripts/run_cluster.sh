#!/usr/bin/env bash
# Three nodes and a load balancer on this machine: places calls, kills a node, shows that they go on.
set -euo pipefail
source "$(dirname "$0")/common.sh"

BASE=27000
CALLS=3
STAY=false

usage() {
  cat <<'TEXT'
usage: scripts/run_cluster.sh [--calls N] [--base PORT] [--stay]

Starts simulated providers, three nodes as one cluster and HAProxy in front of them, all on loopback. Places calls
through the balancer, kills in mid-call the node that holds the first of them (kill -9), shows that every call goes on
at another node, starts the dead node again, and ends everything that it started.
  --calls N    calls at once (default 3)
  --base PORT  first of 30 ports that are used (default 27000)
  --stay       leave the cluster up at the end, until Ctrl-C
  --help       this text
Needs HAProxy (Debian: apt-get install haproxy) and curl. Environment: JAVA_HOME, JAVA_OPTS.
Exit code 0 only when no call was lost.
TEXT
}

while [ $# -gt 0 ]; do
  case "$1" in
    --help | -h) usage; exit 0 ;;
    --calls) CALLS="${2:?--calls wants a number}"; shift 2 ;;
    --base) BASE="${2:?--base wants a port}"; shift 2 ;;
    --stay) STAY=true; shift ;;
    *) usage >&2; fail "unknown option $1" ;;
  esac
done

need haproxy "apt-get install haproxy"
need curl
build_if_needed
JAVA="$(java_command)"

WORK="$(mktemp -d)"
SECRET="$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')"
TOKEN="$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')"
LB="http://127.0.0.1:$BASE"
STARTED=()

cleanup() {
  trap - EXIT INT TERM
  for pid in "${STARTED[@]}"; do kill "$pid" 2>/dev/null || true; done
  for _ in $(seq 20); do
    alive=false
    for pid in "${STARTED[@]}"; do kill -0 "$pid" 2>/dev/null && alive=true; done
    $alive || break
    sleep 0.5
  done
  for pid in "${STARTED[@]}"; do kill -9 "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$WORK"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

media_port() { echo $((BASE + 10 + $1)); }
ops_url() { echo "http://127.0.0.1:$((BASE + 20 + $1))"; }

start_node() {
  local n="$1"
  # shellcheck disable=SC2086
  "$JAVA" -Xmx256m -XX:+UseSerialGC ${JAVA_OPTS:-} -jar "$JAR" serve --cluster \
    --config "$ROOT/conf/cluster.yaml" \
    --set cluster.node="node-$n" --set cluster.host=127.0.0.1 --set cluster.port=$((BASE + 25 + n)) \
    --set cluster.members="127.0.0.1:$((BASE + 26)),127.0.0.1:$((BASE + 27)),127.0.0.1:$((BASE + 28))" \
    --set cluster.secret="$SECRET" \
    --set media.host=127.0.0.1 --set media.port="$(media_port "$n")" --set media.publicUrl="$LB" \
    --set ops.host=127.0.0.1 --set ops.port=$((BASE + 20 + n)) \
    --set telephony.twilio.accountSid=AC1 --set telephony.twilio.authToken="$TOKEN" \
    --set telephony.twilio.baseUrl="http://127.0.0.1:$((BASE + 3))" \
    --set stt.cartesia.url="ws://127.0.0.1:$((BASE + 1))" --set stt.cartesia.apiKey=simulated \
    --set tts.cartesia.url="ws://127.0.0.1:$((BASE + 1))" --set tts.cartesia.apiKey=simulated \
    --set llm.openai.url="http://127.0.0.1:$((BASE + 2))/v1" --set llm.openai.apiKey=simulated \
    --set log.format=text >"$WORK/node-$n.log" 2>&1 &
  NODE[n]=$!
  STARTED+=("${NODE[n]}")
}

wait_for() {
  local url="$1" what="$2"
  for _ in $(seq 240); do
    curl -sf -m 2 -o /dev/null "$url" && return
    sleep 0.25
  done
  tail -n 5 "$WORK"/*.log >&2
  fail "$what did not start within a minute"
}

NODE=()
echo "starting simulated providers, three nodes and a balancer ..."
# shellcheck disable=SC2086
"$JAVA" -Xmx256m -XX:+UseSerialGC ${JAVA_OPTS:-} -jar "$JAR" simulate \
  --set simulator.cartesia.port=$((BASE + 1)) --set simulator.openai.port=$((BASE + 2)) \
  --set simulator.twilio.port=$((BASE + 3)) --set telephony.twilio.authToken="$TOKEN" \
  --set simulator.llm.firstToken=200ms --set simulator.llm.perWord=20ms \
  --set simulator.tts.firstAudio=90ms --set simulator.tts.speed=4 >"$WORK/simulators.log" 2>&1 &
STARTED+=("$!")
for n in 1 2 3; do start_node "$n"; done

cat >"$WORK/haproxy.cfg" <<TEXT
defaults
  mode http
  balance roundrobin
  timeout connect 2s
  timeout client 60s
  timeout server 60s
  # A media socket lives as long as its call.
  timeout tunnel 2h
  retries 3
  option redispatch 1
  retry-on conn-failure
  option httpchk GET /health/ready
  default-server inter 500ms fall 1 rise 1 check
frontend calls
  bind 127.0.0.1:$BASE
  default_backend nodes
backend nodes
$(for n in 1 2 3; do echo "  server node-$n 127.0.0.1:$(media_port "$n") port $((BASE + 20 + n))"; done)
TEXT
for n in 1 2 3; do wait_for "$(ops_url "$n")/health/ready" "node $n"; done
haproxy -db -f "$WORK/haproxy.cfg" >"$WORK/haproxy.log" 2>&1 &
STARTED+=("$!")
for _ in $(seq 40); do
  # Any answer will do: it is there.
  code="$(curl -s -m 2 -o /dev/null -w '%{http_code}' "$LB/" || true)"
  [ "$code" = 404 ] && break
  sleep 0.25
done
echo "up: webhook $LB/twilio/voice, calls of all nodes $(ops_url 1)/api/calls"

calls() { curl -sf -m 5 "$(ops_url "$1")/api/calls" || echo '{}'; }

echo "placing $CALLS calls ..."
CALLERS=()
for c in $(seq "$CALLS"); do
  "$JAVA" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx128m -jar "$JAR" call --simulated --url "$LB" \
    --ops "$(ops_url 3)" --auth-token "$TOKEN" --json \
    --say "echo caller $c is here" --say "tell me a story" --say "echo caller $c is still here" \
    >"$WORK/call-$c.json" 2>&1 &
  CALLERS+=("$!")
done
STARTED+=("${CALLERS[@]}")

running=0
for _ in $(seq 120); do
  running="$(calls 1 | grep -o '"callSid"' | wc -l)"
  [ "$running" -ge "$CALLS" ] && break
  sleep 0.25
done
[ "$running" -ge "$CALLS" ] || fail "only $running of $CALLS calls are up"
sleep 6
echo "calls by node:"
calls 1 | grep -o '"node":"[^"~]*' | sort | uniq -c | sed 's/"node":"/ /'
victim="$(calls 1 | grep -o '"node":"node-[0-9]' | head -1 | grep -o '[0-9]$')"
[ -n "$victim" ] || fail "no call was running any more"
echo "kill -9 node-$victim"
kill -9 "${NODE[victim]}"
other=$((victim % 3 + 1))
sleep 3
echo "calls by node, 3 s later:"
calls "$other" | grep -o '"node":"[^"~]*' | sort | uniq -c | sed 's/"node":"/ /'

start_node "$victim"
lost=0
for c in $(seq "$CALLS"); do
  wait "${CALLERS[c - 1]}" || true
  if grep -q '"problem" *: *""' "$WORK/call-$c.json"; then
    echo "call $c: went on to its end; its last answer: $(grep -o '"heard" *: *"[^"]*"' "$WORK/call-$c.json" | tail -1)"
  else
    lost=$((lost + 1))
    echo "call $c: LOST"
    tail -n 5 "$WORK/call-$c.json"
  fi
done
wait_for "$(ops_url "$victim")/health/ready" "node $victim, once more,"
echo "node-$victim is back and takes calls"
echo "$lost of $CALLS calls lost"
if $STAY; then
  echo "still up; Ctrl-C ends it"
  while :; do sleep 1; done
fi
[ "$lost" -eq 0 ]

# Sourced by run_cluster.sh: the nodes of the cluster, from their start to their end.
NODE=()
STARTED_AT=()

now_ms() { date +%s%3N; }
media_port() { echo $((BASE + 10 + $1)); }
ops_url() { echo "http://$(face "$1"):$((BASE + 20 + $1))"; }
# What /api$2 of node $1 answers.
api() { curl -sf -m 5 -H "Authorization: Bearer $OPS_TOKEN" "${@:3}" "$(ops_url "$1")/api$2"; }

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

# Processor time of all nodes so far.
spent_ms() {
  local n
  for n in "${NODES[@]}"; do
    curl -sf -m 5 "$(ops_url "$n")/metrics" | sed -n 's/^process_cpu_time_ns_total[^ ]* //p'
  done | awk '{ sum += $1 } END { printf "%.0f", sum / 1e6 }'
}

# Sourced by run_cluster.sh: what is around the nodes, simulated providers and a balancer.

start_simulators() {
  "$JAVA" -Xmx384m -XX:+UseSerialGC -jar "$JAR" simulate --set simulator.host="$(hub)" \
    --set simulator.cartesia.port=$((BASE + 1)) --set simulator.openai.port=$((BASE + 2)) \
    --set simulator.twilio.port=$((BASE + 3)) --set telephony.twilio.authToken="$TOKEN" \
    --set simulator.llm.firstToken=200ms --set simulator.llm.perWord=20ms \
    --set simulator.tts.firstAudio=90ms --set simulator.tts.speed=4 >"$WORK/simulators.log" 2>&1 &
  STARTED+=("$!")
}

write_balancer_config() {
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
}

balancer_up() { [ "$(curl -s -m 2 -o /dev/null -w '%{http_code}' "$LB/")" = 404 ]; }

start_balancer() {
  write_balancer_config
  haproxy -db -f "$WORK/haproxy.cfg" >"$WORK/haproxy.log" 2>&1 &
  STARTED+=("$!")
  for _ in $(seq 100); do
    balancer_up && break
    sleep 0.1
  done
  balancer_up || { cat "$WORK/haproxy.log" >&2; fail "the balancer finds no node"; }
}

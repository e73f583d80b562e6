# Sourced by run_cluster.sh: the calls, and what became of them.

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

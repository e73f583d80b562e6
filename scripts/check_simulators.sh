#!/usr/bin/env bash
# Lets the vendors' own clients talk to the simulators.
set -euo pipefail
source "$(dirname "$0")/common.sh"

if [ "${1:-}" = "--help" ] || [ "${1:-}" = "-h" ]; then
  cat <<'TEXT'
usage: scripts/check_simulators.sh

Starts the provider simulators on free ports and runs the official Node clients of OpenAI, Cartesia and Twilio against
them (src/test/node): streaming, tools, usage, errors, word timings, transcripts, REST calls, webhook signatures. What a
vendor's client cannot read, the simulator has wrong. Needs Node 20 and npm; installs the clients on the first run.
Environment: JAVA_HOME, JAVA_OPTS.
TEXT
  exit 0
fi

need node "install Node 20 or newer"
need npm "it comes with Node"
build_if_needed
clients="$ROOT/src/test/node"
if [ ! -d "$clients/node_modules/openai" ] || [ "$clients/package-lock.json" -nt "$clients/node_modules" ]; then
  (cd "$clients" && npm ci --no-audit --no-fund --loglevel=error) || fail "npm could not install the clients, see above"
fi

said="$(mktemp)"
java="$(java_command)"
# shellcheck disable=SC2086
"$java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx256m ${JAVA_OPTS:-} -jar "$JAR" simulate >"$said" 2>&1 &
simulators=$!
trap 'kill "$simulators" 2>/dev/null || true; wait "$simulators" 2>/dev/null || true; rm -f "$said"' EXIT
for _ in $(seq 1 300); do
  grep -q '^Faults' "$said" && break
  kill -0 "$simulators" 2>/dev/null || { cat "$said" >&2; fail "the simulators did not start"; }
  sleep 0.1
done
SIMULATORS="$(sed -n 's/^ *--set \([A-Za-z.]*\)=\(.*\)$/"\1":"\2"/p' "$said" | paste -sd, | sed 's/.*/{&}/')"
export SIMULATORS
cd "$clients"
timeout 120 node --test

#!/usr/bin/env bash
# Places a test call to a running service.
set -euo pipefail
source "$(dirname "$0")/common.sh"

if [ "${1:-}" = "--help" ] || [ "${1:-}" = "-h" ]; then
  cat <<'TEXT'
usage: scripts/make_call_v4.sh [option of call ...]

Places a call and prints the conversation turn by turn with the latency of every stage.
Without arguments: a simulated caller calls the service that scripts/run_local.sh started.
  --say TEXT        what the caller says; repeat it for more turns
  --barge-in        the caller interrupts the agent
  --out heard.wav   keep what the caller heard
  --json            print the result as JSON
  --text            talk to the agent by keyboard, without a service; see docs/turn-taking.md
  --to +15550100    let the service dial a real phone through Twilio
  --url, --ops      where the service is (default http://127.0.0.1:8080 and http://127.0.0.1:5050)
Environment: JAVA_HOME, JAVA_OPTS.
TEXT
  exit 0
fi

build_if_needed
voice_agent_tool call "$@"

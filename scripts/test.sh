#!/usr/bin/env bash
# Installs what the tests need, builds, and runs every test.
set -euo pipefail
source "$(dirname "$0")/common.sh"

if [ "${1:-}" = "--help" ] || [ "${1:-}" = "-h" ]; then
  cat <<'TEXT'
usage: scripts/test.sh

Installs the Debian packages that the tests need when they are missing and may be installed, builds the jar and runs
every test. Prints the runner's closing line.
TEXT
  exit 0
fi

# command:package, only what a test starts as a process
PACKAGES="promtool:prometheus alertmanager:prometheus-alertmanager docker-compose:docker-compose"

install_missing() {
  local missing=() pair
  for pair in $PACKAGES; do
    command -v "${pair%%:*}" >/dev/null 2>&1 \
      || command -v "prometheus-${pair%%:*}" >/dev/null 2>&1 \
      || missing+=("${pair##*:}")
  done
  [ ${#missing[@]} -eq 0 ] && return
  local as_root=""
  [ "$(id -u)" -eq 0 ] || as_root="sudo -n"
  echo "installing ${missing[*]} ..."
  export DEBIAN_FRONTEND=noninteractive
  if ! { $as_root apt-get update -qq && $as_root apt-get install -y -qq --no-install-recommends "${missing[@]}"; } \
    >/tmp/voice-agent-apt.log 2>&1; then
    tail -3 /tmp/voice-agent-apt.log >&2
    fail "could not install ${missing[*]}: install them by hand and run this again"
  fi
}

need mvn "install Maven 3.8 or newer"
java_command >/dev/null
install_missing
# A test that needs one of them must not skip itself here.
export VOICE_AGENT_TOOLS_REQUIRED=1
cd "$ROOT"
# The shipped alerts, fired for real, in compressed time (about two minutes).
timeout 420 scripts/prove_alerts.sh --quick
log="$(mktemp)"
trap 'rm -f "$log"' EXIT
# Calls in real time on a machine that others use: one second attempt, which the report calls a flake.
mvn -B -ntp verify -Dsurefire.rerunFailingTestsCount=1 2>&1 | tee "$log"
# What the tests use as secrets, numbers and credentials must be in no line that any of them printed.
if grep -nE 'test-auth-token|drain-test-token|load-test-only|local-only-not-a-secret|\+1(500|555)[0-9]{7}' "$log"; then
  fail "secrets or numbers are in the output of the tests, see the lines above"
fi

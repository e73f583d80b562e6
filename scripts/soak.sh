#!/usr/bin/env bash
# Loads a service for long with random faults, then counts what is left of it.
set -euo pipefail
source "$(dirname "$0")/common.sh"

if [ "${1:-}" = "--help" ] || [ "${1:-}" = "-h" ]; then
  cat <<'TEXT'
usage: scripts/soak.sh [--time 10m] [--calls 20] [--call-time 20s] [--seed N] [--set key=value ...] [--out DIR]

Starts a service and its providers as processes of their own, warms them up, counts; then lets callers of every kind come
and go while providers fail at random; then waits until no call is up, collects garbage and counts again: heap, direct
memory, threads, descriptors, streams, sockets, and what is open at the providers. Prints a table. Exit code 0 only if
everything is back at what it was. Logs are in soak-report/.
For a run of 100,000 short calls: --calls 100 --call-time 2s --time 34m
Needs a JDK (jcmd). Environment: JAVA_HOME, JAVA_OPTS (of the callers).
TEXT
  exit 0
fi

build_if_needed
java="$(java_command)"
# shellcheck disable=SC2086
exec "$java" -XX:+UseSerialGC -Xmx1g ${JAVA_OPTS:-} -jar "$JAR" soak --home "$ROOT" "$@"

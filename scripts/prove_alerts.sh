#!/usr/bin/env bash
# Fires the shipped alerts for real: service, Prometheus, Alertmanager, faults, receiver.
set -euo pipefail
source "$(dirname "$0")/common.sh"

if [ "${1:-}" = "--help" ] || [ "${1:-}" = "-h" ]; then
  cat <<'TEXT'
usage: scripts/prove_alerts.sh [--quick] [--factor N] [--keep FOLDER]

Starts the service with embedded providers, a real Prometheus and a real Alertmanager, makes calls, switches one fault
after the other on, waits until each alert is delivered to a webhook, switches the fault off and waits until it is taken
back. Prints a table, seconds from the fault. Exit code 0 only if every alert was delivered and resolved, healthy traffic
raised none, and every query of the dashboards has an answer.

Windows and waits of a copy of monitoring/prometheus/alerts.yml are divided by one factor; nothing else is changed.
  --quick         factor 60, about two minutes; the default is 12, about ten
  --factor N      another factor
  --keep FOLDER   where logs and data are kept
Needs the Debian packages prometheus and prometheus-alertmanager. Environment: JAVA_HOME, JAVA_OPTS.
TEXT
  exit 0
fi

need prometheus "apt-get install prometheus"
command -v prometheus-alertmanager >/dev/null 2>&1 || need alertmanager "apt-get install prometheus-alertmanager"
build_if_needed
voice_agent_tool prove-alerts --home "$ROOT" "$@"

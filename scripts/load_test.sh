#!/usr/bin/env bash
# Loads a service with simulated calls and reports what every caller heard.
set -euo pipefail
source "$(dirname "$0")/common.sh"

if [ "${1:-}" = "--help" ] || [ "${1:-}" = "-h" ]; then
  cat <<'TEXT'
usage: scripts/load_test.sh [option of loadtest ...]

Without arguments: starts a service and its providers as processes of their own, loads them with 50 calls per core for
a minute, and leaves report.html, report.json and logs in load-report/.
  --profile FILE    who calls and when: conf/load-steady.yaml (default), load-burst, load-poisson, load-churn
  --calls N         how many calls
  --hold TIME       how long they stay, such as 2m
  --url URL --ops URL   load a service that is running already, here or elsewhere
  --find-capacity   raise the load until a limit breaks
  --fail-if LIMIT   such as 'added_latency_p99_ms>10'; exit code 1 when it holds; repeat it
  --out DIR         where the report goes
All options: java -jar target/voice-agent.jar loadtest --help
Environment: JAVA_HOME, JAVA_OPTS (of the generator).
TEXT
  exit 0
fi

build_if_needed
defaults=()
case " $* " in
  *" --profile "* | *" --profile="*) ;;
  *)
    defaults+=(--profile "$ROOT/conf/load-steady.yaml")
    case " $* " in
      *" --calls"*) ;;
      *) defaults+=(--calls "$((50 * $(getconf _NPROCESSORS_ONLN)))") ;;
    esac
    ;;
esac
case " $* " in
  *" --config"*) ;;
  *) defaults+=(--config "$ROOT/conf/local.yaml") ;;
esac
case " $* " in
  *" --jvm-options"*) ;;
  *) defaults+=(--jvm-options "$ROOT/conf/jvm.options") ;;
esac

java="$(java_command)"
# The generator's own collector must not stop hundreds of callers at once, nor touch new pages while it does; its heap
# holds their sentences.
# shellcheck disable=SC2086
exec "$java" -XX:+UseSerialGC -Xms1g -Xmx1g -Xmn300m -XX:+AlwaysPreTouch ${JAVA_OPTS:-} -jar "$JAR" loadtest "${defaults[@]}" "$@"

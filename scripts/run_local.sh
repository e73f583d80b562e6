#!/usr/bin/env bash
# Starts the service with embedded providers: no key, no account, no network.
set -euo pipefail
source "$(dirname "$0")/common.sh"

usage() {
  cat <<'TEXT'
usage: scripts/run_local.sh [--call] [option of serve ...]

Starts the service with embedded providers and stays up. Builds the jar when it is missing or old.
  --call    when it is up, place one demo call through the real data path and print it turn by turn
  --help    this text
Other options go to "serve", for example --set media.port=8081.
Environment: JAVA_HOME, JAVA_OPTS.
TEXT
}

demo=false
arguments=()
for argument in "$@"; do
  case "$argument" in
    --help | -h) usage; exit 0 ;;
    --call) demo=true ;;
    *) arguments+=("$argument") ;;
  esac
done

build_if_needed
$demo && arguments+=(--call)
java="$(java_command)"
mapfile -t flags < <(jvm_flags "$java")
# shellcheck disable=SC2086
exec "$java" "${flags[@]}" ${JAVA_OPTS:-} -jar "$JAR" serve --config "$ROOT/conf/local.yaml" "${arguments[@]}"

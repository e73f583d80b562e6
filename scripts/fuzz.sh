#!/usr/bin/env bash
# Fuzzes every decoder that eats bytes from outside, guided by coverage.
set -euo pipefail
source "$(dirname "$0")/common.sh"

usage() {
  cat <<'TEXT'
usage: scripts/fuzz.sh [--seconds N] [TARGET ...]

Runs Jazzer on each decoder for N seconds (default 60): decode, or declare the one error, and nothing else; within a heap
of 1 GiB. A finding is an input of target/fuzz/TARGET/; put it into src/test/resources/fuzz/TARGET/, where every build
runs it, and mend the decoder. Exit code 0 only if nothing was found.
  --seconds N   for each target
  TARGET        only these; all of them: TwilioFuzz SseFuzz ReplyFuzz SttFuzz TtsFuzz EnvelopeFuzz KernelFuzz
                SettingsFuzz CallLogFuzz DialFuzz
Environment: JAVA_HOME.
TEXT
}

seconds=60
targets=()
while [ $# -gt 0 ]; do
  case "$1" in
    --help | -h) usage; exit 0 ;;
    --seconds) seconds="${2:?}"; shift ;;
    -*) fail "unknown option $1" ;;
    *) targets+=("$1") ;;
  esac
  shift
done

need mvn "install Maven 3.8 or newer"
java="$(java_command)"
cd "$ROOT"
mkdir -p target/fuzz
echo "building ..." >&2
mvn -B -ntp -q -P'fuzz,!checks' test-compile dependency:build-classpath -Dmdep.outputFile=target/fuzz/classpath >&2 \
  || fail "the build failed, see above"

status=0
printf '%-14s %12s %10s  %s\n' target runs kept finding
for source in $(cd src/test/java && find . -name '*Fuzz.java' | sort); do
  class="$(echo "${source#./}" | sed -e 's/\.java$//' -e 's/\//./g')"
  name="${class##*.}"
  [ ${#targets[@]} -eq 0 ] || [[ " ${targets[*]} " == *" $name "* ]] || continue
  folder="$ROOT/target/fuzz/$name"
  mkdir -p "$folder/corpus"
  # Hooks look for injections into other programs, which no decoder starts; without them the start is quick.
  if (cd "$folder" && "$java" -Xmx1g -cp "$ROOT/target/test-classes:$ROOT/target/classes:$(cat "$ROOT/target/fuzz/classpath")" \
    com.code_intelligence.jazzer.Jazzer "--target_class=$class" '--instrumentation_includes=io.voiceagent.**' \
    --hooks=false corpus "$ROOT/src/test/resources/fuzz/$name" \
    "-max_total_time=$seconds" -max_len=4096 -rss_limit_mb=3072 -timeout=10 >log 2>&1); then
    finding=none
  else
    finding="$(grep -m1 -E '^== Java Exception|ERROR|SUMMARY' "$folder/log" || echo "see $folder/log")"
    status=1
  fi
  printf '%-14s %12s %10s  %s\n' "$name" "$(sed -n 's/^Done \([0-9]*\) runs.*/\1/p' "$folder/log")" \
    "$(find "$folder/corpus" -type f | wc -l)" "$finding"
done
exit $status

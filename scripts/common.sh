# Sourced by the scripts beside it: finds Java, builds the jar when it is missing or older than its sources.
ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
JAR="$ROOT/target/voice-agent.jar"

fail() {
  echo "$(basename "$0"): $*" >&2
  exit 1
}

need() {
  command -v "$1" >/dev/null 2>&1 || fail "$1 is missing${2:+: $2}"
}

java_command() {
  if [ -n "${JAVA_HOME:-}" ] && [ -x "$JAVA_HOME/bin/java" ]; then
    echo "$JAVA_HOME/bin/java"
  else
    command -v java || fail "java is missing: install a JDK 17 or newer, or set JAVA_HOME"
  fi
}

java_major() {
  "$1" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.specification\.version = //p'
}

# The flags of conf/jvm.options that fit the Java given, one per line.
jvm_flags() {
  local major line
  major="$(java_major "$1")"
  while IFS= read -r line; do
    case "$line" in
      '' | '#'*) ;;
      [0-9]*-:*) [ "$major" -ge "${line%%-:*}" ] && echo "${line#*-:}" ;;
      *) echo "$line" ;;
    esac
  done <"$ROOT/conf/jvm.options"
}

build_if_needed() {
  if [ -f "$JAR" ] && [ -z "$(find "$ROOT/src/main" "$ROOT/pom.xml" -newer "$JAR" -type f -print -quit)" ]; then
    return
  fi
  need mvn "install Maven 3.8 or newer"
  echo "building $JAR ..." >&2
  (cd "$ROOT" && mvn -B -ntp -q package -DskipTests -P'!checks') || fail "the build failed, see above"
}

# Runs the jar with the recommended flags; JAVA_OPTS are added last.
voice_agent() {
  local java flags
  java="$(java_command)"
  mapfile -t flags < <(jvm_flags "$java")
  # shellcheck disable=SC2086
  "$java" "${flags[@]}" ${JAVA_OPTS:-} -jar "$JAR" "$@"
}

# A short-lived command beside a service: no flags of the service, a fast start.
voice_agent_tool() {
  local java
  java="$(java_command)"
  # shellcheck disable=SC2086
  "$java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx512m ${JAVA_OPTS:-} -jar "$JAR" "$@"
}

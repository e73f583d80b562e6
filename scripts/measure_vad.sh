#!/usr/bin/env bash
# Measures voice activity on speech of many voices in noise, and in the echo of our own voice.
set -euo pipefail
source "$(dirname "$0")/common.sh"

if [ "${1:-}" = "--help" ] || [ "${1:-}" = "-h" ]; then
  cat <<'TEXT'
usage: scripts/measure_vad.sh [--fixtures DIR]

Has espeak-ng say a word, a phrase and a sentence in 13 languages at several speeds and pitches, mixes them with white
noise, hum, voices and music at 20, 10 and 5 dB, sends them through mu-law and the detector of the defaults, and prints
what it made of them: missed and split utterances, false onsets per minute, delays in milliseconds. Then the same while
the line returns an echo of our own voice. Takes some seconds once the classes are built; the same each time.
Installs espeak-ng (Debian) when it is missing and may be installed.
  --fixtures DIR    write the utterances that the tests use as mu-law files instead
TEXT
  exit 0
fi

if ! command -v espeak-ng >/dev/null 2>&1; then
  as_root=""
  [ "$(id -u)" -eq 0 ] || as_root="sudo -n"
  echo "installing espeak-ng ..." >&2
  { $as_root apt-get update -qq && $as_root apt-get install -y -qq --no-install-recommends espeak-ng; } >/dev/null 2>&1 \
    || fail "espeak-ng is missing and could not be installed: install it by hand"
fi
need mvn "install Maven 3.8 or newer"
java="$(java_command)"
(cd "$ROOT" && mvn -B -ntp -q test-compile -P'!checks') || fail "the build failed, see above"
exec "$java" -cp "$ROOT/target/classes:$ROOT/target/test-classes" io.voiceagent.audio.MeasureVad "$@"

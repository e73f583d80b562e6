package io.voiceagent.media;

import io.voiceagent.call.Clock;

/** Lets one line per second into the log, whatever an attacker does. Not thread-safe. */
final class Seldom {
  private static final long EVERY_NANOS = 1_000_000_000;

  private final Clock clock;
  private long last;
  private long omitted;

  Seldom(Clock clock) {
    this.clock = clock;
    this.last = clock.nanos() - EVERY_NANOS;
  }

  boolean now() {
    long now = clock.nanos();
    if (now - last < EVERY_NANOS) {
      omitted++;
      return false;
    }
    last = now;
    return true;
  }

  /** What to add to the line. */
  String omitted() {
    String text = omitted == 0 ? "" : " (" + omitted + " more like this were not logged)";
    omitted = 0;
    return text;
  }
}

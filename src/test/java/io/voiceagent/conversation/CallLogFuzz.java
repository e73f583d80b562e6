package io.voiceagent.conversation;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Files that {@code replay} is given: they are replayed, or declared to be none. */
public final class CallLogFuzz {
  private CallLogFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    try {
      Replay.of(List.of(new String(data, StandardCharsets.UTF_8).split("\n")));
    } catch (IllegalArgumentException declared) {
      // Not a call log.
    }
  }
}

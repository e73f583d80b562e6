package io.voiceagent.llm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Server-sent events: cut anywhere, they are the same events. */
public final class SseFuzz {
  private SseFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    if (data.length == 0) {
      return;
    }
    byte[] stream = Arrays.copyOfRange(data, 1, data.length);
    int chunk = 1 + (data[0] & 0x1F);
    List<String> whole = decode(stream, Math.max(1, stream.length));
    List<String> pieces = decode(stream, chunk);
    if (!whole.equals(pieces)) {
      throw new AssertionError("cut into " + chunk + ": " + pieces + ", else " + whole);
    }
  }

  private static List<String> decode(byte[] stream, int chunk) {
    List<String> events = new ArrayList<>();
    SseDecoder decoder = new SseDecoder(events::add);
    try {
      for (int at = 0; at < stream.length; at += chunk) {
        decoder.feed(Arrays.copyOfRange(stream, at, Math.min(stream.length, at + chunk)));
      }
      decoder.end();
    } catch (IllegalStateException declared) {
      events.add("too long");
    }
    return events;
  }
}

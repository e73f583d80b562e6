package io.voiceagent.tts.cartesia;

import java.nio.charset.StandardCharsets;

/** What a voice says: an event, or a failure that says so; never an exception. */
public final class TtsFuzz {
  private TtsFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    CartesiaTtsCodec.decode(new String(data, StandardCharsets.UTF_8));
  }
}

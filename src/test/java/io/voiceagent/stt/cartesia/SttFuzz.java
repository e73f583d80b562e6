package io.voiceagent.stt.cartesia;

import java.nio.charset.StandardCharsets;

/** What a transcriber says: an event, or a failure that says so; never an exception. */
public final class SttFuzz {
  private SttFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    CartesiaSttCodec.decode(new String(data, StandardCharsets.UTF_8));
  }
}

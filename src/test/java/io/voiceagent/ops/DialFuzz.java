package io.voiceagent.ops;

import io.vertx.core.buffer.Buffer;

/** Bodies for the ops API: a number, or an empty text that is answered with 400. */
public final class DialFuzz {
  private DialFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    CallsApi.number(Buffer.buffer(data));
  }
}

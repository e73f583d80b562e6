package io.voiceagent.bus;

/** Frames of other nodes: an envelope that can be written again, or the declared error. */
public final class EnvelopeFuzz {
  private static final EnvelopeCodec CODEC = new EnvelopeCodec(() -> 1_000_000_000L, "n1", 3_000);

  private EnvelopeFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    try {
      CODEC.decode(CODEC.encode(CODEC.decode(data)));
    } catch (WireFormatException declared) {
      // Dropped and counted.
    }
  }
}

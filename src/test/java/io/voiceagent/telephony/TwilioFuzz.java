package io.voiceagent.telephony;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** What anyone may send to the public listener: media messages, tokens, addresses and signatures. */
public final class TwilioFuzz {
  private static final Dialect DIALECT = new TwilioDialect();
  private static final StreamToken TOKENS = new StreamToken(new byte[32]);
  private static final TwilioSignature SIGNATURE = new TwilioSignature("12345");

  private TwilioFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    String text = new String(data, StandardCharsets.UTF_8);
    try {
      CarrierEvent event = DIALECT.decode(text);
      if (event instanceof CarrierEvent.Audio audio && audio.mulaw().length > 100_000) {
        throw new AssertionError("a frame of " + audio.mulaw().length);
      }
      if (event instanceof CarrierEvent.Started started) {
        // Whatever the peer calls its stream, our answers stay messages of the dialect.
        DIALECT.decode(DIALECT.clear(started.streamSid()));
        DIALECT.decode(DIALECT.media(started.streamSid(), new byte[] {1, 2}, 0, 2));
      }
    } catch (WireException declared) {
      // The peer's fault, said as such.
    }
    int cut = text.length() / 2;
    String first = text.substring(0, cut);
    String second = text.substring(cut);
    if (TOKENS.check(first, second, 0) != null) {
      throw new AssertionError("a token that nobody minted");
    }
    if (SIGNATURE.valid("https://" + first, List.of(Map.entry(first, second)), second)) {
      throw new AssertionError("a signature that nobody made");
    }
    if (TwiMl.escape(text).matches("(?s).*[<>\"'].*")) {
      throw new AssertionError("what was escaped can still end an attribute");
    }
  }
}

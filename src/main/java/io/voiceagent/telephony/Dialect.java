package io.voiceagent.telephony;

/** How one carrier writes its media messages. Stateless. */
public interface Dialect {
  /** @throws WireException when the message is not of this dialect */
  CarrierEvent decode(String message);

  /** Plays {@code length} bytes of mu-law 8 kHz from {@code from}. */
  String media(String streamSid, byte[] mulaw, int from, int length);

  String mark(String streamSid, String name);

  /** Discards all that waits to be played. */
  String clear(String streamSid);
}

package io.voiceagent.telephony;

import java.util.Map;

/** What a carrier says on its media socket. */
public sealed interface CarrierEvent {
  /** The socket speaks the dialect; nothing is known of the call yet. */
  record Connected() implements CarrierEvent {}

  /** @param parameters what we gave the carrier to bring back, by name */
  record Started(String callSid, String streamSid, Map<String, String> parameters)
      implements CarrierEvent {
    public Started {
      parameters = Map.copyOf(parameters);
    }
  }

  /** The caller's voice, headerless mu-law 8 kHz of any length. */
  record Audio(byte[] mulaw) implements CarrierEvent {}

  /** Everything before this mark was played, or cleared. */
  record MarkPlayed(String name) implements CarrierEvent {}

  record Digit(char digit) implements CarrierEvent {}

  record Stopped() implements CarrierEvent {}

  /** Well-formed and of no interest. */
  record Other(String event) implements CarrierEvent {}
}

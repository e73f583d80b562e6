package io.voiceagent.bus;

import java.time.Duration;

/**
 * Limits of the bus.
 *
 * @param openTimeout how long a peer may take to answer an opened stream or a question
 * @param heartbeat how often nodes tell each other which streams they still hold
 * @param peerTimeout a stream that the other node did not name for so long is lost; several heartbeats, below 2 s
 */
public record BusOptions(Duration openTimeout, Duration heartbeat, Duration peerTimeout) {
  public static final BusOptions DEFAULTS =
      new BusOptions(Duration.ofSeconds(1), Duration.ofMillis(250), Duration.ofMillis(1500));

  public BusOptions withPeerTimeout(Duration timeout) {
    return new BusOptions(openTimeout, heartbeat, timeout);
  }
}

package io.voiceagent.bus;

import java.time.Duration;

/**
 * Limits of the bus.
 *
 * @param openTimeout how long a peer may take to answer an opened stream or a question
 */
public record BusOptions(Duration openTimeout) {
  public static final BusOptions DEFAULTS = new BusOptions(Duration.ofSeconds(1));
}

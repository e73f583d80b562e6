package io.voiceagent.turn;

import java.time.Duration;

/** The transcriber decides when the caller is through: never wait for more, and long for its word. */
final class ProviderEndpoint implements EndpointRule {
  private final long timeout;

  ProviderEndpoint(Duration timeout) {
    this.timeout = timeout.toNanos();
  }

  @Override
  public long finalWait(String heardSoFar) {
    return timeout;
  }

  @Override
  public long moreWait(String said) {
    return 0;
  }

  @Override
  public boolean asksForFinal() {
    return false;
  }

  @Override
  public void measured(long p99) {
    // Its word comes when it has decided, not when it was asked.
  }
}

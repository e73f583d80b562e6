package io.voiceagent.turn;

/** The transcriber has decided already: never wait. */
final class ProviderEndpoint implements EndpointRule {
  @Override
  public long waitNanos(String text) {
    return 0;
  }
}

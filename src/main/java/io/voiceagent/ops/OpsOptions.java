package io.voiceagent.ops;

import io.voiceagent.config.Settings;

/**
 * The ops listener.
 *
 * @param port 0 takes a free one
 * @param token bearer token of {@code /api}; empty: loopback peers only. Secret.
 */
public record OpsOptions(String host, int port, String token) {
  public static final String DEFAULT_HOST = "0.0.0.0";
  public static final int DEFAULT_PORT = 5050;

  public static OpsOptions from(Settings settings) {
    return new OpsOptions(
        settings.string("ops.host", DEFAULT_HOST),
        settings.integer("ops.port", DEFAULT_PORT, 0, 65535),
        settings.secret("ops.token"));
  }

  @Override
  public String toString() {
    return "OpsOptions[" + host + ":" + port + (token.isEmpty() ? "" : ", token set") + "]";
  }
}

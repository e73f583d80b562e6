package io.voiceagent.resilience;

import io.vertx.core.net.ClientOptionsBase;
import io.vertx.core.net.OpenSSLEngineOptions;

/**
 * TLS to providers by OpenSSL where this machine has it: a handshake of the JDK's own engine holds an event loop, and so
 * every call on it, for 2 to 4 ms; OpenSSL's for less than one. Netty's switch {@code io.netty.handler.ssl.noOpenSsl}
 * turns it off for the process.
 */
public final class Tls {
  private Tls() {}

  /** The same options. */
  public static <O extends ClientOptionsBase> O fast(O options) {
    if (OpenSSLEngineOptions.isAvailable() && OpenSSLEngineOptions.isAlpnAvailable()) {
      options.setSslEngineOptions(new OpenSSLEngineOptions());
    }
    return options;
  }
}

package io.voiceagent.media;

import io.vertx.core.MultiMap;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The address under which the carrier calls us, which is what it signs. With a configured one nothing of a request is
 * believed. Without one the request's own headers say it, which is fine for a first try: a request that lies about them
 * still needs a signature of our account for the address that it names.
 */
final class PublicUrl {
  private final String configured;

  /** @param configured base URL without a slash at its end; empty: from each request */
  PublicUrl(String configured) {
    this.configured = configured;
  }

  private boolean known() {
    return !configured.isEmpty();
  }

  /** Whether there is an address at all: a request of HTTP/1.0 need not name its host. */
  boolean knownTo(MultiMap headers) {
    return known() || headers.contains("Host");
  }

  /** {@code https://host}, as the carrier sees it. */
  String base(MultiMap headers, boolean tls) {
    if (known()) {
      return configured;
    }
    @Nullable String forwarded = headers.get("X-Forwarded-Proto");
    String proto = Objects.requireNonNullElse(forwarded, tls ? "https" : "http");
    return ("https".equals(proto) || "wss".equals(proto) ? "https" : "http") + "://"
        + headers.get("Host");
  }

  /** The same for a media socket: {@code wss://host}. */
  String socket(MultiMap headers, boolean tls) {
    return "ws" + base(headers, tls).substring("http".length());
  }
}

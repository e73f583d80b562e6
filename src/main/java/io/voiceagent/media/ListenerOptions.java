package io.voiceagent.media;

import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.OpenSSLEngineOptions;

/** What the public listener grants whoever connects. */
final class ListenerOptions {
  private static final int MAX_FRAME = 64 * 1024;
  private static final int MAX_MESSAGE = 128 * 1024;

  /** What a carrier has not taken is to show in the socket's own queue, not in seconds of kernel memory. */
  private static final int SEND_BUFFER = 16 * 1024;

  private ListenerOptions() {}

  static HttpServerOptions of(MediaOptions options) {
    HttpServerOptions http = new HttpServerOptions()
        .setAcceptBacklog(4096)
        .setTcpNoDelay(true)
        .setSendBufferSize(SEND_BUFFER)
        // What the peer does not acknowledge, or has no window for; where the transport is native.
        .setTcpUserTimeout((int) options.stallTimeout().toMillis())
        .setMaxInitialLineLength(4096)
        .setMaxHeaderSize(16 * 1024)
        .setMaxWebSocketFrameSize(MAX_FRAME)
        .setMaxWebSocketMessageSize(MAX_MESSAGE)
        .setPerFrameWebSocketCompressionSupported(false)
        .setPerMessageWebSocketCompressionSupported(false)
        // Counts whole requests and messages: headers that drip in are cut as well. Proxies keep
        // theirs for 60 s.
        .setReadIdleTimeout(75)
        // One protocol, as the carrier speaks it; and each connection is counted before it says
        // anything.
        .setHttp2ClearTextEnabled(false)
        .setUseAlpn(false)
        .setWebSocketClosingTimeout(2);
    if (!options.tlsCert().isEmpty()) {
      http.setSsl(true).setKeyCertOptions(TlsFiles.keyCert(options));
      // A handshake of the JDK's own engine holds an event loop for milliseconds.
      if (OpenSSLEngineOptions.isAvailable()) {
        http.setSslEngineOptions(new OpenSSLEngineOptions());
      }
    }
    return http;
  }
}

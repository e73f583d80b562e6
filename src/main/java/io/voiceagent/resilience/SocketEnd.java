package io.voiceagent.resilience;

import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.internal.http.WebSocketInternal;

/** The end of a socket whose peer may be gone: politely first, and for good soon after. */
public final class SocketEnd {
  private SocketEnd() {}

  /**
   * Closes with a close frame. A peer that reads nothing never gets it, and the socket would stay until the kernel gives
   * up: it is cut after {@code ms}. Call it on the socket's event loop.
   */
  public static void within(Vertx vertx, WebSocket socket, long ms) {
    if (socket.isClosed()) {
      return;
    }
    long timer = vertx.setTimer(
        ms, id -> ((WebSocketInternal) socket).channelHandlerContext().close());
    socket.close().onComplete(x -> vertx.cancelTimer(timer));
  }
}

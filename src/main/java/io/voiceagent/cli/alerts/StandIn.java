package io.voiceagent.cli.alerts;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/**
 * A second node, of metrics only. It takes the part of a service with a defect that no fault from outside can cause: one
 * that lost count of its calls.
 */
final class StandIn implements AutoCloseable {
  private final HttpServer server;
  private volatile int lost;

  StandIn() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/metrics", exchange -> {
      byte[] text = text().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4");
      exchange.sendResponseHeaders(200, text.length);
      exchange.getResponseBody().write(text);
      exchange.close();
    });
    server.start();
  }

  String target() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  /** How many of its hundred calls neither ended nor run. */
  void lost(int calls) {
    lost = calls;
  }

  private String text() {
    return "calls_started_total 100\ncalls_ended_total{reason=\"caller_hung_up\"} " + (100 - lost)
        + "\ncalls_active 0\n";
  }

  @Override
  public void close() {
    server.stop(0);
  }
}

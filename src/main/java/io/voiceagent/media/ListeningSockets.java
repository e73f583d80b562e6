package io.voiceagent.media;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * Binds the public listener of each event loop. Where the transport can, each has a socket of its own on the one port, and
 * the kernel spreads the connections by their addresses. From one socket for all, the loops take connections in turn: a
 * carrier that opens two for each call, the webhook's and the stream's, would have its streams on every second loop.
 */
final class ListeningSockets {
  private final String host;
  private final int port;
  private @Nullable InetAddress address;
  private int bound;

  ListeningSockets(String host, int port) {
    this.host = host;
    this.port = port;
  }

  /** Other systems let sockets share a port too, but give every connection to the newest one. */
  static boolean perLoop(Vertx vertx) {
    return vertx.isNativeTransportEnabled() && "Linux".equals(System.getProperty("os.name"));
  }

  HttpServer create(Vertx vertx, HttpServerOptions options) {
    return vertx.createHttpServer(options.setReusePort(perLoop(vertx)));
  }

  /** To be called on the event loop that the server is for. */
  Future<HttpServer> listen(Vertx vertx, HttpServer server) {
    // Each caller has a future of its own: what follows one runs where it was asked for.
    return perLoop(vertx)
        ? vertx.executeBlocking(this::free).compose(ip -> server.listen(addressOfItsOwn(ip)))
        : server.listen(port, host);
  }

  /** A shared port is never "in use" for another process that shares it as well: so the first of us looks. */
  private synchronized InetAddress free() throws IOException {
    InetAddress known = address;
    if (known == null) {
      known = InetAddress.getByName(host);
      new ServerSocket(port, 1, known).close();
      address = known;
    }
    return known;
  }

  /** Servers that listen under one name share one socket, so each has another name for the same address. */
  private synchronized SocketAddress addressOfItsOwn(InetAddress ip) {
    try {
      InetAddress named = InetAddress.getByAddress("listener-" + bound++, ip.getAddress());
      return SocketAddress.inetSocketAddress(new InetSocketAddress(named, port));
    } catch (UnknownHostException e) {
      throw new AssertionError("an address has a legal length", e);
    }
  }
}

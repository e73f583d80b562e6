package io.voiceagent.cli;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * What stands before the nodes: connections go to them by chance, past those that refuse. In turn, the webhook's would go
 * to one node and the stream's to the other.
 */
final class Balancer implements AutoCloseable {
  private final NetServer server;
  private final NetClient client;
  private final List<Integer> ports = new CopyOnWriteArrayList<>();
  private final Random random = new Random(1);

  Balancer(Vertx vertx) throws Exception {
    client = vertx.createNetClient(new NetClientOptions().setConnectTimeout(1000));
    server = vertx.createNetServer().connectHandler(this::accepted);
    server.listen(0, "127.0.0.1").await(10, TimeUnit.SECONDS);
  }

  String url() {
    return "http://127.0.0.1:" + server.actualPort();
  }

  void add(int port) {
    ports.add(port);
  }

  void remove(int port) {
    ports.remove((Integer) port);
  }

  private void accepted(NetSocket from) {
    from.pause();
    connect(8 * ports.size()).onFailure(cause -> from.close()).onSuccess(to -> {
      to.pause();
      pass(from, to);
      pass(to, from);
      from.resume();
      to.resume();
    });
  }

  private Future<NetSocket> connect(int attempts) {
    if (attempts <= 0 || ports.isEmpty()) {
      return Future.failedFuture("no node answers");
    }
    int port = ports.get(random.nextInt(ports.size()));
    return client.connect(port, "127.0.0.1").recover(cause -> connect(attempts - 1));
  }

  private static void pass(NetSocket from, NetSocket to) {
    from.handler((Buffer bytes) -> {
      to.write(bytes);
      if (to.writeQueueFull()) {
        from.pause();
        to.drainHandler(x -> from.resume());
      }
    });
    from.exceptionHandler(cause -> to.close());
    from.closeHandler(x -> to.close());
  }

  @Override
  public void close() throws Exception {
    server.close().await(10, TimeUnit.SECONDS);
    client.close().await(10, TimeUnit.SECONDS);
  }
}

package io.voiceagent.speech;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.util.ArrayList;
import java.util.List;

/** A TCP line that can go bad in the ways of networks. */
public final class FaultyProxy {
  /** What happens to the line. */
  public enum Mode {
    PASS,
    /** Connections are closed as soon as they are made. */
    RESET,
    /** Connections are made and nothing ever passes. */
    SILENT,
    /** What is open stays open and nothing passes any more. */
    FROZEN,
    /** What is open breaks when the provider next says something. */
    CUT
  }

  private final NetServer server;
  private final NetClient client;
  private final int target;
  private final List<NetSocket> open = new ArrayList<>();
  private final List<NetSocket> fars = new ArrayList<>();
  private volatile List<NetSocket> frozen = List.of();
  private volatile Mode mode = Mode.PASS;
  private volatile boolean exact;
  private volatile long passBytes = Long.MAX_VALUE;

  private FaultyProxy(Vertx vertx, int target) {
    this.server = vertx.createNetServer(new NetServerOptions().setReceiveBufferSize(16 * 1024));
    this.client = vertx.createNetClient(new NetClientOptions().setReceiveBufferSize(16 * 1024));
    this.target = target;
  }

  public static Future<FaultyProxy> start(Vertx vertx, int target) {
    FaultyProxy proxy = new FaultyProxy(vertx, target);
    return proxy.server.connectHandler(proxy::connected).listen(0, "127.0.0.1").map(proxy);
  }

  public int port() {
    return server.actualPort();
  }

  /** The fault begins after the provider has sent so many bytes more. */
  public void mode(Mode next, long afterBytes) {
    exact = false;
    passBytes = afterBytes;
    mode = next;
  }

  /** As {@link #mode}, not a byte later, be it within what arrived at once. */
  public void modeExactly(Mode next, long afterBytes) {
    exact = true;
    passBytes = afterBytes;
    mode = next;
  }

  public boolean faulty() {
    return mode != Mode.PASS;
  }

  /** Reads nothing any more from what is open, so that the kernel's buffers fill. */
  public synchronized void deaf() {
    open.forEach(NetSocket::pause);
  }

  /** Reads nothing any more from the target's side of what is open: its window closes. */
  public synchronized void choke() {
    fars.forEach(NetSocket::pause);
  }

  /** Says something senseless to the target on the connection that was opened last. */
  public synchronized void garble() {
    fars.get(fars.size() - 1)
        .write(Buffer.buffer(new byte[] {(byte) 0xFF, 0x7F, 1, 2, 3, 4, 5, 6}));
  }

  public synchronized int openConnections() {
    return open.size();
  }

  /** What is open is gone at its other end: a write to it fails. */
  public synchronized boolean hungUp() {
    open.forEach(near -> near.write("x"));
    return open.isEmpty();
  }

  /** New connections are well; what hangs goes on hanging. */
  public void pass() {
    frozen = mode == Mode.FROZEN ? List.copyOf(open) : List.of();
    mode = Mode.PASS;
    passBytes = Long.MAX_VALUE;
  }

  /** Everything is well again, for new connections; the old ones are gone. */
  public synchronized void heal() {
    mode = Mode.PASS;
    passBytes = Long.MAX_VALUE;
    frozen = List.of();
    cut();
  }

  /** What is open now breaks. */
  public synchronized void cut() {
    List.copyOf(open).forEach(NetSocket::close);
    open.clear();
  }

  private synchronized void connected(NetSocket near) {
    if (mode == Mode.RESET) {
      near.close();
      return;
    }
    open.add(near);
    near.closeHandler(x -> forget(near));
    near.exceptionHandler(x -> {});
    if (mode == Mode.SILENT) {
      return;
    }
    near.pause();
    client.connect(target, "127.0.0.1").onFailure(x -> near.close()).onSuccess(far -> {
      far.exceptionHandler(x -> {});
      joined(far);
      far.closeHandler(x -> {
        parted(far);
        near.close();
      });
      near.closeHandler(x -> {
        forget(near);
        far.close();
      });
      near.handler(bytes -> {
        if (frozen.contains(near)) {
          return;
        }
        if (passBytes > 0 || mode == Mode.PASS || mode == Mode.CUT) {
          far.write(bytes);
        }
      });
      far.handler(bytes -> {
        if (frozen.contains(near)) {
          return;
        }
        if (mode == Mode.PASS) {
          near.write(bytes);
          return;
        }
        int most = exact ? (int) Math.min(passBytes, bytes.length()) : bytes.length();
        int passed = passBytes > 0 ? most : 0;
        passBytes -= passed;
        if (passed > 0) {
          near.write(bytes.slice(0, passed));
        }
        if (passed < bytes.length() && mode == Mode.CUT) {
          near.close();
        }
      });
      near.resume();
    });
  }

  private synchronized void forget(NetSocket near) {
    open.remove(near);
  }

  private synchronized void joined(NetSocket far) {
    fars.add(far);
  }

  private synchronized void parted(NetSocket far) {
    fars.remove(far);
  }
}

package io.voiceagent.bus;

import io.netty.channel.EventLoop;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import io.vertx.core.internal.ContextInternal;
import io.voiceagent.call.StageAddress;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The bus of a node that stands alone: everything travels by reference over Vert.x's local event bus. One consumer per
 * verticle instance; streams are multiplexed over it, so a call registers nothing.
 */
public final class LocalBus implements Bus {
  static final String CODEC = "voiceagent.reference";

  private final Vertx vertx;
  private final String node;
  private final BusOptions options;
  private final BusListener listener;
  private final Map<EventLoop, Integer> loops = new IdentityHashMap<>();
  private final Map<StageAddress, LocalMailbox> bound = new ConcurrentHashMap<>();

  /** One per Vert.x instance. */
  public LocalBus(Vertx vertx, BusOptions options, BusListener listener) {
    this.vertx = vertx;
    this.node = "local";
    this.options = options;
    this.listener = listener;
    vertx.eventBus().registerCodec(new ReferenceCodec());
  }

  @Override
  public Mailbox bind(StageAddress.Stage stage) {
    Context context = Vertx.currentContext();
    if (context == null || !context.isEventLoopContext()) {
      throw new IllegalStateException("a mailbox is bound on an event loop");
    }
    StageAddress self = new StageAddress(node, stage, loopOf((ContextInternal) context));
    LocalMailbox mailbox = new LocalMailbox(vertx, self, options, listener, bound::remove);
    if (bound.putIfAbsent(self, mailbox) != null) {
      throw new IllegalStateException(self.busAddress() + " is bound already");
    }
    mailbox.listen();
    return mailbox;
  }

  /** The index of a context's event loop, given in the order in which loops are first seen. */
  private synchronized int loopOf(ContextInternal context) {
    Integer known = loops.putIfAbsent(context.nettyEventLoop(), loops.size());
    return known == null ? loops.size() - 1 : known;
  }

  /** Local delivery hands the very object on; all envelopes are immutable. */
  private static final class ReferenceCodec implements MessageCodec<Object, Object> {
    @Override
    public void encodeToWire(Buffer buffer, Object envelope) {
      throw new IllegalStateException("this bus is local");
    }

    @Override
    public Object decodeFromWire(int position, Buffer buffer) {
      throw new IllegalStateException("this bus is local");
    }

    @Override
    public Object transform(Object envelope) {
      return envelope;
    }

    @Override
    public String name() {
      return CODEC;
    }

    @Override
    public byte systemCodecID() {
      return -1;
    }
  }
}

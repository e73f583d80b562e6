package io.voiceagent.bus;

import io.netty.channel.EventLoop;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import io.vertx.core.internal.ContextInternal;
import io.voiceagent.call.StageAddress;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The mailboxes of a node, one per stage and event loop. */
final class MailboxRack {
  static final String CODEC = "voiceagent.reference";

  private final Vertx vertx;
  private final String node;
  private final BusOptions options;
  private final BusListener listener;
  private final @Nullable Remote remote;
  private final Map<EventLoop, Integer> loops = new IdentityHashMap<>();
  private final Map<StageAddress, StageMailbox> bound = new ConcurrentHashMap<>();

  MailboxRack(
      Vertx vertx, String node, BusOptions options, BusListener listener, @Nullable Remote remote) {
    this.vertx = vertx;
    this.node = node;
    this.options = options;
    this.listener = listener;
    this.remote = remote;
    vertx.eventBus().registerCodec(new ReferenceCodec());
  }

  StageMailbox bind(StageAddress.Stage stage) {
    Context context = Vertx.currentContext();
    if (context == null || !context.isEventLoopContext()) {
      throw new IllegalStateException("a mailbox is bound on an event loop");
    }
    StageAddress self = new StageAddress(node, stage, loopOf((ContextInternal) context));
    StageMailbox mailbox =
        new StageMailbox(vertx, context, self, options, listener, remote, bound::remove);
    if (bound.putIfAbsent(self, mailbox) != null) {
      throw new IllegalStateException(self.busAddress() + " is bound already");
    }
    return mailbox;
  }

  Collection<StageMailbox> bound() {
    return bound.values();
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
      throw new IllegalStateException("a reference stays within its node");
    }

    @Override
    public Object decodeFromWire(int position, Buffer buffer) {
      throw new IllegalStateException("a reference stays within its node");
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

package io.voiceagent.ops;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/**
 * Keeps a stack trace per message out of the log when a node of the cluster dies: Vert.x 5.2 answers the failure of a send
 * with a failure of its own, as the context of a send ({@code SendContext.tryFail}) says of everything that it was over
 * already. That the node is lost is logged by whoever notices.
 */
public final class LostSendFilter extends TurboFilter {
  private static final String LOGGER = "io.vertx.core.impl.ContextImpl";
  private static final String MESSAGE = "Promise already completed";
  /** The write to the socket fails later or at once. */
  private static final Set<String> WRITES = Set.of(
      "io.vertx.core.net.impl.DelegatingChannelPromise",
      "io.vertx.core.eventbus.impl.clustered.OutboundConnection");

  @Override
  public FilterReply decide(
      @Nullable Marker marker,
      Logger logger,
      Level level,
      @Nullable String format,
      Object @Nullable [] arguments,
      @Nullable Throwable thrown) {
    boolean lost = thrown instanceof IllegalStateException
        && MESSAGE.equals(thrown.getMessage())
        && logger.getName().equals(LOGGER)
        && ofAWrite(thrown);
    return lost ? FilterReply.DENY : FilterReply.NEUTRAL;
  }

  private static boolean ofAWrite(Throwable thrown) {
    for (StackTraceElement frame : thrown.getStackTrace()) {
      if (WRITES.contains(frame.getClassName())) {
        return true;
      }
    }
    return false;
  }
}

package io.voiceagent.ops;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LostSendFilterTest {
  private final LoggerContext context = new LoggerContext();
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  @BeforeEach
  void start() {
    lines.start();
    context.addTurboFilter(new LostSendFilter());
    context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(lines);
    context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.WARN);
  }

  @Test
  void aSendThatFailedTwiceIsNotLogged() {
    log("io.vertx.core.impl.ContextImpl", fault("io.vertx.core.net.impl.DelegatingChannelPromise"));
    log(
        "io.vertx.core.impl.ContextImpl",
        fault("io.vertx.core.eventbus.impl.clustered.OutboundConnection"));

    assertThat(lines.list).isEmpty();
  }

  @Test
  void whatIsNotThatFaultIsLogged() {
    log("io.vertx.core.impl.ContextImpl", fault("io.voiceagent.media.MediaSession"));
    log("io.voiceagent.Any", fault("io.vertx.core.net.impl.DelegatingChannelPromise"));
    log("io.vertx.core.impl.ContextImpl", new IllegalStateException("another"));
    context.getLogger("io.vertx.core.impl.ContextImpl").error("nothing was thrown");

    assertThat(lines.list).hasSize(4);
  }

  private void log(String logger, Throwable fault) {
    context.getLogger(logger).error("Unhandled exception", fault);
  }

  private static IllegalStateException fault(String caller) {
    IllegalStateException fault = new IllegalStateException("Promise already completed");
    fault.setStackTrace(new StackTraceElement[] {
      new StackTraceElement("io.vertx.core.Promise", "fail", "Promise.java", 103),
      new StackTraceElement(caller, "tryFailure", "Any.java", 1)
    });
    return fault;
  }
}

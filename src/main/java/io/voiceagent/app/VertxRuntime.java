package io.voiceagent.app;

import io.netty.handler.ssl.OpenSsl;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.net.OpenSSLEngineOptions;
import io.vertx.core.spi.VertxMetricsFactory;
import io.vertx.core.transport.Transport;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Builds the Vert.x instance that everything runs on. */
final class VertxRuntime {
  private static final Logger LOG = LoggerFactory.getLogger(VertxRuntime.class);
  /** A frame is due every 20 ms: a handler that takes as long is a fault. */
  private static final long MAX_LOOP_MS = 20;

  private static final long CHECK_INTERVAL_MS = 200;

  private VertxRuntime() {}

  /** @param bus where the event bus listens for other nodes; null on a node that stands alone */
  static VertxBuilder builder(
      RuntimeOptions options, VertxMetricsFactory metrics, @Nullable EventBusOptions bus) {
    if (!options.nativeTransport()) {
      // Netty's own switch, read when the first TLS engine is chosen.
      System.setProperty("io.netty.handler.ssl.noOpenSsl", "true");
    }
    Transport transport = transport(options);
    VertxOptions vertxOptions = new VertxOptions()
        .setEventLoopPoolSize(options.loops())
        .setPreferNativeTransport(transport != Transport.NIO)
        .setMaxEventLoopExecuteTimeUnit(TimeUnit.MILLISECONDS)
        .setMaxEventLoopExecuteTime(MAX_LOOP_MS)
        .setWarningExceptionTimeUnit(TimeUnit.MILLISECONDS)
        .setWarningExceptionTime(10 * MAX_LOOP_MS)
        .setBlockedThreadCheckIntervalUnit(TimeUnit.MILLISECONDS)
        .setBlockedThreadCheckInterval(CHECK_INTERVAL_MS);
    if (bus != null) {
      vertxOptions.setEventBusOptions(bus);
    }
    LOG.info(
        "runtime: java {}, {} event loops, transport {}, TLS by {}",
        Runtime.version(),
        options.loops(),
        transport.name(),
        OpenSSLEngineOptions.isAvailable() ? OpenSsl.versionString() : "the JDK");
    return Vertx.builder().with(vertxOptions).withTransport(transport).withMetrics(metrics);
  }

  private static Transport transport(RuntimeOptions options) {
    if (options.nativeTransport() && Transport.EPOLL != null && Transport.EPOLL.available()) {
      return Transport.EPOLL;
    }
    if (options.nativeTransport()) {
      LOG.info("no native transport on this machine: frames cost about a fifth more");
    }
    return Transport.NIO;
  }
}

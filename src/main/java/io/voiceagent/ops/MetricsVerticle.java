package io.voiceagent.ops;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.voiceagent.bus.Bus;
import io.voiceagent.bus.Mailbox;
import io.voiceagent.call.StageAddress.Stage;
import io.voiceagent.metrics.Telemetry;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The ops listener: metrics, health, API. One instance is enough. */
public final class MetricsVerticle extends VerticleBase {
  /** A body is one small JSON object. */
  private static final int MAX_BODY = 4096;

  /** Scrapers, probes and a few operators; whoever opens more finds the door shut. */
  private static final int MAX_CONNECTIONS = 512;

  private final OpsOptions options;
  private final OpsPorts ports;
  private final Telemetry telemetry;
  private final Bus bus;
  private @Nullable Mailbox mailbox;
  private @Nullable HttpServer server;
  private int connections;

  public MetricsVerticle(OpsOptions options, OpsPorts ports, Telemetry telemetry, Bus bus) {
    this.options = options;
    this.ports = ports;
    this.telemetry = telemetry;
    this.bus = bus;
  }

  @Override
  public Future<?> start() {
    Mailbox box = bus.bind(Stage.OPS);
    mailbox = box;
    HttpServerOptions http = new HttpServerOptions()
        .setHost(options.host())
        .setPort(options.port())
        .setMaxInitialLineLength(2048)
        .setMaxHeaderSize(8192)
        .setHttp2ClearTextEnabled(false)
        .setIdleTimeout(75);
    server =
        vertx.createHttpServer(http).connectionHandler(this::admit).requestHandler(routes(box));
    return server
        .listen()
        .recover(cause -> Future.failedFuture(new IOException(
            "cannot listen on " + options.host() + ":" + options.port() + " (ops.host, ops.port): "
                + cause.getMessage(),
            cause)));
  }

  /** The port that is bound; the configured one unless that was 0. */
  public int port() {
    return Objects.requireNonNull(server, "not started").actualPort();
  }

  @Override
  public Future<?> stop() {
    Future<Void> http = server == null ? Future.succeededFuture() : server.close();
    Future<Void> box = mailbox == null ? Future.succeededFuture() : mailbox.close();
    return Future.join(http, box);
  }

  private void admit(HttpConnection connection) {
    connections++;
    connection.closeHandler(x -> connections--);
    if (connections > MAX_CONNECTIONS) {
      connection.close();
    }
  }

  private Router routes(Mailbox box) {
    Router router = Router.router(vertx);
    new MetricsApi(vertx, telemetry).mount(router);
    new HealthApi(ports).mount(router);
    router.route("/api/*").handler(new OpsAuth(options.token())::check);
    router.route("/api/*").handler(BodyHandler.create(false).setBodyLimit(MAX_BODY));
    new CallsApi(box, ports).mount(router);
    new DrainApi(ports).mount(router);
    router.errorHandler(404, context -> Answers.error(context, 404, "no such route"));
    router.errorHandler(405, context -> Answers.error(context, 405, "no such method here"));
    router.errorHandler(413, context -> Answers.error(context, 413, "the body is too large"));
    router.errorHandler(500, MetricsVerticle::broken);
    return router;
  }

  private static void broken(RoutingContext context) {
    Answers.failure(context, Objects.requireNonNullElse(context.failure(), new Exception()));
  }
}

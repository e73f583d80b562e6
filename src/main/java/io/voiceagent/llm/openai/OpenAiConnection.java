package io.voiceagent.llm.openai;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.voiceagent.call.Clock;
import io.voiceagent.call.Message;
import io.voiceagent.call.ToolSpec;
import io.voiceagent.llm.LlmConnection;
import io.voiceagent.resilience.Tls;
import java.util.List;

/** One event loop's connections to a server that speaks OpenAI's HTTP API. */
final class OpenAiConnection implements LlmConnection {
  private static final int MAX_WAITING = 1000;
  private static final int KEEP_ALIVE_SECONDS = 60;

  private final Vertx vertx;
  private final OpenAiOptions options;
  private final Clock clock;
  private final HttpClient client;

  OpenAiConnection(Vertx vertx, OpenAiOptions options, Clock clock) {
    this.vertx = vertx;
    this.options = options;
    this.clock = clock;
    boolean tls = options.url().startsWith("https");
    HttpClientOptions http = new HttpClientOptions()
        .setConnectTimeout((int) options.connectTimeout().toMillis())
        .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
        .setHttp2KeepAliveTimeout(KEEP_ALIVE_SECONDS)
        .setTcpNoDelay(true)
        .setDecompressionSupported(false);
    if (tls) {
      // HTTP/2 where the server has it: cancelling a reply then costs one frame instead of a
      // connection.
      http.setUseAlpn(true).setProtocolVersion(HttpVersion.HTTP_2);
      Tls.fast(http);
    }
    PoolOptions pool = new PoolOptions()
        .setHttp1MaxSize(options.maxConnections())
        .setHttp2MaxSize(4)
        .setMaxWaitQueueSize(MAX_WAITING);
    this.client = vertx.createHttpClient(http, pool);
  }

  @Override
  public Reply ask(List<Message> dialogue, List<ToolSpec> tools, Listener listener) {
    boolean chat = options.api() == OpenAiOptions.Api.CHAT;
    RequestOptions to = request(
            HttpMethod.POST, options.url() + (chat ? "/chat/completions" : "/responses"))
        .putHeader("Content-Type", "application/json")
        .putHeader("Accept", "text/event-stream");
    Exchange exchange = new Exchange(
        vertx, options, clock, chat ? new ChatCodec() : new ResponsesCodec(), listener);
    exchange.start(
        client.request(to),
        chat
            ? ChatCodec.request(options, dialogue, tools)
            : ResponsesCodec.request(options, dialogue, tools));
    return exchange;
  }

  /** A connection that is open before the first turn saves its handshakes. The answer does not matter. */
  @Override
  public void warm() {
    client
        .request(request(HttpMethod.GET, options.url() + "/models"))
        .compose(HttpClientRequest::send)
        .compose(HttpClientResponse::body)
        .onFailure(cause -> {});
  }

  @Override
  public void close() {
    client.close();
  }

  private RequestOptions request(HttpMethod method, String url) {
    RequestOptions request = new RequestOptions()
        .setMethod(method)
        .setAbsoluteURI(url)
        .setConnectTimeout(options.connectTimeout().toMillis());
    if (!options.apiKey().isEmpty()) {
      request.putHeader("Authorization", "Bearer " + options.apiKey());
    }
    return request;
  }
}

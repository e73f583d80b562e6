package io.voiceagent.llm.openai;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.OpenSSLEngineOptions;
import io.voiceagent.call.Clock;
import io.voiceagent.call.Failure;
import io.voiceagent.call.Failure.Kind;
import io.voiceagent.call.Message;
import io.voiceagent.call.ToolSpec;
import io.voiceagent.config.Settings;
import io.voiceagent.llm.LlmConnection;
import io.voiceagent.llm.SseDecoder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One event loop's connections to a server that speaks OpenAI's HTTP API. */
final class OpenAiConnection implements LlmConnection {
  private static final int MAX_WAITING = 1000;
  private static final int KEEP_ALIVE_SECONDS = 60;
  private static final int MAX_ERROR_BODY = 16 * 1024;

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
      if (OpenSSLEngineOptions.isAvailable() && OpenSSLEngineOptions.isAlpnAvailable()) {
        http.setSslEngineOptions(new OpenSSLEngineOptions());
      }
    }
    PoolOptions pool = new PoolOptions()
        .setHttp1MaxSize(options.maxConnections())
        .setHttp2MaxSize(4)
        .setMaxWaitQueueSize(MAX_WAITING);
    this.client = vertx.createHttpClient(http, pool);
  }

  @Override
  public Reply ask(List<Message> dialogue, List<ToolSpec> tools, Listener listener) {
    Exchange exchange = new Exchange(listener);
    exchange.start(dialogue, tools);
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

  /** One request and its stream. */
  private final class Exchange implements Reply {
    private final Listener listener;
    private final ReplyDecoder decoder =
        options.api() == OpenAiOptions.Api.CHAT ? new ChatCodec() : new ResponsesCodec();
    private final SseDecoder sse = new SseDecoder(this::event);
    private @Nullable HttpClientRequest request;
    private @Nullable HttpClientResponse response;
    private long askedAt;
    private long wait;
    private long total;
    private boolean spoke;
    private boolean paused;
    private boolean over;

    Exchange(Listener listener) {
      this.listener = listener;
    }

    void start(List<Message> dialogue, List<ToolSpec> tools) {
      askedAt = clock.nanos();
      boolean chat = options.api() == OpenAiOptions.Api.CHAT;
      JsonObject body = chat
          ? ChatCodec.request(options, dialogue, tools)
          : ResponsesCodec.request(options, dialogue, tools);
      total = vertx.setTimer(
          options.totalTimeout().toMillis(),
          id -> timedOut("took more than " + Settings.print(options.totalTimeout())));
      await(
          options.firstTokenTimeout().toMillis(),
          "wrote nothing for " + Settings.print(options.firstTokenTimeout()));
      RequestOptions to = request(
              HttpMethod.POST, options.url() + (chat ? "/chat/completions" : "/responses"))
          .putHeader("Content-Type", "application/json")
          .putHeader("Accept", "text/event-stream");
      client.request(to).onFailure(this::refused).onSuccess(made -> {
        if (over) {
          made.reset();
          return;
        }
        request = made;
        made.exceptionHandler(this::lost);
        made.response().onSuccess(this::answered).onFailure(this::lost);
        askedAt = clock.nanos();
        made.end(body.toBuffer());
      });
    }

    @Override
    public void pause() {
      if (!paused && !over && response != null) {
        paused = true;
        // The provider waits for us: its silence is none.
        vertx.cancelTimer(wait);
        response.pause();
      }
    }

    @Override
    public void resume() {
      if (paused && !over && response != null) {
        paused = false;
        awaitMore();
        response.resume();
      }
    }

    @Override
    public void cancel() {
      if (end() && request != null) {
        request.reset();
      }
    }

    private void answered(HttpClientResponse answer) {
      if (over) {
        return;
      }
      if (answer.statusCode() != 200) {
        Buffer body = Buffer.buffer();
        answer.handler(bytes -> {
          if (body.length() < MAX_ERROR_BODY) {
            body.appendBuffer(bytes);
          }
        });
        answer.exceptionHandler(this::lost);
        answer.endHandler(x -> failed(OpenAiErrors.ofResponse(
            options.name(),
            answer.statusCode(),
            body.toString(),
            answer.getHeader("Retry-After"))));
        return;
      }
      response = answer;
      answer.exceptionHandler(this::lost);
      answer.endHandler(x -> ended());
      answer.handler(bytes -> {
        if (!over) {
          received(bytes);
        }
      });
    }

    private void received(Buffer bytes) {
      if (spoke) {
        awaitMore();
      }
      try {
        sse.feed(bytes.getBytes());
      } catch (IllegalStateException e) {
        abort(new Failure(
            Failure.Stage.LLM, Kind.PROTOCOL, options.name() + " sent " + e.getMessage()));
      }
    }

    private void event(String data) {
      if (!over) {
        decoder.event(data).forEach(this::decoded);
      }
    }

    private void ended() {
      if (!over) {
        sse.end();
        if (!over) {
          decoder.end().forEach(this::decoded);
        }
      }
    }

    private void decoded(Decoded decoded) {
      if (over) {
        return;
      }
      if (decoded instanceof Decoded.Text text) {
        spoke = true;
        awaitMore();
        listener.text(text.text(), clock.nanos() - askedAt);
      } else if (decoded instanceof Decoded.Finished finished) {
        end();
        listener.completed(finished.toolCalls(), finished.truncated());
      } else if (decoded instanceof Decoded.Broken broken) {
        abort(broken.failure());
      }
    }

    private void awaitMore() {
      if (!paused) {
        await(
            options.idleTimeout().toMillis(),
            "fell silent for " + Settings.print(options.idleTimeout()));
      }
    }

    private void await(long ms, String what) {
      vertx.cancelTimer(wait);
      wait = vertx.setTimer(ms, id -> timedOut(what));
    }

    private void timedOut(String what) {
      abort(new Failure(Failure.Stage.LLM, Kind.TIMEOUT, options.name() + " " + what));
    }

    private void refused(Throwable cause) {
      failed(new Failure(
          Failure.Stage.LLM,
          Kind.REFUSED,
          options.name() + " cannot be reached: " + cause.getClass().getSimpleName()));
    }

    private void lost(Throwable cause) {
      failed(new Failure(
          Failure.Stage.LLM,
          Kind.CLOSED,
          options.name() + " closed the connection: " + cause.getClass().getSimpleName()));
    }

    private void abort(Failure failure) {
      if (request != null && !over) {
        HttpClientRequest open = request;
        failed(failure);
        open.reset();
      } else {
        failed(failure);
      }
    }

    private void failed(Failure failure) {
      if (end()) {
        listener.failed(failure);
      }
    }

    private boolean end() {
      if (over) {
        return false;
      }
      over = true;
      vertx.cancelTimer(wait);
      vertx.cancelTimer(total);
      if (paused && response != null) {
        response.resume();
      }
      return true;
    }
  }
}

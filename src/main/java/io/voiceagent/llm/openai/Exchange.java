package io.voiceagent.llm.openai;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.json.JsonObject;
import io.voiceagent.call.Clock;
import io.voiceagent.call.Failure;
import io.voiceagent.call.Failure.Kind;
import io.voiceagent.config.Settings;
import io.voiceagent.llm.LlmConnection;
import io.voiceagent.llm.SseDecoder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One request and its stream. Three limits hold at any time: to the first text, between two signs of life, and for the
 * whole; a fourth for a server that has said all and does not end its stream.
 */
final class Exchange implements LlmConnection.Reply {
  private static final int MAX_ERROR_BODY = 16 * 1024;
  /** After the last word: what still belongs to the stream (usage, the end mark) follows at once or never. */
  private static final long END_MS = 500;

  private final Vertx vertx;
  private final OpenAiOptions options;
  private final Clock clock;
  private final ReplyDecoder decoder;
  /** Nobody once this is over: the pooled connection keeps its latest exchange, which must not keep a call. */
  private LlmConnection.@Nullable Listener listener;

  private final SseDecoder sse = new SseDecoder(this::event);
  private @Nullable HttpClientRequest request;
  private @Nullable HttpClientResponse response;
  private long askedAt;
  private long wait;
  private long total;
  private long drain;
  private boolean began;
  private boolean paused;
  private boolean bodyEnded;
  private boolean over;

  Exchange(
      Vertx vertx,
      OpenAiOptions options,
      Clock clock,
      ReplyDecoder decoder,
      LlmConnection.Listener listener) {
    this.vertx = vertx;
    this.options = options;
    this.clock = clock;
    this.decoder = decoder;
    this.listener = listener;
  }

  void start(Future<HttpClientRequest> connecting, JsonObject body) {
    askedAt = clock.nanos();
    total = vertx.setTimer(
        options.totalTimeout().toMillis(),
        id -> timedOut("took more than " + Settings.print(options.totalTimeout())));
    await(
        options.firstTokenTimeout().toMillis(),
        "wrote nothing for " + Settings.print(options.firstTokenTimeout()));
    connecting.onFailure(this::refused).onSuccess(made -> {
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
    if (end()) {
      reset();
    }
  }

  private void answered(HttpClientResponse answer) {
    answer.exceptionHandler(this::lost);
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
      answer.endHandler(x -> failed(OpenAiErrors.ofResponse(
          options.name(), answer.statusCode(), body.toString(), answer.headers()::get)));
      return;
    }
    response = answer;
    answer.endHandler(x -> ended());
    answer.handler(bytes -> {
      if (!over) {
        received(bytes);
      }
    });
  }

  private void received(Buffer bytes) {
    if (began) {
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
    if (!over && decoder.answered()) {
      awaitMore();
    }
  }

  private void ended() {
    bodyEnded = true;
    vertx.cancelTimer(drain);
    if (!over) {
      sse.end();
    }
    if (!over) {
      decoder.end().forEach(this::decoded);
    }
  }

  private void decoded(Decoded decoded) {
    if (over) {
      return;
    }
    if (decoded instanceof Decoded.Text text) {
      began = true;
      awaitMore();
      Objects.requireNonNull(listener).text(text.text(), clock.nanos() - askedAt);
    } else if (decoded instanceof Decoded.Working) {
      began = true;
      awaitMore();
    } else if (decoded instanceof Decoded.Finished finished) {
      LlmConnection.Listener to = Objects.requireNonNull(listener);
      end();
      endStream();
      to.completed(finished.toolCalls(), finished.truncated());
    } else if (decoded instanceof Decoded.Broken broken) {
      abort(broken.failure());
    }
  }

  /** A stream that is not ended by the server would keep its connection for ever. */
  private void endStream() {
    if (!bodyEnded) {
      drain = vertx.setTimer(END_MS, id -> reset());
    }
  }

  private void awaitMore() {
    if (paused) {
      return;
    }
    if (decoder.answered()) {
      await(END_MS, "");
    } else {
      await(
          options.idleTimeout().toMillis(),
          "fell silent for " + Settings.print(options.idleTimeout()));
    }
  }

  private void await(long ms, String what) {
    vertx.cancelTimer(wait);
    wait = vertx.setTimer(Math.max(1, ms), id -> timedOut(what));
  }

  private void timedOut(String what) {
    if (!endsWell()) {
      abort(new Failure(Failure.Stage.LLM, Kind.TIMEOUT, options.name() + " " + what));
    }
  }

  private void refused(Throwable cause) {
    failed(new Failure(
        Failure.Stage.LLM,
        Kind.REFUSED,
        options.name() + " cannot be reached: " + cause.getClass().getSimpleName()));
  }

  private void lost(Throwable cause) {
    bodyEnded = true;
    vertx.cancelTimer(drain);
    if (!endsWell()) {
      failed(new Failure(
          Failure.Stage.LLM,
          Kind.CLOSED,
          options.name() + " closed the connection: " + cause.getClass().getSimpleName()));
    }
  }

  /** The answer was whole; only the end of its stream is missing. */
  private boolean endsWell() {
    if (over || !decoder.answered()) {
      return false;
    }
    decoder.end().forEach(this::decoded);
    return over;
  }

  private void abort(Failure failure) {
    if (!over) {
      failed(failure);
      reset();
    }
  }

  private void failed(Failure failure) {
    LlmConnection.Listener to = listener;
    if (end() && to != null) {
      to.failed(failure);
    }
  }

  private void reset() {
    if (request != null) {
      request.reset();
    }
  }

  private boolean end() {
    if (over) {
      return false;
    }
    over = true;
    listener = null;
    vertx.cancelTimer(wait);
    vertx.cancelTimer(total);
    if (paused && response != null) {
      response.resume();
    }
    return true;
  }
}

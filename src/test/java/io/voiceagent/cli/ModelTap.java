package io.voiceagent.cli;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Stands between the service and the model's provider and keeps what the model is asked. */
final class ModelTap {
  /** One message of a dialogue as it went over the wire; {@code calls}: ids of the tool calls in it. */
  record Said(String role, String text, List<String> calls, String answers) {
    private static Said of(JsonObject message) {
      List<String> calls = message.getJsonArray("tool_calls") == null
          ? List.of()
          : message.getJsonArray("tool_calls").stream()
              .map(call -> ((JsonObject) call).getString("id"))
              .toList();
      return new Said(
          message.getString("role"),
          message.getString("content") == null ? "" : message.getString("content"),
          calls,
          message.getString("tool_call_id", ""));
    }
  }

  private final HttpServer server;
  private final HttpClient client;
  private final int target;
  private final List<List<Said>> asked = new CopyOnWriteArrayList<>();
  private volatile Consumer<List<Said>> watcher = dialogue -> {};

  private ModelTap(Vertx vertx, int target) {
    this.target = target;
    this.server = vertx.createHttpServer();
    this.client = vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(200));
  }

  /** @param target port of the provider on this machine */
  static Future<ModelTap> start(Vertx vertx, int target) {
    ModelTap tap = new ModelTap(vertx, target);
    return tap.server.requestHandler(tap::pass).listen(0, "127.0.0.1").map(tap);
  }

  String url() {
    return "http://127.0.0.1:" + server.actualPort() + "/v1";
  }

  /** Is told of each request before the model is. */
  void watch(Consumer<List<Said>> next) {
    watcher = next;
  }

  /** The dialogues whose last words of the caller hold these, oldest first. */
  List<List<Said>> asked(String words) {
    return asked.stream()
        .filter(dialogue -> last(dialogue, "user").contains(words))
        .toList();
  }

  List<List<Said>> asked() {
    return List.copyOf(asked);
  }

  static String last(List<Said> dialogue, String role) {
    return dialogue.stream()
        .filter(said -> said.role().equals(role))
        .reduce((before, said) -> said)
        .map(Said::text)
        .orElse("");
  }

  private void pass(HttpServerRequest request) {
    request.body().onSuccess(body -> {
      if (request.method() == HttpMethod.POST) {
        keep(body);
      }
      client
          .request(request.method(), target, "127.0.0.1", request.uri())
          .compose(out -> {
            out.headers().addAll(request.headers());
            // Whoever does not want the answer any more is gone for the provider, too.
            request.response().closeHandler(x -> out.connection().close());
            return out.send(body);
          })
          .onSuccess(answer -> answer(request, answer))
          .onFailure(x -> request.connection().close());
    });
  }

  private static void answer(HttpServerRequest request, HttpClientResponse answer) {
    request.response().setStatusCode(answer.statusCode());
    request.response().headers().addAll(answer.headers());
    answer.pipeTo(request.response());
  }

  private void keep(Buffer body) {
    List<Said> dialogue = new JsonObject(body)
        .getJsonArray("messages").stream()
            .map(said -> Said.of((JsonObject) said))
            .toList();
    asked.add(dialogue);
    watcher.accept(dialogue);
  }
}

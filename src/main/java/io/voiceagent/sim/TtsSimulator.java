package io.voiceagent.sim;

import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Cartesia's {@code /tts/websocket}: many contexts on one socket, spoken by the {@link Modem}.
 *
 * <p>Faults of {@code tts}: {@code upgrade} (at the handshake, see {@link CartesiaSimulator}), {@code error} (in band, with
 * a status), {@code close} (with a code), {@code hang}, {@code zeroAudio}, {@code slowFirst}, and after some chunks {@code
 * closeMid}, {@code hangMid}, {@code garbage}, {@code wrongTypes}, {@code noDone}, {@code noFlush}, {@code drip}.
 */
final class TtsSimulator {
  private final SimulatorCore core;
  private int activeContexts;

  TtsSimulator(SimulatorCore core) {
    this.core = core;
  }

  void connected(ServerWebSocket socket) {
    core.stats().add("ttsSockets", 1);
    core.stats().add("ttsSocketsOpen", 1);
    Connection connection = new Connection(socket);
    socket.textMessageHandler(connection::message);
    socket.exceptionHandler(x -> {});
    socket.closeHandler(x -> {
      core.stats().add("ttsSocketsOpen", -1);
      connection.closed();
    });
  }

  private final class Connection {
    private final ServerWebSocket socket;
    private final Map<String, Context> contexts = new HashMap<>();

    Connection(ServerWebSocket socket) {
      this.socket = socket;
    }

    void message(String text) {
      JsonObject message;
      try {
        message = new JsonObject(text);
      } catch (RuntimeException e) {
        error("", 400, "invalid_message", "not JSON");
        return;
      }
      String id = message.getString("context_id", "");
      if (Boolean.TRUE.equals(message.getBoolean("cancel"))) {
        core.stats().add("ttsCancelled", 1);
        Context context = contexts.remove(id);
        if (context != null) {
          context.end();
        }
        return;
      }
      String fault = validate(message, id);
      if (!fault.isEmpty()) {
        error(id, 400, "invalid_request", fault);
        return;
      }
      Context context = contexts.get(id);
      if (context == null) {
        context = open(id);
        if (context == null) {
          return;
        }
      }
      context.add(
          message.getString("transcript"),
          Boolean.TRUE.equals(message.getBoolean("continue")),
          Boolean.TRUE.equals(message.getBoolean("add_timestamps")),
          Boolean.TRUE.equals(message.getBoolean("flush")));
    }

    private String validate(JsonObject message, String id) {
      if (id.isEmpty()) {
        return "context_id is missing";
      }
      if (message.getString("transcript") == null || message.getString("model_id") == null) {
        return "transcript and model_id are required";
      }
      JsonObject format = message.getJsonObject("output_format");
      if (format == null
          || !"raw".equals(format.getString("container"))
          || !"pcm_mulaw".equals(format.getString("encoding"))
          || format.getInteger("sample_rate", 0) != 8000) {
        return "this simulator speaks raw pcm_mulaw at 8000 Hz only";
      }
      return message.getValue("voice") == null ? "voice is missing" : "";
    }

    private @Nullable Context open(String id) {
      int limit = core.options().ttsMaxContexts();
      if (limit > 0 && activeContexts >= limit) {
        error(id, 429, "concurrency_limited", "too many contexts");
        return null;
      }
      Faults.Fault fault = core.faults()
          .take(
              "tts",
              "error",
              "close",
              "hang",
              "zeroAudio",
              "slowFirst",
              "closeMid",
              "hangMid",
              "garbage",
              "wrongTypes",
              "noDone",
              "noFlush",
              "drip");
      if (fault != null && fault.kind().equals("error")) {
        error(id, fault.status(), fault.code(), "simulated");
        return null;
      }
      if (fault != null && fault.kind().equals("close")) {
        socket.close((short) (fault.status() < 1000 ? 1011 : fault.status()));
        return null;
      }
      Context context = new Context(this, id, fault);
      contexts.put(id, context);
      activeContexts++;
      core.stats().add("ttsContexts", 1);
      core.stats().add("ttsContextsOpen", 1);
      return context;
    }

    void error(String id, int status, String code, String text) {
      JsonObject error = new JsonObject()
          .put("type", "error")
          .put("done", true)
          .put("status_code", status)
          .put("error_code", code.isEmpty() ? null : code)
          .put("title", "Simulated error")
          .put("message", text)
          .put("request_id", "sim");
      send(id.isEmpty() ? error : error.put("context_id", id));
    }

    void send(JsonObject event) {
      if (!socket.isClosed()) {
        socket.writeTextMessage(event.encode());
      }
    }

    void done(Context context) {
      contexts.remove(context.id, context);
    }

    void closed() {
      List.copyOf(contexts.values()).forEach(Context::end);
      contexts.clear();
    }
  }

  /** One utterance, in the order in which its text came. */
  private final class Context {
    private final Connection connection;
    private final String id;
    private final Faults.@Nullable Fault fault;
    private final TtsUtterance utterance;
    private int chunks;
    private boolean last;
    private boolean started;
    private boolean running;
    private boolean over;

    Context(Connection connection, String id, Faults.@Nullable Fault fault) {
      this.connection = connection;
      this.id = id;
      this.fault = fault;
      this.utterance = new TtsUtterance(id);
    }

    void add(String transcript, boolean more, boolean timestamps, boolean flush) {
      if (last || over) {
        connection.error(id, 400, "context_closed", "the context has ended");
        return;
      }
      core.stats().add("ttsCharacters", transcript.length());
      utterance.speak(transcript, timestamps);
      if (flush && !is("noFlush")) {
        utterance.flush();
      }
      last = !more;
      if (!started) {
        started = true;
        long slow = is("slowFirst") ? Objects.requireNonNull(fault).ms() : 0;
        core.after(core.delays().next(core.options().ttsFirstAudio()) + slow, () -> {
          running = true;
          pump();
        });
      } else if (running) {
        pump();
      }
    }

    private void pump() {
      while (!over && running) {
        if (is("hang") || fault != null && chunks == fault.after() && misbehave(fault)) {
          return;
        }
        TtsUtterance.Piece piece = utterance.next();
        if (piece == null) {
          finish();
          return;
        }
        if (piece.event() != null) {
          connection.send(piece.event());
          continue;
        }
        if (is("zeroAudio")) {
          continue;
        }
        chunks++;
        core.stats().add("ttsAudioBytes", piece.audio().length);
        connection.send(utterance
            .event("chunk")
            .put("data", Base64.getEncoder().encodeToString(piece.audio()))
            .put("step_time", 1.0));
        if (connection.socket.isClosed()) {
          return;
        }
        if (connection.socket.writeQueueFull()) {
          core.stats().add("ttsBlocked", 1);
          running = false;
          // Several contexts share the socket and its one drain handler: look again soon.
          core.vertx().setTimer(5, timer -> resume());
          return;
        }
        long wait = pace(piece.audio().length);
        if (wait > 0) {
          running = false;
          core.vertx().setTimer(wait, timer -> resume());
          return;
        }
      }
    }

    private void resume() {
      if (connection.socket.isClosed()) {
        return;
      }
      if (connection.socket.writeQueueFull()) {
        core.vertx().setTimer(5, timer -> resume());
        return;
      }
      running = true;
      pump();
    }

    private long pace(int bytes) {
      if (is("drip")) {
        return core.delays()
            .next(Duration.ofMillis(Objects.requireNonNull(fault).ms()));
      }
      double speed = core.options().ttsSpeed();
      return speed == 0 ? 0 : Math.round(bytes / 8.0 / speed);
    }

    private boolean misbehave(Faults.Fault planned) {
      switch (planned.kind()) {
        case "closeMid" -> {
          connection.socket.close((short) (planned.status() < 1000 ? 1011 : planned.status()));
          return true;
        }
        case "hangMid" -> {
          return true;
        }
        case "garbage" ->
          connection.socket.writeTextMessage("{\"type\":\"chunk\",\"data\":\"%%%\",");
        case "wrongTypes" ->
          connection.socket.writeTextMessage(
              "{\"type\":7,\"context_id\":[\"" + id + "\"],\"data\":{}}");
        default -> {
          return false;
        }
      }
      chunks++;
      return false;
    }

    private void finish() {
      if (last && !is("noDone")) {
        connection.send(utterance.event("done").put("done", true));
        core.stats().add("ttsDone", 1);
        connection.done(this);
        end();
      }
    }

    void end() {
      if (!over) {
        over = true;
        activeContexts--;
        core.stats().add("ttsContextsOpen", -1);
      }
    }

    private boolean is(String kind) {
      return fault != null && fault.kind().equals(kind);
    }
  }
}

package io.voiceagent.sim;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonObject;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Cartesia's {@code /stt/websocket} (the client says when to finalize) and {@code /stt/turns/websocket} (the server ends
 * turns). It hears the words that the audio carries, and nothing else.
 *
 * <p>Faults of {@code stt}: {@code upgrade} (see {@link CartesiaSimulator}), {@code close} and {@code error} after some
 * words, {@code hang}, {@code noFlush}, {@code slowFinal}, {@code garbage}, {@code wrongTypes}, {@code duplicateFinal}.
 */
final class SttSimulator {
  private final SimulatorCore core;

  SttSimulator(SimulatorCore core) {
    this.core = core;
  }

  void connected(ServerWebSocket socket, boolean turns) {
    core.stats().add("sttSockets", 1);
    core.stats().add("sttSocketsOpen", 1);
    Session session = turns ? new Turns(socket) : new Manual(socket);
    socket.binaryMessageHandler(session::audio);
    socket.textMessageHandler(session::command);
    socket.exceptionHandler(x -> {});
    socket.closeHandler(x -> core.stats().add("sttSocketsOpen", -1));
    session.opened();
  }

  private abstract class Session implements ModemDecoder.Listener {
    final ServerWebSocket socket;
    final ModemDecoder decoder = new ModemDecoder(this);
    final Faults.@Nullable Fault fault = core.faults()
        .take(
            "stt",
            "close",
            "error",
            "hang",
            "noFlush",
            "slowFinal",
            "garbage",
            "wrongTypes",
            "duplicateFinal");
    int words;
    long audioBytes;

    Session(ServerWebSocket socket) {
      this.socket = socket;
    }

    void opened() {}

    void audio(Buffer bytes) {
      core.stats().add("sttAudioBytes", bytes.length());
      audioBytes += bytes.length();
      decoder.accept(bytes.getBytes());
    }

    abstract void command(String text);

    abstract void word(String word);

    @Override
    public void heard(ModemDecoder.Heard heard) {
      core.stats().add("sttWords", 1);
      words++;
      if (is("close") && words == Objects.requireNonNull(fault).after()) {
        socket.close((short) (fault.status() < 1000 ? 1011 : fault.status()));
      } else if (is("error") && words == Objects.requireNonNull(fault).after()) {
        send(new JsonObject()
            .put("type", "error")
            .put("status_code", fault.status())
            .put("title", "Simulated error")
            .put("message", "simulated")
            .put("error_code", fault.code().isEmpty() ? null : fault.code()));
        socket.close((short) 1011);
      } else if (is("garbage")) {
        raw("{\"type\":\"transcript\",\"is_final\":tr");
        word(heard.word());
      } else if (is("wrongTypes")) {
        raw("{\"type\":\"transcript\",\"is_final\":\"maybe\",\"text\":[1]}");
        word(heard.word());
      } else if (!is("hang")) {
        word(heard.word());
      }
    }

    @Override
    public void garbled(long atSample) {
      core.stats().add("sttGarbled", 1);
    }

    boolean is(String kind) {
      return fault != null && fault.kind().equals(kind);
    }

    void send(JsonObject event) {
      raw(event.put("request_id", "sim").encode());
    }

    void raw(String text) {
      if (!socket.isClosed()) {
        socket.writeTextMessage(text);
      }
    }

    long finalDelay() {
      return core.delays().next(core.options().sttFinal())
          + (is("slowFinal") ? Objects.requireNonNull(fault).ms() : 0);
    }
  }

  private final class Manual extends Session {
    private final StringBuilder pending = new StringBuilder();
    private int pendingWords;
    private boolean spoke;

    Manual(ServerWebSocket socket) {
      super(socket);
    }

    @Override
    void word(String word) {
      // Finals are joined verbatim by the client: the blank between two of them is ours.
      pending.append(spoke || pendingWords > 0 ? " " : "").append(word);
      pendingWords++;
      send(transcript(false, pending.toString()));
      if (core.options().sttFinalEvery() > 0 && pendingWords >= core.options().sttFinalEvery()) {
        finish();
      }
    }

    @Override
    void command(String text) {
      switch (text) {
        case "finalize" -> {
          core.stats().add("sttFinalize", 1);
          core.after(finalDelay(), () -> {
            if (is("hang")) {
              return;
            }
            finish();
            if (!is("noFlush")) {
              send(new JsonObject().put("type", "flush_done"));
            }
          });
        }
        case "close", "done" -> {
          finish();
          send(new JsonObject().put("type", "done"));
          socket.close((short) 1000);
        }
        default ->
          send(new JsonObject()
              .put("type", "error")
              .put("status_code", 400)
              .put("title", "Bad request")
              .put("message", "unknown command"));
      }
    }

    private void finish() {
      if (pendingWords == 0) {
        return;
      }
      String text = pending.toString();
      pending.setLength(0);
      pendingWords = 0;
      spoke = true;
      JsonObject event = transcript(true, text).put("duration", 1.0).put("language", "en");
      send(event);
      if (is("duplicateFinal")) {
        send(event.copy());
      }
    }

    private JsonObject transcript(boolean isFinal, String text) {
      return new JsonObject().put("type", "transcript").put("is_final", isFinal).put("text", text);
    }
  }

  private final class Turns extends Session {
    private final StringBuilder turn = new StringBuilder();
    private long lastWordAt;
    private boolean eager;

    Turns(ServerWebSocket socket) {
      super(socket);
    }

    @Override
    void opened() {
      send(new JsonObject().put("type", "connected"));
    }

    @Override
    void audio(Buffer bytes) {
      super.audio(bytes);
      long silentMs = (audioBytes - lastWordAt) / 8;
      long silence = core.options().sttTurnSilence().toMillis();
      if (turn.length() > 0 && !eager && silentMs > silence / 2) {
        eager = true;
        send(new JsonObject().put("type", "turn.eager_end").put("transcript", turn.toString()));
      }
      if (turn.length() > 0 && silentMs > silence) {
        String text = turn.toString();
        turn.setLength(0);
        core.after(
            finalDelay(),
            () -> send(new JsonObject().put("type", "turn.end").put("transcript", text)));
      }
    }

    @Override
    void word(String word) {
      lastWordAt = audioBytes;
      if (turn.length() == 0) {
        send(new JsonObject().put("type", "turn.start"));
      } else if (eager) {
        send(new JsonObject().put("type", "turn.resume"));
      }
      eager = false;
      turn.append(turn.length() == 0 ? "" : " ").append(word);
      send(new JsonObject().put("type", "turn.update").put("transcript", turn.toString()));
    }

    @Override
    void command(String text) {
      if (text.contains("\"close\"")) {
        socket.close((short) 1000);
      } else if (!text.contains("\"config\"")) {
        send(new JsonObject()
            .put("type", "error")
            .put("status_code", 400)
            .put("title", "Bad request")
            .put("message", "unknown message"));
      }
    }
  }
}

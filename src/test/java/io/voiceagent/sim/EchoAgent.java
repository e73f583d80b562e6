package io.voiceagent.sim;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** The least that can answer a call: greets, hears words, answers each pause with what the brain says. */
final class EchoAgent {
  static final String TOKEN = "the-auth-token";
  private static final int PAUSE_FRAMES = 15;

  final List<String> signatures = new CopyOnWriteArrayList<>();
  final List<String> received = new CopyOnWriteArrayList<>();
  final CompletableFuture<String> stopped = new CompletableFuture<>();
  final List<String> requests = new CopyOnWriteArrayList<>();
  volatile UnaryOperator<List<byte[]>> spoil = UnaryOperator.identity();
  volatile String greeting = "Hello";
  volatile String afterStream = "<Hangup/>";
  volatile String extraMessage = "";
  volatile int closeAfterFrames = Integer.MAX_VALUE;
  private final HttpServer server;

  EchoAgent(Vertx vertx) {
    server = vertx
        .createHttpServer()
        .requestHandler(this::webhook)
        .webSocketHandler(socket -> new Call(socket));
  }

  Future<String> listen() {
    return server.listen(0, "127.0.0.1").map(up -> "http://127.0.0.1:" + up.actualPort());
  }

  private void webhook(HttpServerRequest request) {
    requests.add(request.path());
    signatures.add(String.valueOf(request.getHeader("X-Twilio-Signature")));
    String host = request.getHeader("Host");
    String document = request.path().equals("/twilio/voice")
        ? "<Connect action=\"/after\"><Stream url=\"ws://" + host
            + "/media\"><Parameter name=\"token\" value=\"a&amp;b\"/></Stream></Connect>"
        : afterStream;
    request
        .response()
        .putHeader("Content-Type", "text/xml")
        .end("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response>" + document + "</Response>");
  }

  private final class Call implements ModemDecoder.Listener {
    private final ServerWebSocket socket;
    private final ModemDecoder decoder = new ModemDecoder(this);
    private final StringBuilder words = new StringBuilder();
    private String streamSid = "";
    private int silentFrames;
    private int utterance = 100;
    private int frames;
    private long speakingUntil;

    Call(ServerWebSocket socket) {
      this.socket = socket;
      socket.textMessageHandler(this::message);
      socket.exceptionHandler(x -> {});
    }

    private void message(String text) {
      JsonObject json = new JsonObject(text);
      String event = json.getString("event");
      if (!"media".equals(event)) {
        received.add(text);
      }
      if ("stop".equals(event)) {
        stopped.complete(text);
      } else if ("start".equals(event)) {
        streamSid = json.getString("streamSid");
        if (!extraMessage.isEmpty()) {
          socket.writeTextMessage(extraMessage.replace("STREAM", streamSid));
        }
        if (!greeting.isEmpty()) {
          speak(greeting);
        }
      } else if ("media".equals(event)) {
        if (++frames == closeAfterFrames) {
          socket.close();
          return;
        }
        audio(Base64.getDecoder().decode(json.getJsonObject("media").getString("payload")));
      }
    }

    private void audio(byte[] frame) {
      boolean silent = true;
      for (byte sample : frame) {
        silent &= sample == (byte) 0xFF;
      }
      silentFrames = silent ? silentFrames + 1 : 0;
      if (!silent && System.nanoTime() < speakingUntil) {
        speakingUntil = 0;
        socket.writeTextMessage("{\"event\":\"clear\",\"streamSid\":\"" + streamSid + "\"}");
      }
      decoder.accept(frame);
      if (silentFrames == PAUSE_FRAMES && words.length() > 0) {
        speak(SimulatedBrain.answer(words.toString()));
        words.setLength(0);
      }
    }

    private void speak(String text) {
      List<byte[]> pieces = new ArrayList<>();
      int place = 0;
      utterance++;
      long bytes = 0;
      for (String word : Modem.words(text)) {
        byte[] sound = Modem.speak(word, utterance, place++).mulaw();
        pieces.add(sound);
        bytes += sound.length;
      }
      speakingUntil = System.nanoTime() + bytes * 125_000;
      for (byte[] piece : spoil.apply(pieces)) {
        socket.writeTextMessage("{\"event\":\"media\",\"streamSid\":\"" + streamSid
            + "\",\"media\":{\"payload\":\"" + Base64.getEncoder().encodeToString(piece) + "\"}}");
      }
      socket.writeTextMessage("{\"event\":\"mark\",\"streamSid\":\"" + streamSid
          + "\",\"mark\":{\"name\":\"m" + utterance + "\"}}");
    }

    @Override
    public void heard(ModemDecoder.Heard word) {
      words.append(words.length() == 0 ? "" : " ").append(word.word());
    }
  }

  static byte[] silence(int ms) {
    byte[] silence = new byte[ms * 8];
    Arrays.fill(silence, (byte) 0xFF);
    return silence;
  }
}

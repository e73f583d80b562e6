package io.voiceagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.json.JsonObject;
import io.voiceagent.sim.Modem;
import io.voiceagent.sim.ModemDecoder;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A carrier that talks nonsense between the words of a caller. */
@Timeout(60)
class BadInputIT {
  private static final List<String> BAD = List.of(
      "not json",
      "[]",
      "{}",
      "{\"event\":7}",
      "{\"event\":null}",
      "{\"event\":\"media\"}",
      "{\"event\":\"media\",\"media\":\"text\"}",
      "{\"event\":\"media\",\"media\":{\"payload\":\"%%%\"}}",
      "{\"event\":\"media\",\"media\":{\"payload\":{}}}",
      "{\"event\":\"mark\",\"mark\":{}}",
      "{\"event\":\"dtmf\",\"dtmf\":{\"digit\":\"555\"}}",
      "{\"event\":\"start\",\"start\":[]}",
      "{\"event\":\"weather\",\"streamSid\":\"MZ1\"}");

  @Test
  void aCallGoesOnThroughNonsenseWhichIsCounted() throws Exception {
    try (LiveService live = LiveService.start("agent.greeting=");
        Stranger carrier = new Stranger(live.mediaUrl(), LiveService.TOKEN)) {
      double before = live.metric("carrier_bad_message_total");
      WebSocket socket = carrier.open(true);
      CompletableFuture<String> heard = listen(socket, "one two three");
      socket.writeTextMessage(media(new byte[160], 0, 160));
      BAD.forEach(socket::writeTextMessage);
      socket.writeTextMessage(Stranger.startMessage("CAbad1", carrier.token("CAbad1")));
      BAD.forEach(socket::writeTextMessage);
      socket.writeBinaryMessage(Buffer.buffer(new byte[160]));

      byte[] speech = Modem.speak("echo one two three", 1);
      int[] sizes = {1, 159, 37, 400, 160, 3, 800};
      int next = 0;
      for (int at = 0; at < speech.length; next++) {
        int length = Math.min(speech.length - at, sizes[next % sizes.length]);
        socket.writeTextMessage(media(speech, at, length));
        at += length;
        if (next == 10) {
          BAD.forEach(socket::writeTextMessage);
        }
      }
      byte[] silence = new byte[8000];
      Arrays.fill(silence, (byte) 0xFF);
      for (int at = 0; at < silence.length; at += 160) {
        socket.writeTextMessage(media(silence, at, 160));
      }

      assertThat(heard.get(20, TimeUnit.SECONDS)).isEqualTo("one two three");
      assertThat(live.metric("carrier_bad_message_total") - before)
          .as("media before start, what was no message, and the binary frame")
          .isEqualTo(3 * BAD.size() + 2);
      socket.writeTextMessage("{\"event\":\"stop\",\"stop\":7}");
      assertThat(LiveService.within2s(live::nothingLeft)).as(live::leftovers).isTrue();
    }
  }

  /** Numbers where the carrier writes strings. */
  private static String media(byte[] mulaw, int from, int length) {
    byte[] frame = Arrays.copyOfRange(mulaw, from, from + length);
    return new JsonObject()
        .put("event", "media")
        .put("sequenceNumber", 4)
        .put("streamSid", "MZ1")
        .put(
            "media",
            new JsonObject()
                .put("track", "inbound")
                .put("chunk", 2)
                .put("timestamp", 25)
                .put("payload", Base64.getEncoder().encodeToString(frame)))
        .encode();
  }

  private static CompletableFuture<String> listen(WebSocket socket, String expected) {
    CompletableFuture<String> heard = new CompletableFuture<>();
    StringBuilder words = new StringBuilder();
    ModemDecoder ear = new ModemDecoder(word -> {
      words.append(words.isEmpty() ? "" : " ").append(word.word());
      if (words.length() >= expected.length()) {
        heard.complete(words.toString());
      }
    });
    socket.exceptionHandler(cause -> {});
    socket.closeHandler(x ->
        heard.completeExceptionally(new AssertionError("closed: " + socket.closeStatusCode())));
    socket.textMessageHandler(text -> {
      JsonObject message = new JsonObject(text);
      if ("media".equals(message.getString("event"))) {
        ear.accept(Base64.getDecoder().decode(message.getJsonObject("media").getString("payload")));
      }
    });
    return heard;
  }
}

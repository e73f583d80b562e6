package io.voiceagent.sim;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What a context has to send, in the order in which its text came: sound, the times of its words, ends of flushes. */
final class TtsUtterance {
  private static final int CHUNK_BYTES = 1600;

  /** Sound, or an event in its place. */
  record Piece(byte[] audio, @Nullable JsonObject event) {}

  private final String context;
  private final int number;
  private final ArrayDeque<Piece> pieces = new ArrayDeque<>();
  private int place;
  private long audioBytes;
  private int flushes;

  TtsUtterance(String context) {
    this.context = context;
    this.number = context.hashCode() & 0xFF;
  }

  /** Timings travel with the sound, word by word, just ahead of it. */
  void speak(String transcript, boolean timestamps) {
    for (String word : Modem.words(transcript)) {
      Modem.Spoken spoken = Modem.speak(word, number, place++);
      byte[] mulaw = spoken.mulaw();
      if (timestamps) {
        add(timed(word, audioBytes, spoken.wordMs()));
      }
      audioBytes += mulaw.length;
      for (int at = 0; at < mulaw.length; at += CHUNK_BYTES) {
        int end = Math.min(mulaw.length, at + CHUNK_BYTES);
        pieces.add(new Piece(Arrays.copyOfRange(mulaw, at, end), null));
      }
    }
  }

  private JsonObject timed(String word, long fromByte, int wordMs) {
    return event("timestamps")
        .put(
            "word_timestamps",
            new JsonObject()
                .put("words", new JsonArray().add(word))
                .put("start", new JsonArray().add(fromByte / 8000.0))
                .put("end", new JsonArray().add((fromByte + wordMs * 8L) / 8000.0)));
  }

  void flush() {
    add(event("flush_done").put("flush_done", true).put("flush_id", ++flushes));
  }

  private void add(JsonObject event) {
    pieces.add(new Piece(new byte[0], event));
  }

  /** Null when all is sent. */
  @Nullable
  Piece next() {
    return pieces.poll();
  }

  JsonObject event(String type) {
    return new JsonObject()
        .put("type", type)
        .put("done", false)
        .put("status_code", 206)
        .put("context_id", context);
  }
}

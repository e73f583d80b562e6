package io.voiceagent.cli.soak;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** Every now and then one fault of one provider, drawn by a seed. */
final class FaultStorm implements AutoCloseable {
  private record Kind(String provider, String kind, int status) {}

  private static final List<Kind> KINDS = List.of(
      new Kind("stt", "upgrade", 503),
      new Kind("stt", "close", 1011),
      new Kind("stt", "error", 500),
      new Kind("stt", "hang", 0),
      new Kind("stt", "noFlush", 0),
      new Kind("stt", "slowFinal", 0),
      new Kind("stt", "garbage", 0),
      new Kind("stt", "wrongTypes", 0),
      new Kind("stt", "duplicateFinal", 0),
      new Kind("tts", "upgrade", 429),
      new Kind("tts", "error", 500),
      new Kind("tts", "error", 429),
      new Kind("tts", "close", 1011),
      new Kind("tts", "closeMid", 1011),
      new Kind("tts", "hang", 0),
      new Kind("tts", "hangMid", 0),
      new Kind("tts", "zeroAudio", 0),
      new Kind("tts", "slowFirst", 0),
      new Kind("tts", "garbage", 0),
      new Kind("tts", "wrongTypes", 0),
      new Kind("tts", "noDone", 0),
      new Kind("tts", "drip", 0),
      new Kind("llm", "status", 500),
      new Kind("llm", "status", 429),
      new Kind("llm", "refuse", 0),
      new Kind("llm", "hang", 0),
      new Kind("llm", "slowFirst", 0),
      new Kind("llm", "closeMid", 0),
      new Kind("llm", "hangMid", 0),
      new Kind("llm", "errorMid", 0),
      new Kind("llm", "garbage", 0),
      new Kind("llm", "wrongTypes", 0),
      new Kind("llm", "noDone", 0),
      new Kind("llm", "drip", 0),
      new Kind("llm", "empty", 0));
  private static final int MOST_PAUSE_MS = 2500;

  private final URI control;
  private final Random random;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Thread thread = new Thread(this::blow, "fault-storm");
  private volatile boolean over;

  /** @param simulators base URL of any of the simulated providers */
  FaultStorm(String simulators, long seed) {
    this.control = URI.create(simulators + "/_sim/faults");
    this.random = new Random(seed);
    thread.setDaemon(true);
    thread.start();
  }

  private void blow() {
    try {
      while (!over) {
        Thread.sleep(200 + random.nextInt(MOST_PAUSE_MS));
        Kind kind = KINDS.get(random.nextInt(KINDS.size()));
        JsonObject fault = new JsonObject()
            .put("provider", kind.provider())
            .put("kind", kind.kind())
            .put("status", kind.status())
            .put("times", 1 + random.nextInt(2))
            .put("after", 1 + random.nextInt(5));
        send(HttpRequest.newBuilder(control)
            .POST(HttpRequest.BodyPublishers.ofString(fault.encode())));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void send(HttpRequest.Builder request) throws InterruptedException {
    try {
      http.send(
          request.timeout(Duration.ofSeconds(5)).build(), HttpResponse.BodyHandlers.discarding());
    } catch (IOException e) {
      // A machine under load; the next one counts.
    }
  }

  /** What has not happened yet will not. */
  @Override
  public void close() throws InterruptedException {
    over = true;
    thread.join(10_000);
    send(HttpRequest.newBuilder(control).DELETE());
  }
}

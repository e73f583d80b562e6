package io.voiceagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.voiceagent.sim.CallResult;
import io.voiceagent.sim.Scenario;
import io.voiceagent.sim.SimulatedCaller;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What our endpointing costs beyond the release and the transcriber: from the frame with which the voice was over to the
 * event on which the answer is ordered. By hand, more of it:
 * {@code mvn test -Dtest=EndpointDelayIT -Ddelay.calls=100 -Ddelay.turns=20}.
 */
class EndpointDelayIT {
  private static final int CALLS = Integer.getInteger("delay.calls", 4);
  private static final int TURNS = Integer.getInteger("delay.turns", 5);

  @TempDir
  private static Path journal = Path.of("");

  @Test
  void r30_noTurnWaitsOnceItsFinalIsHere() throws Exception {
    String[] lines = Collections.nCopies(TURNS, "echo yes").toArray(String[]::new);
    try (LiveService live = LiveService.start(
        "agent.greeting=",
        "journal.dir=" + journal,
        "limits.maxCalls=200",
        "turn.silence.after=0")) {
      // The first of anything is slow.
      LiveService.result(live.place(calling(0, "echo yes", "echo yes")));
      for (Path file : journals()) {
        Files.delete(file);
      }
      List<SimulatedCaller> callers = new ArrayList<>();
      for (int i = 0; i < CALLS; i++) {
        callers.add(live.place(calling(100 + 37L * i % 900, lines)));
        // Calls come one after the other; a hundred at once are another test.
        TimeUnit.MILLISECONDS.sleep(20);
      }
      for (SimulatedCaller caller : callers) {
        CallResult result = LiveService.result(caller);
        assertThat(result.good()).as(result.toString()).isTrue();
      }
    }
    List<Double> ours = new ArrayList<>();
    List<Double> all = new ArrayList<>();
    for (Path file : journals()) {
      read(Files.readAllLines(file), ours, all);
    }
    Collections.sort(ours);
    Collections.sort(all);
    System.out.printf(
        "%d turns in %d calls: ours p50 %.1f ms, p99 %.1f ms; with the simulated transcriber's time p50 %.1f ms, p99 %.1f ms%n",
        ours.size(), CALLS, at(ours, 0.5), at(ours, 0.99), at(all, 0.5), at(all, 0.99));

    assertThat(ours).hasSizeGreaterThanOrEqualTo(CALLS * TURNS);
    assertThat(at(ours, 0.5)).isLessThanOrEqualTo(20);
    // Single turns are also what a busy machine makes of them; a timer that was waited for is more.
    assertThat(at(ours, 0.99)).isLessThanOrEqualTo(250);
  }

  private static List<Path> journals() throws IOException {
    try (Stream<Path> files = Files.list(journal)) {
      return files.toList();
    }
  }

  private static Scenario calling(long thinkMs, String... lines) {
    return new Scenario(List.of(lines), false, 4, thinkMs, 50, 15_000, 0, "", false, 0, 0);
  }

  /** Each pause that an answer was ordered on, by whatever event: from the voice's end to that event. */
  private static void read(List<String> lines, List<Double> ours, List<Double> all) {
    double endedAt = 0;
    double transcriberMs = 0;
    for (String text : lines) {
      JsonObject line = new JsonObject(text);
      JsonObject fact =
          line.getJsonObject("event", new JsonObject()).getJsonObject("fact", new JsonObject());
      if ("SpeechEnded".equals(fact.getString("type"))) {
        endedAt = millis(line);
        transcriberMs = 0;
      } else if ("TranscriptFlushed".equals(fact.getString("type"))) {
        transcriberMs = fact.getLong("providerNanos") / 1e6;
      }
      if (orders(line)) {
        double took = millis(line) - endedAt;
        all.add(took);
        ours.add(took - transcriberMs);
      }
    }
  }

  /** {@code +4.235454s} */
  private static double millis(JsonObject line) {
    String time = line.getString("time");
    return Double.parseDouble(time.substring(1, time.length() - 1)) * 1000;
  }

  private static boolean orders(JsonObject line) {
    return line.getJsonArray("effects", new JsonArray()).stream()
        .anyMatch(effect -> effect.toString().startsWith("Generate["));
  }

  private static double at(List<Double> sorted, double quantile) {
    return sorted.get((int) Math.min(sorted.size() - 1, Math.floor(sorted.size() * quantile)));
  }
}

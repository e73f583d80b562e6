package io.voiceagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LoadtestIT {
  @TempDir
  private Path directory;

  private final StringWriter said = new StringWriter();

  @Test
  void aRunReportsWhatEveryCallerHeardAndFailsByItsLimits() throws Exception {
    try (LiveService service = LiveService.start("agent.greeting=Hello")) {
      int exit = loadtest(
          service,
          "--calls=6",
          "--ramp=1s",
          "--hold=6s",
          "--fail-if=words_crossed>0",
          "--fail-if=turns_unanswered>0",
          "--fail-if=calls_failed>0",
          "--fail-if=first_audio_p50_ms>1");

      assertThat(exit).as("one limit cannot hold").isEqualTo(1);
      assertThat(service.metric("calls_started_total")).as("two rehearsed").isEqualTo(8);
    }

    JsonObject report = new JsonObject(Files.readString(directory.resolve("report.json")));
    JsonObject figures = report.getJsonObject("figures");
    assertThat(report.getBoolean("valid")).isTrue();
    assertThat(report.getJsonArray("brokenLimits")).as(said.toString()).hasSize(1);
    assertThat(figures.getInteger("calls")).isEqualTo(6);
    assertThat(figures.getInteger("words")).isGreaterThan(50);
    assertThat(figures.getDouble("first_audio_p50_ms")).isBetween(150.0, 2000.0);
    assertThat(figures.getDouble("added_latency_p50_ms")).isPositive();
    assertThat(figures.getDouble("cpu_ms_per_call_second")).isPositive();
    assertThat(figures.getDouble("bytes_allocated_per_frame")).isNotNegative();
    assertThat(report.getJsonObject("stages").getDouble("endpointing")).isPositive();
    assertThat(report.getJsonArray("samples").size()).isGreaterThan(2);
    assertThat(Files.readString(directory.resolve("report.html")))
        .contains("uPlot", "first_audio_p50_ms")
        .doesNotContain("/*DATA*/null", "/*UPLOT_JS*/", "src=\"http");
    assertThat(Files.readString(directory.resolve("first-audio.hlog"))).contains("HIST");
    assertThat(said.toString()).contains("words lost", "LIMIT BROKEN: first_audio_p50_ms");
  }

  @Test
  void wrongLimitsAndWrongKeysAreSaidBeforeAnythingStarts() {
    assertThat(execute("loadtest", "--fail-if=quick please")).isEqualTo(2);
    assertThat(execute("loadtest", "--set=load.callers=5", "--set=load.hold=x")).isEqualTo(2);
    assertThat(said.toString()).contains("--fail-if", "load.callers", "load.hold");
  }

  private int loadtest(LiveService service, String... more) {
    List<String> words = new ArrayList<>(List.of(
        "loadtest",
        "--url=" + service.mediaUrl(),
        "--ops=" + service.opsUrl(),
        "--auth-token=" + LiveService.TOKEN,
        "--out=" + directory,
        // Here the machine may be busy with other tests: it is the words that count.
        "--set=load.maxLateness=10s",
        "--set=load.rehearsal=2",
        "--set=load.warmUp=500ms",
        "--set=load.sample=500ms",
        "--set=load.think=200ms",
        "--set=load.stories=0"));
    words.addAll(List.of(more));
    return execute(words.toArray(String[]::new));
  }

  private int execute(String... words) {
    PrintWriter console = new PrintWriter(said, true);
    return Main.execute(console, console, words);
  }
}

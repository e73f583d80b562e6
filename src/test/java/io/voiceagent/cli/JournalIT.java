package io.voiceagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.voiceagent.sim.CallResult;
import io.voiceagent.sim.Faults.Fault;
import io.voiceagent.sim.Scenario;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real calls are recorded, and decided anew the same. */
class JournalIT {
  @TempDir
  private Path folder = Path.of("");

  @Test
  void everyDecisionOfARecordedCallIsMadeAgain() throws Exception {
    try (LiveService live = LiveService.start(
        "journal.dir=" + folder,
        "llm.openai.firstTokenTimeout=1s",
        "llm.openai.idleTimeout=500ms",
        "tts.cartesia.firstAudioTimeout=1s")) {
      live.call(Scenario.of("one two three", "echo thank you").withDigits("12#"));
      live.call(Scenario.of("tell me a long story", "stop please", "thank you").withBargeIn(true));
      live.simulators().faults().add(Fault.of("llm", "hang"));
      live.simulators().faults().add(Fault.of("tts", "error"));
      live.call(Scenario.of("echo this goes wrong", "echo this goes well"));
    }

    List<Path> files = files();
    assertThat(files).hasSize(3);
    String said = replay(0, files.toArray(Path[]::new));
    assertThat(said).contains("every decision is the same").contains("BargedIn");

    Path changed = files.get(0);
    Files.writeString(changed, Files.readString(changed).replaceFirst("THINKING", "FILLER"));
    assertThat(replay(1, changed))
        .contains("DIFFERENT, line 2")
        .containsPattern("- StartTimer\\[timer=FILLER, .*\n *\\+ StartTimer\\[timer=THINKING");
  }

  @Test
  void aCallDoesNotSufferFromAJournalThatCannotBeWritten() throws Exception {
    Path notAFolder = Files.createFile(folder.resolve("file"));
    try (LiveService live = LiveService.start("journal.dir=" + notAFolder.resolve("journal"))) {
      CallResult result = live.call(Scenario.of("one two three"));

      assertThat(result.good()).as(result.toString()).isTrue();
      assertThat(live.metric("journal_lines_dropped_total")).isGreaterThan(10);
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  private static String replay(int code, Path... files) {
    StringWriter out = new StringWriter();
    List<String> arguments =
        Stream.concat(Stream.of("replay"), Stream.of(files).map(Path::toString)).toList();
    assertThat(Main.execute(
            new PrintWriter(out, true),
            new PrintWriter(out, true),
            arguments.toArray(String[]::new)))
        .as(out.toString())
        .isEqualTo(code);
    return out.toString();
  }
}

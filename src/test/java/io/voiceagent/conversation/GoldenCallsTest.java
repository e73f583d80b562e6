package io.voiceagent.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Recorded calls: what was decided in them is what is decided today. */
class GoldenCallsTest {
  static List<Path> calls() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src/test/resources/calls"))) {
      return files
          .filter(file -> file.toString().endsWith(".call.jsonl"))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("calls")
  void theSameIsDecidedAsWhenTheCallWasRecorded(Path file) throws IOException {
    List<Replay.Step> steps = Replay.of(Files.readAllLines(file));

    assertThat(steps)
        .isNotEmpty()
        .allSatisfy(step -> assertThat(step.decided()).as(step.event()).isEqualTo(step.recorded()));
  }
}

package io.voiceagent.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import io.voiceagent.turn.CallScript;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Recorded calls: what was decided in them is what is decided today. The files are reviewed by people and written by
 * {@code mvn test -Dtest=GoldenCallsTest -Dgolden.write=true}; a change of them is a change of behaviour. Those whose names
 * begin with {@code recorded} are journals of calls through the service and are kept as they are.
 */
class GoldenCallsTest {
  private static final Path FOLDER = Path.of("src/test/resources/calls");
  private static final String ENDING = ".call.jsonl";

  static List<Path> calls() throws IOException {
    if (Boolean.getBoolean("golden.write")) {
      write();
    }
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.filter(file -> file.toString().endsWith(ENDING)).sorted().toList();
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

  @Test
  void everyStoryIsRecorded() throws IOException {
    Set<String> files = calls().stream()
        .map(file -> file.getFileName().toString().replace(ENDING, ""))
        .collect(Collectors.toSet());

    assertThat(files).containsAll(GoldenScripts.all().keySet());
  }

  private static void write() throws IOException {
    for (Map.Entry<String, CallScript> call : GoldenScripts.all().entrySet()) {
      List<String> lines = new ArrayList<>();
      lines.add(CallLogCodec.write(new CallLogCodec.Header(
          CallLogCodec.VERSION, call.getKey(), call.getValue().options(), CallScript.context())));
      for (CallScript.Entry entry : call.getValue().entries()) {
        lines.add(
            entry.remark().isEmpty()
                ? CallLogCodec.write(CallLogCodec.Decision.of(entry.event(), entry.effects(), 0))
                : "# " + entry.remark());
      }
      Files.write(FOLDER.resolve(call.getKey() + ENDING), lines);
    }
  }
}

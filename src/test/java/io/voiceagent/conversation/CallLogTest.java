package io.voiceagent.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.voiceagent.call.CallFact;
import io.voiceagent.call.CallId;
import io.voiceagent.call.CallInfo;
import io.voiceagent.call.Message;
import io.voiceagent.call.ToolCall;
import io.voiceagent.call.ToolResult;
import io.voiceagent.config.Settings;
import io.voiceagent.turn.TurnEvent;
import io.voiceagent.turn.TurnMachine;
import io.voiceagent.turn.TurnOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class CallLogTest {
  private static final long PATIENCE_MS = 60_000;
  private static final long START = 7_000_000_000_000L;
  private static final String CONTEXT = "The caller's number is +15005550010.";
  private static final TurnOptions OPTIONS = TurnOptions.from(Settings.of(Map.of()));

  @TempDir
  private Path folder = Path.of("");

  private final AtomicInteger dropped = new AtomicInteger();
  private final ListAppender<ILoggingEvent> complaints = new ListAppender<>();

  @BeforeEach
  void listen() {
    complaints.start();
    ((Logger) LoggerFactory.getLogger(CallLog.class)).addAppender(complaints);
  }

  @AfterEach
  void stopListening() {
    ((Logger) LoggerFactory.getLogger(CallLog.class)).detachAppender(complaints);
  }

  @Test
  void aRecordIsReadByPeopleAndDecidedAnewByTheMachine() throws IOException {
    CallLog log = new CallLog(folder, OPTIONS, dropped::incrementAndGet);
    call(log, "CA1");
    log.close(PATIENCE_MS);

    List<String> lines = Files.readAllLines(folder.resolve("CA1.call.jsonl"));
    assertThat(lines.get(1))
        .startsWith("{\"time\":\"+0.000000s\",")
        .contains("dueAt=+3600.000000s");
    assertThat(lines.get(2)).startsWith("{\"time\":\"+1.500000s\",");
    assertThat(Replay.of(lines)).hasSize(3).allMatch(Replay.Step::same);
    assertThat(dropped).hasValue(0);
  }

  @Test
  void aCallThatAnotherNodeHadBeforeIsDecidedAnewToo() throws IOException {
    CallLog log = new CallLog(folder, OPTIONS, dropped::incrementAndGet);
    TurnEvent resumed = new TurnEvent.Resumed(
        START,
        List.of(
            new Message.User("when do you open"),
            new Message.Assistant("", List.of(new ToolCall("c1", "hours", "{}"))),
            new Message.Tool(new ToolResult("c1", "hours", "nine", false)),
            new Message.Assistant("We open", List.of())),
        "at nine.",
        false,
        3);
    call(log, "CA1", resumed);
    log.close(PATIENCE_MS);

    List<Replay.Step> steps = Replay.of(Files.readAllLines(folder.resolve("CA1.call.jsonl")));
    assertThat(steps).hasSize(3).allMatch(Replay.Step::same);
    assertThat(steps.get(0).decided()).anyMatch(effect -> effect.contains("at nine."));
  }

  @Test
  void aDecisionThatChangedIsShownAsADifference() throws IOException {
    CallLog log = new CallLog(folder, OPTIONS, dropped::incrementAndGet);
    call(log, "CA1");
    log.close(PATIENCE_MS);
    List<String> lines = Files.readAllLines(folder.resolve("CA1.call.jsonl"));
    lines.set(1, lines.get(1).replace("Hello, how can I help you?", "Good morning."));

    Replay.Step changed = Replay.of(lines).get(0);

    assertThat(changed.same()).isFalse();
    assertThat(changed.line()).isEqualTo(2);
    assertThat(changed.missing()).singleElement().asString().contains("Good morning.");
    assertThat(changed.added()).singleElement().asString().contains("Hello, how can I help you?");
  }

  @Test
  void aRecordThatWasCutOffSaysWhere() throws IOException {
    CallLog log = new CallLog(folder, OPTIONS, dropped::incrementAndGet);
    call(log, "CA1");
    log.close(PATIENCE_MS);
    List<String> lines = Files.readAllLines(folder.resolve("CA1.call.jsonl"));
    lines.set(3, lines.get(3).substring(0, 30));

    assertThatThrownBy(() -> Replay.of(lines)).hasMessageStartingWith("line 4 (the last");
  }

  @Test
  void onlyOurOwnUserReadsWhatCallersSaid() throws IOException {
    CallLog log = new CallLog(folder, OPTIONS, dropped::incrementAndGet);
    call(log, "CA1");
    log.close(PATIENCE_MS);

    assertThat(Files.getPosixFilePermissions(folder.resolve("CA1.call.jsonl")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void aCallThatIsTakenUpAgainKeepsItsFirstPart() throws IOException {
    CallLog log = new CallLog(folder, OPTIONS, dropped::incrementAndGet);
    call(log, "CA1");
    call(log, "CA1");
    call(log, "../CA2");
    log.close(PATIENCE_MS);

    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("CA1.call.jsonl", "CA1-2.call.jsonl", "___CA2.call.jsonl");
    }
  }

  @Test
  void aFullDiskIsCountedAndComplainedAboutOnce() {
    // The kernel's own "no space left on device".
    CallLog log = new CallLog(
        call -> Files.newBufferedWriter(Path.of("/dev/full")), OPTIONS, dropped::incrementAndGet);
    call(log, "CA1");
    call(log, "CA2");
    log.close(PATIENCE_MS);

    assertThat(dropped).as("a header and three lines of two calls").hasValue(8);
    assertThat(complaints.list).hasSize(1);
    assertThat(complaints.list.get(0).getFormattedMessage()).contains("No space left");
  }

  @Test
  void aFolderThatCannotBeMadeIsCountedAndComplainedAboutOnce() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    CallLog log = new CallLog(file.resolve("journal"), OPTIONS, dropped::incrementAndGet);
    call(log, "CA1");
    call(log, "CA2");
    log.close(PATIENCE_MS);

    assertThat(dropped).hasValue(8);
    assertThat(complaints.list).hasSize(1);
  }

  @Test
  void aFolderThatWentAwayIsMadeAnewForTheNextCall() throws IOException {
    Path journal = folder.resolve("journal");
    CallLog log = new CallLog(journal, OPTIONS, dropped::incrementAndGet);
    call(log, "CA1");
    log.close(PATIENCE_MS);
    Files.delete(journal.resolve("CA1.call.jsonl"));
    Files.delete(journal);
    log = new CallLog(journal, OPTIONS, dropped::incrementAndGet);
    call(log, "CA2");
    log.close(PATIENCE_MS);

    assertThat(journal.resolve("CA2.call.jsonl")).exists();
    assertThat(dropped).hasValue(0);
  }

  private static void call(CallLog log, String id) {
    call(log, id, new TurnEvent.Started(START));
  }

  private static void call(CallLog log, String id, TurnEvent first) {
    TurnMachine machine = new TurnMachine(OPTIONS);
    machine.context(CONTEXT);
    Journals.Journal journal = log.open(
        new CallInfo(new CallId(id), "MZ1", CallInfo.Direction.INBOUND, "+15005550010", "+1"),
        CONTEXT);
    long later = START + 1_500_000_000L;
    for (TurnEvent event : List.of(
        first,
        new TurnEvent.Happened(new CallFact.SpeechStarted(later, later - 40_000_000)),
        new TurnEvent.Happened(new CallFact.CarrierGone(later + 1000, "stop")))) {
      journal.decided(event, machine.on(event));
    }
    journal.close();
  }
}

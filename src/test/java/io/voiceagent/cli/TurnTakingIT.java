package io.voiceagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.voiceagent.sim.CallResult;
import io.voiceagent.sim.Faults.Fault;
import io.voiceagent.sim.Modem;
import io.voiceagent.sim.Scenario;
import io.voiceagent.sim.SimulatedBrain;
import io.voiceagent.sim.SimulatedCaller;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Turn-taking through the whole service: what the caller hears, word by word, and what the model is asked. */
class TurnTakingIT {
  /** Long words: an interruption hits one in its middle, and it is plain what was heard of it. */
  private static final String LONG = "internationalization characteristically misinterpretation "
      + "straightforwardness telecommunications incomprehensible disproportionately counterintelligence";

  private static final long SILENCE_MS = 1000;

  @TempDir
  private static Path journal = Path.of("");

  private static final Vertx OUTSIDE = Vertx.vertx();
  private static ModelTap model;
  private static LiveService live;

  @BeforeAll
  static void start() throws Exception {
    int provider = FaultBed.freePort();
    model = LiveService.await(ModelTap.start(OUTSIDE, provider));
    live = LiveService.start(
        "agent.greeting=",
        "simulator.openai.port=" + provider,
        "llm.openai.url=" + model.url(),
        "journal.dir=" + journal,
        "turn.bargeIn.falseAfter=600ms",
        "turn.silence.after=" + SILENCE_MS + "ms",
        "turn.silence.reprompts=Hello?,Anybody?",
        "turn.silence.goodbye=Bye.",
        // An answer is sent long before it is heard: whoever mixes up the two is found out.
        "media.playout.lead=3s",
        "media.markTimeout=500ms",
        "stt.silenceAfter=5s");
  }

  @AfterEach
  void noFaultsLeft() {
    live.simulators().faults().clear();
    model.watch(dialogue -> {});
  }

  @AfterAll
  static void stop() throws Exception {
    // Whatever happened in these calls, the model was never asked what its API refuses.
    try {
      model.asked().forEach(TurnTakingIT::validForTheModel);
    } finally {
      live.close();
      LiveService.await(OUTSIDE.close());
    }
  }

  @Test
  void r10_afterACoughTheCallerHearsTheRestFromTheNextWordOn() throws Exception {
    Heard heard = new Heard(live);
    SimulatedCaller caller = heard.place(quick("echo " + LONG, "echo and again"));
    heard.when(3, () -> caller.cough(300));
    CallResult result = LiveService.result(caller);

    assertThat(result.turns().get(0).heard()).isEqualTo(LONG);
    assertThat(result.garbled()).isZero();
    assertThat(model.asked("and again").get(0))
        .as("history without a gap and without a repeat")
        .filteredOn(said -> said.role().equals("assistant"))
        .extracting(ModelTap.Said::text)
        .containsExactly(LONG + ".");
    List<JsonObject> lines = journal(result);
    long decided = at(lines, "FALSE_INTERRUPTION", "TimerFired");
    long resumed = lines.stream()
        .filter(line -> line.encode().contains("\"PlayoutStarted\""))
        .mapToLong(TurnTakingIT::millis)
        .filter(ms -> ms >= decided)
        .min()
        .orElseThrow();
    assertThat(resumed - decided).isLessThanOrEqualTo(300 + heard.machineLostMs());
  }

  @Test
  void r10_signsOfListeningThatStoppedTheAgentCostNoWord() throws Exception {
    Heard heard = new Heard(live);
    SimulatedCaller caller = heard.place(quick("echo once " + LONG));
    heard.when(4, () -> caller.interject("mm-hmm okay yeah right"));
    CallResult result = LiveService.result(caller);

    assertThat(result.turns().get(0).heard()).isEqualTo("once " + LONG);
    assertThat(journal(result).toString()).contains("Clear[").contains("mm-hmm okay yeah right");
    assertThat(model.asked("once " + LONG))
        .as("asked once, and for nothing else")
        .hasSize(1);
  }

  @Test
  void r11_whoeverGoesOnBeforeTheAnswerBeginsIsNotTalkedOver() throws Exception {
    // The answer is ready, its sound is not.
    live.simulators().faults().add(Fault.of("tts", "slowFirst").ms(400).times(1));
    Heard heard = new Heard(live);
    SimulatedCaller caller = heard.place(quick("book a table"));
    model.watch(dialogue -> {
      if (ModelTap.last(dialogue, "user").equals("book a table")) {
        caller.interject("for two people");
      }
    });
    CallResult result = LiveService.result(caller);

    assertThat(result.turns().get(0).heard()).isEqualTo(answer("book a table for two people"));
    assertThat(result.garbled()).isZero();
    assertThat(model.asked("for two people").get(0))
        .filteredOn(said -> said.role().equals("user"))
        .extracting(ModelTap.Said::text)
        .containsExactly("book a table for two people");
  }

  @Test
  void r12_r35_r36_aGoodbyeThatIsInterruptedEndsNothingAndItsToolIsAnswered() throws Exception {
    Heard heard = new Heard(live);
    SimulatedCaller caller = heard.place(interrupting(3, "goodbye", "echo wait for me"));
    CallResult result = LiveService.result(caller);

    assertThat(result.problem()).as("the agent did not hang up").isEmpty();
    assertThat(result.turns().get(1).heard()).isEqualTo("wait for me");
    List<ModelTap.Said> asked = model.asked("wait for me").get(0);
    int call = asked.indexOf(
        asked.stream().filter(said -> !said.calls().isEmpty()).findFirst().orElseThrow());
    assertThat(asked.get(call + 1).answers()).isEqualTo(asked.get(call).calls().get(0));
    assertThat(asked.get(call + 1).text()).contains("not ended");
  }

  @Test
  void r34_theModelIsToldTheWordsThatTheCallerHeardAndTheRestIsKept() throws Exception {
    List<Heard> all = new ArrayList<>();
    List<SimulatedCaller> callers = new ArrayList<>();
    int[] afterWords = {1, 2, 4, 7, 11, 16};
    for (int words : afterWords) {
      Heard heard = new Heard(live);
      all.add(heard);
      callers.add(
          heard.place(interrupting(words, "tell me a long story", "echo stop after " + words)));
    }
    List<String> story = Modem.words(SimulatedBrain.answer("story"));
    for (int i = 0; i < callers.size(); i++) {
      CallResult result = LiveService.result(callers.get(i));
      String stop = "stop after " + afterWords[i];
      assertThat(result.turns().get(1).heard()).isEqualTo(stop);
      int heard = all.get(i).words().size() - Modem.words(stop).size();
      String told = ModelTap.last(model.asked(stop).get(0), "assistant");
      List<String> words = Modem.words(told);

      assertThat(words).isEqualTo(story.subList(0, words.size()));
      assertThat(words.size()).as(told).isBetween(heard - 1, heard + 1);
      String cut = journal(result).stream()
          .flatMap(line -> line.getJsonArray("effects", new JsonArray()).stream())
          .map(Object::toString)
          .filter(effect -> effect.startsWith("CutOff["))
          .findFirst()
          .orElseThrow();
      assertThat(cut).contains("heard=" + told + ", unheard=");
      String unheard = cut.substring(cut.indexOf("unheard=") + 8, cut.length() - 1);
      assertThat(Modem.words(told + " " + unheard)).as("nothing is forgotten").isEqualTo(story);
    }
  }

  @Test
  void r16_r29_oneWordAnswersWhoseFinalsComeLateAndTwiceGetOneAnswerEach() throws Exception {
    int injected = live.simulators().faults().injected();
    double late = live.metric("duplicate_final_dropped_total");
    live.simulators().faults().add(Fault.of("stt", "slowFinal").ms(2000).times(1));
    SimulatedCaller first = live.place(quick("no", "maybe"));
    assertThat(LiveService.within2s(() -> live.simulators().faults().injected() == injected + 1))
        .isTrue();
    live.simulators().faults().add(Fault.of("stt", "duplicateFinal").times(1));
    CallResult twice = live.call(quick("yes", "sure"));
    CallResult slow = LiveService.result(first);

    assertThat(slow.turns())
        .extracting(CallResult.Turn::heard)
        .containsExactly(answer("no"), answer("maybe"));
    assertThat(twice.turns())
        .extracting(CallResult.Turn::heard)
        .containsExactly(answer("yes"), answer("sure"));
    for (String word : List.of("no", "maybe", "yes", "sure")) {
      assertThat(model.asked(word).stream()
              .filter(dialogue -> ModelTap.last(dialogue, "user").equals(word)))
          .as(word)
          .hasSize(1);
    }
    assertThat(live.metric("duplicate_final_dropped_total")).isGreaterThanOrEqualTo(late + 2);
  }

  /** Marks or not, a noise or not: the silence runs from the last word that was heard, and the call ends by itself. */
  @Test
  void r37_theSilenceRunsFromWhatWasHeardAndTheCallNeverFallsSilentForGood() throws Exception {
    List<Heard> all = new ArrayList<>();
    List<SimulatedCaller> callers = new ArrayList<>();
    for (boolean marks : new boolean[] {true, false}) {
      Heard heard = new Heard(live);
      // Never comes to the first line: what is said is said besides.
      SimulatedCaller caller =
          heard.place(quick("unsaid").withThink(60_000).withMarks(marks).withNoise(0));
      heard.onceConnected(() -> caller.interject("echo " + LONG));
      heard.when(9, () -> caller.cough(100));
      all.add(heard);
      callers.add(caller);
    }
    for (int i = 0; i < callers.size(); i++) {
      Heard heard = all.get(i);
      CallResult result = LiveService.result(callers.get(i));
      assertThat(result.problem()).isEqualTo("the agent hung up");
      assertThat(String.join(" ", heard.words())).isEqualTo(LONG + " hello anybody bye");
      for (int reprompt = 8; reprompt <= 10; reprompt++) {
        assertThat(heard.pauseBefore(reprompt))
            .as("silence before %s", heard.words().get(reprompt))
            .isBetween(SILENCE_MS, 3 * SILENCE_MS + heard.machineLostMs());
      }
    }
  }

  // ---- callers

  /** Says the lines without much thought. */
  private static Scenario quick(String... lines) {
    return new Scenario(List.of(lines), false, 4, 150, 50, 15_000, 0, "", false, 0, 0);
  }

  /** The last line comes after so many words of the answer before. */
  private static Scenario interrupting(int afterWords, String... lines) {
    return new Scenario(List.of(lines), true, afterWords, 150, 50, 15_000, 0, "", false, 0, 0);
  }

  // ---- records

  private static String answer(String said) {
    return String.join(" ", Modem.words(SimulatedBrain.answer(said)));
  }

  /** The record of the call, when it is complete. */
  private static List<JsonObject> journal(CallResult result) throws Exception {
    Path file = journal.resolve(result.callSid() + ".call.jsonl");
    assertThat(LiveService.within2s(() -> text(file).contains("CarrierGone"))).isTrue();
    return text(file).lines().map(JsonObject::new).toList();
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }

  private static long at(List<JsonObject> lines, String... holding) {
    return lines.stream()
        .filter(line -> {
          boolean all = true;
          String event = line.getJsonObject("event", new JsonObject()).encode();
          for (String part : holding) {
            all &= event.contains(part);
          }
          return all;
        })
        .mapToLong(TurnTakingIT::millis)
        .findFirst()
        .orElseThrow(() -> new AssertionError(List.of(holding) + " not in " + lines));
  }

  /** {@code +4.235454s} */
  private static long millis(JsonObject line) {
    String time = line.getString("time", "+0s");
    return Math.round(Double.parseDouble(time.substring(1, time.length() - 1)) * 1000);
  }

  /** A tool call is followed by its results at once, and there are no results without a call. */
  private static void validForTheModel(List<ModelTap.Said> dialogue) {
    Set<String> open = new HashSet<>();
    for (ModelTap.Said said : dialogue) {
      if (said.role().equals("tool")) {
        assertThat(open.remove(said.answers())).as(dialogue.toString()).isTrue();
      } else {
        assertThat(open).as(dialogue.toString()).isEmpty();
        assertThat(said.text().isBlank() && said.calls().isEmpty())
            .as("an empty message in " + dialogue)
            .isFalse();
        open.addAll(said.calls());
      }
    }
    assertThat(open).as(dialogue.toString()).isEmpty();
  }
}

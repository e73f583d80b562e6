package io.voiceagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.voiceagent.FairClock;
import io.voiceagent.cli.Moment.State;
import io.voiceagent.sim.CallResult;
import io.voiceagent.sim.Modem;
import io.voiceagent.sim.Scenario;
import io.voiceagent.sim.SimulatedBrain;
import io.voiceagent.speech.FaultTable;
import io.voiceagent.speech.FaultyProxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * R22, whole calls: the line to each provider goes bad in each state of a turn, while a caller listens to every word. The
 * caller hears speech again within the bound (the answer, its rest, or an apology), hears nothing twice, is answered in
 * the next turn, and nothing of the call is left.
 */
class TurnFaultMatrixIT {
  /** Silence between the end of what the caller said, or the fault, and the next word of the agent. */
  private static final double BOUND_MS = 5000;

  private static final int LANES = 8;
  private static final String GREETING = "Hello there my friend.";
  private static final String FIRST = "echo alpha bravo charlie delta echo foxtrot";
  private static final String SECOND = "echo second one";

  private enum Stage {
    STT,
    LLM,
    TTS
  }

  private enum Trouble {
    /** What is open breaks; new connections are well. */
    CUT,
    /** What is open breaks, and for some time nothing can be opened. */
    DOWN,
    /** What is open stays so and nothing passes any more; new connections are well. */
    HALF_OPEN
  }

  private record Cell(Stage stage, State state, Trouble trouble) {
    @Override
    public String toString() {
      return (stage + ", " + state + ", " + trouble).toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  @Test
  void r22_theLineToAProviderMayGoBadAtAnyTimeOfATurn() throws Exception {
    Map<String, Long> before = FaultBed.objectsLeft();
    ConcurrentLinkedQueue<Cell> cells = new ConcurrentLinkedQueue<>();
    for (State state : State.values()) {
      for (Stage stage : Stage.values()) {
        for (Trouble trouble : Trouble.values()) {
          cells.add(new Cell(stage, state, trouble));
        }
      }
    }
    FaultTable table = new FaultTable(
        "Whole calls",
        "| line to | state | trouble | first turn | longest wait for a word, ms | errors | left over |");
    List<String> wrong = new ArrayList<>();
    List<CompletableFuture<Void>> lanes = new ArrayList<>();
    for (int i = 0; i < LANES; i++) {
      CompletableFuture<Void> lane = new CompletableFuture<>();
      lanes.add(lane);
      new Thread(() -> lane(cells, table, wrong, lane), "lane " + i).start();
    }
    try {
      for (CompletableFuture<Void> lane : lanes) {
        lane.get(5, TimeUnit.MINUTES);
      }
    } finally {
      table.write("whole-calls");
    }
    FaultBed.objectsLeft()
        .forEach((type, count) -> assertThat(count)
            .as("objects of calls that are over: " + type)
            .isLessThanOrEqualTo(before.getOrDefault(type, 0L)));
    assertThat(wrong).isEmpty();
  }

  private static void lane(
      ConcurrentLinkedQueue<Cell> cells,
      FaultTable table,
      List<String> wrong,
      CompletableFuture<Void> done) {
    try (FaultBed bed = new FaultBed(
        "agent.greeting=" + GREETING,
        "simulator.llm.firstToken=300ms",
        "simulator.llm.perWord=250ms",
        "simulator.tts.speed=4",
        "stt.cartesia.connectTimeout=1s",
        "stt.finalizeTimeout=600ms",
        "tts.cartesia.connectTimeout=1s",
        "tts.cartesia.firstAudioTimeout=1s",
        "tts.cartesia.nextAudioTimeout=800ms",
        "llm.openai.connectTimeout=1s",
        "llm.openai.firstTokenTimeout=1500ms",
        "llm.openai.idleTimeout=800ms",
        "resilience.retry.attempts=6",
        "resilience.breaker.delay=500ms")) {
      for (Cell cell = cells.poll(); cell != null; cell = cells.poll()) {
        List<String> faults = new ArrayList<>();
        run(bed, cell, table, faults);
        synchronized (wrong) {
          wrong.addAll(faults);
        }
      }
      done.complete(null);
    } catch (Throwable e) {
      done.completeExceptionally(e);
    }
  }

  private static void run(FaultBed bed, Cell cell, FaultTable table, List<String> wrong)
      throws Exception {
    FaultyProxy line = switch (cell.stage) {
      case STT -> bed.stt;
      case LLM -> bed.llm;
      case TTS -> bed.tts;
    };
    boolean interrupts = cell.state == State.INTERRUPTED;
    Scenario scenario = interrupts
        ? Scenario.of("tell me a story", SECOND).withBargeIn(true)
        : Scenario.of(FIRST, SECOND);
    double[] before = errors(bed);
    Moment moment = new Moment();
    FaultBed.Call call = bed.call(scenario, moment);
    moment.await(cell.state, call);
    long fair = FairClock.millis();
    long real = System.nanoTime();
    spoil(bed, line, cell.trouble);
    CallResult result = call.result();
    long busyMs = (System.nanoTime() - real) / 1_000_000 - (FairClock.millis() - fair);
    line.heal();
    boolean gone = FaultBed.waitFor(10_000, bed.live::nothingLeft);
    String left = gone ? "" : bed.live.leftovers();
    double[] moved = errors(bed);
    for (int i = 0; i < moved.length; i++) {
      moved[i] -= before[i];
    }
    judge(cell, result, busyMs, left, moved, table, wrong);
  }

  private static void spoil(FaultBed bed, FaultyProxy line, Trouble trouble) {
    switch (trouble) {
      case CUT -> line.cut();
      case DOWN -> {
        line.mode(FaultyProxy.Mode.RESET, 0);
        line.cut();
        bed.outside.setTimer(500, id -> line.pass());
      }
      case HALF_OPEN -> {
        line.mode(FaultyProxy.Mode.FROZEN, 0);
        line.pass();
      }
    }
  }

  private static void judge(
      Cell cell,
      CallResult result,
      long busyMs,
      String left,
      double[] moved,
      FaultTable table,
      List<String> wrong) {
    double wait = result.longestGapMs();
    int doubled = 0;
    for (CallResult.Turn turn : result.turns()) {
      wait = Math.max(wait, turn.firstAudioMs());
      doubled += turn.doubled();
    }
    int turns = result.turns().size();
    String first = turns == 0 ? "none" : outcome(result.turns().get(0));
    synchronized (table) {
      table.row(
          wait,
          cell.stage.name().toLowerCase(Locale.ROOT),
          cell.state.name().toLowerCase(Locale.ROOT),
          cell.trouble.name().toLowerCase(Locale.ROOT).replace('_', ' '),
          first,
          String.valueOf(Math.round(wait)),
          String.valueOf((int) moved[cell.stage.ordinal()]),
          left.isEmpty() ? "nothing" : left);
    }
    String at = cell + ": ";
    check(result.problem().isEmpty(), at + result.problem(), wrong);
    check(left.isEmpty(), at + "left over: " + left, wrong);
    check(doubled == 0, at + "heard twice: " + result, wrong);
    check(wait - busyMs < BOUND_MS, at + "a wait of " + wait + " ms", wrong);
    check(turns == 2 && result.good(), at + "not all answered: " + result, wrong);
    if (turns == 2 && cell.state != State.INTERRUPTED) {
      check(
          first.equals("answered"),
          at + "first turn " + first + ": " + result.turns().get(0),
          wrong);
    }
    if (turns == 2) {
      String second = String.join(" ", Modem.words(SimulatedBrain.answer(SECOND)));
      check(
          result.turns().get(1).heard().endsWith(second),
          at + "second turn: " + result.turns().get(1),
          wrong);
    }
    for (Stage other : Stage.values()) {
      if (other != cell.stage) {
        check(moved[other.ordinal()] == 0, at + "errors of " + other + " moved", wrong);
      }
    }
  }

  private static String outcome(CallResult.Turn turn) {
    String expected = String.join(" ", Modem.words(SimulatedBrain.answer(turn.said())));
    if (turn.heard().equals(expected)) {
      return "answered";
    }
    int sorry = turn.heard().indexOf("sorry");
    if (sorry >= 0 && expected.startsWith(turn.heard().substring(0, sorry).strip())) {
      return "apologised";
    }
    return turn.interrupted() ? "interrupted" : "heard: " + turn.heard();
  }

  private static void check(boolean good, String what, List<String> wrong) {
    if (!good) {
      wrong.add(what);
    }
  }

  private static double[] errors(FaultBed bed) {
    return new double[] {
      bed.metric("cartesia_stt_error_total"),
      bed.metric("openai_stream_error_total"),
      bed.metric("cartesia_tts_error_total")
    };
  }
}

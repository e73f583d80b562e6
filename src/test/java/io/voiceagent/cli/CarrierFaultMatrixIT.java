package io.voiceagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.voiceagent.FairClock;
import io.voiceagent.cli.Moment.State;
import io.voiceagent.sim.CallResult;
import io.voiceagent.sim.Modem;
import io.voiceagent.sim.Scenario;
import io.voiceagent.speech.FaultTable;
import io.voiceagent.speech.FaultyProxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * R22, the carrier: its line goes bad in each state of a call. A caller who is still there is answered, a call that is
 * dead is gone within the bound, its neighbours notice nothing, and nothing is left.
 */
class CarrierFaultMatrixIT {
  private static final int LANES = 12;
  private static final int SILENT_MS = 4000;
  private static final int GONE_MS = 2000;
  private static final String FIRST = "echo alpha bravo charlie delta";
  private static final String SECOND = "echo second one";
  private static final String ANSWER = String.join(" ", Modem.words("second one"));

  private enum Trouble {
    NONE,
    /** The line breaks, and nobody comes back. */
    DIES,
    /** The line breaks, and the carrier asks what comes next. */
    BREAKS,
    /** It says what is no message. */
    GARBAGE,
    /** It stays open and nothing passes any more. */
    HALF_OPEN,
    /** It reads less than it is sent. */
    SLOW,
    /** It never says what it has played. */
    NO_MARKS
  }

  private record Cell(Trouble trouble, State state) {
    @Override
    public String toString() {
      return (trouble + ", " + state).toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  private static List<Cell> cells() {
    List<Cell> cells = new ArrayList<>();
    for (Trouble trouble :
        List.of(Trouble.DIES, Trouble.BREAKS, Trouble.GARBAGE, Trouble.HALF_OPEN)) {
      for (State state : State.values()) {
        if (state != State.INTERRUPTED) {
          cells.add(new Cell(trouble, state));
        }
      }
    }
    for (Trouble always : List.of(Trouble.SLOW, Trouble.NO_MARKS, Trouble.NONE, Trouble.NONE)) {
      cells.add(new Cell(always, State.GREETING));
    }
    return cells;
  }

  @Test
  void r22_theCarriersLineMayGoBadAtAnyTimeOfACall() throws Exception {
    FaultTable table = new FaultTable(
        "The carrier", "| trouble | state | answered | gone after, ms | streams opened again |");
    List<String> wrong = new ArrayList<>();
    ExecutorService lanes = Executors.newFixedThreadPool(LANES);
    try (FaultBed bed = new FaultBed(
        "agent.greeting=Hello there my friend.",
        "simulator.llm.firstToken=300ms",
        "simulator.llm.perWord=100ms",
        "simulator.tts.speed=4",
        "media.inboundTimeout=" + SILENT_MS + "ms",
        "limits.tokenLifetime=5s")) {
      double bad = bed.metric("carrier_bad_message_total");
      List<Future<?>> running = new ArrayList<>();
      for (Cell cell : cells()) {
        running.add(lanes.submit(() -> {
          run(bed, cell, table, wrong);
          return null;
        }));
      }
      for (Future<?> one : running) {
        one.get(2, TimeUnit.MINUTES);
      }
      assertThat(wrong).isEmpty();
      assertThat(bed.leftAfter(10_000)).isEmpty();
      assertThat(bed.metric("calls_started_total")).isEqualTo(bed.metric("calls_ended_total"));
      assertThat(bed.metric("carrier_bad_message_total") - bad).isGreaterThanOrEqualTo(5);
    } finally {
      lanes.shutdownNow();
      table.write("carrier");
    }
  }

  private static void run(FaultBed bed, Cell cell, FaultTable table, List<String> wrong)
      throws Exception {
    Scenario scenario = Scenario.of(FIRST, SECOND)
        .withMarks(cell.trouble != Trouble.NO_MARKS)
        .withSlowReader(cell.trouble == Trouble.SLOW ? 150 : 0);
    Moment moment = new Moment();
    FaultBed.Call call = bed.call(scenario, moment);
    moment.await(cell.state, call);
    boolean dead = cell.trouble == Trouble.DIES || cell.trouble == Trouble.HALF_OPEN;
    switch (cell.trouble) {
      case DIES -> call.kill();
      case BREAKS -> call.line().cut();
      case GARBAGE -> call.line().garble();
      case HALF_OPEN -> call.line().mode(FaultyProxy.Mode.FROZEN, 0);
      default -> {}
    }
    long since = FairClock.millis();
    CallResult result = dead ? null : call.result();
    since = dead ? since : FairClock.millis();
    for (int i = 0; i < 200 && call.known(); i++) {
      TimeUnit.MILLISECONDS.sleep(50);
    }
    long tookMs = FairClock.millis() - since;
    if (dead) {
      call.kill();
    }
    synchronized (table) {
      table.row(
          tookMs,
          cell.trouble.name().toLowerCase(Locale.ROOT).replace('_', ' '),
          cell.state.name().toLowerCase(Locale.ROOT),
          result == null ? "" : answered(result) ? "yes" : "no",
          String.valueOf(tookMs),
          result == null ? "" : String.valueOf(result.reconnects()));
      int bound = cell.trouble == Trouble.HALF_OPEN ? SILENT_MS + GONE_MS : GONE_MS;
      check(tookMs < bound, cell + ": gone after " + tookMs + " ms", wrong);
      if (result != null) {
        boolean broken = cell.trouble == Trouble.BREAKS || cell.trouble == Trouble.GARBAGE;
        check(answered(result), cell + ": " + result, wrong);
        check(result.reconnects() == (broken ? 1 : 0), cell + ": " + result, wrong);
        boolean whole = result.turns().stream().allMatch(turn -> turn.lost() == 0);
        check(broken || result.good() && whole, cell + ": " + result, wrong);
      }
    }
  }

  private static boolean answered(CallResult result) {
    int turns = result.turns().size();
    return turns == 2 && result.turns().get(1).heard().endsWith(ANSWER);
  }

  private static void check(boolean good, String what, List<String> wrong) {
    if (!good) {
      wrong.add(what);
    }
  }
}

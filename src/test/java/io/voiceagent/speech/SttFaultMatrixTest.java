package io.voiceagent.speech;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.voiceagent.FairClock;
import io.voiceagent.audio.AudioFrame;
import io.voiceagent.call.CallFact;
import io.voiceagent.call.CallOrder;
import io.voiceagent.call.StageAddress.Stage;
import io.voiceagent.sim.Faults.Fault;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * R22: every way in which a transcriber can fail. Whatever happens: every word is told once, or the conversation is told
 * within the bound that there will be none; the counters agree; no socket stays open.
 */
class SttFaultMatrixTest {
  private static final String TEXT = "please book a table for two at seven";
  private static final double BOUND_MS = 3000;

  private enum When {
    ONCE,
    ALWAYS,
    ALWAYS_WITH_SECOND
  }

  private enum Expect {
    FINAL,
    RETRY,
    NOTHING
  }

  /** Who ends a turn. */
  private enum Endpoint {
    MANUAL,
    TURNS
  }

  private record Row(String name, Expect expect, boolean flushLate, Consumer<SpeechRig> inject) {}

  private static Row fault(String name, Expect expect, Fault fault) {
    return new Row(name, expect, false, rig -> rig.sim().faults().add(fault));
  }

  private static Row line(String name, FaultyProxy.Mode mode, long after) {
    return new Row(
        name, Expect.RETRY, mode == FaultyProxy.Mode.FROZEN, rig -> rig.proxy().mode(mode, after));
  }

  private static List<Row> rows(Endpoint endpoint) {
    List<Row> rows = new ArrayList<>();
    for (int status : new int[] {400, 401, 402}) {
      rows.add(
          fault("upgrade " + status, Expect.FINAL, Fault.of("stt", "upgrade").status(status)));
    }
    for (int status : new int[] {429, 500, 503}) {
      rows.add(
          fault("upgrade " + status, Expect.RETRY, Fault.of("stt", "upgrade").status(status)));
    }
    rows.add(line("closed before the upgrade", FaultyProxy.Mode.RESET, 0));
    rows.add(line("hang before headers", FaultyProxy.Mode.SILENT, 0));
    rows.add(fault(
        "error 400 mid-stream",
        Expect.FINAL,
        Fault.of("stt", "error").status(400).after(3)));
    rows.add(fault(
        "error quota mid-stream",
        Expect.FINAL,
        Fault.of("stt", "error").status(403).code("quota_exceeded").after(3)));
    rows.add(fault(
        "error 429 mid-stream",
        Expect.RETRY,
        Fault.of("stt", "error").status(429).after(3)));
    rows.add(fault(
        "error 500 mid-stream",
        Expect.RETRY,
        Fault.of("stt", "error").status(500).after(3)));
    for (int code : new int[] {1000, 1001, 1008, 1011, 1012, 1013}) {
      rows.add(fault(
          "close " + code + " mid-stream",
          Expect.RETRY,
          Fault.of("stt", "close").status(code).after(3)));
    }
    rows.add(line("line cut mid-stream", FaultyProxy.Mode.CUT, 120));
    rows.add(line("half-open mid-stream", FaultyProxy.Mode.FROZEN, 120));
    if (endpoint == Endpoint.MANUAL) {
      // Without a question one that hears nothing is like one to whom nothing is said; then the
      // conversation's own time-out ends the turn.
      rows.add(new Row(
          "hears nothing",
          Expect.RETRY,
          true,
          rig -> rig.sim().faults().add(Fault.of("stt", "hang"))));
    }
    rows.add(fault("garbage", Expect.RETRY, Fault.of("stt", "garbage")));
    rows.add(fault("wrong types", Expect.NOTHING, Fault.of("stt", "wrongTypes")));
    rows.add(fault("slow final", Expect.NOTHING, Fault.of("stt", "slowFinal").ms(100)));
    return rows;
  }

  @ParameterizedTest
  @EnumSource
  void r22_afterEveryFaultAllWordsAreToldOrTheConversationKnowsThatNoneWillBe(Endpoint endpoint)
      throws Exception {
    String name = endpoint.name().toLowerCase(Locale.ROOT);
    FaultTable table = new FaultTable(
        "Speech to text, endpoint " + name,
        "| fault | when | outcome | ms | errors | finalizes late | retries | fallbacks |");
    warmUp(endpoint);
    try {
      for (When when : When.values()) {
        try (SpeechRig rig = rig(when, endpoint)) {
          for (Row row : rows(endpoint)) {
            if (when == When.ALWAYS && row.expect == Expect.NOTHING) {
              continue; // Nothing ended it in the column before either.
            }
            cell(rig, row, when, endpoint, table);
          }
        }
      }
    } finally {
      table.write("stt-" + name);
    }
  }

  /** The first of anything is slow, and time-outs are short here. */
  private static void warmUp(Endpoint endpoint) throws Exception {
    try (SpeechRig rig = rig(When.ONCE, endpoint)) {
      Future<CallFact> end = rig.next(SttFaultMatrixTest::heardAll);
      say(rig, endpoint);
      SpeechRig.await(end);
    }
  }

  private static boolean heardAll(CallFact fact) {
    return fact instanceof CallFact.TranscriptFlushed || fact instanceof CallFact.ProviderTurnEnded;
  }

  private static void say(SpeechRig rig, Endpoint endpoint) throws Exception {
    rig.listen();
    rig.callerSays(TEXT);
    if (endpoint == Endpoint.MANUAL) {
      rig.order(Stage.STT, new CallOrder.FinalizeTranscript());
    } else {
      byte[] silence = new byte[8000];
      Arrays.fill(silence, AudioFrame.SILENCE);
      rig.callerSends(silence);
    }
  }

  private static SpeechRig rig(When when, Endpoint endpoint) throws Exception {
    String ends = endpoint.name().toLowerCase(Locale.ROOT);
    // Longer than it takes to notice a line on which nothing passes any more.
    String outage = endpoint == Endpoint.TURNS ? "700ms" : "200ms";
    SpeechRig rig = new SpeechRig();
    if (endpoint == Endpoint.TURNS) {
      rig.with("stt.cartesia.pingEvery", "250ms");
    }
    if (when == When.ALWAYS_WITH_SECOND) {
      rig.with("stt.accounts.backup.endpoint", ends);
    }
    return rig.proxied()
        .sim("simulator.stt.turnSilence", "300ms")
        .with("stt.cartesia.endpoint", ends)
        .with("stt.cartesia.connectTimeout", "800ms")
        .with("stt.finalizeTimeout", when == When.ALWAYS ? "300ms" : "600ms")
        .with("stt.maxOutage", when == When.ALWAYS ? outage : "3s")
        .with("resilience.breaker.failures", "1000")
        .with("resilience.breaker.delay", "1ms")
        .with("resilience.retry.reserve", "1000")
        .start(when == When.ALWAYS_WITH_SECOND ? new String[] {"backup"} : new String[0]);
  }

  private static void cell(SpeechRig rig, Row row, When when, Endpoint endpoint, FaultTable table)
      throws Exception {
    String cell = row.name + ", " + when;
    rig.facts.clear();
    double[] before = counters(rig);
    row.inject.accept(rig);
    long healer = when == When.ONCE ? healAfterTheFirstFailure(rig) : -1;
    Future<CallFact> end =
        rig.next(fact -> heardAll(fact) || fact instanceof CallFact.TranscriptionFailed);
    long began = FairClock.millis();
    try {
      say(rig, endpoint);
    } catch (IllegalStateException e) {
      throw new AssertionError(cell, e);
    }
    CallFact last;
    try {
      last = SpeechRig.await(end);
    } catch (TimeoutException e) {
      throw new AssertionError(cell + ": never ended", e);
    }
    double ms = FairClock.millis() - began;
    double[] moved = counters(rig);
    for (int i = 0; i < moved.length; i++) {
      moved[i] -= before[i];
    }
    rig.run(() -> Future.succeededFuture(rig.vertx.cancelTimer(healer)));
    boolean heard = heardAll(last);
    table.row(
        ms,
        row.name,
        when.name().toLowerCase(Locale.ROOT).replace('_', ' '),
        heard
            ? "every word told"
            : "reported " + ((CallFact.TranscriptionFailed) last).failure().kind(),
        String.valueOf(Math.round(ms)),
        String.valueOf((int) moved[0]),
        String.valueOf((int) moved[1]),
        String.valueOf((int) moved[2]),
        String.valueOf((int) moved[3]));

    if (heard) {
      assertThat(rig.transcript()).as(cell).isEqualTo(TEXT);
    }
    assertThat(ms).as(cell + ": in time").isLessThan(BOUND_MS);
    boolean mustHear = row.expect == Expect.NOTHING
        || when == When.ALWAYS_WITH_SECOND
        || when == When.ONCE && row.expect == Expect.RETRY;
    assertThat(heard).as(cell + ": heard").isEqualTo(mustHear);
    assertThat(moved[0] > 0).as(cell + ": counted").isEqualTo(row.expect != Expect.NOTHING);
    assertThat(moved[1] > 0)
        .as(cell + ": finalize late")
        .isEqualTo(row.flushLate && endpoint == Endpoint.MANUAL);
    rig.order(Stage.STT, new CallOrder.ReleaseCall());
    rig.sim().faults().clear();
    rig.proxy().heal();
    rig.until(
        cell + ": no socket is left",
        () -> rig.sims.stream().allMatch(sim -> sim.stats().get("sttSocketsOpen") == 0));
  }

  private static double[] counters(SpeechRig rig) {
    return new double[] {
      rig.counter("cartesia_stt_error"),
      rig.counter("cartesia_stt_flush_timeout"),
      rig.counter("provider_retries"),
      rig.counter("provider_fallback")
    };
  }

  /** The fault is gone by the time of the second attempt. Returns the timer that looks. */
  private static long healAfterTheFirstFailure(SpeechRig rig) throws Exception {
    double errors = rig.counter("cartesia_stt_error");
    return rig.run(() -> Future.succeededFuture(rig.vertx.setPeriodic(1, id -> {
      if (rig.counter("cartesia_stt_error") > errors) {
        rig.vertx.cancelTimer(id);
        rig.sim().faults().clear();
        rig.proxy().pass();
      }
    })));
  }
}

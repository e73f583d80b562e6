package io.voiceagent.speech;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.voiceagent.FairClock;
import io.voiceagent.call.CallFact;
import io.voiceagent.call.CallOrder;
import io.voiceagent.call.StageAddress.Stage;
import io.voiceagent.sim.Faults.Fault;
import io.voiceagent.sim.Modem;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * R22: every way in which a voice can fail, at the first attempt only, at every attempt, and with a second account.
 * Whatever happens: what was heard and what is reported as unspoken are together the text, each word once; the report
 * comes within the bound; the counters agree; nothing stays open.
 */
class TtsFaultMatrixTest {
  private static final String TEXT =
      "Certainly, I can do that for you now. There is a table at seven. Would that be fine?";
  private static final List<String> WORDS = Modem.words(TEXT);
  private static final double BOUND_MS = 2500;

  /** How the first account fails. */
  private enum When {
    ONCE,
    ALWAYS,
    ALWAYS_WITH_SECOND
  }

  /** What the caller may expect. */
  private enum Expect {
    /** No repetition heals it: it is reported, and only another account can speak. */
    FINAL,
    /** Another attempt heals it. */
    RETRY,
    /** Not even noticed. */
    NOTHING
  }

  private record Row(
      String name, Expect expect, String counters, boolean lineHolds, Consumer<SpeechRig> inject) {}

  private static Row fault(String name, Expect expect, String counters, Fault fault) {
    return new Row(name, expect, counters, true, rig -> rig.sim().faults().add(fault));
  }

  private static Row line(String name, FaultyProxy.Mode mode, long after, String counters) {
    return new Row(name, Expect.RETRY, counters, false, rig -> rig.proxy().mode(mode, after));
  }

  private static List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    rows.add(fault("upgrade 400", Expect.FINAL, "e", Fault.of("tts", "upgrade").status(400)));
    rows.add(fault("upgrade 401", Expect.FINAL, "e", Fault.of("tts", "upgrade").status(401)));
    rows.add(fault("upgrade 402", Expect.FINAL, "e", Fault.of("tts", "upgrade").status(402)));
    rows.add(fault("upgrade 429", Expect.RETRY, "er", Fault.of("tts", "upgrade").status(429)));
    rows.add(fault("upgrade 500", Expect.RETRY, "e", Fault.of("tts", "upgrade").status(500)));
    rows.add(fault("upgrade 503", Expect.RETRY, "e", Fault.of("tts", "upgrade").status(503)));
    rows.add(line("closed before the upgrade", FaultyProxy.Mode.RESET, 0, "e"));
    rows.add(line("hang before headers", FaultyProxy.Mode.SILENT, 0, "et"));
    rows.add(fault("error 400", Expect.FINAL, "e", Fault.of("tts", "error").status(400)));
    rows.add(fault(
        "error quota",
        Expect.FINAL,
        "e",
        Fault.of("tts", "error").status(403).code("quota_exceeded")));
    rows.add(fault(
        "error 429",
        Expect.RETRY,
        "er",
        Fault.of("tts", "error").status(429).code("concurrency_limited")));
    rows.add(fault("error 500", Expect.RETRY, "e", Fault.of("tts", "error").status(500)));
    for (int code : new int[] {1000, 1001, 1008, 1011, 1012, 1013}) {
      rows.add(
          fault("close " + code, Expect.RETRY, "ec", Fault.of("tts", "close").status(code)));
    }
    rows.add(fault(
        "close mid-stream", Expect.RETRY, "ec", Fault.of("tts", "closeMid").after(9)));
    rows.add(line("line cut mid-stream", FaultyProxy.Mode.CUT, 9_000, "ec"));
    rows.add(fault("no audio ever", Expect.RETRY, "et", Fault.of("tts", "hang")));
    rows.add(
        fault("hang mid-stream", Expect.RETRY, "et", Fault.of("tts", "hangMid").after(9)));
    rows.add(line("half-open mid-stream", FaultyProxy.Mode.FROZEN, 9_000, "et"));
    rows.add(fault("zero audio", Expect.RETRY, "e", Fault.of("tts", "zeroAudio")));
    rows.add(fault("garbage", Expect.RETRY, "e", Fault.of("tts", "garbage").after(9)));
    rows.add(
        fault("wrong types", Expect.NOTHING, "", Fault.of("tts", "wrongTypes").after(9)));
    rows.add(fault("no done", Expect.NOTHING, "", Fault.of("tts", "noDone")));
    rows.add(fault("no flush_done", Expect.NOTHING, "", Fault.of("tts", "noFlush")));
    rows.add(fault(
        "slow first audio", Expect.NOTHING, "", Fault.of("tts", "slowFirst").ms(100)));
    rows.add(fault("drip", Expect.NOTHING, "", Fault.of("tts", "drip").ms(15)));
    rows.add(fault("drip too slow", Expect.RETRY, "et", Fault.of("tts", "drip").ms(900)));
    return rows;
  }

  @Test
  void r22_afterEveryFaultTheCallerHearsSpeechOrTheConversationKnowsWhatIsMissing()
      throws Exception {
    FaultTable table = new FaultTable(
        "Text to speech",
        "| fault | when | outcome | ms | words heard | unspoken | errors | 429 | timeouts"
            + " | timeouts or closed | retries | fallbacks |");
    for (When when : When.values()) {
      SpeechRig rig = new SpeechRig()
          .proxied()
          .sim("simulator.tts.speed", "40")
          .with("tts.cartesia.connectTimeout", when == When.ALWAYS ? "300ms" : "700ms")
          .with("tts.cartesia.firstAudioTimeout", when == When.ALWAYS ? "400ms" : "700ms")
          .with("tts.cartesia.nextAudioTimeout", when == When.ALWAYS ? "300ms" : "500ms")
          .with("tts.cartesia.cancelGrace", "20ms")
          .with("resilience.retry.backoff", "10ms")
          .with("resilience.retry.perCall", "1000")
          .with("resilience.retry.reserve", "1000")
          .with("resilience.breaker.failures", "1000")
          .with("resilience.breaker.delay", "1ms");
      try (rig) {
        rig.start(when == When.ALWAYS_WITH_SECOND ? new String[] {"backup"} : new String[0]);
        int turn = 0;
        for (Row row : rows()) {
          if (when == When.ALWAYS && row.expect == Expect.NOTHING) {
            continue; // Nothing ended it in the column before either.
          }
          cell(rig, row, when, ++turn, table);
        }
      } finally {
        table.write("tts");
      }
    }
  }

  private static void cell(SpeechRig rig, Row row, When when, int turn, FaultTable table)
      throws Exception {
    rig.ear.words.clear();
    double[] before = counters(rig);
    rig.until("a socket is open", () -> rig.voice().openSockets() > 0);
    row.inject.accept(rig);
    if (row.name.startsWith("upgrade") || row.name.contains("before")) {
      // Only a new socket meets these.
      rig.proxy().cut();
      rig.until("no socket is open", () -> rig.voice().openSockets() == 0);
    }
    long healer = when == When.ONCE ? healAfterTheFirstFailure(rig) : -1;
    long began = FairClock.millis();
    CallFact end;
    try {
      end = rig.say(turn, TEXT);
    } catch (TimeoutException e) {
      throw new AssertionError(row.name + ", " + when + ": never ended", e);
    }
    double ms = FairClock.millis() - began;
    rig.vertx.cancelTimer(healer);
    rig.sim().faults().clear();
    rig.order(Stage.TTS, new CallOrder.ReleaseCall());
    String cell = row.name + ", " + when;
    if (row.lineHolds) {
      // Before the line is mended, which would end them.
      noContextLeft(rig, cell);
    }
    rig.proxy().heal();
    rig.until(cell + ": media's stream ends", () -> rig.ear.openStreams() == 0);

    rig.ear.text();
    List<String> heard = List.copyOf(rig.ear.words);
    String unspoken = end instanceof CallFact.SpeechFailed failed ? failed.unspoken() : "";
    List<String> all = new ArrayList<>(heard);
    all.addAll(Modem.words(unspoken));
    double[] moved = counters(rig);
    for (int i = 0; i < moved.length; i++) {
      moved[i] -= before[i];
    }
    boolean spoken = end instanceof CallFact.SpeechCompleted;
    table.row(
        ms,
        row.name,
        when.name().toLowerCase(Locale.ROOT).replace('_', ' '),
        spoken
            ? "spoken"
            : "reported " + ((CallFact.SpeechFailed) end).failure().kind(),
        String.valueOf(Math.round(ms)),
        String.valueOf(heard.size()),
        String.valueOf(Modem.words(unspoken).size()),
        String.valueOf((int) moved[0]),
        String.valueOf((int) moved[1]),
        String.valueOf((int) moved[2]),
        String.valueOf((int) moved[3]),
        String.valueOf((int) moved[4]),
        String.valueOf((int) moved[5]));

    assertThat(all).as(cell + ": every word once").isEqualTo(WORDS);
    assertThat(ms).as(cell + ": in time").isLessThan(BOUND_MS);
    boolean mustSpeak = row.expect == Expect.NOTHING
        || when == When.ALWAYS_WITH_SECOND
        || when == When.ONCE && row.expect == Expect.RETRY;
    if (mustSpeak) {
      assertThat(spoken).as(cell + ": spoken").isTrue();
    } else if (row.expect == Expect.FINAL) {
      assertThat(spoken).as(cell + ": reported").isFalse();
      assertThat(moved[4]).as(cell + ": not repeated").isZero();
    }
    assertThat(moved[0] > 0).as(cell + ": counted").isEqualTo(row.counters.contains("e"));
    assertThat(moved[1] > 0).as(cell + ": rate limit").isEqualTo(row.counters.contains("r"));
    assertThat(moved[2] > 0).as(cell + ": timeout").isEqualTo(row.counters.contains("t"));
    assertThat(moved[3] > 0)
        .as(cell + ": timeout or closed")
        .isEqualTo(row.counters.contains("t") || row.counters.contains("c"));
    assertThat(moved[0]).as(cell + ": attempts are capped").isLessThanOrEqualTo(4);
    noContextLeft(rig, cell);
  }

  private static void noContextLeft(SpeechRig rig, String cell) throws Exception {
    rig.until(
        cell + ": no context is left",
        () -> rig.sim().stats().get("ttsContextsOpen") == 0 && rig.voice().activeContexts() == 0);
  }

  /** The fault is gone by the time of the second attempt. Returns the timer that looks. */
  private static long healAfterTheFirstFailure(SpeechRig rig) throws Exception {
    double errors = rig.counter("cartesia_tts_error");
    return rig.run(() -> Future.succeededFuture(rig.vertx.setPeriodic(1, id -> {
      if (rig.counter("cartesia_tts_error") > errors) {
        rig.vertx.cancelTimer(id);
        rig.sim().faults().clear();
        rig.proxy().pass();
      }
    })));
  }

  private static double[] counters(SpeechRig rig) {
    return new double[] {
      rig.counter("cartesia_tts_error"),
      rig.counter("cartesia_tts_rate_limit"),
      rig.counter("cartesia_tts_timeout"),
      rig.counter("cartesia_tts_timeout_or_closed"),
      rig.counter("provider_retries"),
      rig.counter("provider_fallback")
    };
  }
}

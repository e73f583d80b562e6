package io.voiceagent.speech;

import static org.assertj.core.api.Assertions.assertThat;

import io.voiceagent.FairClock;
import io.voiceagent.call.CallFact;
import io.voiceagent.call.CallOrder;
import io.voiceagent.sim.Faults.Fault;
import io.voiceagent.sim.SimulatedBrain;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * R22: every way in which a language model can fail, at the first request only, at every request, and with a second
 * server. Whatever happens: the voice is given the answer, or its beginning and the conversation is told that there is no
 * more, or the conversation is told within the bound that there is none; no word is written twice; the counters agree;
 * nothing stays open. To be passed by each way to ask a model.
 */
abstract class LlmFaultContract {
  private static final String SAID = "echo one two three four five six seven eight";
  private static final String ANSWER = SimulatedBrain.answer(SAID);
  private static final int BEFORE = 3;
  private static final double BOUND_MS = 2500;

  private enum When {
    ONCE,
    ALWAYS,
    ALWAYS_WITH_SECOND
  }

  /** What the caller may expect. */
  private enum Expect {
    /** No repetition heals it: only another server can answer. */
    FINAL,
    /** Another request heals it. */
    RETRY,
    /** It comes after the first words: what was written stands, and nothing is asked again. */
    BROKEN,
    /** Not even noticed. */
    NOTHING
  }

  private record Row(String name, Expect expect, boolean late, Consumer<LlmRig> inject) {}

  /** How the server is asked: {@code chat} or {@code responses}. */
  abstract String api();

  /** So many bytes of a response end amid its words. */
  abstract int amidWords();

  private static Row fault(String name, Expect expect, Fault fault) {
    return new Row(name, expect, false, rig -> rig.sim().faults().add(fault));
  }

  private static Row late(String name, Expect expect, Fault fault) {
    return new Row(name, expect, true, rig -> rig.sim().faults().add(fault));
  }

  private static Row line(
      String name, Expect expect, boolean late, FaultyProxy.Mode mode, long after) {
    return new Row(name, expect, late, rig -> {
      if (mode == FaultyProxy.Mode.RESET) {
        rig.proxy().cut(); // Else an idle connection that is well would be used.
      }
      rig.proxy().modeExactly(mode, after);
    });
  }

  private static Fault status(int status) {
    return Fault.of("llm", "status").status(status);
  }

  private static Fault mid(String kind, int after) {
    return Fault.of("llm", kind).after(after);
  }

  private List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    for (int status : new int[] {400, 401, 402, 403, 404, 422}) {
      rows.add(fault("status " + status, Expect.FINAL, status(status)));
    }
    for (int status : new int[] {408, 409, 429, 500, 502, 503}) {
      rows.add(fault("status " + status, Expect.RETRY, status(status)));
    }
    rows.add(fault("429 with Retry-After 0.2", Expect.RETRY, status(429).retryAfter("0.2")));
    rows.add(fault("429 with Retry-After 60", Expect.FINAL, status(429).retryAfter("60")));
    rows.add(fault("429 out of money", Expect.FINAL, status(429).code("insufficient_quota")));
    rows.add(fault("closed without an answer", Expect.RETRY, Fault.of("llm", "refuse")));
    rows.add(line("closed before the request", Expect.RETRY, false, FaultyProxy.Mode.RESET, 0));
    rows.add(line("line is silent from the start", Expect.RETRY, true, FaultyProxy.Mode.SILENT, 0));
    rows.add(late("hang before headers", Expect.RETRY, Fault.of("llm", "hang")));
    rows.add(late("hang before the first text", Expect.RETRY, mid("hangMid", 0)));
    rows.add(
        late("comments without end", Expect.RETRY, Fault.of("llm", "comments").ms(60_000)));
    rows.add(fault("close before the first text", Expect.RETRY, mid("closeMid", 0)));
    rows.add(fault("error before the first text", Expect.RETRY, mid("errorMid", 0)));
    rows.add(
        fault("rate limit in band", Expect.RETRY, mid("errorMid", 0).code("rate_limit_exceeded")));
    rows.add(fault(
        "bad request in band", Expect.FINAL, mid("errorMid", 0).code("context_length_exceeded")));
    rows.add(
        fault("out of money in band", Expect.FINAL, mid("errorMid", 0).code("insufficient_quota")));
    rows.add(fault("ends before the first text", Expect.RETRY, mid("noDone", 0)));
    rows.add(fault("garbage", Expect.RETRY, mid("garbage", 0)));
    rows.add(fault("wrong types", Expect.RETRY, mid("wrongTypes", 0)));
    rows.add(fault("empty answer", Expect.RETRY, Fault.of("llm", "empty")));
    rows.add(fault("close mid-stream", Expect.BROKEN, mid("closeMid", BEFORE)));
    rows.add(late("hang mid-stream", Expect.BROKEN, mid("hangMid", BEFORE)));
    rows.add(fault("error mid-stream", Expect.BROKEN, mid("errorMid", BEFORE)));
    rows.add(fault("garbage mid-stream", Expect.BROKEN, mid("garbage", BEFORE)));
    rows.add(fault("wrong types mid-stream", Expect.BROKEN, mid("wrongTypes", BEFORE)));
    rows.add(fault("ends mid-stream", Expect.BROKEN, mid("noDone", BEFORE)));
    rows.add(late("drip too slow", Expect.BROKEN, Fault.of("llm", "drip").ms(60_000)));
    rows.add(line("line cut mid-stream", Expect.BROKEN, false, FaultyProxy.Mode.CUT, amidWords()));
    rows.add(
        line("half-open mid-stream", Expect.BROKEN, true, FaultyProxy.Mode.FROZEN, amidWords()));
    rows.add(fault("no end mark", Expect.NOTHING, Fault.of("llm", "noMark")));
    rows.add(fault("stream not ended", Expect.NOTHING, Fault.of("llm", "noEnd")));
    rows.add(fault("comments first", Expect.NOTHING, Fault.of("llm", "comments").ms(100)));
    rows.add(
        fault("slow first text", Expect.NOTHING, Fault.of("llm", "slowFirst").ms(100)));
    rows.add(fault("drip", Expect.NOTHING, Fault.of("llm", "drip").ms(10)));
    return rows;
  }

  @Test
  void r22_afterEveryFaultTheAnswerComesOrTheConversationKnowsWhatIsMissing() throws Exception {
    FaultTable table = new FaultTable(
        "Language model, " + api(),
        "| fault | when | outcome | ms | words | requests | errors | timeouts | retries | fallbacks |");
    try {
      for (When when : When.values()) {
        try (LlmRig rig = new LlmRig()
            .with("llm.openai.api", api())
            .with("llm.openai.firstTokenTimeout", when == When.ALWAYS ? "400ms" : "800ms")
            .with("llm.openai.idleTimeout", "600ms")
            .with("llm.openai.connectTimeout", "300ms")
            .with("resilience.breaker.failures", "1000")
            .with("resilience.breaker.delay", "1ms")
            .with("resilience.retry.backoff", "20ms")
            .with("resilience.retry.perCall", "1000")
            .with("resilience.retry.reserve", "1000")
            .sim("simulator.llm.perWord", "2ms")
            .start(when == When.ALWAYS_WITH_SECOND ? new String[] {"backup"} : new String[0])) {
          for (int turn = 1; turn <= 3; turn++) {
            rig.ask(turn, SAID); // The first of anything is slow, and time-outs are short here.
          }
          int turn = 10;
          for (Row row : rows()) {
            if (when == When.ALWAYS || row.expect != Expect.NOTHING) {
              cell(rig, row, when, turn++, table);
            }
          }
        }
      }
    } finally {
      table.write("llm-" + api());
    }
  }

  private void cell(LlmRig rig, Row row, When when, int turn, FaultTable table) throws Exception {
    String cell = row.name + ", " + when;
    // The row before may have opened the breaker: its delay of 1 ms has passed by then.
    rig.vertx.timer(10).await(10, TimeUnit.SECONDS);
    double[] before = counters(rig);
    row.inject.accept(rig);
    long healer = when == When.ONCE ? healAfterTheFirstFailure(rig) : -1;
    long began = FairClock.millis();
    CallFact end;
    try {
      end = rig.ask(turn, SAID);
    } catch (TimeoutException e) {
      throw new AssertionError(cell + ": never ended", e);
    }
    double ms = FairClock.millis() - began;
    String told = end instanceof CallFact.ReplyFailed failed
        ? failed.text()
        : ((CallFact.ReplyCompleted) end).text();
    rig.until(
        cell + ": the voice is given what is told, and its stream ends",
        () -> rig.spoken.toString().equals(told) && rig.openStreams() == 0);
    rig.run(() -> rig.vertx.cancelTimer(healer));
    rig.sim().faults().clear();
    if (rig.proxy().faulty()) {
      rig.proxy().heal();
    }
    rig.order(new CallOrder.ReleaseCall());
    String heard = rig.spoken.toString();
    double[] moved = counters(rig);
    for (int i = 0; i < moved.length; i++) {
      moved[i] -= before[i];
    }
    boolean answered = end instanceof CallFact.ReplyCompleted;
    table.row(
        ms,
        row.name,
        when.name().toLowerCase(Locale.ROOT).replace('_', ' '),
        answered
            ? "answered"
            : (heard.isEmpty() ? "reported " : "broken off, reported ")
                + ((CallFact.ReplyFailed) end).failure().kind(),
        String.valueOf(Math.round(ms)),
        String.valueOf(heard.isBlank() ? 0 : heard.strip().split(" ").length),
        String.valueOf((int) moved[0]),
        String.valueOf((int) moved[1]),
        String.valueOf((int) moved[2]),
        String.valueOf((int) moved[3]),
        String.valueOf((int) moved[4]));

    boolean mustAnswer = row.expect == Expect.NOTHING
        || row.expect != Expect.BROKEN && when == When.ALWAYS_WITH_SECOND
        || row.expect == Expect.RETRY && when == When.ONCE;
    assertThat(answered).as(cell + ": answered").isEqualTo(mustAnswer);
    if (mustAnswer) {
      assertThat(heard).as(cell + ": every word once").isEqualTo(ANSWER);
    } else if (row.expect == Expect.BROKEN) {
      assertThat(ANSWER).as(cell + ": its beginning").startsWith(heard);
      assertThat(heard).as(cell + ": what was written stands").isNotBlank();
      assertThat(moved[0]).as(cell + ": nothing is asked again").isEqualTo(1);
    } else {
      assertThat(heard).as(cell).isEmpty();
    }
    assertThat(ms).as(cell + ": in time").isLessThan(BOUND_MS);
    assertThat(moved[0]).as(cell + ": r28 requests are capped").isLessThanOrEqualTo(4);
    assertThat(moved[1] > 0).as(cell + ": counted").isEqualTo(row.expect != Expect.NOTHING);
    assertThat(moved[2] > 0).as(cell + ": timeout").isEqualTo(row.late);
    if (row.expect == Expect.FINAL) {
      assertThat(moved[3]).as(cell + ": not repeated").isZero();
    }
    if (when == When.ALWAYS_WITH_SECOND && mustAnswer) {
      assertThat(moved[4]).as(cell + ": the second took over").isEqualTo(1);
    }
    rig.until(
        cell + ": no stream is left",
        () -> rig.sims.stream().allMatch(sim -> sim.stats().get("llmOpen") == 0));
  }

  private static double[] counters(LlmRig rig) {
    return new double[] {
      rig.requests(),
      rig.counter("openai_stream_error"),
      rig.counter("openai_stream_timeout"),
      rig.counter("provider_retries"),
      rig.counter("provider_fallback")
    };
  }

  /** The fault is gone by the time of the second request. Returns the timer that looks. */
  private static long healAfterTheFirstFailure(LlmRig rig) throws Exception {
    double errors = rig.counter("openai_stream_error");
    return rig.run(() -> rig.vertx.setPeriodic(1, id -> {
      if (rig.counter("openai_stream_error") > errors) {
        rig.vertx.cancelTimer(id);
        rig.sim().faults().clear();
        if (rig.proxy().faulty()) {
          rig.proxy().pass();
        }
      }
    }));
  }
}

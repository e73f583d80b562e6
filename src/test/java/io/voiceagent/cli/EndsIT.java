package io.voiceagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.voiceagent.FairClock;
import io.voiceagent.sim.CallResult;
import io.voiceagent.sim.CallerListener;
import io.voiceagent.sim.Faults.Fault;
import io.voiceagent.sim.Scenario;
import io.voiceagent.sim.SimulatedCaller;
import io.voiceagent.speech.FaultyProxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How calls end: by whatever part that dies, by the agent, by limits; and that nothing of them is left. */
class EndsIT {
  private static FaultBed bed;

  @BeforeAll
  static void start() throws Exception {
    bed = new FaultBed(
        "agent.greeting=Hello there my friend.",
        "simulator.llm.firstToken=150ms",
        "simulator.llm.perWord=40ms",
        "simulator.tts.speed=4",
        "media.stallTimeout=1s",
        "media.inboundTimeout=6s",
        // A caller may be gone between the webhook and the stream; then nobody tells us.
        "limits.tokenLifetime=5s",
        "media.markTimeout=500ms",
        "turn.hangUpTimeout=4s");
    // The first of anything is slow, and what is made once stays.
    bed.call(Scenario.of("tell me a story", "echo stop").withBargeIn(true), CallerListener.NONE)
        .result();
    assertThat(bed.leftAfter(10_000)).isEmpty();
  }

  @AfterEach
  void noFaultsLeft() {
    bed.live.simulators().faults().clear();
  }

  @AfterAll
  static void stop() throws Exception {
    bed.close();
  }

  @Test
  void r1_aCarrierSocketThatDiesAtAnyInstantLeavesNothingTwoSecondsLater() throws Exception {
    int calls = 40;
    long seed = 20261124;
    Random random = new Random(seed);
    int timers = bed.timers();
    Set<String> states = new ConcurrentSkipListSet<>();
    ExecutorService killers = Executors.newFixedThreadPool(20);
    List<Future<Long>> ends = new ArrayList<>();
    for (int i = 0; i < calls; i++) {
      long instant = 20 + random.nextInt(6500);
      Scenario scenario = random.nextBoolean()
          ? Scenario.of("tell me a story", "echo stop it").withBargeIn(true)
          : Scenario.of("echo one two three", "echo four five six");
      ends.add(killers.submit(killed(scenario, instant, states)));
    }
    List<Long> tookMs = new ArrayList<>();
    for (Future<Long> end : ends) {
      tookMs.add(end.get(60, TimeUnit.SECONDS));
    }
    killers.shutdown();
    Collections.sort(tookMs);

    // All of them at leisure; a machine that is busy with other things makes some late.
    assertThat(tookMs.get(calls * 3 / 4)).as("seed " + seed + ": " + tookMs).isLessThan(2000);
    assertThat(bed.leftAfter(10_000)).as("seed " + seed).isEmpty();
    assertThat(FaultBed.waitFor(10_000, () -> bed.timers() <= timers))
        .as(bed.timers() + " timers run, before the calls there were " + timers)
        .isTrue();
    assertThat(bed.metric("calls_started_total")).isEqualTo(bed.metric("calls_ended_total"));
    assertThat(states).as("states in which sockets died").contains("speaking", "listening");
    assertThat(states.size()).isGreaterThanOrEqualTo(4);
  }

  /** How long after the kill, in milliseconds, the service knew nothing of the call any more. */
  private static Callable<Long> killed(Scenario scenario, long instant, Set<String> states) {
    return () -> {
      FaultBed.Call call = bed.call(scenario, CallerListener.NONE);
      long at = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(instant);
      String state = "";
      while (System.nanoTime() < at) {
        TimeUnit.MILLISECONDS.sleep(Math.min(100, instant));
        state = call.state();
      }
      states.add(state);
      call.kill();
      long killedAt = FairClock.millis();
      String sid = call.caller().callSid();
      boolean gone = FaultBed.waitFor(20_000, () -> !call.known());
      assertThat(gone)
          .as(sid + ", killed while " + state + " after " + instant + " ms, is gone")
          .isTrue();
      return FairClock.millis() - killedAt;
    };
  }

  @Test
  void r2_aCarrierThatTakesNothingIsLeftAndOthersAreNotDisturbed() throws Exception {
    String greeting = "please hold the line ".repeat(20) + ".";
    try (FaultBed alone = new FaultBed(
        "agent.greeting=" + greeting,
        "simulator.tts.speed=4",
        "media.stallTimeout=1s",
        "turn.bargeIn.enabled=false")) {
      // It hears nothing more and says nothing: only what is not taken shows that it is stuck.
      FaultBed.Call stuck =
          alone.call(Scenario.of("echo one").withThink(60_000), CallerListener.NONE);
      assertThat(stuck.untilState("speaking")).isTrue();
      FaultBed.Call other = alone.call(Scenario.of("echo one two three"), CallerListener.NONE);
      // The call would go on by another stream, and hide that the first is gone.
      stuck.line().mode(FaultyProxy.Mode.RESET, Long.MAX_VALUE);
      int lines = stuck.line().openConnections();
      stuck.line().choke();

      assertThat(FaultBed.waitFor(
              40_000, () -> alone.metric("calls_ended_total", "carrier_lost") == 1))
          .as("the stuck call is ended")
          .isTrue();
      assertThat(FaultBed.waitFor(15_000, () -> stuck.line().openConnections() < lines))
          .as("its socket is cut, for no close frame can be delivered")
          .isTrue();
      stuck.kill();
      CallResult result = other.result();
      assertThat(result.good()).as(result.toString()).isTrue();
      assertThat(result.defects()).as(result.toString()).isZero();
      assertThat(FaultBed.waitFor(
              5_000, () -> alone.live.simulators().stats().get("sttSocketsOpen") == 0))
          .as("nothing listens for either of them any more")
          .isTrue();
    }
  }

  @Test
  void aCarrierThatFallsSilentIsLeft() throws Exception {
    FaultBed.Call call = bed.call(Scenario.of("tell me a story"), CallerListener.NONE);
    assertThat(call.untilState("speaking")).isTrue();
    call.line().mode(FaultyProxy.Mode.FROZEN, 0);

    assertThat(FaultBed.waitFor(30_000, bed.live::nothingLeft))
        .as(bed.live.leftovers())
        .isTrue();
    call.kill();
    assertThat(bed.leftAfter(10_000)).isEmpty();
  }

  @Test
  void aCarrierThatSendsGarbageIsLeftAndTheCallGoesOnByANewStream() throws Exception {
    double bad = bed.metric("carrier_bad_message_total");
    FaultBed.Call call = bed.call(Scenario.of("echo one two three"), CallerListener.NONE);
    assertThat(call.untilState("listening")).isTrue();
    call.line().garble();

    CallResult result = call.result();
    assertThat(result.reconnects()).as(result.toString()).isEqualTo(1);
    assertThat(bed.metric("carrier_bad_message_total")).isGreaterThan(bad);
    assertThat(bed.leftAfter(10_000)).isEmpty();
  }

  @Test
  void r3_withoutAnyMarkTheCallGoesOnAndEndsOnTime() throws Exception {
    CallResult result = bed.call(
            Scenario.of("echo one two three", "echo four five", "goodbye").withMarks(false),
            CallerListener.NONE)
        .result();

    assertThat(result.turns()).as(result.toString()).hasSize(3);
    assertThat(result.turns().get(0).heard()).isEqualTo("one two three");
    assertThat(result.turns().get(1).heard()).isEqualTo("four five");
    assertThat(result.turns().get(2).heard()).isEqualTo("goodbye and thank you for calling");
    assertThat(bed.leftAfter(10_000)).isEmpty();
  }

  @Test
  void r4_anInterruptionIsOverAtOnceAlsoWithoutAnyMark() throws Exception {
    CallResult result = bed.call(
            Scenario.of("tell me a story", "echo stop it", "echo go on")
                .withBargeIn(true)
                .withMarks(false),
            CallerListener.NONE)
        .result();

    assertThat(result.turns()).as(result.toString()).hasSize(3);
    assertThat(result.turns().get(2).heard()).isEqualTo("go on");
    assertThat(result.turns().get(2).firstAudioMs()).as(result.toString()).isBetween(0.0, 3000.0);
    assertThat(bed.leftAfter(10_000)).isEmpty();
  }

  @Test
  void r5_r49_anAgentsGoodbyeIsHeardToItsEndAndTheCallIsEndedAtTheCarrierOnce() throws Exception {
    for (int status : new int[] {0, 404}) {
      if (status != 0) {
        // The caller was quicker: for the carrier the call is over.
        bed.live
            .simulators()
            .faults()
            .add(Fault.of("twilio", "status").status(status).times(1));
      }
      long asked = bed.live.simulators().stats().get("twilioHangUps");
      double ended = bed.metric("calls_ended_total", "agent_hung_up");

      CallResult result =
          bed.call(Scenario.of("echo one", "goodbye"), CallerListener.NONE).result();

      assertThat(result.turns().get(1).heard()).isEqualTo("goodbye and thank you for calling");
      assertThat(result.turns().get(1).lost()).isZero();
      assertThat(bed.metric("calls_ended_total", "agent_hung_up")).isEqualTo(ended + 1);
      long now = bed.live.simulators().stats().get("twilioHangUps");
      assertThat(now - asked).as("asked by REST").isEqualTo(status == 0 ? 1 : 0);
      assertThat(result.reconnects())
          .as("what follows the stream is the end, not another stream")
          .isEqualTo(1);
      assertThat(bed.leftAfter(10_000)).isEmpty();
    }
  }

  @Test
  void r7_theGaugeOfLiveCallsIsWhatTheCarrierSees() throws Exception {
    Random random = new Random(7);
    List<SimulatedCaller> callers = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      SimulatedCaller caller = bed.live.place(
          Scenario.of("echo one").withAbruptEnd(random.nextBoolean()).withThink(0));
      callers.add(caller);
      if (random.nextInt(8) != 0) {
        bed.outside.setTimer(1 + random.nextInt(1500), id -> caller.hangUp());
      }
      if (i % 30 == 0) {
        TimeUnit.MILLISECONDS.sleep(300);
      }
    }
    for (SimulatedCaller caller : callers) {
      LiveService.result(caller);
    }

    assertThat(FaultBed.waitFor(10_000, () -> bed.metric("calls_active") == 0))
        .as("the carrier has no call, the gauge says " + bed.metric("calls_active"))
        .isTrue();
    assertThat(bed.metric("calls_started_total")).isEqualTo(bed.metric("calls_ended_total"));
    assertThat(bed.live.service().agent().calls()).isZero();
    assertThat(bed.leftAfter(10_000)).isEmpty();
  }
}

package io.voiceagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.voiceagent.sim.CallResult;
import io.voiceagent.sim.Modem;
import io.voiceagent.sim.Scenario;
import io.voiceagent.sim.SimulatedBrain;
import io.voiceagent.sim.SimulatedCaller;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Four nodes, two that hold calls and two that work for them; every word at the caller's ear counts. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterIT {
  private static final int LIMIT = 6;
  /** Its answer is long enough to be cut in the middle. */
  private static final String STORY = "tell me a story";

  private static ClusterRig rig;
  private static ClusterRig.Node media1;
  private static ClusterRig.Node media2;
  private static ClusterRig.Node worker1;
  private static ClusterRig.Node worker2;

  @BeforeAll
  static void start() throws Exception {
    rig = new ClusterRig(
        "cluster.maxCalls=" + LIMIT, "agent.bridge=Sorry for that.", "drain.timeout=15s");
    media1 = rig.start("media1", "media");
    media2 = rig.start("media2", "media");
    worker1 = rig.start("worker1", "stt,llm,tts");
    worker2 = rig.start("worker2", "stt,llm,tts");
    for (ClusterRig.Node node : List.of(media1, media2, worker1, worker2)) {
      node.ready();
    }
    // What a JVM does for the first time takes longer than a caller waits for a greeting.
    SimulatedCaller first = rig.place(Scenario.of("echo one"));
    SimulatedCaller second = rig.place(Scenario.of("echo two"));
    ClusterRig.result(first);
    ClusterRig.result(second);
  }

  @AfterAll
  static void stop() throws Exception {
    rig.close();
  }

  /** Nodes that a test before this one has killed. */
  @BeforeEach
  void allAreThere() throws Exception {
    for (ClusterRig.Node node : List.of(media1, media2, worker1, worker2)) {
      node.ready();
    }
  }

  @Test
  @Order(1)
  void everyWordIsRightWhenStagesAreElsewhere() throws Exception {
    List<SimulatedCaller> callers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      callers.add(rig.place(Scenario.of("echo caller number " + i, "one two " + i)));
    }
    for (SimulatedCaller caller : callers) {
      good(ClusterRig.result(caller));
    }
    // The balancer counts connections, of which a call has two: which node gets how many is chance.
    double first = media1.metric("calls_started_total");
    assertThat(first).isBetween(1.0, 5.0);
    assertThat(first + media2.metric("calls_started_total")).isEqualTo(6);
  }

  @Test
  @Order(2)
  void anyNodeShowsAndEndsTheCallsOfAll() throws Exception {
    SimulatedCaller one = rig.place(Scenario.of("tell me a story", "never said"));
    SimulatedCaller two = rig.place(Scenario.of("tell me a story", "never said"));

    rig.await(
        "worker1 sees both",
        () -> worker1.calls().stream().anyMatch(call -> call.contains(one.callSid()))
            && worker1.calls().stream().anyMatch(call -> call.contains(two.callSid())));
    assertThat(worker1.calls()).anyMatch(call -> call.startsWith("media1"));
    assertThat(worker1.calls()).anyMatch(call -> call.startsWith("media2"));

    assertThat(media1.send("DELETE", "/api/calls/" + one.callSid()).statusCode())
        .isEqualTo(202);
    assertThat(media1.send("DELETE", "/api/calls/" + two.callSid()).statusCode())
        .isEqualTo(202);
    assertThat(ClusterRig.result(one).problem()).isEqualTo("the agent hung up");
    assertThat(ClusterRig.result(two).problem()).isEqualTo("the agent hung up");
    rig.await("all are gone", () -> worker2.calls().isEmpty());
  }

  @Test
  @Order(9)
  void theLimitHoldsForTheWholeCluster() throws Exception {
    rig.await("nobody of before is there", () -> media1.calls().isEmpty());
    rig.await(
        "both know that there are two",
        () -> media1.metric("calls_limit") + media2.metric("calls_limit") == LIMIT);
    List<String> sids = new ArrayList<>();
    try (Stranger first = media1.asked();
        Stranger second = media2.asked()) {
      int taken = taken(first, "CAfirst", sids) + taken(second, "CAsecond", sids);

      assertThat(taken).as(rig.logs()).isEqualTo(LIMIT);
      for (Stranger carrier : List.of(first, second)) {
        rig.await(
            "it knows that the other one is full, too",
            () -> asked(carrier, "CAover").contains("All our lines are busy"));
      }
      for (String sid : sids) {
        first.post("/twilio/status", true, "CallSid", sid, "CallStatus", "completed");
        second.post("/twilio/status", true, "CallSid", sid, "CallStatus", "completed");
      }
    }
  }

  /** How many of more calls than there may be get a place at the node. */
  private static int taken(Stranger carrier, String prefix, List<String> sids) throws Exception {
    int taken = 0;
    for (int i = 0; i <= LIMIT; i++) {
      sids.add(prefix + i);
      taken += asked(carrier, prefix + i).contains("<Connect") ? 1 : 0;
    }
    return taken;
  }

  private static String asked(Stranger carrier, String sid) throws Exception {
    return carrier.post("/twilio/voice", true, "CallSid", sid).body();
  }

  @Test
  @Order(4)
  void aWorkerThatDiesInMidTurnCostsNoCallAndNoWord() throws Exception {
    List<SimulatedCaller> callers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      callers.add(rig.place(Scenario.of("echo a caller speaks", STORY, "echo it goes on " + i)));
    }
    answering(callers);
    worker1.kill();
    worker1.exit();
    worker1.relaunch();

    for (SimulatedCaller caller : callers) {
      CallResult result = ClusterRig.result(caller);
      assertThat(result.problem()).isEmpty();
      assertThat(result.defects()).as(result + rig.logs()).isZero();
      assertThat(result.turns()).hasSize(3).allMatch(CallResult.Turn::answered);
    }
  }

  @Test
  @Order(5)
  void aCallSurvivesTheNodeThatHoldsIt() throws Exception {
    SimulatedCaller caller =
        rig.place(Scenario.of("echo before the fall", STORY, "echo after the fall"));
    answering(List.of(caller));
    String holder = media1.calls().get(0).split(" ")[0];
    ClusterRig.Node dying = holder.equals("media1") ? media1 : media2;
    dying.kill();
    dying.exit();
    dying.relaunch();

    CallResult result = ClusterRig.result(caller);
    assertThat(result.problem()).as(result + rig.logs()).isEmpty();
    assertThat(result.reconnects()).isEqualTo(1);
    // The rest of the answer is said from the history that survived, and the conversation goes on.
    List<String> heard = words(result, 1);
    int bridge = Collections.indexOfSubList(heard, List.of("sorry", "for", "that"));
    assertThat(bridge).as(result + rig.logs()).isNotNegative();
    heard.subList(bridge, bridge + 3).clear();
    assertThat(seamed(Modem.words(SimulatedBrain.answer(STORY)), heard))
        .as("one word at the seam at most is lost or said twice: " + result + rig.logs())
        .isTrue();
    assertThat(words(result, 2)).as(result + rig.logs()).containsExactly("after", "the", "fall");
  }

  @Test
  @Order(6)
  void r44_aRollingRestartCutsNoCallAndRefusesNone() throws Exception {
    // The whole round is for whoever has the time: a node after the other is the same again.
    List<ClusterRig.Node> leaving = Boolean.getBoolean("cluster.long")
        ? List.of(media1, worker1, media2, worker2)
        : List.of(media1, worker1);
    SimulatedCaller straggler = onMedia1();
    try {
      for (ClusterRig.Node node : leaving) {
        restart(node);
      }
    } finally {
      straggler.hangUp();
    }
    CallResult result = ClusterRig.result(straggler);
    assertThat(result.problem()).as(result + rig.logs()).isEmpty();
    assertThat(result.reconnects()).as("handed over at the deadline").isPositive();
    assertThat(result.turns().get(result.turns().size() - 2).answered())
        .as(result + rig.logs())
        .isTrue();
  }

  /** A call that stays until it is hung up; which node gets a call is chance. */
  private static SimulatedCaller onMedia1() throws Exception {
    for (int tries = 0; tries < 20; tries++) {
      SimulatedCaller caller =
          rig.place(Scenario.of("echo still here", "echo and here").withHold(600_000));
      String sid = caller.callSid();
      rig.await("it is up", () -> media1.calls().stream().anyMatch(call -> call.endsWith(sid)));
      if (media1.calls().contains("media1 " + sid)) {
        return caller;
      }
      caller.hangUp();
      ClusterRig.result(caller);
    }
    throw new AssertionError("no call in 20 came to media1" + rig.logs());
  }

  /** With calls that it holds or serves, and one that comes while it leaves. */
  private static void restart(ClusterRig.Node node) throws Exception {
    List<SimulatedCaller> callers = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      callers.add(rig.place(Scenario.of("echo one two three", "echo again")));
    }
    rig.await("they are up", () -> media2.calls().size() >= 3);
    node.terminate();
    // The balancer has not noticed yet: whoever gets the call sends it on.
    callers.add(rig.place(Scenario.of("echo one two three")));
    rig.await(node.name + " says that it leaves", () -> node.status("/health/ready") != 200);
    node.outOfBalance();
    for (SimulatedCaller caller : callers) {
      CallResult result = ClusterRig.result(caller);
      assertThat(result.good()).as(result + rig.logs()).isTrue();
      assertThat(result.defects()).as(result + rig.logs()).isZero();
    }
    assertThat(node.exit()).isZero();
    node.relaunch();
    node.ready();
  }

  @Test
  @Order(7)
  void r45_aNodeThatSendsACallAwayIsUnreadyAndAllAreWhenOneIsRefused() throws Exception {
    try (Stranger first = media1.asked();
        Stranger second = media2.asked()) {
      media1.send("POST", "/api/drain");
      String twiml = firstWithout("<Connect", first, media1);
      assertThat(twiml).as("there is room elsewhere").contains("<Redirect");
      assertThat(ClusterRig.result(rig.place(Scenario.of("echo one two"))).good())
          .as("whoever the balancer gives the call")
          .isTrue();

      media2.send("POST", "/api/drain");
      firstWithout("<Connect", second, media2);
      twiml = firstWithout("<Redirect", second, media2);
      assertThat(twiml).contains("All our lines are busy");
      assertThat(media1.status("/health/ready")).isEqualTo(503);
    } finally {
      media1.send("DELETE", "/api/drain");
      media2.send("DELETE", "/api/drain");
    }
  }

  /** Asks for new calls until the answer has no {@code word}; whoever gets that one sees the node unready. */
  private static String firstWithout(String word, Stranger carrier, ClusterRig.Node node)
      throws Exception {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    String twiml;
    do {
      assertThat(System.nanoTime()).as("still " + word).isLessThan(until);
      twiml = carrier.post("/twilio/voice", true, "CallSid", "CAlate").body();
    } while (twiml.contains(word));
    assertThat(node.status("/health/ready")).isEqualTo(503);
    carrier.post("/twilio/status", true, "CallSid", "CAlate", "CallStatus", "completed");
    return twiml;
  }

  @Test
  @Order(8)
  void aStrangerWithoutTheSecretCannotJoin() throws Exception {
    ClusterRig.Node stranger =
        rig.start("stranger", "media", "cluster.secret=another-secret-of-somebody");

    rig.await("the stranger is up", () -> stranger.status("/health/live") == 200);
    rig.await(
        "it has looked for others",
        () -> stranger.api("/health/ready").encode().contains("no node offers llm"));
    assertThat(stranger.status("/health/ready")).isEqualTo(503);
    assertThat(stranger.logged()).contains("1 members");
    assertThat(media1.logged()).doesNotContain("stranger");
    assertThat(media1.status("/health/ready")).isEqualTo(200);
    stranger.kill();
  }

  /** All of these hear their second answer, somewhere in its middle. */
  private static void answering(List<SimulatedCaller> callers) throws Exception {
    for (SimulatedCaller caller : callers) {
      rig.await("the second answer is heard", () -> {
        var call = media1.api("/api/calls/" + caller.callSid());
        return call.getInteger("turnCount", 0) == 1
            && call.getString("state", "").equals("speaking");
      });
    }
  }

  private static List<String> words(CallResult result, int turn) {
    return new ArrayList<>(List.of(result.turns().get(turn).heard().split(" ")));
  }

  /** The same words, but for one that is missing, or there twice in a row. */
  private static boolean seamed(List<String> expected, List<String> heard) {
    List<String> longer = expected.size() > heard.size() ? expected : heard;
    List<String> shorter = longer == expected ? heard : expected;
    if (longer.size() - shorter.size() > 1) {
      return false;
    }
    for (int i = 0; i < longer.size(); i++) {
      List<String> without = new ArrayList<>(longer);
      without.remove(i);
      boolean twice = i > 0 && longer.get(i).equals(longer.get(i - 1));
      if (without.equals(shorter) && (longer == expected || twice)) {
        return true;
      }
    }
    return longer.equals(shorter);
  }

  private static void good(CallResult result) {
    assertThat(result.good()).as(result.toString()).isTrue();
    assertThat(result.defects()).as(result.toString()).isZero();
    for (CallResult.Turn turn : result.turns()) {
      assertThat(turn.heard())
          .isEqualTo(String.join(" ", Modem.words(SimulatedBrain.answer(turn.said()))));
    }
  }
}

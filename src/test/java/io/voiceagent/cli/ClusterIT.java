package io.voiceagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.voiceagent.sim.CallResult;
import io.voiceagent.sim.Modem;
import io.voiceagent.sim.Scenario;
import io.voiceagent.sim.SimulatedBrain;
import io.voiceagent.sim.SimulatedCaller;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

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
    rig = new ClusterRig("cluster.maxCalls=" + LIMIT, "agent.bridge=Sorry for that.");
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
    assertThat(media1.metric("calls_started_total")).isEqualTo(3);
    assertThat(media2.metric("calls_started_total")).isEqualTo(3);
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
  @Order(9) // the last: whoever calls right after it may still find all places taken
  void theLimitHoldsForTheWholeCluster() throws Exception {
    List<SimulatedCaller> callers = new ArrayList<>();
    for (int i = 0; i < LIMIT; i++) {
      callers.add(rig.place(Scenario.of("tell me a story").withHold(60_000)));
      int placed = callers.size();
      rig.await("there is a place for one more", () -> media1.calls().size() == placed);
    }

    CallResult refused = ClusterRig.result(rig.place(Scenario.of("hello")));

    assertThat(refused.problem()).startsWith("refused: All our lines are busy");
    callers.forEach(SimulatedCaller::hangUp);
    rig.await("all are gone", () -> media1.calls().isEmpty());
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
    assertThat(result.turns().get(1).heard())
        .as(result + rig.logs())
        .endsWith("and then said thank you");
    assertThat(result.turns().get(1).lost()).as(result + rig.logs()).isLessThanOrEqualTo(4);
    // Where the node fell between two answers, the bridge is heard within the next one.
    assertThat(result.turns().get(2).heard()).as(result + rig.logs()).endsWith("after the fall");
  }

  @Test
  @Order(6)
  @EnabledIfSystemProperty(named = "cluster.long", matches = "true")
  void r44_aRollingRestartOfEveryNodeCutsNoCallAndRefusesNone() throws Exception {
    List<SimulatedCaller> callers = new ArrayList<>();
    for (ClusterRig.Node node : List.of(media1, worker1, media2, worker2)) {
      for (int i = 0; i < 2; i++) {
        callers.add(rig.place(Scenario.of("echo one two three", "echo again")));
      }
      rig.await(
          "both are up", () -> media2.calls().size() >= 2 || media1.calls().size() >= 2);
      node.terminate();
      // The balancer has not noticed yet: whoever gets the call sends it on.
      callers.add(rig.place(Scenario.of("echo one two three")));
      rig.await(node.name + " says that it leaves", () -> node.status("/health/ready") != 200);
      node.outOfBalance();
      assertThat(node.exit()).isZero();
      node.relaunch();
      node.ready();
    }
    for (SimulatedCaller caller : callers) {
      CallResult result = ClusterRig.result(caller);
      assertThat(result.good()).as(result + rig.logs()).isTrue();
      assertThat(result.defects()).as(result + rig.logs()).isZero();
    }
  }

  @Test
  @Order(7)
  @EnabledIfSystemProperty(named = "cluster.long", matches = "true")
  void aNodeThatStoodStillComesBackAndNoCallIsAnsweredTwice() throws Exception {
    SimulatedCaller caller = rig.place(Scenario.of("echo one two three", STORY, "echo at last"));
    answering(List.of(caller));
    worker1.signal("STOP");
    worker2.signal("STOP");
    TimeUnit.SECONDS.sleep(1);
    worker1.signal("CONT");
    worker2.signal("CONT");

    CallResult result = ClusterRig.result(caller);
    assertThat(result.good()).as(result + rig.logs()).isTrue();
    assertThat(result.defects()).as(result + rig.logs()).isZero();
    assertThat(media1.metric("calls_active") + media2.metric("calls_active")).isZero();
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
        return call.getInteger("turnCount", 0) == 2
            && call.getString("state", "").equals("speaking");
      });
    }
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

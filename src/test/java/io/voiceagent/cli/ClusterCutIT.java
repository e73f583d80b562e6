package io.voiceagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.voiceagent.sim.CallResult;
import io.voiceagent.sim.Scenario;
import io.voiceagent.sim.SimulatedCaller;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Nodes that do not hear each other for a while, and do again. Takes minutes: on request. */
@EnabledIfSystemProperty(named = "cluster.long", matches = "true")
class ClusterCutIT {
  private static final String STORY = "tell me a story";

  private static ClusterRig rig;
  private static ClusterRig.Node media1;
  private static ClusterRig.Node media2;
  private static ClusterRig.Node worker1;
  private static ClusterRig.Node worker2;
  private static List<ClusterRig.Node> all;

  @BeforeAll
  static void start() throws Exception {
    rig = new ClusterRig("agent.bridge=Sorry for that.", "cluster.peerTimeout=3s");
    media1 = rig.start("media1", "media");
    media2 = rig.start("media2", "media");
    worker1 = rig.start("worker1", "stt,llm,tts");
    worker2 = rig.start("worker2", "stt,llm,tts");
    all = List.of(media1, media2, worker1, worker2);
    for (ClusterRig.Node node : all) {
      node.ready();
    }
    for (int i = 0; i < 4; i++) {
      ClusterRig.result(rig.place(Scenario.of("echo one two")));
    }
  }

  @AfterAll
  static void stop() throws Exception {
    rig.close();
  }

  /** Whatever became of the test before. */
  @BeforeEach
  void allAreThere() throws Exception {
    for (ClusterRig.Node node : all) {
      node.signal("CONT");
      rig.await(node.name + " hears all", () -> node.sees(4));
    }
  }

  @Test
  void workersThatStandStillForAMomentCostAPauseAtMost() throws Exception {
    SimulatedCaller caller = rig.place(Scenario.of("echo one two three", STORY, "echo at last"));
    speaking(caller);
    worker1.signal("STOP");
    worker2.signal("STOP");
    TimeUnit.SECONDS.sleep(1);
    worker1.signal("CONT");
    worker2.signal("CONT");

    good(ClusterRig.result(caller));
    assertThat(media1.metric("calls_active") + media2.metric("calls_active")).isZero();
  }

  @Test
  void aSideThatWasCountedAsLostComesBackAndServesAgain() throws Exception {
    double before = started();
    // What is said to a node that stands still may be lost; what comes after it may not.
    SimulatedCaller here = rig.place(Scenario.of("echo one two", STORY, "echo", "echo at last"));
    SimulatedCaller there = rig.place(Scenario.of("echo one two", STORY, "echo", "echo at last"));
    speaking(here);
    speaking(there);
    media2.signal("STOP");
    worker2.signal("STOP");
    rig.await("the other side is counted as lost", () -> media1.sees(2) && worker1.sees(2));
    media2.outOfBalance();
    good(ClusterRig.result(rig.place(Scenario.of("echo all alone"))));
    // Longer than the engine beneath waits for a member: it makes two clusters of them.
    TimeUnit.SECONDS.sleep(7);
    media2.signal("CONT");
    worker2.signal("CONT");

    CallResult first = ClusterRig.result(here);
    CallResult second = ClusterRig.result(there);
    assertThat(first.problem()).as(first + rig.logs()).isEmpty();
    assertThat(second.problem()).as(second + rig.logs()).isEmpty();
    // A node that stood still finds ten seconds of its caller at once, more than any line brings,
    // and
    // may let go: the carrier comes back with the call.
    int back = first.reconnects() + second.reconnects();
    assertThat(back).isLessThanOrEqualTo(1);
    assertThat(first.turns().get(3).answered()).as(first + rig.logs()).isTrue();
    assertThat(second.turns().get(3).answered()).as(second + rig.logs()).isTrue();
    for (ClusterRig.Node node : all) {
      rig.await(node.name + " hears all of them again", () -> node.sees(4));
    }
    media2.ready();
    assertThat(started() - before).as("each stream was answered once").isEqualTo(3 + back);
    theOthersServe(worker1);
    theOthersServe(worker2);
  }

  /** Calls on both media nodes while one worker wants no more: the other serves them, whichever side it was on. */
  private static void theOthersServe(ClusterRig.Node tired) throws Exception {
    tired.send("POST", "/api/drain");
    rig.await(
        "its leaving is known", () -> tired.api("/health/ready").encode().contains("draining"));
    TimeUnit.SECONDS.sleep(1);
    List<SimulatedCaller> callers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      callers.add(rig.place(Scenario.of("echo caller number " + i, "one two " + i)));
    }
    rig.await("all are up, seen from anywhere", () -> {
      for (ClusterRig.Node node : all) {
        if (node.calls().size() < 4) {
          return false;
        }
      }
      return true;
    });
    for (SimulatedCaller caller : callers) {
      good(ClusterRig.result(caller));
    }
    tired.send("DELETE", "/api/drain");
    TimeUnit.SECONDS.sleep(1);
  }

  private static double started() throws Exception {
    return media1.metric("calls_started_total") + media2.metric("calls_started_total");
  }

  private static void speaking(SimulatedCaller caller) throws Exception {
    rig.await("the second answer is heard", () -> {
      var call = media1.api("/api/calls/" + caller.callSid());
      return call.getInteger("turnCount", 0) == 1 && call.getString("state", "").equals("speaking");
    });
  }

  private static void good(CallResult result) throws Exception {
    assertThat(result.good()).as(result + rig.logs()).isTrue();
    assertThat(result.defects()).as(result + rig.logs()).isZero();
  }
}

package io.voiceagent.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import io.voiceagent.call.StageAddress;
import io.voiceagent.call.StageAddress.Stage;
import io.voiceagent.cluster.Placement;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StagesTest {
  private static final StageAddress SELF = new StageAddress("self", Stage.CONVERSATION, 0);

  /** Draws nodes in this order, the last one again and again. */
  private final Queue<String> draws = new ArrayDeque<>();

  private final Set<String> leaving = new HashSet<>();
  private final Stages stages = new Stages(
      new Placement() {
        @Override
        public boolean serves(StageAddress chosen, StageAddress from) {
          return !leaving.contains(chosen.node());
        }

        @Override
        public StageAddress choose(Stage stage, StageAddress from) {
          return at(draws.size() > 1 ? draws.remove() : draws.element(), stage);
        }
      },
      SELF);

  @Test
  void aNodeThatLeavesKeepsTheWorkThatItHasAndGetsNoOther() {
    draws.addAll(List.of("one", "two"));
    stages.get(Stage.STT);
    leaving.add("one");

    assertThat(stages.current(Stage.STT)).isEqualTo(at("one", Stage.STT));
    assertThat(stages.stale(Stage.STT)).isTrue();
    assertThat(stages.get(Stage.STT)).isEqualTo(at("two", Stage.STT));
    assertThat(stages.current(Stage.STT)).isEqualTo(at("two", Stage.STT));
  }

  @Test
  void aNodeThatDidNotAnswerIsAskedAgainOnlyWhenThereIsNoOther() {
    draws.addAll(List.of("one", "one", "one", "two"));
    stages.get(Stage.STT);

    assertThat(leave("one", Stage.STT)).containsExactly(Stage.STT);
    assertThat(stages.get(Stage.STT)).isEqualTo(at("two", Stage.STT));
    assertThat(leave("two", Stage.STT)).containsExactly(Stage.STT);
    assertThat(stages.get(Stage.STT)).as("all are silent").isEqualTo(at("two", Stage.STT));
    assertThat(leave("two", Stage.STT)).containsExactly(Stage.STT);
  }

  @Test
  void aSilentNodeIsLeftWithAllThatItDoes() {
    draws.addAll(List.of("one", "two", "one", "two"));
    stages.get(Stage.STT);
    stages.get(Stage.LLM);
    stages.get(Stage.TTS);

    assertThat(leave("one", Stage.TTS)).containsExactlyInAnyOrder(Stage.STT, Stage.TTS);
    assertThat(stages.current(Stage.STT)).isEqualTo(at("two", Stage.STT));
    assertThat(stages.current(Stage.LLM)).isEqualTo(at("two", Stage.LLM));
  }

  @Test
  void lateWordOfANodeThatWasLeftChangesNothing() {
    draws.addAll(List.of("one", "two"));
    stages.get(Stage.TTS);
    leave("one", Stage.TTS);
    stages.get(Stage.TTS);

    assertThat(leave("one", Stage.TTS)).isEmpty();
    assertThat(stages.leave(Stage.TTS, "")).isEmpty();
    assertThat(stages.current(Stage.TTS)).isEqualTo(at("two", Stage.TTS));
  }

  @Test
  void theNeighbourIsNotLeft() {
    draws.add("self");
    stages.get(Stage.STT);

    assertThat(leave("self", Stage.STT)).isEmpty();
    assertThat(stages.current(Stage.STT)).isEqualTo(at("self", Stage.STT));
  }

  private Set<Stage> leave(String node, Stage stage) {
    return stages.leave(stage, at(node, stage).busAddress());
  }

  private static StageAddress at(String node, Stage stage) {
    return new StageAddress(node, stage, 0);
  }
}

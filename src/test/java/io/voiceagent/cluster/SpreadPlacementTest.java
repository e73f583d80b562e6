package io.voiceagent.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.voiceagent.call.StageAddress;
import io.voiceagent.call.StageAddress.Stage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SpreadPlacementTest {
  private static final StageAddress FROM = new StageAddress("media", Stage.CONVERSATION, 1);
  private static final Set<Role> WORK = EnumSet.of(Role.STT, Role.LLM, Role.TTS);

  private final List<NodeStatus> nodes = new ArrayList<>();
  private final Queue<Integer> draws = new ArrayDeque<>();
  private final SpreadPlacement placement = new SpreadPlacement(
      "media", () -> nodes, bound -> draws.isEmpty() ? 0 : draws.remove() % bound);

  @Test
  void theNeighbourOnTheSameLoopServesUnlessItIsFull() {
    nodes.addAll(List.of(node("media", EnumSet.allOf(Role.class), 5, false), worker("one", 0)));
    assertThat(placement.choose(Stage.STT, FROM)).isEqualTo(FROM.sibling(Stage.STT));

    nodes.set(0, node("media", EnumSet.allOf(Role.class), 5, true));
    assertThat(placement.choose(Stage.STT, FROM).node()).isEqualTo("one");

    nodes.set(1, node("one", WORK, 0, true));
    assertThat(placement.choose(Stage.STT, FROM))
        .as("all are full")
        .isEqualTo(FROM.sibling(Stage.STT));
  }

  @Test
  void ofTwoDrawnByChanceTheOneWithLessToDoServes() {
    nodes.addAll(List.of(media(), worker("one", 8), worker("two", 3), worker("three", 0)));
    draws.addAll(List.of(0, 1, 1));

    assertThat(placement.choose(Stage.LLM, FROM)).isEqualTo(new StageAddress("two", Stage.LLM, 1));
  }

  @Test
  void theVoiceIsTakenWhereTheModelIs() {
    nodes.addAll(List.of(media(), worker("one", 8), worker("two", 3)));
    StageAddress model = new StageAddress("one", Stage.LLM, 1);
    draws.addAll(List.of(1, 1, 0));

    assertThat(placement.choose(Stage.TTS, FROM, model)).isEqualTo(model.sibling(Stage.TTS));
  }

  @Test
  void theVoiceIsTakenElsewhereWhenTheModelsNodeIsFullOrLeavesOrHasNone() {
    StageAddress model = new StageAddress("one", Stage.LLM, 1);
    for (NodeStatus unwilling : List.of(
        node("one", WORK, 8, true),
        node("one", EnumSet.of(Role.LLM), 8, false),
        new NodeStatus("one", "", WORK, 2, 0, 8, false, false, true, 0, 9, 0, 0))) {
      nodes.clear();
      nodes.addAll(List.of(media(), unwilling, worker("two", 3)));
      draws.addAll(List.of(1, 1, 0));

      assertThat(placement.choose(Stage.TTS, FROM, model).node()).isEqualTo("two");
      draws.clear();
    }
  }

  @Test
  void theVoiceIsTakenHereWhenThisNodeHasOne() {
    nodes.addAll(
        List.of(node("media", EnumSet.of(Role.MEDIA, Role.TTS), 0, false), worker("one", 0)));

    assertThat(placement.choose(Stage.TTS, FROM, new StageAddress("one", Stage.LLM, 1)))
        .isEqualTo(FROM.sibling(Stage.TTS));
  }

  private static NodeStatus media() {
    return node("media", EnumSet.of(Role.MEDIA), 0, false);
  }

  private static NodeStatus worker(String name, int streams) {
    return node(name, WORK, streams, false);
  }

  private static NodeStatus node(String name, Set<Role> roles, int streams, boolean full) {
    return new NodeStatus(name, "", roles, 2, 0, streams, full, false, false, 0, 9, 0, 0);
  }
}

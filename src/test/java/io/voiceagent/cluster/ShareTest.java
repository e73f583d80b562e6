package io.voiceagent.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ShareTest {
  private final List<NodeStatus> nodes = new ArrayList<>();

  @Test
  void partsSumToTheLimit() {
    for (int limit = 3; limit < 40; limit++) {
      nodes.clear();
      int sum = 0;
      for (String name : List.of("a", "b", "c")) {
        nodes.add(node(name, Set.of(Role.MEDIA), 0, false));
      }
      nodes.add(node("worker", Set.of(Role.TTS), 0, false));
      for (String name : List.of("a", "b", "c")) {
        sum += share(limit, name);
      }
      assertThat(sum).isEqualTo(limit);
    }
  }

  @Test
  void whatANodeThatLeavesDoesNotUseIsTheOthers() {
    nodes.add(node("a", Set.of(Role.MEDIA), 2, true));
    nodes.add(node("b", Set.of(Role.MEDIA), 3, false));
    nodes.add(node("c", Set.of(Role.MEDIA), 0, false));

    assertThat(share(9, "b")).isEqualTo(4);
    assertThat(share(9, "c")).isEqualTo(3);
    assertThat(share(9, "a"))
        .as("of the one that leaves, which fills it no more")
        .isEqualTo(3);
  }

  @Test
  void moreNodesThanTheLimitMayTakeOneCallEach() {
    for (String name : List.of("a", "b", "c")) {
      nodes.add(node(name, Set.of(Role.MEDIA), 0, false));
    }

    assertThat(List.of(share(2, "a"), share(2, "b"), share(2, "c"))).containsExactly(1, 1, 1);
  }

  @Test
  void aNodeThatLeavesGoesOnSpeakingInItsOwnPart() {
    for (int streams : List.of(0, 40)) {
      nodes.clear();
      nodes.add(
          new NodeStatus("a", "member-a", Set.of(Role.TTS), 1, 10, streams, false, false, true));
      nodes.add(node("b", Set.of(Role.TTS), 3, false));
      nodes.add(node("c", Set.of(Role.TTS), 0, false));

      assertThat(
              List.of(share(20, Role.TTS, "a"), share(20, Role.TTS, "b"), share(20, Role.TTS, "c")))
          .as(streams + " streams open on the one that leaves")
          .containsExactly(7, 7, 6);
    }
  }

  @Test
  void noLimitIsNoShare() {
    nodes.add(node("a", EnumSet.allOf(Role.class), 0, false));

    assertThat(share(0, "a")).isZero();
  }

  @Test
  void whoSeesNobodyHasAll() {
    assertThat(share(7, "a")).isEqualTo(7);
  }

  private int share(int limit, String self) {
    return share(limit, Role.MEDIA, self);
  }

  private int share(int limit, Role role, String self) {
    return new Share(limit, role, self, () -> nodes).getAsInt();
  }

  private static NodeStatus node(String name, Set<Role> roles, int calls, boolean draining) {
    return new NodeStatus(name, "member-" + name, roles, 1, calls, 0, false, false, draining);
  }
}

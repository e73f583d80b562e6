package io.voiceagent.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AccountPartTest {
  private static final Set<Role> VOICE = EnumSet.of(Role.TTS, Role.LLM);

  @Test
  void thePartsOfAllNodesThatSpeakSumToWhatTheAccountAllows() {
    List<NodeStatus> nodes = new ArrayList<>();
    nodes.add(node("m", EnumSet.of(Role.MEDIA)));
    for (String name : List.of("a", "b", "c")) {
      nodes.add(node(name, VOICE));
      long speaking = nodes.size() - 1;
      for (int allowed = 3; allowed < 40; allowed++) {
        int sum = 0;
        for (NodeStatus node : nodes.subList(1, nodes.size())) {
          int part = AccountPart.of(allowed, Role.TTS, node.node(), nodes);
          assertThat(part).isBetween(allowed / nodes.size(), allowed);
          sum += part;
        }
        assertThat(sum).as("%d for %d", allowed, speaking).isEqualTo(allowed);
      }
    }
  }

  @Test
  void everyNodeMaySpeakAndOneThatKnowsNobodyHasAll() {
    assertThat(AccountPart.of(1, Role.TTS, "b", List.of(node("a", VOICE), node("b", VOICE))))
        .isEqualTo(1);
    assertThat(AccountPart.of(15, Role.TTS, "a", List.of())).isEqualTo(15);
  }

  private static NodeStatus node(String name, Set<Role> roles) {
    return new NodeStatus(name, "", roles, 2, 0, 0, false, false, false, 0, 9, 0, 0);
  }
}

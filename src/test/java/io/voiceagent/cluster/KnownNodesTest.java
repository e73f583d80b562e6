package io.voiceagent.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class KnownNodesTest {
  private static final long MINUTE = 60_000_000_000L;
  private static final String EVERYONE = KnownNodes.EVERYONE + "nodes";

  private final KnownNodes nodes = new KnownNodes(MINUTE);

  @Test
  void anAddressLeadsToTheNodeThatItNames() {
    nodes.members(Map.of("a~1", "first", "a~12", "second", "host.example~3", "third"), 0);

    assertThat(nodes.hearing(KnownNodes.of("a~1") + "stt.0")).containsExactly("first");
    assertThat(nodes.hearing(KnownNodes.of("a~12") + "stt.0")).containsExactly("second");
    assertThat(nodes.hearing(KnownNodes.of("a~") + "stt.0")).isEmpty();
    assertThat(nodes.hearing(KnownNodes.of("host.example~3") + "stt.0")).containsExactly("third");
    assertThat(nodes.hearing(EVERYONE)).containsExactlyInAnyOrder("first", "second", "third");
  }

  @Test
  void aNodeWhosePlaceIsTakenIsForgottenAtOnce() {
    nodes.members(Map.of("a~1", "first", "b~1", "second"), 0);
    nodes.members(Map.of("b~1", "second"), 10);
    assertThat(nodes.remembersOthers()).isTrue();

    nodes.forget("first");

    assertThat(nodes.hearing(EVERYONE)).containsExactly("second");
    assertThat(nodes.remembersOthers()).isFalse();
  }

  @Test
  void whoeverLeftIsRememberedForAWhileAndThenForgotten() {
    nodes.members(Map.of("a", "first", "b", "second"), 0);
    nodes.members(Map.of("a", "first"), 5);
    nodes.members(Map.of("a", "first"), 5 + MINUTE - 1);
    assertThat(nodes.hearing(EVERYONE)).containsExactlyInAnyOrder("first", "second");
    assertThat(nodes.knows("second")).isTrue();

    nodes.members(Map.of("a", "first"), 5 + MINUTE);

    assertThat(nodes.hearing(EVERYONE)).containsExactly("first");
    assertThat(nodes.hearing(KnownNodes.of("b") + "stt.0")).isEmpty();
    assertThat(nodes.knows("second")).isFalse();
  }

  @Test
  void whoeverIsBackHasNeverLeft() {
    nodes.members(Map.of("a", "first"), 0);
    nodes.members(Map.of(), 10);
    nodes.members(Map.of("a", "first"), 20);
    nodes.members(Map.of(), MINUTE);

    assertThat(nodes.hearing(EVERYONE)).containsExactly("first");
    nodes.members(Map.of(), 2 * MINUTE);
    assertThat(nodes.hearing(EVERYONE)).isEmpty();
  }
}

package io.voiceagent.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ShareTest {
  private final List<NodeStatus> nodes = new ArrayList<>();

  @Test
  void partsSumToTheLimitAlsoWhenThereAreMoreNodesThanPlaces() {
    for (int limit = 1; limit < 40; limit++) {
      nodes.clear();
      nodes.addAll(List.of(node("a", 0), node("b", 0), node("c", 0), worker("d")));

      assertThat(part(limit, "a") + part(limit, "b") + part(limit, "c")).isEqualTo(limit);
    }
    assertThat(part(2, "c")).isZero();
  }

  @Test
  void whatANodeThatLeavesDoesNotUseIsTheOthers() {
    nodes.addAll(List.of(node("a", 2, 100, true), node("b", 3), node("c", 0)));

    assertThat(part(9, "a")).isZero();
    assertThat(part(9, "b")).isEqualTo(4);
    assertThat(part(9, "c")).isEqualTo(3);
  }

  @Test
  void whoeverCameLateGetsWhatTheOthersHaveLeft() {
    nodes.addAll(List.of(node("a", 5), node("b", 4), node("c", 0)));
    assertThat(part(9, "c")).isZero();

    nodes.set(0, node("a", 4));
    assertThat(part(9, "c")).isEqualTo(1);
  }

  @Test
  void whatANodeHasNoRoomForIsTheOthers() {
    nodes.addAll(List.of(node("a", 0, 2, false), node("b", 0), node("c", 0)));

    assertThat(List.of(part(10, "a"), part(10, "b"), part(10, "c"))).containsExactly(2, 4, 4);
  }

  @Test
  void itShrinksAtOnceAndGrowsOnlyWhenAllKnowTheSame() {
    Share share = new Share(10, "a");
    share.open();
    nodes.addAll(knowing(node("a", 0), node("b", 0)));
    assertThat(share.of(nodes)).isEqualTo(5);

    NodeStatus newcomer = node("c", 0);
    nodes.add(newcomer);
    assertThat(share.of(nodes)).as("a third one").isEqualTo(4);

    nodes.remove(newcomer);
    List<NodeStatus> late = List.of(node("a", 0), view(node("b", 0), 17));
    assertThat(share.of(late)).as("b may not know that c has gone").isEqualTo(4);
    assertThat(share.of(nodes)).isEqualTo(5);
  }

  @Test
  void aNewcomerHasNoneBeforeItHasHeardTheOthers() {
    Share share = new Share(10, "a");
    nodes.add(node("a", 0));

    assertThat(share.of(nodes)).isZero();
    share.open();
    assertThat(share.of(nodes)).isEqualTo(10);
  }

  private int part(int limit, String self) {
    Share share = new Share(limit, self);
    share.open();
    return share.of(knowing(nodes.toArray(NodeStatus[]::new)));
  }

  private static List<NodeStatus> knowing(NodeStatus... nodes) {
    long view = Share.view(List.of(nodes));
    return new ArrayList<>(List.of(nodes).stream().map(node -> view(node, view)).toList());
  }

  private static NodeStatus node(String name, int places) {
    return node(name, places, Integer.MAX_VALUE, false);
  }

  private static NodeStatus node(String name, int places, int room, boolean draining) {
    return new NodeStatus(
        name, "", Set.of(Role.MEDIA), 1, 0, 0, false, false, draining, places, room, 0, 0);
  }

  private static NodeStatus worker(String name) {
    return new NodeStatus(name, "", Set.of(Role.TTS), 1, 0, 0, false, false, false, 0, 100, 0, 0);
  }

  private static NodeStatus view(NodeStatus of, long view) {
    return new NodeStatus(
        of.node(),
        of.member(),
        of.roles(),
        of.loops(),
        of.calls(),
        of.streams(),
        of.full(),
        of.busy(),
        of.draining(),
        of.places(),
        of.room(),
        of.turns(),
        view);
  }
}

package io.voiceagent.cluster;

import java.util.List;

/**
 * What a provider allows an account is the whole cluster's. It is dealt out in equal parts among the nodes that offer the
 * stage, by what each knows of the others: while one comes or goes, the parts may sum to more for a moment, and the
 * provider refuses what is too much.
 */
public final class AccountPart {
  private AccountPart() {}

  /**
   * @param allowed at once, by the account
   * @param self this node's name
   * @param alive ordered by name
   * @return at least 1: with fewer places than nodes the provider has the last word
   */
  public static int of(int allowed, Role role, String self, List<NodeStatus> alive) {
    int nodes = 0;
    int before = 0;
    for (NodeStatus node : alive) {
      if (node.roles().contains(role)) {
        nodes++;
        before += node.node().compareTo(self) < 0 ? 1 : 0;
      }
    }
    int sharing = Math.max(1, nodes);
    int rest = before < allowed % sharing ? 1 : 0;
    return Math.max(1, allowed / sharing + rest);
  }
}

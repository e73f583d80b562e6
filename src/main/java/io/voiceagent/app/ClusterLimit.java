package io.voiceagent.app;

import static java.util.stream.Collectors.toSet;

import io.voiceagent.cluster.ClusterNode;
import io.voiceagent.cluster.NodeStatus;
import io.voiceagent.cluster.PlaceNews;
import io.voiceagent.cluster.PlaceTalk;
import io.voiceagent.media.Admission;
import io.voiceagent.media.SharedLimit;
import java.util.List;
import java.util.Set;

/**
 * The cluster's limit of calls, as the admission of this node asks for it.
 *
 * @param exists without one, each node counts what runs on it, and tells only which tokens are used
 */
record ClusterLimit(ClusterNode node, PlaceTalk talk, boolean exists) implements SharedLimit {
  @Override
  public String self() {
    return exists ? node.name() : "";
  }

  @Override
  public Moment now() {
    if (!exists) {
      return ALONE;
    }
    List<NodeStatus> alive = node.nodes().alive();
    Set<String> names = alive.stream().map(NodeStatus::node).collect(toSet());
    int places = node.share().of(alive);
    return new Moment() {
      @Override
      public boolean there(String name) {
        return names.contains(name);
      }

      @Override
      public int places() {
        return places;
      }
    };
  }

  @Override
  public void claimed(String callSid, String nonce) {
    talk.claimed(callSid, nonce);
  }

  @Override
  public void running(String giver, List<String> callSids) {
    talk.running(giver, callSids);
  }

  @Override
  public void over(String giver, String callSid, String nonce) {
    talk.over(giver, callSid, nonce);
  }

  static PlaceNews news(Admission admission) {
    return new PlaceNews() {
      @Override
      public void claimed(String holder, String callSid, String nonce) {
        admission.claimed(holder, callSid, nonce);
      }

      @Override
      public void running(String holder, List<String> callSids) {
        admission.running(holder, callSids);
      }

      @Override
      public void over(String callSid, String nonce) {
        admission.over(callSid, nonce);
      }
    };
  }
}

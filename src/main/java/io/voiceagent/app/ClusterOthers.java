package io.voiceagent.app;

import io.vertx.core.Future;
import io.voiceagent.call.CallId;
import io.voiceagent.cluster.CallKernel;
import io.voiceagent.cluster.ClusterNode;
import io.voiceagent.cluster.Role;
import io.voiceagent.media.OtherNodes;
import java.util.Optional;

/** The other nodes as the public listener sees them. */
record ClusterOthers(ClusterNode node) implements OtherNodes {
  @Override
  public boolean present() {
    return true;
  }

  @Override
  public boolean haveRoom() {
    return node.nodes().alive().stream()
        .anyMatch(other -> !other.node().equals(node.name())
            && other.roles().contains(Role.MEDIA)
            && !other.busy()
            && !other.draining());
  }

  @Override
  public Future<Optional<String>> ended(CallId call) {
    return node.kernels()
        .find(call)
        .map(kernel -> kernel.filter(CallKernel::ended).map(CallKernel::lastWords));
  }
}

package io.voiceagent.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.config.Config;
import com.hazelcast.core.LifecycleEvent;
import io.vertx.core.Completable;
import io.vertx.core.Vertx;
import io.vertx.core.spi.cluster.NodeInfo;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.core.spi.cluster.RegistrationListener;
import io.vertx.core.spi.cluster.RegistrationUpdateEvent;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import io.voiceagent.call.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Hazelcast beneath the event bus, without its list of who hears what. Vert.x asks that list at the first use of an
 * address; as long as members are missing, the answer waits for them, and a caller with it. Our addresses name their node,
 * every member brings its node's name with it, and who the members are is known on the spot.
 *
 * <p>A node that leaves is remembered for a while: when only the network was cut, nodes find each other again as soon as it
 * is mended, and lose nothing while the engine makes one cluster of two.
 */
final class AddressBook extends HazelcastClusterManager {
  private static final String NAME = "voiceagent.node";
  /** Where the superclass keeps what Vert.x calls the node. */
  private static final String VERTX_NODE = "__vertx.nodeId";
  /** Longer than the engine needs to join what was cut. */
  private static final long REMEMBER_MS = 60_000;

  private static final long LOOK_AGAIN_MS = 10_000;

  private final Clock clock;
  private final KnownNodes nodes = new KnownNodes(REMEMBER_MS * 1_000_000);
  /** Where the event bus of a node listens, by what Vert.x calls the node. */
  private final Map<String, NodeInfo> places = new ConcurrentHashMap<>();
  /** What Vert.x knows by us: two addresses of everyone, and those of the stages of the nodes. */
  private final Set<String> asked = ConcurrentHashMap.newKeySet();

  private boolean forgetting;
  private @Nullable Vertx vertx;
  private @Nullable RegistrationListener listener;

  /** @param name of this node, new at each start */
  AddressBook(Config config, String name, Clock clock) {
    super(config);
    this.clock = clock;
    config.getMemberAttributeConfig().setAttribute(NAME, name);
  }

  @Override
  public void init(Vertx vertx) {
    super.init(vertx);
    this.vertx = vertx;
  }

  @Override
  public void registrationListener(RegistrationListener registrationListener) {
    super.registrationListener(registrationListener);
    this.listener = registrationListener;
  }

  // Vert.x keeps what it was told, until it is told anew. The superclass asks the engine before it
  // goes on.

  @Override
  public void memberAdded(MembershipEvent event) {
    tellAnew();
    super.memberAdded(event);
  }

  @Override
  public void memberRemoved(MembershipEvent event) {
    tellAnew();
    super.memberRemoved(event);
  }

  /** Two halves of a cluster have come together: not every member that came or left was told of. */
  @Override
  public void stateChanged(LifecycleEvent event) {
    if (event.getState() == LifecycleEvent.LifecycleState.MERGED) {
      tellAnew();
    }
    super.stateChanged(event);
  }

  @Override
  public void addRegistration(String address, RegistrationInfo info, Completable<Void> promise) {
    if (isListed(address, info)) {
      super.addRegistration(address, info, promise);
    } else {
      promise.succeed();
    }
  }

  @Override
  public void removeRegistration(String address, RegistrationInfo info, Completable<Void> promise) {
    if (isListed(address, info)) {
      super.removeRegistration(address, info, promise);
    } else {
      promise.succeed();
    }
  }

  @Override
  public void getRegistrations(String address, Completable<List<RegistrationInfo>> promise) {
    if (!KnownNodes.isOurs(address)) {
      super.getRegistrations(address, promise);
      return;
    }
    // In this order: a change that is not seen here comes upon the address in this set.
    asked.add(address);
    look();
    promise.succeed(hearing(address));
  }

  @Override
  public void getNodeInfo(String node, Completable<NodeInfo> promise) {
    NodeInfo place = places.get(node);
    if (place != null) {
      promise.succeed(place);
      return;
    }
    super.getNodeInfo(node, (found, failure) -> {
      if (failure == null && nodes.knows(node)) {
        movedIn(node, found);
      }
      promise.complete(found, failure);
    });
  }

  /** Whoever was there before is a process that has ended. */
  private void movedIn(String node, NodeInfo place) {
    places.put(node, place);
    places.forEach((other, at) -> {
      boolean same = at.host().equals(place.host()) && at.port() == place.port();
      if (same && !other.equals(node)) {
        nodes.forget(other);
        tellAnew();
      }
    });
  }

  private void tellAnew() {
    // Not this object: the superclass waits for the engine while it holds it.
    synchronized (asked) {
      look();
      places.keySet().removeIf(node -> !nodes.knows(node));
      forgetLater();
      for (String address : asked) {
        List<RegistrationInfo> found = hearing(address);
        if (found.isEmpty()) {
          asked.remove(address);
        }
        if (listener != null) {
          listener.registrationsUpdated(new RegistrationUpdateEvent(address, found));
        }
      }
    }
  }

  /** Holding the set of what was asked. */
  private void forgetLater() {
    if (vertx != null && !forgetting && nodes.remembersOthers()) {
      forgetting = true;
      vertx.setTimer(LOOK_AGAIN_MS, id -> {
        synchronized (asked) {
          forgetting = false;
          tellAnew();
        }
      });
    }
  }

  /** Takes down who is a member now; a later look never writes what an earlier one saw. */
  private void look() {
    synchronized (nodes) {
      if (!getHazelcastInstance().getLifecycleService().isRunning()) {
        return;
      }
      Map<String, String> members = new HashMap<>();
      for (Member member : getHazelcastInstance().getCluster().getMembers()) {
        String name = member.getAttribute(NAME);
        String node = member.getAttribute(VERTX_NODE);
        if (name != null && node != null) {
          members.put(name, node);
        }
      }
      nodes.members(members, clock.nanos());
    }
  }

  private List<RegistrationInfo> hearing(String address) {
    return nodes.hearing(address).stream()
        .map(node -> new RegistrationInfo(node, 0, false))
        .toList();
  }

  /** A reply, heard on this node alone, goes straight to where the question came from. */
  private static boolean isListed(String address, RegistrationInfo info) {
    return !KnownNodes.isOurs(address) && !info.localOnly();
  }
}

package io.voiceagent.media;

import static org.assertj.core.api.Assertions.assertThat;

import io.voiceagent.call.CallId;
import io.voiceagent.cluster.NodeStatus;
import io.voiceagent.cluster.Role;
import io.voiceagent.cluster.Share;
import io.voiceagent.config.Settings;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Nodes that deal webhooks and streams of calls among them by chance, come, leave and die, and hear of each other late, out
 * of order or not at all: there are never more calls than the limit of the cluster, and all of it can be used in the end.
 */
class SharedLimitTest {
  private static final int SEEDS = Integer.getInteger("walk.nodes", 8);
  private static final int STEPS = 3_000;
  /** A silent node counts as gone after this. */
  private static final int NOTICED_MS = 1_500;

  private Random random = new Random();
  private int limit;
  private long now;
  private long order;
  private int names;
  private final List<Node> nodes = new ArrayList<>();
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::due).thenComparingLong(Event::order));
  /** Tokens that have not been used, by call. */
  private final Map<String, String> tokens = new TreeMap<>();
  /** Where each call runs. */
  private final Map<String, Node> running = new TreeMap<>();

  private record Event(long due, long order, Runnable what) {}

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 10, 40})
  void neverMoreCallsThanTheLimitAndAllOfItInTheEnd(int calls) {
    limit = calls;
    for (int seed = 0; seed < SEEDS; seed++) {
      walk(seed);
    }
  }

  private void walk(int seed) {
    random = new Random(seed);
    now = 1_000_000;
    names = 0;
    List.of(nodes, events).forEach(java.util.Collection::clear);
    tokens.clear();
    running.clear();
    for (int i = 0; i < 3; i++) {
      new Node();
    }
    for (int step = 0; step < STEPS; step++) {
      act();
      pass(random.nextInt(60));
      assertThat(running).as("calls, seed " + seed + " " + nodes).hasSizeLessThanOrEqualTo(limit);
    }
    everyPlaceIsFree(seed);
  }

  private void act() {
    Node node = any(nodes);
    switch (random.nextInt(10)) {
      case 0, 1, 2, 3 -> webhook("CA" + order++, node);
      case 4, 5, 6, 7 -> any(tokens.keySet()).ifPresent(call -> open(call, node));
      case 8 -> any(running.keySet()).ifPresent(this::end);
      default -> seldom(node);
    }
  }

  private void seldom(Node node) {
    switch (random.nextInt(40)) {
      case 0, 1 -> {
        if (nodes.size() < 5) {
          new Node();
        }
      }
      case 2, 3 -> {
        if (nodes.size() > 2) {
          node.die();
        }
      }
      case 4 -> node.admission.drain(true);
      case 5, 6 -> node.admission.drain(false);
      case 7 -> pass(40_000);
      case 8, 9 ->
        any(tokens.keySet()).ifPresent(call -> {
          tokens.remove(call);
          node.admission.left(call);
        });
      default -> any(running.keySet()).ifPresent(call -> comeBack(call, node));
    }
  }

  private void webhook(String call, Node node) {
    if (node.admission.reserve(call) == null) {
      tokens.put(call, node.admission.token(call));
    }
  }

  private void open(String call, Node node) {
    String token = tokens.remove(call);
    if (token != null && node.admission.redeem(call, token) == null) {
      running.put(call, node);
    }
  }

  private void end(String call) {
    Node holder = running.remove(call);
    if (holder != null) {
      holder.admission.release(new CallId(call));
    }
  }

  /** The stream broke: the carrier asks again, maybe before the node has noticed. */
  private void comeBack(String call, Node node) {
    Node holder = running.remove(call);
    if (holder != null && random.nextBoolean()) {
      holder.admission.release(new CallId(call));
      webhook(call, node);
    } else if (holder != null) {
      webhook(call, node);
      holder.admission.release(new CallId(call));
    }
  }

  private void everyPlaceIsFree(int seed) {
    List.copyOf(running.keySet()).forEach(this::end);
    tokens.clear();
    nodes.forEach(node -> node.admission.drain(false));
    pass(60_000);
    int room = 0;
    for (Node node : nodes) {
      assertThat(node.admission.calls()).as("calls, seed " + seed).isZero();
      room += node.room;
    }
    int taken = 0;
    for (Node node : nodes) {
      for (int i = 0; i <= limit; i++) {
        taken += node.admission.reserve("CAlast" + order++) == null ? 1 : 0;
      }
    }
    assertThat(taken).as("places given, seed " + seed).isEqualTo(Math.min(limit, room));
  }

  private void pass(long ms) {
    long until = now + ms;
    while (!events.isEmpty() && events.peek().due <= until) {
      Event next = events.remove();
      now = Math.max(now, next.due);
      next.what.run();
    }
    now = until;
  }

  private void in(long ms, Runnable what) {
    events.add(new Event(now + ms, order++, what));
  }

  private <T> T any(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  private Optional<String> any(Set<String> all) {
    return all.stream().skip(all.isEmpty() ? 0 : random.nextInt(all.size())).findFirst();
  }

  /** A node, with what it knows of the others. */
  private final class Node implements SharedLimit {
    private final String name = "node" + names++;
    private final int room = random.nextBoolean() ? 1_000 : 1 + random.nextInt(2 * limit);
    private final Share share = new Share(limit, name);
    private final Map<String, NodeStatus> known = new TreeMap<>();
    private final Map<Node, Long> lastStatus = new HashMap<>();
    private final Admission admission;
    private boolean open;
    private boolean dead;
    private long toldAt;
    private long toldView;
    private int turns;
    private boolean toldDraining;

    Node() {
      MediaOptions options = MediaOptions.from(Settings.of(
          Map.of("limits.maxCalls", String.valueOf(room), "telephony.twilio.authToken", "t")));
      admission = new Admission(options.withTokenSecret("of all"), () -> now, this);
      nodes.add(this);
      announce();
      in(50, this::look);
      in(1_000, this::sweep);
    }

    private void look() {
      if (dead) {
        return;
      }
      List<NodeStatus> there = List.copyOf(known.values());
      long view = Share.view(there);
      if (!open && nodes.stream().allMatch(node -> known.containsKey(node.name))) {
        open = true;
        share.open();
      }
      if (now - toldAt >= 300 || view != toldView) {
        announce();
      }
      in(50, this::look);
    }

    private void sweep() {
      if (!dead) {
        admission.sweep();
        in(1_000, this::sweep);
      }
    }

    private void announce() {
      toldAt = now;
      toldView = Share.view(List.copyOf(known.values()));
      turns += admission.draining() == toldDraining ? 0 : 1;
      toldDraining = admission.draining();
      NodeStatus status = new NodeStatus(
          name,
          name,
          Set.of(Role.MEDIA),
          1,
          admission.calls(),
          0,
          false,
          admission.full(),
          admission.draining(),
          admission.places(),
          room,
          turns,
          toldView);
      known.put(name, status);
      for (Node other : nodes) {
        // What one node says to another of itself comes in order.
        long due = Math.max(lastStatus.getOrDefault(other, 0L), now + random.nextInt(700));
        lastStatus.put(other, due);
        in(due - now, () -> other.hear(this, status));
      }
    }

    private void hear(Node from, NodeStatus status) {
      if (!dead && from != this) {
        known.put(from.name, status);
      }
    }

    /** Its calls are gone, and the others notice one after the other. */
    private void die() {
      dead = true;
      nodes.remove(this);
      running.values().removeIf(holder -> holder == this);
      for (Node other : nodes) {
        long lastWord = lastStatus.getOrDefault(other, 0L) - now;
        in(Math.max(lastWord, random.nextInt(NOTICED_MS)), () -> {
          other.known.remove(name);
          other.admission.lost(name);
        });
      }
    }

    /** Most of what is told arrives, sometime. */
    private void tell(Consumer<Admission> news, Node to) {
      if (random.nextInt(20) > 0) {
        in(random.nextInt(800), () -> {
          if (!to.dead) {
            news.accept(to.admission);
          }
        });
      }
    }

    @Override
    public String toString() {
      return "\n" + name + " has " + admission.places() + ", may have " + admission.limit()
          + ", holds "
          + running.values().stream().filter(holder -> holder == this).count() + ", knows "
          + known.keySet();
    }

    private @Nullable Node named(String wanted) {
      return nodes.stream().filter(node -> node.name.equals(wanted)).findFirst().orElse(null);
    }

    @Override
    public String self() {
      return name;
    }

    @Override
    public Moment now() {
      List<NodeStatus> there = List.copyOf(known.values());
      Set<String> names = Set.copyOf(known.keySet());
      int places = share.of(there);
      return new Moment() {
        @Override
        public boolean there(String node) {
          return names.contains(node);
        }

        @Override
        public int places() {
          return places;
        }
      };
    }

    @Override
    public void claimed(String callSid, String nonce) {
      for (Node other : nodes) {
        if (other != this) {
          tell(admission -> admission.claimed(name, callSid, nonce), other);
        }
      }
    }

    @Override
    public void running(String giver, List<String> callSids) {
      Node to = named(giver);
      if (to != null) {
        tell(admission -> admission.running(name, callSids), to);
      }
    }

    @Override
    public void over(String giver, String callSid, String nonce) {
      Node to = named(giver);
      if (to != null) {
        tell(admission -> admission.over(callSid, nonce), to);
      }
    }
  }
}

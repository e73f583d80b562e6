package io.voiceagent.cluster;

import io.voiceagent.config.Settings;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A node's place in a cluster.
 *
 * @param host address that the other nodes reach this one at
 * @param port membership; {@code busPort} carries streams, 0 takes a free one
 * @param members {@code host} or {@code host:port} of some nodes; enough of them that one is up
 * @param dns name whose addresses are the nodes, instead of members
 * @param secret shared by all nodes: names the cluster, seals every frame and every replicated call
 * @param maxCalls calls of the whole cluster, dealt out among its media nodes; 0: only the nodes' own limits
 * @param peerTimeout a node that says nothing for so long is gone, and so is a stream to it; must be below the two
 *     seconds in which a caller is to hear something again
 * @param maxStreams streams from other nodes' calls that this node serves before it calls itself full; 0: no limit
 */
public record ClusterOptions(
    boolean enabled,
    String host,
    int port,
    int busPort,
    String name,
    List<String> members,
    String dns,
    Set<Role> roles,
    String secret,
    String tlsCert,
    String tlsKey,
    String tlsCa,
    int maxCalls,
    int maxStreams,
    Duration peerTimeout) {
  private static final int MIN_SECRET = 16;

  public ClusterOptions {
    members = List.copyOf(members);
    roles = Set.copyOf(roles);
  }

  public static ClusterOptions from(Settings settings) {
    ClusterOptions options = new ClusterOptions(
        settings.flag("cluster.enabled", false),
        settings.string("cluster.host", "127.0.0.1"),
        settings.integer("cluster.port", 5701, 1, 65535),
        settings.integer("cluster.busPort", 0, 0, 65535),
        settings.string("cluster.node", ""),
        settings.list("cluster.members", List.of()),
        settings.string("cluster.dns", ""),
        roles(settings),
        settings.secret("cluster.secret"),
        settings.string("cluster.tls.cert", ""),
        settings.string("cluster.tls.key", ""),
        settings.string("cluster.tls.ca", ""),
        settings.integer("cluster.maxCalls", 0, 0, 10_000_000),
        settings.integer("cluster.maxStreams", 0, 0, 10_000_000),
        settings.duration("cluster.peerTimeout", Duration.ofMillis(1500)));
    options.check(settings);
    return options;
  }

  public boolean has(Role role) {
    return roles.contains(role);
  }

  /** Whether traffic between nodes is encrypted and both sides prove who they are. */
  public boolean tls() {
    return !tlsCert.isEmpty();
  }

  private void check(Settings settings) {
    if (!enabled) {
      return;
    }
    if (!members.isEmpty() && !dns.isEmpty()) {
      settings.fault("cluster.dns", "and cluster.members exclude each other");
    }
    if (!name.isEmpty() && !name.matches("[A-Za-z0-9_-]{1,64}")) {
      settings.fault("cluster.node", "must be letters, digits, - and _");
    }
    boolean alone = host.equals("localhost") || host.startsWith("127.");
    if (!alone) {
      settings.require(
          "cluster.secret",
          secret,
          "without it whoever reaches the ports is a member of the cluster");
    }
    if (!secret.isEmpty() && secret.length() < MIN_SECRET) {
      settings.fault("cluster.secret", "must have " + MIN_SECRET + " characters at least");
    }
    if (tlsCert.isEmpty() != tlsKey.isEmpty() || tlsCert.isEmpty() != tlsCa.isEmpty()) {
      settings.fault("cluster.tls.cert", "cluster.tls.key and cluster.tls.ca must be set together");
    }
  }

  private static Set<Role> roles(Settings settings) {
    List<String> all = List.of("media", "stt", "llm", "tts");
    Set<Role> roles = EnumSet.noneOf(Role.class);
    for (String role : settings.list("cluster.roles", all)) {
      if (all.contains(role.toLowerCase(Locale.ROOT))) {
        roles.add(Role.valueOf(role.toUpperCase(Locale.ROOT)));
      } else {
        settings.fault("cluster.roles", "must be any of media, stt, llm, tts, not '" + role + "'");
      }
    }
    return roles;
  }
}

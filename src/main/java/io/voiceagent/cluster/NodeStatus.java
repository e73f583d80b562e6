package io.voiceagent.cluster;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;

/**
 * What a node tells the others about itself, several times a second.
 *
 * @param node its name on the bus, new at each start
 * @param member its id in the membership
 * @param loops event loops, each with an instance of every stage that it offers
 * @param calls calls whose carrier it holds
 * @param streams streams that it serves
 * @param full it does not want to serve more calls of others
 * @param busy it has no room for another call of a carrier
 * @param draining it wants to end
 * @param places of the cluster's limit that it has given, wherever the calls run, or may give
 * @param room calls that it could hold at most
 * @param turns how often it has begun or ceased to drain, so that nobody takes an old view for that of now
 * @param view what it knew of the nodes then, see {@link Share}; 0: it is of a release that does not say
 */
public record NodeStatus(
    String node,
    String member,
    Set<Role> roles,
    int loops,
    int calls,
    int streams,
    boolean full,
    boolean busy,
    boolean draining,
    int places,
    int room,
    int turns,
    long view) {
  public NodeStatus {
    roles = Set.copyOf(roles);
  }

  byte[] toBytes() {
    JsonArray offered = new JsonArray();
    roles.forEach(role -> offered.add(role.label()));
    return new JsonObject()
        .put("node", node)
        .put("member", member)
        .put("roles", offered)
        .put("loops", loops)
        .put("calls", calls)
        .put("streams", streams)
        .put("full", full)
        .put("busy", busy)
        .put("draining", draining)
        .put("places", places)
        .put("room", room)
        .put("turns", turns)
        .put("view", view)
        .encode()
        .getBytes(StandardCharsets.UTF_8);
  }

  /** Fields and roles of a later release are skipped, fields that an earlier one lacks have their defaults. */
  static NodeStatus of(byte[] bytes) {
    JsonObject json = new JsonObject(new String(bytes, StandardCharsets.UTF_8));
    Set<Role> roles = EnumSet.noneOf(Role.class);
    for (Role role : Role.values()) {
      if (json.getJsonArray("roles", new JsonArray()).contains(role.label())) {
        roles.add(role);
      }
    }
    return new NodeStatus(
        json.getString("node", ""),
        json.getString("member", ""),
        roles,
        Math.max(1, json.getInteger("loops", 1)),
        json.getInteger("calls", 0),
        json.getInteger("streams", 0),
        json.getBoolean("full", false),
        json.getBoolean("busy", false),
        json.getBoolean("draining", false),
        json.getInteger("places", json.getInteger("calls", 0)),
        json.getInteger("room", Integer.MAX_VALUE),
        json.getInteger("turns", 0),
        json.getLong("view", 0L));
  }
}

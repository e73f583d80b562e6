package io.voiceagent.cluster;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How nodes tell each other which calls take whose places: words with spaces between, sealed. Any message may be lost. */
public final class PlaceTalk {
  private static final Logger LOG = LoggerFactory.getLogger(PlaceTalk.class);
  private static final String CLAIMS = KnownNodes.EVERYONE + "claims";
  private static final String RUNNING = "running";
  private static final String OVER = "over";
  /** A message stays below 64 kB. */
  private static final int MOST_CALLS = 1_000;

  private final Vertx vertx;
  private final ClusterNode node;

  PlaceTalk(Vertx vertx, ClusterNode node) {
    this.vertx = vertx;
    this.node = node;
  }

  /** Tells the others that the stream of a call came here, with the token that only it may use. */
  public void claimed(String callSid, String nonce) {
    vertx.eventBus().publish(CLAIMS, sealed(node.name(), callSid, nonce));
  }

  /** Tells the node that gave their places that these calls run here. */
  public void running(String giver, List<String> callSids) {
    for (int from = 0; from < callSids.size(); from += MOST_CALLS) {
      List<String> some = callSids.subList(from, Math.min(callSids.size(), from + MOST_CALLS));
      vertx.eventBus().send(places(giver), sealed(node.name(), RUNNING, String.join(" ", some)));
    }
  }

  /** Tells the node that gave its place that a call does not run here any more. */
  public void over(String giver, String callSid, String nonce) {
    vertx.eventBus().send(places(giver), sealed(node.name(), OVER, callSid, nonce));
  }

  /** Completes when the others can reach this node. */
  public Future<Void> hear(PlaceNews news) {
    Future<Void> claims = hear(CLAIMS, words -> {
      if (words.length == 3 && !words[0].equals(node.name())) {
        news.claimed(words[0], words[1], words[2]);
      }
    });
    Future<Void> places = hear(places(node.name()), words -> {
      if (words.length > 2 && words[1].equals(RUNNING)) {
        news.running(words[0], List.of(words).subList(2, words.length));
      } else if (words.length == 4 && words[1].equals(OVER)) {
        news.over(words[2], words[3]);
      }
    });
    return Future.all(claims, places).mapEmpty();
  }

  private Future<Void> hear(String address, Consumer<String[]> handler) {
    return vertx
        .eventBus()
        .<Buffer>consumer(address)
        .handler(message -> open(message, handler))
        .completion();
  }

  private void open(Message<Buffer> message, Consumer<String[]> handler) {
    try {
      byte[] plain = node.open(message.body().getBytes());
      handler.accept(new String(plain, StandardCharsets.UTF_8).split(" "));
    } catch (GeneralSecurityException e) {
      LOG.warn("dropped a message that is not of this cluster: {}", e.toString());
    }
  }

  private static String places(String node) {
    return KnownNodes.of(node) + "places";
  }

  private Buffer sealed(String... words) {
    return Buffer.buffer(node.seal(String.join(" ", words).getBytes(StandardCharsets.UTF_8)));
  }
}

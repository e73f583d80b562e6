package io.voiceagent.media;

import io.voiceagent.call.CallId;
import io.voiceagent.media.Places.Guest;
import io.voiceagent.media.SharedLimit.Moment;
import io.voiceagent.telephony.StreamToken;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who may come in: one for the node, shared by all event loops. A call takes its place at the webhook, atomically, and
 * keeps it until it ends or its token expires unused; in a cluster also when its stream is opened at another node.
 */
public final class Admission {
  /** Tokens remembered so that none is used twice; far more than can be alive within their lifetime. */
  private static final int MAX_USED = 100_000;

  private static final int NONCE_BYTES = 18;
  /** Between the node that gave a place and the rest of the nonce; in no name of a node. */
  private static final char OF = ':';

  private static final long TELL_MS = 1_000;

  private final int maxCalls;
  private final long lifetimeMs;
  private final StreamToken tokens;
  private final LongSupplier wallClockMs;
  private final SharedLimit shared;
  private final SecureRandom random = new SecureRandom();
  private final Places places;
  private final Map<String, Long> used = new HashMap<>();
  private volatile boolean draining;
  private long toldAt;

  Admission(MediaOptions options, LongSupplier wallClockMs) {
    this(options, wallClockMs, SharedLimit.NONE);
  }

  /** @param wallClockMs milliseconds since the epoch, for tokens that cross nodes */
  Admission(MediaOptions options, LongSupplier wallClockMs, SharedLimit shared) {
    this.maxCalls = options.limits().maxCalls();
    this.lifetimeMs = options.limits().tokenLifetime().toMillis();
    this.wallClockMs = wallClockMs;
    this.shared = shared;
    this.places = new Places(shared.self());
    byte[] secret = new byte[32];
    random.nextBytes(secret);
    this.tokens = new StreamToken(
        options.tokenSecret().isEmpty()
            ? secret
            : options.tokenSecret().getBytes(StandardCharsets.UTF_8));
  }

  public void drain(boolean on) {
    draining = on;
  }

  public boolean draining() {
    return draining;
  }

  /** Calls that run here or are about to open their stream. */
  public synchronized int calls() {
    return places.local(wallClockMs.getAsLong());
  }

  /** Places that this node has given or may give, of those that the cluster has. */
  public synchronized int places() {
    int given = places.count(wallClockMs.getAsLong(), shared.now());
    return Math.max(given, limit());
  }

  /** How many calls may have a place of this node, now. */
  public synchronized int limit() {
    return Math.min(maxCalls, shared.now().places());
  }

  public synchronized boolean full() {
    return full(wallClockMs.getAsLong(), shared.now());
  }

  private boolean full(long now, Moment nodes) {
    return places.local(now) >= maxCalls || places.count(now, nodes) >= nodes.places();
  }

  /** Why a new call cannot be taken, as a label of {@code calls_refused_total}; null when it has its place now. */
  @Nullable
  synchronized String reserve(String callSid) {
    if (draining) {
      return "draining";
    }
    long now = wallClockMs.getAsLong();
    Moment nodes = shared.now();
    if (!places.gave(callSid, now) && full(now, nodes)) {
      return "full";
    }
    places.reserve(callSid, newNonce(), now + lifetimeMs);
    return null;
  }

  /** Lets the call that has just taken its place open a stream. */
  synchronized String token(String callSid) {
    return tokens.mint(callSid, wallClockMs.getAsLong() + lifetimeMs, places.nonce(callSid));
  }

  /** Turns a token into a running call's place. The reason for a refusal, or null. */
  @Nullable
  synchronized String redeem(String callSid, String token) {
    long now = wallClockMs.getAsLong();
    String nonce = tokens.check(callSid, token, now);
    if (nonce == null
        || used.size() >= MAX_USED
        || used.putIfAbsent(nonce, now + lifetimeMs) != null
        || places.runsHere(callSid)) {
      return "token";
    }
    Moment nodes = shared.now();
    String giver = giver(nonce);
    if (!giver.equals(shared.self()) && nodes.there(giver)) {
      places.open(callSid, new Guest(giver, nonce));
    } else if (giver.isEmpty() || places.gave(callSid, now) || !full(now, nodes)) {
      // Who names no giver left its place for this node to take.
      places.open(callSid, nonce);
    } else {
      return "full";
    }
    shared.claimed(callSid, nonce);
    return null;
  }

  /** The call ended before its stream was opened: its place is free again. A running call keeps its own. */
  synchronized void left(String callSid) {
    places.left(callSid, wallClockMs.getAsLong());
  }

  synchronized void release(CallId call) {
    Guest guest = places.closed(call.value(), wallClockMs.getAsLong());
    if (guest != null) {
      shared.over(guest.giver(), call.value(), guest.nonce());
    }
  }

  /** The stream of a call was opened at another node. */
  public synchronized void claimed(String holder, String callSid, String nonce) {
    long now = wallClockMs.getAsLong();
    if (used.size() < MAX_USED) {
      used.putIfAbsent(nonce, now + lifetimeMs);
    }
    String giver = giver(nonce);
    if (giver.isEmpty()) {
      places.left(callSid, now);
    } else if (giver.equals(shared.self())) {
      places.claimed(holder, callSid, nonce, now);
    }
  }

  /** Calls with a place of this node run at another one. */
  public synchronized void running(String holder, List<String> callSids) {
    places.running(holder, callSids, wallClockMs.getAsLong());
  }

  /** A call that was opened with this nonce, on a place of this node, is over at another one. */
  public synchronized void over(String callSid, String nonce) {
    places.over(callSid, nonce, wallClockMs.getAsLong());
  }

  /** A node is gone, and the calls that ran on it. */
  public synchronized void lost(String holder) {
    places.lost(holder, wallClockMs.getAsLong());
  }

  /** Frees the places of calls whose stream never came, and keeps those of other nodes. To be called every second. */
  synchronized void sweep() {
    long now = wallClockMs.getAsLong();
    used.values().removeIf(until -> until < now);
    places.sweep(now);
    if (now - toldAt >= TELL_MS) {
      toldAt = now;
      places.guests().forEach(shared::running);
    }
  }

  private String newNonce() {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    String unguessable = Base64.getUrlEncoder().withoutPadding().encodeToString(nonce);
    return shared.self().isEmpty() ? unguessable : shared.self() + OF + unguessable;
  }

  /** The node whose place a token stands for; empty: of whoever redeems it. */
  private static String giver(String nonce) {
    return nonce.substring(0, Math.max(0, nonce.indexOf(OF)));
  }
}

package io.voiceagent.media;

import io.voiceagent.call.CallId;
import io.voiceagent.telephony.StreamToken;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who may come in: one for the node, shared by all event loops. A call takes its place at the webhook, atomically, and
 * keeps it until it ends or its token expires unused.
 */
public final class Admission {
  /** Tokens remembered so that none is used twice; far more than can be alive within their lifetime. */
  private static final int MAX_USED = 100_000;

  private static final int NONCE_BYTES = 18;

  private final IntSupplier maxCalls;
  private final long lifetimeMs;
  private final StreamToken tokens;
  private final LongSupplier wallClockMs;
  private final SecureRandom random = new SecureRandom();
  private final AtomicInteger taken = new AtomicInteger();
  /** Expiry of the reservation by call; 0 once its stream is open. */
  private final Map<String, Long> places = new ConcurrentHashMap<>();

  private final Map<String, Long> used = new ConcurrentHashMap<>();
  private volatile boolean draining;

  /** @param wallClockMs milliseconds since the epoch, for tokens that cross nodes */
  public Admission(MediaOptions options, LongSupplier wallClockMs) {
    this(options, wallClockMs, () -> options.limits().maxCalls());
  }

  /** @param maxCalls asked for each call: in a cluster the node's part changes with the nodes */
  public Admission(MediaOptions options, LongSupplier wallClockMs, IntSupplier maxCalls) {
    this.maxCalls = maxCalls;
    this.lifetimeMs = options.limits().tokenLifetime().toMillis();
    this.wallClockMs = wallClockMs;
    byte[] secret = new byte[32];
    random.nextBytes(secret);
    this.tokens = new StreamToken(
        options.tokenSecret().isEmpty()
            ? secret
            : options.tokenSecret().getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  public void drain(boolean on) {
    draining = on;
  }

  public boolean draining() {
    return draining;
  }

  /** Calls that have a place: running or about to open their stream. */
  public int taken() {
    return taken.get();
  }

  public boolean full() {
    return taken.get() >= maxCalls.getAsInt();
  }

  /** Why a new call cannot be taken, as a label of {@code calls_refused_total}; null when it has its place now. */
  @Nullable
  String reserve(String callSid) {
    if (draining) {
      return "draining";
    }
    long expires = wallClockMs.getAsLong() + lifetimeMs;
    boolean known =
        places.computeIfPresent(callSid, (sid, until) -> until == 0 ? 0L : expires) != null;
    if (known) {
      return null;
    }
    return takePlace(callSid, expires) ? null : "full";
  }

  String token(String callSid) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    return tokens.mint(
        callSid,
        wallClockMs.getAsLong() + lifetimeMs,
        Base64.getUrlEncoder().withoutPadding().encodeToString(nonce));
  }

  /** Turns a token into a running call's place. The reason for a refusal, or null. */
  @Nullable
  String redeem(String callSid, String token) {
    long now = wallClockMs.getAsLong();
    String nonce = tokens.check(callSid, token, now);
    if (nonce == null
        || used.size() >= MAX_USED
        || used.putIfAbsent(nonce, now + lifetimeMs) != null) {
      return "token";
    }
    Long before = places.put(callSid, 0L);
    if (before == null) {
      // Another node answered its webhook and took the place that moves here now.
      taken.incrementAndGet();
      return null;
    }
    return before == 0 ? "token" : null;
  }

  /** The call ended before its stream was opened: its place is free again. A running call keeps its own. */
  void left(String callSid) {
    Long until = places.get(callSid);
    if (until != null && until != 0 && places.remove(callSid, until)) {
      taken.decrementAndGet();
    }
  }

  /** The stream of the call was opened at another node. */
  public void claimedElsewhere(String callSid, String nonce) {
    if (used.size() < MAX_USED) {
      used.putIfAbsent(nonce, wallClockMs.getAsLong() + lifetimeMs);
    }
    left(callSid);
  }

  /** The part of a token that is used once; empty when it is none. */
  static String nonce(String token) {
    String[] parts = token.split("\\.", -1);
    return parts.length == 3 ? parts[1] : "";
  }

  void release(CallId call) {
    if (places.remove(call.value()) != null) {
      taken.decrementAndGet();
    }
  }

  /** Frees the places of calls whose stream never came. To be called every second. */
  void sweep() {
    long now = wallClockMs.getAsLong();
    used.values().removeIf(until -> until < now);
    for (Iterator<Map.Entry<String, Long>> all = places.entrySet().iterator(); all.hasNext(); ) {
      Map.Entry<String, Long> place = all.next();
      long until = place.getValue();
      if (until != 0 && until < now && places.remove(place.getKey(), until)) {
        taken.decrementAndGet();
      }
    }
  }

  private boolean takePlace(String callSid, long expires) {
    int count;
    do {
      count = taken.get();
      if (count >= maxCalls.getAsInt()) {
        return false;
      }
    } while (!taken.compareAndSet(count, count + 1));
    if (places.putIfAbsent(callSid, expires) != null) {
      taken.decrementAndGet();
    }
    return true;
  }
}

package io.voiceagent.media;

import io.voiceagent.media.SharedLimit.Moment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which calls take a place that this node gave, and which ones run here on a place that another node gave. The giver counts
 * a call; while it is not there, whoever holds the call does. Pure: time and nodes are arguments. Not thread-safe.
 */
final class Places {
  /** A place outlives its token by what the news of the token's use may be late. */
  static final long GRACE_MS = 3_000;
  /** A call that runs elsewhere keeps its place for so long after it was last heard of. */
  static final long LEASE_MS = 10_000;

  /**
   * @param nonce of the last token that was minted for it
   * @param reservedUntil until then that token may open a stream; 0: it has, or nobody will
   * @param holder node that the call runs on; empty: none yet
   * @param heldUntil unless it is heard of again
   */
  private record Place(String nonce, long reservedUntil, String holder, long heldUntil) {
    static final Place NEW = new Place("", 0, "", 0);

    Place reserved(String token, long until) {
      return new Place(token, until, holder, heldUntil);
    }

    Place held(String node, long until) {
      return new Place(nonce, reservedUntil, node, until);
    }

    /** Its token was used, or one from before that. */
    Place used(String token) {
      return isLast(token) ? reserved(token, 0) : this;
    }

    boolean isLast(String token) {
      return nonce.isEmpty() || nonce.equals(token);
    }

    boolean taken(long now) {
      return reservedUntil >= now || heldUntil >= now;
    }
  }

  /**
   * A call that runs here on the place of another node.
   *
   * @param nonce of the token that opened its stream
   */
  record Guest(String giver, String nonce) {}

  private final String self;
  private final Map<String, Place> given = new HashMap<>();
  private final Map<String, Guest> guests = new HashMap<>();

  Places(String self) {
    this.self = self;
  }

  /** Places that this node has to count. */
  int count(long now, Moment nodes) {
    int count = 0;
    for (Place place : given.values()) {
      count += place.taken(now) ? 1 : 0;
    }
    for (Guest guest : guests.values()) {
      count += nodes.there(guest.giver) ? 0 : 1;
    }
    return count;
  }

  /** Whether the call has a place of this node. */
  boolean gave(String callSid, long now) {
    return place(callSid).taken(now);
  }

  /** Calls that run here or are about to. */
  int local(long now) {
    int count = guests.size();
    for (Place place : given.values()) {
      count += isHere(place) || place.reservedUntil >= now ? 1 : 0;
    }
    return count;
  }

  boolean runsHere(String callSid) {
    return guests.containsKey(callSid) || isHere(place(callSid));
  }

  /** @param expires of the token whose nonce this is */
  void reserve(String callSid, String nonce, long expires) {
    given.put(callSid, place(callSid).reserved(nonce, expires + GRACE_MS));
  }

  /** Of the token that may open the call's stream. */
  String nonce(String callSid) {
    return place(callSid).nonce;
  }

  /** The call runs here and takes a place of this node. */
  void open(String callSid, String nonce) {
    given.put(callSid, place(callSid).used(nonce).held(self, Long.MAX_VALUE));
  }

  /** The call runs here and takes the place of another node. */
  void open(String callSid, Guest guest) {
    given.remove(callSid);
    guests.put(callSid, guest);
  }

  /** No stream of the call is to come; if it runs, it keeps its place. */
  void left(String callSid, long now) {
    put(callSid, place(callSid).reserved("", 0), now);
  }

  /** The call does not run here any more. Whose guest it was, if it was one. */
  @Nullable
  Guest closed(String callSid, long now) {
    Guest guest = guests.remove(callSid);
    Place place = place(callSid);
    if (guest == null && isHere(place)) {
      put(callSid, place.held("", 0), now);
    }
    return guest;
  }

  /** A node opened the call's stream with a token of this one. */
  void claimed(String holder, String callSid, String nonce, long now) {
    Place place = place(callSid);
    // Else the call has come back since.
    if (place.isLast(nonce)) {
      given.put(callSid, place.used(nonce).held(holder, now + LEASE_MS));
    }
  }

  /**
   * Calls with a place of this node run on another one. That may be old news: it makes no place of its own, and does not
   * hide a holder of whom there is newer.
   */
  void running(String holder, List<String> callSids, long now) {
    for (String callSid : callSids) {
      given.computeIfPresent(
          callSid,
          (sid, place) -> place.heldUntil < now || place.holder.equals(holder)
              ? place.held(holder, now + LEASE_MS)
              : place);
    }
  }

  /** The stream that was opened with this token is over, at another node. */
  void over(String callSid, String nonce, long now) {
    Place place = place(callSid);
    if (place.isLast(nonce)) {
      put(callSid, place.used(nonce).held("", 0), now);
    }
  }

  /** A node is gone, and the calls with it. */
  void lost(String holder, long now) {
    given.replaceAll((callSid, place) -> place.holder.equals(holder) ? place.held("", 0) : place);
    sweep(now);
  }

  /** Calls that run here, by the other node that gave their places. */
  Map<String, List<String>> guests() {
    Map<String, List<String>> byGiver = new HashMap<>();
    guests.forEach((callSid, guest) ->
        byGiver.computeIfAbsent(guest.giver, key -> new ArrayList<>()).add(callSid));
    return byGiver;
  }

  /** Forgets the places of calls that nobody has heard of. */
  void sweep(long now) {
    given.values().removeIf(place -> !place.taken(now));
  }

  private Place place(String callSid) {
    return given.getOrDefault(callSid, Place.NEW);
  }

  private void put(String callSid, Place place, long now) {
    if (place.taken(now)) {
      given.put(callSid, place);
    } else {
      given.remove(callSid);
    }
  }

  private static boolean isHere(Place place) {
    return place.heldUntil == Long.MAX_VALUE;
  }
}

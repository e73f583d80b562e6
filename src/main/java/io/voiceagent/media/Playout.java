package io.voiceagent.media;

import io.voiceagent.audio.AudioFrame;
import io.voiceagent.call.Segment;
import io.voiceagent.call.TurnId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Paces the agent's audio to the carrier and knows at every instant what was sent, what was heard and what a clear
 * discards. Pure: instants come as arguments, messages leave through {@link Wire}.
 *
 * <p>Audio is sent until it is {@code lead} ahead of the carrier's playing, on an absolute schedule: what a late tick owes
 * is sent by it, and the schedule does not move. Marks behind segments prove what was heard and correct our idea of how
 * far the carrier has played; between marks it is calculated.
 */
final class Playout {
  /** Where messages to the carrier go. */
  interface Wire {
    void media(byte[] mulaw, int from, int length);

    void mark(String name);

    void clear();
  }

  /** What happened to an utterance. */
  interface Listener {
    void started(TurnId turn);

    void heard(TurnId turn, int heardMs);

    void ended(TurnId turn, int heardMs, boolean estimated);

    void cleared(TurnId turn, int heardMs);

    /** So much sound of what is over is not sent. */
    void dropped(long bytes);
  }

  /** Between two ticks the lead melts: so much more is sent that it holds until the next one. */
  private static final long TICK_NANOS = AudioFrame.FRAME_MS * 1_000_000L;

  private static final long NANOS_PER_BYTE = 1_000_000L / AudioFrame.BYTES_PER_MS;

  /** @param behind bytes sent to the carrier, of any turn, before this mark */
  private record Pending(PlayedUtterance of, int heardMs, long behind, boolean last) {}

  private final long lead;
  private final int chunk;
  private final long markTimeout;
  private final Wire wire;
  private final Listener listener;
  private final PlayoutQueue queue = new PlayoutQueue();
  private final Map<TurnId, PlayedUtterance> utterances = new LinkedHashMap<>();
  private final Map<String, Pending> marks = new LinkedHashMap<>();
  private final byte[] scratch;
  private long sentBytes;
  private long playedUntil = Long.MIN_VALUE;
  private long heldUntil = Long.MIN_VALUE;
  private TurnId clearedUpTo = TurnId.NONE;
  private TurnId begunUpTo = TurnId.NONE;
  private int markEpoch;

  Playout(Duration lead, Duration chunk, Duration markTimeout, Wire wire, Listener listener) {
    this.lead = lead.toNanos() + TICK_NANOS;
    this.chunk = (int) Math.max(AudioFrame.FRAME_MS, chunk.toMillis()) * AudioFrame.BYTES_PER_MS;
    this.markTimeout = markTimeout.toNanos();
    this.wire = wire;
    this.listener = listener;
    this.scratch = new byte[this.chunk + AudioFrame.FRAME_BYTES];
  }

  /** Whether {@code turn} may begin, or begin again: not when it was cleared, and not behind a later one. */
  boolean admits(TurnId turn) {
    return turn.isAfter(clearedUpTo) && !begunUpTo.isAfter(turn);
  }

  void begin(TurnId turn) {
    begin(turn, false);
  }

  /** @param givesWay the first sound of any other turn cuts this one */
  void begin(TurnId turn, boolean givesWay) {
    if (admits(turn)) {
      utterances.putIfAbsent(turn, new PlayedUtterance(turn, givesWay));
      if (!givesWay) {
        begunUpTo = turn;
      }
    }
  }

  /** No utterance begins to be heard before {@code until}; what is being heard goes on. */
  void hold(long until, long now) {
    heldUntil = until;
    pump(now);
  }

  /** Audio of any length. False, and nothing happens, when the turn was cleared. */
  boolean audio(TurnId turn, byte[] mulaw, long now) {
    PlayedUtterance of = utterances.get(turn);
    if (of == null || !admitsFillers(of, now)) {
      listener.dropped(mulaw.length);
      return false;
    }
    of.sounded = true;
    queue.add(of, mulaw);
    pump(now);
    return true;
  }

  /** The latest {@code bytes} of the turn's audio are not to be heard; those that were sent cannot be helped. */
  void takeBack(TurnId turn, int bytes) {
    PlayedUtterance of = utterances.get(turn);
    if (of != null && bytes > 0) {
      of.stray(bytes - queue.takeBack(of, bytes));
    }
  }

  void segmentEnd(Segment segment, long now) {
    PlayedUtterance of = utterances.get(segment.turn());
    if (of != null) {
      queue.add(new PlayoutQueue.Border(of, segment.turn() + "-" + segment.index(), false));
      pump(now);
    }
  }

  /** No more audio will come for the turn. */
  void end(TurnId turn, long now) {
    PlayedUtterance of = utterances.get(turn);
    if (of != null && !of.complete) {
      of.complete = true;
      queue.add(new PlayoutQueue.Border(of, turn + "-end", true));
      pump(now);
    }
  }

  /** Sends what is due. To be called every few milliseconds while {@link #busy()}. */
  void tick(long now) {
    pump(now);
    if (!marks.isEmpty() && now > playedUntil + markTimeout) {
      estimate();
    }
  }

  /** Something waits to be sent or to be acknowledged. */
  boolean busy() {
    return !queue.isEmpty() || !marks.isEmpty();
  }

  /** Milliseconds of audio that wait here, unsent. */
  int queuedMs() {
    return (int) (queue.bytes() / AudioFrame.BYTES_PER_MS);
  }

  /** The carrier's echo of a mark. False when it is not ours, or was settled without it. */
  boolean markPlayed(String name, long now) {
    Pending mark = marks.remove(name);
    if (mark == null) {
      return name.startsWith("c");
    }
    // Everything before the mark has been played now: what follows it ends accordingly.
    playedUntil = now + (sentBytes - mark.behind()) * NANOS_PER_BYTE;
    settle(mark, false);
    return true;
  }

  /** Silences the carrier: nothing of {@code turn} and every earlier one follows. */
  void clear(TurnId turn, long now) {
    if (turn.isAfter(clearedUpTo)) {
      clearedUpTo = turn;
    }
    discard(utterances.values().stream().filter(of -> !of.turn.isAfter(turn)).toList(), now, true);
  }

  private void discard(List<PlayedUtterance> discarded, long now, boolean audible) {
    if (audible) {
      wire.clear();
    }
    long ahead = Math.max(0, playedUntil - now) / NANOS_PER_BYTE;
    // Newest first: what is still to be played is the tail of what was sent.
    List<PlayedUtterance> newestFirst = new ArrayList<>(utterances.values());
    java.util.Collections.reverse(newestFirst);
    Map<TurnId, Integer> heard = new LinkedHashMap<>();
    for (PlayedUtterance of : newestFirst) {
      long unheard = Math.min(ahead, of.sentBytes);
      ahead -= unheard;
      heard.put(of.turn, Math.max(of.ackedMs, of.saidMs(of.sentBytes - unheard)));
    }
    long dropped = queue.discard(discarded);
    if (dropped > 0) {
      listener.dropped(dropped);
    }
    marks.values().removeIf(mark -> discarded.contains(mark.of()));
    if (audible) {
      markEpoch++;
      playedUntil = now;
    }
    for (PlayedUtterance of : discarded) {
      utterances.remove(of.turn);
      listener.cleared(of.turn, heard.getOrDefault(of.turn, 0));
    }
  }

  /** A filler bridges the wait for anything else: it is cut by that, and dropped when that is here. False: dropped. */
  private boolean admitsFillers(PlayedUtterance of, long now) {
    if (of.givesWay) {
      boolean late =
          utterances.values().stream().anyMatch(other -> !other.givesWay && other.sounded);
      if (late) {
        discard(List.of(of), now, false);
      }
      return !late;
    }
    for (PlayedUtterance filler : List.copyOf(utterances.values())) {
      if (filler.givesWay) {
        discard(List.of(filler), now, filler.started);
      }
    }
    return true;
  }

  private void pump(long now) {
    while (!queue.isEmpty()) {
      PlayoutQueue.Border border = queue.pollBorder();
      if (border != null) {
        mark(border, now);
        continue;
      }
      PlayedUtterance next = queue.sounding();
      if (now < heldUntil && !next.started) {
        return;
      }
      long ahead = playedUntil - now;
      if (playedUntil != Long.MIN_VALUE && ahead >= lead) {
        return;
      }
      boolean hungry = playedUntil == Long.MIN_VALUE || ahead < lead / 2;
      if (!hungry && queue.bytes() < chunk && !queue.endsWithBorder()) {
        return;
      }
      send(next, now);
    }
  }

  /** One message: as much of the utterance as fits, across the pieces in which it came. */
  private void send(PlayedUtterance of, long now) {
    int length = queue.take(of, scratch, chunk);
    if (length == 0) {
      return;
    }
    int rest = (int) ((of.sentBytes + length) % AudioFrame.FRAME_BYTES);
    if (rest != 0 && queue.onlyTheEndFollows(of)) {
      // A carrier may play whole frames only: the last one of an utterance is filled up with
      // silence.
      int frame = length + AudioFrame.FRAME_BYTES - rest;
      Arrays.fill(scratch, length, frame, AudioFrame.SILENCE);
      length = frame;
    }
    write(of, length, now);
  }

  /** The end came after the last of the sound had left: its last frame is completed behind it. */
  private void completeFrame(PlayedUtterance of, long now) {
    int rest = (int) (of.sentBytes % AudioFrame.FRAME_BYTES);
    if (rest != 0) {
      Arrays.fill(scratch, 0, AudioFrame.FRAME_BYTES - rest, AudioFrame.SILENCE);
      write(of, AudioFrame.FRAME_BYTES - rest, now);
    }
  }

  private void write(PlayedUtterance of, int length, long now) {
    wire.media(scratch, 0, length);
    sentBytes += length;
    of.sentBytes += length;
    playedUntil = Math.max(playedUntil, now) + length * NANOS_PER_BYTE;
    if (!of.started) {
      of.started = true;
      listener.started(of.turn);
    }
  }

  private void mark(PlayoutQueue.Border border, long now) {
    if (border.last() && border.of().started) {
      completeFrame(border.of(), now);
    }
    Pending mark = new Pending(border.of(), border.of().sentMs(), sentBytes, border.last());
    if (!border.of().started) {
      // Nothing was to be heard; no echo is needed to know it.
      settle(mark, false);
      return;
    }
    String name = "m" + markEpoch + "-" + border.mark();
    marks.put(name, mark);
    playedUntil = Math.max(playedUntil, now);
    wire.mark(name);
  }

  private void settle(Pending mark, boolean estimated) {
    PlayedUtterance of = mark.of();
    of.ackedMs = Math.max(of.ackedMs, mark.heardMs());
    if (mark.last()) {
      utterances.remove(of.turn);
      listener.ended(of.turn, of.ackedMs, estimated);
    } else {
      listener.heard(of.turn, of.ackedMs);
    }
  }

  private void estimate() {
    Iterator<Pending> overdue = new ArrayList<>(marks.values()).iterator();
    marks.clear();
    overdue.forEachRemaining(mark -> settle(mark, true));
  }
}

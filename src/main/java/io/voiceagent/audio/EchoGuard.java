package io.voiceagent.audio;

import java.util.Arrays;

/**
 * Keeps the line's echo of our own voice from passing for the caller's. It knows what was given to the carrier and when
 * the carrier plays it; what comes back within the window must be louder than the loudest echo to be expected then. How
 * much weaker the echo is than what was played is learned: a line without one soon asks nothing more of a quiet caller.
 *
 * <p>One per call; sits before a detector of any kind.
 */
public final class EchoGuard implements VoiceDetector {
  private static final long SLOT_NANOS = AudioFrame.FRAME_MS * 1_000_000L;
  /** Ring of what is being played; audio further ahead than this is not guarded. */
  private static final int SLOTS = 256;
  /** An echo comes back within this: network and telephone both ways. */
  private static final int WINDOW_SLOTS = 30;
  /** The caller is louder than the expected echo by this. */
  private static final double MARGIN_DB = 3;
  /** A line's loss is learned from a second of our voice at a time. */
  private static final int LEARN_FRAMES = 50;
  /** Our own pauses say nothing about the line. */
  private static final double AUDIBLE_DB = -40;

  private static final double MOST_LOSS_DB = 60;

  private final VoiceDetector detector;
  private final double leastLoss;
  private final float[] played = new float[SLOTS];
  private final long[] slotOf = new long[SLOTS];
  private long playedUntil = Long.MIN_VALUE / 2;
  private double loss;
  private double nearest = Double.NEGATIVE_INFINITY;
  private int learned;

  /** @param leastLossDb an echo is weaker than our voice by this at least */
  public EchoGuard(VoiceDetector detector, double leastLossDb) {
    this.detector = detector;
    this.leastLoss = leastLossDb;
    this.loss = leastLossDb;
    Arrays.fill(slotOf, Long.MIN_VALUE);
  }

  /** Our voice was given to the carrier, which plays it behind what it has already. */
  public void sent(byte[] mulaw, int from, int length, long at) {
    playedUntil = Math.max(playedUntil, at);
    for (int next = from; next < from + length; next += AudioFrame.FRAME_BYTES) {
      int piece = Math.min(AudioFrame.FRAME_BYTES, from + length - next);
      long slot = playedUntil / SLOT_NANOS;
      int place = (int) Math.floorMod(slot, SLOTS);
      float level = (float) MuLaw.decibels(mulaw, next, piece);
      played[place] = slotOf[place] == slot ? Math.max(played[place], level) : level;
      slotOf[place] = slot;
      playedUntil += piece * 1_000_000L / AudioFrame.BYTES_PER_MS;
    }
  }

  /** The carrier was told to forget what it had not played. */
  public void cleared(long at) {
    long now = at / SLOT_NANOS;
    for (int place = 0; place < SLOTS; place++) {
      if (slotOf[place] > now) {
        slotOf[place] = Long.MIN_VALUE;
      }
    }
    playedUntil = at;
  }

  @Override
  public boolean voiced(byte[] mulaw, int from, int length, long at) {
    boolean voiced = detector.voiced(mulaw, from, length, at);
    double own = own(at);
    if (own < AUDIBLE_DB) {
      return voiced;
    }
    double level = MuLaw.decibels(mulaw, from, length);
    boolean theirs = voiced && level > own - loss + MARGIN_DB;
    learn(level - own, theirs);
    return theirs;
  }

  /** The loudest of our voice that may be coming back now. */
  private double own(long at) {
    if (at - playedUntil > WINDOW_SLOTS * SLOT_NANOS) {
      return MuLaw.SILENCE_DB;
    }
    long now = at / SLOT_NANOS;
    double loudest = MuLaw.SILENCE_DB;
    for (long slot = now - WINDOW_SLOTS; slot <= now; slot++) {
      int place = (int) Math.floorMod(slot, SLOTS);
      if (slotOf[place] == slot) {
        loudest = Math.max(loudest, played[place]);
      }
    }
    return loudest;
  }

  /** A second in which the caller said something teaches nothing: it starts anew behind it. */
  private void learn(double relative, boolean theirs) {
    if (theirs) {
      nearest = Double.NEGATIVE_INFINITY;
      learned = 0;
      return;
    }
    nearest = Math.max(nearest, relative);
    if (++learned == LEARN_FRAMES) {
      loss = Math.max(leastLoss, Math.min(MOST_LOSS_DB, -nearest - MARGIN_DB));
      nearest = Double.NEGATIVE_INFINITY;
      learned = 0;
    }
  }
}

package io.voiceagent.turn;

import io.voiceagent.call.TurnId;
import io.voiceagent.call.TurnTimeline;
import org.jspecify.annotations.Nullable;

/** A turn of the caller, from the last voiced frame to the end of its answer: the instants of its wait. */
final class UserTurn {
  final long lastVoicedAt;
  final long releasedAt;
  final long finalAt;
  final long committedAt;
  final long sttNanos;
  final long waitedNanos;
  private long llmNanos;
  private long segmentNanos;
  private long ttsNanos;
  private long firstAudioAt;

  @Nullable
  TurnTimeline timeline;

  UserTurn(
      long lastVoicedAt,
      long releasedAt,
      long finalAt,
      long committedAt,
      long sttNanos,
      long waitedNanos) {
    this.lastVoicedAt = lastVoicedAt;
    this.releasedAt = releasedAt;
    this.finalAt = finalAt;
    this.committedAt = committedAt;
    this.sttNanos = sttNanos;
    this.waitedNanos = waitedNanos;
  }

  /** A reply that was begun before the turn was taken is waited for only from then on. */
  void firstToken(long at, long providerNanos) {
    if (llmNanos == 0) {
      llmNanos = Math.min(providerNanos, Math.max(0, at - committedAt));
    }
  }

  void segmentQueued(long waitNanos) {
    segmentNanos = waitNanos;
  }

  void firstAudio(long at, long providerNanos) {
    if (firstAudioAt == 0) {
      ttsNanos = providerNanos;
      firstAudioAt = at;
    }
  }

  /** The first frame of the answer was written at {@code at}. */
  TurnTimeline played(TurnId turn, long at) {
    TurnTimeline made = new TurnTimeline(
        turn,
        lastVoicedAt,
        releasedAt,
        finalAt,
        committedAt,
        at,
        releasedAt - lastVoicedAt + waitedNanos,
        sttNanos,
        llmNanos,
        segmentNanos,
        ttsNanos,
        firstAudioAt == 0 ? 0 : Math.max(0, at - firstAudioAt));
    timeline = made;
    return made;
  }
}

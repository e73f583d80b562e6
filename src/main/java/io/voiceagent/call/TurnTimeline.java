package io.voiceagent.call;

import java.util.EnumMap;
import java.util.Map;

/**
 * The instants of one answered turn, and the part of each wait that a provider caused. Time to first audio and its
 * stages are subtractions of these, so they always add up.
 *
 * @param lastVoicedAt arrival of the caller's last voiced frame: where the wait begins
 * @param releasedAt voice activity ended (a configured wait)
 * @param finalAt the transcript that covers the speech was here
 * @param committedAt the turn was taken and the reply ordered
 * @param playedAt first audio frame of the answer written to the carrier's socket: where the wait ends
 * @param configuredNanos waits that configuration asked for (release, endpointing delays)
 * @param sttNanos the provider's part of the final transcript
 * @param llmNanos request written to first token received
 * @param segmentNanos first token to first speakable segment: the model's pace
 * @param ttsNanos text sent to first audio received
 * @param playoutNanos first audio received to first frame written
 */
public record TurnTimeline(
    TurnId turn,
    long lastVoicedAt,
    long releasedAt,
    long finalAt,
    long committedAt,
    long playedAt,
    long configuredNanos,
    long sttNanos,
    long llmNanos,
    long segmentNanos,
    long ttsNanos,
    long playoutNanos) {

  /** The stages of {@code turn_stage_ms}. */
  public enum Stage {
    ENDPOINTING,
    STT_FINAL,
    LLM_FIRST_TOKEN,
    FIRST_SEGMENT,
    TTS_FIRST_AUDIO,
    PLAYOUT,
    RESIDUAL;

    public String label() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  public double timeToFirstAudioMs() {
    return Clock.millisBetween(lastVoicedAt, playedAt);
  }

  /** What neither a provider nor a configured wait explains; never negative. */
  public double addedLatencyMs() {
    long explained = configuredNanos + sttNanos + llmNanos + segmentNanos + ttsNanos;
    return Math.max(0, (playedAt - lastVoicedAt - explained) / 1e6);
  }

  /**
   * Milliseconds per stage, none negative; they sum to {@link #timeToFirstAudioMs()}, the residual taking the rest. Where
   * stages overlapped, the earliest keep their whole time and then the latest: what lies between is what was saved.
   */
  public Map<Stage, Double> stagesMs() {
    Map<Stage, Double> stages = new EnumMap<>(Stage.class);
    long left = playedAt - lastVoicedAt;
    left = put(stages, Stage.ENDPOINTING, configuredNanos, left);
    left = put(stages, Stage.STT_FINAL, sttNanos, left);
    left = put(stages, Stage.PLAYOUT, playoutNanos, left);
    left = put(stages, Stage.TTS_FIRST_AUDIO, ttsNanos, left);
    left = put(stages, Stage.FIRST_SEGMENT, segmentNanos, left);
    left = put(stages, Stage.LLM_FIRST_TOKEN, llmNanos, left);
    put(stages, Stage.RESIDUAL, left, left);
    return stages;
  }

  /** Returns what is left of the wait after this stage. */
  private static long put(Map<Stage, Double> stages, Stage stage, long nanos, long left) {
    long taken = Math.max(0, Math.min(nanos, left));
    stages.put(stage, taken / 1e6);
    return left - taken;
  }
}

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

  /** Milliseconds per stage; they sum to {@link #timeToFirstAudioMs()} exactly, the residual taking the rest. */
  public Map<Stage, Double> stagesMs() {
    Map<Stage, Double> stages = new EnumMap<>(Stage.class);
    stages.put(Stage.ENDPOINTING, configuredNanos / 1e6);
    stages.put(Stage.STT_FINAL, sttNanos / 1e6);
    stages.put(Stage.LLM_FIRST_TOKEN, llmNanos / 1e6);
    stages.put(Stage.FIRST_SEGMENT, segmentNanos / 1e6);
    stages.put(Stage.TTS_FIRST_AUDIO, ttsNanos / 1e6);
    stages.put(Stage.PLAYOUT, playoutNanos / 1e6);
    double known = stages.values().stream().mapToDouble(Double::doubleValue).sum();
    stages.put(Stage.RESIDUAL, timeToFirstAudioMs() - known);
    return stages;
  }
}

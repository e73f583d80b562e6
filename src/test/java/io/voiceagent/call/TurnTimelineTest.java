package io.voiceagent.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.voiceagent.call.TurnTimeline.Stage;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TurnTimelineTest {
  private static final long MS = 1_000_000;

  @Test
  void r46_stagesSumToTheWaitWhateverOverlapped() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 10_000; i++) {
      TurnTimeline timeline = timeline(
          random.nextInt(3000),
          random.nextInt(600),
          random.nextInt(600) - 100,
          random.nextInt(900),
          random.nextInt(400),
          random.nextInt(600),
          random.nextInt(300));
      Map<Stage, Double> stages = timeline.stagesMs();
      assertThat(stages.values()).as("seed %d, %s", seed, timeline).allMatch(ms -> ms >= 0);
      assertThat(stages.values().stream().mapToDouble(Double::doubleValue).sum())
          .as("seed %d, %s", seed, timeline)
          .isCloseTo(timeline.timeToFirstAudioMs(), within(0.001));
    }
  }

  @Test
  void whatNoStageExplainsIsTheResidual() {
    assertThat(timeline(900, 200, 60, 300, 100, 200, 20).stagesMs())
        .containsEntry(Stage.ENDPOINTING, 200.0)
        .containsEntry(Stage.LLM_FIRST_TOKEN, 300.0)
        .containsEntry(Stage.RESIDUAL, 20.0);
  }

  /** The model had begun before the caller was through: its wait is the part that was not saved. */
  @Test
  void aModelThatRanAheadIsChargedForWhatItCost() {
    assertThat(timeline(600, 200, 60, 300, 100, 200, 0).stagesMs())
        .containsEntry(Stage.TTS_FIRST_AUDIO, 200.0)
        .containsEntry(Stage.FIRST_SEGMENT, 100.0)
        .containsEntry(Stage.LLM_FIRST_TOKEN, 40.0)
        .containsEntry(Stage.RESIDUAL, 0.0);
  }

  private static TurnTimeline timeline(
      long whole, long configured, long stt, long llm, long segment, long tts, long playout) {
    return new TurnTimeline(
        new TurnId(1),
        0,
        configured * MS,
        configured * MS,
        configured * MS,
        whole * MS,
        configured * MS,
        stt * MS,
        llm * MS,
        segment * MS,
        tts * MS,
        playout * MS);
  }
}

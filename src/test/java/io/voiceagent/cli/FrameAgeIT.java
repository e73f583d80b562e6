package io.voiceagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.voiceagent.sim.CallResult;
import io.voiceagent.sim.Scenario;
import org.junit.jupiter.api.Test;

class FrameAgeIT {
  private static final double FRAME_BYTES = 160;

  /** A histogram that left frames out would be the better the worse things are. */
  @Test
  void r39_theAgeOfEveryFrameGivenToTheTranscriberIsCountedOnce() throws Exception {
    try (LiveService live = LiveService.start("agent.greeting=Hello there.")) {
      CallResult result = live.call(Scenario.of("one two three", "echo thank you"));
      assertThat(result.good()).as(result.toString()).isTrue();
      LiveService.within2s(() -> live.service().agent().calls() == 0);

      double received = live.metric("carrier_bytes_in_total") / FRAME_BYTES;
      double given = live.metric("stt_audio_bytes_total") / FRAME_BYTES;
      double dropped = live.metric("audio_dropped_bytes_total") / FRAME_BYTES;
      assertThat(received).isGreaterThan(100);
      assertThat(given + dropped).isEqualTo(received);
      assertThat(live.metric("frame_age_ms_count")).isEqualTo(given);
      assertThat(live.metric("frame_age_ms_bucket", "le=\"+Inf\"")).isEqualTo(given);
    }
  }
}

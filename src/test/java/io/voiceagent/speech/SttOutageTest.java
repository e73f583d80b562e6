package io.voiceagent.speech;

import static org.assertj.core.api.Assertions.assertThat;

import io.voiceagent.call.CallFact;
import io.voiceagent.call.CallOrder;
import io.voiceagent.call.StageAddress.Stage;
import io.voiceagent.sim.Faults.Fault;
import io.voiceagent.sim.Modem;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The transcriber is away for seconds while the caller goes on talking. */
class SttOutageTest {
  private final SpeechRig rig = new SpeechRig();

  @AfterEach
  void close() throws Exception {
    rig.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void r24_anOutageOfSecondsCostsNoWord(int seconds) throws Exception {
    rig.with("resilience.breaker.failures", "1000").start();
    rig.sim().faults().add(Fault.of("stt", "close").after(2).times(1));
    rig.listen();
    rig.callerSays("before");
    finalizeAndWait();
    rig.sim().faults().add(Fault.of("stt", "upgrade").status(503));
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    rig.callerSays("during");
    rig.until("the socket is lost", () -> rig.counter("cartesia_stt_error") >= 1);
    // The caller goes on talking at the pace of speech while there is no socket.
    byte[] talk = Modem.speak("still i talk and talk and talk on", 1);
    int[] at = {0};
    rig.vertx.setPeriodic(20, id -> {
      if (at[0] >= talk.length) {
        rig.vertx.cancelTimer(id);
        return;
      }
      try {
        rig.callerSendsNow(Arrays.copyOfRange(talk, at[0], Math.min(talk.length, at[0] + 160)));
      } catch (Exception e) {
        throw new AssertionError(e);
      }
      at[0] += 160;
    });
    rig.until("the outage is over", () -> System.nanoTime() > end && at[0] >= talk.length);
    rig.sim().faults().clear();

    finalizeAndWait();

    assertThat(rig.transcript()).isEqualTo("before during still i talk and talk and talk on");
    assertThat(rig.counter("cartesia_stt_backpressure")).isZero();
  }

  private void finalizeAndWait() throws Exception {
    var flushed = rig.next(CallFact.TranscriptFlushed.class::isInstance);
    rig.order(Stage.STT, new CallOrder.FinalizeTranscript());
    SpeechRig.await(flushed);
  }
}

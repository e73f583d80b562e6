package io.voiceagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.voiceagent.sim.CallResult;
import io.voiceagent.sim.Faults.Fault;
import io.voiceagent.sim.Scenario;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** A provider that refuses the key: the caller hears an apology, the operator reads which key it is. */
@Timeout(60)
class RefusedKeyIT {
  private static final Logger ROOT = (Logger) LoggerFactory.getLogger("io.voiceagent");

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  @BeforeEach
  void listen() {
    log.start();
    ROOT.addAppender(log);
  }

  @AfterEach
  void stopListening() {
    ROOT.detachAppender(log);
  }

  @Test
  void ofTheModel() throws Exception {
    try (LiveService live = LiveService.start("agent.greeting=Hello there.")) {
      live.simulators().faults().add(Fault.of("llm", "status").status(401).code("invalid_api_key"));

      CallResult result = live.call(Scenario.of("echo one", "are you there"));

      assertThat(result.turns().get(0).heard())
          .startsWith("i am sorry i cannot help you right now");
      assertThat(result.problem()).isEqualTo("the agent hung up");
      assertThat(live.metric("calls_ended_total", "failed")).isEqualTo(1);
      assertThat(said()).anyMatch(line -> line.contains("llm.openai.apiKey"));
    }
  }

  @Test
  void ofTheTranscriber() throws Exception {
    try (LiveService live = LiveService.start("agent.greeting=Hello there.")) {
      live.simulators().faults().add(Fault.of("stt", "upgrade").status(401));

      CallResult result = live.call(Scenario.of("echo one", "are you there"));

      assertThat(result.greeting() + result.turns())
          .contains("i am sorry i cannot help you right now");
      assertThat(live.metric("calls_ended_total", "failed")).isEqualTo(1);
      assertThat(said()).anyMatch(line -> line.contains("stt.cartesia.apiKey"));
    }
  }

  /** Nothing can be said by us: the call must not end in silence. */
  @Test
  void ofTheVoice() throws Exception {
    try (LiveService live =
        LiveService.start("agent.greeting=Hello there.", "tts.cartesia.apiKey=wrong")) {
      CallResult result = live.call(Scenario.of("echo one", "are you there"));

      assertThat(result.problem())
          .as("the carrier's voice says")
          .endsWith("I am sorry, I cannot help you right now. Please call again later. Goodbye.");
      assertThat(live.metric("calls_ended_total", "failed")).isEqualTo(1);
      assertThat(live.simulators().stats().get("twilioHangUps"))
          .as("not cut short")
          .isZero();
      assertThat(said()).anyMatch(line -> line.contains("tts.cartesia.apiKey"));
    }
  }

  private List<String> said() {
    return List.copyOf(log.list).stream()
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }
}

package io.voiceagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import io.voiceagent.ops.LogEncoder;
import io.voiceagent.sim.CallResult;
import io.voiceagent.sim.Scenario;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

@Timeout(120)
class SecretsIT {
  /** Expiry, nonce and MAC of a stream token. */
  private static final String STREAM_TOKEN = "(?s).*[0-9a-z]{8}\\.[\\w-]{24}\\.[\\w-]{43}.*";

  private final ByteArrayOutputStream log = new ByteArrayOutputStream();

  @Test
  void r51_r52_aWholeCallLeavesNoSecretNumberTokenOrWordInLogsAndMetrics() throws Exception {
    Logger ours = (Logger) LoggerFactory.getLogger("io.voiceagent");
    OutputStreamAppender<ILoggingEvent> appender = appender(ours);
    String metrics;
    try (LiveService live = LiveService.start("log.level=debug", "ops.token=ops-secret-token");
        Stranger stranger = new Stranger(live.mediaUrl(), LiveService.TOKEN)) {
      CallResult result = live.call(Scenario.of("echo marmalade on seven purple elephants"));
      assertThat(result.good()).as(result.toString()).isTrue();
      stranger.start("CAsecret1", stranger.token("CAsecret2")).close();
      stranger.post("/twilio/voice", false, "CallSid", "CAsecret3", "From", "+15005550010");
      metrics = LiveService.get(live.opsUrl() + "/metrics");
      assertThat(LiveService.within2s(() -> live.service().agent().calls() == 1))
          .isTrue();
    } finally {
      ours.detachAppender(appender);
      ours.setLevel(Level.INFO);
    }

    String written = log.toString(StandardCharsets.UTF_8);
    assertThat(written).as("it was listened to").contains("started");
    for (String text : new String[] {written, metrics}) {
      assertThat(text)
          .doesNotContain(LiveService.TOKEN, "ops-secret-token", "5005550010", "5005550006")
          .doesNotContainIgnoringCase("marmalade")
          .doesNotContainIgnoringCase("elephants")
          .doesNotMatch(STREAM_TOKEN);
    }
  }

  @Test
  void r51_withoutAnAuthTokenNothingStartsUnlessSignaturesAreSwitchedOff() {
    StringWriter said = new StringWriter();
    PrintWriter console = new PrintWriter(said, true);

    int code = Main.execute(
        console,
        console,
        "serve",
        "--set=simulator.enabled=true",
        "--set=telephony.twilio.authToken=",
        "--set=media.port=0",
        "--set=ops.port=0");

    assertThat(code).isEqualTo(2);
    assertThat(said.toString())
        .contains("nothing was started", "telephony.twilio.authToken is missing");
  }

  @Test
  void r52_theEffectiveConfigurationShowsNoSecret() {
    StringWriter said = new StringWriter();
    PrintWriter console = new PrintWriter(said, true);

    Main.execute(
        console,
        console,
        "config",
        "--set=simulator.enabled=true",
        "--set=telephony.twilio.authToken=not-to-be-seen",
        "--set=stt.cartesia.apiKey=neither-this",
        "--set=tts.cartesia.apiKey=neither-this",
        "--set=llm.openai.apiKey=neither-this",
        "--set=ops.token=nor-this");

    assertThat(said.toString())
        .contains("telephony.twilio.authToken", "********")
        .doesNotContain("not-to-be-seen", "nor-this", "neither-this");
  }

  private OutputStreamAppender<ILoggingEvent> appender(Logger logger) {
    LogEncoder encoder = new LogEncoder();
    encoder.setContext(logger.getLoggerContext());
    encoder.start();
    OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
    appender.setContext(logger.getLoggerContext());
    appender.setEncoder(encoder);
    appender.setOutputStream(log);
    appender.start();
    logger.addAppender(appender);
    return appender;
  }
}

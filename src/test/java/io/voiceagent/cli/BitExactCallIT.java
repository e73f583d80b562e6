package io.voiceagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.voiceagent.sim.CallResult;
import io.voiceagent.sim.Scenario;
import io.voiceagent.sim.SimulatedCaller;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The voice provider's bytes against those that were played to the caller. */
class BitExactCallIT {
  private static final byte SILENCE = (byte) 0xFF;
  private static final int CALLS = 8;

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() throws Exception {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  /**
   * Digital silence is left out on both sides, so that a machine which stalls for longer than the lead fails no test of
   * which bytes arrive; everything else must be there, in order, once, and nothing besides.
   */
  @Test
  void r17_whatIsPlayedToEachCallerIsWhatTheVoiceSent() throws Exception {
    int provider = freePort();
    VoiceTap tap = VoiceTap.start(vertx, provider).await(10, TimeUnit.SECONDS);
    List<SimulatedCaller> callers = new ArrayList<>();
    try (LiveService live = LiveService.start(
        "agent.greeting=Hello there.",
        "simulator.cartesia.port=" + provider,
        "tts.cartesia.url=ws://127.0.0.1:" + tap.port())) {
      for (int i = 0; i < CALLS; i++) {
        callers.add(
            live.record(Scenario.of("echo caller number " + i, "one two three", "echo bye " + i)));
      }
      for (SimulatedCaller caller : callers) {
        CallResult result = LiveService.result(caller);
        assertThat(result.good()).as(result.toString()).isTrue();
      }
    }

    Map<String, byte[]> spoken = tap.sound();
    for (SimulatedCaller caller : callers) {
      String heard = sounding(caller.recording());
      int utterances = 0;
      // What was heard must be made of whole utterances of the voice and of nothing else.
      while (!heard.isEmpty()) {
        String rest = heard;
        String next = spoken.values().stream()
            .map(BitExactCallIT::sounding)
            .filter(sound -> !sound.isEmpty() && rest.startsWith(sound))
            .findFirst()
            .orElse("");
        assertThat(next)
            .as("%d bytes that no voice sent, after %d utterances", rest.length(), utterances)
            .isNotEmpty();
        heard = heard.substring(next.length());
        utterances++;
      }
      assertThat(utterances).as("greeting and three answers").isEqualTo(4);
    }
  }

  private static String sounding(byte[] mulaw) {
    ByteArrayOutputStream kept = new ByteArrayOutputStream();
    for (byte sample : mulaw) {
      if (sample != SILENCE) {
        kept.write(sample);
      }
    }
    return kept.toString(StandardCharsets.ISO_8859_1);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}

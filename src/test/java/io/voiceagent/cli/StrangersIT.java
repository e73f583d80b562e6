package io.voiceagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketFrame;
import io.voiceagent.sim.CallResult;
import io.voiceagent.sim.Scenario;
import io.voiceagent.sim.SimulatedCaller;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the public listener lets no stranger do. */
@Timeout(60)
class StrangersIT {
  private static LiveService live;
  private static Stranger stranger;

  @BeforeAll
  static void start() throws Exception {
    live = LiveService.start(
        "agent.greeting=",
        "media.requestTimeout=1s",
        "media.maxConnectionsPerPeer=50",
        "media.busy.text=All lines are busy.");
    stranger = new Stranger(live.mediaUrl(), LiveService.TOKEN);
  }

  @AfterAll
  static void stop() throws Exception {
    stranger.close();
    live.close();
  }

  @Test
  void r51_whatBearsNoSignatureIsRefused() throws Exception {
    double before = live.metric("calls_refused_total", "signature");

    for (String path : new String[] {"voice", "after-stream", "status", "amd"}) {
      assertThat(stranger.post("/twilio/" + path, false, "CallSid", "CA1").statusCode())
          .as(path)
          .isEqualTo(403);
    }
    assertThat(stranger.knock(false)).isEqualTo(403);
    assertThat(stranger.knock(true)).isEqualTo(101);

    assertThat(live.metric("calls_refused_total", "signature")).isEqualTo(before + 5);
    assertThat(live.service().agent().calls()).isZero();
  }

  @Test
  void r51_aStreamTokenWorksOnceForItsCallAlone() throws Exception {
    String token = stranger.token("CAtoken1");
    double started = live.metric("calls_started_total");

    WebSocket other = stranger.start("CAtoken2", token);
    assertThat(Stranger.closed(other).get()).as("of another call").isEqualTo(1008);
    WebSocket forged = stranger.start("CAtoken1", token.substring(0, token.length() - 1) + "_");
    assertThat(Stranger.closed(forged).get()).as("forged").isEqualTo(1008);

    WebSocket first = stranger.start("CAtoken1", token);
    assertThat(LiveService.within2s(() -> live.service().agent().calls() == 1)).isTrue();
    WebSocket second = stranger.start("CAtoken1", token);
    assertThat(Stranger.closed(second).get()).as("again while it runs").isEqualTo(1008);
    first.close();
    assertThat(LiveService.within2s(live::nothingLeft)).as(live::leftovers).isTrue();
    WebSocket late = stranger.start("CAtoken1", token);
    assertThat(Stranger.closed(late).get()).as("again afterwards").isEqualTo(1008);
    assertThat(live.metric("calls_started_total")).isEqualTo(started + 1);
  }

  @Test
  void r42_aFloodIsDroppedCountedAndHarmsNoOtherCall() throws Exception {
    SimulatedCaller caller = live.place(Scenario.of("echo one two three", "echo four five six"));
    WebSocket hostile = stranger.start("CAflood1", stranger.token("CAflood1"));
    CompletableFuture<Integer> closed = Stranger.closed(hostile);

    Stranger.flood(hostile, 1000);
    assertThat(LiveService.within2s(() -> dropped() > 500))
        .as("twenty seconds of sound at once: all but the first seconds are dropped")
        .isTrue();
    assertThat(closed).isNotDone();
    Stranger.flood(hostile, 20_000);
    assertThat(closed.get()).as("no carrier sends so many").isEqualTo(1008);

    CallResult result = LiveService.result(caller);
    assertThat(result.good()).as(result.toString()).isTrue();
    assertThat(result.defects()).as(result.toString()).isZero();
    assertThat(LiveService.within2s(live::nothingLeft)).as(live::leftovers).isTrue();
  }

  @Test
  void r42_giantFramesAndMessagesEndTheirSocket() throws Exception {
    WebSocket frame = stranger.start("CAgiant1", stranger.token("CAgiant1"));
    frame.writeFinalTextFrame("x".repeat(1 << 20));
    assertThat(Stranger.closed(frame).get()).isNotEqualTo(-1);

    WebSocket message = stranger.start("CAgiant2", stranger.token("CAgiant2"));
    message.writeFrame(WebSocketFrame.textFrame("x".repeat(60_000), false));
    for (int i = 0; i < 5; i++) {
      message.writeFrame(
          WebSocketFrame.continuationFrame(Buffer.buffer("x".repeat(60_000)), false));
    }
    assertThat(Stranger.closed(message).get()).isNotEqualTo(-1);

    WebSocket binary = stranger.start("CAgiant3", stranger.token("CAgiant3"));
    for (int i = 0; i < 200; i++) {
      binary.writeBinaryMessage(Buffer.buffer("no text"));
    }
    assertThat(Stranger.closed(binary).get()).isEqualTo(1003);
    assertThat(LiveService.within2s(live::nothingLeft)).as(live::leftovers).isTrue();
  }

  @Test
  void aLargeBodyOrHeaderIsRefused() throws Exception {
    assertThat(
            stranger.post("/twilio/voice", true, "CallSid", "x".repeat(20_000)).statusCode())
        .isIn(400, 413);
    try (Socket socket = connect()) {
      socket
          .getOutputStream()
          .write(("GET / HTTP/1.1\r\nHost: x\r\nA: " + "x".repeat(40_000) + "\r\n\r\n")
              .getBytes(StandardCharsets.UTF_8));
      assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.UTF_8))
          .isEqualTo("HTTP/1.1 431");
    }
  }

  @Test
  void whoBringsNoSignedRequestInTimeIsCut() throws Exception {
    try (Socket silent = connect();
        Socket dripping = connect();
        Socket halfBody = connect();
        Socket unsigned = connect()) {
      dripping
          .getOutputStream()
          .write(
              "POST /twilio/voice HTTP/1.1\r\nHost: x\r\nX-A: ".getBytes(StandardCharsets.UTF_8));
      halfBody
          .getOutputStream()
          .write("POST /twilio/voice HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nab"
              .getBytes(StandardCharsets.UTF_8));
      unsigned
          .getOutputStream()
          .write("GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.UTF_8));

      assertThat(endsWithin10s(silent)).as("silent").isTrue();
      assertThat(endsWithin10s(dripping)).as("headers that drip in").isTrue();
      assertThat(endsWithin10s(halfBody)).as("a body that does not come").isTrue();
      assertThat(endsWithin10s(unsigned)).as("nothing of the carrier").isTrue();
    }
    WebSocket mute = stranger.open(true);
    assertThat(Stranger.closed(mute).get()).as("a socket that starts no call").isEqualTo(1008);
  }

  @Test
  void onePeerHoldsNoMoreConnectionsThanItsLimit() throws Exception {
    double refused = live.metric("carrier_connections_refused_total");
    Socket[] sockets = new Socket[120];
    for (int i = 0; i < sockets.length; i++) {
      sockets[i] = connect();
    }
    assertThat(LiveService.within2s(() -> refused() - refused >= 70)).isTrue();
    for (Socket socket : sockets) {
      socket.close();
    }
    assertThat(LiveService.within2s(() -> served())).as("and may come again").isTrue();
  }

  private static boolean served() {
    try {
      return stranger.post("/twilio/voice", false).statusCode() == 403;
    } catch (Exception e) {
      return false;
    }
  }

  private static double refused() {
    return metric("carrier_connections_refused_total");
  }

  private static double dropped() {
    return metric("carrier_flood_dropped_total");
  }

  private static double metric(String name) {
    try {
      return live.metric(name);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static Socket connect() throws IOException {
    Socket socket = new Socket("127.0.0.1", URI.create(live.mediaUrl()).getPort());
    socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(10));
    return socket;
  }

  private static boolean endsWithin10s(Socket socket) {
    try {
      byte[] some = new byte[1024];
      int read;
      do {
        read = socket.getInputStream().read(some);
      } while (read >= 0);
      return true;
    } catch (java.net.SocketTimeoutException e) {
      return false;
    } catch (IOException reset) {
      return true;
    }
  }
}

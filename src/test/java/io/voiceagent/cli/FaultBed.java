package io.voiceagent.cli;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import io.voiceagent.app.VoiceAgent;
import io.voiceagent.sim.CallResult;
import io.voiceagent.sim.CallerListener;
import io.voiceagent.sim.CarrierSimulator;
import io.voiceagent.sim.Scenario;
import io.voiceagent.sim.SimulatedCaller;
import io.voiceagent.sim.Simulators;
import io.voiceagent.speech.FaultyProxy;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Field;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javax.management.ObjectName;

/**
 * The whole service, its providers simulated, and between it and each of them a line that can break; a second set of
 * providers for its fallbacks; a carrier behind a line of its own.
 */
final class FaultBed implements AutoCloseable {
  /** What one call is made of; none of them may outlive it. */
  private static final List<String> OF_A_CALL = List.of(
      "media.MediaSession",
      "media.Playout",
      "conversation.Conversation",
      "turn.TurnMachine",
      "stt.TranscriptionSession",
      "stt.TranscriptionSocket",
      "stt.cartesia.CartesiaSttSocket",
      "llm.ReplySession",
      "llm.ReplySource",
      "tts.SpeechSession",
      "tts.Synthesis",
      "tts.cartesia.CartesiaStream",
      "bus.CreditReader",
      "bus.CreditWriter");

  final Vertx outside = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  final FaultyProxy stt;
  final FaultyProxy llm;
  final FaultyProxy tts;
  final LiveService live;
  private final Map<String, Long> before = objectsLeft();

  FaultBed(String... assignments) throws Exception {
    int cartesia = freePort();
    int openAi = freePort();
    stt = LiveService.await(FaultyProxy.start(outside, cartesia));
    tts = LiveService.await(FaultyProxy.start(outside, cartesia));
    llm = LiveService.await(FaultyProxy.start(outside, openAi));
    List<String> all = new ArrayList<>(List.of(
        "simulator.cartesia.port=" + cartesia,
        "simulator.openai.port=" + openAi,
        "stt.cartesia.url=ws://127.0.0.1:" + stt.port(),
        "tts.cartesia.url=ws://127.0.0.1:" + tts.port(),
        "llm.openai.url=http://127.0.0.1:" + llm.port() + "/v1",
        // Silence of ours within a word would break it when a busy machine is late.
        "stt.silenceAfter=5s",
        "log.level=warn"));
    all.addAll(List.of(assignments));
    live = LiveService.start(all.toArray(String[]::new));
  }

  /** Keys that give every stage the second set of providers as its fallback. */
  static String[] withFallbacks(Simulators backup, String... more) {
    Map<String, String> settings = backup.settings();
    List<String> all = new ArrayList<>(List.of(more));
    all.addAll(List.of(
        "stt.fallback=backup",
        "stt.accounts.backup.url=" + settings.get("stt.cartesia.url"),
        "stt.accounts.backup.apiKey=simulated",
        "tts.fallback=backup",
        "tts.accounts.backup.url=" + settings.get("tts.cartesia.url"),
        "tts.accounts.backup.apiKey=simulated",
        "llm.fallback.backup.url=" + settings.get("llm.openai.url"),
        "llm.fallback.backup.apiKey=simulated"));
    return all.toArray(String[]::new);
  }

  /** A call over a line of its own. */
  Call call(Scenario scenario, CallerListener listener) throws Exception {
    FaultyProxy line =
        LiveService.await(FaultyProxy.start(outside, live.service().agent().mediaPort()));
    CompletableFuture<SimulatedCaller> placed = new CompletableFuture<>();
    outside.runOnContext(x -> placed.complete(
        new CarrierSimulator(outside, "http://127.0.0.1:" + line.port(), LiveService.TOKEN)
            .place("+15005550010", "+15005550006", scenario, listener, false)));
    return new Call(this, line, placed.get(10, TimeUnit.SECONDS));
  }

  /** One call and its line. */
  record Call(FaultBed bed, FaultyProxy line, SimulatedCaller caller) {
    /** What the service says that the call is doing; empty when it knows none. */
    String state() throws Exception {
      JsonObject calls = OpsClient.get(bed.live.opsUrl() + "/api/calls/" + caller.callSid());
      return Objects.requireNonNullElse(calls.getString("state"), "");
    }

    boolean untilState(String... wanted) throws Exception {
      List<String> states = List.of(wanted);
      long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
      while (System.nanoTime() < until) {
        if (states.contains(state())) {
          return true;
        }
        TimeUnit.MILLISECONDS.sleep(3);
      }
      return false;
    }

    /** Whether the service knows of it. */
    boolean known() {
      try {
        return LiveService.get(bed.live.opsUrl() + "/api/calls").contains(caller.callSid());
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }

    /** The carrier's side is gone without a word, and does not come back. */
    void kill() {
      line.mode(FaultyProxy.Mode.RESET, 0);
      line.cut();
    }

    CallResult result() throws Exception {
      return LiveService.result(caller);
    }
  }

  /** Waits until no provider, no map, no stream and no object holds anything of any call. Empty when that is so. */
  String leftAfter(long ms) throws Exception {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ms);
    String left = left();
    while (!left.isEmpty() && System.nanoTime() < until) {
      TimeUnit.MILLISECONDS.sleep(100);
      left = left();
    }
    return left;
  }

  private String left() throws Exception {
    if (!live.nothingLeft()) {
      return live.leftovers();
    }
    double streams = metric("bus_stream_open");
    if (streams != 0) {
      return "streams " + streams;
    }
    StringBuilder left = new StringBuilder();
    // Other tests of this process may have left some, of services that are closed.
    objectsLeft().forEach((type, count) -> {
      if (count > before.getOrDefault(type, 0L)) {
        left.append(" ").append(type).append(" ").append(count);
      }
    });
    return left.toString().strip();
  }

  /** Objects of calls that something still refers to, counted by the collector itself. */
  static Map<String, Long> objectsLeft() throws Exception {
    String histogram = (String) ManagementFactory.getPlatformMBeanServer()
        .invoke(
            new ObjectName("com.sun.management:type=DiagnosticCommand"),
            "gcClassHistogram",
            new Object[] {null},
            new String[] {String[].class.getName()});
    Map<String, Long> left = new HashMap<>();
    for (String line : histogram.split("\n")) {
      String[] columns = line.strip().split("\\s+");
      if (columns.length >= 4 && columns[3].startsWith("io.voiceagent.")) {
        String type = columns[3].substring("io.voiceagent.".length());
        if (OF_A_CALL.contains(type)) {
          left.put(type, Long.parseLong(columns[1]));
        }
      }
    }
    return left;
  }

  /** Timers that run in the service. Vert.x does not tell; so the map that it keeps of them is looked at. */
  int timers() {
    try {
      Field owner = VoiceAgent.class.getDeclaredField("vertx");
      owner.setAccessible(true);
      Object served = owner.get(live.service().agent());
      Field timeouts = null;
      for (Class<?> type = served.getClass(); timeouts == null; type = type.getSuperclass()) {
        for (Field field : type.getDeclaredFields()) {
          if (field.getName().equals("timeouts")) {
            timeouts = field;
          }
        }
      }
      timeouts.setAccessible(true);
      return ((Map<?, ?>) timeouts.get(served)).size();
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  double metric(String name, String... labels) {
    try {
      return live.metric(name, labels);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  static boolean waitFor(long ms, BooleanSupplier condition) throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ms);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > until) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(5);
    }
    return true;
  }

  static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() throws Exception {
    live.close();
    LiveService.await(outside.close());
  }
}

package io.voiceagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.WebSocket;
import io.voiceagent.sim.CallResult;
import io.voiceagent.sim.Scenario;
import io.voiceagent.sim.SimulatedCaller;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * R42, measured: what callers wait for an answer while nobody is hostile, and while one always is. On a machine with
 * nothing else to do: {@code mvn test -Dtest=HostileCallIT -Dhostile.seconds=60}. That a hostile call is cut and its
 * neighbours lose no word is tested in every build, by {@link StrangersIT}.
 */
@EnabledIfSystemProperty(named = "hostile.seconds", matches = "\\d+")
class HostileCallIT {
  private static final int SECONDS = Integer.getInteger("hostile.seconds", 60);
  private static final int CALLERS = 30;
  /** As many messages as a line may bear, less some: it is not cut for it. */
  private static final int FRAMES_EACH_200_MS = 38;

  @Test
  void r42_oneHostileCallMovesNoOtherCallsP99ByATenth() throws Exception {
    try (LiveService live = LiveService.start("agent.greeting=");
        Stranger stranger = new Stranger(live.mediaUrl(), LiveService.TOKEN)) {
      waits(live, 15);
      List<Double> alone = waits(live, SECONDS);
      AtomicBoolean over = new AtomicBoolean();
      CompletableFuture<Integer> hostile =
          CompletableFuture.supplyAsync(() -> annoy(stranger, over));
      List<Double> beside = waits(live, SECONDS);
      over.set(true);
      int sockets = hostile.get(1, TimeUnit.MINUTES);

      String figures = String.format(
          "alone: %d answers, p50 %.0f ms, p99 %.0f ms; beside %d hostile sockets: %d, %.0f, %.0f",
          alone.size(),
          quantile(alone, 0.5),
          quantile(alone, 0.99),
          sockets,
          beside.size(),
          quantile(beside, 0.5),
          quantile(beside, 0.99));
      System.out.println(figures);
      assertThat(quantile(beside, 0.99)).as(figures).isLessThan(1.1 * quantile(alone, 0.99));
    }
  }

  /** End of speech to the first sound of the answer, of every turn of every caller, sorted. */
  private static List<Double> waits(LiveService live, int seconds) throws Exception {
    List<SimulatedCaller> callers = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      callers.add(
          live.place(Scenario.of("echo one two three").withHold(seconds * 1000L).withThink(300)));
      TimeUnit.MILLISECONDS.sleep(37);
    }
    List<Double> waits = new ArrayList<>();
    for (SimulatedCaller caller : callers) {
      CallResult result = caller.result().await(seconds + 60L, TimeUnit.SECONDS);
      assertThat(result.good()).as(result.toString()).isTrue();
      result.turns().forEach(turn -> waits.add(turn.firstAudioMs()));
    }
    waits.sort(null);
    return waits;
  }

  private static double quantile(List<Double> sorted, double q) {
    return sorted.get((int) Math.min(sorted.size() - 1L, Math.round(q * sorted.size())));
  }

  /** One call at a time: as much as is borne, then more than that, then a giant. Returns how many there were. */
  private static int annoy(Stranger stranger, AtomicBoolean over) {
    int sockets = 0;
    try {
      while (!over.get()) {
        String sid = "CAhostile" + ++sockets;
        WebSocket socket = stranger.start(sid, stranger.token(sid));
        socket.pause();
        for (int i = 0; i < 20 && !over.get(); i++) {
          Stranger.flood(socket, FRAMES_EACH_200_MS);
          TimeUnit.MILLISECONDS.sleep(200);
        }
        Stranger.flood(socket, 5_000);
        socket.resume();
        Stranger.closed(socket).get();
        String giant = "CAgiant" + sockets;
        WebSocket another = stranger.start(giant, stranger.token(giant));
        another.writeFinalTextFrame("x".repeat(1 << 20));
        Stranger.closed(another).get();
      }
      return sockets;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}

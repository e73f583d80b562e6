package io.voiceagent;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The guard itself: one that sees nothing would pass every test. */
class BlockedLoopsTest {
  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final BlockedLoops.Watch watch = new BlockedLoops.Watch();

  @AfterEach
  void close() throws Exception {
    vertx.close().await(5, TimeUnit.SECONDS);
    // What was done here on purpose is nobody's fault.
    new BlockedLoops().beforeAll(null);
  }

  @Test
  void r38_aLoopThatWaitsIsReportedWithItsStack() throws Exception {
    List<String> seen = after(() -> Thread.sleep(200));

    assertThat(seen).hasSize(1);
    assertThat(seen.get(0)).contains("TIMED_WAITING", "BlockedLoopsTest");
  }

  @Test
  void r38_aLoopThatComputesForLongIsReported() throws Exception {
    List<String> seen = after(() -> compute(400_000_000));

    assertThat(seen).isNotEmpty();
  }

  @Test
  void manyShortTasksAreNoBlock() throws Exception {
    List<String> seen = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      seen.addAll(after(() -> compute(1_000_000)));
    }

    assertThat(seen).isEmpty();
  }

  /** By this thread's own clock, whoever else is running. */
  private static void compute(long nanos) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long until = threads.getCurrentThreadCpuTime() + nanos;
    while (threads.getCurrentThreadCpuTime() < until) {
      Thread.onSpinWait();
    }
  }

  private interface Work {
    void run() throws Exception;
  }

  private List<String> after(Work work) throws Exception {
    Promise<Void> done = Promise.promise();
    vertx.runOnContext(x -> {
      try {
        work.run();
        done.complete();
      } catch (Exception e) {
        done.fail(e);
      }
    });
    done.future().await(60, TimeUnit.SECONDS);
    return watch.forget();
  }
}

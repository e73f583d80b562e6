package io.voiceagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.voiceagent.sim.CallResult;
import io.voiceagent.sim.Scenario;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls come and go by the thousand: what one of them leaves behind adds up here. */
class ManyCallsIT {
  private static final int WARM_UP = 200;
  private static final int CALLS = 2000;
  private static final int AT_A_TIME = 100;

  @Test
  @Timeout(300)
  void r43_twoThousandShortCallsLeaveNothing() throws Exception {
    try (LiveService live = LiveService.start("agent.greeting=", "limits.maxCalls=1000")) {
      calls(live, WARM_UP);
      Held before = Held.now();
      calls(live, CALLS);
      Held after = Held.now();

      assertThat(live.metric("calls_started_total")).isEqualTo(WARM_UP + CALLS);
      assertThat(live.metric("calls_ended_total")).isEqualTo(WARM_UP + CALLS);
      assertThat(live.metric("bus_stream_open")).isZero();
      assertThat(live.metric("bus_stream_depth")).isZero();
      assertThat(after.threads()).as("threads").isLessThanOrEqualTo(before.threads() + 8);
      assertThat(after.descriptors())
          .as("descriptors")
          .isLessThanOrEqualTo(before.descriptors() + 50);
      assertThat(after.heapMb()).as("heap").isLessThan(before.heapMb() + 25);
      assertThat(after.directMb()).as("direct").isLessThan(before.directMb() + 32);
    }
  }

  /** Nobody says a word; every third line breaks instead of being hung up. */
  private static void calls(LiveService live, int count) throws Exception {
    Semaphore lines = new Semaphore(AT_A_TIME);
    AtomicInteger bad = new AtomicInteger();
    Scenario scenario = Scenario.of().withThink(0);
    for (int i = 0; i < count; i++) {
      lines.acquire();
      live.place(scenario.withAbruptEnd(i % 3 == 0)).result().onComplete(result -> {
        CallResult call = result.result();
        if (call == null || !call.problem().isEmpty()) {
          bad.incrementAndGet();
        }
        lines.release();
      });
    }
    assertThat(lines.tryAcquire(AT_A_TIME, 60, TimeUnit.SECONDS)).isTrue();
    assertThat(bad.get()).as("calls with a problem").isZero();
    assertThat(LiveService.within2s(live::nothingLeft)).as(live::leftovers).isTrue();
  }

  private record Held(double heapMb, double directMb, int threads, long descriptors) {
    static Held now() throws Exception {
      for (int i = 0; i < 4; i++) {
        System.gc();
        TimeUnit.MILLISECONDS.sleep(300);
      }
      long direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
          .filter(pool -> pool.getName().equals("direct"))
          .mapToLong(BufferPoolMXBean::getMemoryUsed)
          .sum();
      long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
      try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
        return new Held(
            heap / 1e6,
            direct / 1e6,
            ManagementFactory.getThreadMXBean().getThreadCount(),
            open.count());
      }
    }
  }
}

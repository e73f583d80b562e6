package io.voiceagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import io.voiceagent.sim.CallResult;
import io.voiceagent.sim.Scenario;
import io.voiceagent.sim.SimulatedCaller;
import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * R43: short calls by the thousand, and nothing of them is left. For more of them by hand:
 * {@code mvn test -Dtest=ShortCallsIT -Dcalls=100000}.
 */
class ShortCallsIT {
  private static final int CALLS = Integer.getInteger("calls", 2000);
  private static final int WARM_UP = 300;
  private static final int AT_A_TIME = 100;
  /** Caches and histograms fill, whatever the number of calls. */
  private static final long HEAP_SLACK_MB = 16;

  private final Random random = new Random(43);

  /** What this process holds after a collection, callers and providers included. */
  private record Held(int threads, long descriptors, int timers, long heapMb) {
    static Held now(FaultBed bed) throws Exception {
      FaultBed.objectsLeft(); // Collects.
      return new Held(
          ManagementFactory.getThreadMXBean().getThreadCount(),
          ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
              .getOpenFileDescriptorCount(),
          bed.timers(),
          ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20);
    }
  }

  @Test
  @Timeout(value = 3, unit = TimeUnit.HOURS)
  void r43_nothingIsLeftOfThousandsOfShortCalls() throws Exception {
    try (FaultBed bed = new FaultBed("agent.greeting=Hello.", "limits.tokenLifetime=3s")) {
      calls(bed, WARM_UP);
      assertThat(bed.leftAfter(10_000)).isEmpty();
      Held before = Held.now(bed);

      int greeted = calls(bed, CALLS);

      assertThat(greeted).as("calls that lasted to the greeting").isGreaterThan(CALLS / 3);
      assertThat(bed.leftAfter(10_000)).isEmpty();
      assertThat(bed.metric("calls_active")).isZero();
      assertThat(bed.metric("calls_started_total")).isEqualTo(bed.metric("calls_ended_total"));
      assertThat(FaultBed.waitFor(10_000, () -> bed.timers() <= before.timers)).isTrue();
      Held after = Held.now(bed);
      String both = before + ", after " + CALLS + " calls " + after;
      // Pools of workers are filled on demand, twenty each.
      assertThat(after.threads).as(both).isLessThanOrEqualTo(before.threads + 40);
      assertThat(after.descriptors).as(both).isLessThanOrEqualTo(before.descriptors + 40);
      assertThat(after.heapMb).as(both).isLessThanOrEqualTo(before.heapMb + HEAP_SLACK_MB);
    }
  }

  /** So many, some of which hang up early. Returns how many heard the greeting. */
  private int calls(FaultBed bed, int count) throws Exception {
    ArrayDeque<SimulatedCaller> up = new ArrayDeque<>();
    int greeted = 0;
    for (int i = 0; i < count; i++) {
      if (up.size() == AT_A_TIME) {
        greeted += greeted(up.remove());
      }
      SimulatedCaller caller = bed.live.place(Scenario.of().withAbruptEnd(random.nextBoolean()));
      up.add(caller);
      if (random.nextBoolean()) {
        bed.outside.setTimer(1 + random.nextInt(800), id -> caller.hangUp());
      }
    }
    for (SimulatedCaller caller : up) {
      greeted += greeted(caller);
    }
    return greeted;
  }

  private static int greeted(SimulatedCaller caller) throws Exception {
    CallResult result = LiveService.result(caller);
    assertThat(result.problem()).as(result.toString()).isEmpty();
    return result.greeting().equals("hello") ? 1 : 0;
  }
}

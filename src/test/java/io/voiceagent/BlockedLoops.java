package io.voiceagent;

import io.vertx.core.impl.VertxThread;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails every test class during which an event loop was blocked: a task that slept or waited for a result for 20 ms, or
 * that computed for far longer. Registered for all tests, so that nobody has to remember it.
 *
 * <p>A machine that is busy with other things is no fault: a task counts only when its thread waits of its own accord,
 * or by the CPU time that it used itself. A lock whose holder got no core is waited for, too, hence the wider limit on
 * locks. Loading classes counts for nothing, and code that is not compiled yet is slow, hence the one on computing.
 */
public final class BlockedLoops implements BeforeAllCallback, AfterAllCallback {
  private static final long LOOK_NANOS = 5_000_000;
  private static final long WAITING_NANOS = 20_000_000;
  private static final long LOCK_NANOS = 500_000_000;
  private static final long COMPUTING_NANOS = 250_000_000;
  private static final int MOST = 5;
  /** What happens once per process, or only at start. */
  private static final List<String> FORGIVEN = List.of(
      "java.lang.ClassLoader",
      "jdk.internal.loader.",
      "java.lang.invoke.",
      "<clinit>",
      "io.vertx.core.impl.deployment.",
      "java.lang.Class.forName");

  /** Whoever calls one of these on an event loop means to wait. */
  private static final List<String> WAITS = List.of(
      "java.lang.Thread.sleep",
      "java.lang.Object.wait",
      "java.util.concurrent.CompletableFuture.",
      "java.util.concurrent.CountDownLatch.",
      "java.util.concurrent.FutureTask.",
      "java.util.concurrent.Semaphore.",
      "BlockingQueue.take",
      "BlockingQueue.poll",
      "java.lang.Process",
      "io.vertx.core.Future.await");

  private static final Watch WATCH = new Watch();

  @Override
  public void beforeAll(ExtensionContext context) {
    WATCH.forget();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    List<String> seen = WATCH.forget();
    if (!seen.isEmpty()) {
      throw new AssertionError("an event loop was blocked:\n" + String.join("\n", seen));
    }
  }

  /** Looks at all event loops of the process every few milliseconds. */
  static final class Watch implements Runnable {
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final Map<VertxThread, Task> tasks = new HashMap<>();
    private final ArrayDeque<String> seen = new ArrayDeque<>();
    private Thread[] all = new Thread[64];

    /** What a loop is at: the same from look to look while its start is the same. */
    private static final class Task {
      private final long startedAt;
      private final long cpuAtFirst;
      private long waitingSince;
      private boolean reported;

      Task(long startedAt, long cpuAtFirst) {
        this.startedAt = startedAt;
        this.cpuAtFirst = cpuAtFirst;
      }
    }

    Watch() {
      Thread thread = new Thread(this, "blocked-loops");
      thread.setDaemon(true);
      thread.start();
    }

    synchronized List<String> forget() {
      List<String> found = new ArrayList<>(seen);
      seen.clear();
      return found;
    }

    @Override
    public void run() {
      for (long look = 0; ; look++) {
        if (look % 20 == 0) {
          find();
        }
        long now = System.nanoTime();
        tasks.keySet().removeIf(thread -> !thread.isAlive());
        tasks.replaceAll((thread, task) -> look(thread, task, now));
        LockSupport.parkNanos(LOOK_NANOS);
      }
    }

    private void find() {
      ThreadGroup root = Thread.currentThread().getThreadGroup();
      while (root.getParent() != null) {
        root = root.getParent();
      }
      int count = root.enumerate(all);
      if (count == all.length) {
        all = new Thread[2 * count];
      }
      for (int i = 0; i < count; i++) {
        if (all[i] instanceof VertxThread thread && !thread.isWorker()) {
          tasks.putIfAbsent(thread, new Task(0, 0));
        }
      }
    }

    private Task look(VertxThread thread, Task known, long now) {
      long startedAt = thread.startTime();
      if (startedAt == 0 || startedAt != known.startedAt) {
        return new Task(startedAt, startedAt == 0 ? 0 : threads.getThreadCpuTime(thread.getId()));
      }
      Thread.State state = thread.getState();
      boolean waits = state != Thread.State.RUNNABLE;
      known.waitingSince = !waits ? 0 : known.waitingSince == 0 ? now : known.waitingSince;
      long waited = waits ? now - known.waitingSince : 0;
      long used = threads.getThreadCpuTime(thread.getId()) - known.cpuAtFirst;
      if (!known.reported && (waited > WAITING_NANOS || used > COMPUTING_NANOS)) {
        known.reported = report(thread, startedAt, state, waited, used);
      }
      return known;
    }

    private static boolean among(List<String> names, StackTraceElement[] stack) {
      return Stream.of(stack)
          .map(frame -> frame.getClassName() + "." + frame.getMethodName())
          .anyMatch(frame -> names.stream().anyMatch(frame::contains));
    }

    private synchronized boolean report(
        VertxThread thread, long startedAt, Thread.State state, long waited, long used) {
      StackTraceElement[] stack = thread.getStackTrace();
      boolean stillAtIt = thread.startTime() == startedAt;
      boolean byTheClock = waited > LOCK_NANOS || used > COMPUTING_NANOS;
      boolean counts = !among(FORGIVEN, stack) && (byTheClock || among(WAITS, stack));
      if (stillAtIt && counts && seen.size() < MOST) {
        String where = Stream.of(stack)
            .limit(40)
            .map(frame -> "    " + frame)
            .collect(Collectors.joining("\n"));
        seen.add("%s, %s, has waited for %d ms and computed for %d ms\n%s"
            .formatted(thread.getName(), state, waited / 1_000_000, used / 1_000_000, where));
      }
      return counts;
    }
  }
}

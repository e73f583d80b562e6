package io.voiceagent.load;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.voiceagent.sim.CallResult;
import io.voiceagent.sim.CallerListener;
import io.voiceagent.sim.CarrierSimulator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/**
 * One load test. The callers share one event loop; whoever runs this looks at them and at the service from outside, at
 * intervals.
 */
public final class LoadRun {
  /** After their time, callers still hear their last answer out. */
  private static final double GRACE_SECONDS = 45;

  private static final int LAUNCH_MS = 5;

  private final LoadProfile profile;
  private final LoadTarget target;
  private final Consumer<Progress> watcher;
  private final CallerFigures callers = new CallerFigures();
  private final Histogram arrivalLateness = new Histogram(3);
  private final Histogram lateness = new Histogram(3);
  private final List<Sample> samples = new ArrayList<>();
  private final List<Histogram> intervals = new ArrayList<>();

  /**
   * How far it is.
   *
   * @param p99Ms of first audio at the callers, since the last one
   */
  public record Progress(
      double seconds, double remaining, long calls, long turns, double p99Ms, long errors) {}

  private record Started(CarrierSimulator carrier, long at) {}

  public LoadRun(LoadProfile profile, LoadTarget target, Consumer<Progress> watcher) {
    this.profile = profile;
    this.target = target;
    this.watcher = watcher;
  }

  /** Blocks until the last call is over. */
  public LoadResult run() throws InterruptedException {
    Vertx vertx = Vertx.vertx(new VertxOptions()
        .setEventLoopPoolSize(1)
        .setPreferNativeTransport(true)
        .setBlockedThreadCheckInterval(60_000));
    try {
      CompletableFuture<Started> made = new CompletableFuture<>();
      List<ArrivalPlan.Arrival> plan = ArrivalPlan.of(profile);
      vertx.runOnContext(x -> {
        CarrierSimulator carrier = new CarrierSimulator(vertx, target.url(), target.authToken());
        Rehearsal.hold(vertx, carrier, profile.rehearsal()).onComplete(y -> {
          carrier.takeLateness();
          long startedAt = System.nanoTime();
          launch(vertx, carrier, plan, startedAt);
          made.complete(new Started(carrier, startedAt));
        });
      });
      Started started = made.get();
      return observe(started.carrier(), plan.size(), started.at());
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } finally {
      vertx.close();
    }
  }

  private void launch(
      Vertx vertx, CarrierSimulator carrier, List<ArrivalPlan.Arrival> plan, long startedAt) {
    CallerMix mix = new CallerMix(profile);
    int[] next = {0};
    vertx.setPeriodic(1, LAUNCH_MS, timer -> {
      double elapsedMs = (System.nanoTime() - startedAt) / 1e6;
      while (next[0] < plan.size() && plan.get(next[0]).atMs() <= elapsedMs) {
        ArrivalPlan.Arrival arrival = plan.get(next[0]++);
        double lateMs = elapsedMs - arrival.atMs();
        synchronized (arrivalLateness) {
          arrivalLateness.recordValue(Math.round(lateMs * 1000));
        }
        place(carrier, mix, arrival, lateMs);
      }
      if (next[0] == plan.size()) {
        vertx.cancelTimer(timer);
      }
    });
  }

  private void place(
      CarrierSimulator carrier, CallerMix mix, ArrivalPlan.Arrival arrival, double lateMs) {
    callers.started();
    String from = "+1555" + (1_000_000 + arrival.number() % 9_000_000);
    CallerListener listener = new CallerListener() {
      private String sid = "";

      @Override
      public void connected(String callSid) {
        sid = callSid;
      }

      @Override
      public void answered(CallResult.Turn turn) {
        callers.turn(sid, turn);
      }
    };
    carrier
        .place(from, "+15550000000", mix.caller(arrival), listener, false)
        .result()
        .onSuccess(result -> callers.over(result, lateMs));
  }

  private LoadResult observe(CarrierSimulator carrier, int planned, long startedAt)
      throws InterruptedException {
    ServiceProbe probe = new ServiceProbe(target.ops());
    double from = profile.measuredFrom().toMillis() / 1000.0;
    double to = profile.measuredTo().toMillis() / 1000.0;
    double end = to
        + (profile.arrivals() == LoadProfile.Arrivals.RAMP ? 0 : profile.hold().toMillis() / 1000.0)
        + GRACE_SECONDS;
    Look first = look(probe, startedAt, 0);
    Look last = first;
    Look before = first;
    boolean begun = false;
    boolean ended = false;
    while (callers.finished() < planned && before.at() < end) {
      double next = before.at() + profile.sample().toMillis() / 1000.0;
      // The measured part begins and ends when it says, not at the next look.
      next = !begun && from > before.at() ? Math.min(next, from) : next;
      next = begun && !ended && to > before.at() ? Math.min(next, to) : next;
      sleepUntil(startedAt, next, planned);
      long active = callers.begun() - callers.finished();
      double dt = (System.nanoTime() - startedAt) / 1e9 - before.at();
      Look now = look(probe, startedAt, before.callSeconds() + active * dt);
      sample(carrier, before, now, active, begun && !ended);
      if (!begun && now.at() >= from && !now.metrics().isEmpty()) {
        begun = true;
        first = now;
        callers.measure(true);
      }
      if (begun && !ended && !now.metrics().isEmpty()) {
        last = now;
      }
      if (begun && !ended && now.at() >= to) {
        ended = true;
        callers.measure(false);
      }
      watcher.accept(progress(now.at(), end - GRACE_SECONDS, active));
      before = now;
    }
    return result(first, last, planned);
  }

  private void sleepUntil(long startedAt, double seconds, int planned) throws InterruptedException {
    long until = startedAt + Math.round(seconds * 1e9);
    while (System.nanoTime() < until && callers.finished() < planned) {
      Thread.sleep(Math.max(1, Math.min(50, (until - System.nanoTime()) / 1_000_000)));
    }
  }

  private Look look(ServiceProbe probe, long startedAt, double callSeconds)
      throws InterruptedException {
    MetricsText metrics = probe.look();
    double ofChild = LoadTarget.cpuSeconds(target.servicePid());
    double ofMetrics =
        metrics.isEmpty() ? Double.NaN : metrics.sum("process_cpu_time_ns_total") / 1e9;
    return new Look(
        (System.nanoTime() - startedAt) / 1e9,
        metrics,
        Double.isNaN(ofChild) ? ofMetrics : ofChild,
        LoadTarget.cpuSeconds(target.simulatorPid()),
        LoadTarget.cpuSeconds(OptionalLong.of(ProcessHandle.current().pid())),
        HostCpu.busySeconds(),
        callSeconds);
  }

  private void sample(
      CarrierSimulator carrier, Look before, Look now, long active, boolean measured) {
    Histogram heard = callers.takeInterval();
    intervals.add(heard);
    Histogram late = carrier.takeLateness();
    if (measured) {
      lateness.add(late);
    }
    double dt = Math.max(0.001, now.at() - before.at());
    MetricsText.Buckets added = RunFigures.addedLatency(before, now);
    samples.add(new Sample(
        now.at(),
        active,
        heard.getTotalCount() / dt,
        quantile(heard, 50),
        quantile(heard, 99),
        added.mean(),
        added.quantile(0.99),
        since(before, now, "frame_age_ms").quantile(0.99),
        since(before, now, "event_loop_lag_ms").quantile(0.99),
        (now.service() - before.service()) / dt,
        (now.simulators() - before.simulators()) / dt,
        (now.generator() - before.generator()) / dt,
        RunFigures.otherCores(before, now),
        now.metrics().gauge("jvm_memory_used_bytes", "area=\"heap\"") / (1 << 20),
        now.metrics().gauge("jvm_memory_used_bytes", "area=\"nonheap\"") / (1 << 20),
        1000
            * (now.metrics().gauge("jvm_gc_pause_seconds_sum", "")
                - before.metrics().gauge("jvm_gc_pause_seconds_sum", ""))
            / dt,
        quantile(late, 99),
        callers.defects()));
  }

  private static MetricsText.Buckets since(Look before, Look now, String name) {
    return now.metrics().since(before.metrics(), name, "");
  }

  private static double quantile(Histogram micros, double percentile) {
    return micros.getTotalCount() == 0
        ? Double.NaN
        : micros.getValueAtPercentile(percentile) / 1000.0;
  }

  private Progress progress(double at, double end, long active) {
    Sample latest = samples.get(samples.size() - 1);
    return new Progress(
        at,
        Math.max(0, end - at),
        active,
        callers.turns(),
        latest.firstAudioP99(),
        callers.errors());
  }

  private LoadResult result(Look first, Look last, int planned) {
    Map<String, Double> figures = callers.figures();
    figures.put("calls_unfinished", (double) (planned - callers.finished()));
    figures.put("calls_peak", samples.stream().mapToDouble(Sample::calls).max().orElse(0));
    RunFigures service = new RunFigures(first, last);
    service.into(figures);
    figures.put(
        "heap_max_mb",
        samples.stream()
            .mapToDouble(Sample::heapMb)
            .filter(Double::isFinite)
            .max()
            .orElse(Double.NaN));
    CallerFigures.quantiles(figures, "generator_late", lateness);
    synchronized (arrivalLateness) {
      CallerFigures.quantiles(figures, "arrival_late", arrivalLateness);
    }
    return new LoadResult(
        profile,
        figures,
        service.stages(),
        invalid(figures),
        problems(),
        callers.examples(),
        samples,
        callers.firstAudio(),
        callers.bargeIn(),
        lateness,
        intervals);
  }

  private Map<String, Integer> problems() {
    Map<String, Integer> all = callers.problems();
    callers.warnings().forEach((warning, count) -> all.put("the carrier warns: " + warning, count));
    return all;
  }

  private String invalid(Map<String, Double> figures) {
    double late = figures.getOrDefault("generator_late_p999_ms", Double.NaN);
    if (late > profile.maxLateness().toMillis()) {
      return String.format(
          java.util.Locale.ROOT,
          "the generator was late itself: one frame of 1,000 by %.1f ms or more",
          late);
    }
    double unfinished = figures.getOrDefault("calls_unfinished", 0.0);
    return unfinished > 0 ? Math.round(unfinished) + " calls did not end" : "";
  }
}

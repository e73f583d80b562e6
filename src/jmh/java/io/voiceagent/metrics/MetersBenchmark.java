package io.voiceagent.metrics;

import io.voiceagent.call.CallId;
import io.voiceagent.call.EndReason;
import io.voiceagent.call.TurnId;
import io.voiceagent.call.TurnOutcome;
import io.voiceagent.call.TurnTimeline;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What metrics cost: all of them for one frame each way, and a scrape before and after a thousand calls. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class MetersBenchmark {
  @Param({"0", "1000"})
  public int callsMade;

  private final Telemetry telemetry = new Telemetry();
  private final VoiceMeters meters = telemetry.meters();
  private double age;

  @Setup
  public void calls() {
    long ms = 1_000_000;
    for (int i = 1; i <= callsMade; i++) {
      meters.callStarted();
      meters.firstAudio(
          new CallId("CA" + i),
          new TurnTimeline(
              new TurnId(1),
              0,
              200 * ms,
              260 * ms,
              260 * ms,
              (600 + i) * ms,
              200 * ms,
              60 * ms,
              200 * ms,
              50 * ms,
              90 * ms,
              ms));
      meters.turnEnded(TurnOutcome.ANSWERED);
      meters.callEnded(EndReason.CALLER_HUNG_UP);
    }
  }

  @Benchmark
  public void frameInAndFrameOut() {
    meters.carrierBytesIn.increment(160);
    meters.busDepth.incrementAndGet();
    meters.busDepth.decrementAndGet();
    age = age > 20 ? 0 : age + 0.1;
    meters.frameAge.record(age);
    meters.carrierBytesOut.increment(160);
  }

  @Benchmark
  public String scrape() {
    return telemetry.scrape(Telemetry.PROMETHEUS_TEXT);
  }
}

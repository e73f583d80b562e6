package io.voiceagent.cli;

import io.voiceagent.FairClock;
import io.voiceagent.sim.CallerListener;
import io.voiceagent.sim.Scenario;
import io.voiceagent.sim.SimulatedCaller;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** What a caller hears and when, and what the caller does on it. */
final class Heard implements CallerListener {
  private final LiveService live;
  private final List<String> words = new CopyOnWriteArrayList<>();
  private final List<Long> times = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Void> connected = new CompletableFuture<>();
  private final long began = System.nanoTime();
  private final long fairBegan = FairClock.millis();
  private volatile Consumer<Integer> reaction = count -> {};

  Heard(LiveService live) {
    this.live = live;
  }

  SimulatedCaller place(Scenario scenario) {
    return live.place(scenario, this);
  }

  void when(int count, Runnable action) {
    reaction = heard -> {
      if (heard == count) {
        action.run();
      }
    };
  }

  void onceConnected(Runnable action) {
    connected.thenRun(action);
  }

  @Override
  public void connected(String callSid) {
    connected.complete(null);
  }

  @Override
  public void hears(String word) {
    words.add(word);
    times.add(System.nanoTime());
    reaction.accept(words.size());
  }

  List<String> words() {
    return words;
  }

  /** From the end of the word before to the end of this one. */
  long pauseBefore(int index) {
    return TimeUnit.NANOSECONDS.toMillis(times.get(index) - times.get(index - 1));
  }

  /** Time of this call in which the machine did something else. */
  long machineLostMs() {
    long wall = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    return Math.max(0, wall - (FairClock.millis() - fairBegan));
  }
}

package io.voiceagent.cli.alerts;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Drives alerts through their life, fault by fault, and keeps the book. Blocking. */
final class AlertProof {
  private static final Duration POLL = Duration.ofMillis(100);

  /** Switches something wrong on, or off again. */
  @FunctionalInterface
  interface Switch {
    void flip() throws IOException;
  }

  /** A fault, and the alerts that it must raise. */
  record Fault(String name, List<String> alerts, Switch on, Switch off) {}

  private final Prometheus prometheus;
  private final AlertReceiver receiver;
  private final PrintWriter out;
  private final List<AlertTrack> tracks = new ArrayList<>();

  AlertProof(Prometheus prometheus, AlertReceiver receiver, PrintWriter out) {
    this.prometheus = prometheus;
    this.receiver = receiver;
    this.out = out;
  }

  /** Watches healthy traffic: not one alert may be delivered. Returns whether that held. */
  boolean silentFor(Duration time) throws IOException {
    pause(time);
    if (receiver.heardNothing()) {
      out.printf("healthy traffic for %d s: no alert%n", time.toSeconds());
      return true;
    }
    out.println("healthy traffic raised: " + receiver.heard());
    return false;
  }

  /**
   * Switches some faults on, and off again when their alerts were delivered. Returns whether every alert was delivered
   * and taken back within {@code limit} each.
   */
  boolean prove(List<Fault> faults, Duration limit) throws IOException {
    receiver.forget();
    List<AlertTrack> of = new ArrayList<>();
    try {
      for (Fault fault : faults) {
        out.println("fault: " + fault.name());
        long start = System.nanoTime();
        fault.alerts().forEach(alert -> of.add(new AlertTrack(alert, fault.name(), start)));
        fault.on().flip();
      }
      tracks.addAll(of);
      follow(of, limit, true);
    } finally {
      for (Fault fault : faults) {
        fault.off().flip();
      }
    }
    long now = System.nanoTime();
    of.forEach(track -> track.cleared(now));
    follow(of, limit, false);
    return of.stream().allMatch(track -> track.delivered() && track.resolved());
  }

  void print() {
    out.println();
    out.println(AlertTrack.header());
    tracks.forEach(track -> out.println(track.line()));
  }

  private void follow(List<AlertTrack> of, Duration limit, boolean untilDelivered)
      throws IOException {
    long end = System.nanoTime() + limit.toNanos();
    while (System.nanoTime() < end) {
      Map<String, String> states = prometheus.alerts();
      long now = System.nanoTime();
      for (AlertTrack track : of) {
        track.state(states.get(track.alert), now);
        track.received(receiver.firedAt(track.alert), receiver.resolvedAt(track.alert));
      }
      if (of.stream().allMatch(untilDelivered ? AlertTrack::delivered : AlertTrack::resolved)) {
        return;
      }
      pause(POLL);
    }
  }

  private static void pause(Duration time) throws IOException {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}

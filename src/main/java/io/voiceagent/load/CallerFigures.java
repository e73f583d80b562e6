package io.voiceagent.load;

import io.voiceagent.sim.CallResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** What all callers together heard. Written by the callers' event loop, read by the one who reports. */
final class CallerFigures {
  private static final int DIGITS = 3;
  private static final int MOST_PROBLEMS = 20;
  private static final int MOST_EXAMPLES = 50;

  private final Histogram firstAudio = new Histogram(DIGITS);
  private final Histogram bargeIn = new Histogram(DIGITS);
  private final Histogram connect = new Histogram(DIGITS);
  private Histogram interval = new Histogram(DIGITS);
  private final Map<String, Integer> problems = new LinkedHashMap<>();
  private final Map<String, Integer> warnings = new LinkedHashMap<>();
  private final List<String> examples = new ArrayList<>();
  private boolean measuring;
  private long started;
  private long finished;
  private long failed;
  private long refused;
  private long turns;
  private long unanswered;
  private long interrupted;
  private long words;
  private long lost;
  private long doubled;
  private long reordered;
  private long late;
  private long crossed;
  private long garbled;
  private long gaps;
  private long longestGapMs;

  synchronized void started() {
    started++;
  }

  /** From here on, or no longer, latencies count. Words and gaps always do. */
  synchronized void measure(boolean on) {
    measuring = on;
  }

  synchronized void turn(String callSid, CallResult.Turn turn) {
    if ((turn.defects() > 0 || !turn.answered() && !turn.interrupted())
        && examples.size() < MOST_EXAMPLES) {
      examples.add(callSid + (turn.interrupted() ? ", interrupted" : "") + ": to \"" + turn.said()
          + "\" lost " + turn.lost() + ", doubled " + turn.doubled() + ", re-ordered "
          + turn.reordered() + ", late " + turn.late() + ", crossed " + turn.foreign()
          + ", first audio after "
          + Math.round(turn.firstAudioMs()) + " ms: \"" + turn.heard() + "\"");
    }
    turns++;
    words += turn.words();
    lost += turn.lost();
    doubled += turn.doubled();
    reordered += turn.reordered();
    late += turn.late();
    crossed += turn.foreign();
    interrupted += turn.interrupted() ? 1 : 0;
    unanswered += turn.answered() ? 0 : 1;
    if (turn.answered()) {
      interval.recordValue(micros(turn.firstAudioMs()));
      if (measuring) {
        firstAudio.recordValue(micros(turn.firstAudioMs()));
      }
    }
    if (measuring && turn.reactionMs() >= 0) {
      bargeIn.recordValue(micros(turn.reactionMs()));
    }
  }

  /** @param lateMs how much later than planned the generator began the call; the caller waited for it */
  synchronized void over(CallResult call, double lateMs) {
    finished++;
    garbled += call.garbled();
    gaps += call.gaps();
    longestGapMs = Math.max(longestGapMs, call.longestGapMs());
    if (call.connectMs() >= 0) {
      connect.recordValue(micros(call.connectMs() + lateMs));
    }
    call.warnings().forEach(warning -> count(warnings, warning));
    if (!call.problem().isEmpty()) {
      count(problems, call.problem());
      if (call.problem().startsWith("refused")) {
        refused++;
      } else {
        failed++;
      }
    }
  }

  private static void count(Map<String, Integer> into, String what) {
    if (into.size() < MOST_PROBLEMS || into.containsKey(what)) {
      into.merge(what, 1, Integer::sum);
    }
  }

  private static long micros(double ms) {
    return Math.max(0, Math.round(ms * 1000));
  }

  /** First audio since the last time this was asked, microseconds. */
  synchronized Histogram takeInterval() {
    Histogram taken = interval;
    interval = new Histogram(DIGITS);
    return taken;
  }

  synchronized Histogram firstAudio() {
    return firstAudio.copy();
  }

  synchronized Histogram bargeIn() {
    return bargeIn.copy();
  }

  synchronized long begun() {
    return started;
  }

  synchronized long finished() {
    return finished;
  }

  synchronized long turns() {
    return turns;
  }

  synchronized long defects() {
    return lost + doubled + reordered + late + crossed + garbled + gaps + unanswered;
  }

  synchronized long errors() {
    return failed + refused + unanswered;
  }

  synchronized Map<String, Integer> problems() {
    return new LinkedHashMap<>(problems);
  }

  /** Turns that went wrong, in words, the first ones. All words are those of our own callers. */
  synchronized List<String> examples() {
    return List.copyOf(examples);
  }

  synchronized Map<String, Integer> warnings() {
    return new LinkedHashMap<>(warnings);
  }

  /** Everything by the name under which limits ask for it. */
  synchronized Map<String, Double> figures() {
    Map<String, Double> all = new LinkedHashMap<>();
    all.put("calls", (double) started);
    all.put("calls_failed", (double) failed);
    all.put("calls_refused", (double) refused);
    all.put("turns", (double) turns);
    all.put("turns_unanswered", (double) unanswered);
    all.put("turns_interrupted", (double) interrupted);
    all.put("words", (double) words);
    all.put("words_lost", (double) lost);
    all.put("words_doubled", (double) doubled);
    all.put("words_reordered", (double) reordered);
    all.put("words_late", (double) late);
    all.put("words_crossed", (double) crossed);
    all.put("words_garbled", (double) garbled);
    all.put("gaps", (double) gaps);
    all.put("longest_gap_ms", (double) longestGapMs);
    all.put("defects", (double) defects());
    all.put(
        "carrier_warnings",
        warnings.values().stream().mapToDouble(count -> count).sum());
    quantiles(all, "first_audio", firstAudio);
    quantiles(all, "barge_in", bargeIn);
    quantiles(all, "connect", connect);
    return all;
  }

  static void quantiles(Map<String, Double> into, String name, Histogram micros) {
    boolean none = micros.getTotalCount() == 0;
    double[] at = {50, 95, 99, 99.9};
    String[] label = {"p50", "p95", "p99", "p999"};
    for (int i = 0; i < at.length; i++) {
      into.put(
          name + "_" + label[i] + "_ms",
          none ? Double.NaN : micros.getValueAtPercentile(at[i]) / 1000.0);
    }
    into.put(name + "_max_ms", none ? Double.NaN : micros.getMaxValue() / 1000.0);
  }
}

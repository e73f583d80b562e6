package io.voiceagent.load;

import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What a run came to.
 *
 * @param figures by the names that limits use
 * @param stages mean milliseconds of each part of the wait, as the service says, in the order in which they happen
 * @param invalid why it does not count; empty when it does
 * @param problems of calls, and how often
 * @param examples of turns that went wrong, in words
 * @param firstAudioMicros of the measured part
 * @param intervals first audio of each look, for the log of histograms
 */
public record LoadResult(
    LoadProfile profile,
    Map<String, Double> figures,
    Map<String, Double> stages,
    String invalid,
    Map<String, Integer> problems,
    List<String> examples,
    List<Sample> samples,
    Histogram firstAudioMicros,
    Histogram bargeInMicros,
    Histogram latenessMicros,
    List<Histogram> intervals) {

  public boolean valid() {
    return invalid.isEmpty();
  }
}

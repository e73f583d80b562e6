package io.voiceagent.sim;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Compares what was heard with what should have been.
 *
 * @param late words of another answer to this caller
 * @param foreign words of no answer to this caller
 */
record Comparison(int lost, int doubled, int reordered, int late, int foreign) {

  /**
   * @param whole the end was awaited: what is missing at the end is lost, not merely cut off
   * @param own words of all answers to this caller
   */
  static Comparison of(
      List<String> expected, List<ModemDecoder.Heard> heard, boolean whole, Set<String> own) {
    int doubled = 0;
    int reordered = 0;
    int late = 0;
    int foreign = 0;
    Set<Integer> seen = new HashSet<>();
    Set<String> places = new HashSet<>();
    int last = -1;
    List<ModemDecoder.Heard> rest = new ArrayList<>();
    for (ModemDecoder.Heard word : heard) {
      if (!places.add(word.utterance() + "/" + word.place() + "/" + word.word())) {
        doubled++;
      } else {
        rest.add(word);
      }
    }
    int from = 0;
    for (ModemDecoder.Heard word : rest) {
      int at = find(expected, word.word(), from, seen);
      if (at < 0) {
        at = find(expected, word.word(), 0, seen);
      }
      if (at < 0) {
        if (own.contains(word.word())) {
          late++;
        } else {
          foreign++;
        }
        continue;
      }
      seen.add(at);
      if (at < last) {
        reordered++;
      }
      last = Math.max(last, at);
      from = at + 1;
    }
    int lost = 0;
    for (int i = 0; i < (whole ? expected.size() : last); i++) {
      lost += seen.contains(i) ? 0 : 1;
    }
    return new Comparison(lost, doubled, reordered, late, foreign);
  }

  private static int find(List<String> expected, String word, int from, Set<Integer> seen) {
    for (int i = from; i < expected.size(); i++) {
      if (!seen.contains(i) && expected.get(i).equals(word)) {
        return i;
      }
    }
    return -1;
  }
}

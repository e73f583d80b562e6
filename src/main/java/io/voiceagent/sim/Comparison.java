package io.voiceagent.sim;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Compares what was heard with what should have been. */
record Comparison(int lost, int doubled, int reordered, int foreign) {

  /** @param whole the end was awaited: what is missing at the end is lost, not merely cut off */
  static Comparison of(List<String> expected, List<ModemDecoder.Heard> heard, boolean whole) {
    int doubled = 0;
    int reordered = 0;
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
        foreign++;
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
    return new Comparison(lost, doubled, reordered, foreign);
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

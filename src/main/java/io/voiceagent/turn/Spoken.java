package io.voiceagent.turn;

import io.voiceagent.call.Segment;
import io.voiceagent.call.Word;
import java.util.ArrayList;
import java.util.List;

/**
 * How far an utterance was heard, in words: by marks at the ends of segments, by the words' timings within a segment, and
 * by the pace so far where no timings have come yet.
 */
final class Spoken {
  /** Before anything is known of this voice: about three words a second. */
  private static final int MS_PER_WORD = 333;

  /** Given to the voice, in order; the index is the segment's. */
  private final List<String> queued = new ArrayList<>();

  private final List<Segment> timed = new ArrayList<>();
  /** What is known of the segment that is being made. */
  private final List<Word> making = new ArrayList<>();

  private int makingIndex = -1;
  private int heardMs;

  void queued(int index, String text) {
    if (index == queued.size()) {
      queued.add(text);
    }
  }

  void timed(Segment segment) {
    if (segment.index() == timed.size()) {
      timed.add(segment);
    }
  }

  /** Words of a segment whose end is not known yet. */
  void timed(int index, List<Word> words) {
    if (index != makingIndex) {
      makingIndex = index;
      making.clear();
    }
    making.addAll(words);
  }

  void heard(int ms) {
    heardMs = Math.max(heardMs, ms);
  }

  String queuedText() {
    return String.join(" ", queued);
  }

  String heardText() {
    StringBuilder heard = new StringBuilder();
    int end = 0;
    int words = 0;
    for (Segment segment : timed) {
      if (segment.endMs() <= heardMs) {
        join(heard, segment.text());
      } else if (segment.startMs() < heardMs) {
        join(heard, partly(segment));
      }
      end = Math.max(end, segment.endMs());
      words += words(segment.text()).length;
    }
    if (makingIndex == timed.size() && timed.size() < queued.size() && !making.isEmpty()) {
      join(heard, firstWords(queued.get(makingIndex), ended(making)));
    } else if (heardMs > end && timed.size() < queued.size()) {
      int pace = words == 0 ? MS_PER_WORD : Math.max(1, end / words);
      join(heard, firstWords(queued.get(timed.size()), (heardMs - end) / pace));
    }
    return heard.toString().strip();
  }

  /** {@code all} without what was heard of it. */
  String rest(String all) {
    String heard = heardText();
    String said = all.strip();
    if (said.startsWith(heard)) {
      return said.substring(heard.length()).strip();
    }
    // What is spoken is not always what was written: markup is gone, blanks differ.
    int heardWords = words(heard).length;
    String[] saidWords = words(said);
    return heardWords >= saidWords.length
        ? ""
        : String.join(" ", List.of(saidWords).subList(heardWords, saidWords.length));
  }

  private String partly(Segment segment) {
    if (segment.words().isEmpty()) {
      int length = Math.max(1, segment.endMs() - segment.startMs());
      int share = words(segment.text()).length * (heardMs - segment.startMs()) / length;
      return firstWords(segment.text(), share);
    }
    return firstWords(segment.text(), ended(segment.words()));
  }

  private int ended(List<Word> words) {
    int count = 0;
    for (Word word : words) {
      count += word.endMs() <= heardMs ? 1 : 0;
    }
    return count;
  }

  private static String firstWords(String text, int count) {
    String[] words = words(text);
    return String.join(" ", List.of(words).subList(0, Math.min(Math.max(0, count), words.length)));
  }

  private static String[] words(String text) {
    return text.strip().split("\\s+");
  }

  private static void join(StringBuilder text, String more) {
    if (!more.isBlank()) {
      text.append(text.length() == 0 ? "" : " ").append(more.strip());
    }
  }
}

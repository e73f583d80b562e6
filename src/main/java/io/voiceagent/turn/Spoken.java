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

  int heardMs() {
    return heardMs;
  }

  /** So much sound there is, as far as is known. */
  int madeMs() {
    int made = heardMs;
    for (Segment segment : timed) {
      made = Math.max(made, segment.endMs());
    }
    if (beingMade()) {
      made = Math.max(made, making.get(making.size() - 1).endMs());
    }
    return made;
  }

  /** Some words are known of the segment that comes next. */
  private boolean beingMade() {
    return makingIndex == timed.size() && timed.size() < queued.size() && !making.isEmpty();
  }

  String heardText() {
    return heardText(heardMs);
  }

  /** The words that are heard once so much was played. */
  String heardText(int ms) {
    StringBuilder heard = new StringBuilder();
    int end = 0;
    int words = 0;
    for (Segment segment : timed) {
      if (segment.endMs() <= ms) {
        join(heard, segment.text());
      } else if (segment.startMs() < ms) {
        join(heard, firstWords(segment.text(), ended(timings(segment), ms)));
      }
      end = Math.max(end, segment.endMs());
      words += words(segment.text()).length;
    }
    if (beingMade()) {
      join(heard, firstWords(queued.get(makingIndex), ended(making, ms)));
    } else if (ms > end && timed.size() < queued.size()) {
      int pace = words == 0 ? MS_PER_WORD : Math.max(1, end / words);
      join(heard, firstWords(queued.get(timed.size()), (ms - end) / pace));
    }
    return heard.toString().strip();
  }

  /** The words that come after those, as far as their sound is made. Their times count from then. */
  List<Word> ahead(int ms) {
    List<Word> ahead = new ArrayList<>();
    for (Segment segment : timed) {
      addAhead(ahead, segment.text(), timings(segment), ms);
    }
    if (beingMade()) {
      addAhead(ahead, queued.get(makingIndex), making, ms);
    }
    return ahead;
  }

  /** {@code all} without what is heard of it once so much was played. */
  String rest(String all, int ms) {
    String heard = heardText(ms);
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

  /** Of every word of the segment's text; evenly where the voice tells none. */
  private static List<Word> timings(Segment segment) {
    String[] words = words(segment.text());
    int length = segment.endMs() - segment.startMs();
    List<Word> told = segment.words();
    List<Word> timings = new ArrayList<>();
    for (int i = 0; i < words.length; i++) {
      int from = told.isEmpty() ? segment.startMs() + i * length / words.length : segment.endMs();
      int to =
          told.isEmpty() ? segment.startMs() + (i + 1) * length / words.length : segment.endMs();
      timings.add(i < told.size() ? told.get(i) : new Word(words[i], from, to));
    }
    return timings;
  }

  private static void addAhead(List<Word> ahead, String text, List<Word> timings, int ms) {
    String[] words = words(text);
    for (int i = 0; i < Math.min(words.length, timings.size()); i++) {
      Word word = timings.get(i);
      if (word.endMs() > ms) {
        ahead.add(new Word(words[i], Math.max(0, word.startMs() - ms), word.endMs() - ms));
      }
    }
  }

  private static int ended(List<Word> words, int ms) {
    int count = 0;
    for (Word word : words) {
      count += word.endMs() <= ms ? 1 : 0;
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

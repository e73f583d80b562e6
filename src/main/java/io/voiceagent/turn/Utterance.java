package io.voiceagent.turn;

import io.voiceagent.call.Segment;
import io.voiceagent.call.TurnId;
import io.voiceagent.call.Word;
import java.util.ArrayList;
import java.util.List;

/** Something the agent says or is about to say: what was given to the voice, and what of it was heard. */
final class Utterance {
  /** Why it is said. */
  enum Kind {
    GREETING,
    REPLY,
    FILLER,
    REPROMPT,
    APOLOGY,
    REST,
    GOODBYE
  }

  final TurnId turn;
  final Kind kind;
  final boolean interruptible;
  /** Given to the voice, in order; index is the segment's. */
  private final List<String> queued = new ArrayList<>();

  private final List<Segment> spoken = new ArrayList<>();
  /** All of a fixed text, or of a completed reply. */
  private String whole = "";

  private int heardMs;

  /** No more text will come. */
  boolean complete;

  boolean audible;
  /** It ended before all was said. */
  boolean broken;
  /** Its words are in the dialogue already. */
  boolean logged;
  /** All that was handed to the carrier has been played. */
  boolean played;

  Utterance(TurnId turn, Kind kind, boolean interruptible) {
    this.turn = turn;
    this.kind = kind;
    this.interruptible = interruptible;
  }

  void whole(String text) {
    whole = text;
    complete = true;
  }

  String whole() {
    return whole;
  }

  void queued(int index, String text) {
    if (index == queued.size()) {
      queued.add(text);
    }
  }

  void spoken(Segment segment) {
    spoken.add(segment);
  }

  void heard(int ms) {
    heardMs = Math.max(heardMs, ms);
  }

  /** The words that the caller has heard, by marks and, within a segment, by the words' timings. */
  String heardText() {
    StringBuilder heard = new StringBuilder();
    for (Segment segment : spoken) {
      if (segment.endMs() <= heardMs) {
        join(heard, segment.text());
      } else if (segment.startMs() < heardMs) {
        join(heard, heardPart(segment));
      }
    }
    if (spoken.isEmpty() && !queued.isEmpty() && heardMs > 0) {
      // Cut off within the first segment, whose timings had not come yet: about three words a
      // second.
      join(heard, firstWords(queued.get(0), heardMs * 3 / 1000));
    }
    return heard.toString().strip();
  }

  /** What was to be said and was not heard. */
  String unheardText() {
    String all = whole.isBlank() ? String.join(" ", queued) : whole;
    String heard = heardText();
    if (heard.isEmpty()) {
      return all.strip();
    }
    String flatAll = all.strip();
    if (flatAll.startsWith(heard)) {
      return flatAll.substring(heard.length()).strip();
    }
    int words = heard.split("\\s+").length;
    String[] said = flatAll.split("\\s+");
    return words >= said.length ? "" : String.join(" ", List.of(said).subList(words, said.length));
  }

  private String heardPart(Segment segment) {
    if (segment.words().isEmpty()) {
      int length = Math.max(1, segment.endMs() - segment.startMs());
      int words = segment.text().strip().split("\\s+").length;
      return firstWords(segment.text(), words * (heardMs - segment.startMs()) / length);
    }
    int count = 0;
    for (Word word : segment.words()) {
      if (word.endMs() <= heardMs) {
        count++;
      }
    }
    return firstWords(segment.text(), count);
  }

  private static String firstWords(String text, int count) {
    String[] words = text.strip().split("\\s+");
    return String.join(" ", List.of(words).subList(0, Math.min(Math.max(0, count), words.length)));
  }

  private static void join(StringBuilder text, String more) {
    if (!more.isBlank()) {
      text.append(text.length() == 0 ? "" : " ").append(more.strip());
    }
  }
}

package io.voiceagent.tts;

import io.voiceagent.audio.AudioFrame;
import io.voiceagent.call.Segment;
import io.voiceagent.call.TurnId;
import io.voiceagent.call.Word;
import java.util.ArrayList;
import java.util.List;

/**
 * The pieces of text of one utterance and what is known of their sound, over all attempts to speak them. Three marks move
 * through them: added, sent, spoken. After a failed attempt the next one begins with the first word whose sound had not
 * come whole. Pure.
 */
final class Pieces {
  /** One piece of text. */
  static final class Piece {
    final int index;
    final String text;
    /** What the current attempt has to say of it. */
    String rest;

    boolean announced;
    private int startMs = -1;
    private final List<Word> words = new ArrayList<>();

    private Piece(int index, String text) {
      this.index = index;
      this.text = text;
      this.rest = text;
    }
  }

  private final TurnId turn;
  private final List<Piece> pieces = new ArrayList<>();
  /** The piece whose sound comes next, and the one to be sent next. */
  private int speaking;

  private int sending;
  private int receivedBytes;

  Pieces(TurnId turn) {
    this.turn = turn;
  }

  void add(String text) {
    pieces.add(new Piece(pieces.size(), text));
  }

  /** The next to be sent; there must be one. */
  Piece send() {
    return pieces.get(sending++);
  }

  /** What was sent and not spoken is to be sent again. */
  void unsend() {
    sending = speaking;
  }

  int unsent() {
    return pieces.size() - sending;
  }

  /** Pieces without all their sound. */
  int outstanding() {
    return pieces.size() - speaking;
  }

  /** Of those, the ones that were sent. */
  int awaited() {
    return sending - speaking;
  }

  /** Sound that the provider owes, by the length of its text. */
  long owedMs() {
    long characters = 0;
    for (Piece piece : pieces.subList(speaking, Math.max(speaking, sending))) {
      characters += piece.rest.length();
    }
    return characters * Segments.MS_PER_CHARACTER;
  }

  int receivedMs() {
    return receivedBytes / AudioFrame.BYTES_PER_MS;
  }

  void received(int bytes) {
    if (speaking < pieces.size() && current().startMs < 0) {
      current().startMs = receivedMs();
    }
    receivedBytes += bytes;
  }

  /** Where words lie, in milliseconds from {@code baseMs}. May run ahead of the sound. Answers with those of use. */
  List<Word> timed(List<Word> words, int baseMs) {
    if (speaking >= pieces.size()) {
      return List.of();
    }
    Piece piece = current();
    int known = piece.words.size();
    int from = piece.startMs < 0 ? receivedMs() : piece.startMs;
    for (Word word : words) {
      // Those of a piece that has ended come too late to say anything of it.
      if (word.endMs() + baseMs > from) {
        piece.words.add(new Word(word.text(), word.startMs() + baseMs, word.endMs() + baseMs));
      }
    }
    return List.copyOf(piece.words.subList(known, piece.words.size()));
  }

  /** Which one sounds now. */
  int speaking() {
    return current().index;
  }

  /** Whether sound came, since {@code baseMs}, for the piece whose turn it is. */
  boolean sounded(int baseMs) {
    return current().startMs >= 0 && receivedMs() > baseMs;
  }

  /** All sound of the piece whose turn it is has come. */
  Segment ended() {
    Piece piece = pieces.get(speaking++);
    int start = piece.startMs < 0 ? receivedMs() : piece.startMs;
    if (speaking < pieces.size()) {
      List<Word> ahead = current().words;
      piece.words.stream().filter(word -> word.startMs() >= receivedMs()).forEach(ahead::add);
    }
    piece.words.removeIf(word -> word.startMs() >= receivedMs());
    return new Segment(turn, piece.index, piece.text, start, receivedMs(), piece.words);
  }

  /**
   * An attempt that began at {@code baseMs} broke off within a piece. Its whole words stand; returns how many bytes of
   * sound lie behind them, to be {@link #retracted}.
   */
  int cut(int baseMs) {
    if (speaking >= pieces.size() || current().startMs < 0) {
      return 0;
    }
    Piece piece = current();
    int from = Math.max(piece.startMs, baseMs);
    boolean timed = !piece.words.isEmpty();
    List<Word> whole = new ArrayList<>();
    int brokenFrom = 0;
    for (Word word : piece.words) {
      if (word.endMs() > receivedMs()) {
        brokenFrom = word.startMs();
        break;
      }
      if (word.startMs() >= baseMs) {
        whole.add(word);
      }
    }
    piece.words.removeIf(word -> word.endMs() > receivedMs());
    if (timed && whole.isEmpty()) {
      return excess(Math.max(brokenFrom, from));
    }
    piece.rest = Segments.rest(piece.rest, whole, receivedMs() - from);
    if (timed) {
      // The pause before a word belongs to what was said.
      return excess(Math.max(brokenFrom, whole.get(whole.size() - 1).endMs()));
    }
    return piece.rest.equals(piece.text) ? excess(from) : 0;
  }

  void retracted(int bytes) {
    receivedBytes -= bytes;
  }

  /** Nothing is left to be said of the piece that was cut. */
  boolean cutAtItsEnd() {
    return speaking < pieces.size()
        && current().startMs >= 0
        && !SpeakableText.voiced(current().rest);
  }

  /** The text that has no sound. */
  String unspoken() {
    StringBuilder unspoken = new StringBuilder();
    for (Piece piece : pieces.subList(speaking, pieces.size())) {
      unspoken.append(unspoken.length() == 0 ? "" : " ").append(piece.rest);
    }
    return unspoken.toString();
  }

  private Piece current() {
    return pieces.get(speaking);
  }

  private int excess(int keepMs) {
    return Math.max(0, receivedBytes - keepMs * AudioFrame.BYTES_PER_MS);
  }
}

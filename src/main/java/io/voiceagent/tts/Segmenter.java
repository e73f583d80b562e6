package io.voiceagent.tts;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a growing text into pieces for a voice: the first clause as soon as it is one, whole sentences after it, longer
 * ones the further the answer runs. It never cuts inside a number, an abbreviation, a link, a tag or a list of digits,
 * and waits for the next character where only that decides: the pieces are the same however the text arrives. Pieces are
 * {@link SpeakableText}, to be joined by a space. Pure; one per utterance.
 */
public final class Segmenter {
  /** A caller waits: a first sentence longer than this, without a comma, is cut between two words. */
  private static final int LONGEST_START = 80;

  private final SegmentOptions options;
  private final StringBuilder raw = new StringBuilder();
  private final Borders borders = new Borders(raw);
  private final Markup markup = new Markup(raw);
  private int cut;
  /** Characters that are decided, and the last place between two words among them. */
  private int scanned;

  private int gap;

  public Segmenter(SegmentOptions options) {
    this.options = options;
  }

  /** More text; returns the pieces that it completes, often none. */
  public List<String> add(String delta) {
    raw.append(delta);
    return pieces();
  }

  /** No more will come: the rest, whatever it looks like. */
  public List<String> finish() {
    borders.complete();
    markup.complete();
    List<String> pieces = pieces();
    take(raw.length(), pieces);
    return pieces;
  }

  /** The voice has nothing left to say: take the next clause as if it were the first. */
  public void hungry() {
    cut = 0;
    rescan();
  }

  private void rescan() {
    scanned = 0;
    gap = 0;
  }

  private List<String> pieces() {
    List<String> pieces = new ArrayList<>(1);
    for (int end = nextCut(); end > 0; end = nextCut()) {
      take(end, pieces);
    }
    return pieces;
  }

  private void take(int end, List<String> pieces) {
    String piece = SpeakableText.of(raw.substring(0, end));
    raw.delete(0, end);
    rescan();
    if (SpeakableText.voiced(piece)) {
      pieces.add(piece);
      cut++;
    }
  }

  /** Where the next piece ends, exclusive; 0 when the text does not hold one yet. Goes on where it stopped before. */
  private int nextCut() {
    int limit = cut == 0 ? Math.min(LONGEST_START, options.longest()) : options.longest();
    while (scanned < raw.length()) {
      int after = markup.behind(scanned);
      if (after < 0) {
        return 0;
      }
      if (after > scanned) {
        scanned = after;
        continue;
      }
      Borders.Kind kind = borders.at(scanned);
      if (kind == Borders.Kind.UNKNOWN) {
        return 0;
      }
      int end = borders.end(scanned);
      if ((kind == Borders.Kind.CLAUSE || kind == Borders.Kind.SENTENCE) && longEnough(end, kind)) {
        return end;
      }
      gap = kind == Borders.Kind.GAP ? end : gap;
      if (scanned >= limit && gap > 0 && SpeakableText.voiced(raw.substring(0, gap))) {
        return gap;
      }
      if (scanned >= 2 * options.longest() && borders.mayForce(scanned)) {
        return scanned;
      }
      scanned++;
    }
    return 0;
  }

  private boolean longEnough(int end, Borders.Kind kind) {
    String piece = SpeakableText.of(raw.substring(0, end));
    if (!SpeakableText.voiced(piece)) {
      return false;
    }
    boolean sentence = kind == Borders.Kind.SENTENCE;
    if (cut == 0) {
      return sentence || piece.length() >= options.firstClause();
    }
    // Grows from a single sentence to the full length over the first pieces.
    int gathered = Math.min(options.sentence(), (cut - 1) * options.sentence() / 2);
    return piece.length()
        >= (sentence ? gathered : Math.max(options.sentence(), options.longest() * 2 / 3));
  }
}

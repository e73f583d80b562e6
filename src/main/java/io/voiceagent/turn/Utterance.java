package io.voiceagent.turn;

import io.voiceagent.call.EndReason;
import io.voiceagent.call.Segment;
import io.voiceagent.call.TurnId;
import io.voiceagent.call.Word;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Something the agent says or is about to say. */
final class Utterance {
  /** Why it is said. */
  enum Kind {
    /** Has to be heard: cannot be interrupted. */
    NOTICE,
    GREETING,
    /** After a failover: why it was silent for a moment. */
    BRIDGE,
    REPLY,
    FILLER,
    REPROMPT,
    APOLOGY,
    /** What was not heard of an utterance that was interrupted for nothing. */
    REST,
    /** What stands in the dialogue already. */
    REPEAT,
    GOODBYE;

    /** Part of the dialogue. */
    boolean counts() {
      return this != FILLER && this != REPEAT && this != BRIDGE;
    }

    /** The same words come again in other calls. */
    boolean cacheable() {
      return this != REST && this != REPEAT && this != REPLY;
    }
  }

  final TurnId turn;
  final Kind kind;
  final boolean interruptible;
  private final Spoken spoken = new Spoken();
  /** All of a fixed text, or of a completed reply. */
  private String whole = "";

  /** No more text will come. */
  boolean complete;
  /** The caller has begun to hear it. */
  boolean audible;
  /** All that was handed to the carrier has been played. */
  boolean played;
  /** It ended before all was said. */
  boolean broken;
  /** Its model or its voice is lost: when what there is of it was heard, the rest follows. */
  boolean cut;
  /** The rest of an answer that was cut. */
  boolean goesOn;
  /** Its words are in the dialogue already. */
  boolean logged;
  /** It was cut before the model was through, or its tools: there is more to say than is known. */
  boolean more;
  /** Since when it is played on from where it was known to be heard; null before it sounds. */
  private @Nullable Long playsSince;
  /** The call ends when it was heard. */
  @Nullable
  EndReason endsCall;
  /** The model's call of the tool that ends the call; empty without one. */
  String endCallId = "";

  Utterance(TurnId turn, Kind kind, boolean interruptible) {
    this.turn = turn;
    this.kind = kind;
    this.interruptible = interruptible;
  }

  boolean reply() {
    return kind == Kind.REPLY;
  }

  boolean filler() {
    return kind == Kind.FILLER;
  }

  /** It is being heard now. */
  boolean sounding() {
    return audible && !played;
  }

  void whole(String text) {
    whole = text;
    complete = true;
  }

  String whole() {
    return whole;
  }

  /** Nothing of it is or will be heard. */
  boolean silent() {
    return complete && whole.isBlank() && !audible;
  }

  boolean asks() {
    return all().strip().endsWith("?");
  }

  void queued(int index, String text) {
    spoken.queued(index, text);
  }

  void spoken(Segment segment) {
    spoken.timed(segment);
  }

  /** Further words of a segment that is not complete yet. */
  void timed(int index, List<Word> words) {
    spoken.timed(index, words);
  }

  /** What the voice was given so far. */
  String queuedText() {
    return spoken.queuedText();
  }

  void heard(int ms) {
    spoken.heard(ms);
  }

  /** The words that the caller has heard. */
  String heardText() {
    return spoken.heardText();
  }

  /** What was to be said, as far as it is known, and was not heard. */
  String unheardText() {
    return spoken.rest(all(), spoken.heardMs());
  }

  /** Nothing else sounds before it any more: from now on it is heard, further by the second. */
  void playsOn(long now) {
    playsSince = now;
  }

  boolean playsOn() {
    return playsSince != null;
  }

  /** How much of it has probably been played: what was acknowledged, and the time since, if there is sound for it. */
  int playedMs(long now) {
    Long since = playsSince;
    return since == null || played
        ? spoken.heardMs()
        : Math.min(spoken.madeMs(), spoken.heardMs() + (int) ((now - since) / 1_000_000));
  }

  String heardText(int playedMs) {
    return spoken.heardText(playedMs);
  }

  String unheardText(int playedMs) {
    return spoken.rest(all(), playedMs);
  }

  /** What will be heard next; see {@link Spoken#ahead}. */
  List<Word> ahead(int playedMs) {
    return spoken.ahead(playedMs);
  }

  private String all() {
    return whole.isBlank() ? spoken.queuedText() : whole;
  }
}

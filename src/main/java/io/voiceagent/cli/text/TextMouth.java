package io.voiceagent.cli.text;

import io.vertx.core.Vertx;
import io.voiceagent.bus.Mailbox;
import io.voiceagent.call.CallFact;
import io.voiceagent.call.CallId;
import io.voiceagent.call.Clock;
import io.voiceagent.call.Segment;
import io.voiceagent.call.StageAddress;
import io.voiceagent.call.TurnId;
import io.voiceagent.call.Word;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Speaks by printing, in the time that a voice would take, and tells the conversation what was heard of it. */
final class TextMouth {
  private static final int MS_PER_CHARACTER = 65;

  /** A segment; the last item of an utterance has an empty text. */
  private record Item(TurnId turn, int index, String text) {}

  private final Vertx vertx;
  private final Mailbox mailbox;
  private final StageAddress conversation;
  private final CallId call;
  private final Consumer<String> words;
  private final double pace;
  private final ArrayDeque<Item> waiting = new ArrayDeque<>();
  /** Of each utterance that is not over: milliseconds that were spoken. */
  private final Map<TurnId, Integer> spokenMs = new LinkedHashMap<>();

  private @Nullable Item speaking;
  private long heldUntil = Long.MIN_VALUE / 2;
  private TurnId silencedUpTo = TurnId.NONE;
  private long since;
  private long timer;

  /**
   * @param words takes each segment as it is begun
   * @param pace of the voice; 1 is a person's, 0 takes no time
   */
  TextMouth(
      Vertx vertx,
      Mailbox mailbox,
      StageAddress conversation,
      CallId call,
      Consumer<String> words,
      double pace) {
    this.vertx = vertx;
    this.mailbox = mailbox;
    this.conversation = conversation;
    this.call = call;
    this.words = words;
    this.pace = pace;
  }

  /** Whether anything of {@code turn} may still be said. */
  boolean admits(TurnId turn) {
    return turn.isAfter(silencedUpTo);
  }

  void speak(TurnId turn, int index, String text) {
    add(new Item(turn, index, text));
  }

  void end(TurnId turn) {
    add(new Item(turn, -1, ""));
  }

  private void add(Item item) {
    if (admits(item.turn())) {
      waiting.add(item);
      next();
    }
  }

  /** Nothing more of this utterance and every earlier one is begun. */
  void cancel(TurnId upTo) {
    silencedUpTo = upTo.isAfter(silencedUpTo) ? upTo : silencedUpTo;
    waiting.removeIf(item -> !admits(item.turn()));
  }

  /** Stops this utterance and every earlier one. */
  void clear(TurnId upTo) {
    cancel(upTo);
    Item now = speaking;
    if (now != null && !now.turn().isAfter(upTo)) {
      vertx.cancelTimer(timer);
      speaking = null;
      int said = (int) ((now() - since) / 1_000_000);
      spokenMs.merge(now.turn(), said, Integer::sum);
    }
    new LinkedHashMap<>(spokenMs).forEach((turn, heard) -> {
      if (!turn.isAfter(upTo)) {
        spokenMs.remove(turn);
        tell(new CallFact.PlayoutCleared(now(), turn, heard));
      }
    });
    next();
  }

  /** No utterance begins before {@code until}; what is being said goes on. */
  void hold(long until) {
    heldUntil = until;
    next();
  }

  private void next() {
    while (speaking == null && !waiting.isEmpty()) {
      long held = heldUntil - now();
      if (held > 0 && !spokenMs.containsKey(waiting.element().turn())) {
        vertx.setTimer(1 + held / 1_000_000, id -> next());
        return;
      }
      Item item = waiting.remove();
      if (item.text().isEmpty()) {
        Integer heard = spokenMs.remove(item.turn());
        tell(new CallFact.PlayoutEnded(now(), item.turn(), heard == null ? 0 : heard, false));
      } else {
        begin(item);
      }
    }
  }

  private void begin(Item item) {
    int ms = ms(item.text());
    if (!spokenMs.containsKey(item.turn())) {
      spokenMs.put(item.turn(), 0);
      tell(new CallFact.FirstAudio(now(), item.turn(), 0));
      tell(new CallFact.PlayoutStarted(now(), item.turn()));
    }
    words.accept(item.text());
    int start = spokenMs.getOrDefault(item.turn(), 0);
    tell(new CallFact.SegmentSpoken(
        now(),
        new Segment(
            item.turn(), item.index(), item.text(), start, start + ms, words(item.text(), start))));
    speaking = item;
    since = now();
    timer = vertx.setTimer(ms, id -> {
      speaking = null;
      spokenMs.put(item.turn(), start + ms);
      tell(new CallFact.Heard(now(), item.turn(), start + ms));
      next();
    });
  }

  private List<Word> words(String text, int start) {
    List<Word> words = new ArrayList<>();
    int at = 0;
    for (String word : text.split(" ")) {
      int end = at + word.length();
      words.add(new Word(word, start + ms(at), start + ms(end)));
      at = end + 1;
    }
    return words;
  }

  /** How long it takes to say this; a little, whatever the pace. */
  int ms(String text) {
    return Math.max(1, ms(text.length()));
  }

  private int ms(int characters) {
    return (int) (characters * MS_PER_CHARACTER * pace);
  }

  private void tell(CallFact fact) {
    mailbox.tell(conversation, call, fact);
  }

  private static long now() {
    return Clock.SYSTEM.nanos();
  }
}

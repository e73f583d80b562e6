package io.voiceagent.turn;

import io.voiceagent.call.CallFact;
import io.voiceagent.call.Failure;
import io.voiceagent.call.Message;
import io.voiceagent.call.Segment;
import io.voiceagent.call.ToolCall;
import io.voiceagent.call.ToolResult;
import io.voiceagent.call.TurnId;
import io.voiceagent.call.Word;
import io.voiceagent.config.Settings;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A call told as a story: what the caller, the model, the voice and the carrier do, with plausible delays, and time that
 * passes. Timers fire when they are due. Everything is kept, for assertions and for golden calls.
 */
public final class CallScript {
  /** One event and what was decided on it, or a remark of the story. */
  public record Entry(String remark, TurnEvent event, List<TurnEffect> effects) {}

  public static final long MS = 1_000_000;
  private static final int MS_PER_WORD = 300;

  private final TurnOptions options;
  private final TurnMachine machine;
  private final Map<Timer, Long> timers = new EnumMap<>(Timer.class);
  private final List<Entry> entries = new ArrayList<>();
  private final Map<TurnId, Integer> segments = new LinkedHashMap<>();
  private final Map<TurnId, Integer> audioMs = new LinkedHashMap<>();
  private TurnId turn = TurnId.NONE;
  private int mark;
  private int seq;
  private long now;

  private CallScript(TurnOptions options) {
    this.options = options;
    this.machine = new TurnMachine(options);
    machine.context(context());
  }

  public static CallScript with(String... settings) {
    Map<String, String> values =
        new LinkedHashMap<>(Map.of("agent.greeting", "", "agent.instructions", "Be kind."));
    for (String setting : settings) {
      values.put(
          setting.substring(0, setting.indexOf('=')), setting.substring(setting.indexOf('=') + 1));
    }
    return new CallScript(TurnOptions.from(Settings.of(values)));
  }

  public static String context() {
    return "The caller's number is +15005550010.";
  }

  public CallScript remark(String text) {
    entries.add(new Entry(text, new TurnEvent.Started(now), List.of()));
    return this;
  }

  public CallScript starts() {
    feed(new TurnEvent.Started(now));
    return this;
  }

  // ---- time

  public CallScript after(long ms) {
    long until = now + ms * MS;
    for (Timer next = due(until); next != null; next = due(until)) {
      now = Math.max(now, at(next));
      timers.remove(next);
      feed(new TurnEvent.TimerFired(now, next, turn));
    }
    now = until;
    return this;
  }

  private @Nullable Timer due(long until) {
    Timer next = null;
    for (Timer timer : timers.keySet()) {
      if (at(timer) <= until && (next == null || at(timer) < at(next))) {
        next = timer;
      }
    }
    return next;
  }

  private long at(Timer timer) {
    return Objects.requireNonNull(timers.get(timer));
  }

  public CallScript transcriberTakes(long p99Ms) {
    feed(new TurnEvent.TranscriberMeasured(now, p99Ms * MS));
    return this;
  }

  // ---- the caller

  /** The voice begins, 40 ms ago; not sustained yet. */
  public CallScript voiceBegins() {
    return happens(new CallFact.SpeechStarted(now, now - 40 * MS));
  }

  public CallScript voiceLasts() {
    return happens(new CallFact.SpeechSustained(now, now - 120 * MS));
  }

  /** Released, 200 ms after the last voice. */
  public CallScript voiceEnds() {
    return happens(new CallFact.SpeechEnded(now, now - 200 * MS, 500));
  }

  public CallScript interim(String text) {
    return happens(new CallFact.InterimTranscript(now, text, 0));
  }

  public CallScript finalText(String text) {
    // Finals are joined verbatim: all but the first bring the blank before them.
    return happens(new CallFact.FinalTranscript(now, ++seq, seq > 1 ? " " + text : text));
  }

  public CallScript providerTurnStarts() {
    return happens(new CallFact.ProviderTurnStarted(now, 0));
  }

  public CallScript providerTurnEnds(String text) {
    return happens(new CallFact.ProviderTurnEnded(now, ++seq, text));
  }

  public CallScript sameFinalAgain(String text) {
    return happens(new CallFact.FinalTranscript(now, seq, text));
  }

  public CallScript flushed() {
    return happens(new CallFact.TranscriptFlushed(now, 100 * MS, 0));
  }

  /** A whole utterance, from its first sound to the transcriber's last word. */
  public CallScript says(String text) {
    speaks(text);
    return after(100).finalText(text).flushed();
  }

  /** The same without the final transcript. */
  public CallScript speaks(String text) {
    after(40).voiceBegins().after(80).voiceLasts().after(180).interim(text);
    return after(300).voiceEnds();
  }

  /** A sound that is none of a word: a cough, a door. */
  public CallScript coughs() {
    after(40).voiceBegins().after(80).voiceLasts().after(280).voiceEnds();
    return after(100).flushed();
  }

  public CallScript presses(String keys) {
    for (char key : keys.toCharArray()) {
      happens(new CallFact.DigitPressed(now, key)).after(200);
    }
    return this;
  }

  // ---- the agent's machinery, for the utterance that was ordered last

  public CallScript writes(String text) {
    happens(new CallFact.FirstToken(now, turn, 200 * MS));
    return voices(text).completes(text);
  }

  public CallScript firstToken() {
    return happens(new CallFact.FirstToken(now, turn, 80 * MS));
  }

  /** The voice speaks this piece: queued and synthesised at once, a word every 300 ms. */
  public CallScript voices(String text) {
    return voices(turn, text);
  }

  public CallScript voices(TurnId of, String text) {
    int index = segments.merge(of, 1, Integer::sum) - 1;
    int from = audioMs.getOrDefault(of, 0);
    happens(new CallFact.SegmentQueued(now, of, index, text, 10 * MS));
    if (index == 0) {
      happens(new CallFact.FirstAudio(now, of, 90 * MS));
    }
    List<Word> words = new ArrayList<>();
    for (String word : text.strip().split(" ")) {
      int at = from + words.size() * MS_PER_WORD;
      words.add(new Word(word, at, at + MS_PER_WORD - 20));
    }
    int end = from + words.size() * MS_PER_WORD;
    audioMs.put(of, end);
    return happens(new CallFact.SegmentSpoken(now, new Segment(of, index, text, from, end, words)));
  }

  public CallScript completes(String text, ToolCall... tools) {
    return happens(new CallFact.ReplyCompleted(now, turn, text, List.of(tools), false));
  }

  public CallScript modelFails(String text) {
    return modelFails(text, Failure.Kind.TIMEOUT);
  }

  public CallScript modelFails(String text, Failure.Kind kind) {
    return happens(new CallFact.ReplyFailed(
        now, turn, text, new Failure(Failure.Stage.LLM, kind, "scripted")));
  }

  public CallScript voiceFails() {
    return happens(new CallFact.SpeechFailed(
        now, turn, "", new Failure(Failure.Stage.TTS, Failure.Kind.TIMEOUT, "scripted")));
  }

  public CallScript toolReturns(String callId, String content) {
    return happens(
        new CallFact.ToolReturned(now, turn, new ToolResult(callId, "lookup", content, false)));
  }

  /** The fixed text that was ordered is on its way. */
  public CallScript voicesWhatWasOrdered() {
    return voices(orderedText());
  }

  private String orderedText() {
    for (int i = entries.size() - 1; i >= 0; i--) {
      for (TurnEffect effect : entries.get(i).effects()) {
        if (effect instanceof TurnEffect.Say say && say.turn().equals(turn)) {
          return say.text();
        }
      }
    }
    throw new IllegalStateException("no fixed text was ordered as " + turn);
  }

  // ---- the carrier

  public CallScript isHeard() {
    return happens(new CallFact.PlayoutStarted(now, turn));
  }

  public CallScript heardTo(int ms) {
    return happens(new CallFact.Heard(now, turn, ms));
  }

  public CallScript heardToTheEnd() {
    return happens(new CallFact.PlayoutEnded(now, turn, audioMs.getOrDefault(turn, 0), false));
  }

  /** An order is carried out to the end of its playing, word by word of time. */
  public CallScript isSaid() {
    voicesWhatWasOrdered().isHeard();
    return after(Objects.requireNonNull(audioMs.get(turn))).heardToTheEnd();
  }

  public CallScript isAnsweredWith(String text) {
    after(300).writes(text).after(50).isHeard();
    return after(Objects.requireNonNull(audioMs.get(turn))).heardToTheEnd();
  }

  /** The answer to a clear of {@code of}. */
  public CallScript cleared(TurnId of, int heardMs) {
    return happens(new CallFact.PlayoutCleared(now, of, heardMs));
  }

  public CallScript hangsUp() {
    return happens(new CallFact.CarrierGone(now, "stop"));
  }

  public CallScript happens(CallFact fact) {
    feed(new TurnEvent.Happened(fact));
    return this;
  }

  private void feed(TurnEvent event) {
    List<TurnEffect> effects = machine.on(event);
    entries.add(new Entry("", event, List.copyOf(effects)));
    for (TurnEffect effect : effects) {
      if (effect instanceof TurnEffect.StartTimer start) {
        timers.put(start.timer(), start.dueAt());
      } else if (effect instanceof TurnEffect.StopTimer stop) {
        timers.remove(stop.timer());
      } else if (effect instanceof TurnEffect.Generate generate) {
        turn = generate.turn();
      } else if (effect instanceof TurnEffect.Say say && !say.givesWay()) {
        turn = say.turn();
      }
    }
  }

  // ---- what came of it

  public CallScript then(Consumer<CallScript> check) {
    check.accept(this);
    return this;
  }

  /** Effects since the last time this was asked, in order. */
  public List<TurnEffect> effects() {
    List<TurnEffect> fresh = new ArrayList<>();
    for (Entry entry : entries.subList(mark, entries.size())) {
      fresh.addAll(entry.effects());
    }
    mark = entries.size();
    return fresh;
  }

  public <E extends TurnEffect> List<E> effects(Class<E> kind) {
    return effects().stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  public TurnId turn() {
    return turn;
  }

  public long now() {
    return now;
  }

  public String state() {
    return machine.state();
  }

  public boolean runs(Timer timer) {
    return timers.containsKey(timer);
  }

  /** Milliseconds until it fires. */
  public long left(Timer timer) {
    return (at(timer) - now) / MS;
  }

  public List<Message> history() {
    return machine.history();
  }

  /** The history as one reads it: {@code caller: ...}, {@code agent: ... [unheard: ...]}. */
  public List<String> transcript() {
    List<String> lines = new ArrayList<>();
    for (Message message : machine.history()) {
      if (message instanceof Message.User user) {
        lines.add("caller: " + user.text());
      } else if (message instanceof Message.Assistant said) {
        String calls = said.toolCalls().isEmpty()
            ? ""
            : " [calls " + said.toolCalls().get(0).name() + "]";
        String rest = said.unheard().isEmpty() ? "" : " [unheard: " + said.unheard() + "]";
        lines.add("agent: " + said.text() + calls + rest);
      } else if (message instanceof Message.Tool tool) {
        lines.add("tool: " + tool.result().content());
      }
    }
    return lines;
  }

  public List<Entry> entries() {
    return entries;
  }

  public TurnOptions options() {
    return options;
  }
}

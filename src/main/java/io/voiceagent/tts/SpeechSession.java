package io.voiceagent.tts;

import io.vertx.core.Vertx;
import io.voiceagent.audio.AudioFrame;
import io.voiceagent.bus.BusReader;
import io.voiceagent.bus.Mailbox;
import io.voiceagent.call.CallFact;
import io.voiceagent.call.CallId;
import io.voiceagent.call.Failure;
import io.voiceagent.call.Failure.Kind;
import io.voiceagent.call.Failure.Stage;
import io.voiceagent.call.FailureException;
import io.voiceagent.call.Segment;
import io.voiceagent.call.SpeechItem;
import io.voiceagent.call.SpeechRequest;
import io.voiceagent.call.TextDelta;
import io.voiceagent.call.TurnId;
import io.voiceagent.call.Word;
import io.voiceagent.resilience.RetryBudget;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One utterance: text from the bus, cut and spoken, sound back to the bus as far as media grants credit.
 *
 * <p>Back pressure: sound that media does not take waits here. Beyond {@code tts.maxAhead} the provider gets no further
 * text and the model's stream is left without credit, and so when it owes more than {@code tts.maxBuffered}; beyond {@code tts.maxBuffered} the provider's socket is paused.
 */
final class SpeechSession implements Synthesis.Sink, Outlet.Owner {
  /** Pieces that may wait for the voice before the model has to. */
  private static final int MAX_UNSENT = 8;

  private final Vertx vertx;
  private final TtsNode node;
  private final Mailbox mailbox;
  private final CallId call;
  private final SpeechRequest request;
  private final BusReader<TextDelta> text;
  private final Function<TtsProvider, TtsConnection> connections;
  private final RetryBudget.OfCall budget;
  private final Runnable onEnd;
  private final Segmenter segmenter;
  private final Outlet outlet;
  /** All of a fixed text, to find it in the cache. */
  private final StringBuilder fixed = new StringBuilder();

  private @Nullable List<SpeechItem> recording;
  private String cacheKey = "";
  private @Nullable Synthesis synthesis;
  private @Nullable CallFact outcome;
  private long firstTextAt;
  private boolean textPaused;
  private boolean over;

  SpeechSession(
      Vertx vertx,
      TtsNode node,
      Mailbox mailbox,
      CallId call,
      SpeechRequest request,
      BusReader<TextDelta> text,
      Function<TtsProvider, TtsConnection> connections,
      RetryBudget.OfCall budget,
      Runnable onEnd) {
    this.vertx = vertx;
    this.node = node;
    this.mailbox = mailbox;
    this.call = call;
    this.request = request;
    this.text = text;
    this.connections = connections;
    this.budget = budget;
    this.onEnd = onEnd;
    this.outlet = new Outlet(mailbox, call, request, this);
    this.segmenter = new Segmenter(node.options.segments());
  }

  void start() {
    text.exceptionHandler(this::textBroke);
    text.endHandler(x -> textEnded());
    text.handler(this::heard);
  }

  TurnId turn() {
    return request.turn();
  }

  CallId call() {
    return call;
  }

  /** Stops at once: nothing more is said, told or kept. Idempotent. */
  void cancel() {
    if (over) {
      return;
    }
    Failure cancelled = new Failure(Stage.TTS, Kind.CANCELLED, "turn " + turn() + " is over");
    stop(cancelled);
    outlet.fail(cancelled, true);
  }

  private void heard(TextDelta delta) {
    if (request.cacheable()) {
      if (fixed.length() < 10_000) {
        fixed.append(delta.text());
      }
      return;
    }
    if (firstTextAt == 0) {
      firstTextAt = node.clock.nanos();
    }
    Synthesis voice = voice();
    if (voice.outstanding() == 0 && outlet.waitingBytes() == 0) {
      segmenter.hungry();
    }
    for (String piece : segmenter.add(delta.text())) {
      voice.speak(piece);
      flow();
    }
  }

  private void textEnded() {
    if (request.cacheable() && !over) {
      fixedText();
      return;
    }
    finishText();
  }

  /** The model broke off: what it wrote is said; what becomes of the rest is for the conversation. */
  private void textBroke(Throwable cause) {
    Failure failure = FailureException.of(Stage.LLM, cause);
    if (failure.kind() == Kind.CANCELLED) {
      cancel();
    } else {
      textEnded();
    }
  }

  private void finishText() {
    if (!over) {
      Synthesis voice = voice();
      segmenter.finish().forEach(voice::speak);
      voice.end();
      flow();
    }
  }

  private void fixedText() {
    firstTextAt = node.clock.nanos();
    String key = node.cacheKey(fixed.toString());
    if (node.cache.claim(key)) {
      cacheKey = key;
      recording = new ArrayList<>();
      speakFixed();
      return;
    }
    node.cache.await(key, vertx.getOrCreateContext()).onSuccess(clip -> {
      if (over) {
        return;
      }
      if (clip == null) {
        speakFixed();
      } else {
        play(clip);
      }
    });
  }

  private void speakFixed() {
    segmenter.add(fixed.toString()).forEach(voice()::speak);
    finishText();
  }

  private void play(Clip clip) {
    int index = 0;
    for (SpeechItem item : clip.of(turn())) {
      if (item instanceof SpeechItem.SegmentEnd end) {
        queued(index++, end.segment().text());
      }
    }
    firstAudio(0);
    for (SpeechItem item : clip.of(turn())) {
      if (item instanceof SpeechItem.SegmentEnd end) {
        tell(new CallFact.SegmentSpoken(node.clock.nanos(), end.segment()));
      }
      add(item);
    }
    completed(clip.bytes() / AudioFrame.BYTES_PER_MS);
  }

  private Synthesis voice() {
    Synthesis voice = synthesis;
    if (voice == null) {
      voice = new Synthesis(vertx, node, connections, call, turn(), budget, this);
      synthesis = voice;
    }
    return voice;
  }

  @Override
  public void queued(int index, String piece) {
    outlet.open();
    long now = node.clock.nanos();
    tell(new CallFact.SegmentQueued(now, turn(), index, piece, index == 0 ? now - firstTextAt : 0));
  }

  @Override
  public void timed(int index, List<Word> words) {
    tell(new CallFact.WordsTimed(node.clock.nanos(), turn(), index, words));
  }

  @Override
  public void firstAudio(long providerNanos) {
    tell(new CallFact.FirstAudio(node.clock.nanos(), turn(), providerNanos));
  }

  @Override
  public void audio(byte[] bytes) {
    add(new SpeechItem.Audio(bytes));
    flow();
  }

  @Override
  public void segmentEnd(Segment segment) {
    // Told at once: how much of a long segment was heard is asked while it is being played.
    tell(new CallFact.SegmentSpoken(node.clock.nanos(), segment));
    add(new SpeechItem.SegmentEnd(segment));
    flow();
  }

  @Override
  public void retract(int bytes) {
    // Rare enough: a recording that was mended is not kept.
    giveUpRecording();
    outlet.retract(bytes);
  }

  @Override
  public void completed(int milliseconds) {
    List<SpeechItem> record = recording;
    if (record != null && !cacheKey.isEmpty()) {
      node.cache.put(cacheKey, Clip.of(record));
      cacheKey = "";
      recording = null;
    }
    outcome = new CallFact.SpeechCompleted(node.clock.nanos(), turn(), milliseconds);
    moved();
  }

  @Override
  public void failed(String unspoken, Failure failure) {
    giveUpRecording();
    String rest = unspoken;
    for (String piece : segmenter.finish()) {
      rest = rest.isEmpty() ? piece : rest + " " + piece;
    }
    text.cancel(failure);
    outcome = new CallFact.SpeechFailed(node.clock.nanos(), turn(), rest, failure);
    moved();
  }

  private void add(SpeechItem item) {
    if (over) {
      return;
    }
    if (recording != null) {
      recording.add(item);
    }
    outlet.add(item);
  }

  @Override
  public void moved() {
    CallFact last = outcome;
    if (last != null && !over && outlet.through()) {
      outlet.end();
      stop(new Failure(Stage.TTS, Kind.CANCELLED, "the utterance is over"));
      tell(last);
    } else {
      flow();
    }
  }

  /** Moves the three valves: sound wanted, text for the voice, text from the model. */
  private void flow() {
    Synthesis voice = synthesis;
    if (voice == null || over) {
      return;
    }
    long waitingMs = outlet.waitingMs();
    voice.pause(waitingMs >= node.options.maxBuffered().toMillis());
    voice.hold(waitingMs >= node.options.maxAhead().toMillis());
    boolean full = voice.unsent() >= MAX_UNSENT;
    if (full != textPaused && !over) {
      textPaused = full;
      if (full) {
        text.pause();
      } else {
        text.resume();
      }
    }
  }

  @Override
  public void refused(Failure failure) {
    if (over) {
      return;
    }
    // To the model we are a voice that wants no more. A lost line would be its own to us.
    stop(new Failure(Stage.TTS, Kind.CANCELLED, "nobody takes the sound"));
    if (failure.kind() != Kind.CANCELLED) {
      tell(new CallFact.SpeechFailed(node.clock.nanos(), turn(), "", failure));
    }
  }

  private void stop(Failure reason) {
    over = true;
    text.cancel(reason);
    giveUpRecording();
    if (synthesis != null) {
      synthesis.cancel();
    }
    outlet.fail(reason, false);
    onEnd.run();
  }

  private void giveUpRecording() {
    if (!cacheKey.isEmpty()) {
      node.cache.abandon(cacheKey);
      cacheKey = "";
    }
    recording = null;
  }

  private void tell(CallFact fact) {
    mailbox.tell(request.conversation(), call, fact);
  }
}

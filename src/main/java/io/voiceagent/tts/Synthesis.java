package io.voiceagent.tts;

import io.vertx.core.Vertx;
import io.voiceagent.audio.AudioFrame;
import io.voiceagent.call.Failure;
import io.voiceagent.call.Failure.Kind;
import io.voiceagent.call.Failure.Stage;
import io.voiceagent.call.Segment;
import io.voiceagent.call.TurnId;
import io.voiceagent.call.Word;
import io.voiceagent.resilience.Attempts;
import io.voiceagent.resilience.Fallback;
import io.voiceagent.resilience.RetryBudget;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Speaks the pieces of one utterance, whatever it takes: at the preferred provider, at the next one, again. It is the one
 * owner of these attempts. What was received is never asked for a second time: the next attempt begins with the first
 * word whose sound had not come whole.
 */
final class Synthesis {
  private static final Logger LOG = LoggerFactory.getLogger(Synthesis.class);
  /** How long an utterance may wait for a place at the provider. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  /** Who takes the sound. */
  interface Sink {
    void audio(byte[] bytes);

    void segmentEnd(Segment segment);

    void queued(int index, String text);

    /** @param providerNanos text sent to this */
    void firstAudio(long providerNanos);

    /** Takes back up to {@code bytes} of the latest audio that has not been handed on; returns how many it could. */
    int retract(int bytes);

    void completed(int audioMs);

    void failed(String unspoken, Failure failure);
  }

  /** One piece of text and what is known of its sound. */
  private static final class Piece {
    final int index;
    final String text;
    /** What the current attempt has to say of it. */
    String rest;

    boolean announced;
    int startMs = -1;
    final List<Word> words = new ArrayList<>();

    Piece(int index, String text) {
      this.index = index;
      this.text = text;
      this.rest = text;
    }
  }

  private final Vertx vertx;
  private final TtsNode node;
  private final Function<TtsProvider, TtsConnection> connections;
  private final TurnId turn;
  private final RetryBudget.OfCall budget;
  private final Sink sink;
  private final List<Piece> pieces = new ArrayList<>();
  private final Map<String, Attempts> attempts = new HashMap<>();
  private final Set<String> failedAt = new HashSet<>();

  private @Nullable Attempt attempt;
  private @Nullable Long retryTimer;
  private String lastProvider = "";
  /** The piece whose sound comes next, and the one to be sent next. */
  private int speaking;

  private int sending;
  private int receivedBytes;
  private long firstSentAt;
  private boolean firstSent;
  private boolean firstHeard;
  private boolean ended;
  private boolean held;
  private boolean paused;
  private boolean over;

  Synthesis(
      Vertx vertx,
      TtsNode node,
      Function<TtsProvider, TtsConnection> connections,
      TurnId turn,
      RetryBudget.OfCall budget,
      Sink sink) {
    this.vertx = vertx;
    this.node = node;
    this.connections = connections;
    this.turn = turn;
    this.budget = budget;
    this.sink = sink;
  }

  void speak(String text) {
    pieces.add(new Piece(pieces.size(), text));
    pump();
  }

  /** No more pieces. */
  void end() {
    ended = true;
    pump();
  }

  /** Pieces that the provider has not been given. */
  int unsent() {
    return pieces.size() - sending;
  }

  /** Sound that the provider owes, by the length of its text. */
  long owedMs() {
    long characters = 0;
    for (Piece piece : pieces.subList(speaking, Math.max(speaking, sending))) {
      characters += piece.rest.length();
    }
    return characters * Segments.MS_PER_CHARACTER;
  }

  /** Pieces without all their sound. */
  int outstanding() {
    return pieces.size() - speaking;
  }

  /** While held, the provider gets no further text; what it has it goes on speaking. */
  void hold(boolean hold) {
    if (held != hold) {
      held = hold;
      pump();
    }
  }

  /** While paused, no sound is wanted at all. */
  void pause(boolean pause) {
    if (paused != pause) {
      paused = pause;
      Attempt now = attempt;
      if (now != null && pause) {
        now.stream.pause();
      } else if (now != null) {
        now.stream.resume();
      }
    }
  }

  void cancel() {
    if (!over) {
      over = true;
      stopTimer();
      Attempt now = attempt;
      attempt = null;
      if (now != null) {
        now.cancel();
      }
    }
  }

  private void pump() {
    if (over || retryTimer != null) {
      return;
    }
    if (ended && speaking == pieces.size() && attempt == null) {
      complete();
      return;
    }
    if (attempt == null && unsent() > 0) {
      begin();
    }
    Attempt now = attempt;
    while (now != null && now == attempt && unsent() > 0 && !held) {
      Piece piece = pieces.get(sending++);
      if (!firstSent) {
        firstSent = true;
        firstSentAt = node.clock.nanos();
      }
      if (!piece.announced) {
        piece.announced = true;
        sink.queued(piece.index, piece.text);
      }
      now.stream.speak(piece.rest);
    }
    if (now != null && now == attempt && ended && unsent() == 0 && !now.finished) {
      now.finished = true;
      now.stream.finish();
    }
  }

  private void begin() {
    var choice = node.providers.pick(entry -> !failedAt.contains(entry.name()));
    if (choice.isEmpty() && !failedAt.isEmpty()) {
      failedAt.clear();
      choice = node.providers.pick(entry -> true);
    }
    if (choice.isEmpty()) {
      // Refused by our own breaker, yet a caller went without: an outage must not look like
      // silence.
      node.meters.ttsErrors.increment();
      fail(new Failure(Stage.TTS, Kind.BREAKER_OPEN, "no provider of speech is available"));
      return;
    }
    String name = choice.get().entry().name();
    attemptsAt(name).begin();
    if (!lastProvider.isEmpty() && !lastProvider.equals(name)) {
      node.meters.fellBack(lastProvider, name);
    }
    lastProvider = name;
    Attempt begun = new Attempt(choice.get());
    attempt = begun;
    begun.stream = connections.apply(choice.get().entry().provider()).open(begun, PATIENCE);
    if (paused) {
      begun.stream.pause();
    }
  }

  private Attempts attemptsAt(String provider) {
    return attempts.computeIfAbsent(
        provider, p -> new Attempts(node.resilience, node.budget, budget));
  }

  private void failed(Attempt which, Failure failure) {
    attempt = null;
    which.choice.permit().failed(failure);
    count(failure);
    keepWhatWasSpoken(which);
    String name = which.choice.entry().name();
    LOG.warn("an attempt at {} failed: {}, {}", name, failure.kind(), failure.detail());
    sending = speaking;
    boolean others = node.providers.entries().stream()
        .anyMatch(entry -> !entry.name().equals(name)
            && !failedAt.contains(entry.name())
            && entry.breaker().remainingMs() == 0);
    if (ended && speaking == pieces.size()) {
      complete();
      return;
    }
    OptionalLong wait = others
        ? budget.tryTake() ? OptionalLong.of(0) : OptionalLong.empty()
        : attemptsAt(name).waitBeforeNext(failure);
    if (others) {
      failedAt.add(name);
    }
    if (wait.isEmpty()) {
      fail(failure);
      return;
    }
    if (!others) {
      node.meters.retried(name);
    }
    if (wait.getAsLong() == 0) {
      pump();
    } else {
      retryTimer = vertx.setTimer(wait.getAsLong(), id -> {
        retryTimer = null;
        pump();
      });
    }
  }

  /** The piece that was cut: its whole words stand, the sound behind them is taken back where it still can be. */
  private void keepWhatWasSpoken(Attempt which) {
    if (speaking >= pieces.size()) {
      return;
    }
    Piece piece = pieces.get(speaking);
    if (piece.startMs < 0) {
      return;
    }
    int from = Math.max(piece.startMs, which.baseMs);
    List<Word> whole = new ArrayList<>();
    for (Word word : piece.words) {
      if (word.startMs() >= which.baseMs && word.endMs() <= receivedMs()) {
        whole.add(word);
      }
    }
    piece.words.removeIf(word -> word.endMs() > receivedMs());
    piece.rest = Segments.rest(piece.rest, whole, receivedMs() - from);
    if (!whole.isEmpty()) {
      int keep = whole.get(whole.size() - 1).endMs() * AudioFrame.BYTES_PER_MS;
      receivedBytes -= sink.retract(Math.max(0, receivedBytes - keep));
    } else if (!piece.words.isEmpty() || piece.rest.equals(piece.text)) {
      int keep = from * AudioFrame.BYTES_PER_MS;
      receivedBytes -= sink.retract(Math.max(0, receivedBytes - keep));
    }
    if (!SpeakableText.voiced(piece.rest)) {
      pieceEnded();
    }
  }

  private void pieceEnded() {
    Piece piece = pieces.get(speaking++);
    int start = piece.startMs < 0 ? receivedMs() : piece.startMs;
    if (speaking < pieces.size()) {
      // Timings may run ahead of the sound.
      List<Word> ahead = pieces.get(speaking).words;
      piece.words.stream().filter(word -> word.startMs() >= receivedMs()).forEach(ahead::add);
    }
    piece.words.removeIf(word -> word.startMs() >= receivedMs());
    sink.segmentEnd(new Segment(turn, piece.index, piece.text, start, receivedMs(), piece.words));
  }

  private void complete() {
    if (!over) {
      over = true;
      sink.completed(receivedMs());
    }
  }

  private void fail(Failure failure) {
    if (over) {
      return;
    }
    over = true;
    StringBuilder unspoken = new StringBuilder();
    for (Piece piece : pieces.subList(speaking, pieces.size())) {
      unspoken.append(unspoken.length() == 0 ? "" : " ").append(piece.rest);
    }
    sink.failed(unspoken.toString(), failure);
  }

  /** Errors count every failed request; the other counters say more about some of them. */
  private void count(Failure failure) {
    if (failure.kind() == Kind.CANCELLED) {
      return;
    }
    node.meters.ttsErrors.increment();
    switch (failure.kind()) {
      case RATE_LIMIT -> node.meters.ttsRateLimits.increment();
      case TIMEOUT -> {
        node.meters.ttsTimeouts.increment();
        node.meters.ttsTimeoutsOrClosed.increment();
      }
      case CLOSED -> node.meters.ttsTimeoutsOrClosed.increment();
      default -> {}
    }
  }

  private int receivedMs() {
    return receivedBytes / AudioFrame.BYTES_PER_MS;
  }

  private void stopTimer() {
    Long running = retryTimer;
    if (running != null) {
      vertx.cancelTimer(running);
      retryTimer = null;
    }
  }

  /** One attempt at one provider. What it says after it is no longer the current one is not heard. */
  private final class Attempt implements TtsListener {
    private static final TtsStream NONE = new NoStream();

    final Fallback.Choice<TtsProvider> choice;
    final int baseMs = receivedMs();
    TtsStream stream = NONE;
    boolean finished;
    private int heardBytes;

    Attempt(Fallback.Choice<TtsProvider> choice) {
      this.choice = choice;
    }

    void cancel() {
      choice.permit().released();
      stream.cancel();
    }

    @Override
    public void audio(byte[] bytes) {
      if (attempt != this) {
        return;
      }
      choice.permit().succeeded();
      heardBytes += bytes.length;
      if (speaking < pieces.size() && pieces.get(speaking).startMs < 0) {
        pieces.get(speaking).startMs = receivedMs();
      }
      receivedBytes += bytes.length;
      node.meters.ttsAudioBytes.increment(bytes.length);
      if (!firstHeard) {
        firstHeard = true;
        sink.firstAudio(node.clock.nanos() - firstSentAt);
      }
      sink.audio(bytes);
    }

    @Override
    public void words(List<Word> words) {
      if (attempt != this || speaking >= pieces.size()) {
        return;
      }
      Piece piece = pieces.get(speaking);
      int from = piece.startMs < 0 ? receivedMs() : piece.startMs;
      for (Word word : words) {
        // Those of a piece that has ended come too late to say anything of it.
        if (word.endMs() + baseMs > from) {
          piece.words.add(new Word(word.text(), word.startMs() + baseMs, word.endMs() + baseMs));
        }
      }
    }

    @Override
    public void segmentEnded() {
      if (attempt != this || speaking >= sending) {
        return;
      }
      Piece piece = pieces.get(speaking);
      if (piece.startMs < 0 || receivedMs() <= baseMs) {
        stream.cancel();
        failed(Stage.TTS, Kind.EMPTY, "a text was answered without any audio");
        return;
      }
      pieceEnded();
      pump();
    }

    @Override
    public void done() {
      if (attempt != this) {
        return;
      }
      if (heardBytes == 0 && speaking < pieces.size()) {
        failed(Stage.TTS, Kind.EMPTY, "speech ended without any audio");
        return;
      }
      while (speaking < sending) {
        pieceEnded();
      }
      attempt = null;
      choice.permit().succeeded();
      pump();
    }

    @Override
    public void failed(Failure failure) {
      if (attempt == this) {
        Synthesis.this.failed(this, failure);
      }
    }

    private void failed(Stage stage, Kind kind, String detail) {
      Synthesis.this.failed(this, new Failure(stage, kind, detail));
    }
  }

  /** Before a provider answered. */
  private static final class NoStream implements TtsStream {
    @Override
    public void speak(String text) {}

    @Override
    public void finish() {}

    @Override
    public void cancel() {}

    @Override
    public void pause() {}

    @Override
    public void resume() {}
  }
}

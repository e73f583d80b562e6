package io.voiceagent.tts;

import io.vertx.core.Vertx;
import io.voiceagent.call.CallId;
import io.voiceagent.call.Failure;
import io.voiceagent.call.Failure.Kind;
import io.voiceagent.call.Failure.Stage;
import io.voiceagent.call.Segment;
import io.voiceagent.call.TurnId;
import io.voiceagent.call.Word;
import io.voiceagent.resilience.Attempts;
import io.voiceagent.resilience.RetryBudget;
import java.time.Duration;
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
final class Synthesis implements SpeechAttempt.Owner {
  private static final Logger LOG = LoggerFactory.getLogger(Synthesis.class);
  /** How long an utterance may wait for a place at the provider. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  /** Who takes the sound. */
  interface Sink {
    void audio(byte[] bytes);

    void segmentEnd(Segment segment);

    void queued(int index, String text);

    /** Words of piece {@code index} whose place in the turn's audio is known; more of it may come. */
    default void timed(int index, List<Word> words) {}

    /** @param providerNanos text sent to this */
    void firstAudio(long providerNanos);

    /** The latest {@code bytes} of audio are no whole word: they are not to be heard where that can be prevented. */
    void retract(int bytes);

    void completed(int audioMs);

    void failed(String unspoken, Failure failure);
  }

  private final Vertx vertx;
  private final TtsNode node;
  private final Function<TtsProvider, TtsConnection> connections;
  /** Null for a text that is made ready for all calls. */
  private final @Nullable CallId call;

  private final TurnId turn;
  private final RetryBudget.OfCall budget;
  private final Sink sink;
  private final Pieces pieces;
  private final Map<String, Attempts> attempts = new HashMap<>();
  private final Set<String> failedAt = new HashSet<>();

  private @Nullable SpeechAttempt attempt;
  private @Nullable Long retryTimer;
  private String lastProvider = "";
  private final FirstSound firstSound = new FirstSound();
  private boolean ended;
  private boolean held;
  private boolean paused;
  /** An attempt failed, and what becomes of its pieces is being settled: none may begin meanwhile. */
  private boolean settling;

  private boolean over;

  Synthesis(
      Vertx vertx,
      TtsNode node,
      Function<TtsProvider, TtsConnection> connections,
      @Nullable CallId call,
      TurnId turn,
      RetryBudget.OfCall budget,
      Sink sink) {
    this.vertx = vertx;
    this.node = node;
    this.connections = connections;
    this.call = call;
    this.turn = turn;
    this.pieces = new Pieces(turn);
    this.budget = budget;
    this.sink = sink;
  }

  void speak(String text) {
    pieces.add(text);
    pump();
  }

  /** No more pieces. */
  void end() {
    ended = true;
    pump();
  }

  /** Pieces that the provider has not been given. */
  int unsent() {
    return pieces.unsent();
  }

  /** Pieces without all their sound. */
  int outstanding() {
    return pieces.outstanding();
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
      SpeechAttempt now = attempt;
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
      SpeechAttempt now = attempt;
      attempt = null;
      if (now != null) {
        now.cancel();
      }
    }
  }

  @Override
  public void pump() {
    if (over || settling || retryTimer != null) {
      return;
    }
    if (ended && outstanding() == 0 && attempt == null) {
      complete();
      return;
    }
    if (attempt == null && unsent() > 0) {
      begin();
    }
    SpeechAttempt now = attempt;
    while (now != null && now == attempt && unsent() > 0 && !held && !owesEnough()) {
      Pieces.Piece piece = pieces.send();
      firstSound.sent(node.clock.nanos());
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

  /** More sound would not fit into memory if nobody listened to what the provider owes. */
  private boolean owesEnough() {
    return pieces.owedMs() >= node.options.maxBuffered().toMillis();
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
      node.meters.providers.fellBack(lastProvider, name);
    }
    lastProvider = name;
    SpeechAttempt begun = new SpeechAttempt(choice.get(), pieces, node.clock, this);
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

  @Override
  public void failed(SpeechAttempt which, Failure failure) {
    attempt = null;
    which.choice.permit().failed(failure);
    count(failure);
    settling = true;
    keepWhatWasSpoken(which);
    pieces.unsend();
    settling = false;
    if (over) {
      return; // Media, which was told of it, wants no more.
    }
    String name = which.choice.entry().name();
    LOG.warn(
        "call {} turn {}: an attempt at {} failed: {}, {}",
        call,
        turn,
        name,
        failure.kind(),
        failure.detail());
    boolean others = node.providers.entries().stream()
        .anyMatch(entry -> !entry.name().equals(name)
            && !failedAt.contains(entry.name())
            && entry.breaker().remainingMs() == 0);
    if (ended && outstanding() == 0) {
      complete();
      return;
    }
    OptionalLong wait = others ? OptionalLong.of(0) : attemptsAt(name).waitBeforeNext(failure);
    if (others) {
      failedAt.add(name);
    }
    if (wait.isEmpty()) {
      fail(failure);
      return;
    }
    if (!others) {
      node.meters.providers.retried(name);
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

  /** What was cut: whole words stand, the sound behind them is taken back. */
  private void keepWhatWasSpoken(SpeechAttempt which) {
    int excess = pieces.cut(which.baseMs);
    if (excess > 0) {
      pieces.retracted(excess);
      sink.retract(excess);
    }
    if (pieces.cutAtItsEnd()) {
      pieceEnded();
    }
  }

  private void complete() {
    if (!over) {
      over = true;
      sink.completed(pieces.receivedMs());
    }
  }

  private void fail(Failure failure) {
    if (over) {
      return;
    }
    over = true;
    sink.failed(pieces.unspoken(), failure);
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

  private void stopTimer() {
    Long running = retryTimer;
    if (running != null) {
      vertx.cancelTimer(running);
      retryTimer = null;
    }
  }

  // ---- SpeechAttempt.Owner

  @Override
  public boolean current(SpeechAttempt which) {
    return attempt == which;
  }

  @Override
  public void queued(long nanos) {
    firstSound.queued(nanos);
  }

  @Override
  public void audioCame(byte[] bytes) {
    node.meters.ttsAudioBytes.increment(bytes.length);
    if (firstSound.heard()) {
      sink.firstAudio(firstSound.tookNanos(node.clock.nanos()));
    }
    sink.audio(bytes);
  }

  @Override
  public void wordsTimed(int index, List<Word> words) {
    sink.timed(index, words);
  }

  @Override
  public void pieceEnded() {
    sink.segmentEnd(pieces.ended());
  }

  @Override
  public void finished() {
    attempt = null;
    pump();
  }
}

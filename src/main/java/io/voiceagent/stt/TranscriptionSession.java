package io.voiceagent.stt;

import io.vertx.core.Vertx;
import io.voiceagent.audio.AudioFrame;
import io.voiceagent.bus.BusReader;
import io.voiceagent.bus.Mailbox;
import io.voiceagent.bus.StreamType;
import io.voiceagent.call.CallFact;
import io.voiceagent.call.CallId;
import io.voiceagent.call.Clock;
import io.voiceagent.call.Failure;
import io.voiceagent.call.Failure.Kind;
import io.voiceagent.call.Failure.Stage;
import io.voiceagent.resilience.Fallback;
import io.voiceagent.resilience.RetryBudget;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call's transcription. Frames go to the provider's socket as they come; what no final covers is kept and given to
 * the next socket when one dies, with the finalizes in their places, so that an outage costs time but no word.
 */
final class TranscriptionSession implements TranscriptionSocket.Owner {
  private static final Logger LOG = LoggerFactory.getLogger(TranscriptionSession.class);
  /** Audio behind an unasked final that may not be transcribed yet: what a provider may lag. */
  private static final long BORDER_NANOS = 3_000_000_000L;

  /** {@link #fillSilence()} is to be called this often. */
  static final int SILENCE_EVERY_MS = 100;

  private final Vertx vertx;
  private final SttNode node;
  private final Mailbox mailbox;
  private final CallId call;
  private final StreamType.Listen listen;
  private final BusReader<AudioFrame> audio;
  private final Function<SttProvider, SttConnection> connections;
  private final Runnable onEnd;
  private final AudioLog log;
  private final Reconnection reconnection;
  private final ToldWords words;

  private @Nullable TranscriptionSocket socket;
  private @Nullable Long retryTimer;
  private @Nullable Long finalizeTimer;
  private long lastFrameAt;
  private boolean over;

  TranscriptionSession(
      Vertx vertx,
      SttNode node,
      Mailbox mailbox,
      CallId call,
      StreamType.Listen listen,
      BusReader<AudioFrame> audio,
      AudioPages pages,
      Function<SttProvider, SttConnection> connections,
      RetryBudget.OfCall budget,
      Runnable onEnd) {
    this.vertx = vertx;
    this.node = node;
    this.mailbox = mailbox;
    this.call = call;
    this.listen = listen;
    this.audio = audio;
    this.words = new ToldWords(listen.finalsBefore());
    this.connections = connections;
    this.onEnd = onEnd;
    this.reconnection = new Reconnection(node, budget);
    this.log = new AudioLog(pages, bytes(node.options.replay().toMillis()));
  }

  void start() {
    audio.exceptionHandler(e -> stop());
    audio.endHandler(x -> stop());
    audio.handler(this::heard);
    lastFrameAt = now();
    node.budget.firstAttempt();
    connect();
  }

  /** The conversation wants to know what was said so far. */
  void finalizeTranscript() {
    if (over) {
      return;
    }
    TranscriptionSocket now = socket;
    if (now != null && now.endpoints) {
      return;
    }
    node.meters.sttFlushRequested.increment();
    log.addFinalize(now());
    pump();
  }

  /** Frees everything. Idempotent. */
  void stop() {
    if (over) {
      return;
    }
    over = true;
    cancel(retryTimer);
    cancel(finalizeTimer);
    node.meters.audioDroppedBytes.increment(log.waitingBytes());
    log.close();
    audio.cancel(new Failure(Stage.STT, Kind.CANCELLED, "the call is over"));
    TranscriptionSocket now = socket;
    socket = null;
    if (now != null) {
      now.choice.permit().released();
      now.stream.close();
    }
    onEnd.run();
  }

  private void heard(AudioFrame frame) {
    lastFrameAt = now();
    log.add(frame);
    pump();
    if (over) {
      return; // What was written ended the last attempt.
    }
    TranscriptionSocket now = socket;
    // A socket that is open and slow is behind for good: three seconds are the most that help.
    // Without a socket the
    // audio waits for the next one.
    int limit = now != null && now.open
        ? bytes(node.options.ring().toMillis())
        : bytes(node.options.replay().toMillis());
    int before = log.waitingBytes();
    int dropped = log.dropWaiting(Math.max(limit, now != null ? now.replaying : 0));
    if (dropped > 0) {
      node.meters.sttBackpressure.increment(dropped);
      node.meters.audioDroppedBytes.increment(before - log.waitingBytes());
    }
  }

  /** A provider that ends turns by silence must hear silence; one that closes idle sockets must hear something. */
  void fillSilence() {
    TranscriptionSocket now = socket;
    if (now == null || !now.open) {
      return;
    }
    long quietMs = (now() - lastFrameAt) / 1_000_000;
    if (quietMs >= node.options.silenceAfter().toMillis()
        && log.waitingBytes() == 0
        && !now.stream.full()) {
      byte[] silence = new byte[bytes(SILENCE_EVERY_MS)];
      Arrays.fill(silence, AudioFrame.SILENCE);
      now.stream.write(silence);
    }
  }

  private void connect() {
    retryTimer = null;
    reconnection
        .pick()
        .ifPresentOrElse(
            this::open,
            () -> again(new Failure(
                Stage.STT, Kind.BREAKER_OPEN, "no provider of transcription is available")));
  }

  private void open(Fallback.Choice<SttProvider> choice) {
    TranscriptionSocket next = new TranscriptionSocket(choice, words, node.clock, this);
    socket = next;
    next.stream = connections.apply(choice.entry().provider()).open(next);
  }

  /** Gives the socket what waits, in order, as long as it takes it. */
  private void pump() {
    TranscriptionSocket now = socket;
    while (now != null && now == socket && now.open) {
      AudioLog.Entry entry = log.peek();
      if (entry == null || now.stream.full()) {
        return;
      }
      AudioFrame frame = entry.frame();
      log.gave(now());
      if (frame != null) {
        now.replaying = Math.max(0, now.replaying - frame.bytes().length);
        now.stream.write(frame.bytes());
        if (!entry.repeated()) {
          node.meters.sttAudioBytes.increment(frame.bytes().length);
          node.meters.frameAge.record(Clock.millisBetween(frame.at(), now()));
        }
      } else {
        now.finalizedAt = now();
        now.stream.finalizeTranscript();
        if (finalizeTimer == null) {
          finalizeTimer =
              vertx.setTimer(node.options.finalizeTimeout().toMillis(), id -> finalizeLate());
        }
      }
    }
  }

  private void finalizeLate() {
    finalizeTimer = null;
    TranscriptionSocket now = socket;
    if (now != null && log.finalizing()) {
      node.meters.sttFlushTimeouts.increment();
      now.stream.close();
      lost(
          now,
          new Failure(
              Stage.STT,
              Kind.TIMEOUT,
              "a finalize had no answer within "
                  + node.options.finalizeTimeout().toMillis() + " ms"));
    }
  }

  @Override
  public void lost(TranscriptionSocket which, Failure failure) {
    if (which != socket || over) {
      return;
    }
    socket = null;
    LOG.info(
        "call {}: a socket of {} is lost: {}, {}",
        call,
        which.choice.entry().name(),
        failure.kind(),
        failure.detail());
    which.choice.permit().failed(failure);
    node.meters.sttErrors.increment();
    if (log.finalizing()) {
      node.meters.sttFlushErrors.increment();
    }
    cancel(finalizeTimer);
    finalizeTimer = null;
    boolean lasted = which.open
        && !log.finalizing()
        && now() - which.openedAt > node.options.maxOutage().toNanos();
    reconnection.lost(which.choice.entry().name(), failure, which.progressed || lasted, now());
    log.rewind();
    again(failure);
  }

  private void again(Failure failure) {
    OptionalLong wait = reconnection.waitAfter(failure, now());
    if (wait.isEmpty()) {
      tell(new CallFact.TranscriptionFailed(now(), failure));
      stop();
    } else {
      retryTimer = vertx.setTimer(wait.getAsLong(), id -> connect());
    }
  }

  private void cancel(@Nullable Long timer) {
    if (timer != null) {
      vertx.cancelTimer(timer);
    }
  }

  private long now() {
    return node.clock.nanos();
  }

  private static int bytes(long ms) {
    return (int) ms * AudioFrame.BYTES_PER_MS;
  }

  // ---- TranscriptionSocket.Owner

  @Override
  public boolean current(TranscriptionSocket which) {
    return socket == which;
  }

  @Override
  public void opened(TranscriptionSocket which) {
    reconnection.opened();
    which.replaying = log.waitingBytes();
    words.newSocket(log.waitingBytes(), log.addedBytes());
    pump();
  }

  @Override
  public void drained() {
    pump();
  }

  @Override
  public long heardBytes() {
    return log.addedBytes();
  }

  @Override
  public void transcribed() {
    log.covered(now() - BORDER_NANOS);
  }

  @Override
  public boolean flushed() {
    if (log.flushed() == 0) {
      return false;
    }
    words.flushed();
    TranscriptionSocket answering = socket;
    if (answering != null) {
      node.meters.providers.answered(
          answering.choice.entry().name(), now() - answering.finalizedAt);
    }
    if (!log.finalizing()) {
      cancel(finalizeTimer);
      finalizeTimer = null;
    }
    return true;
  }

  @Override
  public void tell(CallFact fact) {
    mailbox.tell(listen.conversation(), call, fact);
  }
}

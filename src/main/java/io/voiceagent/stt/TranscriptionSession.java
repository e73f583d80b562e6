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
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call's transcription. Frames go to the provider's socket as they come; what no final covers is kept and given to
 * the next socket when one dies, with the finalizes in their places, so that an outage costs time but no word.
 */
final class TranscriptionSession {
  private static final Logger LOG = LoggerFactory.getLogger(TranscriptionSession.class);
  /** Audio behind an unasked final that may not be transcribed yet: what a provider may lag. */
  private static final long BORDER_NANOS = 3_000_000_000L;

  private static final int SHORTEST_WORD_MS = 100;
  private static final int MAX_TOLD = 2000;

  private static final int SILENCE_EVERY_MS = 100;
  private static final int FIRST_WAIT_MS = 50;
  private static final int MAX_WAIT_MS = 1000;

  private final Vertx vertx;
  private final SttNode node;
  private final Mailbox mailbox;
  private final CallId call;
  private final StreamType.Listen listen;
  private final BusReader<AudioFrame> audio;
  private final Function<SttProvider, SttConnection> connections;
  private final RetryBudget.OfCall budget;
  private final Runnable onEnd;
  private final AudioLog log;
  private final Set<String> failedAt = new HashSet<>();

  private @Nullable Socket socket;
  private @Nullable Long retryTimer;
  private @Nullable Long finalizeTimer;
  private @Nullable Long silenceTimer;
  private String lastProvider = "";
  private int waitMs = FIRST_WAIT_MS;
  /** When the first of the failures without progress between them was; 0 when all is well. */
  private long outageSince;

  private long lastFrameAt;
  private int seq;
  /** Finals since the last flush: the log may still hold some of their audio. */
  private final StringBuilder told = new StringBuilder();

  private boolean over;

  TranscriptionSession(
      Vertx vertx,
      SttNode node,
      Mailbox mailbox,
      CallId call,
      StreamType.Listen listen,
      BusReader<AudioFrame> audio,
      Function<SttProvider, SttConnection> connections,
      RetryBudget.OfCall budget,
      Runnable onEnd) {
    this.vertx = vertx;
    this.node = node;
    this.mailbox = mailbox;
    this.call = call;
    this.listen = listen;
    this.audio = audio;
    this.connections = connections;
    this.budget = budget;
    this.onEnd = onEnd;
    this.log = new AudioLog(bytes(node.options.replay().toMillis()));
  }

  void start() {
    audio.exceptionHandler(e -> stop());
    audio.endHandler(x -> stop());
    audio.handler(this::heard);
    lastFrameAt = now();
    node.budget.firstAttempt();
    silenceTimer = vertx.setPeriodic(SILENCE_EVERY_MS, id -> fillSilence());
    connect();
  }

  /** The conversation wants to know what was said so far. */
  void finalizeTranscript() {
    if (over) {
      return;
    }
    Socket now = socket;
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
    cancel(silenceTimer);
    node.meters.audioDroppedBytes.increment(log.waitingBytes());
    audio.cancel(new Failure(Stage.STT, Kind.CANCELLED, "the call is over"));
    Socket now = socket;
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
    Socket now = socket;
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
  private void fillSilence() {
    Socket now = socket;
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
    var choice = node.providers.pick(entry -> !failedAt.contains(entry.name()));
    if (choice.isEmpty() && !failedAt.isEmpty()) {
      failedAt.clear();
      choice = node.providers.pick(entry -> true);
    }
    if (choice.isEmpty()) {
      again(new Failure(Stage.STT, Kind.BREAKER_OPEN, "no provider of transcription is available"));
      return;
    }
    String name = choice.get().entry().name();
    if (!lastProvider.isEmpty() && !lastProvider.equals(name)) {
      node.meters.fellBack(lastProvider, name);
    }
    lastProvider = name;
    Socket next = new Socket(choice.get());
    socket = next;
    next.stream = connections.apply(choice.get().entry().provider()).open(next);
  }

  /** Gives the socket what waits, in order, as long as it takes it. */
  private void pump() {
    Socket now = socket;
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
    Socket now = socket;
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

  private void lost(Socket which, Failure failure) {
    if (which != socket || over) {
      return;
    }
    socket = null;
    LOG.info(
        "a socket of {} is lost: {}, {}",
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
    if (which.progressed || lasted || outageSince == 0) {
      outageSince = now();
      waitMs = FIRST_WAIT_MS;
    }
    log.rewind();
    if (!failure.retryable() || node.providers.entries().size() > 1) {
      failedAt.add(which.choice.entry().name());
    }
    again(failure);
  }

  private void again(Failure failure) {
    boolean others = node.providers.entries().stream()
        .anyMatch(entry -> !entry.name().equals(lastProvider)
            && !failedAt.contains(entry.name())
            && entry.breaker().remainingMs() == 0);
    boolean hopeless = !failure.retryable() && failure.kind() != Kind.BREAKER_OPEN && !others;
    if (outageSince == 0) {
      outageSince = now();
    }
    long outMs = (now() - outageSince) / 1_000_000;
    if (hopeless || outMs >= node.options.maxOutage().toMillis()) {
      tell(new CallFact.TranscriptionFailed(now(), failure));
      stop();
      return;
    }
    long wait = others ? 1 : Math.max(failure.retryAfterMs(), jittered(waitMs));
    waitMs = Math.min(MAX_WAIT_MS, waitMs * 2);
    if (!lastProvider.isEmpty() && failure.kind() != Kind.BREAKER_OPEN) {
      if (!budget.tryTake()) {
        wait = Math.max(wait, MAX_WAIT_MS);
      }
      if (!others) {
        node.meters.retried(lastProvider);
      }
    }
    retryTimer = vertx.setTimer(wait, id -> connect());
  }

  private static long jittered(int ms) {
    return ms / 2 + 1 + ThreadLocalRandom.current().nextInt(ms / 2 + 1);
  }

  private void tell(CallFact fact) {
    mailbox.tell(listen.conversation(), call, fact);
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

  /** One socket. What it says after it is no longer the current one is not heard. */
  private final class Socket implements SttListener {
    final Fallback.Choice<SttProvider> choice;
    final boolean endpoints;
    SttStream stream = NoStream.NONE;
    boolean open;
    long openedAt;
    /** Audio that waited for this socket: more than the ring holds, and still wanted. */
    int replaying;

    /** It gave a final or a flush, so that what comes is a new outage; interims alone may go round for ever. */
    boolean progressed;
    /** It gave a final. */
    boolean spoke;
    /** What its first finals may repeat. */
    Overlap overlap = Overlap.NONE;

    long finalizedAt;

    Socket(Fallback.Choice<SttProvider> choice) {
      this.choice = choice;
      this.endpoints = choice.entry().provider().endpoints();
    }

    @Override
    public void opened() {
      if (socket != this) {
        stream.close();
        return;
      }
      open = true;
      openedAt = now();
      failedAt.clear();
      choice.permit().succeeded();
      replaying = log.waitingBytes();
      int most = log.waitingBytes() / bytes(SHORTEST_WORD_MS) + 1;
      overlap = new Overlap(told.toString(), log.waitingBytes() == 0 ? 0 : most);
      pump();
    }

    @Override
    public void drained() {
      if (socket == this) {
        pump();
      }
    }

    @Override
    public void interim(String text) {
      if (socket != this) {
        return;
      }
      String fresh = apart(overlap.preview(text));
      if (!fresh.isBlank()) {
        tell(new CallFact.InterimTranscript(now(), fresh));
      }
    }

    @Override
    public void finalText(String text) {
      if (socket != this) {
        return;
      }
      progressed = true;
      String fresh = apart(overlap.strip(text));
      log.covered(now() - BORDER_NANOS);
      told.append(text);
      told.delete(0, Math.max(0, told.length() - MAX_TOLD));
      if (!fresh.isBlank()) {
        spoke = true;
        tell(new CallFact.FinalTranscript(now(), ++seq, fresh));
      }
    }

    /** Finals are joined verbatim, but a new socket does not know that there were words before its own. */
    private String apart(String text) {
      boolean joined = spoke || seq == 0 || text.isBlank();
      return joined || Character.isWhitespace(text.charAt(0)) ? text : " " + text;
    }

    @Override
    public void flushed() {
      if (socket != this) {
        return;
      }
      progressed = true;
      if (log.flushed() == 0) {
        return;
      }
      told.setLength(0);
      if (!log.finalizing()) {
        cancel(finalizeTimer);
        finalizeTimer = null;
      }
      tell(new CallFact.TranscriptFlushed(now(), now() - finalizedAt));
    }

    @Override
    public void turnStarted() {
      if (socket == this) {
        tell(new CallFact.ProviderTurnStarted(now()));
      }
    }

    @Override
    public void turnEagerEnd(String text) {
      if (socket == this) {
        tell(new CallFact.ProviderTurnEagerEnd(now(), text));
      }
    }

    @Override
    public void turnResumed() {
      if (socket == this) {
        tell(new CallFact.ProviderTurnResumed(now()));
      }
    }

    @Override
    public void turnEnded(String text) {
      if (socket == this) {
        progressed = true;
        log.covered(now() - BORDER_NANOS);
        tell(new CallFact.ProviderTurnEnded(now(), ++seq, text));
      }
    }

    @Override
    public void failed(Failure failure) {
      lost(this, failure);
    }
  }

  /** Before a provider answered. */
  private enum NoStream implements SttStream {
    NONE;

    @Override
    public void write(byte[] mulaw) {}

    @Override
    public boolean full() {
      return true;
    }

    @Override
    public void finalizeTranscript() {}

    @Override
    public void close() {}
  }
}

package io.voiceagent.tts.cartesia;

import io.voiceagent.audio.AudioFrame;
import io.voiceagent.call.Failure;
import io.voiceagent.call.Failure.Kind;
import io.voiceagent.call.Failure.Stage;
import io.voiceagent.call.FailureException;
import io.voiceagent.call.Word;
import io.voiceagent.resilience.Gate;
import io.voiceagent.tts.TtsListener;
import io.voiceagent.tts.TtsStream;
import io.voiceagent.tts.cartesia.CartesiaSocket.Left;
import java.time.Duration;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * One utterance: usually one context. A context expires a second after its last audio, so an utterance whose text pauses
 * longer goes on in a new one. Each piece is followed by a flush, whose answer marks the end of its audio.
 */
final class CartesiaStream implements TtsStream {
  private final CartesiaSockets sockets;
  private final TtsListener listener;
  private final Duration patience;
  /** Pieces that wait for a place at the provider. */
  private final ArrayDeque<String> waiting = new ArrayDeque<>();

  private final AudioWait wait;

  private @Nullable CartesiaSocket socket;
  private Gate.@Nullable Ticket ticket;
  private String context = "";
  private boolean entered;
  private boolean finishing;
  private boolean over;
  private boolean pausing;
  /** Of this context: pieces flushed, and those whose end came. */
  private int flushed;

  private int ended;
  private int receivedBytes;
  private int contextBaseMs;
  private boolean heardInContext;
  /** Sound came behind the last piece whose end was told. */
  private boolean soundedSinceEnd;

  private boolean contextOver;
  private long askedAt;
  private long sentAt;
  /** Last sign of life of this context, for its expiry. */
  private long touchedAt;

  CartesiaStream(CartesiaSockets sockets, TtsListener listener, Duration patience) {
    this.sockets = sockets;
    this.listener = listener;
    this.patience = patience;
    this.wait = new AudioWait(sockets.vertx, sockets.account.clock, this::overdue);
  }

  @Override
  public void speak(String text) {
    if (over || finishing) {
      return;
    }
    waiting.add(text);
    if (ticket == null) {
      askedAt = now();
      Gate.Ticket mine = sockets.account.gate.enter(now(), patience.toMillis());
      ticket = mine;
      mine.entered().onSuccess(x -> entered()).onFailure(this::refused);
    } else if (entered) {
      sendWaiting();
    }
  }

  @Override
  public void finish() {
    if (over || finishing) {
      return;
    }
    finishing = true;
    if (waiting.isEmpty()) {
      sendFinish();
    }
  }

  @Override
  public void cancel() {
    if (over) {
      return;
    }
    if (!context.isEmpty() && socket != null) {
      socket.send(sockets.codec.cancel(context));
    }
    close(Left.CANCELLED);
  }

  @Override
  public void abandon() {
    CartesiaSocket left = socket;
    cancel();
    if (left != null) {
      left.retire();
    }
  }

  @Override
  public void pause() {
    if (!pausing && !over && socket != null) {
      pausing = true;
      socket.pause();
    }
  }

  @Override
  public void resume() {
    if (pausing && socket != null) {
      pausing = false;
      socket.resume();
    }
  }

  /** The socket was paused, be it by us or by another that shares it. */
  void heldUp() {
    wait.anew();
    listener.heldUp();
  }

  boolean audible() {
    return heardInContext;
  }

  void heard(CartesiaEvent event) {
    touchedAt = now();
    wait.anew();
    if (event instanceof CartesiaEvent.Chunk chunk) {
      audio(chunk.audio());
    } else if (event instanceof CartesiaEvent.Timestamps timestamps) {
      listener.words(timestamps.words().stream().map(this::shifted).toList());
    } else if (event instanceof CartesiaEvent.FlushDone flush) {
      int until = flush.flushId() > 0 ? Math.min(flush.flushId(), flushed) : ended + 1;
      while (!over && ended < until) {
        ended++;
        soundedSinceEnd = false;
        listener.segmentEnded();
      }
      completeWhenSpoken();
    } else if (event instanceof CartesiaEvent.Done) {
      done();
    } else if (event instanceof CartesiaEvent.Failed failed) {
      failed(failed);
    }
  }

  /** What was sent behind the message that failed may have opened the context anew, and a failure may name none. */
  private void failed(CartesiaEvent.Failed failed) {
    if (socket != null) {
      socket.send(sockets.codec.cancel(context));
    }
    fail(failed.failure(), failed.context().isEmpty() ? Left.CANCELLED : Left.ENDED);
  }

  /** The socket is gone. */
  void lost(Failure failure) {
    fail(failure, Left.ENDED);
  }

  private void audio(byte[] bytes) {
    if (bytes.length == 0) {
      return;
    }
    if (!heardInContext) {
      heardInContext = true;
      wait.limit(limit());
      sockets.account.meters.providers.firstByte(sockets.account.name, now() - sentAt);
    }
    soundedSinceEnd = true;
    receivedBytes += bytes.length;
    listener.audio(bytes);
  }

  private Word shifted(Word word) {
    return new Word(word.text(), word.startMs() + contextBaseMs, word.endMs() + contextBaseMs);
  }

  private void entered() {
    if (over) {
      return;
    }
    entered = true;
    listener.queued(now() - askedAt);
    sendWaiting();
    if (finishing) {
      sendFinish();
    }
  }

  private void refused(Throwable cause) {
    if (!over) {
      ticket = null;
      fail(FailureException.of(Stage.TTS, cause), Left.ENDED);
    }
  }

  private void sendWaiting() {
    boolean quiet = ended == flushed;
    boolean expired =
        quiet && now() - touchedAt > sockets.account.options.contextIdle().toNanos();
    if (socket == null || expired || contextOver) {
      newContext();
    }
    if (quiet) {
      wait.anew();
    }
    CartesiaSocket to = socket;
    while (!over && to != null && !waiting.isEmpty()) {
      to.send(sockets.codec.speak(context, waiting.remove() + " ", true));
      to.send(sockets.codec.flush(context));
      flushed++;
    }
    touchedAt = now();
    if (!over) {
      wait.limit(limit());
    }
  }

  private void newContext() {
    if (socket != null) {
      boolean paused = pausing;
      resume();
      finishContext();
      socket.bury(context, null, contextOver ? Left.ENDED : Left.FINISHED);
      pausing = paused;
    }
    CartesiaSocket next = sockets.choose();
    socket = next;
    if (pausing) {
      next.pause();
    }
    context = sockets.nextContext();
    flushed = 0;
    ended = 0;
    heardInContext = false;
    soundedSinceEnd = false;
    contextOver = false;
    contextBaseMs = receivedBytes / AudioFrame.BYTES_PER_MS;
    sentAt = now();
    next.add(context, this);
  }

  private void sendFinish() {
    finishContext();
    completeWhenSpoken();
  }

  /** Of a context that is over this would make a new one. */
  private void finishContext() {
    if (!contextOver && socket != null) {
      socket.send(sockets.codec.speak(context, "", false));
    }
  }

  /** With nothing outstanding all is said: the provider's own word for it may never come. */
  private void completeWhenSpoken() {
    if (finishing && waiting.isEmpty() && ended == flushed && !over) {
      close(contextOver ? Left.ENDED : Left.FINISHED);
      listener.done();
    }
  }

  private void done() {
    if (!finishing) {
      // The provider ended a context that we had not, for example since it expired.
      contextOver = true;
      if (ended < flushed) {
        fail(
            new Failure(Stage.TTS, Kind.TRUNCATED, "Cartesia ended the context early"), Left.ENDED);
      }
      return;
    }
    // A server that says nothing of flushes has told no ends: what sounded since the last one is
    // all of the rest.
    while (!over && ended < flushed && !soundedSinceEnd) {
      ended++;
      listener.segmentEnded();
    }
    if (!over) {
      close(Left.ENDED);
      listener.done();
    }
  }

  private void fail(Failure failure, Left how) {
    if (!over) {
      close(how);
      listener.failed(failure);
    }
  }

  private void close(Left how) {
    over = true;
    waiting.clear();
    wait.stop();
    if (socket != null) {
      resume();
      socket.bury(context, ticket, how);
    } else if (ticket != null) {
      ticket.leave();
    }
  }

  private Duration limit() {
    return heardInContext
        ? sockets.account.options.nextAudioTimeout()
        : sockets.account.options.firstAudioTimeout();
  }

  private void overdue() {
    if (ended == flushed) {
      return;
    }
    if (socket != null && socket.paused()) {
      wait.anew();
      wait.limit(limit());
      return;
    }
    String what = heardInContext ? "no further audio" : "no audio";
    abandon();
    listener.failed(new Failure(
        Stage.TTS, Kind.TIMEOUT, what + " from Cartesia within " + limit().toMillis() + " ms"));
  }

  private long now() {
    return sockets.account.clock.nanos();
  }
}

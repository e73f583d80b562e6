package io.voiceagent.tts;

import io.voiceagent.audio.AudioFrame;
import io.voiceagent.bus.BusWriter;
import io.voiceagent.bus.Mailbox;
import io.voiceagent.bus.StreamType;
import io.voiceagent.call.CallId;
import io.voiceagent.call.Failure;
import io.voiceagent.call.FailureException;
import io.voiceagent.call.SpeechItem;
import io.voiceagent.call.SpeechRequest;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * An utterance's way to media. Sound that media has no credit for waits here, and can still be taken back; how much may
 * wait is for the owner to see to.
 */
final class Outlet {
  /** Whose utterance it is. */
  interface Owner {
    /** Something went, or the way is open now. */
    void moved();

    /** Media does not want this turn, or is gone. */
    void refused(Failure failure);
  }

  private final Mailbox mailbox;
  private final CallId call;
  private final SpeechRequest request;
  private final Owner owner;
  private final ArrayDeque<SpeechItem> waiting = new ArrayDeque<>();
  private @Nullable BusWriter<SpeechItem> media;
  private @Nullable Failure closed;
  private int waitingBytes;
  private boolean opening;

  Outlet(Mailbox mailbox, CallId call, SpeechRequest request, Owner owner) {
    this.mailbox = mailbox;
    this.call = call;
    this.request = request;
    this.owner = owner;
  }

  /** To be called early: the way is opened while the provider makes the first sound. Idempotent. */
  void open() {
    if (opening || media != null || closed != null) {
      return;
    }
    opening = true;
    mailbox
        .open(
            request.media(),
            StreamType.AGENT_AUDIO,
            call,
            new StreamType.Play(request.turn(), request.givesWay()))
        .onSuccess(this::opened)
        .onFailure(cause -> {
          opening = false;
          owner.refused(FailureException.of(Failure.Stage.BUS, cause));
        });
  }

  void add(SpeechItem item) {
    if (closed == null) {
      if (item instanceof SpeechItem.Audio sound) {
        waitingBytes += sound.bytes().length;
      }
      waiting.add(item);
      drain();
    }
  }

  /** The latest {@code bytes} of sound are not to be heard: from what waits they go, for the rest media is asked. */
  void retract(int bytes) {
    int taken = SoundTail.cut(waiting, bytes);
    waitingBytes -= taken;
    if (taken < bytes) {
      add(new SpeechItem.Audio(new byte[0], bytes - taken));
    }
  }

  int waitingBytes() {
    return waitingBytes;
  }

  long waitingMs() {
    return waitingBytes / AudioFrame.BYTES_PER_MS;
  }

  /** Nothing waits, be it that nothing came or that all has gone. */
  boolean through() {
    return waiting.isEmpty() && !opening;
  }

  /** All has gone and no more will come. */
  void end() {
    if (media != null) {
      media.end();
    }
  }

  /** What waits is dropped, and media is told unless it said so itself. */
  void fail(Failure failure, boolean tellMedia) {
    closed = failure;
    waiting.clear();
    waitingBytes = 0;
    if (tellMedia && media != null) {
      media.fail(failure);
    }
  }

  private void opened(BusWriter<SpeechItem> writer) {
    opening = false;
    Failure over = closed;
    if (over != null) {
      writer.fail(over);
      return;
    }
    media = writer;
    writer.drainHandler(x -> drain());
    writer.cancelHandler(owner::refused);
    drain();
  }

  private void drain() {
    BusWriter<SpeechItem> to = media;
    while (to != null && closed == null && !waiting.isEmpty() && !to.writeQueueFull()) {
      SpeechItem item = waiting.remove();
      if (item instanceof SpeechItem.Audio sound) {
        waitingBytes -= sound.bytes().length;
      }
      to.write(item);
    }
    owner.moved();
  }
}

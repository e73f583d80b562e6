package io.voiceagent.media;

import io.voiceagent.audio.AudioFrame;
import io.voiceagent.bus.Mailbox;
import io.voiceagent.bus.StreamType;
import io.voiceagent.call.CallFact;
import io.voiceagent.call.CallInfo;
import io.voiceagent.call.CallOrder;
import io.voiceagent.call.Clock;
import io.voiceagent.call.Failure;
import io.voiceagent.call.FailureException;
import io.voiceagent.call.StageAddress;
import org.jspecify.annotations.Nullable;

/** Who transcribes the caller: the last that was ordered, whatever becomes of those before. */
final class Listening {
  private final CallerAudio audio;
  private final Mailbox mailbox;
  private final CallInfo info;
  private final StageAddress conversation;
  private final Clock clock;
  private CallOrder.@Nullable ListenWith ordered;
  private CallOrder.@Nullable ListenWith served;
  private CallOrder.@Nullable FinalizeTranscript finalizing;
  private boolean closed;

  Listening(
      CallerAudio audio, Mailbox mailbox, CallInfo info, StageAddress conversation, Clock clock) {
    this.audio = audio;
    this.mailbox = mailbox;
    this.info = info;
    this.conversation = conversation;
    this.clock = clock;
  }

  void accept(AudioFrame frame) {
    audio.accept(frame);
    finalizeWhenGiven();
  }

  void listenWith(CallOrder.ListenWith order) {
    ordered = order;
    StreamType.Listen open =
        new StreamType.Listen(info, order.conversation(), order.finalsBefore());
    mailbox
        .open(order.stt(), StreamType.CALLER_AUDIO, info.id(), open)
        .onSuccess(writer -> {
          if (closed || order != ordered) {
            writer.fail(new Failure(
                Failure.Stage.CARRIER, Failure.Kind.CANCELLED, "another one listens, or nobody"));
          } else {
            audio.writeTo(writer, order.replayAt(), failure -> lost(order, failure));
            served = order;
            finalizeWhenGiven();
          }
        })
        .onFailure(cause -> lost(order, FailureException.of(Failure.Stage.STT, cause)));
  }

  /** Behind all audio so far, which a new transcriber may not have been given yet. */
  void finalizeTranscript(CallOrder.FinalizeTranscript order) {
    finalizing = order;
    finalizeWhenGiven();
  }

  void close() {
    closed = true;
    audio.close();
  }

  private void finalizeWhenGiven() {
    CallOrder.FinalizeTranscript order = finalizing;
    CallOrder.ListenWith to = ordered;
    if (order != null && to != null && to == served && audio.given()) {
      finalizing = null;
      mailbox.tell(to.stt(), info.id(), order);
    }
  }

  private void lost(CallOrder.ListenWith order, Failure failure) {
    if (!closed && order == ordered) {
      mailbox.tell(
          conversation,
          info.id(),
          new CallFact.TranscriptionFailed(clock.nanos(), failure, order.stt().busAddress()));
    }
  }
}

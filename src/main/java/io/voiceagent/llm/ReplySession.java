package io.voiceagent.llm;

import io.vertx.core.Vertx;
import io.voiceagent.bus.BusWriter;
import io.voiceagent.bus.Mailbox;
import io.voiceagent.bus.StreamType;
import io.voiceagent.call.CallFact;
import io.voiceagent.call.CallId;
import io.voiceagent.call.CallOrder;
import io.voiceagent.call.Clock;
import io.voiceagent.call.Failure;
import io.voiceagent.call.FailureException;
import io.voiceagent.call.StageAddress;
import io.voiceagent.call.TextDelta;
import io.voiceagent.call.ToolCall;
import io.voiceagent.call.TurnId;
import io.voiceagent.metrics.VoiceMeters;
import io.voiceagent.resilience.RetryBudget;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One reply: from the order to its last word. Text goes to the voice under the voice's credit; without credit the
 * provider's socket is not read.
 */
final class ReplySession implements ReplySource.Sink {
  /** Deltas that may wait for the voice's stream to open. */
  private static final int HIGH_WATER = 32;

  private final CallId call;
  private final CallOrder.GenerateReply order;
  private final Mailbox mailbox;
  private final Clock clock;
  private final Runnable onEnd;
  private final StringBuilder text = new StringBuilder();
  private final ArrayDeque<TextDelta> waiting = new ArrayDeque<>();
  private final ReplySource source;
  private final VoiceMeters meters;
  private @Nullable BusWriter<TextDelta> writer;
  private boolean opening;
  private int received;
  private boolean complete;
  private boolean held;
  private boolean over;

  ReplySession(
      CallId call,
      CallOrder.GenerateReply order,
      Mailbox mailbox,
      LlmNode node,
      Map<String, LlmConnection> connections,
      RetryBudget.OfCall budget,
      Vertx vertx,
      Runnable onEnd) {
    this.call = call;
    this.order = order;
    this.mailbox = mailbox;
    this.clock = node.clock;
    this.source = new ReplySource(vertx, node, connections, budget, call, order, this);
    this.onEnd = onEnd;
    this.held = order.held();
    this.meters = node.meters;
  }

  TurnId turn() {
    return order.speech().turn();
  }

  void start() {
    source.start();
  }

  /** The reply was begun early and is wanted: what came so far may be spoken. */
  void commit() {
    if (over || !held) {
      return;
    }
    held = false;
    if (!waiting.isEmpty()) {
      open();
    }
    drain();
  }

  StageAddress conversation() {
    return order.speech().conversation();
  }

  /** Who asked counts as gone. If only the two nodes do not hear each other, it asks for the rest. */
  void askerLost() {
    if (over) {
      return;
    }
    source.cancel();
    if (held) {
      waiting.clear();
    }
    failed(new Failure(Failure.Stage.LLM, Failure.Kind.PEER_LOST, "who asked is lost"));
  }

  /** Nobody wants the rest. */
  void cancel() {
    if (over) {
      return;
    }
    if (held) {
      meters.speculationWasted.increment(received);
    }
    source.cancel();
    if (writer != null) {
      writer.fail(new Failure(Failure.Stage.LLM, Failure.Kind.CANCELLED, "the turn is over"));
    }
    end();
  }

  // ---- ReplySource.Sink

  @Override
  public void text(String delta, long waitedNanos) {
    if (over) {
      return;
    }
    if (text.length() == 0) {
      tell(new CallFact.FirstToken(clock.nanos(), turn(), waitedNanos));
    }
    text.append(delta);
    received++;
    waiting.add(new TextDelta(delta));
    if (writer == null && !opening && !held) {
      open();
    }
    drain();
  }

  @Override
  public void completed(List<ToolCall> toolCalls, boolean truncated) {
    if (over) {
      return;
    }
    complete = true;
    tell(new CallFact.ReplyCompleted(clock.nanos(), turn(), text.toString(), toolCalls, truncated));
    finish();
  }

  @Override
  public void failed(Failure failure) {
    if (over) {
      return;
    }
    complete = true;
    tell(new CallFact.ReplyFailed(clock.nanos(), turn(), text.toString(), failure));
    finish();
  }

  private void open() {
    opening = true;
    mailbox
        .open(order.speech().tts(), StreamType.REPLY_TEXT, call, order.speech())
        .onSuccess(opened -> {
          opening = false;
          if (over) {
            opened.fail(new Failure(Failure.Stage.LLM, Failure.Kind.CANCELLED, "the turn is over"));
            return;
          }
          writer = opened;
          opened.drainHandler(x -> drain());
          opened.cancelHandler(this::voiceCancelled);
          drain();
          finish();
        })
        .onFailure(cause -> {
          opening = false;
          voiceLost(text.toString(), FailureException.of(Failure.Stage.TTS, cause));
        });
  }

  private void drain() {
    BusWriter<TextDelta> to = writer;
    while (to != null && !waiting.isEmpty() && !to.writeQueueFull()) {
      to.write(waiting.remove());
    }
    if (!complete) {
      boolean blocked = to != null && !waiting.isEmpty() || waiting.size() > HIGH_WATER;
      if (blocked) {
        source.pause();
      } else {
        source.resume();
      }
    }
    if (complete) {
      finish();
    }
  }

  /** All text is written: end the stream, and with it this session. */
  private void finish() {
    if (over || !complete || opening || !waiting.isEmpty()) {
      return;
    }
    if (writer != null) {
      writer.end();
    }
    end();
  }

  /** The voice does not want more and has told the conversation why; unless it is the line to it that is lost. */
  private void voiceCancelled(Failure reason) {
    if (reason.kind() == Failure.Kind.PEER_LOST) {
      voiceLost("", reason);
    } else {
      source.cancel();
      end();
    }
  }

  private void voiceLost(String unspoken, Failure failure) {
    if (over) {
      return;
    }
    source.cancel();
    end();
    String voice = order.speech().tts().busAddress();
    tell(new CallFact.SpeechFailed(clock.nanos(), turn(), unspoken, failure, voice));
  }

  private void end() {
    if (!over) {
      over = true;
      waiting.clear();
      onEnd.run();
    }
  }

  private void tell(CallFact fact) {
    mailbox.tell(order.speech().conversation(), call, fact);
  }
}

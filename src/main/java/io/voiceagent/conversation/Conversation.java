package io.voiceagent.conversation;

import io.vertx.core.Vertx;
import io.voiceagent.bus.BusWriter;
import io.voiceagent.bus.Mailbox;
import io.voiceagent.bus.StreamType;
import io.voiceagent.call.CallFact;
import io.voiceagent.call.CallInfo;
import io.voiceagent.call.CallOrder;
import io.voiceagent.call.CallView;
import io.voiceagent.call.Failure;
import io.voiceagent.call.FailureException;
import io.voiceagent.call.SpeechRequest;
import io.voiceagent.call.StageAddress;
import io.voiceagent.call.StageAddress.Stage;
import io.voiceagent.call.TextDelta;
import io.voiceagent.call.TurnId;
import io.voiceagent.cluster.CallKernel;
import io.voiceagent.turn.Timer;
import io.voiceagent.turn.TurnEffect;
import io.voiceagent.turn.TurnEvent;
import io.voiceagent.turn.TurnMachine;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One call: the pure machine, and around it the hands that do what it decides. */
final class Conversation {
  private static final Logger LOG = LoggerFactory.getLogger(Conversation.class);
  /** The carrier is gone by then, or will not tell. */
  private static final long LEAVING_MS = 2000;

  private final Vertx vertx;
  private final Mailbox mailbox;
  private final ConversationNode node;
  private final CallInfo info;
  private final StageAddress media;
  private final Stages stages;
  private final Served served;
  private final KernelKeeper kernel;
  private final boolean resumed;
  private final long startedAt;
  private final long brokeMs;
  private final TurnMachine machine;
  private final CallRecord record;
  private final Journals.Journal journal;
  private final FinalWaits finalWaits;
  private final Runnable onEnd;
  private final Map<Timer, Long> timers = new EnumMap<>(Timer.class);
  private final ArrayDeque<TurnEvent> waiting = new ArrayDeque<>();
  private long leaving = -1;
  private boolean deciding;
  private boolean released;

  Conversation(
      Vertx vertx,
      Mailbox mailbox,
      ConversationNode node,
      CallOrder.OpenCall open,
      FinalWaits finalWaits,
      Runnable onEnd) {
    this.vertx = vertx;
    this.mailbox = mailbox;
    this.node = node;
    this.info = open.info();
    this.media = open.media();
    StageAddress self = mailbox.self();
    this.stages = new Stages(node.placement(), self);
    this.resumed = open.resumed() && node.kernels().kept();
    this.startedAt = open.at();
    this.brokeMs = open.brokeMs();
    this.machine = new TurnMachine(node.options());
    this.served = new Served(
        vertx,
        mailbox,
        info.id(),
        media,
        stages,
        machine::untranscribedSince,
        (stage, finalsBefore) -> stageLost(stage, finalsBefore));
    this.record = new CallRecord(info, self.node());
    this.journal = node.journals().open(info, context(info));
    this.finalWaits = finalWaits;
    this.onEnd = onEnd;
    this.kernel = new KernelKeeper(vertx, node, info, self.node(), machine);
    machine.context(context(info));
  }

  void start() {
    served.start();
    // What happens while the history is looked for waits for its turn.
    deciding = resumed;
    finalWaits
        .p99()
        .ifPresent(p99 -> decide(new TurnEvent.TranscriberMeasured(node.clock().nanos(), p99)));
    if (resumed) {
      node.kernels().find(info.id()).onComplete(found -> {
        deciding = false;
        resume(
            found.succeeded()
                ? found.result().map(before -> before.heardUntil(brokeMs)).orElse(null)
                : null);
      });
    } else {
      decide(new TurnEvent.Started(node.clock().nanos()));
    }
  }

  /** {@code before}: what is known of the call; null when nothing is. */
  private void resume(@Nullable CallKernel before) {
    LOG.info(
        "call {}: goes on here, {}",
        info.id(),
        before == null
            ? "its history is lost"
            : before.history().size() + " entries of " + before.node());
    waiting.addFirst(
        before == null
            ? new TurnEvent.Resumed(startedAt, List.of(), "", false, 0)
            : new TurnEvent.Resumed(
                startedAt, before.history(), before.unheard(), before.more(), before.lastTurn()));
    decide();
  }

  /** A node has left the cluster. Whatever it did for this call, another one does from now on. */
  void nodeLost(String gone) {
    if (!released) {
      served.nodeLost(gone);
    }
  }

  private void stageLost(Failure.Stage stage, int finalsBefore) {
    LOG.info("call {}: lost its {}, another one takes over", info.id(), stage);
    decide(
        new TurnEvent.Happened(new CallFact.StageLost(node.clock().nanos(), stage, finalsBefore)));
  }

  void happened(CallFact fact) {
    if (fact instanceof CallFact.TranscriptFlushed done) {
      finalWaits.took(done.providerNanos());
    }
    if (!released && served.handled(fact)) {
      return;
    }
    decide(new TurnEvent.Happened(fact));
    if (fact instanceof CallFact.CarrierGone) {
      release();
    }
  }

  CallView view() {
    return record.view(machine.state(), (node.clock().nanos() - startedAt) / 1_000_000);
  }

  boolean ended() {
    return released;
  }

  CallInfo info() {
    return info;
  }

  /** Whatever is left of the call goes, here and in every stage. Idempotent. */
  void release() {
    if (released) {
      return;
    }
    released = true;
    timers.values().forEach(vertx::cancelTimer);
    timers.clear();
    vertx.cancelTimer(leaving);
    served.close();
    waiting.clear();
    kernel.close();
    for (StageAddress stage : stages.used()) {
      mailbox.tell(stage, info.id(), new CallOrder.ReleaseCall());
    }
    journal.close();
    onEnd.run();
  }

  /** Effects may cause events at once, for example a failed open: one at a time, in order. */
  private void decide(TurnEvent event) {
    waiting.add(event);
    decide();
  }

  private void decide() {
    if (deciding) {
      return;
    }
    deciding = true;
    try {
      while (!released && !waiting.isEmpty()) {
        TurnEvent next = waiting.remove();
        List<TurnEffect> effects = machine.on(next);
        journal.decided(next, effects);
        effects.forEach(this::execute);
        kernel.happened(next);
      }
    } finally {
      deciding = false;
    }
  }

  private void execute(TurnEffect effect) {
    if (effect instanceof TurnEffect.StartTimer start) {
      startTimer(start);
    } else if (effect instanceof TurnEffect.StopTimer stop) {
      stopTimer(stop.timer());
    } else if (effect instanceof TurnEffect.FinalizeTranscript) {
      mailbox.tell(served.finalizer(), info.id(), new CallOrder.FinalizeTranscript());
    } else if (effect instanceof TurnEffect.Generate generate) {
      if (!generate.held()) {
        served.leaveStaleTranscriber();
      }
      mailbox.tell(
          served.model(),
          info.id(),
          new CallOrder.GenerateReply(
              speech(generate.turn(), false, false),
              generate.dialogue(),
              node.tools().get(),
              generate.held()));
    } else if (effect instanceof TurnEffect.CommitReply commit) {
      served.leaveStaleTranscriber();
      mailbox.tell(stages.current(Stage.LLM), info.id(), new CallOrder.CommitReply(commit.turn()));
    } else if (effect instanceof TurnEffect.Say say) {
      say(say);
    } else if (effect instanceof TurnEffect.Cancel cancel) {
      served.cancelled();
      for (StageAddress stage : stages.used()) {
        if (stage.stage() != Stage.STT) {
          mailbox.tell(stage, info.id(), new CallOrder.CancelTurn(cancel.turn()));
        }
      }
    } else if (effect instanceof TurnEffect.Clear clear) {
      clear(clear.turn());
    } else if (effect instanceof TurnEffect.HoldPlayout hold) {
      mailbox.tell(media, info.id(), new CallOrder.HoldPlayout(hold.until()));
    } else if (effect instanceof TurnEffect.BargedIn) {
      LOG.debug("call {}: interrupted", info.id());
    } else if (effect instanceof TurnEffect.RunTool run) {
      mailbox.tell(
          stages.get(Stage.TOOL),
          info.id(),
          new CallOrder.RunTool(run.turn(), run.call(), mailbox.self()));
    } else if (effect instanceof TurnEffect.HangUp hangUp) {
      // The carrier asks what comes next as soon as its stream has ended: any node must know by
      // then.
      kernel
          .ended(hangUp.reason().lastWords(node.options().farewell()))
          .onComplete(x -> mailbox.tell(media, info.id(), new CallOrder.HangUp(hangUp.reason())));
      // The carrier's leaving is the usual end; this holds when media is gone.
      leaving = vertx.setTimer(LEAVING_MS, id -> release());
    } else {
      measured(effect);
    }
  }

  private void measured(TurnEffect effect) {
    if (effect instanceof TurnEffect.FirstAudioHeard heard) {
      node.meters().firstAudio(info.id(), heard.timeline());
      record.firstAudio(heard.timeline());
    } else if (effect instanceof TurnEffect.TurnEnded ended) {
      long now = node.clock().nanos();
      long began = now - Math.round(ended.turnLatencyMs() * 1e6);
      node.meters().turnEnded(info, ended.turn(), ended.outcome(), ended.timeline(), began, now);
      if (ended.timeline() != null) {
        node.meters().turnLatency.record(ended.turnLatencyMs());
      }
      record.ended(ended);
      LOG.info(
          "call {} turn {} {}: first audio after {} ms, in all {} ms",
          info.id(),
          ended.turn(),
          ended.outcome().label(),
          ended.timeline() == null ? "-" : Math.round(ended.timeline().timeToFirstAudioMs()),
          Math.round(ended.turnLatencyMs()));
    } else if (effect instanceof TurnEffect.LateDropped) {
      node.meters().lateDropped.increment();
    } else if (effect instanceof TurnEffect.DuplicateDropped) {
      node.meters().duplicateDropped.increment();
    } else if (effect instanceof TurnEffect.Speculated speculated) {
      (speculated.used() ? node.meters().speculationUsed : node.meters().speculationDiscarded)
          .increment();
    }
  }

  private void clear(TurnId turn) {
    mailbox.tell(media, info.id(), new CallOrder.ClearPlayout(turn, machine.interruptedSince()));
  }

  /** Speaks a fixed text: the conversation itself is the writer of the words. */
  private void say(TurnEffect.Say say) {
    SpeechRequest request = speech(say.turn(), say.cacheable(), say.givesWay());
    mailbox
        .open(request.tts(), StreamType.REPLY_TEXT, info.id(), request)
        .onSuccess(writer -> write(writer, say.text()))
        .onFailure(cause -> happened(new CallFact.SpeechFailed(
            node.clock().nanos(),
            say.turn(),
            say.text(),
            FailureException.of(Failure.Stage.TTS, cause),
            request.tts().busAddress())));
  }

  private static void write(BusWriter<TextDelta> writer, String text) {
    writer.write(new TextDelta(text));
    writer.end();
  }

  private SpeechRequest speech(TurnId turn, boolean cacheable, boolean givesWay) {
    return new SpeechRequest(
        turn, stages.get(Stage.TTS), media, mailbox.self(), cacheable, givesWay);
  }

  private void startTimer(TurnEffect.StartTimer start) {
    stopTimer(start.timer());
    long ms = Math.max(1, (start.dueAt() - node.clock().nanos() + 500_000) / 1_000_000);
    timers.put(start.timer(), vertx.setTimer(ms, id -> {
      timers.remove(start.timer(), id);
      if (start.timer() == Timer.THINKING) {
        served.answerOverdue();
      }
      decide(new TurnEvent.TimerFired(node.clock().nanos(), start.timer(), start.turn()));
    }));
  }

  private void stopTimer(Timer timer) {
    Long id = timers.remove(timer);
    if (id != null) {
      vertx.cancelTimer(id);
    }
  }

  /** The model knows who is on the line before the first word. */
  private static String context(CallInfo info) {
    String number = info.customer().isBlank() ? "unknown" : info.customer();
    return "This is an " + info.direction().name().toLowerCase(java.util.Locale.ROOT)
        + " telephone call. The caller's number is " + number + ".";
  }
}

package io.voiceagent.conversation;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.voiceagent.call.CallFact;
import io.voiceagent.call.CallInfo;
import io.voiceagent.call.Clock;
import io.voiceagent.call.Word;
import io.voiceagent.cluster.CallKernel;
import io.voiceagent.cluster.Kernels;
import io.voiceagent.turn.TurnEvent;
import io.voiceagent.turn.TurnMachine;
import java.time.Duration;
import java.util.List;

/** Keeps a call's kernel where another node finds it: after what matters happened, a few times a second at most. */
final class KernelKeeper {
  private static final long GATHER_MS = 200;

  private final Vertx vertx;
  private final Kernels kernels;
  private final CallInfo info;
  private final String node;
  private final TurnMachine machine;
  private final Clock clock;
  private final Duration lead;
  private long timer = -1;
  private long renewal = -1;
  private boolean closed;

  KernelKeeper(
      Vertx vertx, ConversationNode shared, CallInfo info, String node, TurnMachine machine) {
    this.vertx = vertx;
    this.kernels = shared.kernels();
    this.info = info;
    this.node = node;
    this.machine = machine;
    this.clock = shared.clock();
    this.lead = shared.lead();
  }

  void happened(TurnEvent event) {
    if (kernels.kept() && !closed && timer < 0 && matters(event)) {
      timer = vertx.setTimer(GATHER_MS, id -> {
        timer = -1;
        put(false, "");
      });
    }
  }

  /** The call ends by our wish: completes when every node knows what its carrier is to say then. */
  Future<Void> ended(String lastWords) {
    close();
    return kernels.kept() ? put(true, lastWords) : Future.succeededFuture();
  }

  /** Writes no more; what was kept stays for whoever goes on with the call. */
  void close() {
    closed = true;
    vertx.cancelTimer(renewal);
    if (timer >= 0) {
      vertx.cancelTimer(timer);
      timer = -1;
    }
  }

  private Future<Void> put(boolean ended, String lastWords) {
    TurnMachine.Standing standing = machine.standing(clock.nanos());
    vertx.cancelTimer(renewal);
    if (!closed && !standing.ahead().isEmpty()) {
      renewal = vertx.setTimer(CallKernel.RENEW_MS, id -> put(false, ""));
    }
    return kernels.put(new CallKernel(
        info,
        node,
        standing.history(),
        standing.unheard(),
        standing.more(),
        standing.lastTurn(),
        ended,
        System.currentTimeMillis(),
        hearable(standing.ahead(), lead),
        standing.begun(),
        lastWords));
  }

  /**
   * The words that a caller may hear although this node writes nothing more. By the end of later ones a living node has
   * written another kernel, and a carrier holds no more than the lead beyond what this node lived to send.
   */
  static List<Word> hearable(List<Word> ahead, Duration lead) {
    long horizonMs = CallKernel.RENEW_MS + GATHER_MS + lead.toMillis();
    return ahead.stream().takeWhile(word -> word.endMs() <= horizonMs).toList();
  }

  /** Voice edges, interims and the like change nothing that is kept. */
  private static boolean matters(TurnEvent event) {
    if (!(event instanceof TurnEvent.Happened happened)) {
      return true;
    }
    CallFact fact = happened.fact();
    return fact instanceof CallFact.OfTurn
        || fact instanceof CallFact.FinalTranscript
        || fact instanceof CallFact.TranscriptFlushed
        || fact instanceof CallFact.ProviderTurnEnded;
  }
}

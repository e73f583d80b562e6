package io.voiceagent.conversation;

import io.vertx.core.Vertx;
import io.voiceagent.bus.Mailbox;
import io.voiceagent.call.CallFact;
import io.voiceagent.call.CallId;
import io.voiceagent.call.CallOrder;
import io.voiceagent.call.Failure;
import io.voiceagent.call.StageAddress;
import io.voiceagent.call.StageAddress.Stage;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/** Sees to it that somebody serves each stage of a call: when a node is gone or silent, others take over what it did. */
final class Served {
  /** Numbers for the finals of each instance that listens to the call: more than are said in any. */
  private static final int FINALS_OF_A_TRANSCRIBER = 1_000_000;

  private static final long FIRST_WAIT_MS = 100;
  private static final long LONGEST_WAIT_MS = 1000;
  /** Lost in a row, without a word from any: a quarter of a minute at least, longer than a cluster takes to agree. */
  private static final int MOST_LOST = 20;

  private final Vertx vertx;
  private final Mailbox mailbox;
  private final CallId call;
  private final StageAddress media;
  private final Stages stages;
  private final LongSupplier untranscribedSince;
  private final ObjIntConsumer<Failure.Stage> onLost;
  /** Null while another one is looked for. */
  private @Nullable StageAddress transcriber;

  private int transcribers;
  private int lost;
  private long again = -1;
  private boolean modelOwes;

  /**
   * @param untranscribedSince the caller's audio from then on has no final yet; 0: all has
   * @param onLost hears which stage another node serves from now on, and where the numbers of a new transcriber's finals begin
   */
  Served(
      Vertx vertx,
      Mailbox mailbox,
      CallId call,
      StageAddress media,
      Stages stages,
      LongSupplier untranscribedSince,
      ObjIntConsumer<Failure.Stage> onLost) {
    this.vertx = vertx;
    this.mailbox = mailbox;
    this.call = call;
    this.media = media;
    this.stages = stages;
    this.untranscribedSince = untranscribedSince;
    this.onLost = onLost;
  }

  void start() {
    listenFrom(0);
  }

  void close() {
    vertx.cancelTimer(again);
  }

  /** Who is asked for an answer now, and owes a sign of life. */
  StageAddress model() {
    modelOwes = true;
    return stages.get(Stage.LLM);
  }

  /** Nobody waits for an answer any more. */
  void cancelled() {
    modelOwes = false;
  }

  /** Who hears that the caller is done. To an instance that is only about to get the audio it goes behind that. */
  StageAddress finalizer() {
    StageAddress only = transcriber;
    return only == null || transcribers > 1 ? media : only;
  }

  /** Between two of the caller's turns its transcriber can be left without a word lost. */
  void leaveStaleTranscriber() {
    if (stages.stale(Stage.STT) && untranscribedSince.getAsLong() == 0) {
      listenFrom(0);
    }
  }

  /** A node has left the cluster. */
  void nodeLost(String gone) {
    Set<Stage> gaps = stages.forget(gone);
    if (gaps.contains(Stage.STT)) {
      transcriberLost();
    }
    othersLost(gaps);
  }

  /**
   * Whether that was all that {@code fact} means. A node that did not answer, before anybody said that it is gone, is left
   * with all that it does for this call.
   */
  boolean handled(CallFact fact) {
    if (fact instanceof CallFact.TranscriptionFailed failed) {
      return failed.failure().kind() == Failure.Kind.PEER_LOST
          && !failed.address().isEmpty()
          && transcriberSilent(failed.address());
    }
    if (fact instanceof CallFact.SpeechFailed failed
        && failed.failure().kind() == Failure.Kind.PEER_LOST) {
      // The fact itself says that the voice is lost.
      leave(Stage.TTS, failed.address(), Stage.TTS);
    } else if (fact instanceof CallFact.FirstToken
        || fact instanceof CallFact.ReplyCompleted
        || fact instanceof CallFact.ReplyFailed) {
      modelOwes = false;
    } else if (fact instanceof CallFact.InterimTranscript
        || fact instanceof CallFact.FinalTranscript
        || fact instanceof CallFact.TranscriptFlushed
        || fact instanceof CallFact.ProviderTurnStarted) {
      lost = 0;
    }
    return false;
  }

  /** Nothing was heard of the answer. A model that failed would have said so. */
  void answerOverdue() {
    if (modelOwes) {
      modelOwes = false;
      // Whoever spoke for it gives up in any case: the answer has failed.
      leave(Stage.LLM, stages.current(Stage.LLM).busAddress(), Stage.LLM, Stage.TTS);
    }
  }

  /** False when that happened too often. */
  private boolean transcriberSilent(String address) {
    StageAddress current = transcriber;
    if (current == null || !address.equals(current.busAddress())) {
      // It was left already.
      return true;
    }
    if (++lost > MOST_LOST) {
      return false;
    }
    Set<Stage> left = stages.leave(Stage.STT, address);
    listenAgain();
    othersLost(left);
    return true;
  }

  /** @param known what the conversation knows, or hears otherwise */
  private void leave(Stage silent, String address, Stage... known) {
    Set<Stage> left = stages.leave(silent, address);
    if (left.contains(Stage.STT)) {
      listenAgain();
    }
    left.removeAll(Set.of(known));
    othersLost(left);
  }

  private void othersLost(Set<Stage> gaps) {
    // The voice first: an answer that is asked for anew needs one.
    if (gaps.contains(Stage.TTS)) {
      onLost.accept(Failure.Stage.TTS, 0);
    }
    if (gaps.contains(Stage.LLM)) {
      onLost.accept(Failure.Stage.LLM, 0);
    }
  }

  /** Not at once: where nobody offers it, that is known at once, too. */
  private void listenAgain() {
    transcriber = null;
    vertx.cancelTimer(again);
    long wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS << Math.max(0, lost - 1));
    again = vertx.setTimer(wait, id -> transcriberLost());
  }

  private void transcriberLost() {
    onLost.accept(Failure.Stage.STT, listenFrom(untranscribedSince.getAsLong()));
  }

  /**
   * @param replayAt the caller's audio from then on; 0: from now on
   * @return where the numbers of the finals begin
   */
  private int listenFrom(long replayAt) {
    vertx.cancelTimer(again);
    StageAddress next = stages.get(Stage.STT);
    transcriber = next;
    int finalsBefore = transcribers++ * FINALS_OF_A_TRANSCRIBER;
    mailbox.tell(
        media, call, new CallOrder.ListenWith(next, mailbox.self(), replayAt, finalsBefore));
    return finalsBefore;
  }
}

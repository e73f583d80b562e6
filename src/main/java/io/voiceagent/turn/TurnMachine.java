package io.voiceagent.turn;

import io.voiceagent.call.CallFact;
import io.voiceagent.call.EndReason;
import io.voiceagent.call.Failure;
import io.voiceagent.call.Message;
import io.voiceagent.call.ToolCall;
import io.voiceagent.call.ToolResult;
import io.voiceagent.call.TurnId;
import io.voiceagent.call.TurnOutcome;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who has the floor. Two small machines, the caller's and the agent's, and the rules that couple them: a caller who bids
 * for the floor takes it, a caller who is through gets an answer.
 *
 * <p>Pure: events in, effects out, time is an argument. It never throws on what a peer does. Every state in which it waits
 * has a timer that ends it. Facts of an utterance that is over are recognised by their {@link TurnId} and counted, so
 * that nothing depends on a cancellation winning a race.
 */
public final class TurnMachine {
  /** A tool that the model may call to end the call; answered here. */
  public static final String END_CALL = "end_call";

  /** A shell's timers count milliseconds and may round. */
  private static final long EARLY_NANOS = 2_000_000;

  private final TurnOptions options;
  private final EndpointRule endpoint;
  private final BargeInRule bargeIn;
  private final Dialogue dialogue;
  private List<TurnEffect> effects = new ArrayList<>();

  private CallerFloor caller = CallerFloor.SILENT;
  private AgentFloor agent = AgentFloor.IDLE;
  private TurnId last = TurnId.NONE;
  /** What the agent is about to say or saying, oldest first; the last one is the live generation. */
  private final Map<TurnId, Utterance> live = new LinkedHashMap<>();
  /** Cleared, but how much of it was heard is still to be told. */
  private final Map<TurnId, Utterance> cleared = new LinkedHashMap<>();

  private @Nullable Utterance interrupted;
  private @Nullable UserTurn userTurn;
  private final Map<String, ToolCall> runningTools = new LinkedHashMap<>();
  private boolean hangUpWhenHeard;
  private boolean hungUp;
  private EndReason closingReason = EndReason.AGENT_HUNG_UP;

  // ---- the caller's words since the last turn was taken
  private final StringBuilder finals = new StringBuilder();
  private String interim = "";
  private String answering = "";
  private int lastSeq;
  private String lastWhole = "";
  private boolean flushed;
  private long onsetAt;
  private long lastVoicedAt;
  private long releasedAt;
  private long finalAt;
  private long sttNanos;
  private boolean sustained;
  private final StringBuilder digits = new StringBuilder();

  /** When each timer that runs is due. */
  private final Map<Timer, Long> running = new EnumMap<>(Timer.class);

  private int reprompts;
  private int failures;
  private long now;

  public TurnMachine(TurnOptions options) {
    this.options = options;
    this.endpoint = options.providerEndpoints()
        ? new ProviderEndpoint()
        : new OwnEndpoint(options.endpointing());
    this.bargeIn = new BargeInRule(options.bargeIn());
    this.dialogue = new Dialogue(options.instructions());
  }

  /** Something the model should know besides its instructions, such as the caller's number. Before the start. */
  public void context(String text) {
    dialogue.context(text);
  }

  /** Feeds one event; answers with what is to be done, in order. */
  public List<TurnEffect> on(TurnEvent event) {
    effects = new ArrayList<>(4);
    now = event.at();
    if (event instanceof TurnEvent.Started) {
      start();
    } else if (event instanceof TurnEvent.TimerFired fired) {
      timer(fired.timer());
    } else if (event instanceof TurnEvent.Happened happened) {
      fact(happened.fact());
    }
    neverUnarmed();
    return effects;
  }

  /** In words, for a view: {@code listening}, {@code thinking}, {@code speaking} ... */
  public String state() {
    return switch (agent) {
      case IDLE -> caller == CallerFloor.SPEAKING ? "hearing" : "listening";
      case THINKING -> runningTools.isEmpty() ? "thinking" : "tools";
      case SPEAKING -> "speaking";
      case CLOSING -> "closing";
      case ENDED -> "ended";
    };
  }

  /** The dialogue so far without the standing instructions. */
  public List<Message> history() {
    return dialogue.entries();
  }

  public boolean ended() {
    return agent == AgentFloor.ENDED;
  }

  /** When the speech that interrupted began; 0 when nobody interrupted. */
  public long interruptedSince() {
    return interrupted == null ? 0 : onsetAt;
  }

  CallerFloor caller() {
    return caller;
  }

  AgentFloor agent() {
    return agent;
  }

  // ---- events

  private void start() {
    startTimer(Timer.MAX_CALL, options.maxCallDuration().toNanos());
    if (options.greeting().isBlank()) {
      listen();
    } else {
      say(Utterance.Kind.GREETING, options.greeting(), !options.greetingProtected());
    }
  }

  private void fact(CallFact fact) {
    if (fact instanceof CallFact.CarrierGone) {
      carrierGone();
      return;
    }
    if (agent == AgentFloor.ENDED) {
      afterTheEnd(fact);
      return;
    }
    if (fact instanceof CallFact.OfTurn ofTurn) {
      ofTurn(ofTurn);
    } else if (fact instanceof CallFact.SpeechStarted started) {
      speechStarted(started.onsetAt());
    } else if (fact instanceof CallFact.SpeechSustained speech) {
      speechSustained(speech.onsetAt());
    } else if (fact instanceof CallFact.SpeechEnded speech) {
      speechEnded(speech);
    } else if (fact instanceof CallFact.DigitPressed pressed) {
      digit(pressed.digit());
    } else if (fact instanceof CallFact.EndRequested request) {
      hangUp(request.reason());
    } else {
      transcript(fact);
    }
  }

  private void transcript(CallFact fact) {
    if (fact instanceof CallFact.InterimTranscript heard) {
      interim = heard.text();
      wordsHeard();
    } else if (fact instanceof CallFact.FinalTranscript heard) {
      finalTranscript(heard);
    } else if (fact instanceof CallFact.TranscriptFlushed done) {
      transcriptFlushed(done);
    } else if (fact instanceof CallFact.ProviderTurnStarted) {
      if (caller != CallerFloor.SPEAKING) {
        speechStarted(now);
      }
      speechSustained(onsetAt);
    } else if (fact instanceof CallFact.ProviderTurnEagerEnd heard) {
      interim = heard.text();
    } else if (fact instanceof CallFact.ProviderTurnEnded heard) {
      providerTurnEnded(heard);
    } else if (fact instanceof CallFact.TranscriptionFailed) {
      giveUp();
    }
  }

  private void ofTurn(CallFact.OfTurn fact) {
    if (fact instanceof CallFact.ToolReturned returned) {
      toolReturned(returned);
      return;
    }
    Utterance of = live.get(fact.turn());
    if (fact instanceof CallFact.PlayoutCleared gone) {
      playoutCleared(gone);
      return;
    }
    if (of == null) {
      if (cleared.containsKey(fact.turn()) && fact instanceof CallFact.SegmentSpoken spoken) {
        // It tells where the words lie of what was heard before the cut.
        Objects.requireNonNull(cleared.get(fact.turn())).spoken(spoken.segment());
      }
      emit(new TurnEffect.LateDropped(fact));
      return;
    }
    if (agent == AgentFloor.SPEAKING) {
      startTimer(Timer.PLAYOUT, options.playoutTimeout().toNanos());
    }
    if (fact instanceof CallFact.FirstToken token) {
      if (userTurn != null && userTurn.llmNanos == 0) {
        userTurn.llmNanos = token.providerNanos();
      }
    } else if (fact instanceof CallFact.SegmentQueued queued) {
      of.queued(queued.index(), queued.text());
      if (queued.index() == 0 && userTurn != null && answers(of)) {
        userTurn.segmentNanos = queued.waitNanos();
      }
    } else if (fact instanceof CallFact.FirstAudio audio) {
      firstAudio(of, audio);
    } else if (fact instanceof CallFact.SegmentSpoken spoken) {
      of.spoken(spoken.segment());
    } else if (fact instanceof CallFact.PlayoutStarted) {
      playoutStarted(of);
    } else if (fact instanceof CallFact.Heard heard) {
      of.heard(heard.heardMs());
    } else if (fact instanceof CallFact.PlayoutEnded ended) {
      of.heard(ended.heardMs());
      of.played = true;
      finishIfHeard(of);
    } else if (fact instanceof CallFact.ReplyCompleted reply) {
      replyCompleted(of, reply);
    } else if (fact instanceof CallFact.ReplyFailed failed) {
      replyFailed(of, failed);
    } else if (fact instanceof CallFact.SpeechCompleted speech) {
      speechCompleted(of, speech);
    } else if (fact instanceof CallFact.SpeechFailed failed) {
      speechFailed(of, failed);
    }
  }

  // ---- the caller's voice

  private void speechStarted(long onset) {
    onsetAt = onset;
    sustained = false;
    caller = CallerFloor.SPEAKING;
    stopTimer(Timer.REPROMPT);
    stopTimer(Timer.ENDPOINT);
    stopTimer(Timer.FALSE_INTERRUPTION);
    startTimer(Timer.FINAL_TRANSCRIPT, options.endpointing().maxUtterance().toNanos());
  }

  private void speechSustained(long onset) {
    if (caller != CallerFloor.SPEAKING) {
      speechStarted(onset);
    }
    sustained = true;
    bid(bargeIn.byVoice(heardSoFar()));
  }

  private void speechEnded(CallFact.SpeechEnded speech) {
    if (caller != CallerFloor.SPEAKING) {
      return;
    }
    lastVoicedAt = speech.lastVoicedAt();
    releasedAt = now;
    caller = CallerFloor.PAUSED;
    flushed = false;
    if (interrupted != null) {
      armFalseInterruption();
    }
    startTimer(Timer.FINAL_TRANSCRIPT, options.endpointing().finalTimeout().toNanos());
    if (!options.providerEndpoints()) {
      emit(new TurnEffect.FinalizeTranscript());
    }
  }

  private void wordsHeard() {
    if (!interim.isBlank() && (agent == AgentFloor.SPEAKING || agent == AgentFloor.THINKING)) {
      bid(bargeIn.byWords(heardSoFar()) && (sustained || options.bargeIn().minWords() > 0));
    }
  }

  /** The caller wants the floor, if {@code strong}. */
  private void bid(boolean strong) {
    Utterance speaking = newest();
    if (!strong || speaking == null || agent == AgentFloor.CLOSING) {
      return;
    }
    if (live.values().stream().anyMatch(of -> !of.interruptible && of.audible)) {
      return;
    }
    if (agent == AgentFloor.SPEAKING || live.values().stream().anyMatch(of -> of.audible)) {
      interrupt();
    } else if (agent == AgentFloor.THINKING && answers(speaking)) {
      takeBack();
    }
  }

  /** The caller talks over the agent. */
  private void interrupt() {
    Utterance speaking = Objects.requireNonNull(newest());
    emit(new TurnEffect.Clear(speaking.turn));
    emit(new TurnEffect.Cancel(speaking.turn));
    emit(new TurnEffect.BargedIn(speaking.turn, onsetAt));
    interrupted = speaking;
    abandonLive();
    answerTools();
    closeUserTurn(TurnOutcome.INTERRUPTED);
    toIdle();
  }

  /** The caller goes on before anything was answered: what was said so far and what comes are one turn. */
  private void takeBack() {
    Utterance thinking = Objects.requireNonNull(newest());
    emit(new TurnEffect.Cancel(thinking.turn));
    abandonLive();
    answerTools();
    if (!answering.isEmpty() && dialogue.takeBack(answering)) {
      finals.insert(0, answering + " ");
    }
    answering = "";
    userTurn = null;
    toIdle();
  }

  // ---- the caller's words

  private void finalTranscript(CallFact.FinalTranscript heard) {
    if (heard.seq() <= lastSeq) {
      emit(new TurnEffect.DuplicateDropped(heard));
      return;
    }
    boolean repeat = finals.length() == 0
        && !lastWhole.isBlank()
        && heard.text().strip().equals(lastWhole)
        && caller == CallerFloor.SILENT;
    lastSeq = heard.seq();
    interim = "";
    if (repeat) {
      emit(new TurnEffect.DuplicateDropped(heard));
      return;
    }
    finals.append(heard.text());
    finalAt = now;
    if (heard.text().isBlank()) {
      return;
    }
    if (agent == AgentFloor.SPEAKING || agent == AgentFloor.THINKING) {
      bid(bargeIn.byWords(heardSoFar()));
    }
    if (caller == CallerFloor.PAUSED) {
      startTimer(Timer.FINAL_TRANSCRIPT, options.endpointing().flushGrace().toNanos());
    } else if (caller == CallerFloor.SILENT && canListen()) {
      // Words without a voice that was detected: a very quiet caller.
      lastVoicedAt = now;
      releasedAt = now;
      sttNanos = 0;
      endOfWords();
    }
  }

  private void transcriptFlushed(CallFact.TranscriptFlushed done) {
    if (caller != CallerFloor.PAUSED || flushed) {
      return;
    }
    flushed = true;
    finalAt = now;
    sttNanos = done.providerNanos();
    endOfWords();
  }

  private void providerTurnEnded(CallFact.ProviderTurnEnded heard) {
    if (heard.seq() <= lastSeq) {
      emit(new TurnEffect.DuplicateDropped(heard));
      return;
    }
    lastSeq = heard.seq();
    interim = "";
    finals.append(finals.length() > 0 && !heard.text().isBlank() ? " " : "").append(heard.text());
    finalAt = now;
    if (caller != CallerFloor.PAUSED) {
      lastVoicedAt = now;
      releasedAt = now;
    }
    sttNanos = Math.max(0, now - releasedAt);
    caller = CallerFloor.PAUSED;
    if (agent == AgentFloor.SPEAKING) {
      bid(bargeIn.byWords(heardSoFar()));
    }
    endOfWords();
  }

  /** All words are here. Take the turn now, or after the wait that they ask for. */
  private void endOfWords() {
    stopTimer(Timer.FINAL_TRANSCRIPT);
    String said = finals.toString().strip();
    if (said.isEmpty()) {
      nothingSaid();
      return;
    }
    if (interrupted != null && bargeIn.backchannelOnly(said)) {
      clearWords();
      goOn();
      return;
    }
    long wait = endpoint.waitNanos(said);
    if (wait > 0) {
      startTimer(Timer.ENDPOINT, wait);
    } else {
      commit(0);
    }
  }

  /** A voice without words. */
  private void nothingSaid() {
    caller = CallerFloor.SILENT;
    clearWords();
    if (!canListen()) {
      return;
    }
    if (interrupted == null) {
      emit(new TurnEffect.TurnEnded(last, TurnOutcome.NO_SPEECH, null, 0));
      armReprompt();
    }
    // After an interruption its timer runs: it may have been none.
  }

  /** The caller's turn is over: answer it. */
  private void commit(long waited) {
    stopTimer(Timer.ENDPOINT);
    stopTimer(Timer.FALSE_INTERRUPTION);
    stopTimer(Timer.REPROMPT);
    String said = finals.toString().strip();
    caller = CallerFloor.SILENT;
    if (said.isEmpty()) {
      clearWords();
      if (canListen()) {
        armReprompt();
      }
      return;
    }
    if (agent == AgentFloor.SPEAKING || agent == AgentFloor.CLOSING) {
      // Words that were no interruption: too few, or the agent may not be interrupted. They join
      // the next turn.
      if (bargeIn.backchannelOnly(said)) {
        clearWords();
      }
      return;
    }
    if (agent == AgentFloor.THINKING) {
      // More words of the turn that is being answered.
      takeBack();
      said = finals.toString().strip();
    }
    interrupted = null;
    reprompts = 0;
    lastWhole = said;
    clearWords();
    answering = said;
    dialogue.user(said);
    userTurn = new UserTurn(lastVoicedAt, releasedAt, finalAt, now, sttNanos, waited);
    filler();
    generate();
  }

  private void filler() {
    if (!options.fillerAfter().isZero() && !options.fillerText().isBlank()) {
      startTimer(Timer.FILLER, options.fillerAfter().toNanos());
    }
  }

  // ---- the agent's voice

  private void generate() {
    Utterance reply = add(Utterance.Kind.REPLY, true);
    agent = AgentFloor.THINKING;
    startTimer(Timer.THINKING, options.thinkingTimeout().toNanos());
    emit(new TurnEffect.Generate(reply.turn, dialogue.messages()));
  }

  private void say(Utterance.Kind kind, String text, boolean interruptible) {
    Utterance said = add(kind, interruptible);
    said.whole(text);
    if (agent != AgentFloor.CLOSING) {
      agent = AgentFloor.THINKING;
      startTimer(Timer.THINKING, options.thinkingTimeout().toNanos());
    }
    emit(new TurnEffect.Say(said.turn, text, kind != Utterance.Kind.REST));
  }

  private void firstAudio(Utterance of, CallFact.FirstAudio audio) {
    if (userTurn != null && answers(of) && userTurn.firstAudioAt == 0) {
      userTurn.ttsNanos = audio.providerNanos();
      userTurn.firstAudioAt = now;
    }
  }

  private void playoutStarted(Utterance of) {
    of.audible = true;
    stopTimer(Timer.THINKING);
    stopTimer(Timer.FILLER);
    if (agent == AgentFloor.THINKING) {
      agent = AgentFloor.SPEAKING;
    }
    startTimer(Timer.PLAYOUT, options.playoutTimeout().toNanos());
    if (userTurn != null && userTurn.timeline == null && of.kind == Utterance.Kind.REPLY) {
      emit(new TurnEffect.FirstAudioHeard(userTurn.played(of.turn, now)));
      answering = "";
      failures = 0;
    }
    if (caller == CallerFloor.SPEAKING && sustained) {
      // Level-triggered: whoever was speaking already interrupts as much as one who begins now.
      bid(bargeIn.byVoice(heardSoFar()));
    }
  }

  private void replyCompleted(Utterance of, CallFact.ReplyCompleted reply) {
    if (of.complete) {
      emit(new TurnEffect.LateDropped(reply));
      return;
    }
    of.whole(reply.text());
    answering = "";
    if (!reply.toolCalls().isEmpty()) {
      tools(of, reply);
      return;
    }
    if (reply.text().isBlank()) {
      stumble(of);
      return;
    }
    finishIfHeard(of);
  }

  private void replyFailed(Utterance of, CallFact.ReplyFailed failed) {
    if (of.complete) {
      emit(new TurnEffect.LateDropped(failed));
      return;
    }
    if (!failed.text().isBlank() || of.audible) {
      // What was written is spoken; then the caller hears that there is no more.
      of.whole(failed.text());
      of.broken = true;
      finishIfHeard(of);
      return;
    }
    if (fatal(failed.failure())) {
      drop(of);
      giveUp();
    } else {
      stumble(of);
    }
  }

  private void speechCompleted(Utterance of, CallFact.SpeechCompleted speech) {
    if (speech.audioMs() == 0 && !of.audible && of.complete && runningTools.isEmpty()) {
      of.played = true;
      if (of.kind == Utterance.Kind.REPLY) {
        stumble(of);
      } else {
        finishIfHeard(of);
      }
    }
  }

  private void speechFailed(Utterance of, CallFact.SpeechFailed failed) {
    emit(new TurnEffect.Cancel(of.turn));
    if (of.audible) {
      // The carrier still plays what it has; its end finishes the turn.
      of.complete = true;
      of.broken = true;
      finishIfHeard(of);
    } else if (of.kind == Utterance.Kind.APOLOGY
        || of.kind == Utterance.Kind.GOODBYE
        || fatal(failed.failure()) && of.kind != Utterance.Kind.GREETING) {
      hangUp(EndReason.FAILED);
    } else {
      stumble(of);
    }
  }

  /** This utterance came to nothing: apologise, and end the call when that happens too often. */
  private void stumble(Utterance of) {
    drop(of);
    answering = "";
    if (of.kind == Utterance.Kind.FILLER) {
      return;
    }
    closeUserTurn(TurnOutcome.FAILED);
    if (++failures >= options.maxFailures()) {
      giveUp();
    } else {
      say(Utterance.Kind.APOLOGY, options.apology(), true);
    }
  }

  /** Nothing helps any more: say so, and end. */
  private void giveUp() {
    if (agent == AgentFloor.CLOSING) {
      return;
    }
    closeUserTurn(TurnOutcome.FAILED);
    close(options.farewell(), EndReason.FAILED);
  }

  private void close(String words, EndReason reason) {
    Utterance newest = newest();
    if (newest != null) {
      if (live.values().stream().anyMatch(of -> of.audible)) {
        emit(new TurnEffect.Clear(newest.turn));
      }
      emit(new TurnEffect.Cancel(newest.turn));
      abandonLive();
    }
    answerTools();
    stopAll();
    agent = AgentFloor.CLOSING;
    closingReason = reason;
    startTimer(Timer.HANG_UP, options.hangUpTimeout().toNanos());
    if (words.isBlank()) {
      hangUp(reason);
    } else {
      say(Utterance.Kind.GOODBYE, words, false);
    }
  }

  /** An utterance that is complete and was played to its end is over. */
  private void finishIfHeard(Utterance of) {
    if (!of.complete || !of.played || !runningTools.isEmpty() && of == newest()) {
      return;
    }
    drop(of);
    if (of.kind != Utterance.Kind.FILLER && !of.logged) {
      dialogue.agent(of.whole().isBlank() || of.broken ? of.heardText() : of.whole());
    }
    if (agent == AgentFloor.CLOSING || hangUpWhenHeard) {
      hangUp(closingReason);
      return;
    }
    if (!live.isEmpty()) {
      return;
    }
    if (of.kind == Utterance.Kind.REPLY) {
      closeUserTurn(of.broken ? TurnOutcome.FAILED : TurnOutcome.ANSWERED);
    }
    toIdle();
    if (of.broken && ++failures < options.maxFailures()) {
      say(Utterance.Kind.APOLOGY, options.apology(), true);
      return;
    }
    listen();
  }

  // ---- tools

  private void tools(Utterance of, CallFact.ReplyCompleted reply) {
    dialogue.toolCalls(reply.text(), reply.toolCalls());
    of.logged = true;
    boolean ends = false;
    for (ToolCall call : reply.toolCalls()) {
      if (call.name().equals(END_CALL)) {
        ends = true;
        dialogue.toolResult(new ToolResult(call.id(), call.name(), "The call is ending.", false));
      } else {
        runningTools.put(call.id(), call);
      }
    }
    if (ends) {
      answerTools();
      endCall(of, reply.text());
      return;
    }
    for (ToolCall call : reply.toolCalls()) {
      emit(new TurnEffect.RunTool(of.turn, call));
    }
    if (agent != AgentFloor.SPEAKING) {
      startTimer(Timer.THINKING, options.thinkingTimeout().toNanos());
    }
  }

  private void endCall(Utterance of, String text) {
    hangUpWhenHeard = true;
    closingReason = EndReason.AGENT_HUNG_UP;
    startTimer(Timer.HANG_UP, options.hangUpTimeout().toNanos());
    if (text.isBlank() && !of.audible) {
      drop(of);
      closeUserTurn(TurnOutcome.ANSWERED);
      agent = AgentFloor.CLOSING;
      say(Utterance.Kind.GOODBYE, "Goodbye.", false);
    } else {
      finishIfHeard(of);
    }
  }

  private void toolReturned(CallFact.ToolReturned returned) {
    ToolCall call = runningTools.remove(returned.result().callId());
    if (call == null) {
      emit(new TurnEffect.LateDropped(returned));
      return;
    }
    dialogue.toolResult(returned.result());
    if (runningTools.isEmpty()) {
      generate();
    }
  }

  /** Every tool call is answered in the log, even one that nobody waits for any more. */
  private void answerTools() {
    for (ToolCall call : runningTools.values()) {
      dialogue.toolResult(new ToolResult(call.id(), call.name(), "Cancelled.", true));
    }
    runningTools.clear();
  }

  // ---- interruptions

  private void playoutCleared(CallFact.PlayoutCleared gone) {
    Utterance of = cleared.remove(gone.turn());
    if (of == null) {
      if (!live.containsKey(gone.turn())) {
        // The answer to a clear of an utterance that was over by itself; a cancellation provoked
        // it.
        return;
      }
      return;
    }
    of.heard(gone.heardMs());
    dialogue.settle(of.turn, of.heardText());
  }

  private void armFalseInterruption() {
    if (!options.bargeIn().falseAfter().isZero()) {
      startTimer(Timer.FALSE_INTERRUPTION, options.bargeIn().falseAfter().toNanos());
    }
  }

  /** The interruption was none: go on at the next word that was not heard. */
  private void goOn() {
    Utterance of = interrupted;
    interrupted = null;
    caller = CallerFloor.SILENT;
    String rest = of == null ? "" : of.unheardText();
    if (rest.isBlank()) {
      listen();
    } else {
      say(Utterance.Kind.REST, rest, true);
    }
  }

  // ---- silence, keys, time

  /** The caller has the floor and may use it. */
  private void listen() {
    if (finals.length() > 0
        && caller == CallerFloor.SILENT
        && !finals.toString().isBlank()) {
      // Words that came while the agent could not be interrupted.
      lastVoicedAt = Math.max(lastVoicedAt, 1);
      releasedAt = Math.max(releasedAt, lastVoicedAt);
      commit(0);
      return;
    }
    armReprompt();
  }

  private void armReprompt() {
    if (!options.silence().after().isZero() && caller == CallerFloor.SILENT) {
      startTimer(Timer.REPROMPT, options.silence().after().toNanos());
    }
  }

  /** While both are silent something must be about to happen, or a call could fall silent for good. */
  private void neverUnarmed() {
    if (agent != AgentFloor.IDLE || caller != CallerFloor.SILENT) {
      return;
    }
    boolean awaited = running.containsKey(Timer.REPROMPT)
        || running.containsKey(Timer.ENDPOINT)
        || running.containsKey(Timer.DIGITS)
        || running.containsKey(Timer.FALSE_INTERRUPTION);
    if (!awaited) {
      if (interrupted == null) {
        armReprompt();
      } else if (options.bargeIn().falseAfter().isZero()) {
        interrupted = null;
        armReprompt();
      } else {
        armFalseInterruption();
      }
    }
  }

  private void silent() {
    if (!canListen() || caller != CallerFloor.SILENT) {
      return;
    }
    List<String> texts = options.silence().reprompts();
    if (reprompts < texts.size()) {
      say(Utterance.Kind.REPROMPT, texts.get(reprompts++), true);
    } else {
      close(options.silence().goodbye(), EndReason.SILENCE);
    }
  }

  private void digit(char digit) {
    stopTimer(Timer.REPROMPT);
    String action = "";
    for (String configured : options.dtmf().actions()) {
      if (configured.startsWith(digit + "=")) {
        action = configured.substring(2).strip();
      }
    }
    if (agent == AgentFloor.CLOSING) {
      return;
    }
    if (options.dtmf().interrupts() && agent == AgentFloor.SPEAKING) {
      onsetAt = now;
      Utterance speaking = newest();
      if (speaking != null && speaking.interruptible) {
        interrupt();
        interrupted = null;
      }
    }
    if (!action.isEmpty() && digits.length() == 0) {
      act(action);
      return;
    }
    boolean terminated = options.dtmf().terminator().equals(String.valueOf(digit));
    if (!terminated) {
      digits.append(digit);
    }
    if (terminated
        || digits.length() == Math.max(options.dtmf().length(), 0) && digits.length() > 0) {
      digitsDone();
    } else {
      startTimer(Timer.DIGITS, options.dtmf().timeout().toNanos());
    }
  }

  private void act(String action) {
    if (action.equals("hangup")) {
      close("Goodbye.", EndReason.AGENT_HUNG_UP);
    } else if (action.equals("repeat")) {
      List<Message> entries = dialogue.entries();
      for (int i = entries.size() - 1; i >= 0; i--) {
        if (entries.get(i) instanceof Message.Assistant said && !said.text().isBlank()) {
          say(Utterance.Kind.REST, said.text(), true);
          return;
        }
      }
      listen();
    } else {
      finals.append(finals.length() > 0 ? " " : "").append(action);
      wordsByKeys();
    }
  }

  private void digitsDone() {
    stopTimer(Timer.DIGITS);
    if (digits.length() == 0) {
      listen();
      return;
    }
    finals
        .append(finals.length() > 0 ? " " : "")
        .append("[keys pressed: ")
        .append(digits)
        .append("]");
    digits.setLength(0);
    wordsByKeys();
  }

  private void wordsByKeys() {
    lastVoicedAt = now;
    releasedAt = now;
    finalAt = now;
    sttNanos = 0;
    if (caller != CallerFloor.SPEAKING) {
      commit(0);
    }
  }

  private void timer(Timer timer) {
    // A timer that was stopped or started anew may still come: it was under way.
    Long due = running.get(timer);
    if (agent == AgentFloor.ENDED || due == null || now < due - EARLY_NANOS) {
      return;
    }
    running.remove(timer);
    switch (timer) {
      case FINAL_TRANSCRIPT -> finalOverdue();
      case ENDPOINT -> {
        if (caller != CallerFloor.SPEAKING && finals.length() > 0) {
          commit(Math.max(0, now - finalAt));
        }
      }
      case FALSE_INTERRUPTION -> {
        if (interrupted != null
            && caller != CallerFloor.SPEAKING
            && canListen()
            && heardSoFar().isBlank()) {
          goOn();
        }
      }
      case THINKING -> thinkingOverdue();
      case FILLER -> fillerDue();
      case REPROMPT -> silent();
      case DIGITS -> digitsDone();
      case PLAYOUT -> playoutOverdue();
      case HANG_UP -> {
        if (agent == AgentFloor.CLOSING || hangUpWhenHeard) {
          hangUp(closingReason);
        }
      }
      case MAX_CALL -> hangUp(EndReason.MAX_DURATION);
    }
  }

  private void finalOverdue() {
    if (caller == CallerFloor.SPEAKING) {
      // A voice without an end: noise, unless there were words.
      caller = CallerFloor.PAUSED;
      lastVoicedAt = now;
      releasedAt = now;
      startTimer(Timer.FINAL_TRANSCRIPT, options.endpointing().finalTimeout().toNanos());
      emit(new TurnEffect.FinalizeTranscript());
    } else if (caller == CallerFloor.PAUSED) {
      if (finals.toString().isBlank() && !interim.isBlank()) {
        finals.append(interim);
        interim = "";
      }
      flushed = true;
      finalAt = now;
      sttNanos = Math.max(0, now - releasedAt);
      endOfWords();
    }
  }

  private void thinkingOverdue() {
    Utterance newest = newest();
    if (agent != AgentFloor.THINKING || newest == null) {
      return;
    }
    emit(new TurnEffect.Cancel(newest.turn));
    answerTools();
    Utterance main = newest;
    for (Utterance of : live.values()) {
      if (of.kind != Utterance.Kind.FILLER) {
        main = of;
      }
    }
    if (live.values().stream().anyMatch(of -> of.audible)) {
      emit(new TurnEffect.Clear(newest.turn));
    }
    abandonLive();
    stumble(main);
  }

  private void fillerDue() {
    Utterance reply = newest();
    if (agent == AgentFloor.THINKING
        && reply != null
        && reply.kind == Utterance.Kind.REPLY
        && userTurn != null
        && userTurn.firstAudioAt == 0) {
      Utterance filler = add(Utterance.Kind.FILLER, true);
      filler.whole(options.fillerText());
      emit(new TurnEffect.Say(filler.turn, options.fillerText(), true));
    }
  }

  private void playoutOverdue() {
    Utterance of = newest();
    if (agent == AgentFloor.SPEAKING && of != null) {
      emit(new TurnEffect.Clear(of.turn));
      emit(new TurnEffect.Cancel(of.turn));
      abandonLive();
      answerTools();
      closeUserTurn(TurnOutcome.FAILED);
      toIdle();
      listen();
    }
  }

  // ---- the end

  private void hangUp(EndReason reason) {
    if (hungUp) {
      return;
    }
    hungUp = true;
    closeUserTurn(live.isEmpty() ? TurnOutcome.ANSWERED : TurnOutcome.INTERRUPTED);
    if (!live.isEmpty()) {
      emit(new TurnEffect.Cancel(Objects.requireNonNull(newest()).turn));
    }
    answerTools();
    abandonLive();
    stopAll();
    stopTimer(Timer.MAX_CALL);
    agent = AgentFloor.ENDED;
    emit(new TurnEffect.HangUp(reason));
  }

  private void carrierGone() {
    if (agent == AgentFloor.ENDED) {
      return;
    }
    hungUp = true;
    closeUserTurn(TurnOutcome.INTERRUPTED);
    if (!live.isEmpty()) {
      emit(new TurnEffect.Cancel(Objects.requireNonNull(newest()).turn));
    }
    answerTools();
    abandonLive();
    stopAll();
    stopTimer(Timer.MAX_CALL);
    agent = AgentFloor.ENDED;
  }

  /** Voice edges, keys and what a cancellation provokes are no late events. */
  private void afterTheEnd(CallFact fact) {
    boolean counted = fact instanceof CallFact.OfTurn && !(fact instanceof CallFact.PlayoutCleared)
        || fact instanceof CallFact.FinalTranscript
        || fact instanceof CallFact.ProviderTurnEnded;
    if (counted) {
      emit(new TurnEffect.LateDropped(fact));
    }
  }

  // ---- small things

  private Utterance add(Utterance.Kind kind, boolean interruptible) {
    last = last.next();
    Utterance made = new Utterance(last, kind, interruptible);
    live.put(last, made);
    return made;
  }

  private @Nullable Utterance newest() {
    Utterance newest = null;
    for (Utterance of : live.values()) {
      newest = of;
    }
    return newest;
  }

  private boolean answers(Utterance of) {
    return of.kind == Utterance.Kind.REPLY;
  }

  private void drop(Utterance of) {
    live.remove(of.turn);
  }

  /** All that the agent was saying is over; what of it was heard enters the dialogue. */
  private void abandonLive() {
    for (Utterance of : live.values()) {
      if (of.audible && !of.logged && of.kind != Utterance.Kind.FILLER) {
        dialogue.interrupted(of.turn, of.heardText());
        cleared.put(of.turn, of);
      }
    }
    live.clear();
    while (cleared.size() > 8) {
      cleared.remove(cleared.keySet().iterator().next());
    }
  }

  private void toIdle() {
    agent = AgentFloor.IDLE;
    stopTimer(Timer.THINKING);
    stopTimer(Timer.FILLER);
    stopTimer(Timer.PLAYOUT);
  }

  private boolean canListen() {
    return agent == AgentFloor.IDLE;
  }

  private void closeUserTurn(TurnOutcome outcome) {
    UserTurn ended = userTurn;
    if (ended != null) {
      userTurn = null;
      emit(new TurnEffect.TurnEnded(
          last, outcome, ended.timeline, (now - ended.lastVoicedAt) / 1e6));
    }
  }

  private String heardSoFar() {
    return (finals + " " + interim).strip();
  }

  private void clearWords() {
    finals.setLength(0);
    interim = "";
  }

  private void stopAll() {
    for (Timer timer : Timer.values()) {
      if (timer != Timer.MAX_CALL) {
        stopTimer(timer);
      }
    }
  }

  private static boolean fatal(Failure failure) {
    return failure.kind() == Failure.Kind.UNAUTHORIZED
        || failure.kind() == Failure.Kind.OUT_OF_MONEY;
  }

  private void startTimer(Timer timer, long nanos) {
    running.put(timer, now + nanos);
    emit(new TurnEffect.StartTimer(timer, last, now + nanos));
  }

  private void stopTimer(Timer timer) {
    if (running.remove(timer) != null) {
      emit(new TurnEffect.StopTimer(timer));
    }
  }

  private void emit(TurnEffect effect) {
    effects.add(effect);
  }
}

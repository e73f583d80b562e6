package io.voiceagent.turn;

import io.voiceagent.call.CallFact;
import io.voiceagent.call.EndReason;
import io.voiceagent.call.Message;
import io.voiceagent.call.Word;
import java.util.List;

/**
 * Who has the floor. Two small machines, the caller's and the agent's, and the rules that couple them: a caller who bids
 * for the floor takes it, a caller who is through gets an answer.
 *
 * <p>Pure: events in, effects out, time is an argument. It never throws on what a peer does. Every state in which it waits
 * has a timer that ends it. Facts of an utterance that is over are recognised by their turn and counted, so that nothing
 * depends on a cancellation winning a race.
 *
 * <p>Here events find their rule; what is decided stands in the {@code *Rules}.
 */
public final class TurnMachine {
  /** A tool that the model may call to end the call; answered here. */
  public static final String END_CALL = "end_call";

  private final CallState call;

  public TurnMachine(TurnOptions options) {
    call = new CallState(options);
  }

  /** Something the model should know besides its instructions, such as the caller's number. Before the start. */
  public void context(String text) {
    call.dialogue.context(text);
  }

  /** Feeds one event; answers with what is to be done, in order. */
  public List<TurnEffect> on(TurnEvent event) {
    call.effects.begin(event.at());
    if (event instanceof TurnEvent.Started) {
      start();
    } else if (event instanceof TurnEvent.Resumed resumed) {
      call.failover.resumed(resumed);
    } else if (event instanceof TurnEvent.TimerFired fired) {
      timer(fired.timer());
    } else if (event instanceof TurnEvent.Happened happened) {
      fact(happened.fact());
    } else if (event instanceof TurnEvent.TranscriberMeasured measured) {
      call.endpoint.measured(measured.p99Nanos());
    }
    if (!ended()) {
      call.silence.neverUnarmed();
    }
    return call.effects.all();
  }

  /** In words, for a view: {@code listening}, {@code thinking}, {@code speaking} ... */
  public String state() {
    return switch (call.agent.floor) {
      case IDLE -> call.caller.floor == CallerFloor.SPEAKING ? "hearing" : "listening";
      case THINKING -> call.tools.idle() ? "thinking" : "tools";
      case SPEAKING -> "speaking";
      case CLOSING -> "closing";
      case ENDED -> "ended";
    };
  }

  /** The dialogue so far without the standing instructions. */
  public List<Message> history() {
    return call.dialogue.entries();
  }

  /**
   * What another node needs to go on with this call.
   *
   * @param history the dialogue; of what the agent is saying what was heard
   * @param unheard the rest of it, when it is known
   * @param more the rest is not known: the model had not finished
   * @param lastTurn number of the agent's last utterance
   * @param ahead the first words of the rest, which are heard one after the other if nothing stops them; their times count
   *     from now
   * @param begun the last entry of {@code history} is what was heard of the same utterance
   */
  public record Standing(
      List<Message> history,
      String unheard,
      boolean more,
      int lastTurn,
      List<Word> ahead,
      boolean begun) {}

  public Standing standing(long now) {
    return call.failover.standing(now);
  }

  /** From where on the caller's audio is still to be transcribed, nanoseconds; 0 when all words are here. */
  public long untranscribedSince() {
    return call.failover.untranscribedSince();
  }

  public boolean ended() {
    return call.agent.floor == AgentFloor.ENDED;
  }

  /** When the speech that interrupted began; 0 when nobody interrupted. */
  public long interruptedSince() {
    return call.interruptions.undecided() ? call.caller.onsetAt : 0;
  }

  /** Words that are in no turn yet. */
  String pending() {
    return call.words.wouldBe();
  }

  CallerFloor caller() {
    return call.caller.floor;
  }

  AgentFloor agent() {
    return call.agent.floor;
  }

  /** Whether a fact counts as late when its call, its turn, or its transcriber is over: not voice edges, keys, or answers to a clear. */
  public static boolean countsWhenLate(CallFact fact) {
    return fact instanceof CallFact.OfTurn && !(fact instanceof CallFact.PlayoutCleared)
        || fact instanceof CallFact.InterimTranscript
        || fact instanceof CallFact.FinalTranscript
        || fact instanceof CallFact.TranscriptFlushed
        || fact instanceof CallFact.ProviderTurnEagerEnd
        || fact instanceof CallFact.ProviderTurnEnded;
  }

  private void start() {
    call.timers.start(Timer.MAX_CALL, call.options.maxCallDuration());
    if (!call.options.notice().isBlank()) {
      call.answering.say(Utterance.Kind.NOTICE, call.options.notice(), false);
    } else if (!call.options.greeting().isBlank()) {
      call.answering.greet();
    } else {
      call.silence.begin();
    }
  }

  private void fact(CallFact fact) {
    if (fact instanceof CallFact.CarrierGone) {
      call.ending.carrierGone();
    } else if (ended()) {
      call.ending.afterTheEnd(fact);
    } else if (fact instanceof CallFact.OfTurn ofTurn) {
      ofTurn(ofTurn);
    } else if (fact instanceof CallFact.SpeechStarted speech) {
      call.listening.speechStarted(speech.onsetAt());
    } else if (fact instanceof CallFact.SpeechSustained speech) {
      call.listening.speechSustained(speech.onsetAt());
    } else if (fact instanceof CallFact.SpeechEnded speech) {
      call.listening.speechEnded(speech);
    } else if (fact instanceof CallFact.DigitPressed pressed) {
      call.keys.pressed(pressed.digit());
    } else if (fact instanceof CallFact.StageLost lost) {
      call.failover.lost(lost);
    } else if (fact instanceof CallFact.EndRequested request) {
      call.ending.hangUp(request.reason());
    } else {
      transcript(fact);
    }
  }

  private void transcript(CallFact fact) {
    if (fact instanceof CallFact.OfTranscriber of && call.words.left(of.finalsBefore())) {
      call.emit(new TurnEffect.LateDropped(fact));
    } else if (fact instanceof CallFact.InterimTranscript heard) {
      call.listening.interim(heard);
    } else if (fact instanceof CallFact.FinalTranscript heard) {
      call.listening.finalTranscript(heard);
    } else if (fact instanceof CallFact.TranscriptFlushed done) {
      call.listening.flushed(done);
    } else if (fact instanceof CallFact.ProviderTurnStarted) {
      call.listening.providerTurnStarted();
    } else if (fact instanceof CallFact.ProviderTurnEagerEnd heard) {
      call.listening.providerEagerEnd(heard.text());
    } else if (fact instanceof CallFact.ProviderTurnResumed) {
      call.listening.providerTurnResumed();
    } else if (fact instanceof CallFact.ProviderTurnEnded heard) {
      call.listening.providerTurnEnded(heard);
    } else if (fact instanceof CallFact.TranscriptionFailed) {
      call.ending.giveUp();
    }
  }

  private void ofTurn(CallFact.OfTurn fact) {
    if (fact instanceof CallFact.ToolReturned returned) {
      call.tools.returned(returned);
      return;
    }
    if (fact instanceof CallFact.PlayoutCleared gone) {
      call.interruptions.cleared(gone);
      return;
    }
    Utterance of = call.agent.live(fact.turn());
    if (of != null) {
      call.utterances.fact(of, fact);
      return;
    }
    if (call.speculation.keeps(fact)) {
      return;
    }
    Utterance cut = call.agent.cleared(fact.turn());
    if (cut != null && fact instanceof CallFact.SegmentSpoken spoken) {
      // It tells where the words lie of what was heard before the cut.
      cut.spoken(spoken.segment());
    }
    call.emit(new TurnEffect.LateDropped(fact));
  }

  private void timer(Timer timer) {
    if (ended() || !call.timers.fires(timer)) {
      return;
    }
    switch (timer) {
      case FINAL_TRANSCRIPT -> call.listening.finalOverdue();
      case ENDPOINT -> call.taking.waited();
      case FALSE_INTERRUPTION -> call.interruptions.timedOut();
      case THINKING -> call.answering.thinkingOverdue();
      case FILLER -> call.answering.fillerDue();
      case REPROMPT -> call.silence.due();
      case DIGITS -> call.keys.complete();
      case PLAYOUT -> call.answering.playoutOverdue();
      case HANG_UP -> call.ending.overdue();
      case MAX_CALL -> call.ending.hangUp(EndReason.MAX_DURATION);
    }
  }
}

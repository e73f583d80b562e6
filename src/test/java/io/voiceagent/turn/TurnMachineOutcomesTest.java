package io.voiceagent.turn;

import static org.assertj.core.api.Assertions.assertThat;

import io.voiceagent.call.CallFact;
import io.voiceagent.call.EndReason;
import io.voiceagent.call.Failure;
import io.voiceagent.call.ToolCall;
import io.voiceagent.call.TurnId;
import io.voiceagent.call.TurnOutcome;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How turns and calls end when something does not go as it should, and what is silenced, cancelled and stopped then. */
class TurnMachineOutcomesTest {
  private static final ToolCall LOOKUP = new ToolCall("a", "lookup", "{}");

  private static CallScript asked(String... settings) {
    CallScript call = CallScript.with(settings).starts().after(500).says("when do you open");
    call.effects();
    return call;
  }

  private static List<TurnOutcome> outcomes(List<TurnEffect> effects) {
    return effects.stream()
        .filter(TurnEffect.TurnEnded.class::isInstance)
        .map(effect -> ((TurnEffect.TurnEnded) effect).outcome())
        .toList();
  }

  private static List<String> said(List<TurnEffect> effects) {
    return effects.stream()
        .filter(TurnEffect.Say.class::isInstance)
        .map(effect -> ((TurnEffect.Say) effect).text())
        .toList();
  }

  @Test
  void anAnswerToWrongWordsIsCancelledAndAskedForAgain() {
    CallScript call =
        CallScript.with().starts().after(500).speaks("book a cable").after(1500);
    TurnId wrong = call.turn();
    assertThat(call.transcript()).containsExactly("caller: book a cable");
    call.effects();

    List<TurnEffect> effects = call.finalText("book a table").effects();

    assertThat(effects).contains(new TurnEffect.Cancel(wrong));
    assertThat(call.turn().isAfter(wrong)).isTrue();
    assertThat(call.transcript()).containsExactly("caller: book a table");
    call.voices(wrong, "A cable?");
    assertThat(call.effects())
        .allMatch(TurnEffect.LateDropped.class::isInstance)
        .hasSize(3);
    assertThat(outcomes(call.isAnsweredWith("Done.").effects()))
        .containsExactly(TurnOutcome.ANSWERED);
  }

  @Test
  void aModelWithoutASignOfLifeIsCancelledAndApologisedFor() {
    CallScript call = asked();
    TurnId silent = call.turn();

    List<TurnEffect> effects = call.after(20_000).effects();

    assertThat(effects).contains(new TurnEffect.Cancel(silent));
    assertThat(effects).noneMatch(TurnEffect.Clear.class::isInstance);
    assertThat(outcomes(effects)).containsExactly(TurnOutcome.FAILED);
    assertThat(said(effects)).containsExactly(call.options().apology());
    assertThat(call.isSaid().state()).isEqualTo("listening");
  }

  @Test
  void aCarrierThatTellsNothingIsClearedAndTheCallerIsListenedTo() {
    CallScript call = asked().writes("From nine to five.").isHeard();
    TurnId lost = call.turn();
    call.effects();

    List<TurnEffect> effects = call.after(60_000).effects();

    assertThat(effects).contains(new TurnEffect.Clear(lost), new TurnEffect.Cancel(lost));
    assertThat(outcomes(effects)).containsExactly(TurnOutcome.FAILED);
    assertThat(call.state()).isEqualTo("listening");
    assertThat(call.runs(Timer.REPROMPT)).isTrue();
    assertThat(call.says("hello").transcript()).last().isEqualTo("caller: hello");
  }

  @Test
  void tooManyFailuresInARowEndTheCallAndAnAnswerBetweenForgivesThem() {
    CallScript call = asked("turn.maxFailures=2").modelFails("").isSaid();
    call.after(300).says("again").isAnsweredWith("From nine.");
    call.after(300).says("and then").modelFails("");
    assertThat(said(call.effects())).endsWith(call.options().apology());
    call.isSaid().after(300).says("once more");
    call.effects();

    List<TurnEffect> effects = call.modelFails("").effects();

    assertThat(said(effects)).containsExactly(call.options().farewell());
    assertThat(outcomes(effects)).containsExactly(TurnOutcome.FAILED);
    assertThat(call.state()).isEqualTo("closing");
    assertThat(call.isSaid().effects(TurnEffect.HangUp.class))
        .extracting(TurnEffect.HangUp::reason)
        .containsExactly(EndReason.FAILED);
  }

  @Test
  void anAnswerThatBreaksOffForGoodIsHeardAsFarAsItGoesThenApologisedFor() {
    CallScript call =
        asked().voices("From nine").isHeard().modelFails("From nine", Failure.Kind.OUT_OF_MONEY);
    call.effects();

    List<TurnEffect> effects = call.after(600).heardToTheEnd().effects();

    assertThat(outcomes(effects)).containsExactly(TurnOutcome.FAILED);
    assertThat(said(effects)).containsExactly(call.options().apology());
    assertThat(call.isSaid().transcript())
        .containsExactly(
            "caller: when do you open",
            "agent: From nine",
            "agent: " + call.options().apology());
  }

  @Test
  void anAnswerThatBreaksOffForGoodIsAFailureLikeAnyOther() {
    CallScript call = asked("turn.maxFailures=1").voices("From nine").isHeard();
    call.modelFails("From nine", Failure.Kind.OUT_OF_MONEY).effects();

    assertThat(said(call.after(600).heardToTheEnd().effects()))
        .containsExactly(call.options().farewell());
    assertThat(call.isSaid().state()).isEqualTo("ended");
  }

  @Test
  void aVoiceThatFailsOverAToolCancelsIt() {
    CallScript call = asked().voices("Let me see.").completes("Let me see.", LOOKUP);
    call.effects();

    List<TurnEffect> effects = call.voiceFails().effects();

    assertThat(outcomes(effects)).containsExactly(TurnOutcome.FAILED);
    assertThat(call.transcript()).contains("tool: Cancelled.");
    assertThat(call.isSaid().state()).isEqualTo("listening");
  }

  @Test
  void aKeyThatEndsTheCallSilencesTheAgentAndStopsEveryWaitButTheLast() {
    CallScript call = asked("turn.dtmf.actions=9=hangup", "turn.dtmf.interrupts=false")
        .writes("From nine to five.")
        .isHeard();
    TurnId answer = call.turn();
    call.effects();

    List<TurnEffect> effects = call.presses("9").effects();

    assertThat(effects).contains(new TurnEffect.Clear(answer), new TurnEffect.Cancel(answer));
    assertThat(outcomes(effects)).containsExactly(TurnOutcome.INTERRUPTED);
    assertThat(said(effects)).containsExactly(call.options().goodbye());
    assertThat(call.runs(Timer.HANG_UP)).isTrue();
    assertThat(call.runs(Timer.MAX_CALL)).isTrue();
    for (Timer timer :
        List.of(Timer.PLAYOUT, Timer.REPROMPT, Timer.DIGITS, Timer.FINAL_TRANSCRIPT)) {
      assertThat(call.runs(timer)).as(timer.name()).isFalse();
    }
    assertThat(call.after(15_000).effects(TurnEffect.HangUp.class)).hasSize(1);
    assertThat(call.runs(Timer.MAX_CALL)).as("nothing runs after the end").isFalse();
  }

  @Test
  void aModelThatEndsTheCallWithoutAWordHasAnsweredAndGoodbyeIsSaid() {
    CallScript call = asked().completes("", new ToolCall("b", TurnMachine.END_CALL, "{}"));

    List<TurnEffect> effects = call.effects();

    assertThat(outcomes(effects)).containsExactly(TurnOutcome.ANSWERED);
    assertThat(said(effects)).containsExactly(call.options().goodbye());
    assertThat(call.isSaid().effects(TurnEffect.HangUp.class))
        .extracting(TurnEffect.HangUp::reason)
        .containsExactly(EndReason.AGENT_HUNG_UP);
  }

  @Test
  void aCallThatIsEndedFromOutsideCancelsWhatRuns() {
    CallScript call = asked().completes("", LOOKUP);
    TurnId answer = call.turn();
    call.effects();

    List<TurnEffect> effects =
        call.happens(new CallFact.EndRequested(call.now(), EndReason.OPERATOR)).effects();

    assertThat(effects)
        .contains(new TurnEffect.Cancel(answer), new TurnEffect.HangUp(EndReason.OPERATOR));
    assertThat(outcomes(effects)).containsExactly(TurnOutcome.INTERRUPTED);
    assertThat(call.transcript()).last().isEqualTo("tool: Cancelled.");
    assertThat(call.happens(new CallFact.EndRequested(call.now(), EndReason.OPERATOR))
            .effects())
        .isEmpty();
  }

  @Test
  void aReplyBegunEarlyIsCancelledWithTheCall() {
    CallScript call =
        CallScript.with("turn.preemptive.enabled=true").starts().after(500).speaks("when");
    TurnId early = call.turn();
    call.effects();

    assertThat(call.hangsUp().effects())
        .contains(new TurnEffect.Cancel(early), new TurnEffect.Speculated(false));
  }

  @Test
  void anAnswerThatWasHeardIsAnsweredAlthoughItsEndWasNotTold() {
    CallScript call = asked().voices("From nine.").isHeard().after(600).heardToTheEnd();
    call.effects();

    assertThat(outcomes(call.happens(new CallFact.EndRequested(call.now(), EndReason.MAX_DURATION))
            .effects()))
        .containsExactly(TurnOutcome.ANSWERED);
  }

  @Test
  void withoutATranscriberTheAgentSaysFarewellOnce() {
    CallScript call = asked();
    TurnId answer = call.turn();
    Failure gone = new Failure(Failure.Stage.STT, Failure.Kind.REFUSED, "scripted");

    List<TurnEffect> effects =
        call.happens(new CallFact.TranscriptionFailed(call.now(), gone)).effects();

    assertThat(effects).contains(new TurnEffect.Cancel(answer));
    assertThat(outcomes(effects)).containsExactly(TurnOutcome.FAILED);
    assertThat(said(effects)).containsExactly(call.options().farewell());
    assertThat(call.happens(new CallFact.TranscriptionFailed(call.now(), gone)).effects())
        .isEmpty();
    assertThat(call.isSaid().state()).isEqualTo("ended");
  }

  @Test
  void yeahOverTheEndOfAQuestionAnswersItAndOverAStatementNothing() {
    for (String text : List.of("Shall I book for Friday?", "I have booked for Friday.")) {
      CallScript call = asked("turn.bargeIn.minWords=1").writes(text).isHeard().after(900);
      call.says("yeah").after(100).heardToTheEnd();
      boolean question = text.endsWith("?");
      assertThat(call.state()).as(text).isEqualTo(question ? "thinking" : "listening");
      assertThat(call.transcript())
          .as(text)
          .last()
          .isEqualTo(question ? "caller: yeah" : "agent: " + text);
    }
  }
}

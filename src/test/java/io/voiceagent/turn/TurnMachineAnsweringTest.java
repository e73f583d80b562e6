package io.voiceagent.turn;

import static org.assertj.core.api.Assertions.assertThat;

import io.voiceagent.call.CallFact;
import io.voiceagent.call.EndReason;
import io.voiceagent.call.Message;
import io.voiceagent.call.Segment;
import io.voiceagent.call.ToolCall;
import io.voiceagent.call.TurnId;
import io.voiceagent.call.TurnOutcome;
import io.voiceagent.call.TurnTimeline;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is answered, what of it is kept, and how calls end. */
class TurnMachineAnsweringTest {
  private static final ToolCall LOOKUP = new ToolCall("a", "lookup", "{}");
  private static final ToolCall END = new ToolCall("e", TurnMachine.END_CALL, "{}");

  private static CallScript asked(String... settings) {
    CallScript call =
        CallScript.with(settings).starts().after(500).says("when do you open").after(300);
    call.effects();
    return call;
  }

  private static CallScript interruptedAt(CallScript call, int heardMs) {
    call.voiceBegins().after(80).voiceLasts();
    return call.cleared(call.turn(), heardMs);
  }

  // ---- R34: heard, not sent

  @Test
  void r34_theHistoryHoldsTheWordsThatWereHeardAndTheRestBeside() {
    for (int heardMs = 0; heardMs <= 2100; heardMs += 100) {
      CallScript call =
          asked().writes("We are open from nine to five.").isHeard().after(heardMs);
      interruptedAt(call, heardMs);

      int words = Math.min(7, (heardMs + 20) / 300);
      List<String> all = List.of("We", "are", "open", "from", "nine", "to", "five.");
      String rest = String.join(" ", all.subList(words, 7));
      assertThat(call.transcript())
          .last()
          .as("after %d ms", heardMs)
          .isEqualTo("agent: " + String.join(" ", all.subList(0, words))
              + (rest.isEmpty() ? "" : " [unheard: " + rest + "]"));
    }
  }

  @Test
  void r34_marksSayWhatWasHeardWhereThereAreNoTimings() {
    CallScript call = asked();
    TurnId turn = call.turn();
    call.happens(new CallFact.SegmentQueued(900_000_000, turn, 0, "One two.", 0))
        .happens(new CallFact.SegmentQueued(900_000_000, turn, 1, "Three four five six.", 0))
        .happens(new CallFact.SegmentSpoken(
            900_000_000, new Segment(turn, 0, "One two.", 0, 600, List.of())))
        .happens(new CallFact.SegmentSpoken(
            900_000_000, new Segment(turn, 1, "Three four five six.", 600, 1800, List.of())))
        .isHeard()
        .after(600)
        .heardTo(600)
        .after(650);
    interruptedAt(call, 1250);

    assertThat(call.transcript())
        .last()
        .isEqualTo("agent: One two. Three four [unheard: five six.]");
  }

  @Test
  void r34_aPieceWhoseTimingsHaveNotComeYetIsMeasuredByThePaceSoFar() {
    CallScript call = asked();
    TurnId turn = call.turn();
    call.voices("One two three.")
        .happens(new CallFact.SegmentQueued(900_000_000, turn, 1, "Four five six.", 0))
        .isHeard()
        .after(1500);
    interruptedAt(call, 1550);

    assertThat(call.transcript())
        .last()
        .isEqualTo("agent: One two three. Four five [unheard: six.]");
  }

  @Test
  void r34_wordsOfAReplyWithToolsAreCutToWhatWasHeardToo() {
    CallScript call = asked()
        .voices("Let me look that up.")
        .completes("Let me look that up.", LOOKUP)
        .isHeard()
        .after(500);
    interruptedAt(call, 600);

    assertThat(call.transcript())
        .endsWith("agent: Let me [calls lookup] [unheard: look that up.]", "tool: Cancelled.");
  }

  @Test
  void r34_theModelIsNeverToldWhatWasNotHeard() {
    CallScript call = asked().writes("We are open from nine to five.").isHeard().after(500);
    interruptedAt(call, 620)
        .after(400)
        .voiceEnds()
        .after(80)
        .finalText("and on Sunday?")
        .flushed();

    List<TurnEffect.Generate> asked = call.effects(TurnEffect.Generate.class);
    assertThat(asked.get(asked.size() - 1).dialogue())
        .endsWith(
            new Message.Assistant("We are", List.of(), "open from nine to five."),
            new Message.User("and on Sunday?"));
  }

  @Test
  void whatWasCutIsToldOnce() {
    CallScript call = asked().writes("We are open from nine to five.").isHeard().after(500);
    interruptedAt(call, 620);

    assertThat(call.cleared(call.turn(), 620).effects(TurnEffect.CutOff.class))
        .containsExactly(new TurnEffect.CutOff(call.turn(), "We are", "open from nine to five."));
  }

  // ---- R35, R36: tools

  @Test
  void r35_everyToolCallIsAnsweredWhenTheCallerDoesNotWait() {
    CallScript call = asked()
        .completes("", LOOKUP, new ToolCall("b", "lookup", "{}"))
        .toolReturns("a", "42")
        .after(100)
        .says("never mind");

    assertThat(call.transcript())
        .containsExactly(
            "caller: when do you open",
            "agent:  [calls lookup]",
            "tool: 42",
            "tool: Cancelled.",
            "caller: never mind");
  }

  @Test
  void r36_aToolThatRanAlthoughItWasCancelledIsNotForgotten() {
    CallScript call = asked().completes("", LOOKUP).after(100).says("never mind");
    call.effects();

    call.toolReturns("a", "42");

    assertThat(call.effects(TurnEffect.LateDropped.class)).hasSize(1);
    assertThat(call.transcript()).contains("tool: 42").doesNotContain("tool: Cancelled.");
    assertThat(call.toolReturns("a", "43").transcript()).contains("tool: 42");
  }

  @Test
  void theAnswerComesWhenTheLastToolHasReturned() {
    CallScript call = asked().completes("", LOOKUP, new ToolCall("b", "lookup", "{}"));
    assertThat(call.effects(TurnEffect.RunTool.class)).hasSize(2);
    assertThat(call.toolReturns("b", "2").state()).isEqualTo("tools");

    assertThat(call.toolReturns("a", "1").effects(TurnEffect.Generate.class)).hasSize(1);
    call.isAnsweredWith("It is one and two.");
    assertThat(call.effects(TurnEffect.TurnEnded.class))
        .extracting(TurnEffect.TurnEnded::outcome)
        .containsExactly(TurnOutcome.ANSWERED);
    assertThat(call.state()).isEqualTo("listening");
  }

  @Test
  void wordsBeforeATurnsToolAreHeardToTheirEnd() {
    CallScript call =
        asked().voices("Let me see.").completes("Let me see.", LOOKUP).isHeard();
    TurnId first = call.turn();
    call.after(200).toolReturns("a", "42").after(100).writes("Nine.");
    assertThat(call.state()).isEqualTo("speaking");

    call.happens(new CallFact.PlayoutEnded(2_500_000_000L, first, 900, false));
    assertThat(call.state()).isEqualTo("thinking");
    call.isHeard().after(300).heardToTheEnd();

    assertThat(call.transcript())
        .endsWith("agent: Let me see. [calls lookup]", "tool: 42", "agent: Nine.");
    assertThat(call.state()).isEqualTo("listening");
  }

  @Test
  void aToolThatNeverReturnsEndsInAnApology() {
    CallScript call = asked().completes("", LOOKUP).after(20_000);

    assertThat(call.effects(TurnEffect.Say.class))
        .extracting(TurnEffect.Say::text)
        .allMatch(text -> text.startsWith("Sorry"));
    assertThat(call.transcript()).contains("tool: Cancelled.");
  }

  // ---- fillers

  @Test
  void aFillerBridgesTheWaitAndIsNoAnswer() {
    CallScript call = asked("turn.filler.after=800ms").after(500);
    assertThat(call.effects(TurnEffect.Say.class))
        .containsExactly(new TurnEffect.Say(new TurnId(2), "One moment.", true, true));
    call.happens(new CallFact.PlayoutStarted(3_000_000_000L, new TurnId(2)));
    assertThat(call.state()).isEqualTo("thinking");

    call.isAnsweredWith("From nine.");

    assertThat(call.effects(TurnEffect.FirstAudioHeard.class)).hasSize(1);
    assertThat(call.transcript()).containsExactly("caller: when do you open", "agent: From nine.");
  }

  @Test
  void noFillerOnceTheAnswerIsHeard() {
    assertThat(asked("turn.filler.after=800ms")
            .writes("From nine to five.")
            .isHeard()
            .after(1000)
            .effects(TurnEffect.Say.class))
        .isEmpty();
  }

  @Test
  void whoeverSpeaksOverAFillerGoesOnWithTheTurn() {
    CallScript call = asked("turn.filler.after=800ms")
        .after(500)
        .happens(new CallFact.PlayoutStarted(3_000_000_000L, new TurnId(2)));
    call.effects();

    call.says("on Sunday");

    assertThat(call.effects())
        .contains(new TurnEffect.Clear(new TurnId(2)), new TurnEffect.Cancel(new TurnId(2)));
    assertThat(call.transcript()).containsExactly("caller: when do you open on Sunday");
  }

  // ---- R37: silence

  @Test
  void r37_silenceRunsFromWhatWasHeardNotFromWhatWasSent() {
    CallScript call = asked().writes("We are open from nine to five.").isHeard();
    assertThat(call.after(2100).runs(Timer.REPROMPT)).isFalse();

    assertThat(call.heardToTheEnd().left(Timer.REPROMPT)).isEqualTo(10_000);
  }

  @Test
  void r37_aNoiseDoesNotBeginTheSilenceAnew() {
    CallScript call = asked().isAnsweredWith("From nine.").after(5000).coughs();
    assertThat(call.left(Timer.REPROMPT)).isEqualTo(10_000 - 5000 - 500);

    call.after(4000).coughs();
    assertThat(call.left(Timer.REPROMPT)).isEqualTo(2000);
  }

  @Test
  void r37_nobodyIsAskedWhileAToolRunsOrSomebodySpeaks() {
    CallScript call = asked().completes("", LOOKUP).after(15_000);
    assertThat(call.effects(TurnEffect.Say.class)).isEmpty();

    call = asked().isAnsweredWith("From nine.").after(9900).voiceBegins().after(15_000);
    assertThat(call.effects(TurnEffect.Say.class)).isEmpty();
  }

  @Test
  void r37_twoRepromptsThenGoodbyeThenTheEnd() {
    CallScript call = asked().isAnsweredWith("From nine.");
    call.effects();
    call.after(10_000).isSaid().after(10_000).isSaid().after(10_000).isSaid();

    assertThat(call.effects(TurnEffect.Say.class))
        .extracting(TurnEffect.Say::text)
        .containsExactly(
            "Are you still there?", "Hello? Can you hear me?", "I will hang up now. Goodbye.");
    assertThat(call.state()).isEqualTo("ended");
  }

  @Test
  void r37_whoeverAnswersAReprompBeginsAgainWithTheFirst() {
    CallScript call = asked()
        .isAnsweredWith("From nine.")
        .after(10_000)
        .isSaid()
        .after(300)
        .says("yes I am")
        .isAnsweredWith("Good.")
        .after(10_000);

    assertThat(call.effects(TurnEffect.Say.class))
        .extracting(TurnEffect.Say::text)
        .containsExactly("Are you still there?", "Are you still there?");
  }

  @Test
  void withoutRepromptsNobodyIsAsked() {
    assertThat(asked("turn.silence.after=0")
            .isAnsweredWith("From nine.")
            .after(600_000)
            .effects(TurnEffect.Say.class))
        .isEmpty();
  }

  // ---- keys

  @Test
  void keysAreCollectedByLengthTerminatorOrPause() {
    CallScript call = asked("turn.dtmf.length=3").isAnsweredWith("Type it.").presses("12");
    assertThat(call.state()).isEqualTo("listening");
    assertThat(call.presses("3").transcript()).last().isEqualTo("caller: [keys pressed: 123]");
    assertThat(call.isAnsweredWith("Thanks.").presses("4#").transcript())
        .last()
        .isEqualTo("caller: [keys pressed: 4]");
    call.isAnsweredWith("Thanks.").presses("5").after(1799);
    assertThat(call.state()).isEqualTo("listening");
    assertThat(call.after(1).transcript()).last().isEqualTo("caller: [keys pressed: 5]");
  }

  @Test
  void aTerminatorAloneIsNothing() {
    CallScript call = asked().isAnsweredWith("Type it.").presses("#");

    assertThat(call.state()).isEqualTo("listening");
    assertThat(call.runs(Timer.REPROMPT)).isTrue();
  }

  @Test
  void aKeyInterruptsOrNotAsConfigured() {
    CallScript call =
        asked().writes("Please type your number now.").isHeard().after(300).presses("1");
    assertThat(call.effects()).contains(new TurnEffect.Clear(call.turn()));

    CallScript patient = asked("turn.dtmf.interrupts=false")
        .writes("Please type your number now.")
        .isHeard()
        .after(300)
        .presses("1#");
    assertThat(patient.effects()).noneMatch(TurnEffect.Clear.class::isInstance);
    assertThat(patient.after(1000).heardToTheEnd().transcript())
        .last()
        .isEqualTo("caller: [keys pressed: 1]");
  }

  @Test
  void whoeverLeansOnTheKeypadIsAnsweredToo() {
    CallScript call = asked().isAnsweredWith("Type it.").presses("1".repeat(DigitCollector.MOST));

    assertThat(call.state()).isEqualTo("thinking");
  }

  @Test
  void aKeyMayMeanWords() {
    CallScript call = asked("turn.dtmf.actions=0=I want a human,9=hangup,*=repeat")
        .isAnsweredWith("From nine.")
        .presses("0");
    assertThat(call.transcript()).last().isEqualTo("caller: I want a human");

    call.isAnsweredWith("One moment.").presses("*");
    assertThat(call.effects(TurnEffect.Say.class))
        .extracting(TurnEffect.Say::text)
        .containsExactly("One moment.");
    call.isSaid();
    assertThat(call.transcript()).filteredOn("agent: One moment."::equals).hasSize(1);

    call.presses("9").isSaid();
    assertThat(call.effects(TurnEffect.HangUp.class))
        .containsExactly(new TurnEffect.HangUp(EndReason.AGENT_HUNG_UP));
  }

  @Test
  void inTheMiddleOfDigitsAKeyIsADigit() {
    CallScript call =
        asked("turn.dtmf.actions=0=I want a human").isAnsweredWith("Type it.").presses("10#");

    assertThat(call.transcript()).last().isEqualTo("caller: [keys pressed: 10]");
  }

  // ---- the end

  @Test
  void theLineIsKeptUntilTheLastWordWasHeard() {
    CallScript call =
        asked().voices("Good bye.").completes("Good bye.", END).isHeard().after(590);
    assertThat(call.effects(TurnEffect.HangUp.class)).isEmpty();

    assertThat(call.heardToTheEnd().effects(TurnEffect.HangUp.class)).hasSize(1);
  }

  @Test
  void butNotLongerThanTheCap() {
    CallScript call =
        asked().voices("Good bye.").completes("Good bye.", END).isHeard().after(14_999);
    assertThat(call.effects(TurnEffect.HangUp.class)).isEmpty();

    assertThat(call.after(1).effects(TurnEffect.HangUp.class)).hasSize(1);
  }

  @Test
  void aModelThatEndsTheCallWithoutAWordSaysGoodbyeAllTheSame() {
    CallScript call = asked().completes("", END);
    assertThat(call.effects(TurnEffect.Say.class))
        .extracting(TurnEffect.Say::text)
        .containsExactly("Goodbye.");

    assertThat(call.isSaid().state()).isEqualTo("ended");
  }

  @Test
  void noCallIsLongerThanItsLimitWhateverHappens() {
    CallScript call = asked("limits.maxCallDuration=5s").voiceBegins().after(4000);

    assertThat(call.effects(TurnEffect.HangUp.class))
        .containsExactly(new TurnEffect.HangUp(EndReason.MAX_DURATION));
    assertThat(call.says("hello").effects(TurnEffect.LateDropped.class)).hasSize(3);
  }

  @Test
  void voiceEdgesAndKeysAfterTheEndAreNotLate() {
    CallScript call = asked().hangsUp();
    call.effects();

    assertThat(call.voiceBegins()
            .voiceLasts()
            .voiceEnds()
            .presses("1")
            .cleared(call.turn(), 0)
            .effects())
        .isEmpty();
    assertThat(call.isHeard().heardToTheEnd().completes("x").effects(TurnEffect.LateDropped.class))
        .hasSize(3);
  }

  @Test
  void theThirdFailureInARowEndsTheCall() {
    CallScript call = asked()
        .modelFails("")
        .isSaid()
        .after(300)
        .says("hello")
        .after(200)
        .modelFails("")
        .isSaid()
        .after(300)
        .says("hello")
        .after(200)
        .modelFails("");
    assertThat(call.effects(TurnEffect.Say.class))
        .extracting(TurnEffect.Say::text)
        .last()
        .asString()
        .startsWith("I am sorry, I cannot help");

    assertThat(call.isSaid().effects(TurnEffect.HangUp.class))
        .containsExactly(new TurnEffect.HangUp(EndReason.FAILED));
  }

  @Test
  void whenNotEvenTheApologyCanBeSaidTheCarrierSaysTheFarewell() {
    assertThat(asked().modelFails("").voiceFails().effects(TurnEffect.HangUp.class))
        .containsExactly(new TurnEffect.HangUp(EndReason.SPEECHLESS));
  }

  @Test
  void anAnswerInBetweenForgivesThem() {
    CallScript call = asked();
    for (int i = 0; i < 5; i++) {
      call.modelFails("")
          .isSaid()
          .after(300)
          .says("hello")
          .isAnsweredWith("Yes.")
          .after(300)
          .says("open")
          .after(200);
    }

    assertThat(call.effects(TurnEffect.HangUp.class)).isEmpty();
  }

  // ---- where the wait goes

  @Test
  void theStagesOfATurnAreThoseThatHappened() {
    CallScript call =
        asked("turn.endpoint.unfinishedWait=0").writes("From nine.").after(50).isHeard();

    TurnTimeline timeline =
        call.effects(TurnEffect.FirstAudioHeard.class).get(0).timeline();
    assertThat(timeline.timeToFirstAudioMs()).isEqualTo(650);
    assertThat(timeline.stagesMs())
        .containsEntry(TurnTimeline.Stage.ENDPOINTING, 200.0)
        .containsEntry(TurnTimeline.Stage.STT_FINAL, 100.0)
        .containsEntry(TurnTimeline.Stage.LLM_FIRST_TOKEN, 200.0)
        .containsEntry(TurnTimeline.Stage.FIRST_SEGMENT, 10.0)
        .containsEntry(TurnTimeline.Stage.TTS_FIRST_AUDIO, 90.0)
        .containsEntry(TurnTimeline.Stage.PLAYOUT, 50.0);
  }

  @Test
  void aWaitForUnfinishedWordsIsAConfiguredOne() {
    CallScript call =
        CallScript.with().starts().says("a table and").after(500).writes("Yes?").isHeard();

    assertThat(call.effects(TurnEffect.FirstAudioHeard.class).get(0).timeline().configuredNanos())
        .isEqualTo(700_000_000L);
  }

  @Test
  void aModelThatBeganEarlyIsWaitedForOnlyFromTheTurnOn() {
    CallScript call = CallScript.with("turn.preemptive.enabled=true")
        .starts()
        .speaks("when do you open")
        .after(90)
        .firstToken()
        .after(10)
        .finalText("when do you open")
        .flushed()
        .voices("From nine.")
        .isHeard();

    assertThat(call.effects(TurnEffect.FirstAudioHeard.class).get(0).timeline().llmNanos())
        .isZero();
  }
}

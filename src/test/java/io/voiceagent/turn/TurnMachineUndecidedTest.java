package io.voiceagent.turn;

import static org.assertj.core.api.Assertions.assertThat;

import io.voiceagent.call.CallFact;
import io.voiceagent.call.EndReason;
import io.voiceagent.call.ToolCall;
import io.voiceagent.call.TurnId;
import org.junit.jupiter.api.Test;

/** Bids for the floor that are no clear case. */
class TurnMachineUndecidedTest {
  private static CallScript answering(String... settings) {
    CallScript call = CallScript.with(settings)
        .starts()
        .after(500)
        .says("when do you open")
        .after(300)
        .writes("From nine to five.")
        .isHeard()
        .after(600);
    call.effects();
    return call;
  }

  @Test
  void wordsOfAVoiceThatHasNotLastedDoNotInterrupt() {
    CallScript call = answering().voiceBegins().interim("stop");

    assertThat(call.state()).isEqualTo("speaking");
    assertThat(call.voiceLasts().state()).isEqualTo("hearing");
  }

  @Test
  void aSignOfListeningBeforeTheAnswerDoesNotTakeTheTurnBack() {
    CallScript call = CallScript.with().starts().says("when do you open");
    TurnId reply = call.turn();
    call.effects();
    call.after(100).voiceBegins().interim("mm-hmm").after(80).voiceLasts();

    assertThat(call.effects()).doesNotContain(new TurnEffect.Cancel(reply));
    assertThat(call.state()).isEqualTo("thinking");
  }

  @Test
  void keysBeforeTheAnswerBelongToTheTurn() {
    CallScript call = CallScript.with().starts().says("my number is").presses("12#");

    assertThat(call.transcript()).containsExactly("caller: my number is [keys pressed: 12]");
  }

  @Test
  void anythingButAnAnswerThatIsNotHeardYetGivesWayToKeys() {
    CallScript call = CallScript.with("agent.greeting=Hello there.").starts();
    TurnId greeting = call.turn();
    call.presses("12#");

    assertThat(call.effects()).contains(new TurnEffect.Cancel(greeting));
    assertThat(call.transcript()).containsExactly("caller: [keys pressed: 12]");
    assertThat(call.runs(Timer.FALSE_INTERRUPTION)).isFalse();
  }

  @Test
  void aNoiseOverTheVeryLastWordLeavesNothingToSay() {
    CallScript call = answering().after(600).coughs();
    call.cleared(call.turn(), 1200).after(2000);

    assertThat(call.effects(TurnEffect.Say.class)).isEmpty();
    assertThat(call.left(Timer.REPROMPT)).isEqualTo(10_000 - 380);
    assertThat(call.transcript()).last().isEqualTo("agent: From nine to five.");
  }

  @Test
  void aNoiseAfterAllThatWasWrittenSoFarAsksForTheRestAtOnce() {
    CallScript call = CallScript.with()
        .starts()
        .says("tell me a story")
        .after(300)
        .voices("Once upon a time")
        .isHeard()
        .after(1200)
        .coughs();
    call.cleared(call.turn(), 1200);
    call.effects();

    call.after(2000);

    assertThat(call.effects(TurnEffect.Generate.class)).hasSize(1);
  }

  @Test
  void aNoiseOverTheLastWordOfAGoodbyeEndsTheCall() {
    CallScript call = CallScript.with()
        .starts()
        .says("bye")
        .voices("Good bye.")
        .completes("Good bye.", new ToolCall("e", TurnMachine.END_CALL, "{}"))
        .isHeard()
        .after(550)
        .coughs();
    call.cleared(call.turn(), 600).after(2000);

    assertThat(call.effects(TurnEffect.HangUp.class))
        .containsExactly(new TurnEffect.HangUp(EndReason.AGENT_HUNG_UP));
  }

  @Test
  void toolsOfAReplyThatWasCutForNothingAreAskedForAgain() {
    CallScript call = CallScript.with()
        .starts()
        .says("where is my order")
        .voices("Let me see.")
        .completes("Let me see.", new ToolCall("a", "lookup", "{}"))
        .isHeard()
        .after(300)
        .coughs();
    call.cleared(call.turn(), 350).after(2000).isSaid();

    assertThat(call.transcript()).contains("tool: Cancelled.");
    assertThat(call.state()).isEqualTo("thinking");
  }

  @Test
  void wordsThatNobodyEndedAreTakenWhenTheInterruptionIsDecided() {
    CallScript call =
        answering("turn.bargeIn.minWords=1").interim("wait a minute").after(2000);

    assertThat(call.transcript()).last().isEqualTo("caller: wait a minute");
    assertThat(call.state()).isEqualTo("thinking");
  }

  @Test
  void aFillerThatGaveWayIsForgotten() {
    CallScript call = CallScript.with("turn.filler.after=500ms")
        .starts()
        .says("look it up")
        .after(600)
        .happens(new CallFact.PlayoutStarted(2_000_000_000L, new TurnId(2)))
        .cleared(new TurnId(2), 100);

    assertThat(call.effects(TurnEffect.CutOff.class)).isEmpty();
    call.heardToTheEnd();
    assertThat(call.happens(new CallFact.PlayoutEnded(3_000_000_000L, new TurnId(2), 900, false))
            .effects(TurnEffect.LateDropped.class))
        .hasSize(1);
  }

  @Test
  void anAnswerThatIsOverdueIsCancelledAndItsToolsAnswered() {
    CallScript call = CallScript.with()
        .starts()
        .says("where is my order")
        .completes("", new ToolCall("a", "lookup", "{}"));
    TurnId reply = call.turn();
    call.after(20_000);

    assertThat(call.effects()).contains(new TurnEffect.Cancel(reply));
    assertThat(call.transcript()).contains("tool: Cancelled.");
  }

  @Test
  void aCarrierThatTellsNothingEndsTheUtteranceInTheEnd() {
    CallScript call = answering("turn.playoutTimeout=30s");
    TurnId reply = call.turn();
    call.after(30_000);

    assertThat(call.effects()).contains(new TurnEffect.Clear(reply), new TurnEffect.Cancel(reply));
    assertThat(call.state()).isEqualTo("listening");
    assertThat(call.runs(Timer.REPROMPT)).isTrue();
  }
}

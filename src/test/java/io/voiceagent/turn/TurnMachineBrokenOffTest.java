package io.voiceagent.turn;

import static org.assertj.core.api.Assertions.assertThat;

import io.voiceagent.call.Failure;
import io.voiceagent.call.Message;
import io.voiceagent.call.TurnId;
import io.voiceagent.call.TurnOutcome;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A model that breaks off in mid-answer: what was said stays, the rest is asked for once, or apologised for. */
class TurnMachineBrokenOffTest {
  private final CallScript call =
      CallScript.with().starts().after(500).says("when do you open").after(300);

  @Test
  void itIsAskedForTheRestWhenWhatItWroteWasHeard() {
    call.voices("We are open").isHeard().modelFails("We are open");
    assertThat(call.effects(TurnEffect.Generate.class)).as("not before").hasSize(1);
    call.after(900).heardToTheEnd();

    assertThat(askedNow())
        .endsWith(new Message.Assistant("We are open", List.of()), AnswerRules.GO_ON);
    call.isAnsweredWith("from nine.");
    assertThat(call.transcript())
        .containsExactly("caller: when do you open", "agent: We are open", "agent: from nine.");
    assertThat(outcomes()).containsExactly(TurnOutcome.ANSWERED);
  }

  @Test
  void beforeItsFirstClauseItBeginsAnew() {
    TurnId first = call.turn();
    call.effects();
    List<TurnEffect> effects = call.modelFails("We").effects();

    assertThat(effects).startsWith(new TurnEffect.Cancel(first));
    assertThat(((TurnEffect.Generate) effects.get(effects.size() - 1)).dialogue())
        .endsWith(new Message.User("when do you open"));
    call.isAnsweredWith("We open at nine.");
    assertThat(call.transcript())
        .containsExactly("caller: when do you open", "agent: We open at nine.");
  }

  @Test
  void afterItsLastWordItHasNoMoreToSay() {
    call.voices("At nine.").isHeard().modelFails("At nine.").after(600).heardToTheEnd();
    call.modelFails("", Failure.Kind.EMPTY);

    assertThat(outcomes()).containsExactly(TurnOutcome.ANSWERED);
    assertThat(call.effects(TurnEffect.Say.class)).isEmpty();
    call.says("thank you").after(500);
    assertThat(askedNow()).endsWith(new Message.User("thank you"));
  }

  @Test
  void forGoodItIsHeardAndApologisedFor() {
    call.voices("We are").isHeard();
    call.modelFails("We are", Failure.Kind.OUT_OF_MONEY).after(600).heardToTheEnd();

    assertThat(outcomes()).containsExactly(TurnOutcome.FAILED);
    call.isSaid();
    assertThat(call.transcript())
        .containsExactly("caller: when do you open", "agent: We are", SORRY);
  }

  @Test
  void againItIsHeardAndApologisedFor() {
    call.voices("We are").isHeard().modelFails("We are").after(600).heardToTheEnd();
    call.voices("open from").isHeard().modelFails("open from").after(600).heardToTheEnd();

    assertThat(outcomes()).containsExactly(TurnOutcome.FAILED);
    call.isSaid();
    assertThat(call.transcript())
        .containsExactly("caller: when do you open", "agent: We are", "agent: open from", SORRY);
  }

  @Test
  void aCoughMeanwhileDoesNotCostTheRest() {
    call.voices("We are open on").isHeard().modelFails("We are open on").after(100);
    TurnId first = call.turn();
    call.voiceBegins().after(80).voiceLasts();
    call.cleared(first, 300).after(200).voiceEnds().after(100).flushed().after(2000);
    call.isSaid();

    assertThat(call.transcript()).contains("agent: We are open on");
    assertThat(askedNow()).endsWith(AnswerRules.GO_ON);
  }

  private static final String SORRY =
      "agent: Sorry, something went wrong. Could you say that again?";

  private List<Message> askedNow() {
    List<TurnEffect.Generate> all = call.effects(TurnEffect.Generate.class);
    return all.get(all.size() - 1).dialogue();
  }

  private List<TurnOutcome> outcomes() {
    return call.effects(TurnEffect.TurnEnded.class).stream()
        .map(TurnEffect.TurnEnded::outcome)
        .toList();
  }
}

package io.voiceagent.turn;

import static org.assertj.core.api.Assertions.assertThat;

import io.voiceagent.call.Message;
import io.voiceagent.call.ToolCall;
import io.voiceagent.call.ToolResult;
import io.voiceagent.call.TurnId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The history as the model gets it. */
class DialogueTest {
  private final Dialogue dialogue = new Dialogue("Be kind.");

  @Test
  void theInstructionsStandBeforeEverythingAndBlankOnesNowhere() {
    dialogue.context("The caller's number is 1.");
    dialogue.user("hello");
    assertThat(dialogue.messages())
        .containsExactly(
            new Message.System("Be kind."),
            new Message.System("The caller's number is 1."),
            new Message.User("hello"));
    assertThat(new Dialogue(" ").messages()).isEmpty();
  }

  @Test
  void anAnswerOfWhichNothingWasHeardIsNotSentButKept() {
    dialogue.user("hello");
    dialogue.cut(turn(1), "", "Hello there.");
    assertThat(dialogue.messages()).hasSize(2);
    assertThat(dialogue.entries())
        .containsExactly(
            new Message.User("hello"), new Message.Assistant("", List.of(), "Hello there."));
  }

  @Test
  void whatWasHeardOfACutIsCorrectedOnce() {
    dialogue.user("hello");
    dialogue.cut(turn(1), "Hello", "there.");
    dialogue.settle(turn(1), "Hello there.", "");
    dialogue.settle(turn(1), "never", "mind");
    assertThat(dialogue.entries())
        .last()
        .isEqualTo(new Message.Assistant("Hello there.", List.of()));
  }

  @Test
  void theRestOfACutUtteranceIsOneMessageWithIt() {
    dialogue.cut(turn(1), "Once upon", "a time.");
    dialogue.settle(turn(1), "Once upon", "a time.");
    dialogue.cutAgain(turn(2), "a", "time.");
    dialogue.settle(turn(2), "a", "time.");
    assertThat(dialogue.entries())
        .containsExactly(new Message.Assistant("Once upon a", List.of(), "time."));
    dialogue.agentWentOn("time.");
    assertThat(dialogue.entries())
        .containsExactly(new Message.Assistant("Once upon a time.", List.of()));
  }

  @Test
  void aRestWithoutItsBeginningIsAMessageOfItsOwn() {
    dialogue.agentWentOn("a time.");
    dialogue.user("what");
    dialogue.agentWentOn("nothing");
    dialogue.user("oh");
    dialogue.cutAgain(turn(3), "as", "I said");
    assertThat(dialogue.entries())
        .containsExactly(
            new Message.Assistant("a time.", List.of()),
            new Message.User("what"),
            new Message.Assistant("nothing", List.of()),
            new Message.User("oh"),
            new Message.Assistant("as", List.of(), "I said"));
  }

  @Test
  void onlyTheCallersLastWordsAreTakenBack() {
    dialogue.user("book a table");
    assertThat(dialogue.takeBack("a table")).isFalse();
    dialogue.agent("Yes?");
    assertThat(dialogue.takeBack("book a table")).isFalse();
    dialogue.user("for two");
    assertThat(dialogue.takeBack("for two")).isTrue();
    assertThat(dialogue.entries()).hasSize(2);
    assertThat(new Dialogue("").takeBack("anything")).isFalse();
  }

  @Test
  void aResultStandsBehindItsCallWhateverWasSaidSince() {
    dialogue.user("where is it");
    dialogue.toolCalls(turn(1), "Let me see.", List.of(call("a"), call("b")));
    dialogue.cut(turn(1), "Let me", "see.");
    dialogue.toolResult(result("a", "Cancelled."));
    dialogue.toolResult(result("b", "Cancelled."));
    dialogue.user("never mind");
    dialogue.cut(turn(2), "As", "you like.");
    dialogue.toolResult(result("b", "42"));
    dialogue.toolResult(result("a", "41"));
    dialogue.toolResult(result("unknown", "43"));
    dialogue.settle(turn(2), "As you", "like.");
    dialogue.settle(turn(1), "Let", "me see.");

    assertThat(dialogue.entries())
        .containsExactly(
            new Message.User("where is it"),
            new Message.Assistant("Let", List.of(call("a"), call("b")), "me see."),
            new Message.Tool(result("a", "41")),
            new Message.Tool(result("b", "42")),
            new Message.User("never mind"),
            new Message.Assistant("As you", List.of(), "like."));
  }

  @Test
  void aResultThatComesInBetweenMovesWhatIsStillOpen() {
    dialogue.toolCalls(turn(1), "", List.of(call("a")));
    dialogue.user("and");
    dialogue.cut(turn(2), "Well", "then.");
    dialogue.toolResult(result("a", "41"));
    dialogue.settle(turn(2), "Well then.", "");
    assertThat(dialogue.entries())
        .containsExactly(
            new Message.Assistant("", List.of(call("a"))),
            new Message.Tool(result("a", "41")),
            new Message.User("and"),
            new Message.Assistant("Well then.", List.of()));
  }

  @Test
  void theLastWordsAreCorrectedWithinATurnOfMore() {
    dialogue.user("I want a cable");
    assertThat(dialogue.correct("a cable", "a table ")).isEqualTo("I want a table");
    assertThat(dialogue.correct("a chair", "a bench")).isEmpty();
    dialogue.agent("Fine.");
    assertThat(dialogue.correct("table", "stable")).isEqualTo("I want a stable");
    assertThat(dialogue.entries()).first().isEqualTo(new Message.User("I want a stable"));
  }

  /** An endless call: the model is sent the latest part, which begins with words of the caller. */
  @Test
  void theOldestEntriesLeaveByWholeTurns() {
    for (int i = 0; i < 300; i++) {
      dialogue.user("question " + i);
      dialogue.toolCalls(turn(i), "", List.of(call("call" + i)));
      dialogue.toolResult(result("call" + i, "fact " + i));
      dialogue.cut(turn(1000 + i), "Half", "of it.");
      if (i % 2 == 0) {
        dialogue.settle(turn(1000 + i), "Half of", "it " + i);
      }
      List<Message> all = dialogue.messages();
      assertThat(all)
          .hasSizeLessThanOrEqualTo(201)
          .hasSizeGreaterThanOrEqualTo(Math.min(4 * i + 5, 195));
      assertThat(all.get(0)).isEqualTo(new Message.System("Be kind."));
      assertThat(all.get(1)).isInstanceOf(Message.User.class);
      assertThat(unanswered(all)).isEmpty();
    }
    dialogue.settle(turn(1299), "Half of", "the last");
    dialogue.settle(turn(1001), "gone", "long ago");
    assertThat(dialogue.entries())
        .last()
        .isEqualTo(new Message.Assistant("Half of", List.of(), "the last"));
    assertThat(dialogue.entries().toString()).doesNotContain("long ago");
  }

  @Test
  void whatAnotherNodeHadIsGoneOnWith() {
    dialogue.restore(List.of(new Message.User("hello"), new Message.Assistant("Hi.", List.of())));
    dialogue.user("go on");
    assertThat(dialogue.entries()).hasSize(3);
  }

  private static List<String> unanswered(List<Message> messages) {
    List<String> open = new ArrayList<>();
    for (Message message : messages) {
      if (message instanceof Message.Assistant said) {
        said.toolCalls().forEach(call -> open.add(call.id()));
      } else if (message instanceof Message.Tool tool) {
        assertThat(open.remove(tool.result().callId())).isTrue();
      }
    }
    return open;
  }

  private static TurnId turn(int value) {
    return new TurnId(value);
  }

  private static ToolCall call(String id) {
    return new ToolCall(id, "lookup", "{}");
  }

  private static ToolResult result(String id, String text) {
    return new ToolResult(id, "lookup", text, false);
  }
}

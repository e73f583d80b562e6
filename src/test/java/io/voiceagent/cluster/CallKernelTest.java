package io.voiceagent.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.voiceagent.call.CallId;
import io.voiceagent.call.CallInfo;
import io.voiceagent.call.Message;
import io.voiceagent.call.Word;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CallKernelTest {
  private static final long AT = 1_700_000_000_000L;
  private static final Message ASKED = new Message.User("tell me a story");

  @Test
  void whatTheCarrierPlayedOnIsHeardAndNotSaidAgain() {
    CallKernel kernel = kernel(List.of(ASKED, said("once upon")), "a time there was", false, true);

    CallKernel later = kernel.heardUntil(AT + 450);

    assertThat(later.history()).containsExactly(ASKED, said("once upon a time"));
    assertThat(later.unheard()).isEqualTo("there was");
    assertThat(later.heardUntil(AT + 450)).isEqualTo(later);
    assertThat(later.more()).isFalse();
  }

  @Test
  void aWordThatWasCutInItsMiddleIsSaidAgain() {
    CallKernel kernel = kernel(List.of(ASKED, said("once upon")), "a time there was", false, true);

    assertThat(kernel.heardUntil(AT + 399).unheard()).isEqualTo("time there was");
    assertThat(kernel.heardUntil(AT + 400).unheard()).isEqualTo("there was");
  }

  @Test
  void itsFirstWordsAreAnEntryOfTheirOwn() {
    Message before = said("an earlier answer");
    CallKernel kernel = kernel(List.of(before), "a time there was", false, false);

    assertThat(kernel.heardUntil(AT + 450).history()).containsExactly(before, said("a time"));
  }

  @Test
  void aModelThatHadNotFinishedGoesOnBehindTheWordsThatWereHeard() {
    CallKernel later = kernel(List.of(ASKED), "", true, false).heardUntil(AT + 60_000);

    assertThat(later.history()).containsExactly(ASKED, said("a time there"));
    assertThat(later.unheard()).isEmpty();
    assertThat(later.more()).isTrue();
  }

  @Test
  void withoutAnInstantNothingIsAssumed() {
    CallKernel kernel = kernel(List.of(ASKED), "a time there was", false, false);

    assertThat(kernel.heardUntil(0)).isSameAs(kernel);
    assertThat(kernel.heardUntil(AT - 5000)).isSameAs(kernel);
  }

  @Test
  void whatOneNodeWritesAnotherReads() {
    CallKernel kernel = kernel(List.of(ASKED, said("once upon")), "a time there was", false, true);

    assertThat(CallKernelCodec.decode(CallKernelCodec.encode(kernel))).isEqualTo(kernel);
  }

  @Test
  void whatANewerReleaseAddsIsSkipped() {
    CallKernel newer = CallKernelCodec.decode(
        "{\"call\":\"CA1\",\"ended\":true,\"lastWords\":\"Bye.\",\"mood\":{\"sad\":1}}".getBytes());

    assertThat(newer.ended()).isTrue();
    assertThat(newer.lastWords()).isEqualTo("Bye.");
  }

  @Test
  void ofALongDialogueTheLatestEntriesAreKept() {
    List<Message> all = IntStream.range(0, 2 * CallKernel.MAX_HISTORY)
        .<Message>mapToObj(i -> new Message.User("line " + i))
        .toList();

    assertThat(kernel(all, "", false, false).history())
        .isEqualTo(all.subList(CallKernel.MAX_HISTORY, 2 * CallKernel.MAX_HISTORY));
  }

  @Test
  void theLastWordsAreBounded() {
    String longest = "a".repeat(CallKernel.MAX_LAST_WORDS);

    assertThat(CallKernelCodec.decode(
                ("{\"call\":\"CA1\",\"lastWords\":\"" + longest + "b\"}").getBytes())
            .lastWords())
        .isEqualTo(longest);
  }

  @Test
  void theKernelOfAnOlderReleaseHasNoWordsAhead() {
    CallKernel old = CallKernelCodec.decode("{\"call\":\"CA1\",\"unheard\":\"a time\"}".getBytes());

    assertThat(old.ahead()).isEmpty();
    assertThat(old.lastWords()).isEmpty();
    assertThat(old.heardUntil(AT).unheard()).isEqualTo("a time");
  }

  private static CallKernel kernel(
      List<Message> history, String unheard, boolean more, boolean begun) {
    return kernel(
        history,
        unheard,
        more,
        begun,
        List.of(new Word("a", 0, 100), new Word("time", 100, 400), new Word("there", 400, 900)));
  }

  private static CallKernel kernel(
      List<Message> history, String unheard, boolean more, boolean begun, List<Word> ahead) {
    return new CallKernel(
        new CallInfo(new CallId("CA1"), "MZ1", CallInfo.Direction.INBOUND, "+1555", "+1556"),
        "node",
        history,
        unheard,
        more,
        2,
        false,
        AT,
        ahead,
        begun,
        "Goodbye.");
  }

  private static Message said(String words) {
    return new Message.Assistant(words, List.of());
  }
}

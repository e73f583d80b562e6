package io.voiceagent.call;

import java.util.List;

/**
 * What an operator asks of a conversation mailbox. Asked of every loop of every node; each answers for the calls that it
 * runs. Numbers are masked before they leave the conversation.
 */
public sealed interface CallQuestion {

  /** All calls of the mailbox that is asked. Answered with {@link CallList}. */
  record ListCalls() implements CallQuestion {}

  /** One call. Answered with {@link CallList}, empty when the mailbox does not run it. */
  record FindCall(CallId call) implements CallQuestion {}

  /** End this call. Answered with {@link CallList}: the call as it was, or nothing when it is not here. */
  record EndCall(CallId call, EndReason reason) implements CallQuestion {}

  /** Answer to each of them. */
  record CallList(List<CallView> calls) {
    public CallList {
      calls = List.copyOf(calls);
    }
  }
}

package io.voiceagent.conversation;

import io.voiceagent.call.CallInfo;
import io.voiceagent.turn.TurnEffect;
import io.voiceagent.turn.TurnEvent;
import java.util.List;

/** Opens a record of each call's decisions. */
@FunctionalInterface
public interface Journals {
  Journals NONE = (info, context) -> Journal.NONE;

  /** @param context what the machine was told besides its options */
  Journal open(CallInfo info, String context);

  /** One call's events and what was decided on each. */
  interface Journal {
    Journal NONE = new Journal() {
      @Override
      public void decided(TurnEvent event, List<TurnEffect> effects) {}

      @Override
      public void close() {}
    };

    void decided(TurnEvent event, List<TurnEffect> effects);

    void close();
  }
}

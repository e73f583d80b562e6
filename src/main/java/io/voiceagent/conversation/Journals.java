package io.voiceagent.conversation;

import io.voiceagent.call.CallInfo;
import io.voiceagent.turn.TurnEffect;
import io.voiceagent.turn.TurnEvent;
import java.util.List;

/** Opens a record of each call's decisions. */
@FunctionalInterface
public interface Journals {
  Journals NONE = info -> Journal.NONE;

  Journal open(CallInfo info);

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

package io.voiceagent.media;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The last calls that we ended ourselves: the carrier asks what to do after their stream, and the answer is to hang up,
 * for some after words that our own voice could not say.
 */
final class EndedCalls {
  private static final int KEPT = 10_000;

  private final Map<String, String> calls = new LinkedHashMap<>() {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
      return size() > KEPT;
    }
  };

  /** @param lastWords for the carrier to say; empty: none */
  synchronized void add(String callSid, String lastWords) {
    calls.put(callSid, lastWords);
  }

  /** Null for a call that we did not end. */
  synchronized @Nullable String lastWords(String callSid) {
    return calls.get(callSid);
  }
}

package io.voiceagent.media;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The last calls that we ended ourselves: the carrier asks what to do after their stream, and the answer is to hang up. */
final class EndedCalls {
  private static final int KEPT = 10_000;

  private final Set<String> calls = Collections.newSetFromMap(new LinkedHashMap<>() {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
      return size() > KEPT;
    }
  });

  synchronized void add(String callSid) {
    calls.add(callSid);
  }

  synchronized boolean contains(String callSid) {
    return calls.contains(callSid);
  }
}

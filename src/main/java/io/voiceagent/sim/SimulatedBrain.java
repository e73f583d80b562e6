package io.voiceagent.sim;

import java.util.List;

/** What the simulated model answers: a pure function of what the caller said, so that a listener can check every word. */
public final class SimulatedBrain {
  private static final String STORY =
      "Once upon a time there was a small telephone in a quiet house. Every evening it rang, and every evening somebody "
          + "told it a story. One night it rang and nobody spoke. So the telephone told a story itself, about a road, a "
          + "river, and a very long wire. At the end of the wire somebody listened until the morning, and then said thank you.";

  private SimulatedBrain() {}

  /** The spoken answer: after "echo" just the words, otherwise they within a sentence. It repeats what was said, so that an answer to someone else's words is noticed. */
  public static String answer(String userText) {
    List<String> words = Modem.words(userText);
    if (words.contains("story")) {
      return STORY;
    }
    if (words.contains("goodbye")) {
      return "Goodbye, and thank you for calling.";
    }
    if (words.isEmpty()) {
      return "I did not hear anything. Could you say that again?";
    }
    if (words.get(0).equals("echo") && words.size() > 1) {
      return String.join(" ", words.subList(1, words.size())) + ".";
    }
    int from = Math.max(0, words.size() - 12);
    return "You said " + String.join(" ", words.subList(from, words.size()))
        + ". Is there anything else I can do for you?";
  }
}

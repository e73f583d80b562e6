package io.voiceagent.call;

/**
 * The generation stamp: numbers the agent's utterances of one call (greeting, replies, re-prompts) from 1. Everything
 * downstream of a turn carries it, and the last hop before a socket drops what is older than the current one.
 */
public record TurnId(int value) implements Comparable<TurnId> {
  /** Before the first utterance. */
  public static final TurnId NONE = new TurnId(0);

  public TurnId next() {
    return new TurnId(value + 1);
  }

  public boolean isAfter(TurnId other) {
    return value > other.value;
  }

  @Override
  public int compareTo(TurnId other) {
    return Integer.compare(value, other.value);
  }

  @Override
  public String toString() {
    return "t" + value;
  }
}

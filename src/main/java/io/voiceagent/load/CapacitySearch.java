package io.voiceagent.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Looks for the highest load that holds: grows by half until a limit breaks, then halves the distance between what held
 * and what did not. Pure: it says what to try next and is told how it went.
 */
public final class CapacitySearch {
  /** One load that was tried. */
  public record Tried(int calls, boolean held, LoadResult result, List<Threshold> broken) {}

  private static final double GROWTH = 1.5;
  private static final double CLOSE_ENOUGH = 0.1;

  private final int highest;
  private final int mostTries;
  private final List<Tried> tried = new ArrayList<>();
  private int next;
  private int held;
  private int broke = Integer.MAX_VALUE;

  /**
   * @param first calls of the first try
   * @param highest never more than this
   */
  public CapacitySearch(int first, int highest, int mostTries) {
    this.next = Math.min(first, highest);
    this.highest = highest;
    this.mostTries = mostTries;
  }

  /** How many calls to try next; 0 when it is decided. */
  public int next() {
    return next;
  }

  public void tried(Tried attempt) {
    tried.add(attempt);
    if (attempt.held()) {
      held = Math.max(held, attempt.calls());
    } else {
      broke = Math.min(broke, attempt.calls());
    }
    next = tried.size() >= mostTries ? 0 : following();
  }

  private int following() {
    if (broke == Integer.MAX_VALUE) {
      return held >= highest ? 0 : (int) Math.min(highest, Math.ceil(held * GROWTH));
    }
    int middle = (held + broke) / 2;
    boolean decided = broke - held <= Math.max(1, broke * CLOSE_ENOUGH) || middle == held;
    return decided ? 0 : middle;
  }

  /** The highest load that held; empty when none did. */
  public Optional<Tried> best() {
    return tried.stream().filter(Tried::held).max((a, b) -> Integer.compare(a.calls(), b.calls()));
  }

  public List<Tried> all() {
    return List.copyOf(tried);
  }
}

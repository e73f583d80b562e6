package io.voiceagent.media;

/** An allowance that fills with time and is spent by what arrives. Pure. */
final class Bucket {
  private final double perNano;
  private final double most;
  private double level;
  private long at;

  /**
   * @param perSecond how fast it fills
   * @param most what it holds: what may arrive at once after a pause
   * @param first what is in it at {@code now}
   */
  Bucket(double perSecond, double most, double first, long now) {
    this.perNano = perSecond / 1e9;
    this.most = most;
    this.level = first;
    this.at = now;
  }

  /** Spends {@code amount}, or nothing when it is not there. */
  boolean take(double amount, long now) {
    level = Math.min(most, level + (now - at) * perNano);
    at = now;
    if (amount > level) {
      return false;
    }
    level -= amount;
    return true;
  }
}

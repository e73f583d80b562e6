package io.voiceagent.call;

/**
 * Who is on the line.
 *
 * @param customer number of the human, E.164 where known; may be a word such as "anonymous". Never logged unmasked.
 * @param agent our own number
 */
public record CallInfo(
    CallId id, String streamSid, Direction direction, String customer, String agent) {
  /** Which side placed the call. */
  public enum Direction {
    INBOUND,
    OUTBOUND
  }

  /** The customer's number with all but the last two digits hidden; for logs and the API. */
  public String maskedCustomer() {
    int keep = Math.min(2, customer.length());
    return "*".repeat(customer.length() - keep) + customer.substring(customer.length() - keep);
  }

  @Override
  public String toString() {
    return "CallInfo[" + id + ", " + direction + ", " + maskedCustomer() + "]";
  }
}

package io.voiceagent.call;

/** A {@link Failure} travelling as the failed arm of a future inside one stage. No stack: the failure says it all. */
public final class FailureException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient Failure failure;

  public FailureException(Failure failure) {
    super(failure.stage() + " " + failure.kind() + ": " + failure.detail(), null, false, false);
    this.failure = failure;
  }

  public Failure failure() {
    return failure;
  }

  /** The failure inside {@code cause}, or {@code cause} wrapped as a failure of {@code stage}. */
  public static Failure of(Failure.Stage stage, Throwable cause) {
    return cause instanceof FailureException known
        ? known.failure()
        : new Failure(stage, Failure.Kind.SERVER, String.valueOf(cause));
  }
}

package io.voiceagent.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.voiceagent.call.Failure;
import io.voiceagent.call.Failure.Kind;
import io.voiceagent.config.Settings;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AttemptsTest {
  private static final Failure CLOSED = new Failure(Failure.Stage.LLM, Kind.CLOSED, "test");

  @Test
  void r28_attemptsOfARequestAreCapped() {
    RetryBudget budget = new RetryBudget(options(Map.of("resilience.retry.attempts", "3")));
    Attempts attempts =
        new Attempts(options(Map.of("resilience.retry.attempts", "3")), budget, budget.ofCall());

    attempts.begin();
    assertThat(attempts.waitBeforeNext(CLOSED).getAsLong()).isBetween(50L, 100L);
    attempts.begin();
    assertThat(attempts.waitBeforeNext(CLOSED).getAsLong()).isBetween(100L, 200L);
    attempts.begin();
    assertThat(attempts.waitBeforeNext(CLOSED)).isEmpty();
  }

  @Test
  void whatNoRepetitionCanHealIsNotRepeated() {
    RetryBudget budget = new RetryBudget(ResilienceOptions.DEFAULTS);
    Attempts attempts = new Attempts(ResilienceOptions.DEFAULTS, budget, budget.ofCall());
    attempts.begin();

    for (Kind kind : new Kind[] {Kind.BAD_REQUEST, Kind.UNAUTHORIZED, Kind.OUT_OF_MONEY}) {
      assertThat(attempts.waitBeforeNext(new Failure(Failure.Stage.LLM, kind, "test")))
          .isEmpty();
    }
    assertThat(budget.left()).isEqualTo(ResilienceOptions.DEFAULTS.retryReserve());
  }

  @Test
  void theWishOfThePeerIsObeyedWhenACallerCanBearIt() {
    RetryBudget budget = new RetryBudget(ResilienceOptions.DEFAULTS);
    Attempts attempts = new Attempts(ResilienceOptions.DEFAULTS, budget, budget.ofCall());
    attempts.begin();

    assertThat(attempts.waitBeforeNext(limited(700)).getAsLong()).isEqualTo(700);
    assertThat(attempts.waitBeforeNext(limited(60_000))).isEmpty();
  }

  @Test
  void r28_repetitionsStayAFractionOfTheLoadWhenEverythingFails() {
    ResilienceOptions options =
        options(Map.of("resilience.retry.reserve", "10", "resilience.retry.ratio", "0.1"));
    RetryBudget budget = new RetryBudget(options);
    int repetitions = 0;
    for (int request = 0; request < 1000; request++) {
      Attempts attempts = new Attempts(options, budget, budget.ofCall());
      attempts.begin();
      while (attempts.waitBeforeNext(CLOSED).isPresent()) {
        attempts.begin();
        repetitions++;
      }
    }
    assertThat(repetitions).isBetween(100, 111);
  }

  @Test
  void oneCallCannotSpendTheBudgetOfAll() {
    ResilienceOptions options = options(Map.of("resilience.retry.perCall", "2"));
    RetryBudget budget = new RetryBudget(options);
    RetryBudget.OfCall call = budget.ofCall();

    assertThat(call.tryTake()).isTrue();
    assertThat(call.tryTake()).isTrue();
    assertThat(call.tryTake()).isFalse();
    assertThat(budget.ofCall().tryTake()).isTrue();
  }

  private static Failure limited(long retryAfterMs) {
    return new Failure(Failure.Stage.LLM, Kind.RATE_LIMIT, "test", retryAfterMs);
  }

  private static ResilienceOptions options(Map<String, String> values) {
    return ResilienceOptions.from(Settings.of(values));
  }
}

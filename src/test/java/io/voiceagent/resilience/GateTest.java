package io.voiceagent.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.voiceagent.call.Failure;
import io.voiceagent.call.FailureException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GateTest {
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void theMostUrgentOfThoseWaitingEntersFirst() throws Exception {
    Gate gate = new Gate(vertx, Failure.Stage.TTS, () -> 1, 10);
    Gate.Ticket inside = gate.enter(0, 5000);
    List<String> order = Collections.synchronizedList(new ArrayList<>());
    Gate.Ticket patient = gate.enter(0, 5000);
    Gate.Ticket urgent = gate.enter(0, 1000);
    Future<Void> first = urgent.entered().onSuccess(x -> order.add("urgent"));
    Future<Void> second = patient.entered().onSuccess(x -> order.add("patient"));

    inside.leave();
    await(first);
    assertThat(gate.taken()).isEqualTo(1);
    urgent.leave();
    await(second);
    patient.leave();

    assertThat(order).containsExactly("urgent", "patient");
    assertThat(gate.taken()).isZero();
  }

  @Test
  void whoWaitsTooLongIsRefusedAndHoldsNoPlace() {
    Gate gate = new Gate(vertx, Failure.Stage.TTS, () -> 1, 10);
    Gate.Ticket inside = gate.enter(0, 5000);
    Gate.Ticket late = gate.enter(0, 10);

    assertThatThrownBy(() -> await(late.entered()))
        .hasRootCauseInstanceOf(FailureException.class)
        .hasMessageContaining("RATE_LIMIT");
    late.leave();
    inside.leave();

    assertThat(gate.waiting()).isZero();
    assertThat(gate.taken()).isZero();
  }

  @Test
  void theQueueIsBoundedAndTheLeastUrgentIsTurnedAway() {
    Gate gate = new Gate(vertx, Failure.Stage.TTS, () -> 1, 2);
    gate.enter(0, 5000);
    gate.enter(0, 1000);
    Gate.Ticket least = gate.enter(0, 9000);
    gate.enter(0, 2000);

    assertThatThrownBy(() -> await(least.entered())).hasMessageContaining("too many");
    assertThat(gate.waiting()).isEqualTo(2);
  }

  @Test
  void whoGivesUpWaitingLeavesNothing() {
    Gate gate = new Gate(vertx, Failure.Stage.TTS, () -> 1, 2);
    Gate.Ticket inside = gate.enter(0, 5000);
    gate.enter(0, 5000).leave();
    inside.leave();
    inside.leave();

    assertThat(gate.taken()).isZero();
    assertThat(gate.waiting()).isZero();
  }

  @Test
  void aLimitThatShrinksLetsNobodyInUntilEnoughHaveLeftAndOneThatGrowsLetsInSeveral()
      throws Exception {
    AtomicInteger limit = new AtomicInteger(2);
    Gate gate = new Gate(vertx, Failure.Stage.TTS, limit::get, 10);
    Gate.Ticket first = gate.enter(0, 5000);
    Gate.Ticket second = gate.enter(0, 5000);
    List<Gate.Ticket> later =
        List.of(gate.enter(0, 5001), gate.enter(0, 5002), gate.enter(0, 5003));
    limit.set(1);

    first.leave();
    assertThat(gate.taken()).as("as many as are allowed now").isEqualTo(1);
    assertThat(gate.waiting()).isEqualTo(3);
    limit.set(3);
    second.leave();

    for (Gate.Ticket ticket : later) {
      await(ticket.entered());
    }
    assertThat(gate.taken()).isEqualTo(3);
  }

  @Test
  void withoutALimitEveryoneEnters() throws Exception {
    Gate gate = new Gate(vertx, Failure.Stage.TTS, () -> 0, 0);
    for (int i = 0; i < 1000; i++) {
      await(gate.enter(0, 1).entered());
    }
    assertThat(gate.taken()).isEqualTo(1000);
  }

  private static void await(Future<?> future) throws Exception {
    future.toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
  }
}

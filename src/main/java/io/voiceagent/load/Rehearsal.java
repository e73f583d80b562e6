package io.voiceagent.load;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.voiceagent.sim.CarrierSimulator;
import io.voiceagent.sim.Scenario;
import java.util.ArrayList;
import java.util.List;

/**
 * A few calls before the run, of which nothing is reported. The first call of a process loads classes on both sides: half
 * a second in which the generator is late, and which is no property of a service that has been up for a minute.
 */
final class Rehearsal {
  private static final long LONGEST_MS = 30_000;

  private Rehearsal() {}

  /** Never fails: a service that takes no calls shows itself in the run. To be called on the loop of the calls. */
  static Future<Void> hold(Vertx vertx, CarrierSimulator carrier, int calls) {
    if (calls == 0) {
      return Future.succeededFuture();
    }
    Scenario talk = Scenario.of("hello this is the rehearsal", "thank you and goodbye")
        .withThink(100)
        .withBargeIn(true);
    List<Future<?>> over = new ArrayList<>();
    for (int i = 0; i < calls; i++) {
      over.add(carrier.call("+1555900" + (1000 + i % 9000), "+15550000000", talk));
    }
    Promise<Void> held = Promise.promise();
    long timer = vertx.setTimer(LONGEST_MS, id -> held.tryComplete());
    Future.join(over).onComplete(x -> {
      vertx.cancelTimer(timer);
      held.tryComplete();
    });
    return held.future();
  }
}

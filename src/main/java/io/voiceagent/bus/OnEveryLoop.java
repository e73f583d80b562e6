package io.voiceagent.bus;

import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.function.Supplier;

/** Deploys one instance of a verticle on each event loop, so that a call's stages can meet without a thread switch. */
public final class OnEveryLoop {
  private OnEveryLoop() {}

  /**
   * Vert.x deals instances out to its event loops in turn, so that as many instances as loops cover each loop once.
   *
   * @param loops size of the event-loop pool
   */
  public static Future<String> deploy(
      Vertx vertx, int loops, Supplier<? extends Deployable> stage) {
    return vertx.deployVerticle(stage, new DeploymentOptions().setInstances(loops));
  }
}

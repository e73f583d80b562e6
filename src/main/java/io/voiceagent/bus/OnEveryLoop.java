package io.voiceagent.bus;

import io.vertx.core.Context;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
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
    Promise<Void> dealt = Promise.promise();
    Future<String> deployed = vertx.deployVerticle(
        () -> new Held(stage.get(), dealt.future()), new DeploymentOptions().setInstances(loops));
    dealt.complete();
    return deployed;
  }

  /** Starts once all have their loops: what a start does with other contexts takes turns of the deal, too. */
  private record Held(Deployable stage, Future<Void> dealt) implements Deployable {
    @Override
    public Future<?> deploy(Context context) {
      Promise<Object> started = Promise.promise();
      dealt.onComplete(x -> context.runOnContext(y -> start(context, started)));
      return started.future();
    }

    private void start(Context context, Promise<Object> started) {
      try {
        stage.deploy(context).<Object>mapEmpty().onComplete(started);
      } catch (Exception e) {
        started.fail(e);
      }
    }

    @Override
    public Future<?> undeploy(Context context) throws Exception {
      return stage.undeploy(context);
    }
  }
}

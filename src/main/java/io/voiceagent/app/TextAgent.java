package io.voiceagent.app;

import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.voiceagent.bus.Bus;
import io.voiceagent.bus.BusListener;
import io.voiceagent.bus.BusOptions;
import io.voiceagent.bus.LocalBus;
import io.voiceagent.call.Clock;
import io.voiceagent.cluster.Placement;
import io.voiceagent.conversation.ConversationNode;
import io.voiceagent.conversation.ConversationVerticle;
import io.voiceagent.conversation.Journals;
import io.voiceagent.llm.LlmNode;
import io.voiceagent.llm.LlmVerticle;
import io.voiceagent.metrics.Telemetry;
import io.voiceagent.resilience.RetryBudget;
import java.util.function.Function;

/** The conversation and its model without a telephone: whoever starts it brings a line that speaks text. */
public final class TextAgent {
  private TextAgent() {}

  /**
   * Runs until {@code vertx}, which has one event loop, is closed.
   *
   * @param line makes the verticle that stands in for media, stt and tts
   */
  public static Future<Void> start(
      Vertx vertx, VoiceAgentOptions options, Journals journals, Function<Bus, Deployable> line) {
    Telemetry telemetry = new Telemetry();
    Clock clock = Clock.SYSTEM;
    Bus bus = new LocalBus(vertx, BusOptions.DEFAULTS, BusListener.NONE);
    LlmNode llm = new LlmNode(
        options.resilience(),
        new RetryBudget(options.resilience()),
        Catalog.llm(options.llm(), clock),
        options.llm().hedgeAfter(),
        telemetry.meters(),
        clock);
    ConversationNode conversation = new ConversationNode(
        options.turn(),
        telemetry.meters(),
        clock,
        Placement.LOCAL,
        () -> VoiceAgent.tools(options),
        journals);
    return vertx
        .deployVerticle(new LlmVerticle(llm, bus))
        .compose(x -> vertx.deployVerticle(new ConversationVerticle(conversation, bus)))
        .compose(x -> vertx.deployVerticle(line.apply(bus)))
        .mapEmpty();
  }
}

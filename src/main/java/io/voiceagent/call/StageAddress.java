package io.voiceagent.call;

import java.util.Locale;

/**
 * Where one instance of a stage's verticle is reached: node, stage, event loop. Plain data; the bus knows how to get
 * there.
 *
 * @param node name of the node in the cluster, {@code local} without one
 * @param loop index of the event loop the instance runs on
 */
public record StageAddress(String node, Stage stage, int loop) {
  /** The stages that meet on the bus. */
  public enum Stage {
    MEDIA,
    CONVERSATION,
    STT,
    LLM,
    TTS,
    TOOL,
    OPS
  }

  /** The event-bus address. */
  public String busAddress() {
    return "va." + node + "." + stage.name().toLowerCase(Locale.ROOT) + "." + loop;
  }

  /** The same node and loop, another stage: the usual neighbour. */
  public StageAddress sibling(Stage other) {
    return new StageAddress(node, other, loop);
  }
}

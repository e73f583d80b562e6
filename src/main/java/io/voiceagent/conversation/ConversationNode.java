package io.voiceagent.conversation;

import io.voiceagent.call.Clock;
import io.voiceagent.call.ToolSpec;
import io.voiceagent.cluster.Kernels;
import io.voiceagent.cluster.Placement;
import io.voiceagent.metrics.VoiceMeters;
import io.voiceagent.turn.TurnOptions;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * What the conversation verticles of one node share.
 *
 * @param lead how far ahead of its playing audio is sent to the carrier
 * @param tools what the model may call, asked for at each turn
 */
public record ConversationNode(
    TurnOptions options,
    VoiceMeters meters,
    Clock clock,
    Placement placement,
    Kernels kernels,
    Duration lead,
    Supplier<List<ToolSpec>> tools,
    Journals journals) {
  /** Of a node that stands alone. */
  public ConversationNode(
      TurnOptions options,
      VoiceMeters meters,
      Clock clock,
      Placement placement,
      Supplier<List<ToolSpec>> tools,
      Journals journals) {
    this(options, meters, clock, placement, Kernels.NONE, Duration.ZERO, tools, journals);
  }
}

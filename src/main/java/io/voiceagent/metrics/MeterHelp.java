package io.voiceagent.metrics;

import static java.util.Map.entry;

import java.util.Map;

/** The {@code # HELP} line of each meter of ours. */
final class MeterHelp {
  private static final Map<String, String> TEXTS = Map.ofEntries(
      entry(MeterNames.TTS_ERROR, "Failed speech requests, any cause"),
      entry(MeterNames.TTS_RATE_LIMIT, "Speech requests refused for rate or concurrency"),
      entry(MeterNames.TTS_TIMEOUT, "Speech requests without first or next audio in time"),
      entry(
          MeterNames.TTS_TIMEOUT_OR_CLOSED,
          "Speech timeouts, and sockets closed under a running context"),
      entry(MeterNames.STT_ERROR, "Failed transcription streams, any cause"),
      entry(MeterNames.STT_BACKPRESSURE, "Times the transcriber took no more audio"),
      entry(MeterNames.STT_FLUSH_REQUESTED, "Final transcripts asked for"),
      entry(MeterNames.STT_FLUSH_TIMEOUT, "Final transcripts that did not come in time"),
      entry(MeterNames.STT_FLUSH_ERROR, "Final transcripts that failed"),
      entry(MeterNames.LLM_ERROR, "Failed model streams, any cause, timeouts included"),
      entry(MeterNames.LLM_TIMEOUT, "Model streams that hit a first-token, idle or total limit"),
      entry(MeterNames.LATE_DROPPED, "Events of a turn or call that was over"),
      entry(MeterNames.DUPLICATE_DROPPED, "Final transcripts that had been consumed before"),
      entry(
          MeterNames.TIME_TO_FIRST_AUDIO,
          "End of the caller's speech to first audio of the answer, milliseconds"),
      entry(
          MeterNames.TURN_LATENCY,
          "End of the caller's speech to end of the answer's playout, milliseconds"),
      entry(
          MeterNames.BARGE_IN_REACTION,
          "First frame of an interruption to clear written, milliseconds"),
      entry(MeterNames.TURN_STAGE, "Parts of the time to first audio, milliseconds"),
      entry(
          MeterNames.ADDED_LATENCY,
          "Time to first audio that no provider and no configured wait explains, milliseconds"),
      entry(
          MeterNames.ADDED_LATENCY_FINE,
          "The same as added_latency_ms in microseconds, with edges below 5 ms"),
      entry(
          MeterNames.FRAME_AGE,
          "Caller's frame received to the same frame given to the transcriber, milliseconds"),
      entry(MeterNames.TURNS, "User's turns by how they ended"),
      entry(MeterNames.CALLS_STARTED, "Calls whose stream was admitted"),
      entry(MeterNames.CALLS_ENDED, "Calls over, by reason; started = ended + active"),
      entry(MeterNames.CALLS_ACTIVE, "Calls running now"),
      entry(MeterNames.CALLS_REFUSED, "Calls not taken, by reason"),
      entry(MeterNames.CALLS_LIMIT, "Most calls that may run on this node now"),
      entry(MeterNames.BREAKER_STATE, "0 closed, 1 half open, 2 open"),
      entry(MeterNames.RETRIES, "Second and further attempts at a provider"),
      entry(MeterNames.FALLBACK, "Times one provider took over from another"),
      entry(
          MeterNames.LLM_HEDGES,
          "Second model requests made since the first let one wait, by what came of them: what hedging costs"),
      entry(MeterNames.PROVIDER_FIRST_BYTE, "Request sent to first content, milliseconds"),
      entry(MeterNames.BUS_DEPTH, "Items under way on streams between stages"),
      entry(MeterNames.BUS_OPEN, "Open streams between stages"),
      entry(MeterNames.BUS_STALLS, "Times a writer ran out of credit"),
      entry(MeterNames.BUS_DROPPED, "Items that were waiting when their stream failed"),
      entry(MeterNames.BUS_FAILED, "Streams that ended with a failure"),
      entry(MeterNames.CLUSTER_MEMBERS, "Nodes that this one knows to be there, itself included"),
      entry(MeterNames.LOOP_LAG, "How late an event loop ran what was due, milliseconds"),
      entry(MeterNames.CARRIER_BAD_MESSAGE, "Carrier messages that could not be understood"),
      entry(
          MeterNames.CARRIER_FLOOD,
          "Carrier messages dropped because they were more than a line can carry"),
      entry(
          MeterNames.CONNECTIONS_REFUSED,
          "Connections closed because there were too many, or no signed request came in time"),
      entry(MeterNames.CARRIER_BYTES_IN, "Audio bytes received from carriers"),
      entry(MeterNames.CARRIER_BYTES_OUT, "Audio bytes written to carriers"),
      entry(MeterNames.JOURNAL_DROPPED, "Lines of call records that were not written"),
      entry(
          MeterNames.AGENT_AUDIO_DROPPED_BYTES,
          "Agent's audio that was not sent because its turn was over"),
      entry(MeterNames.AUDIO_DROPPED_BYTES, "Caller's audio that reached no transcriber"),
      entry(MeterNames.STT_AUDIO_BYTES, "Audio bytes written to transcribers"),
      entry(MeterNames.TTS_AUDIO_BYTES, "Audio bytes received from voices"),
      entry(MeterNames.TOOL_INVOCATION, "Tools run"),
      entry(MeterNames.TOOL_SUCCESS, "Tools that answered"),
      entry(MeterNames.TOOL_ERROR, "Tools that failed or took too long"),
      entry(MeterNames.TOOL_LATENCY, "Run time of tools, milliseconds"),
      entry(
          MeterNames.PREEMPTIVE_REPLIES,
          "Replies begun before the caller's turn was certain, used or discarded"),
      entry(
          MeterNames.PREEMPTIVE_WASTED, "Pieces of text of discarded replies, about a token each"),
      entry(
          MeterNames.IMPLAUSIBLE_FIRST_BYTE,
          "First bytes faster than any network allows: left over from another turn"),
      entry(MeterNames.BUILD_INFO, "Always 1; the version that runs is its label"));

  private MeterHelp() {}

  static String of(String name) {
    return TEXTS.getOrDefault(name, name);
  }
}

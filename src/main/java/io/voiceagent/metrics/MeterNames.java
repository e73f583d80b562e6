package io.voiceagent.metrics;

/** Every meter of ours, as Prometheus sees it (counters without their {@code _total}). */
public final class MeterNames {
  public static final String TTS_ERROR = "cartesia_tts_error";
  public static final String TTS_RATE_LIMIT = "cartesia_tts_rate_limit";
  public static final String TTS_TIMEOUT = "cartesia_tts_timeout";
  public static final String TTS_TIMEOUT_OR_CLOSED = "cartesia_tts_timeout_or_closed";
  public static final String STT_ERROR = "cartesia_stt_error";
  public static final String STT_BACKPRESSURE = "cartesia_stt_backpressure";
  public static final String STT_FLUSH_REQUESTED = "cartesia_stt_flush_requested";
  public static final String STT_FLUSH_TIMEOUT = "cartesia_stt_flush_timeout";
  public static final String STT_FLUSH_ERROR = "cartesia_stt_flush_error";
  public static final String LLM_ERROR = "openai_stream_error";
  public static final String LLM_TIMEOUT = "openai_stream_timeout";
  public static final String LATE_DROPPED = "late_event_dropped";
  public static final String DUPLICATE_DROPPED = "duplicate_final_dropped";
  public static final String TIME_TO_FIRST_AUDIO = "time_to_first_audio_ms";
  public static final String TURN_LATENCY = "turn_latency_ms";
  public static final String BARGE_IN_REACTION = "barge_in_reaction_ms";
  public static final String TURN_STAGE = "turn_stage_ms";
  public static final String ADDED_LATENCY = "added_latency_ms";
  public static final String ADDED_LATENCY_FINE = "added_latency_us";
  public static final String FRAME_AGE = "frame_age_ms";
  public static final String TURNS = "turns";
  public static final String CALLS_STARTED = "calls_started";
  public static final String CALLS_ENDED = "calls_ended";
  public static final String CALLS_ACTIVE = "calls_active";
  public static final String CALLS_REFUSED = "calls_refused";
  public static final String CALLS_LIMIT = "calls_limit";
  public static final String BREAKER_STATE = "provider_breaker_state";
  public static final String RETRIES = "provider_retries";
  public static final String FALLBACK = "provider_fallback";
  public static final String LLM_HEDGES = "llm_hedges";
  public static final String PROVIDER_FIRST_BYTE = "provider_first_byte_ms";
  public static final String BUS_DEPTH = "bus_stream_depth";
  public static final String BUS_OPEN = "bus_stream_open";
  public static final String BUS_STALLS = "bus_stream_credit_stalls";
  public static final String BUS_DROPPED = "bus_stream_dropped";
  public static final String BUS_FAILED = "bus_stream_failed";
  public static final String CLUSTER_MEMBERS = "cluster_members";
  public static final String LOOP_LAG = "event_loop_lag_ms";
  public static final String CARRIER_BAD_MESSAGE = "carrier_bad_message";
  public static final String CARRIER_FLOOD = "carrier_flood_dropped";
  public static final String CONNECTIONS_REFUSED = "carrier_connections_refused";
  public static final String CARRIER_BYTES_IN = "carrier_bytes_in";
  public static final String CARRIER_BYTES_OUT = "carrier_bytes_out";
  public static final String AUDIO_DROPPED_BYTES = "audio_dropped_bytes";
  public static final String AGENT_AUDIO_DROPPED_BYTES = "agent_audio_dropped_bytes";
  public static final String STT_AUDIO_BYTES = "stt_audio_bytes";
  public static final String TTS_AUDIO_BYTES = "tts_audio_bytes";
  public static final String TOOL_INVOCATION = "mcp_tool_invocation";
  public static final String TOOL_SUCCESS = "mcp_tool_success";
  public static final String TOOL_ERROR = "mcp_tool_error";
  public static final String TOOL_LATENCY = "mcp_tool_latency_ms";

  public static final String PREEMPTIVE_REPLIES = "preemptive_replies";
  public static final String PREEMPTIVE_WASTED = "preemptive_discarded_tokens";
  public static final String IMPLAUSIBLE_FIRST_BYTE = "provider_first_byte_implausible";
  public static final String BUILD_INFO = "voice_agent_build";

  public static final String JOURNAL_DROPPED = "journal_lines_dropped";

  private MeterNames() {}
}

package io.voiceagent.call;

/** Answer to a {@link ToolCall}; {@code content} is what the model reads. */
public record ToolResult(String callId, String name, String content, boolean failed) {}

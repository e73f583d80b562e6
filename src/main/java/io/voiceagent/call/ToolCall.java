package io.voiceagent.call;

/**
 * A model's wish to have a tool run.
 *
 * @param arguments JSON text of an object
 */
public record ToolCall(String id, String name, String arguments) {}

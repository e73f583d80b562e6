package io.voiceagent.call;

/**
 * A tool as a model sees it.
 *
 * @param parameters JSON schema of an object, as text
 */
public record ToolSpec(String name, String description, String parameters) {}

package io.voiceagent.call;

/** A piece of an answer as the model wrote it; pieces are joined verbatim. Item of the llm → tts stream. */
public record TextDelta(String text) {}

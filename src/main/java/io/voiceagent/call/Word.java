package io.voiceagent.call;

/** One word and where it lies in its audio, in milliseconds from the start of that audio. */
public record Word(String text, int startMs, int endMs) {}

package io.voiceagent.llm;

import io.vertx.core.Vertx;

/** A language model that writes as a stream. */
public interface LlmProvider {
  /** Label of its metrics. */
  String name();

  /** Connections for the calling event loop, to be used on it only. */
  LlmConnection connect(Vertx vertx);
}

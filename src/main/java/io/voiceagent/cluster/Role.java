package io.voiceagent.cluster;

import io.voiceagent.call.StageAddress.Stage;
import java.util.Locale;

/** What a node offers to the others. Conversations, tools and the ops listener go with {@code media}. */
public enum Role {
  MEDIA,
  STT,
  LLM,
  TTS;

  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The role that brings {@code stage} with it. */
  public static Role of(Stage stage) {
    return switch (stage) {
      case STT -> STT;
      case LLM -> LLM;
      case TTS -> TTS;
      case MEDIA, CONVERSATION, TOOL, OPS -> MEDIA;
    };
  }
}

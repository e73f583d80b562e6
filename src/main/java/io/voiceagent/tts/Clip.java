package io.voiceagent.tts;

import io.voiceagent.call.SpeechItem;
import io.voiceagent.call.TurnId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** A fixed text that was spoken once: its sound and segments, to be played again for any turn. Immutable. */
record Clip(List<SpeechItem> items, int bytes) {
  static Clip of(Collection<SpeechItem> items) {
    int bytes = 0;
    for (SpeechItem item : items) {
      if (item instanceof SpeechItem.Audio audio) {
        bytes += audio.bytes().length;
      }
    }
    return new Clip(List.copyOf(items), bytes);
  }

  List<SpeechItem> of(TurnId turn) {
    List<SpeechItem> stamped = new ArrayList<>(items.size());
    for (SpeechItem item : items) {
      stamped.add(
          item instanceof SpeechItem.SegmentEnd end
              ? new SpeechItem.SegmentEnd(Segments.of(turn, end.segment()))
              : item);
    }
    return stamped;
  }
}

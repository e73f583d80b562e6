package io.voiceagent.tts;

import io.voiceagent.call.SpeechItem;
import java.util.Arrays;
import java.util.Deque;

/** The end of sound that has not gone yet. */
final class SoundTail {
  private SoundTail() {}

  /** Removes up to {@code bytes} of the latest sound; returns how many it were. */
  static int cut(Deque<SpeechItem> items, int bytes) {
    int left = bytes;
    while (left > 0 && items.peekLast() instanceof SpeechItem.Audio last && last.takesBack() == 0) {
      items.removeLast();
      int kept = Math.max(0, last.bytes().length - left);
      left -= last.bytes().length - kept;
      if (kept > 0) {
        items.addLast(new SpeechItem.Audio(Arrays.copyOf(last.bytes(), kept)));
      }
    }
    return bytes - left;
  }
}

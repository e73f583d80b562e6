package io.voiceagent.media;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** What waits to be sent to the carrier, in order: sound, and the borders behind segments. */
final class PlayoutQueue {
  private sealed interface Item {
    PlayedUtterance of();
  }

  private static final class Sound implements Item {
    private final PlayedUtterance of;
    private final byte[] bytes;
    private int sent;
    private int end;

    Sound(PlayedUtterance of, byte[] bytes) {
      this.of = of;
      this.bytes = bytes;
      this.end = bytes.length;
    }

    @Override
    public PlayedUtterance of() {
      return of;
    }
  }

  /** The end of a segment, or of the utterance, where its mark is due. */
  record Border(PlayedUtterance of, String mark, boolean last) implements Item {}

  private final ArrayDeque<Item> items = new ArrayDeque<>();
  private long bytes;

  void add(PlayedUtterance of, byte[] mulaw) {
    items.add(new Sound(of, mulaw));
    bytes += mulaw.length;
  }

  void add(Border border) {
    items.add(border);
  }

  boolean isEmpty() {
    return items.isEmpty();
  }

  /** Sound that waits. */
  long bytes() {
    return bytes;
  }

  /** Removes the head when it is a border. */
  @Nullable
  Border pollBorder() {
    if (items.peek() instanceof Border border) {
      items.remove();
      return border;
    }
    return null;
  }

  /** Whose sound is at the head. */
  PlayedUtterance sounding() {
    return items.element().of();
  }

  boolean endsWithBorder() {
    return items.peekLast() instanceof Border;
  }

  /** Moves sound of {@code of} from the head into {@code target}, {@code most} bytes at most; how many it were. */
  int take(PlayedUtterance of, byte[] target, int most) {
    int length = 0;
    while (length < most && items.peek() instanceof Sound sound && sound.of == of) {
      int taken = Math.min(most - length, sound.end - sound.sent);
      System.arraycopy(sound.bytes, sound.sent, target, length, taken);
      sound.sent += taken;
      length += taken;
      if (sound.sent == sound.end) {
        items.remove();
      }
    }
    bytes -= length;
    return length;
  }

  /** Removes the latest sound of {@code of}, {@code most} bytes at most; how many it were. */
  int takeBack(PlayedUtterance of, int most) {
    int left = most;
    while (left > 0 && items.peekLast() instanceof Sound sound && sound.of == of) {
      int taken = Math.min(left, sound.end - sound.sent);
      sound.end -= taken;
      left -= taken;
      if (sound.sent == sound.end) {
        items.removeLast();
      }
    }
    bytes -= most - left;
    return most - left;
  }

  /** Nothing but borders of {@code of} up to its end. */
  boolean onlyTheEndFollows(PlayedUtterance of) {
    for (Item item : items) {
      if (!(item instanceof Border border) || border.of() != of) {
        return false;
      }
      if (border.last()) {
        return true;
      }
    }
    return false;
  }

  /** Removes all of these; how much sound it was. */
  long discard(Collection<PlayedUtterance> over) {
    long before = bytes;
    for (Iterator<Item> all = items.iterator(); all.hasNext(); ) {
      Item item = all.next();
      if (over.contains(item.of())) {
        all.remove();
        bytes -= item instanceof Sound sound ? sound.end - sound.sent : 0;
      }
    }
    return before - bytes;
  }
}

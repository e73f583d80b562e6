package io.voiceagent.bus;

import io.voiceagent.call.Failure;

/** One end of a stream whose other end is on another node. */
interface RemoteEnd {
  /** How far this end has come: what it has told the other one so far. */
  long position();

  /**
   * How far the other end had come when it said so. Whatever it sent before that has arrived by now, or is lost: a link
   * between nodes that breaks and is there again at once takes with it what was under way.
   */
  void peerAt(long position);

  /** The other end is gone. */
  void lose(Failure failure);
}

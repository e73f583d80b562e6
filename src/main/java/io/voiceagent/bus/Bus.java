package io.voiceagent.bus;

import io.voiceagent.call.StageAddress;

/** A node's part of the event bus: hands each verticle instance its {@link Mailbox}. Shared by all of them. */
public interface Bus {
  /**
   * Binds the mailbox of the calling verticle instance, addressed by this node, {@code stage} and the index of the
   * event loop that calls. Call it once, from {@code start()}.
   *
   * @throws IllegalStateException off an event loop, or when this stage is bound on this loop already
   */
  Mailbox bind(StageAddress.Stage stage);
}

package io.voiceagent.bus;

import io.vertx.core.Vertx;
import io.voiceagent.call.StageAddress;

/**
 * The bus of a node that stands alone: everything travels by reference over Vert.x's local event bus. One consumer per
 * verticle instance; streams are multiplexed over it, so a call registers nothing.
 */
public final class LocalBus implements Bus {
  private final MailboxRack rack;

  /** One per Vert.x instance. */
  public LocalBus(Vertx vertx, BusOptions options, BusListener listener) {
    this.rack = new MailboxRack(vertx, "local", options, listener, null);
  }

  @Override
  public Mailbox bind(StageAddress.Stage stage) {
    StageMailbox mailbox = rack.bind(stage);
    mailbox.listen();
    return mailbox;
  }
}

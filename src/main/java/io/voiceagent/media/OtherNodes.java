package io.voiceagent.media;

import io.vertx.core.Future;
import io.voiceagent.call.CallId;
import java.util.Optional;

/** What the public listener must know of the other nodes. */
public interface OtherNodes {
  /** There are none. */
  OtherNodes NONE = new OtherNodes() {
    @Override
    public boolean present() {
      return false;
    }

    @Override
    public boolean haveRoom() {
      return false;
    }

    @Override
    public Future<Optional<String>> ended(CallId call) {
      return Future.succeededFuture(Optional.empty());
    }
  };

  /** Whether this node is one of several, so that a call may come from or go to another one. */
  boolean present();

  /** Whether another node would take a call that this one cannot. */
  boolean haveRoom();

  /**
   * What the carrier is to say last, empty or not, in a call that one of us ended and that must not be taken up again;
   * nothing for any other call. Never fails.
   */
  Future<Optional<String>> ended(CallId call);
}

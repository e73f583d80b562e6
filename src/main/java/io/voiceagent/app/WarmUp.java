package io.voiceagent.app;

import io.vertx.core.json.JsonObject;

/**
 * Loads what every provider's messages are read and written with, on the thread that starts the service: an event loop
 * would stand still for hundreds of milliseconds at its first message.
 */
final class WarmUp {
  private WarmUp() {}

  static void run() {
    String message = new JsonObject("{\"a\":[1,2.5,true,null],\"b\":{\"c\":\"d\"}}").encode();
    new JsonObject(new JsonObject(message).toBuffer()).encodePrettily();
  }
}

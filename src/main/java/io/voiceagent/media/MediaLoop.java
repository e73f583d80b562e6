package io.voiceagent.media;

import io.vertx.core.Vertx;
import io.voiceagent.bus.Mailbox;
import io.voiceagent.call.CallId;
import io.voiceagent.telephony.Dialect;
import java.util.Map;

/**
 * What the carrier's sockets of one event loop share.
 *
 * @param sessions the calls that run here
 * @param refusals spares the log who knocks too often
 */
record MediaLoop(
    Vertx vertx,
    MediaNode node,
    Dialect dialect,
    Mailbox mailbox,
    Ticker ticker,
    Visitors visitors,
    Map<CallId, MediaSession> sessions,
    Seldom refusals) {}

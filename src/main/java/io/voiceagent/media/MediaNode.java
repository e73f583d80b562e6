package io.voiceagent.media;

import io.vertx.core.Vertx;
import io.voiceagent.call.Clock;
import io.voiceagent.metrics.VoiceMeters;

/** What the media verticles of one node share. */
public final class MediaNode {
  final MediaOptions options;
  final VoiceMeters meters;
  final Clock clock;
  final Admission admission;
  final Dialer dialer;
  final EndedCalls endedByUs = new EndedCalls();

  public MediaNode(Vertx vertx, MediaOptions options, VoiceMeters meters, Clock clock) {
    this.options = options;
    this.meters = meters;
    this.clock = clock;
    this.admission = new Admission(options, System::currentTimeMillis);
    this.dialer = new Dialer(vertx, options);
    meters.callsLimit(options.limits().maxCalls());
  }

  public Admission admission() {
    return admission;
  }

  public Dialer dialer() {
    return dialer;
  }
}

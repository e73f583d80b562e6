package io.voiceagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.voiceagent.telephony.TwilioSignature;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class BurstIT {
  private static final int BURST = 10_000;
  private static final int LIMIT = 500;

  @Test
  @Timeout(240)
  void r40_aBurstTakesExactlyTheLimitAndTheRefusedHearWhy() throws Exception {
    try (LiveService live = LiveService.start(
        "limits.maxCalls=" + LIMIT,
        "limits.tokenLifetime=5m",
        "media.busy.text=All lines are busy.")) {
      Vertx vertx = Vertx.vertx();
      try {
        List<String> answers = burst(vertx, live.mediaUrl());

        assertThat(answers).hasSize(BURST);
        assertThat(answers.stream().filter(xml -> xml.contains("<Stream url=\"ws://")))
            .hasSize(LIMIT);
        assertThat(answers.stream().filter(xml -> xml.contains("<Say>All lines are busy.</Say>")))
            .hasSize(BURST - LIMIT);
        assertThat(live.service().agent().calls()).isEqualTo(LIMIT);
        assertThat(live.metric("calls_refused_total", "\"full\"")).isEqualTo(BURST - LIMIT);
      } finally {
        LiveService.await(vertx.close());
      }
    }
  }

  /** All are asked for before the first is answered; the pool lets 200 be on the way at a time. */
  private static List<String> burst(Vertx vertx, String base) throws Exception {
    HttpClient client = vertx.createHttpClient(
        new HttpClientOptions(), new PoolOptions().setHttp1MaxSize(200).setMaxWaitQueueSize(BURST));
    TwilioSignature signature = new TwilioSignature(LiveService.TOKEN);
    String url = base + "/twilio/voice";
    List<Future<String>> asked = new ArrayList<>();
    for (int i = 0; i < BURST; i++) {
      String sid = "CAburst" + i;
      RequestOptions request = new RequestOptions()
          .setMethod(HttpMethod.POST)
          .setAbsoluteURI(url)
          .putHeader("Content-Type", "application/x-www-form-urlencoded")
          .putHeader("X-Twilio-Signature", signature.sign(url, List.of(Map.entry("CallSid", sid))));
      asked.add(client
          .request(request)
          .compose(made -> made.send(Buffer.buffer("CallSid=" + sid)))
          .compose(response -> response.body().map(Buffer::toString)));
    }
    Future.all(asked).await(200, TimeUnit.SECONDS);
    return asked.stream().map(Future::result).toList();
  }
}

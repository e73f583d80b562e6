package io.voiceagent.media;

import static org.assertj.core.api.Assertions.assertThat;

import io.voiceagent.call.CallId;
import io.voiceagent.config.Settings;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AdmissionTest {
  private final AtomicLong clock = new AtomicLong(1_000_000);

  @Test
  void aBurstOfTenThousandStartsTakesExactlyTheLimit() throws Exception {
    Admission admission = admission(500);
    AtomicInteger accepted = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(8);
    CountDownLatch done = new CountDownLatch(10_000);
    for (int i = 0; i < 10_000; i++) {
      String sid = "CA" + i;
      threads.execute(() -> {
        if (admission.reserve(sid) == null) {
          accepted.incrementAndGet();
        }
        done.countDown();
      });
    }
    assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
    threads.shutdown();

    assertThat(accepted.get()).isEqualTo(500);
    assertThat(admission.calls()).isEqualTo(500);
  }

  @Test
  void aTokenOpensOneStreamOfItsCall() {
    Admission admission = admission(10);
    assertThat(admission.reserve("CA1")).isNull();
    String token = admission.token("CA1");

    assertThat(admission.redeem("CA2", token)).isEqualTo("token");
    assertThat(admission.redeem("CA1", token)).isNull();
    assertThat(admission.redeem("CA1", token)).isEqualTo("token");
    assertThat(admission.redeem("CA1", "forged")).isEqualTo("token");
    assertThat(admission.calls()).isEqualTo(1);
  }

  @Test
  void aCallThatEndsBeforeItsStreamGivesItsPlaceBackAndARunningOneKeepsIt() {
    Admission admission = admission(2);
    assertThat(admission.reserve("CA1")).isNull();
    assertThat(admission.reserve("CA2")).isNull();
    assertThat(admission.redeem("CA2", admission.token("CA2"))).isNull();

    admission.left("CA1");
    admission.left("CA1");
    admission.left("CA2");
    admission.left("CA3");

    assertThat(admission.calls()).isEqualTo(1);
  }

  @Test
  void aPlaceWhoseStreamNeverCameIsFreeAgain() {
    Admission admission = admission(1);
    assertThat(admission.reserve("CA1")).isNull();
    assertThat(admission.reserve("CA2")).isEqualTo("full");
    clock.addAndGet(34_000);
    admission.sweep();

    assertThat(admission.reserve("CA2")).isNull();
  }

  @Test
  void aRepeatedWebhookTakesNoSecondPlace() {
    Admission admission = admission(1);
    assertThat(admission.reserve("CA1")).isNull();
    assertThat(admission.reserve("CA1")).isNull();
    assertThat(admission.redeem("CA1", admission.token("CA1"))).isNull();
    admission.release(new CallId("CA1"));
    assertThat(admission.calls()).isZero();
  }

  @Test
  void whileDrainingNobodyComesIn() {
    Admission admission = admission(1);
    admission.drain(true);
    assertThat(admission.reserve("CA1")).isEqualTo("draining");
    admission.drain(false);
    assertThat(admission.reserve("CA1")).isNull();
  }

  private Admission admission(int maxCalls) {
    MediaOptions options = MediaOptions.from(Settings.of(
        Map.of("limits.maxCalls", String.valueOf(maxCalls), "telephony.twilio.authToken", "t")));
    return new Admission(options, clock::get);
  }
}

package io.voiceagent.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WakeUpBatchingTest {
  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final EventLoop loop = group.next();
  private final AtomicLong frames = new AtomicLong();
  private final WakeUpBatching batching =
      new WakeUpBatching(List.of(loop), frames::get, 1000, TimeUnit.MILLISECONDS.toNanos(1));

  @AfterEach
  void stop() {
    batching.close();
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  @Test
  void switchesOnAboveTheRateAndOffBelowHalfOfIt() {
    second(900);
    assertThat(batching.on()).isFalse();
    second(1100);
    assertThat(batching.on()).isTrue();
    second(600);
    assertThat(batching.on()).isTrue();
    second(400);
    assertThat(batching.on()).isFalse();
  }

  @Test
  void theLoopStillServesTasksWhileBatching() throws InterruptedException {
    second(2000);
    CountDownLatch served = new CountDownLatch(100);
    for (int i = 0; i < 100; i++) {
      loop.execute(served::countDown);
    }
    assertThat(served.await(2, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void neverStartsAgainOnceClosed() {
    batching.close();
    second(5000);
    assertThat(batching.on()).isFalse();
  }

  private void second(int arrived) {
    frames.addAndGet(arrived);
    batching.tick();
  }
}

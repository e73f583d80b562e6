package io.voiceagent.cli;

import io.voiceagent.sim.CallerListener;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A caller who tells how far the call is, so that something can go wrong in each state of a turn. */
final class Moment implements CallerListener {
  /** Of the call, as someone beside it would see it. */
  enum State {
    GREETING,
    LISTENING,
    HEARING,
    THINKING,
    SPEAKING,
    INTERRUPTED
  }

  private final CountDownLatch greeted = new CountDownLatch(1);
  private final CountDownLatch says = new CountDownLatch(1);
  private final CountDownLatch saysAgain = new CountDownLatch(2);

  @Override
  public void greeted(String text) {
    greeted.countDown();
  }

  @Override
  public void says(String text) {
    says.countDown();
    saysAgain.countDown();
  }

  /** Waits until {@code call}, to which this listens, is in that state. */
  void await(State state, FaultBed.Call call) throws Exception {
    switch (state) {
      case GREETING -> call.untilState("speaking");
      case LISTENING -> greeted.await(15, TimeUnit.SECONDS);
      case HEARING -> {
        says.await(15, TimeUnit.SECONDS);
        call.untilState("hearing");
      }
      case THINKING -> {
        says.await(15, TimeUnit.SECONDS);
        call.untilState("thinking");
      }
      case SPEAKING -> {
        says.await(15, TimeUnit.SECONDS);
        call.untilState("speaking");
      }
      case INTERRUPTED -> {
        saysAgain.await(25, TimeUnit.SECONDS);
        call.untilState("hearing");
      }
    }
  }
}

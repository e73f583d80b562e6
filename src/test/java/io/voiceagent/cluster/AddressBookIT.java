package io.voiceagent.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.voiceagent.call.StageAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where an address leads is known without asking the engine, which answers nobody while members are missing. */
@Timeout(90)
class AddressBookIT {
  private static Members members;
  private static Members.Joined first;
  private static Members.Joined second;

  @BeforeAll
  static void join() throws Exception {
    members = new Members();
    first = members.join("first");
    second = members.join("second");
  }

  @AfterAll
  static void leave() throws Exception {
    members.close();
  }

  @Test
  void aStageIsFoundByTheNodeInItsAddress() throws Exception {
    hear(second.vertx(), stage(second), message -> message.reply("second"));

    assertThat(ask(first.vertx(), stage(second))).isEqualTo("second");
    assertThatThrownBy(() -> ask(first.vertx(), KnownNodes.of("nobody") + "llm.0"))
        .hasMessageContaining("No handlers");
    for (HazelcastInstance engine : Hazelcast.getAllHazelcastInstances()) {
      assertThat(engine.getMultiMap("__vertx.subs").keySet())
          .as("what the engine must be asked for")
          .isEmpty();
    }
  }

  @Test
  void whoeverComesHearsWhatIsSaidToEveryone() throws Exception {
    String address = KnownNodes.EVERYONE + "test";
    BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    hear(second.vertx(), address, message -> heard.add("second"));
    first.vertx().eventBus().publish(address, 1);
    assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo("second");

    Members.Joined third = members.join("third");
    hear(third.vertx(), address, message -> heard.add("third"));
    // The others hear of a newcomer a moment after it has joined.
    do {
      first.vertx().eventBus().publish(address, 2);
    } while (!"third".equals(heard.poll(10, TimeUnit.SECONDS)));
  }

  private static String stage(Members.Joined member) {
    return new StageAddress(member.node().name(), StageAddress.Stage.LLM, 0).busAddress();
  }

  private static void hear(Vertx vertx, String address, Consumer<Message<Object>> handler)
      throws Exception {
    vertx
        .eventBus()
        .consumer(address)
        .handler(handler::accept)
        .completion()
        .await(10, TimeUnit.SECONDS);
  }

  private static Object ask(Vertx vertx, String address) throws Exception {
    return vertx
        .eventBus()
        .request(address, "you", new DeliveryOptions().setSendTimeout(1000))
        .await(10, TimeUnit.SECONDS)
        .body();
  }
}

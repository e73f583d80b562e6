package io.voiceagent.tts.cartesia;

import static org.assertj.core.api.Assertions.assertThat;

import io.voiceagent.call.Failure;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sound is read without a tree; whatever is not of the usual shape must mean the same as before. */
class CartesiaSoundTest {
  private static final byte[] SOUND = {127, 0, -1, 63, 7};
  private static final String DATA = Base64.getEncoder().encodeToString(SOUND);

  @Test
  void soundIsReadWhereverItsContextStands() {
    for (String message : List.of(
        "{\"type\":\"chunk\",\"data\":\"" + DATA
            + "\",\"done\":false,\"status_code\":206,\"step_time\":41.7,\"context_id\":\"call-42\"}",
        "{\"type\":\"chunk\",\"context_id\":\"call-42\",\"done\":false,\"data\":\"" + DATA + "\"}",
        "{\"context_id\":\"call-42\",\"data\":\"" + DATA + "\",\"type\":\"chunk\"}",
        "{ \"type\" : \"chunk\", \"data\" : \"" + DATA + "\", \"context_id\" : \"call-42\" }",
        "{\"type\":\"chunk\",\"data\":\"" + DATA.replace("/", "\\/")
            + "\",\"context_id\":\"call-42\"}")) {
      assertThat(CartesiaTtsCodec.decode(message))
          .as(message)
          .isInstanceOfSatisfying(CartesiaEvent.Chunk.class, chunk -> {
            assertThat(chunk.context()).isEqualTo("call-42");
            assertThat(chunk.audio()).isEqualTo(SOUND);
          });
    }
  }

  @Test
  void anEscapedContextKeepsItsMeaning() {
    assertThat(CartesiaTtsCodec.decode(
                "{\"type\":\"chunk\",\"data\":\"" + DATA + "\",\"context_id\":\"a\\u0062c\"}")
            .context())
        .isEqualTo("abc");
  }

  @Test
  void soundWithoutDataOrContextIsNoError() {
    assertThat(CartesiaTtsCodec.decode("{\"type\":\"chunk\",\"context_id\":\"c\"}"))
        .isInstanceOfSatisfying(
            CartesiaEvent.Chunk.class, chunk -> assertThat(chunk.audio()).isEmpty());
    assertThat(CartesiaTtsCodec.decode("{\"type\":\"chunk\",\"data\":\"" + DATA + "\"}")
            .context())
        .isEmpty();
  }

  @Test
  void garbageIsAFailureOfTheProtocol() {
    for (String message : List.of(
        "{\"type\":\"chunk\",\"data\":\"%%%\",\"context_id\":\"c\"}",
        "{\"type\":\"chunk\",\"data\":\"" + DATA, "{\"type\":\"chunk\",")) {
      assertThat(CartesiaTtsCodec.decode(message))
          .as(message)
          .isInstanceOfSatisfying(
              CartesiaEvent.Failed.class,
              failed -> assertThat(failed.failure().kind()).isEqualTo(Failure.Kind.PROTOCOL));
    }
  }
}

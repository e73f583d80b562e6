package io.voiceagent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.voiceagent.app.SettingsFuzz;
import io.voiceagent.bus.EnvelopeFuzz;
import io.voiceagent.cluster.KernelFuzz;
import io.voiceagent.conversation.CallLogFuzz;
import io.voiceagent.llm.SseFuzz;
import io.voiceagent.llm.openai.ReplyFuzz;
import io.voiceagent.ops.DialFuzz;
import io.voiceagent.stt.cartesia.SttFuzz;
import io.voiceagent.telephony.TwilioFuzz;
import io.voiceagent.tts.cartesia.TtsFuzz;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every decoder that eats bytes from outside, fed with what was found before and with mutations of it: it decodes or
 * declares its one error. Coverage guides the long run, {@code scripts/fuzz.sh}; what that finds is kept in the corpus and
 * is run here for ever.
 */
class FuzzTest {
  private static final Path CORPUS = Path.of("src/test/resources/fuzz");
  private static final int RUNS = 20_000;
  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(3);
  private static final int LONGEST = 4096;

  static Stream<Arguments> decoders() {
    return Stream.of(
        decoder(TwilioFuzz.class, TwilioFuzz::fuzzerTestOneInput),
        decoder(SseFuzz.class, SseFuzz::fuzzerTestOneInput),
        decoder(ReplyFuzz.class, ReplyFuzz::fuzzerTestOneInput),
        decoder(SttFuzz.class, SttFuzz::fuzzerTestOneInput),
        decoder(TtsFuzz.class, TtsFuzz::fuzzerTestOneInput),
        decoder(EnvelopeFuzz.class, EnvelopeFuzz::fuzzerTestOneInput),
        decoder(KernelFuzz.class, KernelFuzz::fuzzerTestOneInput),
        decoder(SettingsFuzz.class, SettingsFuzz::fuzzerTestOneInput),
        decoder(CallLogFuzz.class, CallLogFuzz::fuzzerTestOneInput),
        decoder(DialFuzz.class, DialFuzz::fuzzerTestOneInput));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("decoders")
  void decodesOrDeclaresItsOneError(String name, Consumer<byte[]> decoder) throws IOException {
    List<byte[]> corpus = corpus(name);
    assertThat(corpus).as("saved inputs of " + name).isNotEmpty();
    corpus.forEach(input -> feed(decoder, input, "the corpus"));

    // Another one looks elsewhere; without it every build sees the same inputs.
    long seed = Long.getLong("seed", 1);
    Random random = new Random(seed);
    long end = System.nanoTime() + LIMIT_NANOS;
    for (int i = 0; i < RUNS && System.nanoTime() < end; i++) {
      feed(decoder, mutated(corpus, random), "seed " + seed);
    }
  }

  private static Arguments decoder(Class<?> target, Consumer<byte[]> run) {
    return Arguments.of(target.getSimpleName(), run);
  }

  private static List<byte[]> corpus(String name) throws IOException {
    List<byte[]> inputs = new ArrayList<>();
    try (Stream<Path> files = Files.list(CORPUS.resolve(name))) {
      for (Path file : files.sorted().toList()) {
        inputs.add(Files.readAllBytes(file));
      }
    }
    return inputs;
  }

  private static void feed(Consumer<byte[]> decoder, byte[] input, String from) {
    try {
      decoder.accept(input);
    } catch (Throwable undeclared) {
      fail(
          undeclared + " from " + from + "; input, base64: "
              + Base64.getEncoder().encodeToString(input),
          undeclared);
    }
  }

  private static byte[] mutated(List<byte[]> corpus, Random random) {
    byte[] input = pick(corpus, random).clone();
    for (int n = random.nextInt(4); n >= 0; n--) {
      int at = random.nextInt(input.length + 1);
      switch (random.nextInt(6)) {
        case 0 -> input = splice(input, at, at, new byte[] {(byte) random.nextInt(256)});
        case 1 ->
          input =
              splice(input, at, Math.min(input.length, at + 1 + random.nextInt(8)), new byte[0]);
        case 2 -> {
          if (at < input.length) {
            input[at] ^= (byte) (1 << random.nextInt(8));
          }
        }
        case 3 -> input = splice(input, at, at, part(pick(corpus, random), random));
        case 4 -> input = splice(input, at, at, part(input, random));
        default ->
          input = splice(
              input,
              at,
              Math.min(input.length, at + 1),
              TOKENS[random.nextInt(TOKENS.length)].getBytes(
                  java.nio.charset.StandardCharsets.UTF_8));
      }
    }
    return input.length > LONGEST ? Arrays.copyOf(input, LONGEST) : input;
  }

  /** What decoders stumble over. */
  private static final String[] TOKENS = {
    "null",
    "[]",
    "{}",
    "[null]",
    "\"\"",
    "0",
    "-1",
    "1e400",
    "99999999999999999999",
    "true",
    "\u0000",
    "\ud83d\ude00",
    "\\u0000",
    "\r\n",
    ":",
    "\"",
    "[[[[[[[[",
    "NaN"
  };

  private static byte[] pick(List<byte[]> corpus, Random random) {
    return corpus.get(random.nextInt(corpus.size()));
  }

  private static byte[] part(byte[] of, Random random) {
    int from = random.nextInt(of.length + 1);
    return Arrays.copyOfRange(of, from, from + random.nextInt(of.length - from + 1));
  }

  private static byte[] splice(byte[] into, int from, int to, byte[] with) {
    byte[] result = new byte[from + with.length + into.length - to];
    System.arraycopy(into, 0, result, 0, from);
    System.arraycopy(with, 0, result, from, with.length);
    System.arraycopy(into, to, result, from + with.length, into.length - to);
    return result;
  }
}

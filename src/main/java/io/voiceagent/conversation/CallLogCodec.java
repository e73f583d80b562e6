package io.voiceagent.conversation;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import io.voiceagent.call.CallFact;
import io.voiceagent.call.Message;
import io.voiceagent.turn.TurnEffect;
import io.voiceagent.turn.TurnEvent;
import io.voiceagent.turn.TurnOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * The lines of a {@code *.call.jsonl}: first the options and the context with which the machine was made, then each event
 * with what was decided on it. Instants are nanoseconds of the node's monotonic clock. Effects are written as text: they
 * are compared and read, never executed again.
 */
final class CallLogCodec {
  /** First line. {@code version} changes when older logs can no longer be replayed. */
  record Header(int version, String call, TurnOptions options, String context) {}

  /** Every other line. */
  record Decision(TurnEvent event, List<String> effects) {
    Decision {
      effects = List.copyOf(effects);
    }

    static Decision of(TurnEvent event, List<TurnEffect> effects) {
      return new Decision(event, effects.stream().map(TurnEffect::toString).toList());
    }
  }

  static final int VERSION = 2;

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  private interface Named {}

  private static final ObjectMapper JSON = mapper();

  private CallLogCodec() {}

  static String write(Object line) {
    try {
      return JSON.writeValueAsString(line);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("every record of a call can be written", e);
    }
  }

  /** @throws IllegalArgumentException when the line is not of that kind */
  static <T> T read(String line, Class<T> type) {
    try {
      return JSON.readValue(line, type);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not a line of a call log: " + e.getOriginalMessage(), e);
    }
  }

  private static ObjectMapper mapper() {
    SimpleModule durations = new SimpleModule()
        .addSerializer(Duration.class, new StdSerializer<>(Duration.class) {
          private static final long serialVersionUID = 1L;

          @Override
          public void serialize(Duration value, JsonGenerator out, SerializerProvider provider)
              throws IOException {
            out.writeString(value.toString());
          }
        })
        .addDeserializer(Duration.class, new StdDeserializer<Duration>(Duration.class) {
          private static final long serialVersionUID = 1L;

          @Override
          public Duration deserialize(JsonParser in, DeserializationContext context)
              throws IOException {
            return Duration.parse(in.getText());
          }
        });
    ObjectMapper mapper = new ObjectMapper().registerModule(durations);
    for (Class<?> family : List.of(TurnEvent.class, CallFact.class, Message.class)) {
      mapper.addMixIn(family, Named.class);
      register(mapper, family);
    }
    return mapper;
  }

  private static void register(ObjectMapper mapper, Class<?> family) {
    for (Class<?> member : family.getPermittedSubclasses()) {
      if (member.isRecord()) {
        mapper.registerSubtypes(new NamedType(member, member.getSimpleName()));
      } else {
        register(mapper, member);
      }
    }
  }
}

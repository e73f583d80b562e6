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
 * with what was decided on it. An event keeps its instants, nanoseconds of the node's monotonic clock, for the machine to
 * be fed again; the time before it and those in the effects count from the start of the call and are for people. Effects
 * are text: they are compared and read, never executed again.
 */
final class CallLogCodec {
  /** First line. {@code version} changes when older logs can no longer be replayed. */
  record Header(int version, String call, TurnOptions options, String context) {}

  /** Every other line. {@code time} is not read again; older logs have none. */
  record Decision(String time, TurnEvent event, List<String> effects) {
    Decision {
      time = time == null ? "" : time;
      effects = List.copyOf(effects);
    }

    /** @param start the instant from which times are counted */
    static Decision of(TurnEvent event, List<TurnEffect> effects, long start) {
      return new Decision(CallTime.of(event.at(), start), event, CallTime.texts(effects, start));
    }
  }

  static final int VERSION = 4;

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

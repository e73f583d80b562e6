package io.voiceagent.bus;

import io.voiceagent.call.Clock;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Records to bytes and back, component by component in the order of their declaration.
 *
 * <p>Rules for two releases in one cluster: a component is only ever added at the end. The older release skips it, the
 * newer one reads zero, an empty text or an empty list where it is missing; enum constants travel by name.
 *
 * <p>Clocks of two nodes have nothing in common, so an instant ({@code long} named {@code at} or {@code ...At}) crosses
 * as its age and becomes an instant of the receiver's clock: the time on the wire is the error, and it is never in the
 * future. Zero stays zero.
 */
final class RecordCodec {
  private record Shape(MethodHandle make, List<MethodHandle> get, List<WireField> fields) {}

  private final Clock clock;
  private final Map<Class<?>, Shape> shapes = new ConcurrentHashMap<>();

  RecordCodec(Clock clock) {
    this.clock = clock;
  }

  /** With its number before it. */
  void writeTagged(WireWriter out, Object value) {
    out.number(WireTypes.numberOf(value.getClass()));
    write(out, value);
  }

  Object readTagged(WireReader in) {
    int number = (int) in.number();
    Class<?> type = WireTypes.typeOf(number);
    if (type == null) {
      throw new WireFormatException("a record of kind " + number + ", which this release lacks");
    }
    return read(in, type);
  }

  void write(WireWriter out, Object value) {
    Shape shape = shape(value.getClass());
    int start = out.open();
    for (int i = 0; i < shape.fields().size(); i++) {
      shape.fields().get(i).write(out, get(shape.get().get(i), value));
    }
    out.close(start);
  }

  Object read(WireReader in, Class<?> type) {
    Shape shape = shape(type);
    int outer = in.enter();
    Object[] values = new Object[shape.fields().size()];
    for (int i = 0; i < values.length; i++) {
      WireField field = shape.fields().get(i);
      values[i] = in.more() ? field.read(in) : field.missing();
    }
    in.leave(outer);
    return make(shape, values);
  }

  private Shape shape(Class<?> type) {
    // Not computeIfAbsent: a record may hold records.
    Shape known = shapes.get(type);
    if (known == null) {
      known = inspect(type);
      shapes.put(type, known);
    }
    return known;
  }

  private Shape inspect(Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    if (components == null) {
      throw new IllegalArgumentException(type.getName() + " is no record");
    }
    MethodHandles.Lookup lookup = MethodHandles.publicLookup();
    List<MethodHandle> get = new ArrayList<>();
    List<WireField> fields = new ArrayList<>();
    Class<?>[] types = new Class<?>[components.length];
    try {
      for (int i = 0; i < components.length; i++) {
        types[i] = components[i].getType();
        get.add(lookup
            .unreflect(components[i].getAccessor())
            .asType(MethodType.methodType(Object.class, Object.class)));
        fields.add(field(components[i].getName(), components[i].getGenericType()));
      }
      MethodHandle make = lookup
          .findConstructor(type, MethodType.methodType(void.class, types))
          .asSpreader(Object[].class, types.length)
          .asType(MethodType.methodType(Object.class, Object[].class));
      return new Shape(make, get, fields);
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(type.getName() + " cannot be put into bytes", e);
    }
  }

  private WireField field(String name, Type generic) {
    if (generic instanceof ParameterizedType of) {
      Type[] arguments = of.getActualTypeArguments();
      return of.getRawType() == List.class
          ? WireFields.list(field("", arguments[0]))
          : WireFields.map(field("", arguments[0]), field("", arguments[1]));
    }
    Class<?> type = (Class<?>) generic;
    if (type == long.class && (name.equals("at") || name.endsWith("At"))) {
      return instant();
    } else if (type == int.class || type == long.class) {
      return WireFields.integer(type == int.class);
    } else if (type == boolean.class) {
      return WireFields.bool();
    } else if (type == char.class) {
      return WireFields.character();
    } else if (type == double.class || type == Double.class) {
      return WireFields.decimal();
    } else if (type == String.class) {
      return WireFields.text();
    } else if (type == byte[].class) {
      return WireFields.blob();
    } else if (type.isEnum()) {
      return WireFields.constant(type);
    } else if (type.isRecord()) {
      return nested(type);
    } else if (type.isSealed()) {
      return tagged(type);
    }
    throw new IllegalArgumentException("no rule for " + type);
  }

  private WireField instant() {
    return new WireField() {
      @Override
      public void write(WireWriter out, Object value) {
        long at = (Long) value;
        out.octet(at == 0 ? 0 : 1);
        if (at != 0) {
          out.signed(clock.nanos() - at);
        }
      }

      @Override
      public Object read(WireReader in) {
        return in.octet() == 0 ? 0L : clock.nanos() - in.signed();
      }

      @Override
      public Object missing() {
        return 0L;
      }
    };
  }

  private WireField nested(Class<?> type) {
    return new WireField() {
      @Override
      public void write(WireWriter out, Object value) {
        RecordCodec.this.write(out, value);
      }

      @Override
      public Object read(WireReader in) {
        return RecordCodec.this.read(in, type);
      }

      @Override
      public Object missing() {
        throw new WireFormatException(type.getSimpleName() + " is missing");
      }
    };
  }

  private WireField tagged(Class<?> type) {
    return new WireField() {
      @Override
      public void write(WireWriter out, Object value) {
        writeTagged(out, value);
      }

      @Override
      public Object read(WireReader in) {
        Object value = readTagged(in);
        if (!type.isInstance(value)) {
          throw new WireFormatException(value.getClass().getSimpleName() + " is no " + type);
        }
        return value;
      }

      @Override
      public Object missing() {
        throw new WireFormatException(type.getSimpleName() + " is missing");
      }
    };
  }

  private static Object get(MethodHandle accessor, Object of) {
    try {
      return (Object) accessor.invokeExact(of);
    } catch (Throwable e) {
      throw new IllegalStateException("an accessor of a record threw", e);
    }
  }

  private static Object make(Shape shape, Object[] values) {
    try {
      return (Object) shape.make().invokeExact(values);
    } catch (IllegalArgumentException | ClassCastException e) {
      throw new WireFormatException("values that no record takes: " + e.getMessage());
    } catch (Throwable e) {
      throw new IllegalStateException("the constructor of a record threw", e);
    }
  }
}

package io.voiceagent.bus;

import io.voiceagent.call.Clock;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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
  private static final int MAX_LIST = 100_000;

  /** One kind of component. */
  private interface Field {
    void write(WireWriter out, Object value);

    Object read(WireReader in);

    Object missing();
  }

  private record Shape(MethodHandle make, List<MethodHandle> get, List<Field> fields) {}

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
      Field field = shape.fields().get(i);
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
    List<Field> fields = new ArrayList<>();
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

  private Field field(String name, Type generic) {
    if (generic instanceof ParameterizedType of) {
      Type[] arguments = of.getActualTypeArguments();
      return of.getRawType() == List.class
          ? list(field("", arguments[0]))
          : map(field("", arguments[0]), field("", arguments[1]));
    }
    Class<?> type = (Class<?>) generic;
    if (type == long.class && (name.equals("at") || name.endsWith("At"))) {
      return instant();
    } else if (type == int.class || type == long.class) {
      return integer(type == int.class);
    } else if (type == boolean.class) {
      return bool();
    } else if (type == char.class) {
      return character();
    } else if (type == double.class || type == Double.class) {
      return decimal();
    } else if (type == String.class) {
      return text();
    } else if (type == byte[].class) {
      return blob();
    } else if (type.isEnum()) {
      return constant(type);
    } else if (type.isRecord()) {
      return nested(type);
    } else if (type.isSealed()) {
      return tagged(type);
    }
    throw new IllegalArgumentException("no rule for " + type);
  }

  private Field instant() {
    return new Field() {
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

  private static Field integer(boolean narrow) {
    return new Field() {
      @Override
      public void write(WireWriter out, Object value) {
        out.signed(((Number) value).longValue());
      }

      @Override
      public Object read(WireReader in) {
        return narrowed(in.signed());
      }

      @Override
      public Object missing() {
        return narrowed(0);
      }

      private Object narrowed(long value) {
        if (narrow) {
          return (int) value;
        }
        return value;
      }
    };
  }

  private static Field bool() {
    return new Field() {
      @Override
      public void write(WireWriter out, Object value) {
        out.octet((Boolean) value ? 1 : 0);
      }

      @Override
      public Object read(WireReader in) {
        return in.octet() != 0;
      }

      @Override
      public Object missing() {
        return false;
      }
    };
  }

  private static Field character() {
    return new Field() {
      @Override
      public void write(WireWriter out, Object value) {
        out.number((Character) value);
      }

      @Override
      public Object read(WireReader in) {
        return (char) in.number();
      }

      @Override
      public Object missing() {
        return ' ';
      }
    };
  }

  private static Field decimal() {
    return new Field() {
      @Override
      public void write(WireWriter out, Object value) {
        out.fixed64(Double.doubleToLongBits((Double) value));
      }

      @Override
      public Object read(WireReader in) {
        return Double.longBitsToDouble(in.fixed64());
      }

      @Override
      public Object missing() {
        return 0.0;
      }
    };
  }

  private static Field text() {
    return new Field() {
      @Override
      public void write(WireWriter out, Object value) {
        out.text((String) value);
      }

      @Override
      public Object read(WireReader in) {
        return in.text();
      }

      @Override
      public Object missing() {
        return "";
      }
    };
  }

  private static Field blob() {
    return new Field() {
      @Override
      public void write(WireWriter out, Object value) {
        out.blob((byte[]) value);
      }

      @Override
      public Object read(WireReader in) {
        return in.blob();
      }

      @Override
      public Object missing() {
        return new byte[0];
      }
    };
  }

  private static Field constant(Class<?> type) {
    Object[] constants = type.getEnumConstants();
    return new Field() {
      @Override
      public void write(WireWriter out, Object value) {
        out.text(((Enum<?>) value).name());
      }

      @Override
      public Object read(WireReader in) {
        String name = in.text();
        for (Object constant : constants) {
          if (((Enum<?>) constant).name().equals(name)) {
            return constant;
          }
        }
        throw new WireFormatException(type.getSimpleName() + " has no " + name);
      }

      @Override
      public Object missing() {
        return constants[0];
      }
    };
  }

  private Field nested(Class<?> type) {
    return new Field() {
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

  private Field tagged(Class<?> type) {
    return new Field() {
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

  private static Field list(Field element) {
    return new Field() {
      @Override
      public void write(WireWriter out, Object value) {
        List<?> list = (List<?>) value;
        out.number(list.size());
        list.forEach(item -> element.write(out, item));
      }

      @Override
      public Object read(WireReader in) {
        long size = in.number();
        if (size < 0 || size > MAX_LIST) {
          throw new WireFormatException("a list of " + size);
        }
        List<Object> list = new ArrayList<>();
        for (long i = 0; i < size; i++) {
          list.add(element.read(in));
        }
        return list;
      }

      @Override
      public Object missing() {
        return List.of();
      }
    };
  }

  private static Field map(Field key, Field value) {
    return new Field() {
      @Override
      public void write(WireWriter out, Object given) {
        Map<?, ?> map = (Map<?, ?>) given;
        out.number(map.size());
        map.forEach((k, v) -> {
          key.write(out, k);
          value.write(out, v);
        });
      }

      @Override
      public Object read(WireReader in) {
        long size = in.number();
        if (size < 0 || size > MAX_LIST) {
          throw new WireFormatException("a map of " + size);
        }
        Map<Object, Object> map = new LinkedHashMap<>();
        for (long i = 0; i < size; i++) {
          Object k = key.read(in);
          map.put(k, value.read(in));
        }
        return map;
      }

      @Override
      public Object missing() {
        return Map.of();
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

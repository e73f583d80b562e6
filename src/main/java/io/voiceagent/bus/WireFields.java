package io.voiceagent.bus;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The components that hold no record of ours: numbers, texts, bytes, constants, and lists and maps of any. */
final class WireFields {
  private static final int MAX_LIST = 100_000;

  private WireFields() {}

  static WireField integer(boolean narrow) {
    return new WireField() {
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

  static WireField bool() {
    return new WireField() {
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

  static WireField character() {
    return new WireField() {
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

  static WireField decimal() {
    return new WireField() {
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

  static WireField text() {
    return new WireField() {
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

  static WireField blob() {
    return new WireField() {
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

  static WireField constant(Class<?> type) {
    Object[] constants = type.getEnumConstants();
    return new WireField() {
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

  static WireField list(WireField element) {
    return new WireField() {
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

  static WireField map(WireField key, WireField value) {
    return new WireField() {
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
}

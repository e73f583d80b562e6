package io.voiceagent;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The layer picture: imports point down, never sideways, never in a circle. */
class ArchitectureTest {
  private static final String ROOT = "io.voiceagent.";
  private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
      entry("audio", Set.of()),
      entry("call", Set.of()),
      entry("config", Set.of()),
      entry("turn", Set.of("call", "config")),
      entry("metrics", Set.of("call", "config")),
      entry("resilience", Set.of("call", "config")),
      entry("cluster", Set.of("call", "config")),
      entry("bus", Set.of("audio", "call")),
      entry("telephony", Set.of("audio", "call")),
      entry("llm", Set.of("bus", "call", "config", "metrics", "resilience")),
      entry("tool", Set.of("bus", "call", "config", "metrics", "resilience")),
      entry("stt", Set.of("audio", "bus", "call", "config", "metrics", "resilience")),
      entry("tts", Set.of("audio", "bus", "call", "config", "metrics", "resilience")),
      entry("media", Set.of("audio", "bus", "call", "config", "metrics", "telephony")),
      entry("ops", Set.of("bus", "call", "config", "metrics")),
      entry("conversation", Set.of("bus", "call", "cluster", "config", "metrics", "turn")),
      entry(
          "app",
          Set.of(
              "audio",
              "bus",
              "call",
              "cluster",
              "config",
              "conversation",
              "llm",
              "media",
              "metrics",
              "ops",
              "resilience",
              "stt",
              "telephony",
              "tool",
              "tts",
              "turn")),
      entry("sim", Set.of("audio", "config")),
      entry("load", Set.of("audio", "config", "sim")));

  private static final Set<String> PURE = Set.of("audio", "call", "config", "turn");
  private static final List<String> PURE_PLATFORM =
      List.of("java.lang", "java.util", "java.time", "java.io", "java.nio", "org.jspecify");

  private static final JavaClasses CLASSES = new ClassFileImporter()
      .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
      .importPackages("io.voiceagent");

  @Test
  void importsPointStrictlyDown() {
    Set<String> breaches = new TreeSet<>();
    for (JavaClass type : CLASSES) {
      String from = packageOf(type);
      if (from.equals("cli")) {
        continue;
      }
      for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
        JavaClass target = dependency.getTargetClass();
        String to = packageOf(target);
        if (target.getPackageName().startsWith(ROOT)
            && !to.equals(from)
            && !MAY_USE.getOrDefault(from, Set.of()).contains(to)) {
          breaches.add(from + " -> " + to + ": " + dependency.getDescription());
        }
      }
    }
    assertThat(breaches).isEmpty();
  }

  @Test
  void purePackagesUseValuesOfThePlatformOnly() {
    Set<String> breaches = new TreeSet<>();
    for (JavaClass type : CLASSES) {
      if (!PURE.contains(packageOf(type))) {
        continue;
      }
      for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
        String target = dependency.getTargetClass().getBaseComponentType().getPackageName();
        boolean allowed = target.isEmpty()
            || target.startsWith(ROOT)
            || PURE_PLATFORM.stream().anyMatch(target::startsWith);
        if (!allowed) {
          breaches.add(dependency.getDescription());
        }
      }
    }
    assertThat(breaches).isEmpty();
  }

  @Test
  void codecsAndDialectsKnowNothingOfSockets() {
    Set<String> breaches = new TreeSet<>();
    for (JavaClass type : CLASSES) {
      boolean codec = type.getSimpleName().endsWith("Codec") && !packageOf(type).equals("bus");
      if (!codec && !packageOf(type).equals("telephony")) {
        continue;
      }
      for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
        String target = dependency.getTargetClass().getPackageName();
        if (target.startsWith("io.vertx")
            && !target.startsWith("io.vertx.core.json")
            && !target.startsWith("io.vertx.core.buffer")) {
          breaches.add(dependency.getDescription());
        }
      }
    }
    assertThat(breaches).isEmpty();
  }

  private static String packageOf(JavaClass type) {
    String name = type.getPackageName();
    return name.startsWith(ROOT) ? name.substring(ROOT.length()).split("\\.", 2)[0] : "";
  }
}

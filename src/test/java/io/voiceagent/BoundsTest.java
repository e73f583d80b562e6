package io.voiceagent;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What must not grow or step without anybody having thought of it. */
class BoundsTest {
  /** They have no bound at all, or one that is easily left out. */
  private static final Set<String> UNBOUNDED = Set.of(
      "java.util.concurrent.LinkedBlockingQueue",
      "java.util.concurrent.LinkedBlockingDeque",
      "java.util.concurrent.ConcurrentLinkedQueue",
      "java.util.concurrent.ConcurrentLinkedDeque",
      "java.util.concurrent.LinkedTransferQueue",
      "java.util.concurrent.PriorityBlockingQueue",
      "java.util.concurrent.DelayQueue",
      "java.util.concurrent.Executors",
      "java.util.concurrent.ScheduledThreadPoolExecutor");

  /** Tools beside the service. */
  private static final Set<String> TOOLS = Set.of("sim", "load", "cli");

  private static final JavaClasses CLASSES = new ClassFileImporter()
      .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
      .importPackages("io.voiceagent");

  @Test
  void r41_noQueueOfTheServiceIsUnbounded() {
    Set<String> breaches = new TreeSet<>();
    for (JavaClass type : CLASSES) {
      if (!tool(type)) {
        type.getDirectDependenciesFromSelf().stream()
            .filter(use -> UNBOUNDED.contains(use.getTargetClass().getName()))
            .forEach(use -> breaches.add(use.getDescription()));
      }
    }
    assertThat(breaches).isEmpty();
  }

  @Test
  void r41_everyQueueIsDescribedWithItsBoundAndWhatHappensWhenItIsFull() throws IOException {
    Set<String> fields = new TreeSet<>();
    for (JavaClass type : CLASSES) {
      for (JavaField field : type.getFields()) {
        if (!tool(type) && field.getRawType().isAssignableTo(Queue.class)) {
          fields.add(type.getSimpleName() + "." + field.getName());
        }
      }
    }
    Set<String> described = new TreeSet<>();
    Matcher row = Pattern.compile("(?m)^\\| `([A-Za-z]+\\.[a-z][A-Za-z]*)` \\|")
        .matcher(Files.readString(Path.of("docs/queues.md")));
    while (row.find()) {
      described.add(row.group(1));
    }
    assertThat(described).isEqualTo(fields);
  }

  /** A step of the wall clock must touch nothing but what nodes and outsiders have in common. */
  @Test
  void onlyNamedPlacesReadTheWallClock() {
    Set<String> readers = new TreeSet<>();
    for (JavaClass type : CLASSES) {
      for (JavaCodeUnit unit : type.getCodeUnits()) {
        unit.getAccessesFromSelf().stream()
            .filter(access ->
                access.getTarget().getFullName().startsWith("java.lang.System.currentTimeMillis")
                    || access.getTarget().getFullName().startsWith("java.time.Instant.now"))
            .forEach(access -> readers.add(type.getSimpleName()));
        unit.getMethodReferencesFromSelf().stream()
            .filter(access ->
                access.getTarget().getFullName().startsWith("java.lang.System.currentTimeMillis"))
            .forEach(access -> readers.add(type.getSimpleName()));
      }
    }
    // Two of them date what was heard and when a line broke: instants that another node must
    // understand.
    assertThat(readers)
        .containsExactly("CallTraces", "KernelKeeper", "MediaNode", "RetryAfter", "VoiceWebhook");
  }

  private static boolean tool(JavaClass type) {
    String[] parts = type.getPackageName().split("\\.");
    return parts.length < 3 || TOOLS.contains(parts[2]);
  }
}

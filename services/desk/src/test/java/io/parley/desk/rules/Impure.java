package io.parley.desk.rules;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Map;
import java.util.Set;

/**
 * What a decider must not touch, since it would decide otherwise when its commands are folded
 * again: clocks, chance, the machine and everything that reads or writes.
 */
final class Impure {
  /** Owner and names of what may not be called; an empty set: nothing of it. */
  private static final Map<String, Set<String>> CALLS =
      Map.of(
          // Only arraycopy is left, which no decider needs: time, properties, streams.
          "java.lang.System", Set.of(),
          "java.lang.Math", Set.of("random"),
          "java.lang.StrictMath", Set.of("random"),
          "java.util.UUID", Set.of("randomUUID"),
          "java.util.Collections", Set.of("shuffle"),
          "java.time.ZoneId", Set.of("systemDefault"),
          "java.util.TimeZone", Set.of("getDefault"),
          "java.util.Locale", Set.of("getDefault"));

  private static final Set<String> CLASSES =
      Set.of(
          "java.time.Clock",
          "java.time.InstantSource",
          "java.util.Date",
          "java.util.Calendar",
          "java.util.Random",
          "java.util.SplittableRandom",
          "java.util.Timer",
          "java.util.Scanner",
          "java.security.SecureRandom",
          "java.util.concurrent.ThreadLocalRandom",
          "java.lang.Thread",
          "java.lang.Runtime",
          "java.lang.Process",
          "java.lang.ProcessBuilder");

  private static final Set<String> PACKAGES =
      Set.of("java.io", "java.nio.file", "java.nio.channels", "java.net", "java.util.random");

  /** A type, not an act: the compiler names it where a lambda or an enum is written. */
  private static final String SERIALIZABLE = "java.io.Serializable";

  private Impure() {}

  /** Calls, constructor calls, fields and method references alike. */
  static DescribedPredicate<JavaAccess<?>> act() {
    return DescribedPredicate.describe("a clock, chance or the machine", Impure::isAct);
  }

  static DescribedPredicate<JavaClass> type() {
    return DescribedPredicate.describe("that are clocks, random or I/O", Impure::isType);
  }

  private static boolean isAct(JavaAccess<?> access) {
    String name = access.getTarget().getName();
    String owner = access.getTargetOwner().getName();
    Set<String> names = CALLS.get(owner);
    return (owner.startsWith("java.time.") && name.equals("now"))
        || (names != null && (names.isEmpty() || names.contains(name)));
  }

  private static boolean isType(JavaClass type) {
    return CLASSES.contains(type.getName())
        || (PACKAGES.contains(type.getPackageName()) && !type.getName().equals(SERIALIZABLE));
  }
}

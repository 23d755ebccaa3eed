package io.parley.benchmarks;

import io.parley.projection.attendance.derivation.Containment;
import io.parley.projection.attendance.derivation.Derivation;
import io.parley.projection.attendance.derivation.Fact.Assumed;
import io.parley.projection.attendance.derivation.Fact.Condition;
import io.parley.projection.attendance.derivation.Fact.Stated;
import io.parley.projection.attendance.derivation.Facts;
import io.parley.projection.attendance.derivation.Presence;
import io.parley.schemas.delegation.AttendanceStatus;
import io.parley.schemas.delegation.ConditionKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * How long it takes to derive who is expected where: 10,000 people and as many conditions, from the
 * facts in memory to every status and the explanation of one. At most 50 ms are allowed.
 */
final class AttendanceBench {
  private static final int PEOPLE = 10_000;
  private static final int MEETINGS = 50;
  private static final int TIMES = 200;
  private static final int ALLOWED_MILLIS = 50;

  private final Containment containment = containment();

  /** Prints the table; false where a median is over what is allowed. */
  boolean run() {
    System.out.printf(
        "%nDerived attendance of %,d people, %d times each after as many to warm up; at most %d ms.%n%n",
        PEOPLE, TIMES, ALLOWED_MILLIS);
    System.out.println(
        "| conditions | p50, ms | p99, ms | what if, p50, ms |\n| --- | ---: | ---: | ---: |");
    boolean good = true;
    for (Map.Entry<String, Facts> each :
        List.of(
            Map.entry("all on one person", star()),
            Map.entry("one on the next", chain(false)),
            Map.entry("in one ring", chain(true)),
            Map.entry("at random, one in ten disputed", random()))) {
      good &= measure(each.getKey(), each.getValue());
    }
    return good;
  }

  private boolean measure(String name, Facts facts) {
    List<Double> whole = new ArrayList<>();
    List<Double> whatIf = new ArrayList<>();
    List<Assumed> assumed = List.of(new Assumed(at(0), true), new Assumed(at(7), false));
    // Somebody whom a condition is about: there is something to explain.
    Presence asked = facts.conditions().getLast().dependent();
    int expected = 0;
    for (int i = -TIMES; i < TIMES; i++) {
      long start = System.nanoTime();
      Derivation derivation = Derivation.of(facts);
      expected += derivation.at(asked).because().size();
      long derived = System.nanoTime();
      expected += derivation.assuming(assumed).at(asked).because().size();
      long end = System.nanoTime();
      if (i >= 0) {
        whole.add((derived - start) / 1e6);
        whatIf.add((end - derived) / 1e6);
      }
    }
    if (expected == 0) {
      throw new IllegalStateException("nothing was derived");
    }
    System.out.printf(
        Locale.ROOT,
        "| %s | %.1f | %.1f | %.1f |%n",
        name,
        percentile(whole, 50),
        percentile(whole, 99),
        percentile(whatIf, 50));
    return percentile(whole, 50) <= ALLOWED_MILLIS && percentile(whatIf, 50) <= ALLOWED_MILLIS;
  }

  private static double percentile(List<Double> values, int percent) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    return sorted.get((sorted.size() - 1) * percent / 100);
  }

  private static Presence at(int person) {
    return new Presence("person-" + person, "talks");
  }

  private Facts star() {
    List<Condition> conditions = new ArrayList<>();
    for (int i = 1; i < PEOPLE; i++) {
      conditions.add(condition(i, at(i), ConditionKind.IFF, at(0)));
    }
    return facts(List.of(stated(0, at(0), AttendanceStatus.DECLINED)), conditions);
  }

  private Facts chain(boolean closed) {
    List<Condition> conditions = new ArrayList<>();
    for (int i = 1; i < PEOPLE; i++) {
      conditions.add(condition(i, at(i), ConditionKind.IFF, at(i - 1)));
    }
    if (closed) {
      conditions.add(condition(PEOPLE, at(0), ConditionKind.IFF, at(PEOPLE - 1)));
    }
    return facts(List.of(stated(0, at(0), AttendanceStatus.DECLINED)), conditions);
  }

  private Facts random() {
    Random random = new Random(2025);
    List<Stated> stated = new ArrayList<>();
    List<Condition> conditions = new ArrayList<>();
    ConditionKind[] kinds = {ConditionKind.ONLY_IF, ConditionKind.IF, ConditionKind.IFF};
    for (int i = 0; i < PEOPLE; i++) {
      if (i % 5 == 0) {
        stated.add(
            stated(
                2L * i,
                somewhere(random, i),
                random.nextBoolean() ? AttendanceStatus.CONFIRMED : AttendanceStatus.DECLINED));
      }
      if (i % 10 == 0) {
        stated.add(stated(2L * i + 1, somewhere(random, i), AttendanceStatus.DECLINED));
      }
      int other = random.nextInt(PEOPLE);
      if (other != i) {
        conditions.add(
            condition(
                3 * PEOPLE + i,
                somewhere(random, i),
                kinds[random.nextInt(3)],
                somewhere(random, other)));
      }
    }
    return facts(stated, conditions);
  }

  private static Presence somewhere(Random random, int person) {
    String scope =
        switch (random.nextInt(4)) {
          case 0 -> "country:c";
          case 1 -> "city:c" + random.nextInt(5);
          case 2 -> "meeting:m" + random.nextInt(MEETINGS);
          default -> "talks";
        };
    return new Presence("person-" + person, scope);
  }

  private static Stated stated(long sequence, Presence presence, AttendanceStatus status) {
    return new Stated(presence, null, status, "s" + sequence, null, sequence, null);
  }

  private static Condition condition(
      long sequence, Presence dependent, ConditionKind kind, Presence requires) {
    return new Condition(
        "condition-" + sequence, dependent, kind, requires, null, null, sequence, null);
  }

  private Facts facts(List<Stated> stated, List<Condition> conditions) {
    return new Facts(stated, conditions, List.of(), containment, List.of());
  }

  private static Containment containment() {
    Map<String, Set<String>> directly = new HashMap<>();
    for (int city = 0; city < 5; city++) {
      directly.put("city:c" + city, Set.of("country:c"));
    }
    for (int meeting = 0; meeting < MEETINGS; meeting++) {
      directly.put("meeting:m" + meeting, Set.of("city:c" + meeting % 5));
    }
    return new Containment(directly);
  }
}

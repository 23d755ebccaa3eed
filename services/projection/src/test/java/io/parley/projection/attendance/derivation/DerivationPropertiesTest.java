package io.parley.projection.attendance.derivation;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.projection.attendance.derivation.Fact.Assessed;
import io.parley.projection.attendance.derivation.Fact.Assumed;
import io.parley.projection.attendance.derivation.Fact.Condition;
import io.parley.projection.attendance.derivation.Fact.Observed;
import io.parley.projection.attendance.derivation.Fact.Stated;
import io.parley.projection.attendance.derivation.Naive.Claim;
import io.parley.schemas.delegation.Assessment;
import io.parley.schemas.delegation.AttendanceStatus;
import io.parley.schemas.delegation.ConditionKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds of every derivation (rules 9 to 16), over records of few people and many facts. */
class DerivationPropertiesTest {
  private static final List<String> PEOPLE = List.of("a", "b", "c", "d");
  private static final List<Presence> PRESENCES =
      PEOPLE.stream()
          .flatMap(person -> Naive.SCOPES.stream().map(scope -> new Presence(person, scope)))
          .toList();

  /** A small world, in which every set of claims can be looked at. */
  private static final List<Presence> FEW =
      List.of("a", "b").stream()
          .flatMap(
              person ->
                  List.of("meeting:opening", "talks", "city:istanbul").stream()
                      .map(scope -> new Presence(person, scope)))
          .toList();

  @Property(tries = 3000)
  void rule9_isWhatTheRulesSayWordByWord(
      @ForAll("facts") Facts facts, @ForAll("assumed") List<Assumed> assumed) {
    Derivation derivation = Derivation.of(facts);
    agree(derivation, new Naive(facts, List.of(), PRESENCES));
    Derivation whatIf;
    try {
      whatIf = derivation.assuming(assumed);
    } catch (IllegalArgumentException e) {
      return;
    }
    agree(whatIf, new Naive(facts, assumed, PRESENCES));
  }

  private static void agree(Derivation derivation, Naive naive) {
    Set<Presence> disputed = new HashSet<>(derivation.disputed());
    for (Presence presence : PRESENCES) {
      assertThat(derivation.derived(presence))
          .as("%s", presence)
          .isEqualTo(naive.derived(presence));
      // Where no fact is about a presence, nothing is said against it but what others say.
      if (disputed.contains(presence)) {
        assertThat(naive.disputed(presence)).as("%s", presence).isTrue();
      }
    }
    PRESENCES.stream()
        .filter(naive::disputed)
        .forEach(
            presence ->
                assertThat(derivation.disputed())
                    .as("somebody of %s", presence.subject())
                    .anyMatch(each -> each.subject().equals(presence.subject())));
  }

  @Property(tries = 2000)
  void rule9_isAFixedPoint(@ForAll("facts") Facts facts) {
    Naive naive = new Naive(facts, List.of(), PRESENCES);
    // Where two conflicts hang on each other, no assignment agrees with itself.
    Assume.that(naive.decided());
    Derivation derivation = Derivation.of(facts);
    Set<Claim> settled = new HashSet<>();
    for (Presence presence : PRESENCES) {
      switch (derivation.derived(presence)) {
        case EXPECTED -> settled.add(new Claim(presence, true));
        case NOT_EXPECTED -> settled.add(new Claim(presence, false));
        case UNDETERMINED -> {}
      }
    }
    for (Presence presence : PRESENCES) {
      boolean there = naive.follows(new Claim(presence, true), settled, settled);
      boolean away = naive.follows(new Claim(presence, false), settled, settled);
      Derived again =
          there == away ? Derived.UNDETERMINED : there ? Derived.EXPECTED : Derived.NOT_EXPECTED;
      assertThat(again).as("%s", presence).isEqualTo(derivation.derived(presence));
    }
  }

  @Property(tries = 60)
  void rule9_isTheLeastFixedPoint(@ForAll("fewFacts") Facts facts) {
    Derivation derivation = Derivation.of(facts);
    Assume.that(derivation.disputed().isEmpty());
    Naive rules = new Naive(facts, List.of(), FEW);
    List<Claim> claims = new ArrayList<>();
    FEW.forEach(
        presence -> {
          claims.add(new Claim(presence, true));
          claims.add(new Claim(presence, false));
        });
    for (int bits = 0; bits < 1 << claims.size(); bits++) {
      Set<Claim> some = new HashSet<>();
      for (int i = 0; i < claims.size(); i++) {
        if ((bits >> i & 1) == 1) {
          some.add(claims.get(i));
        }
      }
      boolean closed =
          claims.stream()
              .allMatch(claim -> some.contains(claim) || !rules.follows(claim, some, Set.of()));
      if (closed) {
        for (Presence presence : FEW) {
          Derived derived = derivation.derived(presence);
          if (derived != Derived.UNDETERMINED) {
            assertThat(some).contains(new Claim(presence, derived == Derived.EXPECTED));
          }
        }
      }
    }
  }

  @Property(tries = 1000)
  void rule9_doesNotDependOnTheOrderOfRecording(
      @ForAll("facts") Facts facts, @ForAll Random random) {
    List<Long> order = new ArrayList<>();
    for (long i = 0; i < facts.stated().size() + facts.conditions().size(); i++) {
      order.add(i + 1000);
    }
    Collections.shuffle(order, random);
    List<Stated> stated =
        facts.stated().stream()
            .map(
                each ->
                    new Stated(
                        each.presence(),
                        each.party(),
                        each.status(),
                        each.speaker(),
                        null,
                        order.removeLast(),
                        null))
            .toList();
    List<Condition> conditions =
        facts.conditions().stream()
            .map(
                each ->
                    new Condition(
                        each.condition(),
                        each.dependent(),
                        each.kind(),
                        each.requires(),
                        each.text(),
                        each.assessed(),
                        order.removeLast(),
                        null))
            .toList();
    Derivation one = Derivation.of(facts);
    Derivation other =
        Derivation.of(new Facts(stated, conditions, facts.observed(), Given.TURKIYE, List.of()));
    for (Presence presence : PRESENCES) {
      assertThat(other.derived(presence)).isEqualTo(one.derived(presence));
    }
    assertThat(other.disputed()).isEqualTo(one.disputed());
    assertThat(other.cycles()).isEqualTo(one.cycles());
  }

  @Property(tries = 1000)
  void rule14_whatIsSettledFollowsFromItsChainAlone(@ForAll("facts") Facts facts) {
    Derivation derivation = Derivation.of(facts);
    Assume.that(derivation.disputed().isEmpty());
    for (Presence presence : PRESENCES) {
      Outcome outcome = derivation.at(presence);
      if (outcome.derived() == Derived.UNDETERMINED) {
        continue;
      }
      Set<Fact> chain = new HashSet<>(outcome.because());
      Facts told =
          new Facts(
              facts.stated().stream().filter(chain::contains).toList(),
              facts.conditions().stream()
                  .filter(chain::contains)
                  // How it was assessed is a fact of its own, with which another could be settled.
                  .map(each -> chain.contains(each.assessed()) ? each : unassessed(each))
                  .toList(),
              facts.observed().stream().filter(chain::contains).toList(),
              Given.TURKIYE,
              List.of());
      assertThat(Derivation.of(told).derived(presence))
          .as("%s from %s", presence, chain)
          .isEqualTo(outcome.derived());
    }
  }

  private static Condition unassessed(Condition condition) {
    return new Condition(
        condition.condition(),
        condition.dependent(),
        condition.kind(),
        condition.requires(),
        condition.text(),
        null,
        condition.sequence(),
        condition.source());
  }

  @Provide
  Arbitrary<Facts> facts() {
    return facts(PRESENCES, true);
  }

  @Provide
  Arbitrary<Facts> fewFacts() {
    return facts(FEW, false);
  }

  @Provide
  Arbitrary<List<Assumed>> assumed() {
    return Combinators.combine(Arbitraries.of(PRESENCES), Arbitraries.of(true, false))
        .as(Assumed::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(3);
  }

  /** One fact, before it has its place in the order. */
  private record Draw(
      int sort,
      Presence presence,
      Presence requires,
      AttendanceStatus status,
      ConditionKind kind,
      boolean side) {}

  private static Arbitrary<Facts> facts(List<Presence> presences, boolean editors) {
    return Combinators.combine(
            Arbitraries.integers().between(0, editors ? 9 : 5),
            Arbitraries.of(presences),
            Arbitraries.of(presences),
            Arbitraries.of(
                AttendanceStatus.CONFIRMED, AttendanceStatus.DECLINED, AttendanceStatus.WILLING),
            Arbitraries.of(ConditionKind.ONLY_IF, ConditionKind.IF, ConditionKind.IFF),
            Arbitraries.of(true, false))
        .as(Draw::new)
        .list()
        .ofMaxSize(14)
        .map(DerivationPropertiesTest::facts);
  }

  private static Facts facts(List<Draw> draws) {
    List<Stated> stated = new ArrayList<>();
    List<Condition> conditions = new ArrayList<>();
    List<Observed> observed = new ArrayList<>();
    long sequence = 0;
    for (Draw draw : draws) {
      sequence++;
      switch (draw.sort()) {
        case 0, 1 ->
            stated.add(
                new Stated(
                    draw.presence(), null, draw.status(), "s" + sequence, null, sequence, null));
        case 9 -> {
          observed.removeIf(each -> each.presence().equals(draw.presence()));
          observed.add(new Observed(draw.presence(), draw.side(), null, sequence, null));
        }
        default -> {
          if (!draw.presence().subject().equals(draw.requires().subject())) {
            conditions.add(condition(draw, sequence));
          }
        }
      }
    }
    return new Facts(stated, conditions, observed, Given.TURKIYE, List.of());
  }

  private static Condition condition(Draw draw, long sequence) {
    String id = "c" + sequence;
    boolean text = draw.sort() == 6;
    return new Condition(
        id,
        draw.presence(),
        draw.kind(),
        text ? null : draw.requires(),
        text ? "the truce holds" : null,
        draw.sort() >= 6
            ? new Assessed(
                id,
                draw.side() ? Assessment.MET : Assessment.UNMET,
                "a reason",
                sequence + 500,
                null)
            : null,
        sequence,
        null);
  }
}

package io.parley.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.ObjectNode;

/** Each rule holds of each overlay, and is broken by a manifest that was spoilt on purpose. */
class RulesTest {
  static List<Rule> rules() {
    return Stream.<Rule[]>of(
            PodRule.values(),
            ReferenceRule.values(),
            TrafficRule.values(),
            LogRule.values(),
            RightsRule.values(),
            WatchRule.values())
        .flatMap(Stream::of)
        .toList();
  }

  static Stream<Arguments> kept() {
    return rules().stream()
        .flatMap(rule -> Rendering.OVERLAYS.stream().map(overlay -> Arguments.of(rule, overlay)));
  }

  static List<Break> breaks() {
    return Breaks.all();
  }

  /**
   * A way to break a rule.
   *
   * @param id of the resource of production that is spoilt
   */
  record Break(Rule rule, String id, Consumer<ObjectNode> spoil) {
    @Override
    public String toString() {
      return rule + " by " + id;
    }
  }

  @ParameterizedTest
  @MethodSource("kept")
  void isKept(Rule rule, String overlay) {
    assertThat(rule.violations(Rendering.of(overlay))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("breaks")
  void isBrokenOnPurpose(Break broken) {
    Rendering rendering = Rendering.of("production");
    List<Resource> spoilt =
        broken.id().equals(Breaks.SETTINGS)
            ? List.of(rendering.settings())
            : rendering.called(broken.id()).toList();
    assertThat(spoilt).as(broken.id()).hasSize(1);
    String before = spoilt.getFirst().json().toString();
    broken.spoil().accept(spoilt.getFirst().json());
    assertThat(spoilt.getFirst().json().toString()).as("it is spoilt").isNotEqualTo(before);
    assertThat(broken.rule().violations(rendering)).as(broken.toString()).isNotEmpty();
  }

  @Test
  void everyRuleIsBrokenByOneAtLeast() {
    Set<Rule> broken = new HashSet<>();
    breaks().forEach(each -> broken.add(each.rule()));
    assertThat(broken).containsExactlyInAnyOrderElementsOf(rules());
  }
}

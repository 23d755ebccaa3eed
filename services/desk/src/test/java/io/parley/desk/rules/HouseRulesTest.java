package io.parley.desk.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.parley.announcement.domain.violations.Impurities;
import io.parley.announcement.violations.SeesDesk;
import io.parley.delegation.domain.violations.Sights;
import io.parley.delegation.violations.SeesEmbedded;
import io.parley.embedded.violations.SeesJournalToo;
import io.parley.embedded.violations.SeesProjection;
import io.parley.journal.violations.SeesProjectionToo;
import io.parley.journal.violations.SeesScheduleWords;
import io.parley.parts.violations.SeesSchemas;
import io.parley.projection.violations.SeesTheWritingHalf;
import io.parley.schedule.violations.Names;
import io.parley.schedule.violations.SeesDelegation;
import io.parley.schedule.violations.common.Anything;
import io.parley.schedule.violations.left.Left;
import io.parley.schedule.violations.left.inner.Inner;
import io.parley.schedule.violations.right.Right;
import io.parley.schemas.violations.SeesJournal;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds the rules against all code of all modules, and each rule against classes that break it on
 * purpose: in {@code violations} packages of this module's tests, named as if they were of the
 * module whose rule they break.
 */
class HouseRulesTest {
  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.parley");

  @ParameterizedTest
  @EnumSource(HouseRule.class)
  void isKept(HouseRule rule) {
    rule.rule().check(MAIN);
  }

  @ParameterizedTest
  @MethodSource("violations")
  void isBrokenOnPurpose(HouseRule rule, List<Class<?>> violators) {
    JavaClasses imported = new ClassFileImporter().importClasses(violators);
    // A part of a rule that is about another module finds none of its classes here.
    assertThat(
            rule.rule().allowEmptyShould(true).evaluate(imported).getFailureReport().getDetails())
        .as(rule + " is broken by " + violators)
        .isNotEmpty()
        .allMatch(detail -> detail.contains("violations"));
  }

  @Test
  void everyRuleIsBrokenByOneAtLeast() {
    assertThat(violations().map(each -> (HouseRule) each.get()[0]).collect(Collectors.toSet()))
        .isEqualTo(EnumSet.allOf(HouseRule.class));
  }

  @Test
  void allModulesAreRead() {
    Set<String> modules =
        MAIN.stream()
            .map(type -> type.getPackageName().split("\\.", 4)[2])
            .collect(Collectors.toSet());
    assertThat(modules)
        .containsExactlyInAnyOrder(
            "schemas",
            "journal",
            "embedded",
            "parts",
            "schedule",
            "delegation",
            "announcement",
            "projection",
            "image",
            "desk");
  }

  static Stream<Arguments> violations() {
    return Stream.of(
            Stream.of(
                broken(HouseRule.SCHEMAS_SEE_NOTHING_OF_OURS, SeesJournal.class),
                broken(HouseRule.JOURNAL_SEES_THE_FRAMING_ONLY, SeesScheduleWords.class),
                broken(HouseRule.JOURNAL_SEES_THE_FRAMING_ONLY, SeesProjectionToo.class),
                broken(HouseRule.EMBEDDED_SEES_NOTHING_OF_OURS, SeesJournalToo.class),
                broken(HouseRule.ONLY_DESK_SEES_EMBEDDED, SeesEmbedded.class),
                broken(HouseRule.PARTS_SEE_EMBEDDED_ONLY, SeesSchemas.class),
                broken(HouseRule.A_WRITE_SERVICE_SEES_JOURNAL_AND_SCHEMAS, SeesDesk.class),
                broken(HouseRule.A_WRITE_SERVICE_SEES_JOURNAL_AND_SCHEMAS, SeesDelegation.class),
                broken(HouseRule.A_WRITE_SERVICE_SEES_JOURNAL_AND_SCHEMAS, SeesEmbedded.class),
                broken(
                    HouseRule.PROJECTION_SEES_SCHEMAS_AND_THE_READING_HALF,
                    SeesTheWritingHalf.class),
                broken(HouseRule.ONLY_DESK_SEES_A_SERVICE, SeesDelegation.class),
                broken(HouseRule.ONLY_DESK_SEES_A_SERVICE, SeesProjection.class),
                broken(HouseRule.ONLY_DESK_SEES_A_SERVICE, SeesProjectionToo.class),
                broken(HouseRule.NAMES_SAY_SOMETHING, Anything.class),
                broken(HouseRule.NO_PACKAGE_CYCLES, Left.class, Right.class),
                broken(HouseRule.NO_PACKAGE_CYCLES, Left.class, Inner.class)),
            each(HouseRule.DOMAIN_SEES_THE_LANGUAGE_ONLY, Sights.class),
            each(HouseRule.DOMAIN_IS_PURE, Impurities.class),
            each(HouseRule.NAMES_SAY_SOMETHING, Names.class))
        .flatMap(many -> many);
  }

  private static Arguments broken(HouseRule rule, Class<?>... violators) {
    return arguments(rule, List.of(violators));
  }

  /** Each class nested in it breaks the rule alone. */
  private static Stream<Arguments> each(HouseRule rule, Class<?> all) {
    return Arrays.stream(all.getDeclaredClasses()).map(one -> broken(rule, one));
  }
}

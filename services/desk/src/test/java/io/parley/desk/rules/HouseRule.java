package io.parley.desk.rules;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Who may import whom, and what keeps the deciders pure. */
enum HouseRule {
  /** The language stands alone: every other module, and every client, is built on it. */
  SCHEMAS_SEE_NOTHING_OF_OURS(seesOfOurs("schemas")),

  /** A journal that knew a service's words would be a common module. */
  JOURNAL_SEES_THE_FRAMING_ONLY(
      seesOfOurs(
          "journal", "io.parley.schemas", "io.parley.schemas.wire", "io.parley.schemas.temporal")),

  /** Test instruments and the desk's furniture: nothing of the domain in it. */
  EMBEDDED_SEES_NOTHING_OF_OURS(seesOfOurs("embedded")),

  /** A service that runs apart has no broker and no database in it; benchmarks and tests may. */
  ONLY_DESK_SEES_EMBEDDED(
      noClasses()
          .that()
          .resideOutsideOfPackages("io.parley.desk..", "io.parley.embedded..", "io.parley.parts..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.parley.embedded..")),

  /** What tests stand on, on whichever parts. */
  PARTS_SEE_EMBEDDED_ONLY(seesOfOurs("parts", "io.parley.embedded..")),

  /** A write service is its domain on the journal. */
  A_WRITE_SERVICE_SEES_JOURNAL_AND_SCHEMAS(
      CompositeArchRule.of(
          Stream.of("schedule", "delegation", "announcement")
              .map(name -> seesOfOurs(name, "io.parley.journal..", "io.parley.schemas.."))
              .toList())),

  /** The read side must not be able to write, so it sees what reading needs and no more. */
  PROJECTION_SEES_SCHEMAS_AND_THE_READING_HALF(
      seesOfOurs("projection", "io.parley.schemas..", "io.parley.journal.reading..")),

  /**
   * Never service to service, nor from below: only what starts them sees them, and it sees all
   * four: the desk, and the image that runs them apart.
   */
  ONLY_DESK_SEES_A_SERVICE(
      CompositeArchRule.of(
          Stream.of("schedule", "delegation", "announcement", "projection")
              .map(HouseRule::isSeenByDeskOnly)
              .toList())),

  /**
   * A domain package is plain Java on the language. Avro itself is not of the language: an event's
   * schema, its encoding or a generic record has no place in a decision. What a generated class
   * inherits from Avro is not seen here, as long as the domain does not name it. Of the journal it
   * sees the words for deciding, with what is nested in them, and not how they are run.
   */
  DOMAIN_SEES_THE_LANGUAGE_ONLY(
      classes()
          .that()
          .resideInAPackage(Packages.DOMAIN)
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(
                      "java..",
                      "org.jspecify..",
                      Packages.DOMAIN,
                      "io.parley.schemas",
                      "io.parley.schemas.schedule..",
                      "io.parley.schemas.delegation..",
                      "io.parley.schemas.announcement..",
                      "io.parley.schemas.temporal..")
                  .or(Packages.wordsOfTheJournal()))),

  /** Architecture 4: time, ids and author come in with the command. */
  DOMAIN_IS_PURE(
      CompositeArchRule.of(
              noClasses()
                  .that()
                  .resideInAPackage(Packages.DOMAIN)
                  .should()
                  .accessTargetWhere(Impure.act()))
          .and(
              noClasses()
                  .that()
                  .resideInAPackage(Packages.DOMAIN)
                  .should()
                  .dependOnClassesThat(Impure.type()))),

  /** A name that says nothing becomes a place for everything. */
  NAMES_SAY_SOMETHING(
      noClasses()
          .should()
          .haveNameMatching(
              "(.*[.$])?(\\w*(Utils?|Helpers?|Manager|Common|Base|Impl)|Abstract[A-Z]\\w*)")
          .orShould()
          .resideInAnyPackage("..util..", "..utils..", "..common..", "..helper..", "..impl..")),

  /**
   * Packages of a module in one direction. Each package is a slice by itself, a package and the one
   * inside it too, so that a module's root is not a way round.
   */
  NO_PACKAGE_CYCLES(slices().assignedFrom(Packages.each()).should().beFreeOfCycles());

  // A rule does not change; ArchUnit only does not say so.
  @SuppressWarnings("ImmutableEnumChecker")
  private final ArchRule rule;

  HouseRule(ArchRule rule) {
    this.rule = rule;
  }

  ArchRule rule() {
    return rule;
  }

  /** A module sees itself, what others made, and of ours only these packages. */
  private static ArchRule seesOfOurs(String module, String... packages) {
    String itself = "io.parley." + module + "..";
    DescribedPredicate<JavaClass> allowed =
        resideInAPackage(itself).or(resideInAnyPackage(packages));
    return noClasses()
        .that()
        .resideInAPackage(itself)
        .should()
        .dependOnClassesThat(
            resideInAPackage("io.parley..")
                .and(not(allowed))
                .as("are ours beside %s and %s", itself, List.of(packages)));
  }

  private static ArchRule isSeenByDeskOnly(String service) {
    String itself = "io.parley." + service + "..";
    return noClasses()
        .that()
        .resideOutsideOfPackages(itself, "io.parley.desk..", "io.parley.image..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(itself);
  }

  /** Beside the enum, whose constants are made before its own constants could be. */
  private static final class Packages {
    static final String DOMAIN = "io.parley.*.domain..";

    private static final Pattern WORDS =
        Pattern.compile(
            "io\\.parley\\.journal\\.(Decision|Decider|References|Replica|Service)(\\$.*)?");

    static DescribedPredicate<JavaClass> wordsOfTheJournal() {
      return DescribedPredicate.describe(
          "the journal's words for deciding", type -> WORDS.matcher(type.getName()).matches());
    }

    static SliceAssignment each() {
      return new SliceAssignment() {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
          return type.getPackageName().startsWith("io.parley.")
              ? SliceIdentifier.of(type.getPackageName())
              : SliceIdentifier.ignore();
        }

        @Override
        public String getDescription() {
          return "packages";
        }
      };
    }
  }
}

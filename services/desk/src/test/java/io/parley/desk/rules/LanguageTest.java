package io.parley.desk.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page of the rules names what exists, and all of the rules. */
class LanguageTest {
  private static final int RULES = 32;
  private static final String NONE = "—";
  private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();
  private static final Path PAGE = ROOT.resolve("docs/language.md");

  /** {@code | number | words | code | tests |}. */
  private static final Pattern ROW =
      Pattern.compile("\\| (\\d+) \\| ([^|]+) \\| ([^|]+) \\| ([^|]+) \\|");

  private static final Pattern LINK = Pattern.compile("\\[([A-Za-z0-9_.]+)]\\((\\.\\./[^)]+)\\)");

  private static final Pattern DECISION =
      Pattern.compile("\\b[Aa]rchitecture (\\d+)|\\bADR (\\d+)");

  private static final Pattern ANNOTATION =
      Pattern.compile("@(Test|ParameterizedTest|RepeatedTest|Property)\\b");

  /** A row of the page. */
  private record Rule(int number, String code, String tests) {}

  @Test
  void everyRuleHasARow() throws IOException {
    assertThat(rules(Files.readString(PAGE)).stream().map(Rule::number))
        .containsExactlyElementsOf(IntStream.rangeClosed(1, RULES).boxed().toList());
  }

  @Test
  void everyClassAndEveryTestThatIsNamedExists() throws IOException {
    assertThat(faults(Files.readString(PAGE))).isEmpty();
  }

  @Test
  void everyRuleHasATestThatIsNamedAfterIt() throws IOException {
    assertThat(rules(Files.readString(PAGE))).allMatch(LanguageTest::namedAfter);
    String row = "| 2 | words | somewhere | [Any.%s](../any/Any.java) |";
    assertThat(rules(row.formatted("rule2_so"))).allMatch(LanguageTest::namedAfter);
    assertThat(rules(row.formatted("rule1_andRule2_so"))).allMatch(LanguageTest::namedAfter);
    assertThat(rules(row.formatted("rule22_so"))).noneMatch(LanguageTest::namedAfter);
    assertThat(rules(row.formatted("so"))).noneMatch(LanguageTest::namedAfter);
  }

  @Test
  void aRuleThatHasATestNamedAfterItSaysSo() throws IOException {
    List<String> sources = new ArrayList<>();
    for (Path module : List.of(ROOT.resolve("schemas"), ROOT.resolve("services"))) {
      try (Stream<Path> files = Files.walk(module)) {
        for (Path file : files.filter(each -> isTest(each.toString())).toList()) {
          sources.add(Files.readString(file));
        }
      }
    }
    assertThat(sources).hasSizeGreaterThan(50);
    for (Rule rule : rules(Files.readString(PAGE))) {
      if (rule.tests().equals(NONE)) {
        assertThat(sources)
            .as("tests named after rule %d, which has none on %s", rule.number(), PAGE)
            .noneMatch(source -> source.contains(" rule" + rule.number() + "_"));
      }
    }
  }

  /** {@code architecture 5}, or an ADR's number, as code, settings and pages name them. */
  @Test
  void everyDecisionThatIsNamedIsWrittenDown() throws IOException {
    String decisions = Files.readString(ROOT.resolve("docs/architecture.md"));
    Set<String> records = new TreeSet<>();
    try (Stream<Path> files = Files.list(ROOT.resolve("docs/adr"))) {
      files.forEach(file -> records.add(file.getFileName().toString().substring(0, 4)));
    }
    List<String> missing = new ArrayList<>();
    int named = 0;
    for (String folder : List.of("docs", "schemas", "services", "k8s", "benchmarks")) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(folder))) {
        for (Path file : files.filter(LanguageTest::isSource).toList()) {
          Matcher matcher = DECISION.matcher(Files.readString(file));
          while (matcher.find()) {
            named++;
            boolean there =
                matcher.group(1) != null
                    ? decisions.contains("\n" + matcher.group(1) + ". **")
                    : records.contains("%04d".formatted(Integer.parseInt(matcher.group(2))));
            if (!there) {
              missing.add(file + ": " + matcher.group());
            }
          }
        }
      }
    }
    assertThat(named).isGreaterThan(50);
    assertThat(missing).isEmpty();
  }

  private static boolean isSource(Path file) {
    String path = file.toString();
    return !path.contains("/target/")
        && Stream.of(".java", ".md", ".yaml", ".env").anyMatch(path::endsWith);
  }

  private static boolean isTest(String file) {
    return file.contains("/src/test/") && file.endsWith(".java");
  }

  @Test
  void whatDoesNotExistIsFound() {
    String test = "../services/desk/src/test/java/io/parley/desk/rules/LanguageTest.java";
    String row = "| 1 | words | [LanguageTest](%s) | [%s](%s) |";
    assertThat(faults(row.formatted(test, "LanguageTest.everyRuleHasARow", test))).isEmpty();
    assertThat(faults(row.formatted(test, "LanguageTest.everyRule", test))).hasSize(1);
    assertThat(faults(row.formatted(test, "Language.everyRuleHasARow", test))).hasSize(1);
    assertThat(faults(row.formatted(test, "LanguageTest.check", test))).hasSize(1);
    assertThat(faults(row.formatted("../gone/LanguageTest.java", "LanguageTest.check", test)))
        .hasSize(2);
    assertThat(faults("| 1 | words | somewhere | %s |".formatted(NONE))).hasSize(1);
  }

  private static List<Rule> rules(String page) {
    return ROW.matcher(page)
        .results()
        .map(row -> new Rule(Integer.parseInt(row.group(1)), row.group(3), row.group(4)))
        .toList();
  }

  private static List<String> faults(String page) {
    List<String> faults = new ArrayList<>();
    for (Rule rule : rules(page)) {
      check(rule, rule.code(), faults, LanguageTest::declares);
      check(rule, rule.tests(), faults, LanguageTest::hasTest);
    }
    return faults;
  }

  /** Whether one of its tests says in its name whose it is: the one to look at when it fails. */
  private static boolean namedAfter(Rule rule) {
    return Pattern.compile("\\.(\\w+_and)?[rR]ule" + rule.number() + "_")
        .matcher(rule.tests())
        .find();
  }

  /** Whether the source of what is named has it. */
  private interface Naming {
    boolean isIn(String name, String source);
  }

  private static void check(Rule rule, String cell, List<String> faults, Naming naming) {
    Matcher link = LINK.matcher(cell);
    int found = 0;
    for (; link.find(); found++) {
      String name = link.group(1);
      Path file = ROOT.resolve("docs").resolve(link.group(2)).normalize();
      String type = name.split("\\.", 2)[0];
      if (!file.getFileName().toString().equals(type + ".java") || !Files.isRegularFile(file)) {
        faults.add("rule %d: there is no %s".formatted(rule.number(), file));
      } else if (!naming.isIn(name, read(file))) {
        faults.add("rule %d: %s is not in %s".formatted(rule.number(), name, file));
      }
    }
    if (found == 0 && !cell.equals(NONE)) {
      faults.add("rule %d: no link in '%s'".formatted(rule.number(), cell));
    }
  }

  private static boolean declares(String type, String source) {
    return Pattern.compile("\\b(class|record|interface|enum) " + type + "\\b")
        .matcher(source)
        .find();
  }

  /** Whether what stands before the method, back to the empty line, makes a test of it. */
  private static boolean hasTest(String name, String source) {
    int method = source.indexOf(" void " + name.substring(name.indexOf('.') + 1) + "(");
    return method >= 0
        && ANNOTATION.matcher(source.substring(source.lastIndexOf("\n\n", method), method)).find();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }
}

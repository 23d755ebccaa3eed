package io.parley.desk.rules;

import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.doctree.LiteralTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.ToolProvider;

/**
 * Writes {@code docs/configuration.md} from the sources of the {@code @ConfigurationProperties}
 * records: names, types and defaults as they are declared, meanings and ranges as their javadoc
 * says.
 */
final class ConfigurationReference {
  /** Where the generated page is, seen from the root. */
  static final String PAGE = "docs/configuration.md";

  /** What rewrites the page. */
  static final String COMMAND =
      "mvn -pl services/desk -am test -Dtest=ConfigurationReferenceTest"
          + " -Dsurefire.failIfNoSpecifiedTests=false -Dparley.rewrite=true";

  // ", 1 to 5,000", ", shorter than the timeout" and the like, up to the next clause.
  private static final Pattern RANGE =
      Pattern.compile(", ((?:\\d[\\d,]*(?: s)? to|at least|at most|shorter than) [^;]+?)(?=;|$)");
  private static final Pattern CAMEL = Pattern.compile("([a-z])([A-Z])");

  private final Path root;

  ConfigurationReference(Path root) {
    this.root = root;
  }

  /**
   * One setting.
   *
   * @param name as it stands in a file or an argument, with hyphens
   * @param type as it is declared
   * @param value its default; empty where it has none
   * @param range as the javadoc says; empty where any value will do
   */
  record Setting(String name, String type, String value, String meaning, String range) {}

  /** Settings under one prefix. */
  record Group(String prefix, String meaning, List<Setting> settings) {}

  /** Every group of every module, sorted by prefix. */
  List<Group> groups() throws IOException {
    List<Path> sources;
    try (Stream<Path> files = Files.walk(root.resolve("services"))) {
      sources =
          files
              .filter(file -> file.toString().endsWith(".java"))
              .filter(file -> file.toString().contains("/src/main/java/"))
              .filter(ConfigurationReference::hasProperties)
              .sorted()
              .toList();
    }
    List<Group> groups = new ArrayList<>();
    for (Path source : sources) {
      groups.addAll(new Parsed(source).groups());
    }
    groups.sort(Comparator.comparing(Group::prefix));
    return groups;
  }

  /** The page. */
  String page() throws IOException {
    StringBuilder page =
        new StringBuilder(
            """
            # Configuration

            <!-- Generated from the properties records. To rewrite it:
                 %s -->

            A setting is given as an argument (`--parley.commands.timeout=5s`), in `application.yml`, or in the
            environment, in capitals, with `_` for each dot and without hyphens (`PARLEY_COMMANDS_SENDTIMEOUT=4s`). A value out of range stops
            the start and is named. `./parley up` sets the addresses, the directories and the keys itself.

            Durations are `10s`, `500ms`, `24h`. Spring Boot's own settings hold too: `server.address`, `server.port`,
            `management.server.port`, and for the projection `spring.r2dbc.url`, `.username`, `.password`.
            """
                .formatted(COMMAND));
    for (Group group : groups()) {
      page.append("\n## `%s`\n\n%s\n\n".formatted(group.prefix, group.meaning));
      page.append("| name | type | default | range | what it means |\n");
      page.append("| --- | --- | --- | --- | --- |\n");
      for (Setting each : group.settings) {
        page.append(
            "| `%s.%s` | %s | %s | %s | %s |\n"
                .formatted(
                    group.prefix,
                    each.name,
                    each.type,
                    each.value.isEmpty() ? "none" : "`" + each.value + "`",
                    each.range,
                    each.meaning));
      }
    }
    return page.toString();
  }

  private static boolean hasProperties(Path file) {
    try {
      return Files.readString(file).contains("@ConfigurationProperties(");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One source file, as the compiler reads it; nothing is resolved. */
  private static final class Parsed {
    private final CompilationUnitTree unit;
    private final DocTrees docs;
    private final Map<String, ClassTree> records = new HashMap<>();

    Parsed(Path source) throws IOException {
      var compiler = ToolProvider.getSystemJavaCompiler();
      try (var files = compiler.getStandardFileManager(null, null, null)) {
        JavacTask task =
            (JavacTask)
                compiler.getTask(
                    null, files, null, List.of(), null, files.getJavaFileObjects(source));
        unit = task.parse().iterator().next();
        docs = DocTrees.instance(task);
      }
      unit.getTypeDecls().forEach(this::collect);
    }

    private void collect(Tree tree) {
      if (tree instanceof ClassTree type) {
        if (type.getKind() == Tree.Kind.RECORD) {
          records.put(type.getSimpleName().toString(), type);
        }
        type.getMembers().forEach(this::collect);
      }
    }

    List<Group> groups() {
      List<Group> groups = new ArrayList<>();
      for (ClassTree type : records.values()) {
        annotation(type.getModifiers().getAnnotations(), "ConfigurationProperties")
            .ifPresent(prefix -> add(groups, prefix, type));
      }
      return groups;
    }

    private void add(List<Group> groups, String prefix, ClassTree type) {
      Map<String, String> meanings = meanings(type);
      List<Setting> settings = new ArrayList<>();
      for (VariableTree component : components(type)) {
        String name = component.getName().toString();
        String hyphened = CAMEL.matcher(name).replaceAll("$1-$2").toLowerCase(Locale.ROOT);
        ClassTree nested = records.get(component.getType().toString());
        if (nested != null) {
          add(groups, prefix + "." + hyphened, nested);
        } else {
          settings.add(setting(hyphened, component, meanings.getOrDefault(name, "")));
        }
      }
      if (!settings.isEmpty()) {
        groups.add(
            new Group(
                prefix, text(docs.getDocCommentTree(path(type)).getFirstSentence()), settings));
      }
    }

    private static Setting setting(String name, VariableTree component, String said) {
      Matcher range = RANGE.matcher(said);
      boolean ranged = range.find();
      String type = component.getType().toString();
      return new Setting(
          name,
          // A page would take what is in angle brackets for a tag.
          type.startsWith("@DefaultValue Map") || type.startsWith("Map<")
              ? "map"
              : type.substring(type.lastIndexOf(' ') + 1).replace("<", " of ").replace(">", ""),
          annotation(component.getModifiers().getAnnotations(), "DefaultValue").orElse(""),
          ranged ? said.substring(0, range.start()) + said.substring(range.end()) : said,
          ranged ? range.group(1) : "");
    }

    /** A record's components: its fields that are not static. */
    private static List<VariableTree> components(ClassTree type) {
      return type.getMembers().stream()
          .filter(VariableTree.class::isInstance)
          .map(VariableTree.class::cast)
          .filter(field -> !field.getModifiers().getFlags().contains(Modifier.STATIC))
          .toList();
    }

    private Map<String, String> meanings(ClassTree type) {
      return docs.getDocCommentTree(path(type)).getBlockTags().stream()
          .filter(ParamTree.class::isInstance)
          .map(ParamTree.class::cast)
          .collect(
              Collectors.toMap(
                  param -> param.getName().getName().toString(),
                  param -> text(param.getDescription())));
    }

    private TreePath path(ClassTree type) {
      return docs.getPath(unit, type);
    }

    private static Optional<String> annotation(
        List<? extends AnnotationTree> annotations, String name) {
      return annotations.stream()
          .filter(each -> each.getAnnotationType().toString().equals(name))
          .findFirst()
          .flatMap(each -> each.getArguments().stream().findFirst())
          .map(Parsed::literal);
    }

    private static String literal(ExpressionTree argument) {
      ExpressionTree value =
          argument instanceof AssignmentTree named ? named.getExpression() : argument;
      return String.valueOf(((com.sun.source.tree.LiteralTree) value).getValue());
    }

    private static String text(List<? extends DocTree> parts) {
      return parts.stream()
          .map(
              part ->
                  switch (part) {
                    case LiteralTree code -> "`" + code.getBody() + "`";
                    case LinkTree link -> "`" + link.getReference() + "`";
                    default -> part.toString();
                  })
          .collect(Collectors.joining())
          .replaceAll("\\s+", " ")
          .strip();
    }
  }
}

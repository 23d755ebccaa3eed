package io.parley.desk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The tables of {@code docs/security.md}, as the running application was seen to answer. */
final class SecurityPage {
  private static final Path PAGE =
      Path.of("..", "..", "docs", "security.md").toAbsolutePath().normalize();
  private static final String COMMAND =
      "mvn -pl services/desk -am test -Dtest=LockedDoorsTest"
          + " -Dsurefire.failIfNoSpecifiedTests=false -Dparley.rewrite=true";

  private SecurityPage() {}

  /**
   * Asserts that the table between the marks of this name says what was seen; rewrites it where
   * {@code parley.rewrite} asks for that.
   *
   * @param seen what each row has in each column
   */
  static void says(String name, String what, Map<String, Map<String, String>> seen)
      throws IOException {
    Set<String> columns = seen.values().iterator().next().keySet();
    String table =
        row(what, columns)
            + row("---", columns.stream().map(column -> "---").toList())
            + seen.entrySet().stream()
                .map(each -> row("`" + each.getKey() + "`", each.getValue().values()))
                .collect(Collectors.joining());
    String begin = "<!-- " + name + ": written by LockedDoorsTest -->\n";
    String end = "<!-- end of " + name + " -->\n";
    String page = Files.readString(PAGE);
    assertThat(page).contains(List.of(begin, end));
    String before = page.substring(0, page.indexOf(begin) + begin.length());
    String after = page.substring(page.indexOf(end));
    if (Boolean.getBoolean("parley.rewrite")) {
      Files.writeString(PAGE, before + table + after);
    }
    assertThat(PAGE)
        .as("%s does not say what is so; rewrite it with%n%s", PAGE, COMMAND)
        .hasContent(before + table + after);
  }

  private static String row(String first, Iterable<String> cells) {
    return "| " + first + " | " + String.join(" | ", cells) + " |\n";
  }
}

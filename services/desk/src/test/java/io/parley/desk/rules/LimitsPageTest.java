package io.parley.desk.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.desk.rules.ConfigurationReference.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The limits that {@code docs/security.md} names are those that hold. */
class LimitsPageTest {
  private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();

  /** {@code `parley.a.b` (10,000)}. */
  private static final Pattern LIMIT = Pattern.compile("`(parley\\.[a-z.-]+)` \\(([^)]+)\\)");

  @Test
  void eachLimitIsTheDefaultOfItsSetting() throws IOException {
    Map<String, String> defaults = new HashMap<>();
    for (var group : new ConfigurationReference(ROOT).groups()) {
      for (Setting setting : group.settings()) {
        defaults.put(group.prefix() + "." + setting.name(), setting.value());
      }
    }
    List<MatchResult> named =
        LIMIT.matcher(Files.readString(ROOT.resolve("docs/security.md"))).results().toList();
    assertThat(named).hasSizeGreaterThan(15);
    assertThat(named)
        .allSatisfy(
            limit ->
                assertThat(limit.group(2).replaceAll("(?<=\\d),(?=\\d{3})| ", ""))
                    .as(limit.group(1))
                    .isEqualTo(defaults.get(limit.group(1))));
  }

  @Test
  void everyRateAndEverySettingOfTokensIsNamed() throws IOException {
    String page = Files.readString(ROOT.resolve("docs/security.md"));
    for (var group : new ConfigurationReference(ROOT).groups()) {
      if (group.prefix().equals("parley.rates") || group.prefix().equals("parley.security")) {
        for (Setting setting : group.settings()) {
          assertThat(page).contains(group.prefix() + "." + setting.name());
        }
      }
    }
  }
}

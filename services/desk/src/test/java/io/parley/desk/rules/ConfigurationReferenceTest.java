package io.parley.desk.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.parley.desk.rules.ConfigurationReference.Group;
import io.parley.desk.rules.ConfigurationReference.Setting;
import io.parley.journal.reading.ParleyProperties;
import io.parley.journal.reading.ProxyProperties;
import io.parley.journal.reading.RateProperties;
import io.parley.projection.ProjectionProperties;
import io.parley.projection.audit.AuditProperties;
import io.parley.projection.stream.StreamProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** The page says what the records say, and the records do what their javadoc says. */
class ConfigurationReferenceTest {
  private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();
  private static final Map<String, Class<?>> RECORDS =
      Map.of(
          "parley",
          ParleyProperties.class,
          "parley.proxies",
          ProxyProperties.class,
          "parley.rates",
          RateProperties.class,
          "parley.projection",
          ProjectionProperties.class,
          "parley.stream",
          StreamProperties.class,
          "parley.audit",
          AuditProperties.class);
  private static final Pattern NUMBERS = Pattern.compile("(\\d[\\d,]*)( s)? to (\\d[\\d,]*)( s)?");

  @Test
  void thePageIsAsGenerated() throws IOException {
    Path page = ROOT.resolve(ConfigurationReference.PAGE);
    String generated = new ConfigurationReference(ROOT).page();
    if (Boolean.getBoolean("parley.rewrite")) {
      Files.writeString(page, generated);
    }
    assertThat(page)
        .as("%s is out of date; rewrite it with%n%s", page, ConfigurationReference.COMMAND)
        .hasContent(generated);
  }

  @Test
  void anotherDefaultMakesAnotherPage(@TempDir Path copy) throws IOException {
    String before = new ConfigurationReference(ROOT).page();
    for (String source :
        List.of(
            "services/image/src/main/java/io/parley/image/SetupProperties.java",
            "services/journal/src/main/java/io/parley/journal/reading/ParleyProperties.java",
            "services/journal/src/main/java/io/parley/journal/reading/ProxyProperties.java",
            "services/journal/src/main/java/io/parley/journal/reading/RateProperties.java",
            "services/projection/src/main/java/io/parley/projection/ProjectionProperties.java",
            "services/projection/src/main/java/io/parley/projection/audit/AuditProperties.java",
            "services/projection/src/main/java/io/parley/projection/stream/StreamProperties.java")) {
      Files.createDirectories(copy.resolve(source).getParent());
      Files.copy(ROOT.resolve(source), copy.resolve(source));
    }
    assertThat(new ConfigurationReference(copy).page()).isEqualTo(before);
    Path changed =
        copy.resolve("services/projection/src/main/java/io/parley/projection")
            .resolve("ProjectionProperties.java");
    String source = Files.readString(changed);
    Files.writeString(changed, source.replace("@DefaultValue(\"1000\")", "@DefaultValue(\"999\")"));
    assertThat(new ConfigurationReference(copy).page())
        .isEqualTo(
            before.replace(
                "`parley.projection.batch-events` | int | `1000`",
                "`parley.projection.batch-events` | int | `999`"))
        .isNotEqualTo(before);
  }

  @Test
  void everySettingIsExplained() throws IOException {
    List<Setting> settings =
        new ConfigurationReference(ROOT)
            .groups().stream().flatMap(group -> group.settings().stream()).toList();
    assertThat(settings).hasSizeGreaterThan(15);
    assertThat(settings).allSatisfy(each -> assertThat(each.meaning()).isNotBlank());
  }

  @Test
  void theDefaultsAreInRange() {
    RECORDS.forEach((prefix, type) -> bind(prefix, type, Map.of()));
  }

  /**
   * The bounds of each range that the page names in numbers are the bounds that the record holds.
   */
  @ParameterizedTest
  @MethodSource("bounds")
  void theRangeIsTheOneThatIsHeld(
      String prefix,
      Class<?> type,
      String name,
      Map<String, String> beside,
      String within,
      String outside) {
    Map<String, String> good = new HashMap<>(beside);
    good.put(name, within);
    bind(prefix, type, good);
    Map<String, String> bad = new HashMap<>(beside);
    bad.put(name, outside);
    assertThatThrownBy(() -> bind(prefix, type, bad))
        .isInstanceOf(BindException.class)
        .rootCause()
        .hasMessageContaining(name);
  }

  static Stream<Arguments> bounds() throws IOException {
    return new ConfigurationReference(ROOT)
        .groups().stream()
            .flatMap(group -> group.settings().stream().flatMap(each -> bounds(group, each)));
  }

  private static Stream<Arguments> bounds(Group group, Setting setting) {
    Matcher matcher = NUMBERS.matcher(setting.range());
    if (!matcher.matches()) {
      return Stream.empty();
    }
    long least = number(matcher.group(1));
    long most = number(matcher.group(3));
    String unit = matcher.group(4) == null ? "" : "s";
    // The longest prefix that is a record's own.
    String prefix = RECORDS.containsKey(group.prefix()) ? group.prefix() : "parley";
    Class<?> type = RECORDS.get(prefix);
    String name = group.prefix() + "." + setting.name();
    // Two settings must be shorter than this one.
    Map<String, String> beside =
        name.equals("parley.commands.timeout")
            ? Map.of("parley.commands.send-timeout", "1ms", "parley.commands.parked-for", "1ms")
            : Map.of();
    return Stream.of(
        arguments(prefix, type, name, beside, least + unit, (least - 1) + unit),
        arguments(prefix, type, name, beside, most + unit, (most + 1) + unit));
  }

  private static long number(String text) {
    return Long.parseLong(text.replace(",", ""));
  }

  private static void bind(String prefix, Class<?> type, Map<String, String> settings) {
    new Binder(new MapConfigurationPropertySource(settings)).bindOrCreate(prefix, type);
  }
}

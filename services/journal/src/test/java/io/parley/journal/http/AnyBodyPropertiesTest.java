package io.parley.journal.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.journal.reading.Problem;
import io.parley.schemas.Command;
import io.parley.schemas.delegation.Delegation;
import io.parley.schemas.schedule.Schedule;
import io.parley.schemas.wire.Wire;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.avro.Schema;

/** Whatever comes in, it is a command that can be written, or a problem: never anything else. */
class AnyBodyPropertiesTest {
  private static final List<String> NAMES =
      Stream.concat(Schedule.COMMAND_SCHEMAS.stream(), Delegation.COMMAND_SCHEMAS.stream())
          .flatMap(schema -> schema.getFields().stream())
          .map(Schema.Field::name)
          .collect(
              Collectors.collectingAndThen(
                  Collectors.toCollection(java.util.TreeSet::new),
                  names -> {
                    names.addAll(
                        List.of("id", "edtf", "zone", "chain", "occurred", "source", "url"));
                    return List.copyOf(names);
                  }));

  @Property(tries = 2000, edgeCases = EdgeCasesMode.NONE)
  void anyBytes(@ForAll byte[] body) {
    attempt(CommandReaderTest.SCHEDULE, body);
  }

  @Property(tries = 2000, edgeCases = EdgeCasesMode.NONE)
  void anyText(@ForAll String body) {
    attempt(CommandReaderTest.SCHEDULE, CommandReaderTest.bytes(body));
  }

  @Property(tries = 4000, edgeCases = EdgeCasesMode.NONE)
  void anyJsonOfAScheduleCommand(@ForAll("schedule") String body) {
    attempt(CommandReaderTest.SCHEDULE, CommandReaderTest.bytes(body));
  }

  @Property(tries = 4000, edgeCases = EdgeCasesMode.NONE)
  void anyJsonOfADelegationCommand(@ForAll("delegation") String body) {
    attempt(CommandReaderTest.DELEGATION, CommandReaderTest.bytes(body));
  }

  @Property(tries = 4000, edgeCases = EdgeCasesMode.NONE)
  void anyTextIsOfAFormatOrToldWhatIsWrong(
      @ForAll("formats") String format, @ForAll("texts") String text) {
    String fault = Formats.fault(format, text);
    assertThat(fault == null || !fault.isBlank()).isTrue();
  }

  @Provide
  Arbitrary<String> schedule() {
    return command(Schedule.COMMAND_SCHEMAS);
  }

  @Provide
  Arbitrary<String> delegation() {
    return command(Delegation.COMMAND_SCHEMAS);
  }

  @Provide
  Arbitrary<String> formats() {
    return Arbitraries.of(
        "slug",
        "scope",
        "subject",
        "reference",
        "field",
        "zone",
        "url",
        "language",
        "instant",
        "edtf");
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.oneOf(
        Arbitraries.strings().ofMaxLength(40),
        Arbitraries.strings().withChars("0123456789-XT:~?%[]{}./,+Z ").ofMaxLength(25),
        Arbitraries.of(
            "2025-05-15",
            "Europe/Kyiv",
            "UTC+99",
            "https://a b",
            "http://[",
            "x-",
            "de-DE",
            "+1000000000-12-31T23:59:59.999999999Z",
            "[2025,2026]",
            "2022-21",
            "-9999999999"));
  }

  /** The right fields of a command, with values of any kind. */
  private Arbitrary<String> command(List<Schema> schemas) {
    return Arbitraries.of(schemas)
        .flatMap(
            schema -> {
              List<String> fields = schema.getFields().stream().map(Schema.Field::name).toList();
              return values(2)
                  .list()
                  .ofSize(fields.size())
                  .map(
                      values -> {
                        StringBuilder body = new StringBuilder("{\"type\":\"");
                        body.append(schema.getName()).append("\",\"negotiation\":\"n\"");
                        for (int i = 0; i < fields.size(); i++) {
                          if (!fields.get(i).equals("header")) {
                            body.append(",\"").append(fields.get(i)).append("\":");
                            body.append(values.get(i));
                          }
                        }
                        return body.append(",\"source\":{\"chain\":[{\"name\":\"A\",\"role\":")
                            .append("\"PUBLISHER\"}]}}")
                            .toString();
                      });
            });
  }

  private static Arbitrary<String> values(int depth) {
    Arbitrary<String> scalars =
        Arbitraries.of(
            "null",
            "true",
            "7",
            "-1",
            "1e400",
            "99999999999999999999",
            "0.5",
            "\"\"",
            "\"x\"",
            "\"istanbul\"",
            "\"2025-05-15\"",
            "\"PARTIAL\"",
            "\"HOST\"",
            "\"SCHEDULED\"",
            "\"DIRECT\"",
            "\"SESSION\"",
            "\"talks\"",
            "\"meeting:m\"",
            "\"MEMBER\"",
            "\"\\ud800\"",
            "\"\\u0000\"",
            "\"Europe/Kyiv\"",
            "[]",
            "{}");
    if (depth == 0) {
      return scalars;
    }
    Arbitrary<String> inner = values(depth - 1);
    Arbitrary<String> lists =
        inner.list().ofMaxSize(3).map(items -> "[" + String.join(",", items) + "]");
    Arbitrary<String> objects =
        Combinators.combine(Arbitraries.of(NAMES), inner, Arbitraries.of(NAMES), inner)
            .as((a, x, b, y) -> "{\"" + a + "\":" + x + ",\"" + b + "\":" + y + "}");
    return Arbitraries.frequencyOf(
        net.jqwik.api.Tuple.of(4, scalars),
        net.jqwik.api.Tuple.of(1, lists),
        net.jqwik.api.Tuple.of(2, objects));
  }

  private static void attempt(CommandReader reader, byte[] body) {
    Command command;
    try {
      command =
          reader.read(
              reader.parse(body),
              new CommandReader.Wishes(null, null, null),
              new CommandReader.Sender("anna", List.of()),
              java.time.Instant.EPOCH,
              java.util.Set.of());
    } catch (Problem problem) {
      assertThat(problem.status().value()).isEqualTo(400);
      assertThat(problem.getMessage()).isNotBlank();
      return;
    }
    assertThat(command.aggregate()).matches("[a-z-]+:.+");
    assertThat(Wire.decode(Wire.encode(command))).isEqualTo(command);
  }
}

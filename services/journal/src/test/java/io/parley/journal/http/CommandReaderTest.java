package io.parley.journal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.parley.journal.Service;
import io.parley.journal.http.CommandReader.Sender;
import io.parley.journal.http.CommandReader.Wishes;
import io.parley.journal.reading.Problem;
import io.parley.schemas.Command;
import io.parley.schemas.CommandHeader;
import io.parley.schemas.PlaceKind;
import io.parley.schemas.delegation.Capacity;
import io.parley.schemas.delegation.ComposeDelegation;
import io.parley.schemas.delegation.Delegation;
import io.parley.schemas.schedule.AddParty;
import io.parley.schemas.schedule.ConveneNegotiation;
import io.parley.schemas.schedule.RecordLeg;
import io.parley.schemas.schedule.Schedule;
import io.parley.schemas.wire.Wire;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A body is read as the schema says, and everything that is wrong with it is named. */
class CommandReaderTest {
  static final CommandReader SCHEDULE =
      new CommandReader(Service.named("schedule", 1, Schedule.COMMAND_SCHEMAS).build());
  static final CommandReader DELEGATION =
      new CommandReader(Service.named("delegation", 1, Delegation.COMMAND_SCHEMAS).build());

  private static final String ADD =
      "{\"type\":\"AddParty\",\"negotiation\":\"n\",\"party\":\"ua\",\"name\":\"Ukraine\","
          + "\"role\":\"PRINCIPAL\"}";
  private static final String SOURCE =
      "\"source\":{\"chain\":[{\"name\":\"AA\",\"role\":\"PUBLISHER\"}]}";

  @Test
  void aWholeCommandIsRead() {
    AddParty add = (AddParty) read(SCHEDULE, ADD);
    CommandHeader header = add.header();
    assertThat(add.party()).isEqualTo("ua");
    assertThat(header.author()).isEqualTo("anna");
    assertThat(header.keyed()).isFalse();
    assertThat(header.id()).matches("schedule\\.n\\.[0-9a-f]{32}");
    assertThat(Wire.decode(Wire.encode(add))).isEqualTo(add);
  }

  @Test
  void aFieldThatDoesNotExistIsNamed() {
    assertThat(faults(SCHEDULE, ADD.replace("\"name\"", "\"nmae\":1,\"name\"")))
        .containsExactly(new Problem.Fault("/nmae", "there is no such field in AddParty"));
    assertThat(faults(SCHEDULE, ADD.replace("\"name\"", "\"a/b~c\":1,\"name\"")))
        .extracting(Problem.Fault::pointer)
        .containsExactly("/a~1b~0c");
    assertThat(faults(SCHEDULE, ADD.replace("\"name\"", "\"header\":{},\"name\"")))
        .extracting(Problem.Fault::pointer)
        .containsExactly("/header");
  }

  @Test
  void everyMissingFieldIsNamedAtOnce() {
    assertThat(faults(SCHEDULE, "{\"type\":\"AddParty\",\"party\":null}"))
        .extracting(Problem.Fault::pointer)
        .containsExactlyInAnyOrder("/negotiation", "/party", "/name", "/role");
    assertThat(faults(SCHEDULE, "{\"type\":\"Nothing\"}").getFirst().detail())
        .contains("AddParty", "ConveneNegotiation");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"name\":\"Ukraine\" | \"name\":7 | /name | must be a string",
        "\"name\":\"Ukraine\" | \"name\":\"  \" | /name | is empty",
        "\"role\":\"PRINCIPAL\" | \"role\":\"KING\" | /role | must be one of PRINCIPAL",
        "\"role\":\"PRINCIPAL\" | \"role\":\"UNRECOGNIZED\" | /role | must be one of PRINCIPAL",
        "\"role\":\"PRINCIPAL\" | \"role\":[] | /role | must be one of PRINCIPAL",
        "\"party\":\"ua\" | \"party\":\"Ua\" | /party | 'Ua': an id is",
        "\"party\":\"ua\" | \"party\":\"-a\" | /party | '-a': an id is",
        "\"party\":\"ua\" | \"party\":{} | /party | must be a string",
        "\"negotiation\":\"n\" | \"negotiation\":\"N\" | /negotiation | an id is",
        "\"negotiation\":\"n\" | \"negotiation\":5 | /negotiation | is missing",
        "\"name\":\"Ukraine\" | \"name\":\"a\\u0000b\" | /name | U+0000",
        "\"name\":\"Ukraine\" | \"name\":\"a\\ud800b\" | /name | half of a surrogate pair",
        "\"name\":\"Ukraine\" | \"name\":\"a\\udc00\" | /name | half of a surrogate pair",
        "\"name\":\"Ukraine\" | \"name\":\"a\",\"occurred\":\"today\" | /occurred | must be an object",
        "\"name\":\"Ukraine\" | \"name\":\"a\",\"occurred\":{\"edtf\":\"tuesday\"} | /occurred/edtf | 'tuesday'",
        "\"name\":\"Ukraine\" | \"name\":\"a\",\"source\":{\"chain\":[]} | /source/chain | has 0 items"
      })
  void aWrongValueIsNamedWithItsPlace(String from, String to, String pointer, String detail) {
    List<Problem.Fault> faults = faults(SCHEDULE, ADD.replace(from, to));
    assertThat(faults).hasSize(1);
    assertThat(faults.getFirst().pointer()).isEqualTo(pointer);
    assertThat(faults.getFirst().detail()).contains(detail);
  }

  @Test
  void aLimitIsToldWithTheValueThatPassesIt() {
    String long301 = "x".repeat(301);
    assertThat(faults(SCHEDULE, ADD.replace("Ukraine", long301)))
        .containsExactly(new Problem.Fault("/name", "has 301 characters, at most 300"));
    assertThat(read(SCHEDULE, ADD.replace("Ukraine", "x".repeat(300)))).isNotNull();
    assertThat(read(SCHEDULE, ADD.replace("\"ua\"", '"' + "a".repeat(63) + '"'))).isNotNull();
    assertThat(faults(SCHEDULE, ADD.replace("\"ua\"", '"' + "a".repeat(64) + '"'))).hasSize(1);
    String party = "{\"party\":\"p\",\"name\":\"P\",\"role\":\"HOST\"}";
    String many = String.join(",", java.util.Collections.nCopies(201, party));
    assertThat(
            faults(
                SCHEDULE,
                "{\"type\":\"ConveneNegotiation\",\"negotiation\":\"n\",\"title\":\"T\",\"parties\":["
                    + many
                    + "]}"))
        .containsExactly(new Problem.Fault("/parties", "has 201 items, it must be 1 to 200"));
  }

  @Test
  void aFactNamesItsSourceAnEditorialActNeedNot() {
    String leg =
        "{\"type\":\"RecordLeg\",\"negotiation\":\"n\",\"leg\":\"l\",\"person\":\"p\",\"to\":\"istanbul\","
            + "\"status\":\"SCHEDULED\"}";
    assertThat(faults(SCHEDULE, leg)).extracting(Problem.Fault::pointer).containsExactly("/source");
  }

  @Test
  void personsPlacesAndMembersMayBeBareIds() {
    String leg =
        "{\"type\":\"RecordLeg\",\"negotiation\":\"n\",\"leg\":\"l\",\"person\":\"p\","
            + "\"from\":{\"id\":\"kyiv\",\"name\":\"Kyiv\"},\"to\":\"istanbul\",\"status\":\"SCHEDULED\","
            + SOURCE
            + "}";
    RecordLeg read = (RecordLeg) read(SCHEDULE, leg);
    assertThat(read.person().id()).isEqualTo("p");
    assertThat(read.person().name()).isNull();
    assertThat(read.to().id()).isEqualTo("istanbul");
    assertThat(read.to().kind()).isEqualTo(PlaceKind.CITY);
    assertThat(faults(SCHEDULE, leg.replace("\"person\":\"p\"", "\"person\":\"P P\"")))
        .extracting(Problem.Fault::pointer)
        .containsExactly("/person");

    String compose =
        "{\"type\":\"ComposeDelegation\",\"negotiation\":\"n\",\"party\":\"ua\",\"roster\":\"PARTIAL\","
            + "\"members\":[\"a\",{\"id\":\"b\",\"name\":\"B\"},"
            + "{\"person\":\"c\",\"capacity\":\"EXPERT\"}],"
            + SOURCE
            + "}";
    var members = ((ComposeDelegation) read(DELEGATION, compose)).members();
    assertThat(members).extracting(m -> m.person().id()).containsExactly("a", "b", "c");
    assertThat(members)
        .extracting(m -> m.capacity())
        .containsExactly(Capacity.MEMBER, Capacity.MEMBER, Capacity.EXPERT);
  }

  @Test
  void anAliasMayBeABareTitle() {
    String convene =
        "{\"type\":\"ConveneNegotiation\",\"negotiation\":\"n\",\"title\":\"T\","
            + "\"parties\":[{\"party\":\"p\",\"name\":\"P\",\"role\":\"HOST\"}],\"aliases\":[\"Other\"]}";
    var aliases = ((ConveneNegotiation) read(SCHEDULE, convene)).aliases();
    assertThat(aliases.getFirst().names()).containsExactly("Other");
  }

  @Test
  void brokenJsonIsToldWithLineAndColumn() {
    assertThat(unreadable("{\"type\":\n  \"AddParty\",,}")).contains("at line 2, column ");
    assertThat(unreadable("{\"a\":1,\"a\":2}")).containsIgnoringCase("duplicate");
    assertThat(unreadable("[".repeat(60))).contains("depth");
    assertThat(unreadable("{\"a\":".repeat(51) + "1" + "}".repeat(51))).contains("depth");
    assertThat(unreadable("{} {}")).contains("line 1");
    assertThat(unreadable("\u0000")).contains("line 1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "[]", "7", "null", "\"text\"", "true"})
  void whatIsNoObjectIsNoCommand(String body) {
    assertThat(unreadable(body)).isNotBlank();
  }

  @Test
  void nestedPlacesEndSomewhere() {
    String place = "\"x\"";
    for (int i = 0; i < 12; i++) {
      place = "{\"id\":\"x\",\"within\":" + place + "}";
    }
    String leg =
        "{\"type\":\"RecordLeg\",\"negotiation\":\"n\",\"leg\":\"l\",\"person\":\"p\",\"to\":"
            + place
            + ",\"status\":\"SCHEDULED\","
            + SOURCE
            + "}";
    assertThat(faults(SCHEDULE, leg).getFirst().detail()).isEqualTo("is nested more than 8 deep");
  }

  @Test
  void theDigestIsOfTheMeaningAndNotOfTheBytes() {
    String reordered =
        "{ \"role\" : \"PRINCIPAL\",\n \"name\":\"Ukr\\u0061ine\", \"party\":\"ua\",\"negotiation\":\"n\","
            + "\"type\":\"AddParty\" }";
    assertThat(digest(reordered)).isEqualTo(digest(ADD));
    assertThat(digest(ADD.replace("Ukraine", "Ukraina"))).isNotEqualTo(digest(ADD));
    assertThat(digest(ADD.replace("PRINCIPAL", "HOST"))).isNotEqualTo(digest(ADD));
    String two = ADD.replace("}", ",\"occurred\":{\"edtf\":\"2025\",\"zone\":\"UTC\"}}");
    String owt = ADD.replace("}", ",\"occurred\":{\"zone\":\"UTC\",\"edtf\":\"2025\"}}");
    assertThat(digest(two)).isEqualTo(digest(owt)).isNotEqualTo(digest(ADD));
    assertThat(
            header(ADD.replace("}", ",\"key\":\"k\"}"), null, Set.of("key", "ifMatch", "after"))
                .bodyDigest())
        .as("in a stream, the key is no part of the body")
        .isEqualTo(digest(ADD));
  }

  @Test
  void aKeyMakesTheSameIdForTheSameSubjectAndNegotiationAlone() {
    String first = header(ADD, "k", Set.of()).id();
    assertThat(header(ADD.replace("Ukraine", "other"), "k", Set.of()).id()).isEqualTo(first);
    assertThat(header(ADD, "l", Set.of()).id()).isNotEqualTo(first);
    assertThat(header(ADD.replace("\"n\"", "\"m\""), "k", Set.of()).id()).isNotEqualTo(first);
    assertThat(header(ADD, null, Set.of()).id()).isNotEqualTo(header(ADD, null, Set.of()).id());
    Command others =
        SCHEDULE.read(
            SCHEDULE.parse(bytes(ADD)),
            new Wishes("k", null, null),
            new Sender("boris", List.of()),
            Instant.EPOCH,
            Set.of());
    assertThat(others.header().id()).isNotEqualTo(first);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "x", "schedule/n/negotiation:n@0", "schedule/other/negotiation:other@1", ",,"})
  void aTokenThatCannotBeWaitedForIsRefused(String after) {
    Problem problem =
        catchThrowableOfType(
            Problem.class,
            () ->
                SCHEDULE.read(
                    SCHEDULE.parse(bytes(ADD)),
                    new Wishes(null, null, after),
                    new Sender("anna", List.of()),
                    Instant.EPOCH,
                    Set.of()));
    assertThat(problem.status().value()).isEqualTo(400);
  }

  static Command read(CommandReader reader, String body) {
    return reader.read(
        reader.parse(bytes(body)),
        new Wishes(null, null, null),
        new Sender("anna", List.of("editor")),
        Instant.EPOCH,
        Set.of());
  }

  static byte[] bytes(String body) {
    return body.getBytes(StandardCharsets.UTF_8);
  }

  private static CommandHeader header(
      String body, @org.jspecify.annotations.Nullable String key, Set<String> beside) {
    return SCHEDULE
        .read(
            SCHEDULE.parse(bytes(body)),
            new Wishes(key, null, null),
            new Sender("anna", List.of()),
            Instant.EPOCH,
            beside)
        .header();
  }

  private static java.nio.ByteBuffer digest(String body) {
    return header(body, null, Set.of()).bodyDigest();
  }

  @SuppressWarnings("unchecked")
  private static List<Problem.Fault> faults(CommandReader reader, String body) {
    Problem problem = catchThrowableOfType(Problem.class, () -> read(reader, body));
    assertThat(problem).as(body).isNotNull();
    assertThat(problem.code()).isEqualTo("INVALID_REQUEST");
    return (List<Problem.Fault>) java.util.Objects.requireNonNull(problem.body("t").get("errors"));
  }

  private static String unreadable(String body) {
    Problem problem = catchThrowableOfType(Problem.class, () -> SCHEDULE.parse(bytes(body)));
    assertThat(problem).as(body).isNotNull();
    assertThat(problem.code()).isEqualTo("UNREADABLE");
    return String.valueOf(problem.getMessage());
  }
}

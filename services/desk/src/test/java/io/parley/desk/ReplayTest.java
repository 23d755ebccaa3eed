package io.parley.desk;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.desk.CommandLine.Said;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** {@code ./parley replay}: a history as it was recorded, with the board as of each step. */
@ExtendWith(SharedDesk.Given.class)
@Timeout(300)
class ReplayTest {
  private static final String N = SharedDesk.N;

  private final SharedDesk shared;

  ReplayTest(SharedDesk shared) {
    this.shared = shared;
  }

  @Test
  void itPrintsEachEventInTheOrderOfTheRecord() throws Exception {
    JsonNode record = shared.process().audit("/api/audit/negotiations/" + N).json();
    List<Long> sequences =
        replay("--json", "true").out().lines().map(ReplayTest::sequence).toList();
    assertThat(sequences)
        .containsExactlyElementsOf(
            LongStream.rangeClosed(1, record.get("length").asLong()).boxed().toList());
    // Its gaps, divided by so much that nobody waits.
    assertThat(replay("--speed", "1000000").out()).isEqualTo(replay().out());
  }

  /**
   * As slow as that its gaps take two seconds together; how much longer it may take nobody knows.
   */
  @Test
  void itKeepsTheGapsAtTheSpeedThatIsAskedFor() {
    List<JsonNode> entries = shared.timeline();
    Instant first = Instant.parse(entries.getFirst().get("recordedAt").asString());
    Instant last = Instant.parse(entries.getLast().get("recordedAt").asString());
    long gaps = Duration.between(first, last).toMillis();
    // A speed of less than a hundredth is refused.
    assertThat(gaps).as("milliseconds in which the example was recorded").isGreaterThan(20);
    String speed = BigDecimal.valueOf(gaps / 2, 3).toPlainString();
    long begun = System.nanoTime();
    Said said = replay("--until", last.toString(), "--speed", speed);
    assertThat(Duration.ofNanos(System.nanoTime() - begun))
        .as("%d ms at speed %s", gaps, speed)
        .isGreaterThanOrEqualTo(Duration.ofSeconds(2));
    assertThat(said.out().lines()).hasSizeGreaterThanOrEqualTo(entries.size());
  }

  @Test
  void itEndsWhereItIsToldTo() {
    String until = shared.timeline().get(9).get("recordedAt").asString();
    List<Long> before =
        sequences(
            shared.timeline().stream()
                .filter(entry -> entry.get("recordedAt").asString().compareTo(until) <= 0)
                .toList());
    assertThat(replay("--until", until, "--json", "true").out().lines().map(ReplayTest::sequence))
        .containsExactlyElementsOf(before);
  }

  @Test
  void itShowsTheBoardAsOfEachStep() throws Exception {
    String until = shared.timeline().get(4).get("recordedAt").asString();
    List<String> lines = replay("--until", until).out().lines().toList();
    assertThat(lines).hasSizeGreaterThanOrEqualTo(5);
    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < lines.size(); i++) {
      expected.append(lines.get(i)).append('\n').append(board(i + 1));
    }
    assertThat(board(1)).isNotEqualTo(board(5));
    assertThat(replay("--until", until, "--board", "true").out()).isEqualTo(expected.toString());
  }

  @Test
  void ofWhatNobodyRecordedItSaysSo() {
    Said none = call(List.of("replay", "nobody-knows"));
    assertThat(none.status()).isEqualTo(1);
    assertThat(none.errors()).isNotEmpty();
    assertThat(call(List.of("replay", N, "--until", "yesterday")).status()).isEqualTo(1);
    assertThat(call(List.of("replay")).status()).isEqualTo(2);
  }

  private Said replay(String... options) {
    List<String> arguments = new ArrayList<>(List.of("replay", N));
    arguments.addAll(List.of(options));
    Said said = call(arguments);
    assertThat(said.status()).as(said.errors()).isZero();
    return said;
  }

  private Said call(List<String> call) {
    List<String> arguments = new ArrayList<>(call);
    arguments.addAll(List.of("--data", shared.process().data().toString()));
    return CommandLine.call(arguments.toArray(new String[0]));
  }

  private String board(long sequence) throws Exception {
    Arguments desk =
        Arguments.parse(
            List.of("--data", shared.process().data().toString()), java.util.Set.of("data"));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new Board(
            Origin.of(desk, "reader"),
            Origin.of(desk, "auditor"),
            N,
            String.valueOf(sequence),
            new String[0])
        .print(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static long sequence(String event) {
    return Origin.JSON.readTree(event).get("sequence").asLong();
  }

  private static List<Long> sequences(List<JsonNode> entries) {
    return entries.stream().map(entry -> entry.get("sequence").asLong()).toList();
  }
}

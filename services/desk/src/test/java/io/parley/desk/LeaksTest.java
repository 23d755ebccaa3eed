package io.parley.desk;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What looks for leaks finds those that it is fed with. */
class LeaksTest {
  private static final String SECRET = "xyzzyquux";
  private static final Leaks LEAKS = new Leaks(List.of(SECRET));
  private static final String QUIET =
      """
      # HELP parley_commands_total commands that were not accepted
      # TYPE parley_commands_total counter
      parley_commands_total{outcome="refused",service="announcement"} 1.0
      parley_projection_position 3.0
      jvm_threads_live_threads 40.0
      http_server_requests_seconds_count{outcome="SUCCESS"} 5
      """;

  @ParameterizedTest
  @ValueSource(strings = {"key", "value", "header", "name of a header"})
  void findsASecretAnywhereInARecord(String place) {
    assertThat(LEAKS.in(record(""))).isEmpty();
    var leaking = record(place);
    assertThat(LEAKS.in(leaking)).containsExactly("open.events 7 has " + SECRET);
  }

  @Test
  void everyTopicIsOpenButTheRestrictedOnes() {
    assertThat(
            List.of(
                "announcement.events",
                "parley.timeline",
                "parley-timeline-heads-changelog",
                "__consumer_offsets",
                "anything.else",
                "announcement.restricted.events.copy"))
        .allMatch(Leaks::isOpen);
    assertThat(
            List.of(
                "announcement.restricted.events",
                "delegation.commands",
                "schedule.replies",
                "parley.audit",
                "parley-announcement-states-v3-changelog"))
        .noneMatch(Leaks::isOpen);
  }

  @Test
  void findsASecretInALogAndNoneWhereThereIsNone() {
    assertThat(LEAKS.in("log", "12:00 INFO all is well\n")).isEmpty();
    assertThat(LEAKS.in("log", "12:00 INFO released " + SECRET + "\n"))
        .containsExactly("log has " + SECRET);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "parley_commands_total{outcome=\"accepted\",service=\"announcement\"} 1.0",
        "kafka_producer_record_send_total{topic=\"announcement.restricted.events\"} 1.0",
        "http_server_requests_seconds_count{status=\"201\",uri=\"/api/announcement/commands\"} 1",
        "logback_events_total{level=\"warn\"} 1.0",
        "spring_security_authorizations_seconds_count{spring_security_object=\"exchange\"} 1"
      })
  void findsASeriesThatIsNew(String line) {
    assertThat(Leaks.inMetrics(QUIET, QUIET)).isEmpty();
    assertThat(Leaks.inMetrics(QUIET, QUIET + line + "\n")).hasSize(1);
  }

  @Test
  void findsANumberThatChanged() {
    assertThat(Leaks.inMetrics(QUIET, QUIET.replace("position 3.0", "position 4.0")))
        .containsExactly("parley_projection_position: 3.0 became 4.0");
    assertThat(Leaks.inMetrics(QUIET, QUIET.replace("announcement\"} 1.0", "announcement\"} 2.0")))
        .hasSize(1);
    assertThat(Leaks.inMetrics(QUIET, QUIET.replace("40.0", "41.0").replace("} 5", "} 6")))
        .as("what the process does for whatever reason")
        .isEmpty();
  }

  @Test
  void findsAnAnswerThatDiffersInAnything() {
    Map<String, String> before = Map.of("/a", "404 {} not found", "/b", "200 {etag=[x]} []");
    assertThat(Leaks.differences(before, Map.copyOf(before))).isEmpty();
    for (String after : List.of("403 {} not found", "404 {etag=[x]} not found", "404 {} none")) {
      assertThat(Leaks.differences(before, Map.of("/a", after, "/b", "200 {etag=[x]} []")))
          .containsExactly("/a: 404 {} not found became " + after);
    }
  }

  private static ConsumerRecord<byte[], byte[]> record(String place) {
    var record =
        new ConsumerRecord<>(
            "open.events",
            0,
            7,
            bytes(place.equals("key") ? SECRET : "key"),
            bytes(place.equals("value") ? "a " + SECRET + " text" : "value"));
    record
        .headers()
        .add(
            place.equals("name of a header") ? SECRET : "ce_subject",
            bytes(place.equals("header") ? SECRET : "announcement:a"));
    return record;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

package io.parley.desk;

import static io.parley.desk.SharedDesk.BASE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * No label of a metric grows with what is recorded or asked: after traffic of all kinds every value
 * is of a set that is known beforehand, and more traffic makes no more series.
 */
@ExtendWith(SharedDesk.Given.class)
@Timeout(300)
class MetricLabelsTest {
  private static final Pattern SERIES = Pattern.compile("([a-z_0-9]+)(?:\\{(.*)})? [^ ]+");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

  /** Our own and those of requests: each label, and every value that it can have. */
  private static final Map<String, Set<String>> OURS =
      Map.of(
          "service", Set.of("schedule", "delegation", "announcement", "timeline"),
          "outcome",
              Set.of(
                  // Of commands.
                  "refused",
                  "forbidden",
                  "version_mismatch",
                  "key_reused",
                  "unknown_reference",
                  "not_yet_known",
                  "overloaded",
                  "failed",
                  "not_sent",
                  "no_answer",
                  // Of requests.
                  "SUCCESS",
                  "REDIRECTION",
                  "CLIENT_ERROR",
                  "SERVER_ERROR",
                  "UNKNOWN"),
          "state", Set.of("running", "retrying", "stopped"),
          "verdict", Set.of("verified", "differs", "failed"),
          "reason",
              Set.of(
                  "done",
                  "gone",
                  "age",
                  "slow",
                  "stalled",
                  "failed",
                  "stopped",
                  "another_log",
                  "connections",
                  "address",
                  "classes",
                  "budget"),
          "view",
              Set.of(
                  "announcements",
                  "attendance",
                  "claims",
                  "conditions",
                  "delegations",
                  "drafts",
                  "legs",
                  "meetings",
                  "names",
                  "negotiations",
                  "people",
                  "places",
                  "proposals",
                  "rounds",
                  "stays"));

  /** Of the libraries: their values are parts of the process, such as its memory pools. */
  private static final Set<String> OF_THE_PROCESS =
      Set.of(
          "action",
          "area",
          "cause",
          "compiler",
          "exception",
          "gc",
          "id",
          "level",
          "main_application_class",
          "name",
          "path",
          "pool",
          "result",
          "runtime",
          "state",
          "vendor",
          "version");

  private final DeskProcess desk;

  MetricLabelsTest(SharedDesk shared) {
    this.desk = shared.process();
  }

  @Test
  void everyValueIsOfAKnownSet() throws Exception {
    traffic("first");
    String scrape = scrape();
    assertThat(scrape).contains("parley_commands_total{", "http_server_requests_seconds_count{");
    for (Map.Entry<String, Map<String, String>> series : series(scrape).entrySet()) {
      boolean ours = series.getKey().matches("(parley|http)_.*");
      series
          .getValue()
          .forEach(
              (label, value) -> {
                if (ours) {
                  assertThat(OURS).as(series.getKey()).containsKey(label);
                  assertThat(OURS.getOrDefault(label, Set.of()))
                      .as("%s of %s", label, series.getKey())
                      .contains(value);
                } else {
                  assertThat(OF_THE_PROCESS).as(series.getKey()).contains(label);
                }
              });
    }
    assertThat(scrape).doesNotContain("istanbul", "/api/", "first");
    traffic("second");
    assertThat(ours(scrape())).isEqualTo(ours(scrape));
  }

  /** No exporter is configured: nothing is traced, and no record of a topic says anything of it. */
  @Test
  void withoutAnExporterNoRecordHasATrace() throws Exception {
    var records =
        Leaks.records(
            desk.broker(),
            Set.of("schedule.commands", "schedule.replies", "schedule.events", "parley.timeline"));
    assertThat(records).hasSizeGreaterThan(50);
    assertThat(records)
        .allSatisfy(
            record ->
                assertThat(record.headers().lastHeader("traceparent")).as("%s", record).isNull());
  }

  private void traffic(String word) throws IOException {
    for (String path :
        List.of(
            BASE,
            BASE + "/attendance?scope=city:" + word,
            "/api/negotiations/" + word,
            "/" + word,
            "/api/search?q=" + word)) {
      desk.get(path, "traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    }
    desk.ask("PATCH", "/api/negotiations/" + word);
    desk.post("schedule", "{\"type\":\"" + word + "\"}");
    desk.post(
        "schedule",
        """
        {"type":"OpenMeeting","negotiation":"%s","meeting":"%s"}"""
            .formatted(word, word));
  }

  private String scrape() throws Exception {
    return desk.get("/actuator/prometheus", "Authorization", "Bearer " + desk.token("operator"))
        .body();
  }

  private static Set<String> ours(String scrape) {
    return series(scrape).keySet().stream()
        .filter(name -> name.matches("(parley|http)_.*"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Each series by its name and labels. */
  private static Map<String, Map<String, String>> series(String scrape) {
    return scrape
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(SERIES::matcher)
        .filter(Matcher::matches)
        .collect(
            Collectors.toMap(
                line -> line.group(1) + "{" + line.group(2) + "}",
                line -> line.group(2) == null ? Map.of() : labels(line.group(2))));
  }

  private static Map<String, String> labels(String text) {
    return LABEL
        .matcher(text)
        .results()
        .collect(Collectors.toMap(label -> label.group(1), label -> label.group(2)));
  }
}

package io.parley.projection;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.journal.reading.Token;
import io.parley.projection.projector.Entry;
import io.parley.projection.projector.Fencing;
import io.parley.schemas.EventHeader;
import io.parley.schemas.schedule.NegotiationConvened;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

/** Only one of two projectors writes a batch, also where both have folded it (architecture 6). */
class FenceTest {
  @Test
  void ofTwoThatFoldedTheSameBatchOneWrites() throws Exception {
    try (ConfigurableApplicationContext service =
        Ground.service("fenced", Map.of("parley.projection.project", "false"))) {
      for (int round = 0; round < 20; round++) {
        String negotiation = "fenced-" + round;
        List<Entry> entries = List.of(entry(negotiation, round));
        Fencing one = Fencing.of(service);
        Fencing two = Fencing.of(service);
        one.fold(entries);
        two.fold(entries);
        long from = round;
        List<Boolean> written =
            Stream.of(one, two)
                .map(each -> CompletableFuture.supplyAsync(() -> each.write(0, from, from + 1)))
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();
        assertThat(written).containsExactlyInAnyOrder(true, false);
        assertThat(Rows.all("fenced", negotiation)).hasSize(6);
      }
      assertThat(Rows.query("select position from fenced.positions")).containsExactly("20");
    }
  }

  @Test
  void twoServicesAtOnceApplyEachEntryOnce() throws Exception {
    Map<String, String> settings =
        Map.of("parley.projection.batch-events", "5", "parley.projection.wait-at-most", "20s");
    try (Recorder recorder = new Recorder("shared");
        ConfigurableApplicationContext first = Ground.service("shared", settings)) {
      ProjectorTest.await(first, ProjectorTest.history(recorder, 40));
      Token last;
      try (ConfigurableApplicationContext second = Ground.service("shared", settings)) {
        Token middle = recorder.settle("announcement", Facts.announced("m", "x", "Middle"));
        ProjectorTest.await(second, middle);
        last = recorder.settle("announcement", Facts.announced("n", "x", "Last"));
      }
      ProjectorTest.await(first, last);
      assertThat(
              Rows.query(
                  "select count(*) || ' ' || max(sequence) from shared.timeline"
                      + " where negotiation = 'shared'"))
          .containsExactly("43 43");
    }
  }

  private static Entry entry(String negotiation, long offset) {
    NegotiationConvened event = Facts.convened("Fenced");
    EventHeader header = new EventHeader();
    header.id(negotiation);
    header.negotiation(negotiation);
    header.author("somebody");
    event.header(header);
    return new Entry(
        0,
        offset,
        1,
        Recorder.BEGINNING,
        negotiation,
        "schedule",
        "NegotiationConvened",
        "negotiation:" + negotiation,
        1,
        "00",
        "01",
        event);
  }
}

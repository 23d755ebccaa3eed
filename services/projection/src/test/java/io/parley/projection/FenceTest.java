package io.parley.projection;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.journal.reading.Token;
import io.parley.projection.projector.Entry;
import io.parley.projection.projector.Fencing;
import io.parley.schemas.Event;
import io.parley.schemas.EventHeader;
import java.nio.ByteBuffer;
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

  @Test
  void aBatchThatPassedOverAHaltedViewIsNotWrittenOnceThatGoesOn() throws Exception {
    try (ConfigurableApplicationContext service =
        Ground.service("fencedhalts", Map.of("parley.projection.project", "false"))) {
      Fencing one = Fencing.of(service);
      Fencing two = Fencing.of(service);
      String n = "halted";
      one.fold(
          List.of(entry(n, 0), entry(n, 1, 2, "meeting:m", Facts.rescheduled("m", "2025-05-16"))));
      assertThat(one.write(0, 0, 2)).isTrue();
      String halts =
          "select view || ' ' || sequence || ' ' || record_offset from fencedhalts.halted";
      assertThat(Rows.query(halts)).containsExactly("meetings 2 1");
      List<Entry> next = List.of(entry(n, 2, 3, "meeting:o", Facts.meeting("o", "2025-05-16")));
      one.fold(next);
      // Whoever is behind the position, or the halted view is at it no more, catches up with
      // nothing.
      assertThat(two.catchUp(0, 1, 2)).isFalse();
      assertThat(two.catchUp(0, 2, 1)).isFalse();
      assertThat(Rows.query(halts)).hasSize(1);
      assertThat(two.catchUp(0, 2, 2)).isTrue();
      assertThat(Rows.query(halts)).isEmpty();
      assertThat(one.write(0, 2, 3)).isFalse();
      assertThat(Rows.query("select position from fencedhalts.positions")).containsExactly("2");
      two.fold(next);
      assertThat(two.write(0, 2, 3)).isTrue();
      assertThat(Rows.query("select id from fencedhalts.meetings")).containsExactly("o");
    }
  }

  @Test
  void whatWasFoldedFromTheTablesOfBeforeIsNotWrittenIntoOthers() throws Exception {
    try (ConfigurableApplicationContext service =
        Ground.service("fencedbuilds", Map.of("parley.projection.project", "false"))) {
      Fencing one = Fencing.of(service);
      String n = "built-anew";
      one.fold(
          List.of(entry(n, 0), entry(n, 1, 2, "meeting:m", Facts.rescheduled("m", "2025-05-16"))));
      assertThat(one.write(0, 0, 2)).isTrue();
      // As a rebuild leaves it: other tables of the same names, with the same positions.
      Rows.change(
          "alter table fencedbuilds.positions rename to before;"
              + "create table fencedbuilds.positions (like fencedbuilds.before including all);"
              + "insert into fencedbuilds.positions select * from fencedbuilds.before");
      one.fold(List.of(entry(n, 2, 3, "meeting:o", Facts.meeting("o", "2025-05-16"))));
      assertThat(one.write(0, 2, 3)).isFalse();
      assertThat(one.catchUp(0, 2, 2)).isFalse();
      Fencing two = Fencing.of(service);
      assertThat(two.catchUp(0, 2, 2)).isTrue();
      two.fold(List.of(entry(n, 2, 3, "meeting:o", Facts.meeting("o", "2025-05-16"))));
      assertThat(two.write(0, 2, 3)).isTrue();
    }
  }

  private static Entry entry(String negotiation, long offset) {
    return entry(negotiation, offset, 1, "negotiation:" + negotiation, Facts.convened("Fenced"));
  }

  private static Entry entry(
      String negotiation, long offset, long sequence, String aggregate, Event event) {
    EventHeader header = new EventHeader();
    header.id(negotiation + sequence);
    header.negotiation(negotiation);
    header.author("somebody");
    event.header(header);
    return new Entry(
        0,
        offset,
        sequence,
        Recorder.BEGINNING,
        negotiation,
        event.service(),
        event.type(),
        aggregate,
        1,
        "0" + (sequence - 1),
        "0" + sequence,
        ByteBuffer.allocate(0),
        event);
  }
}

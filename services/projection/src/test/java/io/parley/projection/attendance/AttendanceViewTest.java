package io.parley.projection.attendance;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.projection.attendance.derivation.Fact.Stated;
import io.parley.projection.attendance.derivation.Presence;
import io.parley.projection.projector.Entry;
import io.parley.schemas.Event;
import io.parley.schemas.EventHeader;
import io.parley.schemas.Person;
import io.parley.schemas.Place;
import io.parley.schemas.PlaceKind;
import io.parley.schemas.Source;
import io.parley.schemas.SourceLink;
import io.parley.schemas.SourceRole;
import io.parley.schemas.TemporalValue;
import io.parley.schemas.delegation.AbsenceRecorded;
import io.parley.schemas.delegation.AttendanceStated;
import io.parley.schemas.delegation.AttendanceStatus;
import io.parley.schemas.delegation.PersonCheckedIn;
import io.parley.schemas.schedule.Format;
import io.parley.schemas.schedule.MeetingKind;
import io.parley.schemas.schedule.MeetingScheduled;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the fold keeps of what was said and seen, and which places lie in which. */
class AttendanceViewTest {
  private final AttendanceView view = new AttendanceView();
  private @Nullable Attendance item;
  private long sequence;

  @Test
  void rule28_aLaterStatementByTheSameSpeakerSupersedes() {
    says("Kremlin", AttendanceStatus.CONFIRMED, null);
    says("Kremlin", AttendanceStatus.DECLINED, null);
    assertThat(statuses()).containsExactly(AttendanceStatus.DECLINED);
  }

  @Test
  void rule28_whatAnotherSaysStandsBesideIt() {
    says("Kremlin", AttendanceStatus.CONFIRMED, null);
    says("Gazette", AttendanceStatus.DECLINED, null);
    assertThat(statuses()).containsExactly(AttendanceStatus.CONFIRMED, AttendanceStatus.DECLINED);
    Room room = Room.of(List.of(item()), List.of(), List.of(), List.of(), List.of());
    assertThat(room.derivation().disputed()).containsExactly(new Presence("putin", "talks"));
    // The newest does not win by being newest where another is the subject himself.
    says("putin", AttendanceStatus.WILLING, null);
    says("Gazette", AttendanceStatus.UNCLEAR, null);
    Room more = Room.of(List.of(item()), List.of(), List.of(), List.of(), List.of());
    assertThat(more.stated(new Presence("putin", "talks")))
        .extracting(Stated::status)
        .startsWith(AttendanceStatus.WILLING)
        .hasSize(3);
  }

  @Test
  void rule29_whatWasSaidEarlierAndIsRecordedLateSupersedesNothing() {
    says("Kremlin", AttendanceStatus.DECLINED, "2025-05-14");
    says("Kremlin", AttendanceStatus.CONFIRMED, "2025-05-12");
    assertThat(statuses()).containsExactly(AttendanceStatus.DECLINED);
    says("Kremlin", AttendanceStatus.CONFIRMED, "2025-05-15");
    assertThat(statuses()).containsExactly(AttendanceStatus.CONFIRMED);
  }

  @Test
  void rule15_theLastSightCounts() {
    Person putin = new Person().id("putin");
    fold(new PersonCheckedIn().person(putin).scope("talks"), null, null, "2025-05-16");
    assertThat(observed()).isTrue();
    fold(new AbsenceRecorded().person(putin).scope("talks"), null, null, "2025-05-15");
    assertThat(observed()).isTrue();
    fold(new AbsenceRecorded().person(putin).scope("talks"), null, null, "2025-05-17");
    assertThat(observed()).isFalse();
    assertThat(item().version()).isEqualTo(3);
  }

  @Test
  void rule10_containmentComesFromWithinAndFromTheMeetingsPlaceAndVenue() {
    Map<String, String> places = new TreeMap<>();
    PlaceView view = new PlaceView();
    Entry entry =
        entry(
            new MeetingScheduled()
                .meeting("opening")
                .title("Opening")
                .kind(MeetingKind.SESSION)
                .format(Format.DIRECT)
                // A bare id is of kind CITY, whatever it names.
                .place(new Place().id("istanbul").within(new Place().id("turkiye")))
                .venue(new Place().id("palace")),
            null,
            null,
            null);
    view.changed(entry).forEach(id -> places.put(id, view.evolve(id, null, entry).within()));
    assertThat(places)
        .isEqualTo(Map.of("city:istanbul", "country:turkiye", "venue:palace", "city:istanbul"));
    assertThat(Placement.scope(PlaceKind.UNRECOGNIZED, "moon")).isNull();
  }

  private Attendance item() {
    if (item == null) {
      throw new AssertionError("nothing was folded");
    }
    return item;
  }

  private boolean observed() {
    return item().observed() != null && item().observed().present();
  }

  private List<AttendanceStatus> statuses() {
    return item().stated().stream().map(Stated::status).toList();
  }

  private void says(String speaker, AttendanceStatus status, @Nullable String asserted) {
    fold(
        new AttendanceStated()
            .person(new Person().id("putin"))
            .party("ru")
            .scope("talks")
            .status(status),
        speaker,
        asserted,
        null);
  }

  private void fold(
      Event event, @Nullable String speaker, @Nullable String asserted, @Nullable String occurred) {
    Entry entry = entry(event, speaker, asserted, occurred);
    assertThat(view.changed(entry)).containsExactly("putin@talks");
    item = view.evolve("putin@talks", item, entry);
  }

  private Entry entry(
      Event event, @Nullable String speaker, @Nullable String asserted, @Nullable String occurred) {
    sequence++;
    EventHeader header = new EventHeader();
    header.asserted(date(asserted));
    header.occurred(date(occurred));
    if (speaker != null) {
      header.source(
          new Source()
              .chain(
                  List.of(
                      new SourceLink().name("Agency").role(SourceRole.PUBLISHER),
                      new SourceLink().name(speaker).role(SourceRole.SPEAKER))));
    }
    event.header(header);
    return new Entry(
        0,
        sequence,
        sequence,
        Instant.EPOCH,
        "n",
        "delegation",
        event.type(),
        event.aggregate(),
        sequence,
        "",
        "",
        ByteBuffer.allocate(0),
        event);
  }

  private static @Nullable TemporalValue date(@Nullable String edtf) {
    return edtf == null ? null : new TemporalValue().edtf(edtf);
  }
}

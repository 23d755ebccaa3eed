package io.parley.projection.announcements;

import static io.parley.projection.announcements.AnnouncementItem.Status.CORRECTED;
import static io.parley.projection.announcements.AnnouncementItem.Status.HELD;
import static io.parley.projection.announcements.AnnouncementItem.Status.PUBLISHED;
import static io.parley.projection.announcements.AnnouncementItem.Status.RETRACTED;

import io.parley.projection.announcements.AnnouncementItem.Status;
import io.parley.projection.announcements.AnnouncementItem.Withheld;
import io.parley.projection.projector.Column;
import io.parley.projection.projector.Entry;
import io.parley.projection.projector.View;
import io.parley.projection.shape.Cited;
import io.parley.projection.shape.Named;
import io.parley.projection.shape.Temporal;
import io.parley.schemas.announcement.Announcement.AnnouncementEvent;
import io.parley.schemas.announcement.AnnouncementCorrected;
import io.parley.schemas.announcement.AnnouncementHeld;
import io.parley.schemas.announcement.AnnouncementPublished;
import io.parley.schemas.announcement.AnnouncementReinstated;
import io.parley.schemas.announcement.AnnouncementRetracted;
import io.parley.schemas.announcement.EmbargoEnded;
import io.parley.schemas.announcement.EmbargoSet;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Announcements, by their id. */
@Component
public final class AnnouncementView implements View<AnnouncementItem> {
  @Override
  public String table() {
    return "announcements";
  }

  @Override
  public Class<AnnouncementItem> type() {
    return AnnouncementItem.class;
  }

  @Override
  public List<Column<AnnouncementItem>> columns() {
    return List.of(
        Column.text("kind", item -> item.kind().name()),
        Column.text("speaker", item -> item.speaker().id()),
        Column.text("party", AnnouncementItem::party),
        Column.texts("voices", AnnouncementView::voices),
        Column.texts("topics", AnnouncementItem::topics),
        Column.text("language", AnnouncementItem::language),
        Column.text("status", item -> item.status().name()),
        Column.texts("bases", AnnouncementItem::restsOn),
        Column.words(AnnouncementItem::text));
  }

  @Override
  public List<String> changed(Entry entry) {
    return entry.event() instanceof AnnouncementEvent ? List.of(entry.id()) : List.of();
  }

  @Override
  public AnnouncementItem evolve(String id, @Nullable AnnouncementItem item, Entry entry) {
    return switch ((AnnouncementEvent) entry.event()) {
      case AnnouncementPublished published -> published(published, entry);
      case AnnouncementHeld held -> standing(View.begun(item, entry), HELD, held.reason(), entry);
      case AnnouncementCorrected corrected -> corrected(View.begun(item, entry), corrected, entry);
      case AnnouncementRetracted retracted ->
          tombstone(View.begun(item, entry), retracted.reason(), entry);
      case AnnouncementReinstated reinstated ->
          standing(View.begun(item, entry), null, reinstated.reason(), entry);
      // These stand on the restricted record alone, which moves the embargo itself.
      case EmbargoSet set -> again(View.begun(item, entry), entry);
      case EmbargoEnded ended -> again(View.begun(item, entry), entry);
    };
  }

  private static AnnouncementItem again(AnnouncementItem before, Entry entry) {
    return standing(before, before.status(), before.note(), entry);
  }

  private static AnnouncementItem published(AnnouncementPublished event, Entry entry) {
    return new AnnouncementItem(
        event.announcement(),
        event.kind(),
        Named.of(event.speaker()),
        Named.ofNullable(event.onBehalfOf()),
        event.text(),
        event.language(),
        List.copyOf(event.topics()),
        event.inReplyTo(),
        List.copyOf(event.about()),
        Temporal.of(event.period()),
        PUBLISHED,
        entry.version(),
        null,
        entry.recordedAt(),
        entry.recordedAt(),
        Temporal.of(event.header().occurred()),
        Temporal.of(event.header().asserted()),
        entry.sequence(),
        entry.sequence(),
        Cited.of(event),
        null);
  }

  private static AnnouncementItem corrected(
      AnnouncementItem before, AnnouncementCorrected event, Entry entry) {
    return new AnnouncementItem(
        before.announcement(),
        before.kind(),
        event.speaker() == null ? before.speaker() : Named.of(event.speaker()),
        event.onBehalfOf() == null ? before.onBehalfOf() : Named.of(event.onBehalfOf()),
        event.text() == null ? before.text() : event.text(),
        event.language() == null ? before.language() : event.language(),
        event.topics() == null ? before.topics() : List.copyOf(event.topics()),
        before.inReplyTo(),
        event.about() == null ? before.about() : List.copyOf(event.about()),
        event.period() == null ? before.period() : Temporal.of(event.period()),
        CORRECTED,
        entry.version(),
        event.note(),
        before.published(),
        entry.recordedAt(),
        before.occurred(),
        before.asserted(),
        entry.sequence(),
        before.firstSequence(),
        Cited.of(event, before.source()),
        null);
  }

  private static AnnouncementItem tombstone(AnnouncementItem before, String reason, Entry entry) {
    Withheld kept = new Withheld(before.text(), before.about(), before.period(), unheld(before));
    return with(before, RETRACTED, reason, null, List.of(), null, kept, entry);
  }

  /** Another standing; none given: the one from before it was held or retracted. */
  private static AnnouncementItem standing(
      AnnouncementItem before, @Nullable Status status, @Nullable String note, Entry entry) {
    Withheld kept = before.withheld();
    if (kept == null) {
      Withheld held =
          status == HELD
              ? new Withheld(before.text(), before.about(), before.period(), before.status())
              : null;
      return with(
          before,
          status == null ? PUBLISHED : status,
          note,
          before.text(),
          before.about(),
          before.period(),
          held,
          entry);
    }
    if (status == null) {
      return with(
          before, kept.status(), note, kept.text(), kept.about(), kept.period(), null, entry);
    }
    return with(before, status, note, before.text(), before.about(), before.period(), kept, entry);
  }

  private static Status unheld(AnnouncementItem item) {
    Withheld kept = item.withheld();
    return kept == null ? item.status() : kept.status();
  }

  private static AnnouncementItem with(
      AnnouncementItem before,
      Status status,
      @Nullable String note,
      @Nullable String text,
      List<String> about,
      @Nullable Temporal period,
      @Nullable Withheld withheld,
      Entry entry) {
    return new AnnouncementItem(
        before.announcement(),
        before.kind(),
        before.speaker(),
        before.onBehalfOf(),
        text,
        before.language(),
        before.topics(),
        before.inReplyTo(),
        about,
        period,
        status,
        entry.version(),
        note,
        before.published(),
        entry.recordedAt(),
        before.occurred(),
        before.asserted(),
        entry.sequence(),
        before.firstSequence(),
        Cited.of(entry.event(), before.source()),
        withheld);
  }

  private static List<String> voices(AnnouncementItem item) {
    List<String> voices = new ArrayList<>();
    voices.add(item.speaker().id());
    if (item.onBehalfOf() != null) {
      voices.add(item.onBehalfOf().id());
    }
    return voices;
  }
}

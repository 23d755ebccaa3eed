package io.parley.projection.claims;

import io.parley.projection.projector.Column;
import io.parley.projection.projector.Entry;
import io.parley.projection.projector.View;
import io.parley.projection.shape.Cited;
import io.parley.projection.shape.Temporal;
import io.parley.schemas.announcement.Announcement.ClaimEvent;
import io.parley.schemas.announcement.ClaimContested;
import io.parley.schemas.announcement.ClaimCorroborated;
import io.parley.schemas.announcement.ClaimRanked;
import io.parley.schemas.announcement.ClaimRecorded;
import io.parley.schemas.announcement.Rank;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Claims, by their id. */
@Component
public final class ClaimView implements View<Claim> {
  @Override
  public String table() {
    return "claims";
  }

  @Override
  public Class<Claim> type() {
    return Claim.class;
  }

  @Override
  public List<Column<Claim>> columns() {
    return List.of(Column.text("contested", claim -> String.valueOf(claim.contested())));
  }

  @Override
  public List<String> changed(Entry entry) {
    return entry.event() instanceof ClaimEvent ? List.of(entry.id()) : List.of();
  }

  @Override
  public Claim evolve(String id, @Nullable Claim item, Entry entry) {
    return switch ((ClaimEvent) entry.event()) {
      case ClaimRecorded recorded -> recorded(recorded, entry);
      case ClaimCorroborated corroborated ->
          corroborated(
              View.begun(item, entry),
              Voice.of(corroborated.by(), corroborated.text(), entry),
              entry);
      case ClaimContested contested ->
          contested(
              View.begun(item, entry), Voice.of(contested.by(), contested.text(), entry), entry);
      case ClaimRanked ranked -> {
        Claim before = View.begun(item, entry);
        yield with(
            before,
            ranked.rank(),
            ranked.reason(),
            before.corroboratedBy(),
            before.contestedBy(),
            entry);
      }
    };
  }

  private static Claim recorded(ClaimRecorded event, Entry entry) {
    Cited source = Cited.of(event);
    return new Claim(
        event.claim(),
        event.kind(),
        event.text(),
        List.copyOf(event.about()),
        Rank.NORMAL,
        null,
        List.of(),
        List.of(),
        Temporal.of(event.header().occurred()),
        Temporal.of(event.header().asserted()),
        entry.sequence(),
        entry.version(),
        source,
        entry.sequence(),
        Origin.of(null, source));
  }

  /** The claim's own origin adds nothing, nor does one that has said so before (rule 27). */
  private static Claim corroborated(Claim before, Voice voice, Entry entry) {
    if (voice.outdated(before.contestedBy())) {
      return with(before, before.corroboratedBy(), before.contestedBy(), entry);
    }
    return with(
        before,
        voice.origin().is(before.origin())
            ? before.corroboratedBy()
            : voice.joining(before.corroboratedBy()),
        voice.remaining(before.contestedBy()),
        entry);
  }

  private static Claim contested(Claim before, Voice voice, Entry entry) {
    return voice.outdated(before.corroboratedBy())
        ? with(before, before.corroboratedBy(), before.contestedBy(), entry)
        : with(
            before,
            voice.remaining(before.corroboratedBy()),
            voice.joining(before.contestedBy()),
            entry);
  }

  private static Claim with(
      Claim before, List<Voice> corroboratedBy, List<Voice> contestedBy, Entry entry) {
    return with(before, before.rank(), before.rankReason(), corroboratedBy, contestedBy, entry);
  }

  /** The source stays: it is who claims it, and each voice has its own. */
  private static Claim with(
      Claim before,
      Rank rank,
      @Nullable String rankReason,
      List<Voice> corroboratedBy,
      List<Voice> contestedBy,
      Entry entry) {
    return new Claim(
        before.claim(),
        before.kind(),
        before.text(),
        before.about(),
        rank,
        rankReason,
        corroboratedBy,
        contestedBy,
        before.occurred(),
        before.asserted(),
        entry.sequence(),
        entry.version(),
        before.source(),
        before.firstSequence(),
        before.origin());
  }
}

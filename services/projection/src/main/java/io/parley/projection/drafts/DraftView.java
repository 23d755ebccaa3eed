package io.parley.projection.drafts;

import io.parley.projection.drafts.Draft.Clause;
import io.parley.projection.drafts.Draft.Stage;
import io.parley.projection.projector.Column;
import io.parley.projection.projector.Entry;
import io.parley.projection.projector.View;
import io.parley.projection.shape.Cited;
import io.parley.projection.shape.Temporal;
import io.parley.schemas.Qualifier;
import io.parley.schemas.TemporalValue;
import io.parley.schemas.announcement.AgreementRatified;
import io.parley.schemas.announcement.Announcement.DraftEvent;
import io.parley.schemas.announcement.DraftDisclosed;
import io.parley.schemas.announcement.DraftInitialled;
import io.parley.schemas.announcement.DraftRecorded;
import io.parley.schemas.announcement.DraftSigned;
import io.parley.schemas.announcement.Provision;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Texts, by the draft's id. Who must sign one that names no parties stands in the negotiation:
 * {@link DraftController} knows, the fold does not.
 */
@Component
public final class DraftView implements View<Draft> {
  @Override
  public String table() {
    return "drafts";
  }

  @Override
  public Class<Draft> type() {
    return Draft.class;
  }

  @Override
  public List<Column<Draft>> columns() {
    return List.of(
        Column.text("agreed", draft -> String.valueOf(isAgreed(draft))),
        Column.texts("parties", Draft::parties),
        Column.texts("signatures", Draft::signatures),
        Column.number("signed_sequence", Draft::signedSequence));
  }

  @Override
  public List<String> changed(Entry entry) {
    return entry.event() instanceof DraftEvent ? List.of(entry.id()) : List.of();
  }

  @Override
  public Draft evolve(String id, @Nullable Draft item, Entry entry) {
    return switch ((DraftEvent) entry.event()) {
      case DraftRecorded recorded -> recorded(recorded, entry);
      case DraftDisclosed disclosed -> {
        Draft before = View.begun(item, entry);
        yield with(
            before,
            before.initialled(),
            before.signatures(),
            before.ratifications(),
            before.disclosed() == null ? disclosed(disclosed, entry) : before.disclosed(),
            entry);
      }
      case DraftInitialled initialled -> {
        Draft before = View.begun(item, entry);
        yield with(
            before,
            plus(before.initialled(), initialled.party()),
            before.signatures(),
            before.ratifications(),
            before.disclosed(),
            entry);
      }
      case DraftSigned signed -> {
        Draft before = View.begun(item, entry);
        yield with(
            before,
            before.initialled(),
            plus(before.signatures(), signed.party()),
            before.ratifications(),
            before.disclosed(),
            entry);
      }
      case AgreementRatified ratified -> {
        Draft before = View.begun(item, entry);
        yield with(
            before,
            before.initialled(),
            before.signatures(),
            plus(before.ratifications(), ratified.party()),
            before.disclosed(),
            entry);
      }
    };
  }

  /** Whether it is an agreement, as far as the text alone tells (rule 24). */
  private static boolean isAgreed(Draft draft) {
    return draft.stage().compareTo(Stage.SIGNED) >= 0;
  }

  private static Draft recorded(DraftRecorded event, Entry entry) {
    return new Draft(
        event.draft(),
        event.title(),
        Stage.DRAFTED,
        Temporal.of(event.drafted()),
        List.copyOf(event.parties()),
        event.provisions().stream().map(DraftView::clause).toList(),
        List.of(),
        List.of(),
        List.of(),
        null,
        entry.sequence(),
        entry.version(),
        Cited.of(event),
        entry.sequence(),
        null);
  }

  private static Clause clause(Provision provision) {
    return new Clause(
        provision.provision(),
        provision.obligor(),
        List.copyOf(provision.beneficiaries()),
        List.copyOf(provision.guarantors()),
        provision.topic(),
        provision.text(),
        List.copyOf(provision.inExchangeFor()),
        provision.deferredTo());
  }

  private static @Nullable Temporal disclosed(DraftDisclosed event, Entry entry) {
    Temporal said = Temporal.of(event.header().occurred());
    if (said != null) {
      return said;
    }
    TemporalValue byThen = new TemporalValue();
    byThen.edtf("../" + entry.recordedAt().atOffset(ZoneOffset.UTC).toLocalDate());
    byThen.zone("UTC");
    byThen.qualifier(Qualifier.INFERRED);
    return Temporal.of(byThen);
  }

  private static Draft with(
      Draft before,
      List<String> initialled,
      List<String> signatures,
      List<String> ratifications,
      @Nullable Temporal disclosed,
      Entry entry) {
    boolean allSigned = !before.parties().isEmpty() && signatures.containsAll(before.parties());
    Stage stage =
        !ratifications.isEmpty()
            ? Stage.RATIFIED
            : allSigned
                ? Stage.SIGNED
                : !initialled.isEmpty()
                    ? Stage.INITIALLED
                    : disclosed == null ? Stage.DRAFTED : Stage.DISCLOSED;
    return new Draft(
        before.draft(),
        before.title(),
        stage,
        before.drafted(),
        before.parties(),
        before.provisions(),
        initialled,
        signatures,
        ratifications,
        disclosed,
        entry.sequence(),
        entry.version(),
        Cited.of(entry.event(), before.source()),
        before.firstSequence(),
        signatures.size() == before.signatures().size()
            ? before.signedSequence()
            : Long.valueOf(entry.sequence()));
  }

  private static List<String> plus(List<String> parties, String party) {
    return parties.contains(party)
        ? parties
        : Stream.concat(parties.stream(), Stream.of(party)).toList();
  }
}

package io.parley.announcement.domain;

import io.parley.journal.Decider;
import io.parley.journal.Decision;
import io.parley.journal.References;
import io.parley.schemas.FilterKeys;
import io.parley.schemas.announcement.AgreementRatified;
import io.parley.schemas.announcement.Announcement.DraftCommand;
import io.parley.schemas.announcement.Announcement.DraftEvent;
import io.parley.schemas.announcement.DiscloseDraft;
import io.parley.schemas.announcement.DraftDisclosed;
import io.parley.schemas.announcement.DraftInitialled;
import io.parley.schemas.announcement.DraftRecorded;
import io.parley.schemas.announcement.DraftSigned;
import io.parley.schemas.announcement.InitialDraft;
import io.parley.schemas.announcement.Provision;
import io.parley.schemas.announcement.RatifyAgreement;
import io.parley.schemas.announcement.RecordDraft;
import io.parley.schemas.announcement.SignDraft;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A text with its provisions ({@code draft:ID}): disclosed, initialled and signed by each party,
 * and ratified (rule 24). Facts arrive in any order, so none of these waits for another: a
 * ratification is recorded of a text whose signatures nobody reported.
 */
public final class DraftDecider implements Decider<DraftDecider.State, DraftCommand, DraftEvent> {

  /** Where a text stands. */
  public sealed interface State {}

  /** Nobody recorded it. */
  public record None() implements State {}

  /**
   * It is on record.
   *
   * @param parties those that it names to sign it; empty: every principal of the negotiation
   * @param disclosed whether it is public
   * @param initialled who initialled it: not a signature
   * @param signed who signed it
   * @param ratified who ratified it
   * @param keys what filters match in it (rule 22)
   */
  public record Recorded(
      Set<String> parties,
      boolean disclosed,
      Set<String> initialled,
      Set<String> signed,
      Set<String> ratified,
      FilterKeys keys)
      implements State {
    /** Copies the sets, in the order of the ids. */
    public Recorded {
      parties = Collections.unmodifiableSet(new TreeSet<>(parties));
      initialled = Collections.unmodifiableSet(new TreeSet<>(initialled));
      signed = Collections.unmodifiableSet(new TreeSet<>(signed));
      ratified = Collections.unmodifiableSet(new TreeSet<>(ratified));
    }
  }

  @Override
  public State initial() {
    return new None();
  }

  @Override
  public Decision decide(State state, DraftCommand command, References references) {
    return switch (state) {
      case None _ ->
          switch (command) {
            case RecordDraft c -> record(c);
            case DiscloseDraft c -> notFound(c.draft());
            case InitialDraft c -> notFound(c.draft());
            case SignDraft c -> notFound(c.draft());
            case RatifyAgreement c -> notFound(c.draft());
          };
      case Recorded text ->
          switch (command) {
            case RecordDraft c ->
                Decision.reject(
                    "DRAFT_EXISTS",
                    26,
                    "draft %s is on record: choose another id".formatted(c.draft()));
            case DiscloseDraft c ->
                text.disclosed()
                    ? Decision.unchanged()
                    : Decision.accept(DraftDisclosed.from(c).keys(text.keys()));
            case InitialDraft c -> initial(text, c, references);
            case SignDraft c -> sign(text, c, references);
            case RatifyAgreement c -> ratify(text, c);
          };
    };
  }

  @Override
  public State evolve(State state, DraftEvent event) {
    return switch (state) {
      case None _ ->
          switch (event) {
            case DraftRecorded e ->
                new Recorded(
                    new TreeSet<>(e.parties()), false, Set.of(), Set.of(), Set.of(), Keys.of(e));
            case DraftDisclosed _, DraftInitialled _, DraftSigned _, AgreementRatified _ ->
                throw new IllegalStateException(event.type() + " before DraftRecorded");
          };
      case Recorded t ->
          switch (event) {
            case DraftDisclosed _ ->
                new Recorded(t.parties(), true, t.initialled(), t.signed(), t.ratified(), t.keys());
            case DraftInitialled e ->
                new Recorded(
                    t.parties(),
                    t.disclosed(),
                    with(t.initialled(), e.party()),
                    t.signed(),
                    t.ratified(),
                    t.keys());
            case DraftSigned e ->
                new Recorded(
                    t.parties(),
                    t.disclosed(),
                    t.initialled(),
                    with(t.signed(), e.party()),
                    t.ratified(),
                    t.keys());
            case AgreementRatified e ->
                new Recorded(
                    t.parties(),
                    t.disclosed(),
                    t.initialled(),
                    t.signed(),
                    with(t.ratified(), e.party()),
                    t.keys());
            case DraftRecorded _ -> throw new IllegalStateException("DraftRecorded twice");
          };
    };
  }

  // What is decided

  private static Decision record(RecordDraft c) {
    return namedTwice(c.provisions())
        .or(() -> exchangedForNothing(c.provisions()))
        .orElseGet(() -> Decision.accept(DraftRecorded.from(c)));
  }

  private static Decision initial(Recorded text, InitialDraft c, References references) {
    if (text.initialled().contains(c.party())) {
      return Decision.unchanged();
    }
    Set<String> signatories = signatories(text, c, references);
    return signatories.contains(c.party())
        ? Decision.accept(DraftInitialled.from(c).keys(keys(text, c.party())))
        : notASignatory(c.party(), c.draft(), signatories);
  }

  private static Decision sign(Recorded text, SignDraft c, References references) {
    if (text.signed().contains(c.party())) {
      return Decision.unchanged();
    }
    Set<String> signatories = signatories(text, c, references);
    return signatories.contains(c.party())
        ? Decision.accept(DraftSigned.from(c).keys(keys(text, c.party())))
        : notASignatory(c.party(), c.draft(), signatories);
  }

  /**
   * A text that names its parties is ratified by these. One that names none, by any party of the
   * negotiation: some texts between a principal and an observer are known by their ratification
   * only.
   */
  private static Decision ratify(Recorded text, RatifyAgreement c) {
    if (text.ratified().contains(c.party())) {
      return Decision.unchanged();
    }
    return text.parties().isEmpty() || text.parties().contains(c.party())
        ? Decision.accept(AgreementRatified.from(c).keys(keys(text, c.party())))
        : notASignatory(c.party(), c.draft(), text.parties());
  }

  /** Rule 24: the parties that the text names, else the principals. */
  private static Set<String> signatories(
      Recorded text, DraftCommand command, References references) {
    return text.parties().isEmpty()
        ? KnownNegotiation.of(command, references).orElseThrow().principals()
        : text.parties();
  }

  private static FilterKeys keys(Recorded text, String party) {
    return Keys.both(text.keys(), Keys.ofParty(party));
  }

  // What is refused

  private static Decision notFound(String draft) {
    return Decision.unknown("DRAFT_NOT_FOUND", "there is no draft " + draft);
  }

  private static Decision notASignatory(String party, String draft, Set<String> signatories) {
    return Decision.reject(
        "NOT_A_SIGNATORY",
        24,
        "%s is not among those that draft %s is between: %s"
            .formatted(party, draft, String.join(", ", signatories)));
  }

  private static Optional<Decision> namedTwice(List<Provision> provisions) {
    Set<String> seen = new HashSet<>();
    return provisions.stream()
        .map(Provision::provision)
        .filter(id -> !seen.add(id))
        .findFirst()
        .map(
            id -> Decision.reject("PROVISION_NAMED_TWICE", 24, "two provisions have the id " + id));
  }

  /** What a provision is given for must be another provision of the same text. */
  private static Optional<Decision> exchangedForNothing(List<Provision> provisions) {
    Set<String> ids = new HashSet<>(provisions.stream().map(Provision::provision).toList());
    return provisions.stream()
        .flatMap(
            provision ->
                provision.inExchangeFor().stream()
                    .filter(id -> !ids.contains(id) || id.equals(provision.provision()))
                    .map(
                        id ->
                            Decision.reject(
                                "EXCHANGED_FOR_NOTHING",
                                24,
                                "provision %s is in exchange for %s, which is no other provision of the draft"
                                    .formatted(provision.provision(), id))))
        .findFirst();
  }

  private static Set<String> with(Set<String> parties, String party) {
    Set<String> all = new TreeSet<>(parties);
    all.add(party);
    return all;
  }
}
